"""Buttons that work after a restart and for years: all they need stands in their custom id."""

import re
from collections.abc import Sequence
from typing import Any, Protocol, Self, cast

import discord
from discord import ui
from discord.utils import MISSING
from typing_extensions import override

from bot.chat.discord.messages import BUTTON_TEMPLATE, Key, Weight, keys
from bot.domain.notice import Action, Button, Notice

STYLES = {
    Weight.MAIN: discord.ButtonStyle.primary,
    Weight.YES: discord.ButtonStyle.success,
    Weight.NO: discord.ButtonStyle.danger,
    Weight.PLAIN: discord.ButtonStyle.secondary,
}


class Pressed(Protocol):
    """A client that knows what to do about a press."""

    async def on_press(self, interaction: discord.Interaction[Any], action: Action, subject: str) -> None:
        """Do it, through the door."""


class PressButton(ui.DynamicItem[ui.Button[ui.View]], template=BUTTON_TEMPLATE):
    """Any of our buttons."""

    def __init__(self, key: Key) -> None:
        super().__init__(ui.Button(label=key.label, style=STYLES[key.weight], custom_id=key.custom_id))

    @classmethod
    @override
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The button that was pressed."""
        label = item.label if isinstance(item, ui.Button) and item.label else "…"
        return cls(Key(custom_id=match.group(0), label=label, weight=Weight.PLAIN))

    @override
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand it to the client."""
        action, _, subject = self.custom_id.partition(":")
        await cast("Pressed", interaction.client).on_press(interaction, Action(action), subject)


def keyboard(buttons: Sequence[Button]) -> ui.View | None:
    """The buttons as a view, None without any."""
    if not buttons:
        return None
    view = ui.View(timeout=None)
    for key in keys(Notice(text="", buttons=tuple(buttons))):
        view.add_item(PressButton(key))
    return view


def given(view: ui.View | None) -> ui.View:
    """The view as discord.py wants to be told that there is none."""
    return cast("ui.View", MISSING) if view is None else view
