"""The gateway by hand: how it packs, whom it lets in, what it replays, which shard hears what."""

import json

import aiohttp
import pytest

from tests.emulators.clients import Bot, logged_in
from tests.emulators.discord.emulator import emulated
from tests.emulators.discord.events import Intent
from tests.emulators.socket import Json, closed, line


@pytest.mark.parametrize("compress", ["", "zlib-stream", "zstd-stream"])
async def test_every_packing_is_one_stream_over_the_whole_connection(compress: str) -> None:
    async with emulated() as discord:
        guild = discord.guild("Reel lovers")
        async with line(discord, compress) as one:
            assert (await one.next())["op"] == 10
            await one.identify(discord)
            heard = await one.until("GUILD_CREATE")
            discord.text(guild, "general")
            heard += await one.until("CHANNEL_CREATE")
        assert [each["t"] for each in heard] == ["READY", "GUILD_CREATE", "CHANNEL_CREATE"]
        assert [each["s"] for each in heard] == [1, 2, 3]


async def test_a_heartbeat_is_answered_unless_the_gateway_is_deaf() -> None:
    async with emulated() as discord, line(discord) as one:
        await one.next()
        await one.send(1, None)
        assert (await one.next())["op"] == 11
        discord.gateway.deaf = True
        await one.send(1, None)
        await one.identify(discord)
        assert (await one.next())["t"] == "READY"


WRONG: dict[str, tuple[int, Json]] = {
    "another token": (4004, {"token": "wrong"}),
    "a shard that is none": (4010, {"shard": [2, 2]}),
    "intents that are none": (4013, {"intents": 1 << 30}),
    "intents that were not granted": (4014, {"intents": int(Intent.MESSAGE_CONTENT)}),
}


@pytest.mark.parametrize(("code", "given"), WRONG.values(), ids=WRONG.keys())
async def test_a_wrong_identify_ends_with_its_code(code: int, given: Json) -> None:
    async with emulated() as discord, line(discord) as one:
        await one.next()
        await one.identify(discord, **given)
        assert await one.next() == {"closed": code}
        assert discord.gateway.refused == [code]


async def test_too_many_servers_for_one_shard_ask_for_sharding() -> None:
    async with emulated() as discord, line(discord) as one:
        discord.gateway.guilds_per_shard = 1
        discord.guild("one")
        discord.guild("two")
        await one.next()
        await one.identify(discord)
        assert await one.next() == {"closed": 4011}


SENT: dict[str, tuple[int, str]] = {
    "an opcode that is none": (4001, '{"op": 99, "d": null}'),
    "no JSON": (4002, "{"),
    "more than 4,096 bytes": (4002, json.dumps({"op": 1, "d": "x" * 4096})),
    "a presence before an identify": (4003, '{"op": 3, "d": {}}'),
}


@pytest.mark.parametrize(("code", "text"), SENT.values(), ids=SENT.keys())
async def test_what_makes_no_sense_ends_with_its_code(code: int, text: str) -> None:
    async with emulated() as discord, line(discord) as one:
        await one.next()
        await one.socket.send_str(text)
        assert await one.next() == {"closed": code}


async def test_a_second_identify_and_another_version_are_refused() -> None:
    async with emulated() as discord:
        async with line(discord) as one:
            await one.next()
            await one.identify(discord)
            await one.identify(discord)
            assert await closed(one) == 4005
        async with line(discord, version=6) as old:
            assert await closed(old) == 4012


async def test_a_hundred_and_twenty_messages_a_minute_are_enough() -> None:
    async with emulated() as discord, line(discord) as one:
        for _ in range(121):
            await one.send(1, None)
        assert await closed(one) == 4008


async def test_a_resume_replays_exactly_what_was_missed() -> None:
    async with emulated() as discord:
        guild = discord.guild("Reel lovers")
        async with line(discord) as one:
            await one.identify(discord)
            session = (await one.until("READY"))[-1]["d"]["session_id"]
            await one.until("GUILD_CREATE")
            discord.gateway.drop()
        names = ["one", "two", "three"]
        for name in names:
            discord.text(guild, name)
        async with line(discord) as two:
            await two.send(6, {"token": discord.token, "session_id": session, "seq": 2})
            heard = await two.until("RESUMED")
        assert [each["d"]["name"] for each in heard if each.get("t") == "CHANNEL_CREATE"] == names
        assert [each["s"] for each in heard if "s" in each] == [3, 4, 5, 6]


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ({"session_id": "nobody's"}, {"op": 9, "d": False}),
        ({"seq": 99}, {"closed": 4007}),
        ({"token": "wrong"}, {"closed": 4004}),
    ],
)
async def test_a_resume_of_what_is_not_there_is_refused(given: Json, answer: Json) -> None:
    async with emulated() as discord:
        async with line(discord) as one:
            await one.identify(discord)
            session = (await one.until("READY"))[-1]["d"]["session_id"]
            discord.gateway.drop()
        async with line(discord) as two:
            await two.next()
            await two.send(6, {"token": discord.token, "session_id": session, "seq": 1} | given)
            assert await two.next() == answer


