"""Somebody new follows docs/telegram.md word by word, with the emulator and the sandbox in Telegram's and fal's place.

What the page quotes must be what people then read.
"""

import asyncio
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.app import clock
from bot.settings.environment import environment as variable
from tests.chat.telegram.harness import REEL_S, fal, photo
from tests.emulators.telegram.emulator import Telegram, emulated
from tests.emulators.telegram.things import Message
from tests.source import ROOT

PAGE = (ROOT / "docs" / "telegram.md").read_text(encoding="utf-8")
QUOTES = re.findall(r"(?:^> .*\n)+", PAGE, flags=re.MULTILINE)
BOLD = re.compile(r"\*\*(.+?)\*\*")


def quoted(beginning: str) -> tuple[str, list[str]]:
    """What the page says people read, and the buttons under it."""
    (quote,) = [one for one in QUOTES if one.startswith(f"> {beginning}")]
    lines = [line.removeprefix("> ") for line in quote.splitlines()]
    words = [line for line in lines if not line.startswith("**")]
    return "\n".join(words), [label for line in lines if line.startswith("**") for label in BOLD.findall(line)]


async def reads(telegram: Telegram, request: Message, beginning: str) -> Message:
    """The answer to a request, once it reads as the page says, or has read so for a while."""
    words, buttons = quoted(beginning)

    def standing() -> Message | None:
        fitting = [one for one in telegram.replies(request) if words in said(telegram, one)]
        return next((one for one in fitting if not buttons or list(one.buttons) == buttons), None)

    try:
        return await telegram.until(standing, REEL_S)
    except TimeoutError:
        read = [(said(telegram, one), list(one.buttons)) for one in telegram.replies(request)]
        raise AssertionError(f"the page says {words!r} {buttons}, and people read {read}") from None


def said(telegram: Telegram, message: Message) -> list[str]:
    """All a message ever said, from the requests that made it say so."""
    edits = [one for one in telegram.calls("editMessageText") if one.number("message_id") == message.id]
    first = [one for one in telegram.calls("sendMessage") if f'"message_id":{asked(message)}' in replied(one.arguments)]
    return [str(one.arguments["text"]) for one in (*first, *edits)] + [message.text or ""]


def asked(message: Message) -> int:
    return message.reply_to.id if message.reply_to is not None else 0


def replied(arguments: object) -> str:
    found = arguments.get("reply_parameters", "") if isinstance(arguments, dict) else ""
    return str(found).replace(" ", "")


def surroundings(telegram: Telegram, fal_url: str) -> dict[str, str]:
    """What the newcomer exports: two secrets, and here where Telegram and fal are."""
    kept = {name: value for name in ("PATH", "HOME", "LANG") if (value := variable(name))}
    fals = {f"REELROOM_FAL__{name}_URL": fal_url for name in ("QUEUE", "REST", "CDN", "API", "SITE")}
    there = {
        "FAL_KEY": "any:thing",
        "TELEGRAM_TOKEN": telegram.token,
        "REELROOM_FAL__SANDBOX": "true",
        "REELROOM_WEB__PORT": "0",
        "REELROOM_TELEGRAM__API_URL": telegram.api_url,
        "REELROOM_TELEGRAM__FILE_URL": telegram.file_url,
    }
    return kept | fals | there


async def reelroom(environment: dict[str, str], *arguments: str) -> Process:
    """The command, started."""
    command = (sys.executable, "-m", "bot", *arguments)
    return await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stdout=PIPE, stderr=PIPE)


async def checked(environment: dict[str, str]) -> str:
    """What `check --live` says."""
    process = await reelroom(environment, "check", "--live")
    told, complaints = await process.communicate()
    return (told + complaints).decode()


@asynccontextmanager
async def started(environment: dict[str, str], data: Path) -> AsyncIterator[str]:
    """`run`, and the line of its log with the invitation."""
    process = await reelroom(environment, "run", "--data", str(data))
    assert process.stderr is not None
    try:
        async with asyncio.timeout(30):
            while "invite the bot" not in (line := (await process.stderr.readline()).decode()):
                assert line, "ended without an invitation"
        reading = asyncio.ensure_future(process.stderr.read())
        yield line
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
        assert b"Traceback" not in await reading
    finally:
        if process.returncode is None:
            process.kill()


@pytest.mark.slow
@pytest.mark.timeout(120)
async def test_whoever_follows_the_page_comes_to_a_first_reel_and_reads_what_it_quotes(tmp_path: Path) -> None:
    async with emulated(clock.now) as telegram, fal() as fal_url:
        olive = telegram.person("Olive")
        environment = surroundings(telegram, fal_url)
        assert "nobody owns it there: set telegram.owners" in await checked(environment)
        environment["REELROOM_TELEGRAM__OWNERS"] = f'["{olive.user.id}"]'
        told = await checked(environment)
        assert "@reelroom_bot" in told
        assert "privacy mode is on" in told
        assert "nobody owns it" not in told
        async with started(environment, tmp_path) as invited:
            (invitation,) = re.findall(r"^invite the bot with .*$", PAGE, flags=re.MULTILINE)
            assert invitation.replace("your_bot", "reelroom_bot") in invited
            await telegram.polled()
            olive.start()
            await telegram.until(lambda: telegram.said(olive), REEL_S, "a welcome")
            group = telegram.group("Reel lovers", with_bot=False)
            telegram.add_bot(group)
            anna = telegram.person("Anna", at=group)
            (caption,) = re.findall(r"in a group `(.+?)`", PAGE)
            caption = caption.replace("your_bot", "reelroom_bot")

            await reads(telegram, anna.photo(photo(), caption), "The owner of this bot has not opened it")
            petition = await telegram.until(lambda: telegram.said(olive)[1:], REEL_S, "a petition")
            (labels,) = re.findall(r"two buttons, (.*?) and (.*?)\.", PAGE.replace("\n", " "))
            assert list(petition[0].buttons) == [one.strip("*") for one in labels]
            await olive.press(petition[0], "Open it")

            asked_for = anna.photo(photo(), caption)
            await reads(telegram, asked_for, "Got it.")
            question = await reads(telegram, asked_for, "This may cost $0.20.")
            await anna.press(question, "Yes, make it")
            reel = (await telegram.until(lambda: [one for one in telegram.replies(asked_for) if one.media], REEL_S))[0]
            (under,) = re.findall(r"the reel answers your photo, with (.*?) under it", PAGE.replace("\n", " "))
            assert list(reel.buttons) == BOLD.findall(under)
        assert {one for one in QUOTES if not any(one.startswith(f"> {each}") for each in READ)} == set()


READ = ("The owner of this bot has not opened it", "Got it.", "This may cost $0.20.", "Ben: Ada would like")
"""How each quote begins that the test above waits for, or `test_consent`."""
