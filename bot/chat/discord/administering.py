"""`/admin` on Discord: a subcommand with its options, as an errand; every answer is between the person and us."""

import re
from dataclasses import replace
from typing import Any

from bot.chat.discord import options
from bot.chat.discord.completion import CHOICES, Suggestion
from bot.chat.discord.door import Interaction, refuse
from bot.chat.discord.front import Front
from bot.chat.discord.options import Data
from bot.chat.discord.owners import Owners
from bot.chat.discord.who import account_of, group_of
from bot.domain.admin import Errand, Takes, sub_named
from bot.domain.group_rules import KEYS
from bot.domain.match import search

MENTION = re.compile(r"<(?:#|@&|@!?)(?P<id>[0-9]{1,20})>")
"""A channel, a role or somebody as Discord writes them into words."""

SPANS = ("10m", "1h", "12h", "1d", "7d", "30d")
"""Lengths of time that are suggested."""


class Administering:
    """Does what moderators and owners say."""

    def __init__(self, *, front: Front, owners: Owners) -> None:
        self._front = front
        self._owners = owners

    async def do(self, interaction: Interaction) -> None:
        """One subcommand. What takes a moment is acknowledged first. Raises Refused, StoreUnavailable."""
        errand = self._errand(interaction)
        if errand.sub.draws:
            await interaction.response.defer(ephemeral=True)
        await refuse(interaction, await self._front.administer(errand))

    @staticmethod
    def complete(data: Data) -> tuple[Suggestion, ...]:
        """What is suggested while somebody types."""
        inner: Data = next(iter(data.get("options", ())), {})
        name, text = options.focused(inner)
        parts = sub_named(str(inner.get("name", ""))).parts
        takes = next((part.takes for part in parts if part.name == name), None)
        offered = SPANS if takes is Takes.SPAN else tuple(KEYS) if takes is Takes.NAME else ()
        return tuple((one, one) for one in search(text, {one: one for one in offered}, most=CHOICES))

    def _errand(self, interaction: Interaction) -> Errand:
        data: dict[str, Any] = dict(interaction.data or {})
        inner: Data = next(iter(data.get("options", ())), {})
        sub = sub_named(str(inner.get("name", "")))
        values = {name: MENTION.sub(r"\g<id>", text) for name, text in options.filled(inner).items()}
        person = next((part.name for part in sub.parts if part.takes is Takes.PERSON), "")
        whom = options.somebody(values.pop(person), data.get("resolved", {})) if person in values else None
        if whom is not None:
            whom = replace(whom, is_owner=int(whom.id) in self._owners)
        return Errand(
            sub=sub,
            account=account_of(interaction, self._owners),
            group=group_of(interaction),
            event=str(interaction.id),
            values=values,
            whom=whom,
            here=str(interaction.channel_id or ""),
            dark=True,
        )
