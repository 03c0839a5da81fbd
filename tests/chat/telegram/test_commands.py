"""The menus: every command in every scope and language, set only when they have changed."""

from pathlib import Path

from bot.chat.languages import tables
from bot.chat.telegram.commands import DESCRIPTION, admins_menu, spoken
from tests.chat.discord.harness import CATALOGUE
from tests.chat.telegram.harness import fal, running
from tests.emulators.telegram.emulator import Telegram


def test_every_command_is_one_telegram_takes() -> None:
    for name, described in admins_menu(CATALOGUE).items():
        assert name.isascii()
        assert name.replace("_", "").isalnum()
        assert 1 <= len(name) <= 32
        assert 1 <= len(described) <= DESCRIPTION


def test_every_description_is_there_in_german() -> None:
    german = {one.command: one.description for one in spoken(admins_menu(CATALOGUE), tables()["de"])}
    assert [name for name, described in admins_menu(CATALOGUE).items() if german[name] == described] == []


async def test_they_are_set_once_for_every_scope_and_language(telegram: Telegram, tmp_path: Path) -> None:
    async with fal() as url:
        for _ in range(2):
            async with running(telegram, tmp_path, url):
                await telegram.polled()
    calls = telegram.calls("setMyCommands")
    said = {(str(call.arguments.get("scope")), str(call.arguments.get("language_code", ""))) for call in calls}
    assert len(calls) == len(said) == 4 * (1 + len(tables()))
