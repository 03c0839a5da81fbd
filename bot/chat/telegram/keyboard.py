"""Buttons as Telegram draws them; all they need stands in their data."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat.telegram.messages import Key, keys
from bot.domain.notice import Button


def keyboard(buttons: tuple[Button, ...]) -> InlineKeyboardMarkup | None:
    """The buttons, None without any."""
    return drawn(keys(buttons))


def drawn(rows: tuple[tuple[Key, ...], ...]) -> InlineKeyboardMarkup | None:
    """Rows of buttons, None without any."""
    made = [[_drawn(key) for key in row] for row in rows if row]
    return InlineKeyboardMarkup(made) if made else None


def _drawn(key: Key) -> InlineKeyboardButton:
    return InlineKeyboardButton(key.label, callback_data=key.data, style=key.style or None)
