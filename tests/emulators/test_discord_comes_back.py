"""A line that is cut in each way there is, and heard again; and what waiting tests and clients rely on besides."""

import asyncio
from collections.abc import Callable

import aiohttp
import discord as library
import pytest

from tests.emulators.clients import Bot, logged_in
from tests.emulators.discord.emulator import Discord, emulated
from tests.emulators.discord.faults import Drop, Limited
from tests.emulators.discord.posting import Upload

CUTS: dict[str, Callable[[Discord], None]] = {
    "a broken connection": lambda discord: discord.gateway.drop(),
    "a close that may be resumed": lambda discord: discord.gateway.close(4000),
    "a wish to reconnect": lambda discord: discord.gateway.reconnect(),
    "a session that is said to be resumable": lambda discord: discord.gateway.invalidate(resumable=True),
}


def a_bot() -> Bot:
    bot = Bot()

    @bot.tree.command(description="Answers")
    async def hello(interaction: library.Interaction) -> None:
        await interaction.response.send_message("hello")

    @bot.tree.context_menu(name="Look at it")
    async def look(interaction: library.Interaction, message: library.Message) -> None:
        await interaction.response.send_message(message.content)

    return bot


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS.keys())
async def test_what_was_asked_during_the_cut_is_answered_after_a_resume(cut: Callable[[Discord], None]) -> None:
    async with emulated() as discord:
        ada = discord.person("Ada", at=discord.text(discord.guild("Reel lovers"), "general"))
        async with logged_in(discord, a_bot()):
            cut(discord)
            seen = await ada.slash("hello")
            assert discord.gateway.resumes == 1
        assert seen.text == "hello"
        assert len(discord.gateway.identifies) == 1


async def test_a_session_that_is_gone_is_begun_anew() -> None:
    async with emulated() as discord:
        ada = discord.person("Ada", at=discord.text(discord.guild("Reel lovers"), "general"))
        async with logged_in(discord, a_bot()):
            discord.gateway.invalidate()
            await discord.until(lambda: len(discord.gateway.identifies) == 2)
            await discord.until(discord.gateway.connected)
            assert (await ada.slash("hello")).text == "hello"
        assert discord.gateway.resumes == 0


async def test_answers_say_by_their_type_what_they_answer() -> None:
    async with emulated() as discord:
        ada = discord.person("Ada", at=discord.text(discord.guild("Reel lovers"), "general"))
        async with logged_in(discord, a_bot()):
            typed = ada.type("look here")
            chosen = await ada.context_menu("Look at it", typed)
            called = await ada.slash("hello")
        assert chosen.original is not None
        assert called.original is not None
        assert (chosen.original.type, called.original.type) == (23, 20)


async def test_whoever_waits_for_a_fault_is_told_when_it_strikes() -> None:
    async with emulated() as discord:
        channel = discord.text(discord.guild("Reel lovers"), "general")
        async with logged_in(discord, a_bot()) as bot:
            limited = discord.faults.add("POST", "/channels/*/messages", Limited(retry_after_s=0.01))
            posting = asyncio.create_task(bot.get_partial_messageable(channel.id).send("once"))
            await discord.until(lambda: limited.struck == 1, timeout_s=5)
            await posting
            dropped = discord.faults.add("POST", "/channels/*/messages", Drop())
            posting = asyncio.create_task(bot.get_partial_messageable(channel.id).send("never"))
            await discord.until(lambda: dropped.struck == 1, timeout_s=5)
            with pytest.raises(aiohttp.ClientError):
                await posting
        assert [one.content for one in channel.messages.values()] == ["once"]


async def test_a_picture_is_known_by_its_name_on_any_machine() -> None:
    async with emulated() as discord:
        ada = discord.person("Ada", at=discord.text(discord.guild("Reel lovers"), "general"))
        names = {"a.png": "image/png", "b.webp": "image/webp", "c.mp4": "video/mp4"}
        sent = ada.type("look here", files=[Upload(filename=name, data=b"-") for name in names])
        assert {one.filename: one.content_type for one in sent.attachments} == names
