"""What exists on this Discord, and nothing about how it is asked for: people, servers, channels, messages.

Objects are compared by identity and changed in place, by `world` and `posting` alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any

from tests.emulators.discord.permissions import Permission

Json = dict[str, Any]

MIB = 1024 * 1024
UPLOAD = 10 * MIB
BOOSTED = {0: UPLOAD, 1: UPLOAD, 2: 50 * MIB, 3: 100 * MIB}
"""Bytes per attachment by boost tier."""

EPHEMERAL = 1 << 6
LOADING = 1 << 7
SILENT = 1 << 12
COMPONENTS_V2 = 1 << 15


class ChannelType(IntEnum):
    """https://docs.discord.com/developers/resources/channel#channel-object-channel-types"""

    TEXT = 0
    DM = 1
    VOICE = 2
    GROUP_DM = 3
    CATEGORY = 4
    ANNOUNCEMENT = 5
    ANNOUNCEMENT_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15
    MEDIA = 16


THREADS = {ChannelType.ANNOUNCEMENT_THREAD, ChannelType.PUBLIC_THREAD, ChannelType.PRIVATE_THREAD}
DIRECTS = {ChannelType.DM, ChannelType.GROUP_DM}
FORUMS = {ChannelType.FORUM, ChannelType.MEDIA}


@dataclass(slots=True, kw_only=True, eq=False)
class User:
    """An account. `upload_bytes` is its own limit (Nitro); `installed`: it has the application for itself."""

    id: int
    name: str
    bot: bool = False
    avatar: bytes | None = None
    locale: str = "en-GB"
    upload_bytes: int = UPLOAD
    accepts_direct: bool = True
    installed: bool = False

    @property
    def mention(self) -> str:
        """As a text names them."""
        return f"<@{self.id}>"


@dataclass(slots=True, kw_only=True, eq=False)
class Role:
    """A role of a server."""

    id: int
    name: str
    permissions: Permission
    position: int = 1


@dataclass(slots=True, kw_only=True, eq=False)
class Member:
    """Somebody in a server, with the roles they wear."""

    user: User
    joined_at: datetime
    roles: list[Role] = field(default_factory=list)
    nick: str | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class Guild:
    """A server. `blocked` are words that its automatic moderation lets nobody write, bots included."""

    id: int
    name: str
    owner: User
    everyone: Role
    tier: int = 0
    locale: str = "en-GB"
    blocked: list[str] = field(default_factory=list)
    members: dict[int, Member] = field(default_factory=dict)
    roles: dict[int, Role] = field(default_factory=dict)
    active_threads: int = 1000

    @property
    def upload_bytes(self) -> int:
        """What one attachment may weigh here."""
        return BOOSTED[self.tier]


@dataclass(slots=True, kw_only=True, eq=False)
class Channel:
    """A channel, thread, forum or direct message."""

    id: int
    type: ChannelType
    name: str = ""
    guild: Guild | None = None
    parent: "Channel | None" = None
    nsfw: bool = False
    overwrites: dict[int, tuple[Permission, Permission]] = field(default_factory=dict)
    """By id of a role or user: what is denied and what is allowed."""
    recipients: list[User] = field(default_factory=list)
    owner: User | None = None
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    auto_archive: int = 1440
    touched: datetime | None = None
    inside: list[User] = field(default_factory=list)
    tags: list[tuple[int, str]] = field(default_factory=list)
    applied: list[int] = field(default_factory=list)
    needs_tag: bool = False
    messages: "dict[int, Message]" = field(default_factory=dict)

    @property
    def is_thread(self) -> bool:
        """Whether it hangs below another channel."""
        return self.type in THREADS


@dataclass(slots=True, kw_only=True, eq=False)
class Attachment:
    """A file on the CDN. `folder` is what its address begins with."""

    id: int
    filename: str
    data: bytes
    content_type: str
    folder: str
    description: str | None = None
    ephemeral: bool = False
    size: tuple[int, int] | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class Message:
    """A message. `only_for`: an ephemeral one. `pinged`: who was notified when it came; edits notify nobody."""

    id: int
    channel: Channel
    author: User
    type: int = 0
    content: str = ""
    flags: int = 0
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    mentions: list[User] = field(default_factory=list)
    mention_roles: list[int] = field(default_factory=list)
    mention_everyone: bool = False
    pinged: list[User] = field(default_factory=list)
    reference: "Message | None" = None
    nonce: str | int | None = None
    edited: datetime | None = None
    edits: int = 0
    only_for: User | None = None
    metadata: Json | None = None
    by_webhook: bool = False
    thread: Channel | None = None
    reactions: dict[str, list[User]] = field(default_factory=dict)
    deleted: bool = False

    @property
    def ephemeral(self) -> bool:
        """Whether one person sees it, and no bot token reaches it."""
        return self.only_for is not None

    @property
    def loading(self) -> bool:
        """Whether it still says "thinking…"."""
        return bool(self.flags & LOADING)

    @property
    def pieces(self) -> list[Json]:
        """Every component, however deep, in the order people see."""
        return list(walk(self.components))

    @property
    def buttons(self) -> dict[str, Json]:
        """The buttons by their label (or the name of their emoji)."""
        found = [piece for piece in self.pieces if piece["type"] == 2]
        return {piece.get("label") or piece.get("emoji", {}).get("name", ""): piece for piece in found}

    @property
    def text(self) -> str:
        """Everything written in it: content, embeds, text displays."""
        embeds = [str(embed.get(key, "")) for embed in self.embeds for key in ("title", "description")]
        shown = [piece["content"] for piece in self.pieces if piece["type"] == 10]
        return "\n".join(filter(None, [self.content, *embeds, *shown]))


def walk(components: Iterable[Json]) -> Iterable[Json]:
    """Components with what they contain, depth first."""
    for one in components:
        yield one
        inner = [one[key] for key in ("component", "accessory") if isinstance(one.get(key), dict)]
        yield from walk([*(one.get("components") or []), *inner])


@dataclass(slots=True, kw_only=True, eq=False)
class Application:
    """The bot's application: its account, who owns it, and the commands it registered (by server; None: global)."""

    id: int
    name: str
    user: User
    token: str
    owner: User
    team: list[User] = field(default_factory=list)
    intents_allowed: int = 0
    commands: dict[int | None, list[Json]] = field(default_factory=dict)
