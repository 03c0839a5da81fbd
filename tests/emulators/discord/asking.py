"""Interactions as the gateway tells them: who asks, where, with what. Built only from what the person could really do.

https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object
"""

from collections.abc import Mapping
from typing import Any

from tests.emulators.discord import guild_payloads, payloads
from tests.emulators.discord.interactions import Interaction, Kind
from tests.emulators.discord.permissions import DIRECT, Permission
from tests.emulators.discord.posting import Press, Upload
from tests.emulators.discord.things import Channel, ChannelType, Json, Message, User
from tests.emulators.discord.world import World

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(1, 12)
GUILD, BOT_DIRECT, PRIVATE = 0, 1, 2


class NotOffered(AssertionError):
    """The person's own Discord would not let them do this: no such command, button, choice or permission."""


def context(world: World, where: Channel) -> int:
    """Which of the three surfaces a place is."""
    if where.guild is not None:
        return GUILD
    return BOT_DIRECT if world.bot in where.recipients else PRIVATE


def installed(world: World, user: User, where: Channel) -> Json:
    """Through which installations the application is here, with whose they are."""
    owners: Json = {}
    if where.guild is not None and world.bot.id in where.guild.members:
        owners["0"] = str(where.guild.id)
    elif context(world, where) == BOT_DIRECT:
        owners["0"] = "0"
    if user.installed:
        owners["1"] = str(user.id)
    return owners


def offered(world: World, user: User, where: Channel) -> list[Json]:
    """The commands that the person's Discord offers there."""
    granted, here = world.permissions(user, where), installed(world, user, where)
    if not granted & Permission.USE_APPLICATION_COMMANDS and where.guild is not None:
        return []
    scopes = [None, where.guild.id] if where.guild and "0" in here else [None]
    known = [one for scope in scopes for one in world.application.commands.get(scope, [])]
    return [one for one in known if fits(one, context(world, where), here, granted, nsfw=is_nsfw(where))]


def is_nsfw(where: Channel) -> bool:
    """Whether a place is age-restricted; threads inherit it, direct messages are for adults here."""
    return where.guild is None or (where.parent or where).nsfw


def fits(one: Json, surface: int, here: Json, granted: Permission, *, nsfw: bool) -> bool:
    """Whether a command may be used on a surface."""
    types = {str(each) for each in one.get("integration_types", [0])}
    surfaces = one.get("contexts")
    needed = one.get("default_member_permissions")
    asks = Permission(int(needed)) if needed is not None else Permission(0)
    admin_only = needed is not None and not asks
    permitted = granted & Permission.ADMINISTRATOR or (not admin_only and asks & granted == asks)
    surface_ok = surface in surfaces if surfaces else surface != PRIVATE or "1" in types
    return (
        bool(types & set(here)) and surface_ok and (surface != GUILD or bool(permitted)) and (nsfw or not one["nsfw"])
    )


def envelope(world: World, user: User, where: Channel, kind: Kind, data: Json) -> Json:
    """Everything around `data`, as INTERACTION_CREATE has it."""
    granted = world.permissions(user, where)
    interaction_id = world.clock.snowflake()
    body: Json = {
        "id": str(interaction_id),
        "application_id": str(world.application.id),
        "type": int(kind),
        "token": f"token-of-interaction-{interaction_id}",
        "version": 1,
        "data": data,
        "channel_id": str(where.id),
        "channel": payloads.channel(where) | {"permissions": str(int(granted))},
        "app_permissions": str(int(app_permissions(world, user, where))),
        "locale": user.locale,
        "entitlements": [],
        "authorizing_integration_owners": installed(world, user, where),
        "context": context(world, where),
        "attachment_size_limit": upload_bytes(user, where),
    }
    if where.guild is None:
        return body | {"user": payloads.user(user)}
    member = payloads.member(where.guild.members[user.id]) | {"permissions": str(int(granted))}
    guild = {"guild_id": str(where.guild.id), "guild_locale": where.guild.locale, "member": member}
    return body | guild | {"guild": guild_payloads.guild_reference(where.guild)}


def app_permissions(world: World, user: User, where: Channel) -> Permission:
    """What the application may do there in an answer: the bot's own, or what the person lends it."""
    if where.guild is None:
        return DIRECT
    if world.bot.id in where.guild.members:
        return world.permissions(world.bot, where)
    return world.permissions(user, where)


def upload_bytes(user: User, where: Channel) -> int:
    """What an answer's attachment may weigh: the better of the server's and the person's own limit."""
    return max(user.upload_bytes, where.guild.upload_bytes if where.guild else 0)


