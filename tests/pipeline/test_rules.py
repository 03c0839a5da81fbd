"""The owner's rules, a group's own, and bans, from the inbox on: nothing refused costs or fetches anything."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.ask import Account, Ask, Surroundings
from bot.domain.catalogue import Catalogue
from bot.domain.decision import Decision, Ruling
from bot.domain.errors import Refused, Slug
from bot.domain.group_rules import Edit, edited
from bot.domain.job import Job, State, Waiting
from bot.domain.moderation import Faces, Rules
from bot.domain.notice import Action
from bot.domain.sanction import EVERYWHERE, Kind, Sanction
from tests.pipeline.example import EXAMPLE
from tests.pipeline.fal import Fal
from tests.pipeline.world import HandClock, Setting, World, world

MOD = Account(platform=EXAMPLE, id="mod", is_moderator=True)
ANN = Account(platform=EXAMPLE, id="ann")


async def rule(here: World, key: str, *values: str, group: str = "club") -> None:
    """A moderator sets a rule of their group."""
    decision = Decision(who=MOD.key, what=Ruling.RULES_CHANGED, at=here.now(), platform=EXAMPLE, group=group)
    await here.groups.change_rules(EXAMPLE, group, lambda old: edited(old, key, Edit.SET, values), decision)


async def ban(here: World, *, kind: Kind = Kind.BAN, grp: str = f"{EXAMPLE}:club") -> None:
    sanction = Sanction(kind=kind, whom=ANN.key, grp=grp, by=MOD.key, at=here.now())
    await here.sanctions.give(ANN, sanction, Decision(who=MOD.key, what=Ruling.BANNED, at=here.now()))


async def answer(here: World, ask: Ask) -> str:
    """What is said to somebody whose Ask becomes no Job."""
    await here.inbox.receive(ask)
    await here.intake.advance(ask.id)
    assert await here.jobs.get(ask.id) is None
    assert await here.inbox.row(ask.id) is None
    assert await here.count("ledger") == 0
    return here.example.said[ask.id].text


async def test_a_groups_word_is_denied_in_that_group_from_the_next_ask_on(here: World) -> None:
    assert (await here.admitted("/video a frog", group="club", who="ben")).state is State.ADMITTED
    await rule(here, "denied_words", "frog")
    before = await here.count("ledger")
    ask = here.ask("/video a f r o g", group="club")
    await here.inbox.receive(ask)
    await here.intake.advance(ask.id)
    assert here.example.said[ask.id].text.startswith("The word “frog” in the prompt is against the rules of this group")
    assert await here.count("ledger") == before
    assert (await here.admitted("/video a frog", group="another")).state is State.ADMITTED


async def test_a_group_cannot_allow_what_the_owner_denies(
    tmp_path: Path, catalogue: Catalogue, told: Fal, clock: HandClock
) -> None:
    rules = Rules(faces=Faces.OFF, words=("frog",), commands=("effect",))
    setting = Setting(catalogue=catalogue, hosts=told.hosts(), clock=clock, rules=rules)
    async with world(tmp_path, setting) as here:
        await rule(here, "innocent_phrases", "frog", "a frog")
        await rule(here, "allowed_commands", "video", "effect")
        assert "against the rules of this bot" in await answer(here, here.ask("/video a frog", group="club"))
        picture = here.picture()
        refused = await answer(here, here.ask('/effect "Kiss Me AI"', group="club", files=[picture]))
        assert refused == "/effect is switched off by the rules of this bot; /help shows what there is."


async def test_what_the_rules_forbid_is_said_before_any_file_is_fetched(here: World) -> None:
    await rule(here, "denied_commands", "effect")
    ask = here.ask('/effect "Kiss Me AI"', group="club", files=[here.picture()])
    here.example.files.clear()
    assert "switched off by the rules of this group" in await answer(here, ask)


async def test_places_are_known_by_where_the_platform_says_it_was_asked(here: World) -> None:
    await rule(here, "allowed_places", "100")
    ask = here.ask("/video a boat", group="club")
    assert "don't let me make reels in this place" in await answer(here, ask)
    here_too = replace(here.ask("/video a boat", group="club"), surroundings=Surroundings(places=("7", "100")))
    assert (await here.taken_in(here_too)).state is State.ADMITTED


async def test_a_pause_between_two_reels_holds_in_the_group_that_asked_for_it(here: World) -> None:
    await rule(here, "cooldown_s", "60")
    await here.admitted(group="club")
    ask = here.ask("/video a boat", group="club")
    await here.inbox.receive(ask)
    await here.intake.advance(ask.id)
    assert here.example.said[ask.id].text == (
        "There is a pause of 60 s between two of your reels. You can ask again in 60 s."
    )
    assert (await here.admitted(group="another")).state is State.ADMITTED


async def test_a_newcomer_waits_for_a_moderator_until_they_have_had_their_reels(here: World, told: Fal) -> None:
    await rule(here, "review", "newcomers")
    await rule(here, "newcomer_reels", "2")
    waiting = await here.admitted(group="club")
    assert (waiting.state, waiting.waiting_for) == (State.IN_REVIEW, frozenset({Waiting.MODERATOR}))
    for reels, state in ((0, State.IN_REVIEW), (1, State.IN_REVIEW), (2, State.ADMITTED)):
        case = await here.judging.case(here.ask("/video a boat", group="club"))
        assert case.circumstances.reels == reels
        job = await here.admitted(group="club")
        assert job.state is state
        await had(here, told, await here.jobs.approve(job, Waiting.MODERATOR) or job)
    assert (await here.judging.case(here.ask("/video a boat", group="another"))).circumstances.reels == 0


async def had(here: World, told: Fal, job: Job) -> None:
    """The reel of a Job is made and delivered."""
    await here.submit.advance(job)
    job = await here.job(job.id)
    assert job.ticket is not None
    told.phase[job.ticket.request_id] = "COMPLETED"
    assert (await here.delivered(await here.watched(job))).state is State.DELIVERED


@pytest.mark.parametrize("kind", [Kind.BAN, Kind.TIMEOUT])
@pytest.mark.parametrize("grp", [EVERYWHERE, f"{EXAMPLE}:club"])
async def test_who_is_banned_or_timed_out_asks_for_nothing(here: World, kind: Kind, grp: str) -> None:
    await ban(here, kind=kind, grp=grp)
    told = await answer(here, here.ask("/video a boat", group="club"))
    assert told.startswith("You can't ask for reels" if kind is Kind.BAN else "A moderator gave you a break")
    assert (await here.admitted(group="club", who="ben")).state is State.ADMITTED


async def test_a_strike_alone_keeps_nobody_out(here: World) -> None:
    await ban(here, kind=Kind.STRIKE)
    assert (await here.admitted(group="club")).state is State.ADMITTED


async def test_a_ban_holds_where_it_was_given(here: World) -> None:
    await ban(here)
    assert (await here.admitted(group="another")).state is State.ADMITTED
    assert (await here.admitted()).state is State.ADMITTED


@pytest.mark.parametrize("action", [Action.AGAIN, Action.CONFIRM, Action.DELIVER])
async def test_who_is_banned_presses_nothing_but_what_lets_go(here: World, action: Action) -> None:
    job = await here.admitted(group="club")
    await ban(here)
    with pytest.raises(Refused) as caught:
        await here.buttons.press(action, job.id, ANN, group="club")
    assert caught.value.problems[0].slug is Slug.BANNED
    await here.buttons.press(Action.CANCEL, job.id, ANN, group="club")
    assert (await here.job(job.id)).cancel_wanted_at is not None


async def test_a_moderator_of_one_group_presses_nothing_in_another(here: World) -> None:
    job = await here.admitted(group="club")
    with pytest.raises(Refused) as caught:
        await here.buttons.press(Action.CANCEL, job.id, MOD, group="another")
    assert caught.value.problems[0].slug is Slug.NOT_YOURS
    await here.buttons.press(Action.CANCEL, job.id, MOD, group="club")
