"""Keyboards: what Telegram takes, and how it says no. https://core.telegram.org/bots/api#inlinekeyboardmarkup"""

import json
from dataclasses import dataclass, field

from tests.emulators.telegram.calls import Call
from tests.emulators.telegram.refusals import refuse
from tests.emulators.telegram.things import Json

MOST_BUTTONS = 100
MOST_IN_A_ROW = 8
DATA_BYTES = 64
MARKUP_BYTES = 10 * 1024
KINDS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """An inline keyboard, or what else a message asks for."""

    inline: list[list[Json]] = field(default_factory=list)
    other: Json = field(default_factory=dict)


def markup(call: Call) -> Markup:
    """What `reply_markup` asks for.

    Raises:
        Refusal: It is malformed, too much, or its data too long.
    """
    given = call.json("reply_markup", "reply keyboard markup")
    if given is None:
        return Markup()
    if not isinstance(given, dict):
        raise refuse("object expected as reply markup")
    rows = given.get("inline_keyboard")
    if rows is None:
        return Markup(other=given)
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise refuse('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    made = [[button(one) for one in row] for row in rows if row]
    if sum(map(len, made)) > MOST_BUTTONS or any(len(row) > MOST_IN_A_ROW for row in made):
        raise refuse("reply markup is too long")
    if len(json.dumps(made, ensure_ascii=False).encode()) > MARKUP_BYTES:
        raise refuse("reply markup is too long")
    return Markup(inline=made)


def button(one: Json) -> Json:
    """One button, as it will be shown.

    Raises:
        Refusal: It lacks what it needs.
    """
    wrong = "can't parse inline keyboard button: "
    if not isinstance(one, dict):
        raise refuse(f"{wrong}InlineKeyboardButton must be an Object")
    if not isinstance(one.get("text"), str):
        raise refuse(f'{wrong}Can\'t find field "text"')
    if not one["text"]:
        raise refuse("inline keyboard button text must be non-empty")
    if not any(one.get(kind) or isinstance(one.get(kind), (dict, bool)) for kind in KINDS):
        raise refuse(f"{wrong}Text buttons are unallowed in the inline keyboard")
    if len(str(one.get("callback_data", "")).encode()) > DATA_BYTES:
        raise refuse("BUTTON_DATA_INVALID")
    return {key: value for key, value in one.items() if value is not None}
