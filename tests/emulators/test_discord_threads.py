"""Threads and forum posts: how they open, who may write in them, how they sleep, lock and go."""

import pytest

from tests.emulators.discord.permissions import Permission
from tests.emulators.discord.things import Channel
from tests.emulators.raw import Raw, raw


async def opened(one: Raw) -> Channel:
    message = one.ada.type("a horse")
    reply = await one.call("POST", f"/channels/{one.channel.id}/messages/{message.id}/threads", {"name": "the reel"})
    assert reply.status == 201
    return one.discord.world.channels[int(reply.body["id"])]


async def test_a_thread_on_a_message_has_its_id_and_there_is_one_of_it() -> None:
    async with raw() as one:
        thread = await opened(one)
        message = one.channel.messages[thread.id]
        assert (message.thread, thread.parent) == (thread, one.channel)
        path = f"/channels/{one.channel.id}/messages/{message.id}/threads"
        assert (await one.call("POST", path, {"name": "another"})).error == (400, 160004)


@pytest.mark.parametrize("name", ["", "x" * 101])
async def test_a_thread_has_a_name_of_one_to_a_hundred(name: str) -> None:
    async with raw(strict=False) as one:
        path = f"/channels/{one.channel.id}/threads"
        assert (await one.call("POST", path, {"name": name, "type": 11})).error == (400, 50035)


async def test_a_thread_sleeps_after_a_time_that_discord_knows() -> None:
    async with raw(strict=False) as one:
        body = {"name": "x", "type": 11, "auto_archive_duration": 61}
        assert (await one.call("POST", f"/channels/{one.channel.id}/threads", body)).error == (400, 50035)


async def test_threads_are_not_opened_where_there_can_be_none() -> None:
    async with raw() as one:
        thread = await opened(one)
        inside = one.ada.go(thread).type("and another?")
        assert (await one.call("POST", f"/channels/{thread.id}/messages/{inside.id}/threads", {"name": "x"})).error == (
            400,
            50024,
        )
        direct = one.ada.go().type("here?")
        path = f"/channels/{direct.channel.id}/messages/{direct.id}/threads"
        assert (await one.call("POST", path, {"name": "x"})).error == (400, 50024)
        gone = f"/channels/{one.channel.id}/messages/1/threads"
        assert (await one.call("POST", gone, {"name": "x"})).error == (404, 10008)


async def test_opening_and_writing_take_permissions_of_their_own() -> None:
    async with raw() as one:
        thread = await opened(one)
        one.discord.deny(one.channel, Permission.SEND_MESSAGES)
        assert (await one.post({"content": "fine"}, to=thread)).status == 200
        one.discord.deny(one.channel, Permission.SEND_MESSAGES_IN_THREADS, Permission.CREATE_PUBLIC_THREADS)
        assert (await one.post({"content": "not"}, to=thread)).error == (403, 50013)
        body = {"name": "x", "type": 11}
        assert (await one.call("POST", f"/channels/{one.channel.id}/threads", body)).error == (403, 50013)


async def test_writing_wakes_a_sleeping_thread_and_no_locked_one() -> None:
    async with raw() as one:
        thread = await opened(one)
        own = await one.post({"content": "hello"}, to=thread)
        one.discord.archive(thread)
        path = f"/channels/{thread.id}/messages/{own.body['id']}"
        assert (await one.call("PATCH", path, {"content": "edited"})).error == (400, 50083)
        assert (await one.post({"content": "good morning"}, to=thread)).status == 200
        assert not thread.archived
        one.discord.lock(thread)
        one.discord.deny(one.channel, Permission.MANAGE_THREADS)
        assert (await one.post({"content": "hello?"}, to=thread)).error == (400, 160005)
        assert (await one.call("PATCH", f"/channels/{thread.id}", {"archived": False})).error == (403, 50013)
        one.discord.allow(one.channel, Permission.MANAGE_THREADS)
        assert (await one.call("PATCH", f"/channels/{thread.id}", {"archived": False, "locked": False})).status == 200
        assert (await one.post({"content": "hello!"}, to=thread)).status == 200


async def test_a_deleted_thread_is_an_unknown_channel() -> None:
    async with raw() as one:
        thread = await opened(one)
        one.discord.world.remove(thread)
        assert (await one.post({"content": "x"}, to=thread)).error == (404, 10003)


async def test_a_server_has_only_so_many_active_threads() -> None:
    async with raw() as one:
        await opened(one)
        one.guild.active_threads = 1
        body = {"name": "x", "type": 11}
        assert (await one.call("POST", f"/channels/{one.channel.id}/threads", body)).error == (400, 160006)


async def test_a_forums_post_is_a_thread_with_its_first_message() -> None:
    async with raw(strict=False) as one:
        forum = one.discord.forum(one.guild, "ideas", tags=("film",), needs_tag=True)
        path, message = f"/channels/{forum.id}/threads", {"content": "hello"}
        assert (await one.call("POST", path, {"name": "x"})).error == (400, 50035)
        assert (await one.call("POST", path, {"name": "x", "message": message})).error == (400, 50035)
        tagged = {"name": "x", "message": message, "applied_tags": [str(forum.tags[0][0])]}
        made = await one.call("POST", path, tagged)
        assert (made.status, made.body["message"]["id"]) == (201, made.body["id"])
        one.discord.judge.complaints.clear()
        assert (await one.call("GET", f"/channels/{made.body['id']}")).body["applied_tags"] == tagged["applied_tags"]
        assert one.discord.judge.complaints == []


async def test_somebody_is_taken_along_into_a_thread_and_put_out_again() -> None:
    async with raw() as one:
        thread = await opened(one)
        path = f"/channels/{thread.id}/thread-members"
        assert (await one.call("GET", f"{path}/{one.ada.id}")).error == (404, 10007)
        assert (await one.call("PUT", f"{path}/{one.ada.id}")).status == 204
        assert {each["user_id"] for each in (await one.call("GET", path)).body} == {
            str(one.ada.id),
            str(one.discord.world.bot.id),
        }
        assert (await one.call("DELETE", f"{path}/{one.ada.id}")).status == 204
        assert one.ada.user not in thread.inside


async def test_a_private_thread_is_seen_by_those_inside() -> None:
    async with raw() as one:
        made = await one.call("POST", f"/channels/{one.channel.id}/threads", {"name": "secret", "type": 12})
        thread = one.discord.world.channels[int(made.body["id"])]
        await one.post({"content": "psst"}, to=thread)
        assert one.ada.sees(thread) == []
        await one.call("PUT", f"/channels/{thread.id}/thread-members/{one.ada.id}")
        assert [each.content for each in one.ada.sees(thread)] == ["psst"]
