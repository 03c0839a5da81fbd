"""The routes whose key is an interaction's token: the first answer, the original message, follow-ups.

https://docs.discord.com/developers/interactions/receiving-and-responding
"""

from collections.abc import Mapping
from typing import Any

from tests.emulators.discord.calls import NOTHING, Answer, Call, Route
from tests.emulators.discord.interactions import Callback, Interaction, Kind
from tests.emulators.discord.modal_limits import check_modal
from tests.emulators.discord.refusals import Problems, invalid, refuse
from tests.emulators.discord.things import EPHEMERAL, Json, Message, User

ONLY_USERS = ("users",)
"""Which mentions count in an interaction's answer when nothing is said."""

CHOICES = 25

CHAT_COMMAND, MENU_COMMAND = 20, 23
"""Types of messages that answer a command."""


def callback(call: Call) -> Answer:
    """The first answer, within three seconds and once."""
    one = call.parts.interactions.to_acknowledge(call.id("interaction"), call.arguments["token"])
    kind = call.given.get("type")
    data = call.given.get("data") or {}
    allowed = {Callback.CHOICES} if one.kind is Kind.AUTOCOMPLETE else set(Callback) - {Callback.CHOICES}
    if one.kind is Kind.MODAL:
        allowed -= {Callback.MODAL}
    if one.source is None:
        allowed -= {Callback.DEFER_UPDATE, Callback.UPDATE}
    if kind not in allowed:
        raise invalid([("type", "INTERACTION_CALLBACK_TYPE_INVALID", f"Value must be one of {sorted(allowed)}.")])
    answer(call, one, Callback(kind), data)
    one.callback = Callback(kind)
    call.world.told("INTERACTION_ANSWERED", one, one.channel.guild)
    if call.query.get("with_response", "").lower() not in {"1", "true"}:
        return NOTHING
    return Answer(body=told(call, one))


def answer(call: Call, one: Interaction, kind: Callback, data: Json) -> None:
    """Do what the first answer says."""
    match kind:
        case Callback.MESSAGE:
            one.original = say(call, one, data)
        case Callback.DEFER:
            one.original = deferred(call, one, data)
        case Callback.DEFER_UPDATE:
            one.original = one.source
        case Callback.UPDATE:
            one.original = updated(call, one, data)
        case Callback.CHOICES:
            one.choices = checked_choices(data)
        case Callback.MODAL:
            check_modal(data)
            one.modal = data


def deferred(call: Call, one: Interaction, data: Json) -> Message:
    """A placeholder, public or private for good."""
    if (data.get("flags") or 0) & ~EPHEMERAL:
        words = "Only the EPHEMERAL flag can be set on a deferred response"
        raise invalid([("data.flags", "INTERACTION_DEFERRED_FLAGS_INVALID", words)])
    return call.press.placeholder(one.channel, call.world.bot, wants_private(one, data), metadata(call, one))


def updated(call: Call, one: Interaction, data: Json) -> Message | None:
    """The message whose component was pressed, changed."""
    if one.source is not None:
        call.press.edit(one.source, data, call.files, limit_bytes=one.upload_bytes)
    return one.source


def wants_private(one: Interaction, data: Mapping[str, Any]) -> User | None:
    """Whom an answer is for, if for one person only."""
    return one.user if (data.get("flags") or 0) & EPHEMERAL or one.forced_private else None


def metadata(call: Call, one: Interaction) -> Json:
    """What a message tells of the interaction behind it, as fields of `Message`."""
    told_of: Json = {
        "id": str(one.id),
        "type": int(one.kind),
        "user": one.payload["member"]["user"] if "member" in one.payload else one.payload["user"],
        "authorizing_integration_owners": one.payload["authorizing_integration_owners"],
    }
    if one.kind is Kind.COMMAND:
        told_of |= {"name": one.payload["data"]["name"], "command_type": one.payload["data"]["type"]}
    elif one.kind is Kind.COMPONENT and one.source:
        told_of["interacted_message_id"] = str(one.source.id)
    elif one.kind is Kind.MODAL:
        told_of["triggering_interaction_metadata"] = one.behind
    fields: Json = {"metadata": told_of, "by_webhook": True}
    if one.kind is not Kind.COMMAND:
        return fields | {"type": 0}
    return fields | {"type": CHAT_COMMAND if one.payload["data"]["type"] == 1 else MENU_COMMAND}


