"""Rules of a group: shown, tried out on its latest requests, and changed; by whom, and of which group."""

import pytest

from bot.domain.badge import EVERYWHERE, Badge, Rank
from bot.domain.decision import Ruling
from bot.domain.group_rules import KEYS, GroupRules
from bot.domain.house_rules import Reviews
from bot.domain.quota import Standing
from tests.builders import an_ask, an_order
from tests.console.harness import MIA, MODERATOR, OWNER, VIEWER, Harness

CLUB = "room:club"
OF_THE_CLUB = Badge(account=MIA, rank=Rank.MODERATOR, group=CLUB)
VIEWER_OF_THE_CLUB = Badge(account=VIEWER.account, rank=Rank.VIEWER, group=CLUB)
EVERYWHERES = Badge(account=MIA, rank=Rank.MODERATOR, group=EVERYWHERE)


async def asked(at: Harness, name: str, prompt: str, group: str = "club") -> None:
    """A request that was let in."""
    await at.kept.admit(an_ask(name, group=group), an_order(values={"effect": "Hug", "prompt": prompt}))
    at.kept.clock.forward(1)


async def test_every_key_is_there_with_what_it_is_for_and_what_the_owner_has_set(at: Harness) -> None:
    async with at.browser(OF_THE_CLUB) as browser:
        page = (await browser.get("/console/rules")).text
    for name, key in KEYS.items():
        assert f'value="{name}"' in page, name
        assert key.help[1:] in page.replace("&#39;", "'"), name
    assert "<h1>Rules of room:club</h1>" in page
    assert "denied words: naked" in page
    assert "denied effects: Bikini Up" in page


async def test_a_rule_is_tried_on_the_latest_requests_and_nothing_is_changed(at: Harness) -> None:
    await asked(at, "frog", "a fr0g jumps")
    await asked(at, "pond", "a pond at dawn")
    await asked(at, "elsewhere", "a frog elsewhere", group="other")
    async with at.browser(OF_THE_CLUB) as browser:
        tried = await browser.send_form(
            "/console/rules/try", on="/console/rules", group=CLUB, key="denied_words", value="frog\r\ntoad\r\n"
        )
        assert tried.status_code == 200
        assert ">Rules of room:club</a>" in tried.text
        assert "Of the latest 2 requests here, <strong>1</strong> would have been caught" in tried.text
        assert "/console/jobs/frog" in tried.text
        assert "frog” in" in tried.text
        assert "/console/jobs/elsewhere" not in tried.text
    assert await at.kept.groups.rules("room", "club") == GroupRules()
    assert await at.kept.decisions.latest(limit=9) == []


async def test_a_rule_is_kept_for_its_group_and_written_down(at: Harness) -> None:
    async with at.browser(OF_THE_CLUB) as browser:
        done = await browser.send_form(
            "/console/rules/change", on="/console/rules", group=CLUB, key="denied_words", value="frog\r\n\r\n toad "
        )
        assert done.headers["location"] == "/console/rules"
        page = (await browser.get("/console/rules")).text
        assert "frog\ntoad" in page
        await browser.send_form(
            "/console/rules/change", on="/console/rules", group=CLUB, key="review", value="newcomers"
        )
        await browser.send_form("/console/rules/change", on="/console/rules", group=CLUB, key="cooldown_s", value="60")
    kept = (await at.kept.groups.rules("room", "club")).rules
    assert (kept.words, kept.review, kept.cooldown_s) == (("frog", "toad"), Reviews.NEWCOMERS, 60)
    assert (await at.kept.groups.rules("room", "other")).rules.words == ()
    found = [one for _, one in await at.kept.decisions.latest(limit=9)]
    assert [(one.what, one.who, one.group) for one in found] == [(Ruling.RULES_CHANGED, MIA.key, "club")] * 3


async def test_what_is_emptied_is_as_the_owner_has_it(at: Harness) -> None:
    async with at.browser(OF_THE_CLUB) as browser:
        for value in ("60", ""):
            await browser.send_form(
                "/console/rules/change", on="/console/rules", group=CLUB, key="cooldown_s", value=value
            )
    assert await at.kept.groups.rules("room", "club") == GroupRules()


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("cooldown_s", "soon", "whole number"),
        ("review", "sometimes", "sometimes"),
        ("cooldown_s", "9999999", "at most"),
    ],
)
async def test_what_a_key_cannot_hold_is_refused_with_why(at: Harness, key: str, value: str, says: str) -> None:
    async with at.browser(OF_THE_CLUB) as browser:
        for path in ("/console/rules/try", "/console/rules/change"):
            refused = await browser.send_form(path, on="/console/rules", group=CLUB, key=key, value=value)
            assert (refused.status_code, says in refused.text) == (422, True)
    assert await at.kept.groups.rules("room", "club") == GroupRules()


@pytest.mark.parametrize("path", ["/console/rules/try", "/console/rules/change"])
@pytest.mark.parametrize(
    ("badge", "group", "status"),
    [
        (MODERATOR, CLUB, 403),
        (OF_THE_CLUB, "room:other", 403),
        (OF_THE_CLUB, "", 422),
        (VIEWER_OF_THE_CLUB, CLUB, 403),
    ],
    ids=["of another group", "for another group", "for none", "viewer"],
)
async def test_nobody_else_tries_or_changes_them(at: Harness, path: str, badge: Badge, group: str, status: int) -> None:
    await asked(at, "frog", "a frog jumps")
    async with at.browser(badge) as browser:
        refused = await browser.send_form(path, group=group, key="denied_words", value="frog")
    assert refused.status_code == status
    assert "/console/jobs/frog" not in refused.text
    assert await at.kept.groups.rules("room", "club") == GroupRules()


@pytest.mark.parametrize("badge", [OWNER, EVERYWHERES], ids=["owner", "moderator of all"])
async def test_who_looks_after_all_groups_chooses_one(at: Harness, badge: Badge) -> None:
    await at.kept.people.decide("room", "club", Standing.APPROVED)
    async with at.browser(badge) as browser:
        assert f'<option value="{CLUB}">' in (await browser.get("/console/rules")).text
        assert 'name="key"' not in (await browser.get("/console/rules")).text
        on = f"/console/rules?group={CLUB}"
        done = await browser.send_form("/console/rules/change", on=on, group=CLUB, key="denied_words", value="frog")
        assert done.headers["location"] == on
    assert (await at.kept.groups.rules("room", "club")).rules.words == ("frog",)


async def test_a_viewer_reads_them(at: Harness) -> None:
    async with at.browser(OF_THE_CLUB) as browser:
        await browser.send_form(
            "/console/rules/change", on="/console/rules", group=CLUB, key="denied_words", value="frog"
        )
    async with at.browser(VIEWER_OF_THE_CLUB) as viewer:
        page = (await viewer.get("/console/rules")).text
    assert "<pre>frog</pre>" in page
    assert "Keep it" not in page