async def test_a_session_that_its_client_closed_for_good_is_gone() -> None:
    async with emulated() as discord:
        async with line(discord) as one:
            await one.identify(discord)
            await one.until("READY")
            await one.socket.close(code=1000)
        await discord.until(lambda: not discord.gateway.sessions)


async def test_an_invalidated_session_is_not_resumed() -> None:
    async with emulated() as discord, line(discord) as one:
        await one.identify(discord)
        await one.until("READY")
        discord.gateway.invalidate()
        assert await one.next() == {"op": 9, "d": False}
        assert discord.gateway.sessions == {}


async def test_identifies_come_one_at_a_time_per_bucket_when_that_is_asked_for() -> None:
    async with emulated() as discord:
        discord.gateway.identify_spacing_s, discord.gateway.max_concurrency = 5, 2
        answers = []
        for shard in (0, 1, 2):
            async with line(discord) as one:
                await one.next()
                await one.identify(discord, shard=[shard, 4])
                heard = await one.next()
                answers.append(heard.get("t") or heard["op"])
        assert answers == ["READY", "READY", 9]
        assert discord.gateway.starts_left == 998


async def test_a_gateway_without_starts_left_lets_nobody_in() -> None:
    async with emulated() as discord, line(discord) as one:
        discord.gateway.starts_left = 0
        await one.identify(discord)
        assert await closed(one) == 4004


async def test_ready_can_be_made_to_wait_and_a_gateway_to_be_down() -> None:
    async with emulated() as discord:
        discord.gateway.down = True
        with pytest.raises(aiohttp.WSServerHandshakeError, match="503"):
            async with line(discord):
                pass
        discord.gateway.down = False
        discord.gateway.ready_gate.clear()
        async with line(discord) as one:
            await one.identify(discord)
            await one.send(1, None)
            assert [(await one.next())["op"] for _ in range(2)] == [10, 11]
            discord.gateway.ready_gate.set()
            assert (await one.next())["t"] == "READY"


async def contents(intents: Intent, granted: Intent = Intent.NONE) -> list[str]:
    """What a bot with these intents reads of a stranger's message, one that names it, and a direct one."""
    async with emulated() as discord:
        discord.application.intents_allowed = granted
        channel = discord.text(discord.guild("Reel lovers"), "general")
        ada = discord.person("Ada", at=channel)
        async with line(discord) as one:
            await one.identify(discord, intents=int(intents | Intent.GUILDS))
            await one.until("GUILD_CREATE")
            ada.type("to all")
            ada.type(f"to {discord.world.bot.mention}")
            ada.go().type("to you")
            discord.text(discord.guild("another"), "end")
            heard = await one.until("CHANNEL_CREATE")
        return [each["d"]["content"].split(" <")[0] for each in heard if each["t"] == "MESSAGE_CREATE"]


@pytest.mark.parametrize(
    ("intents", "granted", "expected"),
    [
        (Intent.NONE, Intent.NONE, []),
        (Intent.GUILD_MESSAGES, Intent.NONE, ["", "to"]),
        (Intent.DIRECT_MESSAGES, Intent.NONE, ["to you"]),
        (Intent.GUILD_MESSAGES | Intent.MESSAGE_CONTENT, Intent.MESSAGE_CONTENT, ["to all", "to"]),
    ],
)
async def test_a_bot_hears_what_its_intents_let_it_hear(intents: Intent, granted: Intent, expected: list[str]) -> None:
    assert await contents(intents, granted) == expected


async def test_two_shards_hear_their_own_servers_and_direct_messages_go_to_the_first() -> None:
    async with emulated() as discord:
        guilds = [discord.guild(f"shard {number}", shard=(number, 2)) for number in (0, 1)]
        bot = Bot(shard_count=2)
        async with logged_in(discord, bot, shards=2):
            assert {each.id: each.shard_id for each in bot.guilds} == {guilds[0].id: 0, guilds[1].id: 1}
        assert [each["shard"] for each in discord.gateway.identifies] == [[0, 2], [1, 2]]


async def test_the_address_of_the_gateway_says_how_many_shards_and_starts() -> None:
    async with emulated() as discord:
        discord.gateway.shards = 2
        bot = Bot(shard_count=None)
        async with logged_in(discord, bot, shards=2):
            assert bot.shard_count == 2
        assert discord.gateway.bot_info()["session_start_limit"]["remaining"] == 998
