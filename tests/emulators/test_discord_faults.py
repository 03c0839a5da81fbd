"""What goes wrong on purpose: statuses, dead connections, slowness, limits, files that are gone."""

import asyncio

import aiohttp
import pytest

from tests.emulators.discord.faults import Drop, Limited, Slow, Status
from tests.emulators.discord.posting import Upload
from tests.emulators.raw import Raw, raw

HELLO = {"content": "hello"}


def path(one: Raw) -> str:
    return f"/channels/{one.channel.id}/messages"


async def test_a_fault_strikes_the_requests_it_names_and_no_other() -> None:
    async with raw() as one:
        rule = one.discord.faults.add("POST", "/channels/*/messages", Status(status=500), nth=2, times=2)
        statuses = [(await one.post(HELLO)).status for _ in range(4)]
        assert statuses == [200, 500, 500, 200]
        assert (rule.seen, rule.struck) == (4, 2)
        assert (await one.call("GET", path(one))).status == 200


async def test_a_gateways_page_is_no_json() -> None:
    async with raw() as one:
        one.discord.faults.add("*", "/**", Status(status=502, html=True), times=0)
        reply = await one.post(HELLO)
        assert (reply.status, b"<html>" in reply.body) == (502, True)


@pytest.mark.parametrize(("after", "stands"), [(False, 0), (True, 1)])
async def test_a_connection_dies_before_or_after_the_work_is_done(*, after: bool, stands: int) -> None:
    async with raw() as one:
        one.discord.faults.add("POST", "/channels/*/messages", Drop(after=after))
        with pytest.raises(aiohttp.ClientError):
            await one.post(HELLO)
        assert len(one.channel.messages) == stands


async def test_a_status_after_the_work_hides_that_it_was_done() -> None:
    async with raw() as one:
        one.discord.faults.add("POST", "/channels/*/messages", Status(status=503, after=True))
        assert (await one.post(HELLO)).status == 503
        assert len(one.channel.messages) == 1


async def test_a_slow_request_waits_until_it_is_released() -> None:
    async with raw() as one:
        slow = Slow()
        one.discord.faults.add("POST", "/channels/*/messages", slow)
        posting = asyncio.create_task(one.post(HELLO))
        await one.discord.until(lambda: slow.holding)
        assert not one.channel.messages
        slow.release()
        assert (await posting).status == 200


@pytest.mark.parametrize("scope", ["user", "shared", "global"])
async def test_too_many_requests_say_how_long_to_wait_and_for_what(scope: str) -> None:
    async with raw() as one:
        one.discord.faults.add("POST", "/channels/*/messages", Limited(retry_after_s=0.5, scope=scope))
        reply = await one.post(HELLO)
        assert (reply.status, reply.body["retry_after"], reply.body["global"]) == (429, 0.5, scope == "global")
        assert (reply.headers["X-RateLimit-Scope"], reply.headers["Retry-After"], "Via" in reply.headers) == (
            scope,
            "1",
            True,
        )
        assert one.discord.rates.invalid == (scope != "shared")


async def test_a_ban_by_address_is_no_json_and_has_no_via() -> None:
    async with raw() as one:
        one.discord.faults.add("*", "/**", Limited(retry_after_s=1, cloudflare=True))
        reply = await one.post(HELLO)
        assert (reply.status, isinstance(reply.body, bytes), "Via" in reply.headers) == (429, True, False)


async def test_a_channel_takes_five_messages_in_five_seconds_and_another_its_own_five() -> None:
    async with raw() as one:
        one.discord.rates.on = True
        replies = [await one.post(HELLO) for _ in range(6)]
        assert [each.status for each in replies] == [200] * 5 + [429]
        assert [each.headers["X-RateLimit-Remaining"] for each in replies] == ["4", "3", "2", "1", "0", "0"]
        assert replies[0].headers["X-RateLimit-Bucket"] == replies[5].headers["X-RateLimit-Bucket"]
        assert 0 < replies[5].body["retry_after"] <= 5
        other = one.discord.text(one.guild, "other")
        assert (await one.post(HELLO, to=other)).status == 200
        assert len(one.channel.messages) == 5


async def test_fifty_requests_a_second_are_enough_but_for_interactions() -> None:
    async with raw() as one:
        asked = one.asked()
        one.discord.rates.on, one.discord.rates.per_second = True, 3
        statuses = [(await one.call("GET", "/users/@me")).status for _ in range(3)]
        last = await one.call("GET", "/users/@me")
        assert statuses == [200] * 3
        assert (last.status, last.body["global"], last.headers["X-RateLimit-Global"]) == (429, True, "true")
        assert (await one.answer(asked, 5)).status == 204


async def file_url(one: Raw) -> str:
    message = one.ada.type("look", files=[Upload(filename="me and you.png", data=b"png")])
    return str(one.discord.press.payload(message)["attachments"][0]["url"])


async def test_a_file_is_given_for_a_day_and_no_longer() -> None:
    async with raw() as one:
        url = await file_url(one)
        async with one.http.get(url) as response:
            assert (response.status, await response.read(), response.content_type) == (200, b"png", "image/png")
        one.discord.clock.advance(24 * 3600 + 60)
        async with one.http.get(url) as response:
            assert (response.status, await response.text()) == (404, "This content is no longer available.")
        message = next(iter(one.channel.messages.values()))
        async with one.http.get(one.discord.press.payload(message)["attachments"][0]["url"]) as response:
            assert response.status == 200


async def test_an_address_without_its_signature_opens_nothing() -> None:
    async with raw() as one:
        url = await file_url(one)
        for broken in (url.split("?", maxsplit=1)[0], url.replace("hm=", "hm=0"), url.replace("ex=", "ex=f")):
            async with one.http.get(broken) as response:
                assert response.status == 404


async def test_the_cdn_fails_by_rule_too() -> None:
    async with raw() as one:
        one.discord.faults.add("GET", "/cdn/attachments/**", Status(status=404))
        url = await file_url(one)
        statuses = []
        for _ in range(2):
            async with one.http.get(url) as response:
                statuses.append(response.status)
        assert statuses == [404, 200]


async def test_somebodys_picture_lies_on_the_cdn() -> None:
    async with raw() as one:
        ben = one.discord.person("Ben", at=one.channel, avatar=b"face")
        avatar = (await one.call("GET", f"/users/{ben.id}")).body["avatar"]
        async with one.http.get(f"{one.discord.cdn_url}/avatars/{ben.id}/{avatar}.png") as response:
            assert await response.read() == b"face"
