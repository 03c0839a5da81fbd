"""Every language is complete for the shipped catalogue, and says nothing that no menu asks for."""

import tomllib
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.chat.discord.commands import ANIMATE, REPORT, menus
from bot.chat.discord.words import Words
from bot.chat.languages import FOLDER, tables
from bot.settings.endpoints import load_catalogue
from tests.source import ROOT

LANGUAGES = sorted(tables())


def wanted() -> dict[str, set[str]]:
    outer = menus(load_catalogue(ROOT / "config" / "endpoints"))
    found = [*outer, *(sub for one in outer for sub in one.subs)]
    fields = [field for menu in found for field in menu.fields]
    return {
        "names": {one.name for one in found} | {one.name for one in fields},
        "choices": {shown for one in fields for shown, _ in one.choices},
        "menus": {ANIMATE, REPORT},
        "texts": {one.description for one in found} | {one.description for one in fields},
    }


def test_one_language_besides_english_is_there() -> None:
    assert "de" in LANGUAGES


@pytest.mark.parametrize("part", ["names", "choices", "menus", "texts"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_complete_and_has_nothing_to_spare(language: str, part: str) -> None:
    table = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    assert set(table[part]) == wanted()[part]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_one_of_discords(language: str) -> None:
    assert language in {one.value for one in discord.Locale}


async def test_a_word_is_looked_up_and_what_is_missing_stays_english() -> None:
    words = Words(tables())
    context: Any = app_commands.TranslationContext(app_commands.TranslationContextLocation.other, data=None)
    german, french = discord.Locale.german, discord.Locale.french
    assert await words.translate(app_commands.locale_str("Which effect"), german, context) == "Welcher Effekt"
    assert await words.translate(app_commands.locale_str("no such text"), german, context) is None
    assert await words.translate(app_commands.locale_str("Which effect"), french, context) is None
