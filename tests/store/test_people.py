"""What is remembered of people and endpoints."""

from bot.domain.ask import Account
from tests.builders import ANNA
from tests.store.shop import Shop


async def test_an_endpoint_is_paused_with_a_reason_until_it_is_opened(kept: Shop) -> None:
    assert await kept.people.paused("pixverse-effects") == ""
    await kept.people.pause_endpoint("pixverse-effects", "billed more than its price")
    assert await kept.people.paused("pixverse-effects") == "billed more than its price"
    assert await kept.people.paused("another") == ""
    await kept.people.pause_endpoint("pixverse-effects", "")
    assert await kept.people.paused("pixverse-effects") == ""


async def test_a_setting_is_replaced(kept: Shop) -> None:
    await kept.people.keep_setting("bot", "tone", "a")
    await kept.people.keep_setting("bot", "tone", "b")
    assert await kept.people.setting("bot", "tone") == "b"
    assert await kept.people.setting("group:room:1", "tone") is None


async def test_a_declaration_holds_for_one_person_in_one_group_of_one_platform(kept: Shop) -> None:
    assert not await kept.people.declared(ANNA, "club")
    job = await kept.admitted()
    await kept.people.keep_setting(f"person:{job.person}", "declared:room:club", "yes")
    assert await kept.people.declared(ANNA, "club")
    assert not await kept.people.declared(ANNA, "another")
    assert not await kept.people.declared(Account(platform="telegram", id="anna"), "club")


async def test_somebody_is_met_once_and_called_what_they_were_called_then(kept: Shop) -> None:
    assert await kept.people.person(ANNA) is None
    assert await kept.people.meet(ANNA, "first") == "first"
    assert await kept.people.meet(ANNA, "second") == "first"
    assert await kept.groups.name(ANNA.key) == "Anna"
