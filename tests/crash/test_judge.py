"""The judge of the crash tests finds what it is there to find."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.job import State
from bot.store.audit import Audit
from bot.store.database import Row, open_database
from tests.crash.cell import begun, ground
from tests.crash.discord import OnDiscord
from tests.crash.doom import Doom, When
from tests.crash.judge import Evidence, gathered, judged
from tests.crash.rest import STORE
from tests.crash.scenario import REEL
from tests.emulators.discord.emulator import Discord
from tests.emulators.discord.things import Message

pytestmark = [pytest.mark.crash, pytest.mark.slow]


def changed(row: Row, **fields: object) -> Row:
    return {**row, **fields}


def spoilt(found: Evidence) -> dict[str, Evidence]:
    """What the flow must never leave behind, by the words that the judge has for it."""
    [job], seen, ledger = found.jobs, found.seen, list(found.ledger)
    [request] = found.requests.values()
    settled = [row for row in ledger if row["kind"] == "settle"]
    held = [row for row in ledger if row["kind"] == "hold"]
    wrong = Audit(jobs=1, rows=4, held=0, spent=0, overruns=0, losses=0, findings=("the ledger is off",))
    return {
        "submitted twice": replace(found, requests={**found.requests, "another": request}),
        "fal never took": replace(found, requests={}),
        "2 reels in the thread": replace(found, seen=replace(seen, reels=seen.reels + seen.reels)),
        "0 reels in the thread": replace(found, seen=replace(seen, reels=Counter())),
        "2 status messages": replace(found, seen=replace(seen, statuses=seen.statuses + seen.statuses)),
        "a reel of no job: another": replace(found, seen=replace(seen, reels=seen.reels + Counter(["another"]))),
        "nobody was told": replace(found, seen=replace(seen, amiss=("nobody was told",))),
        "0 jobs of 1 asks": replace(found, jobs=[], requests={}),
        "2 jobs of 1 asks": replace(found, jobs=[job, job]),
        "1 asks were never": replace(found, open_asks=1),
        "paid": replace(found, ledger=[*held, *(changed(row, amount_microusd=1) for row in settled)]),
        "says it cost": replace(found, jobs=[changed(job, cost_microusd=1)]),
        "lost": replace(found, ledger=[*ledger, changed(settled[0], kind="loss")]),
        "fal's word was 200": replace(found, jobs=[changed(job, state=State.FAILED)]),
        "fal's word was 422": replace(found, requests={job["request_id"]: {**request, "status_code": 422}}),
        "the last word said": replace(found, jobs=[changed(job, said="submitted")]),
        "its file is not there": replace(found, reels=frozenset()),
        "the ledger is off": replace(found, audit=wrong),
    }


async def test_everything_that_must_not_be_is_told_from_what_should_be() -> None:
    with ground() as shared:
        async with begun(REEL, shared) as run:
            await run.live(None)
            found = await gathered(run.data, await run.fal.account(), run.platform)
    assert judged(REEL, found).differences == ()
    told = {words: judged(REEL, evidence).differences for words, evidence in spoilt(found).items()}
    assert {words for words, differences in told.items() if words not in " ".join(differences)} == set()


async def test_a_program_that_posts_again_what_it_has_posted_is_found_out() -> None:
    with ground() as shared:
        async with begun(REEL, shared) as run:
            _, killed = await run.live(Doom(when=When.UNANSWERED, what="submit"))
            store = await open_database(run.data / STORE)
            await store.transact(lambda tx: tx.run("UPDATE jobs SET state = 'admitted'"))
            await store.close()
            await run.live(None)
            verdict = await run.verdict()
    assert killed
    assert verdict.submits == 2
    assert "submitted twice" in " ".join(verdict.differences)


async def test_what_must_not_stand_on_discord_is_told_from_what_should() -> None:
    with ground() as shared:
        async with begun(REEL, shared.on("discord")) as run:
            await run.live(None)
            platform = run.platform
            assert isinstance(platform, OnDiscord)
            assert (await run.verdict()).differences == ()
            for words, spoil in SPOILT.items():
                undo = spoil(platform.discord)
                assert words in " ".join((await run.verdict()).differences)
                undo()
            assert (await run.verdict()).differences == ()


def twice(discord: Discord) -> Callable[[], None]:
    return again(discord, next(one for one in messages(discord) if one.attachments and one.author.bot))


def another_status(discord: Discord) -> Callable[[], None]:
    return again(discord, next(one for one in messages(discord) if "Here it is" in one.content))


def deleted(discord: Discord) -> Callable[[], None]:
    reel = next(one for one in messages(discord) if one.attachments and one.author.bot)
    reel.deleted = True
    return lambda: setattr(reel, "deleted", False)


def unheard(discord: Discord) -> Callable[[], None]:
    reel = next(one for one in messages(discord) if one.attachments and one.author.bot)
    pinged, reel.pinged = reel.pinged, []
    return lambda: setattr(reel, "pinged", pinged)


def elsewhere(discord: Discord) -> Callable[[], None]:
    reel = next(one for one in messages(discord) if one.attachments and one.author.bot)
    home = reel.channel
    assert home.parent is not None
    reel.channel = home.parent
    return lambda: setattr(reel, "channel", home)


def unfinished(discord: Discord) -> Callable[[], None]:
    status = next(one for one in messages(discord) if "Here it is" in one.content)
    content, status.content = status.content, "Rendering …"
    return lambda: setattr(status, "content", content)


def again(discord: Discord, message: Message) -> Callable[[], None]:
    other = replace(message, id=message.id + 1)
    message.channel.messages[other.id] = other
    return lambda: message.channel.messages.__delitem__(other.id)


def messages(discord: Discord) -> list[Message]:
    return [one for where in discord.world.channels.values() for one in where.messages.values()]


SPOILT: dict[str, Callable[[Discord], Callable[[], None]]] = {
    "2 reels in the thread": twice,
    "a status message of no job": another_status,
    "0 reels in the thread": deleted,
    "a reel of which nobody was told": unheard,
    "a reel in general": elsewhere,
    "0 status messages say that it is done, of 1": unfinished,
}
"""What the flow must never leave behind on Discord, by the judge's words, and how it would look."""