def say(call: Call, one: Interaction, data: Json) -> Message:
    """A message as an answer."""
    private = wants_private(one, data)
    call.press.check(data, call.files, one.upload_bytes)
    return call.press.create(
        one.channel,
        call.world.bot,
        data,
        call.files,
        only_for=private,
        extra=metadata(call, one),
        parsed=ONLY_USERS,
    )


def checked_choices(data: Json) -> list[Json]:
    """At most twenty-five suggestions, each with a name and a value that fit."""
    problems, choices = Problems(), data.get("choices") or []
    if len(choices) > CHOICES:
        problems.length("data.choices", choices, 0, CHOICES)
    for index, each in enumerate(choices):
        problems.length(f"data.choices.{index}.name", each.get("name"), 1, 100)
        if isinstance(each.get("value"), str):
            problems.length(f"data.choices.{index}.value", each["value"], 1, 100)
    problems.raise_any()
    return choices


def told(call: Call, one: Interaction) -> Json:
    """What `with_response` gives back."""
    body: Json = {"id": str(one.id), "type": int(one.kind), "channel_id": str(one.channel.id)}
    if one.channel.guild:
        body["guild_id"] = str(one.channel.guild.id)
    if one.original is not None:
        body |= {
            "response_message_id": str(one.original.id),
            "response_message_loading": one.original.loading,
            "response_message_ephemeral": one.original.ephemeral,
        }
    answered: Json = {"interaction": body}
    if one.callback in {Callback.MESSAGE, Callback.UPDATE} and one.original is not None:
        answered["resource"] = {"type": int(one.callback), "message": call.press.payload(one.original)}
    return answered


def follow_up(call: Call) -> Answer:
    """Another message. The first one after a deferral takes the placeholder's place (deprecated, and still so)."""
    one = following(call)
    body = call.given
    call.press.check(body, call.files, one.upload_bytes)
    if one.original is not None and one.original.loading:
        call.press.edit(one.original, body, call.files, limit_bytes=one.upload_bytes)
        return Answer(body=call.press.payload(one.original))
    call.parts.interactions.allow_follow_up(one)
    message = say(call, one, body)
    message.type, message.reference = 0, message.reference or one.original
    one.follow_ups.append(message)
    call.world.told("INTERACTION_ANSWERED", one, one.channel.guild)
    return Answer(body=call.press.payload(message))


def following(call: Call) -> Interaction:
    """The interaction of a webhook route."""
    if call.id("application") != call.world.application.id:
        raise refuse(10015)
    return call.parts.interactions.to_follow(call.arguments["token"])


def get_message(call: Call) -> Answer:
    """A message of the interaction, ephemeral ones too."""
    one = following(call)
    return Answer(body=call.press.payload(call.parts.interactions.found(one, call.arguments["message"])))


def edit_message(call: Call) -> Answer:
    """Change a message of the interaction."""
    one = following(call)
    message = call.parts.interactions.found(one, call.arguments["message"])
    call.press.edit(message, call.given, call.files, limit_bytes=one.upload_bytes)
    return Answer(body=call.press.payload(message))


def delete_message(call: Call) -> Answer:
    """Take a message of the interaction away."""
    call.press.delete(call.parts.interactions.found(following(call), call.arguments["message"]))
    return NOTHING


HOOK = "/webhooks/{application}/{token}"

ROUTES = [
    Route(method="POST", path="/interactions/{interaction}/{token}/callback", handler=callback, public=True),
    Route(method="POST", path=HOOK, handler=follow_up, public=True),
    Route(method="GET", path=f"{HOOK}/messages/{{message}}", handler=get_message, public=True),
    Route(method="PATCH", path=f"{HOOK}/messages/{{message}}", handler=edit_message, public=True),
    Route(method="DELETE", path=f"{HOOK}/messages/{{message}}", handler=delete_message, public=True),
]
