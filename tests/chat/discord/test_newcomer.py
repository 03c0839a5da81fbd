"""Somebody new follows docs/discord.md word by word, with the emulator and the sandbox in Discord's and fal's place.

What the page and the README quote must be what people then read.
"""

import asyncio
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.app import clock
from bot.settings.environment import environment as variable
from tests.chat.discord.harness import REEL_S, everywhere, fal, photo
from tests.emulators.discord.emulator import Discord, emulated
from tests.emulators.discord.permissions import Permission
from tests.emulators.discord.things import Message
from tests.source import ROOT

PAGES = ("docs/discord.md", "README.md")


def quotes(page: str) -> list[tuple[str, ...]]:
    """The sayings of the bot that a page quotes, line by line."""
    blocks = re.findall(r"(?:^> .*\n)+", (ROOT / page).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [tuple(line.removeprefix("> ") for line in block.splitlines()) for block in blocks]


def is_quoted(quote: Sequence[str], message: Message) -> bool:
    """Whether a message reads like this; "…" stands for whatever differs, bold words for buttons."""
    words = [line for line in quote if not line.startswith("**")]
    buttons = [label for line in quote if line.startswith("**") for label in re.findall(r"\*\*(.+?)\*\*", line)]
    shape = re.escape("\n".join(words)).replace("…", ".+?")
    content = re.sub(r"^<@\d+> ", "", message.content)
    fits = re.fullmatch(shape, content) or (not buttons and content.endswith(f"\n\n{words[0]}"))
    return bool(fits) and (not buttons or list(message.buttons) == buttons)


class Reader:
    """Waits for what the pages quote, and remembers what was read."""

    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._pages = {quote for page in PAGES for quote in quotes(page)}
        self._read: set[tuple[str, ...]] = set()

    async def reads(self, beginning: str) -> Message:
        """The message that is like the quote with this beginning, as soon as it stands."""
        wanted = {quote for quote in self._pages if quote[0].startswith(beginning)}
        (quote,) = wanted
        self._read.add(quote)

        def standing() -> Message | None:
            channels = self._discord.world.channels.values()
            messages = (one for where in channels for one in where.messages.values() if not one.deleted)
            return next((one for one in messages if is_quoted(quote, one)), None)

        return await self._discord.until(standing, REEL_S, f"{quote}")

    @property
    def left(self) -> set[tuple[str, ...]]:
        """What is quoted and was never looked for."""
        return self._pages - self._read


def surroundings(discord: Discord, fal_url: str) -> dict[str, str]:
    """What the newcomer exports: two secrets, and here where Discord and fal are."""
    kept = {name: value for name in ("PATH", "HOME", "LANG") if (value := variable(name))}
    fals = {f"REELROOM_FAL__{name}_URL": fal_url for name in ("QUEUE", "REST", "CDN", "API", "SITE")}
    return (
        kept
        | fals
        | {
            "FAL_KEY": "any:thing",
            "DISCORD_TOKEN": discord.token,
            "REELROOM_FAL__SANDBOX": "true",
            "REELROOM_WEB__PORT": "0",
            "REELROOM_DISCORD__API_URL": discord.api_url,
            "REELROOM_DISCORD__GATEWAY_URL": discord.gateway_url,
            "REELROOM_DISCORD__CDN_URL": discord.cdn_url,
        }
    )


async def reelroom(environment: dict[str, str], *arguments: str) -> Process:
    """The command, started."""
    command = (sys.executable, "-m", "bot", *arguments)
    return await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stdout=PIPE, stderr=PIPE)


async def checked(environment: dict[str, str]) -> str:
    """What `check --live` says."""
    process = await reelroom(environment, "check", "--live")
    said, complaints = await process.communicate()
    return (said + complaints).decode()


async def logged(process: Process, words: str) -> str:
    """The next line of the log with these words."""
    assert process.stderr is not None
    async with asyncio.timeout(30):
        while words not in (line := (await process.stderr.readline()).decode()):
            assert line, f"ended without a word of {words!r}"
    return line


