"""How discord.py asks for names and descriptions in other languages."""

from collections.abc import Mapping

import discord
from discord import app_commands
from typing_extensions import override

from bot.chat.languages import Table, word


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
        return None if table is None else word(table, string.message)
