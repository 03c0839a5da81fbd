"""What goes wrong with the emulated Telegram on purpose: floods, statuses, dead connections, slowness, all down."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from tests.emulators.by_hand import Hand, by_hand
from tests.emulators.telegram.emulator import emulated
from tests.emulators.telegram.faults import Drop, Limited, Slow, Status
from tests.emulators.telegram.rates import Allowance
from tests.emulators.telegram.things import Chat


async def post(one: Hand, chat: Chat | None = None, method: str = "sendMessage", **more: Any) -> int:
    return (await one.call(method, chat_id=(chat or one.group).id, text=f"{len(one.telegram.calls())}", **more)).status


# --- floods ---


async def test_a_group_takes_twenty_a_minute_edits_among_them() -> None:
    async with by_hand() as one:
        one.telegram.rates.on = True
        message = await one.say("Queued")
        statuses = []
        for _ in range(20):
            one.telegram.clock.advance(1)
            statuses.append(await post(one, method="editMessageText", message_id=message.id))
        assert statuses == [200] * 19 + [429]
        (penalty,) = one.telegram.rates.penalties
        assert (penalty.method, penalty.chat, penalty.limit) == ("editMessageText", one.group.id, "group")
        assert penalty.retry_after_s == 40
        one.telegram.clock.advance(39)
        assert await post(one) == 429
        one.telegram.clock.advance(1)
        assert await post(one) == 200


async def test_a_chat_takes_one_a_second_after_a_short_burst() -> None:
    async with by_hand() as one:
        one.telegram.rates.on = True
        statuses = [await post(one, one.telegram.world.private(one.ada.user)) for _ in range(6)]
        assert statuses == [200] * 5 + [429]
        assert one.telegram.rates.penalties[0].limit == "chat"
        assert await post(one) == 200
        one.telegram.clock.advance(5)
        assert await post(one, one.telegram.world.private(one.ada.user)) == 200


async def test_all_chats_together_take_thirty_a_second_and_then_nobody_anything() -> None:
    async with by_hand() as one:
        one.telegram.rates.on = True
        chats = [one.telegram.world.private(one.telegram.person(f"P{n}", started=True).user) for n in range(32)]
        statuses = [await post(one, chat) for chat in chats[:31]]
        assert statuses == [200] * 30 + [429]
        assert one.telegram.rates.penalties[0].limit == "overall"
        assert await post(one, chats[31]) == 429
        one.telegram.clock.advance(1)
        assert await post(one, chats[31]) == 200


async def test_who_asks_again_within_a_penalty_is_told_what_is_left_of_it() -> None:
    async with by_hand() as one:
        one.telegram.rates.on = True
        for _ in range(5):
            await post(one)
        one.telegram.clock.advance(0.5)
        waits = []
        for _ in range(3):
            waits.append((await one.call("sendMessage", chat_id=one.group.id, text="x")).body["parameters"])
            one.telegram.clock.advance(2.3)
        assert waits == [{"retry_after": 5}, {"retry_after": 3}, {"retry_after": 1}]
        assert {one.limit for one in one.telegram.rates.penalties} == {"chat", "penalty"}


async def test_a_penalty_of_all_chats_together_holds_for_each() -> None:
    async with by_hand() as one:
        one.telegram.rates.on = True
        one.telegram.rates.limits.overall = Allowance(count=2, window_s=1)
        private = one.telegram.world.private(one.ada.user)
        assert [await post(one), await post(one)] == [200, 200]
        one.telegram.clock.advance(0.3)
        assert await post(one) == 429
        one.telegram.clock.advance(0.8)
        assert await post(one, private) == 429
        one.telegram.clock.advance(1)
        assert await post(one, private) == 200


async def test_too_many_says_how_long_to_wait_in_body_and_header() -> None:
    async with by_hand() as one:
        one.telegram.rates.on = True
        one.telegram.rates.limits.chat = one.telegram.rates.limits.overall
        for _ in range(20):
            await post(one)
        reply = await one.call("sendMessage", chat_id=one.group.id, text="x")
        assert reply.refused == (429, "Too Many Requests: retry after 60")
        assert (reply.body["parameters"], reply.headers["Retry-After"]) == ({"retry_after": 60}, "60")


async def test_an_album_counts_all_it_holds_and_a_sign_of_work_nothing() -> None:
    async with by_hand() as one:
        one.telegram.rates.on = True
        video = (await one.call("sendVideo", {"video": b"x"}, chat_id=one.group.id)).result["video"]["file_id"]
        for _ in range(10):
            assert (await one.call("sendChatAction", chat_id=one.group.id, action="upload_video")).status == 200
        album = [{"type": "video", "media": video}] * 5
        assert (await one.call("sendMediaGroup", chat_id=one.group.id, media=album)).status == 429
        one.telegram.clock.advance(5)
        assert (await one.call("sendMediaGroup", chat_id=one.group.id, media=album)).status == 200
        assert one.telegram.rates.sent == 6


async def test_without_being_turned_on_nothing_floods() -> None:
    async with by_hand() as one:
        assert {await post(one) for _ in range(40)} == {200}


async def test_the_clock_may_run_with_the_bots_own() -> None:
    times = iter(datetime(2026, 11, 20, 12, 0, second, tzinfo=UTC) for second in range(60))
    async with emulated(lambda: next(times)) as telegram:
        first, second = telegram.clock.now(), telegram.clock.now()
        assert (second - first).total_seconds() == 1


# --- faults ---


async def test_a_fault_strikes_the_calls_it_names_and_no_other() -> None:
    async with by_hand() as one:
        rule = one.telegram.faults.add("sendMessage", Status(status=500), nth=2, times=2)
        assert [await post(one) for _ in range(4)] == [200, 500, 500, 200]
        assert (rule.seen, rule.struck) == (4, 2)
        assert (await one.call("getMe")).status == 200
        one.telegram.faults.add("*", Status(status=500, description="Internal Server Error"), times=0)
        assert (await one.call("getMe")).refused == (500, "Internal Server Error")
        one.telegram.faults.clear()
        assert (await one.call("getMe")).status == 200


async def test_a_gateways_page_is_no_json() -> None:
    async with by_hand() as one:
        one.telegram.faults.add("getMe", Status(status=502, html=True))
        async with one.http.get(one.url("getMe")) as response:
            assert (response.status, "<html>" in await response.text()) == (502, True)


@pytest.mark.parametrize(("after", "stands"), [(False, 0), (True, 1)])
async def test_a_connection_dies_before_or_after_the_work_is_done(*, after: bool, stands: int) -> None:
    async with by_hand() as one:
        one.telegram.faults.add("sendMessage", Drop(after=after))
        with pytest.raises(aiohttp.ClientError):
            await post(one)
        assert len(one.telegram.said(one.group)) == stands


async def test_a_status_after_the_work_hides_that_it_was_done() -> None:
    async with by_hand() as one:
        one.telegram.faults.add("sendMessage", Status(status=504, after=True))
        assert await post(one) == 504
        assert len(one.telegram.said(one.group)) == 1


async def test_a_wait_is_asked_for_by_rule() -> None:
    async with by_hand() as one:
        one.telegram.faults.add("editMessageText", Limited(retry_after_s=222))
        message = await one.say("Queued")
        reply = await one.call("editMessageText", chat_id=one.group.id, message_id=message.id, text="x")
        assert reply.refused == (429, "Too Many Requests: retry after 222")
        assert reply.headers["Retry-After"] == "222"
        assert message.edits == 0


@pytest.mark.parametrize(("after", "stands"), [(False, 0), (True, 1)])
async def test_an_answer_waits_until_it_is_released(*, after: bool, stands: int) -> None:
    async with by_hand() as one:
        slow = Slow(after=after)
        one.telegram.faults.add("sendMessage", slow)
        posting = asyncio.create_task(post(one))
        await one.telegram.until(lambda: slow.holding)
        assert len(one.telegram.said(one.group)) == stands
        slow.release()
        assert await posting == 200
        assert len(one.telegram.said(one.group)) == 1


async def test_what_was_received_is_done_though_its_client_went_away() -> None:
    async with by_hand() as one:
        slow = Slow()
        one.telegram.faults.add("sendMessage", slow)
        posting = asyncio.create_task(post(one))
        await one.telegram.until(lambda: slow.holding)
        posting.cancel()
        await asyncio.wait({posting})
        await one.telegram.until(lambda: not one.telegram.api.waiting)
        slow.release()
        await one.telegram.until(lambda: one.telegram.said(one.group))


async def test_downloads_fail_by_rule_too() -> None:
    async with by_hand() as one:
        picture = one.ada.go().document(b"bytes", name="me.png")
        assert picture.media is not None
        path = (await one.call("getFile", file_id=picture.media.file.id)).result["file_path"]
        url = f"{one.telegram.file_url}/bot{one.telegram.token}/{path}"
        one.telegram.faults.add("file/**", Status(status=500))
        statuses = []
        for _ in range(2):
            async with one.http.get(url) as response:
                statuses.append(response.status)
        assert statuses == [500, 200]
        assert one.telegram.downloads.fetched == [path]
        one.telegram.faults.add("file/**", Drop(), times=0)
        with pytest.raises(aiohttp.ClientError):
            await one.http.get(url)
        one.telegram.faults.clear()
        slow = Slow()
        one.telegram.faults.add("file/**", slow)
        fetching = asyncio.create_task(one.http.get(url))
        await one.telegram.until(lambda: slow.holding)
        slow.release()
        assert (await fetching).status == 200


async def test_polls_can_be_down_alone_and_everything_together() -> None:
    async with by_hand() as one:
        one.telegram.faults.add("getUpdates", Drop(), times=0)
        with pytest.raises(aiohttp.ClientError):
            await one.updates()
        assert (await one.call("getMe")).status == 200
        one.telegram.faults.clear()
        one.telegram.api.down = True
        for method in ("getMe", "getUpdates", "sendMessage"):
            with pytest.raises(aiohttp.ClientError):
                await one.call(method)
        one.telegram.api.down = False
        assert (await one.call("getMe")).status == 200


async def test_going_down_ends_the_poll_that_is_held() -> None:
    async with by_hand() as one:
        polling = asyncio.create_task(one.updates(timeout=30))
        await one.telegram.polled()
        one.telegram.go_down()
        with pytest.raises(aiohttp.ClientError):
            await polling
        one.telegram.come_back()
        assert await one.updates() == []
