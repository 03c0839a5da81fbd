"""Names and descriptions in other languages: one table per locale in `locales/`, which a translator can edit.

A table maps English to its language: `[names]` are what people type after the slash (lower case, no spaces),
`[menus]` the context menus, `[texts]` the descriptions. What a table lacks is shown in English.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path

import discord
from discord import app_commands
from typing_extensions import override

FOLDER = Path(__file__).parent / "locales"


Table = tuple[Mapping[str, str], ...]
"""One language: its names, menus and texts."""

PARTS = ("names", "menus", "texts")


def tables(folder: Path = FOLDER) -> dict[str, Table]:
    """Every language by Discord's name of it ("de", "pt-BR"), which is the file's."""
    return {path.stem: _table(path) for path in sorted(folder.glob("*.toml"))}


def _table(path: Path) -> Table:
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(read.get(part, {}) for part in PARTS)


class Words(app_commands.Translator):
    """Looks the tables up."""

    def __init__(self, languages: Mapping[str, Table]) -> None:
        self._languages = languages

    @override
    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The word in this language, None for English."""
        table = self._languages.get(locale.value)
        if table is None:
            return None
        return next((words[string.message] for words in table if string.message in words), None)
