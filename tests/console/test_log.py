"""The audit log: every decision with who made it, a group's own to those who look after it."""

from bot.domain.badge import Badge, Rank
from bot.domain.decision import Decision, Ruling
from bot.domain.rulings import RULINGS
from bot.store.decisions import write_decision
from tests.builders import ANNA, NOON
from tests.console.harness import MIA, OWNER, Harness

OF_THE_CLUB = Badge(account=MIA, rank=Rank.VIEWER, group="room:club")


async def decided(at: Harness, what: Ruling, group: str, why: str = "") -> None:
    """A decision about Anna."""
    platform = "room" if group else ""
    one = Decision(who="room:mod", what=what, at=NOON, platform=platform, group=group, whom=ANNA.key, why=why)
    await at.kept.database.transact(lambda tx: write_decision(tx, one))


def test_every_ruling_has_words() -> None:
    assert set(RULINGS) == set(Ruling)


async def test_decisions_stand_with_who_what_whom_and_why_newest_first(at: Harness) -> None:
    await at.kept.admitted("a", account=ANNA)
    await decided(at, Ruling.BANNED, "club", why="spam")
    await decided(at, Ruling.LIFTED, "club", why="sorry")
    async with at.browser(OWNER) as browser:
        page = (await browser.get("/console/log")).text
    assert page.index("lifted what was held") < page.index("banned")
    for words in ("room:mod", "Anna", "spam", "room:club"):
        assert words in page


async def test_who_looks_after_a_group_sees_its_decisions_and_those_for_everywhere(at: Harness) -> None:
    await decided(at, Ruling.BANNED, "club", why="here")
    await decided(at, Ruling.BANNED, "other", why="there")
    await decided(at, Ruling.BANNED, "", why="everywhere")
    async with at.browser(OF_THE_CLUB) as browser:
        page = (await browser.get("/console/log")).text
    assert [why for why in ("here", "there", "everywhere") if f">{why}</td>" in page] == ["here", "everywhere"]


async def test_older_ones_are_a_page_further(at: Harness) -> None:
    for number in range(65):
        await decided(at, Ruling.STRUCK, "club", why=f"number {number}.")
    async with at.browser(OWNER) as browser:
        first = (await browser.get("/console/log")).text
        assert "number 64." in first
        assert "number 4." not in first
        older = first.partition('<a class="button" href="')[2].partition('"')[0]
        assert "number 4." in (await browser.get(older)).text
