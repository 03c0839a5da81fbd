"""The bot's own messages, changed and taken away. https://core.telegram.org/bots/api#updating-messages"""

from collections.abc import Mapping
from typing import Any

from tests.emulators.telegram import access, composing, payloads
from tests.emulators.telegram.calls import Call, Handler
from tests.emulators.telegram.keyboards import markup
from tests.emulators.telegram.refusals import NOT_MODIFIED, refuse
from tests.emulators.telegram.things import Json, Message


def edit_text(call: Call) -> Json:
    """Another text, and the keyboard that is given with it (none: no keyboard any more)."""
    words, entities = composing.text(call)
    one = mine(call)
    if one.media is not None:
        raise refuse("there is no text in the message to edit")
    return changed(call, one, words=words, entities=entities)


def mine(call: Call) -> Message:
    """The message to edit, which must be the bot's own."""
    where = access.chat(call)
    one = access.message(call, where, "message to edit")
    if one.sender is not call.world.bot or one.service or one.origin:
        raise refuse("message can't be edited")
    return one


def changed(call: Call, one: Message, **changes: Any) -> Json:
    """The message as it is now.

    Raises:
        Refusal: Nothing would be different.
    """
    changes["keyboard"] = markup(call).inline
    if all(getattr(one, name) == value for name, value in changes.items()):
        raise refuse(NOT_MODIFIED)
    call.press.edit(one, **changes)
    return payloads.message(one)


METHODS: Mapping[str, Handler] = {
    "editMessageText": edit_text,
}
