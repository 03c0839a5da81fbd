"""How the emulated Bot API is asked: forms, JSON, query strings, files; tokens, methods and polls."""

import asyncio
from typing import Any

import pytest

from tests.emulators.by_hand import Hand, by_hand, jpeg
from tests.emulators.telegram.calls import MOST_BYTES

TEXT = {"text": "a 🐈 & more"}


async def answer(one: Hand, verb: str, **how: Any) -> dict[str, Any]:
    async with one.http.request(verb, one.url("sendMessage"), **how) as response:
        found: dict[str, Any] = await response.json()
        return found


@pytest.mark.parametrize("verb", ["GET", "POST"])
async def test_parameters_come_by_query_form_json_and_multipart(verb: str) -> None:
    async with by_hand() as one:
        given = {"chat_id": str(one.group.id), **TEXT, "disable_notification": "true"}
        with_json = {"chat_id": one.group.id, **TEXT, "disable_notification": True}
        answers = [
            await answer(one, verb, params=given),
            await answer(one, verb, data=given),
            await answer(one, verb, json=with_json),
            await answer(one, verb, params={"chat_id": str(one.group.id)}, data={**TEXT, "disable_notification": "1"}),
        ]
        one.telegram.judge.complaints.clear()
        assert [each["result"]["text"] for each in answers] == [TEXT["text"]] * 4
        assert all(message.silent for message in one.telegram.said(one.group))


async def test_a_method_is_known_in_any_case_of_letters() -> None:
    async with by_hand() as one:
        assert (await one.call("GETME")).result["username"] == "reelroom_bot"


async def test_a_method_that_is_not_there_is_404_and_complained_of() -> None:
    with pytest.raises(AssertionError, match="no such method"):
        async with by_hand() as one:
            assert (await one.call("sendNothing")).refused == (404, "Not Found: method not found")


async def test_a_token_of_nobody_is_401() -> None:
    async with by_hand() as one, one.http.get(f"{one.telegram.api_url}/bot1:x/getMe") as response:
        assert (response.status, (await response.json())["description"]) == (401, "Unauthorized")


async def test_an_address_without_a_token_is_404() -> None:
    async with by_hand() as one, one.http.get(f"{one.telegram.api_url}/getMe") as response:
        assert (response.status, (await response.json())["ok"]) == (404, False)


async def test_more_than_fifty_megabytes_are_too_many() -> None:
    async with by_hand(strict=False) as one:
        reply = await one.call("sendVideo", {"video": bytes(MOST_BYTES + 1)}, chat_id=one.group.id)
        assert reply.refused == (413, "Request Entity Too Large")
        assert one.telegram.said(one.group) == []


async def test_a_poll_is_held_until_something_happens() -> None:
    async with by_hand() as one:
        polling = asyncio.create_task(one.updates(timeout=30))
        await one.telegram.polled()
        assert not polling.done()
        one.ada.type("/video@reelroom_bot a cat")
        (update,) = await polling
        assert update["message"]["text"] == "/video@reelroom_bot a cat"


async def test_an_update_comes_again_until_a_later_offset_confirms_it() -> None:
    async with by_hand() as one:
        one.ada.go().type("first")
        one.ada.type("second")
        first, second = await one.updates()
        assert second["update_id"] == first["update_id"] + 1
        assert await one.updates() == [first, second]
        assert await one.updates(limit=1) == [first]
        assert await one.updates(offset=second["update_id"]) == [second]
        assert await one.updates() == [second]
        assert await one.updates(offset=second["update_id"] + 1) == []
        assert one.telegram.updates.pending == []


async def test_a_negative_offset_forgets_all_but_the_last() -> None:
    async with by_hand() as one:
        for word in ("one", "two", "three"):
            one.ada.go().type(word)
        assert [each["message"]["text"] for each in await one.updates(offset=-1)] == ["three"]
        assert len(one.telegram.updates.pending) == 1


async def test_a_second_poller_throws_the_first_one_out() -> None:
    async with by_hand() as one:
        first = asyncio.create_task(one.call("getUpdates", timeout=30))
        await one.telegram.polled()
        second = asyncio.create_task(one.updates(timeout=30))
        code, words = (await first).refused
        assert code == 409
        assert words.startswith("Conflict: terminated by other getUpdates request")
        one.ada.go().type("hello")
        assert len(await second) == 1
        assert one.telegram.updates.conflicts == 1


async def test_a_poll_that_its_client_gave_up_is_no_conflict() -> None:
    async with by_hand() as one:
        first = asyncio.create_task(one.call("getUpdates", timeout=30))
        await one.telegram.polled()
        first.cancel()
        await asyncio.wait({first})
        await one.telegram.until(lambda: one.telegram.updates.poll is None)
        one.ada.go().type("hello")
        assert len(await one.updates()) == 1
        assert one.telegram.updates.conflicts == 0


async def test_the_kinds_that_are_asked_for_stick() -> None:
    async with by_hand() as one:
        await one.updates(allowed_updates=["callback_query"])
        one.ada.go().type("unheard")
        assert await one.updates() == []
        await one.updates(allowed_updates=[])
        one.ada.type("heard")
        assert [each["message"]["text"] for each in await one.updates()] == ["heard"]


async def test_an_update_can_be_delivered_twice() -> None:
    async with by_hand() as one:
        one.ada.go().type("hello")
        (first,) = await one.news()
        one.telegram.again()
        assert await one.news() == [first]


async def test_files_are_given_for_an_hour_to_whoever_has_the_token() -> None:
    async with by_hand() as one:
        one.ada.go().photo(jpeg(1000, 500), "look")
        (update,) = await one.updates()
        sizes = update["message"]["photo"]
        assert [(each["width"], each["height"]) for each in sizes] == [(90, 45), (320, 160), (800, 400), (1000, 500)]
        found = (await one.call("getFile", file_id=sizes[-1]["file_id"])).result
        assert found["file_size"] == sizes[-1]["file_size"]
        url = f"{one.telegram.file_url}/bot{one.telegram.token}/{found['file_path']}"
        async with one.http.get(url) as response:
            data = await response.read()
            assert (response.status, response.content_type) == (200, "application/octet-stream")
            assert len(data) == found["file_size"]
        async with one.http.get(url.replace(one.telegram.token, "1:x")) as response:
            assert response.status == 401
        one.telegram.clock.advance(3700)
        async with one.http.get(url) as response:
            assert response.status == 404
        await one.call("getFile", file_id=sizes[-1]["file_id"])
        async with one.http.get(url) as response:
            assert response.status == 200


async def test_a_file_over_twenty_megabytes_is_not_given() -> None:
    async with by_hand() as one:
        big = one.ada.go().document(bytes(20 * 1024 * 1024 + 1), name="raw.mov", mime="video/quicktime")
        assert big.media is not None
        assert await one.refused("getFile", file_id=big.media.file.id) == "Bad Request: file is too big"
        wrong = "Bad Request: wrong file_id or the file is temporarily unavailable"
        assert await one.refused("getFile", file_id="BQACnothing") == wrong