@asynccontextmanager
async def started(environment: dict[str, str], data: Path) -> AsyncIterator[str]:
    """`run`, and the permissions its invitation asks for."""
    process = await reelroom(environment, "run", "--data", str(data))
    assert process.stderr is not None
    try:
        invited = await logged(process, "invite the bot with https://discord.com/")
        await logged(process, "Discord is here")
        reading = asyncio.ensure_future(process.stderr.read())
        yield invited.partition("permissions=")[2].strip()
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
        assert b"Traceback" not in await reading
    finally:
        if process.returncode is None:
            process.kill()


@pytest.mark.slow
@pytest.mark.timeout(120)
async def test_whoever_follows_the_page_comes_to_a_first_reel_and_reads_what_it_quotes(tmp_path: Path) -> None:
    async with emulated(clock.now) as discord, fal() as fal_url:
        guild = discord.guild("Reel lovers", with_bot=False)
        guild.everyone.permissions = Permission.VIEW_CHANNEL | Permission.USE_APPLICATION_COMMANDS
        channel = discord.text(guild, "general")
        anna, owner = discord.person("Anna", at=channel), discord.hand(discord.application.owner, at=channel)
        environment = surroundings(discord, fal_url)
        assert "is in 0 servers on Discord; invite it with https://discord.com/oauth2/authorize?" in await checked(
            environment
        )
        async with started(environment, tmp_path) as permissions:
            role = discord.role(guild, "Reelroom", Permission(int(permissions)))
            discord.world.join(guild, discord.world.bot, role)
            told = await checked(environment)
            assert "is in 1 server on Discord" in told
            assert "missing" not in told
            await discord.connected()
            reader = Reader(discord)

            await anna.slash("effect", effect="Kiss Me AI", image=photo())
            await reader.reads("The owner of this bot has not opened it")
            petition = await reader.reads("Anna would like to use me")
            await owner.go().press(petition, "Open it")
            await reader.reads("They can use me now")

            await anna.slash("effect", effect="Kiss Me AI", image=photo())
            await reader.reads("Got it.")
            question = await reader.reads("This may cost $0.20.")
            await anna.press(question, "Yes, make it")
            reel = await reader.reads("Kiss Me AI")
            assert anna.user in reel.pinged
            await reader.reads("Here it is")
            assert reader.left == set()

            await owner.go(channel).slash("effect", effect="Kiss Me AI", image=photo())
            await discord.until(lambda: [one for one in everywhere(discord) if owner.user in one.pinged], REEL_S)


async def test_everything_that_is_wrong_is_said_at_once() -> None:
    async with emulated(clock.now) as discord, fal() as fal_url:
        environment = surroundings(discord, fal_url) | {"DISCORD_TOKEN": "bm8.such.token"}
        del environment["FAL_KEY"]
        told = await checked(environment)
    assert "environment: FAL_KEY: not set" in told
    assert "environment: DISCORD_TOKEN: Discord refuses it; get a new one in the developer portal" in told


async def test_a_permission_that_was_left_out_of_the_invitation_is_named_at_once_and_by_the_check(
    tmp_path: Path,
) -> None:
    async with emulated(clock.now) as discord, fal() as fal_url:
        guild = discord.guild("Reel lovers", with_bot=False)
        discord.text(guild, "general")
        guild.everyone.permissions = Permission.VIEW_CHANNEL
        environment = surroundings(discord, fal_url)
        process = await reelroom(environment, "run", "--data", str(tmp_path))
        try:
            await logged(process, "Discord is here")
            discord.world.join(guild, discord.world.bot)
            line = await logged(process, "something is not allowed there")
            assert 'server="Reel lovers"' in line
            assert "Attach Files" in line
            told = await checked(environment)
            assert "missing in Reel lovers: Send Messages, Send Messages in Threads, Create Public Threads" in told
        finally:
            process.terminate()
            await process.communicate()
