"""The bot's own messages, by its token: post, look, edit, delete, react.

https://docs.discord.com/developers/resources/message
"""

from datetime import timedelta
from typing import Any

from tests.emulators.discord import access, payloads
from tests.emulators.discord.calls import NOTHING, Answer, Call, Route
from tests.emulators.discord.clock import created
from tests.emulators.discord.permissions import Permission
from tests.emulators.discord.refusals import invalid, refuse
from tests.emulators.discord.things import Channel, Message

NONCE_LIFE = timedelta(minutes=5)
"""Discord says "the past few minutes"."""

PAGE = 100


def post(call: Call) -> Answer:
    """A new message; the same nonce within a few minutes gives the first one back."""
    where = access.channel(call)
    access.to_write(call, where)
    body = call.given
    call.press.check(body, call.files, access.upload_bytes(where))
    if call.files:
        access.allow(call, where, Permission.ATTACH_FILES)
    twin = earlier(call, body) if body.get("enforce_nonce") else None
    if twin is not None:
        return Answer(body=call.press.payload(twin))
    if body.get("nonce") is not None and len(str(body["nonce"])) > 25:
        raise invalid([("nonce", "NONCE_TYPE_TOO_LONG", "Nonces must be under 25 characters")])
    reference = referred(call, where, body)
    extra: dict[str, Any] = {"reference": reference, "type": 19 if reference else 0}
    made = call.press.create(where, call.world.bot, body, call.files, extra=extra)
    return Answer(body=call.press.payload(made))


def earlier(call: Call, body: dict[str, Any]) -> Message | None:
    """The bot's own message with the same nonce, not long ago."""
    nonce, since = body.get("nonce"), call.world.clock.now() - NONCE_LIFE
    if nonce is None:
        return None
    for where in call.world.channels.values():
        for one in where.messages.values():
            same = one.author is call.world.bot and one.nonce is not None and str(one.nonce) == str(nonce)
            if same and not one.deleted and created(one.id) >= since:
                return one
    return None


def referred(call: Call, where: Channel, body: dict[str, Any]) -> Message | None:
    """The message a reply answers to."""
    pointer = body.get("message_reference")
    if not pointer:
        return None
    access.allow(call, where, Permission.READ_MESSAGE_HISTORY)
    found = call.world.message(where, int(pointer["message_id"]))
    if found is None or found.ephemeral:
        if pointer.get("fail_if_not_exists", True):
            raise invalid([("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")])
        return None
    if found.type not in {0, 19, 20, 21, 23}:
        raise invalid(
            [("message_reference", "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE", "Cannot reply to a system message")]
        )
    return found


def get(call: Call) -> Answer:
    """One message."""
    where = access.channel(call, Permission.READ_MESSAGE_HISTORY)
    return Answer(body=call.press.payload(access.message(call, where)))


def history(call: Call) -> Answer:
    """A page of messages, newest first."""
    where = access.channel(call)
    if not access.may(call, where, Permission.READ_MESSAGE_HISTORY):
        return Answer(body=[])
    try:
        limit = int(call.query.get("limit", "50"))
        bounds = {key: int(call.query[key]) for key in ("before", "after", "around") if key in call.query}
    except ValueError:
        raise invalid([("limit", "NUMBER_TYPE_COERCE", "Value is not an integer.")]) from None
    if not 1 <= limit <= PAGE:
        raise invalid([("limit", "NUMBER_TYPE_MAX", f"int value should be between 1 and {PAGE}.")])
    standing = [one for one in where.messages.values() if not one.deleted and not one.ephemeral]
    chosen = sorted((one for one in standing if within(one.id, bounds)), key=lambda one: one.id, reverse=True)
    if "around" in bounds:
        nearest = sorted(chosen, key=lambda one: abs(one.id - bounds["around"]))[:limit]
        chosen = sorted(nearest, key=lambda one: one.id, reverse=True)
    page = chosen[-limit:] if "after" in bounds else chosen[:limit]
    return Answer(body=[call.press.payload(one) for one in page])


def within(message_id: int, bounds: dict[str, int]) -> bool:
    """Whether a message lies between `after` and `before`."""
    return bounds.get("after", -1) < message_id < bounds.get("before", 1 << 64)


def edit(call: Call) -> Answer:
    """Change a message of the bot's own, however old."""
    where = access.channel(call)
    one = access.message(call, where)
    if one.author is not call.world.bot:
        raise refuse(50005)
    if where.archived:
        raise refuse(50083)
    call.press.edit(one, call.given, call.files, limit_bytes=access.upload_bytes(where))
    return Answer(body=call.press.payload(one))


def delete(call: Call) -> Answer:
    """Take a message away: the bot's own, or anybody's with the permission for it."""
    where = access.channel(call)
    one = access.message(call, where)
    if one.author is not call.world.bot:
        if where.guild is None:
            raise refuse(50003)
        access.allow(call, where, Permission.MANAGE_MESSAGES)
    if where.archived:
        raise refuse(50083)
    call.press.delete(one)
    return NOTHING


def react(call: Call) -> Answer:
    """An emoji of the bot's under a message."""
    where = access.channel(call, Permission.READ_MESSAGE_HISTORY)
    one, emoji = access.message(call, where), call.arguments["emoji"]
    if emoji not in one.reactions:
        access.allow(call, where, Permission.ADD_REACTIONS)
    people = one.reactions.setdefault(emoji, [])
    if call.world.bot not in people:
        people.append(call.world.bot)
        call.press.changed(one)
    return NOTHING


def unreact(call: Call) -> Answer:
    """The bot's emoji goes."""
    where = access.channel(call)
    one, emoji = access.message(call, where), call.arguments["emoji"]
    if call.world.bot not in one.reactions.get(emoji, []):
        raise refuse(10014)
    one.reactions[emoji].remove(call.world.bot)
    if not one.reactions[emoji]:
        del one.reactions[emoji]
    call.press.changed(one)
    return NOTHING


def typing(call: Call) -> Answer:
    """The bot is typing."""
    where = access.channel(call)
    access.to_write(call, where)
    return NOTHING


def open_direct(call: Call) -> Answer:
    """The bot's direct channel with somebody, made when it was not there."""
    wanted = str(call.given.get("recipient_id", ""))
    person = call.world.users.get(int(wanted)) if wanted.isdigit() else None
    if person is None or person is call.world.bot:
        raise refuse(50007 if person else 10013)
    return Answer(body=payloads.channel(call.world.direct(person, call.world.bot)))


MESSAGE = "/channels/{channel}/messages/{message}"

ROUTES = [
    Route(method="POST", path="/channels/{channel}/messages", handler=post),
    Route(method="GET", path="/channels/{channel}/messages", handler=history),
    Route(method="GET", path=MESSAGE, handler=get),
    Route(method="PATCH", path=MESSAGE, handler=edit),
    Route(method="DELETE", path=MESSAGE, handler=delete),
    Route(method="PUT", path=f"{MESSAGE}/reactions/{{emoji}}/@me", handler=react),
    Route(method="DELETE", path=f"{MESSAGE}/reactions/{{emoji}}/@me", handler=unreact),
    Route(method="POST", path="/channels/{channel}/typing", handler=typing),
    Route(method="POST", path="/users/@me/channels", handler=open_direct),
]