def interaction(world: World, user: User, where: Channel, kind: Kind, data: Json, **more: Any) -> Interaction:
    """The whole thing, ready to be told."""
    payload = envelope(world, user, where, kind, data)
    alone = "0" not in payload["authorizing_integration_owners"] and where.guild is not None
    silenced = alone and not world.permissions(user, where) & Permission.USE_EXTERNAL_APPS
    return Interaction(
        id=int(payload["id"]),
        token=payload["token"],
        kind=kind,
        user=user,
        channel=where,
        payload=payload,
        upload_bytes=payload["attachment_size_limit"],
        alone=alone,
        forced_private=silenced,
        **more,
    )


class Filling:
    """Fills a command's options as a person would, refusing what their Discord would refuse to send."""

    def __init__(self, world: World, press: Press, user: User, where: Channel) -> None:
        self._world = world
        self._press = press
        self._user = user
        self._where = where
        self.resolved: Json = {}

    def options(self, offers: list[Json], given: Mapping[str, Any], focused: str | None = None) -> list[Json]:
        """The options of a command, in the order the person gave them.

        Raises:
            NotOffered: For an option, choice or length that is not offered, or one that is missing.
        """
        known = {one["name"]: one for one in offers}
        if unknown := set(given) - set(known):
            raise NotOffered(f"there is no option {sorted(unknown)}; there are {sorted(known)}")
        missing = [name for name, one in known.items() if one.get("required") and name not in given]
        if missing and focused is None:
            raise NotOffered(f"the options {missing} are required")
        return [self._option(known[name], value, focused=name == focused) for name, value in given.items()]

    def _option(self, offer: Json, value: Any, *, focused: bool) -> Json:
        body: Json = {"name": offer["name"], "type": offer["type"]}
        if focused:
            return body | {"value": value, "focused": True}
        return body | {"value": self._value(offer, value)}

    def _value(self, offer: Json, value: Any) -> Any:
        name = offer["name"]
        match offer["type"]:
            case 3 | 4 | 10:
                return written(offer, value)
            case 5 if isinstance(value, bool):
                return value
            case 6 if isinstance(getattr(value, "user", value), User):
                return self.user(getattr(value, "user", value))
            case 7 if isinstance(value, Channel):
                self.resolved.setdefault("channels", {})[str(value.id)] = payloads.channel(value)
                return str(value.id)
            case 11 if isinstance(value, (bytes, Upload)):
                return self.upload(value)
            case _:
                raise NotOffered(f"{name} takes no {type(value).__name__}")

    def user(self, one: User) -> str:
        """Somebody who is named in an option."""
        self.resolved.setdefault("users", {})[str(one.id)] = payloads.user(one)
        if self._where.guild and one.id in self._where.guild.members:
            member = payloads.member(self._where.guild.members[one.id], with_user=False)
            granted = int(self._world.permissions(one, self._where))
            self.resolved.setdefault("members", {})[str(one.id)] = member | {"permissions": str(granted)}
        return str(one.id)

    def upload(self, value: bytes | Upload) -> str:
        """A file that is already on the CDN when the interaction comes."""
        one = value if isinstance(value, Upload) else Upload(filename="image.png", data=value)
        if len(one.data) > upload_bytes(self._user, self._where):
            raise NotOffered(f"{one.filename} is too large to be sent")
        made = self._press.attach(one, f"ephemeral-attachments/{self._world.application.id}", ephemeral=True)
        self.resolved.setdefault("attachments", {})[str(made.id)] = payloads.attachment(made, self._press.signed)
        return str(made.id)


def written(offer: Json, value: Any) -> Any:
    """A text or number within the option's choices and bounds."""
    name, choices = offer["name"], offer.get("choices")
    if choices:
        chosen = [one["value"] for one in choices if value in (one["value"], one["name"])]
        if not chosen:
            raise NotOffered(f"{value!r} is no choice of {name}")
        return chosen[0]
    fitting: tuple[type, ...] = {STRING: (str,), INTEGER: (int,), NUMBER: (int, float)}[offer["type"]]
    if not isinstance(value, fitting) or isinstance(value, bool):
        raise NotOffered(f"{name} takes no {value!r}")
    text = isinstance(value, str)
    size: Any = len(str(value)) if text else value
    key = "length" if text else "value"
    low, high = offer.get(f"min_{key}"), offer.get(f"max_{key}", 6000 if text else None)
    if (low is not None and size < low) or (high is not None and size > high):
        raise NotOffered(f"{value!r} is out of bounds for {name}")
    return value


def message_here(user: User, message: Message) -> None:
    """Whether the person can act on a message.

    Raises:
        NotOffered: It is deleted or somebody else's own.
    """
    if message.deleted or message.only_for not in {None, user}:
        raise NotOffered("the message is not there for them")
    if message.channel.type is ChannelType.FORUM:
        raise NotOffered("a forum holds no messages")
