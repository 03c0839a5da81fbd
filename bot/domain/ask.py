"""What a person asked for, in plain fields; no platform's types in it."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where to answer. `address` is opaque outside its platform (channel, thread, message to reply to)."""

    platform: str
    address: str


OWNERS = "owners"
"""The address, on every platform that has one, of those who own the bot."""

MODERATORS = "moderators"
"""The address of those who look after a group, followed by it and by where they want to be told: "moderators:1:23"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldWhere:
    """Where moderators of a group are told something; `where` is the platform's word for it, as they typed it."""

    group: str
    where: str


def moderators_place(platform: str, group: str, where: str) -> Place:
    """Where a group's moderators are told something; with `where` "" the owners are told."""
    return Place(platform=platform, address=f"{MODERATORS}:{group}:{where}" if where else OWNERS)


def told_where(place: Place) -> ToldWhere | None:
    """Where moderators are told, None when this is no such place."""
    head, _, rest = place.address.partition(":")
    group, colon, where = rest.partition(":")
    return ToldWhere(group=group, where=where) if colon and head == MODERATORS else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody on one platform; several accounts may be linked to one Person. `name` is for display only."""

    platform: str
    id: str
    name: str = ""
    roles: tuple[str, ...] = ()
    is_owner: bool = False
    is_moderator: bool = False

    @property
    def key(self) -> str:
        """The account in one word: "discord:123"."""
        return f"{self.platform}:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file somebody gave. Its platform opens `handle` as a byte stream through the Chat port.

    `name`, `content_type` and `size_bytes` are what the sender claims ("" and None where nothing is claimed), good
    for an early answer and never for a decision. `option` is the option it was given for by name, "" when it was
    just attached. The platform "staged" means `handle` is the hash of media that is already staged. `whose` is
    somebody else who is known to have shown it: their profile photo, or their message that was answered.
    """

    platform: str
    handle: str
    name: str = ""
    content_type: str = ""
    size_bytes: int | None = None
    option: str = ""
    whose: Account | None = None


STAGED = "staged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A command with its options as typed, before any endpoint has looked at them.

    `options` maps common names to typed text ("duration" -> "8"); `model` is what was asked for with `--model`, ""
    for the command's default.
    """

    command: str
    options: Mapping[str, str] = dataclasses.field(default_factory=dict)
    model: str = ""


def grp_of(platform: str, group: str) -> str:
    """A group in one word: "discord:1"; "" in private."""
    return f"{platform}:{group}" if group else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Where something is asked, as rules name it: ids of the thread or topic, its channel, and what those stand in.

    `age_restricted` is what the platform says of the place, None where it says nothing.
    """

    places: tuple[str, ...] = ()
    age_restricted: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A wish with who, where and when.

    `id` is ours (and becomes the Job's); `event_id` is the platform's, unique per platform, so that an event
    delivered twice is one Ask. `group` is the guild or chat, "" in private; `group_name` is for display only.
    `price_seen_microusd` is the price the person agreed to, when one was shown. `named` are the people whose profile
    pictures it uses, `mentioned` those its words name or whose message it answers, as far as the platform knows.
    """

    id: str
    event_id: str
    account: Account
    group: str
    group_name: str = ""
    place: Place
    wish: Wish
    attachments: tuple[Attachment, ...] = ()
    received_at: datetime
    locale: str = "en"
    price_seen_microusd: int | None = None
    surroundings: Surroundings = dataclasses.field(default_factory=Surroundings)
    named: tuple[Account, ...] = ()
    mentioned: tuple[Account, ...] = ()

    @property
    def grp(self) -> str:
        """The group in one word: "discord:1"; "" in private."""
        return grp_of(self.account.platform, self.group)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """An Ask as received. `away`: it waited for us and we asked whether it is still wanted; `confirmed`: it is."""

    ask: Ask
    attempts: int
    away: bool
    confirmed: bool
