"""What exists in a Telegram: people, chats, topics, files, messages. Values that change; nothing here decides anything.

https://core.telegram.org/bots/api#available-types
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from typing_extensions import override

Json = dict[str, Any]

ANONYMOUS = 1_087_968_824
"""@GroupAnonymousBot: who speaks for administrators that hide behind their group."""
CHANNEL_BOT = 136_817_688
"""@Channel_Bot: who speaks for people that hide behind a channel."""
SERVICE = 777_000
"""Telegram itself, which forwards a linked channel's posts."""


class ChatKind(StrEnum):
    """https://core.telegram.org/bots/api#chat"""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class Status(StrEnum):
    """https://core.telegram.org/bots/api#chatmember"""

    OWNER = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    RESTRICTED = "restricted"
    LEFT = "left"
    KICKED = "kicked"


class Right(StrEnum):
    """What an ordinary member may do, by default or by a restriction of their own."""

    TEXT = "can_send_messages"
    AUDIOS = "can_send_audios"
    DOCUMENTS = "can_send_documents"
    PHOTOS = "can_send_photos"
    VIDEOS = "can_send_videos"
    VIDEO_NOTES = "can_send_video_notes"
    VOICES = "can_send_voice_notes"
    POLLS = "can_send_polls"
    OTHER = "can_send_other_messages"
    PREVIEWS = "can_add_web_page_previews"
    REACT = "can_react_to_messages"
    EDIT_TAG = "can_edit_tag"
    INFO = "can_change_info"
    INVITE = "can_invite_users"
    PIN = "can_pin_messages"
    TOPICS = "can_manage_topics"


EVERY_RIGHT = frozenset(Right)

LEADING = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)
"""What every administrator has or has not; the last one came after the published description."""
LEADING_IN = {
    ChatKind.GROUP: ("can_pin_messages",),
    ChatKind.SUPERGROUP: ("can_pin_messages", "can_manage_topics", "can_manage_tags"),
    ChatKind.CHANNEL: ("can_post_messages", "can_edit_messages", "can_manage_direct_messages"),
    ChatKind.PRIVATE: (),
}
"""What they may have besides, by the kind of chat."""


class MediaKind(StrEnum):
    """The field of a message that holds it."""

    PHOTO = "photo"
    VIDEO = "video"
    DOCUMENT = "document"
    ANIMATION = "animation"
    AUDIO = "audio"
    VIDEO_NOTE = "video_note"
    VOICE = "voice"
    STICKER = "sticker"


@dataclass(slots=True, kw_only=True, eq=False)
class User:
    """An account. `language` is what their Telegram speaks (`pt-BR`), empty when it does not tell."""

    id: int
    name: str
    username: str = ""
    language: str = "en"
    bot: bool = False
    deactivated: bool = False
    photos: "list[Media]" = field(default_factory=list)


@dataclass(slots=True, kw_only=True, eq=False)
class File:
    """Bytes on Telegram's servers. `name` and `mime` are the uploader's; a download tells neither."""

    id: str
    unique_id: str
    data: bytes = field(repr=False)
    path: str
    name: str = ""
    mime: str = ""


@dataclass(slots=True, kw_only=True, eq=False)
class Picture:
    """A file that is a picture of so many pixels."""

    file: File
    width: int
    height: int


@dataclass(slots=True, kw_only=True, eq=False)
class Media:
    """What hangs on a message. A photo is its `sizes`, smallest first; the rest have one `file`."""

    kind: MediaKind
    file: File
    sizes: list[Picture] = field(default_factory=list)
    width: int = 0
    height: int = 0
    duration: int = 0
    thumbnail: Picture | None = None
    cover: list[Picture] = field(default_factory=list)
    supports_streaming: bool = False

    @property
    def data(self) -> bytes:
        """The bytes people would save."""
        return self.file.data


@dataclass(slots=True, kw_only=True, eq=False)
class Member:
    """Somebody's standing in a chat. `rights`: what a restricted one has left, what an administrator has."""

    user: User
    status: Status = Status.MEMBER
    rights: frozenset[str] = EVERY_RIGHT
    anonymous: bool = False
    title: str = ""

    @property
    def inside(self) -> bool:
        """Whether they are there."""
        return self.status not in {Status.LEFT, Status.KICKED}

    @property
    def leads(self) -> bool:
        """Whether they are an administrator or the owner."""
        return self.status in {Status.OWNER, Status.ADMINISTRATOR}


@dataclass(slots=True, kw_only=True, eq=False)
class Topic:
    """A forum's topic. General's id is 1, and its messages carry none."""

    id: int
    chat: "Chat"
    name: str
    closed: bool = False
    deleted: bool = False


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class Chat:
    """A place where messages stand. A private one has a `person`, who has `started` the bot or not."""

    id: int
    kind: ChatKind
    title: str = ""
    username: str = ""
    person: User | None = None
    started: bool = False
    blocked: bool = False
    members: dict[int, Member] = field(default_factory=dict)
    messages: "dict[int, Message]" = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    forum: bool = False
    rights: frozenset[Right] = EVERY_RIGHT
    slow_mode_s: int = 0
    protected: bool = False
    linked: "Chat | None" = None
    upgraded_to: "Chat | None" = None
    schedules_videos: bool = False
    """So big that a video has no id yet when its sender is told: 0, which is good for nothing."""
    hides_members: bool = False
    """Only administrators may look up who is in it."""
    reactions: frozenset[str] | None = None
    """The emoji that may be reacted with; None: all of them."""

    @override
    def __repr__(self) -> str:
        return f"<{self.kind} {self.id} {self.title or (self.person and self.person.name)!r}>"


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class Message:
    """A message. `words` are its text, or with media its caption; `service` are the fields of a service message."""

    id: int
    chat: Chat
    date: datetime
    sender: User | None = None
    sender_chat: Chat | None = None
    topic: Topic | None = None
    thread: int = 0
    """The first message of a chain of replies outside forums; Telegram calls its id a thread's too."""
    words: str = ""
    entities: list[Json] = field(default_factory=list)
    media: Media | None = None
    album: str = ""
    reply_to: "Message | None" = None
    keyboard: list[list[Json]] = field(default_factory=list)
    asks_for: Json = field(default_factory=dict)
    """A reply keyboard, its removal, or a forced reply."""
    edited: datetime | None = None
    edits: int = 0
    reactions: dict[str, list[User]] = field(default_factory=dict)
    spoiler: bool = False
    above: bool = False
    protected: bool = False
    silent: bool = False
    origin: Json = field(default_factory=dict)
    automatic: bool = False
    preview: Json = field(default_factory=dict)
    service: Json = field(default_factory=dict)
    deleted: bool = False

    @override
    def __repr__(self) -> str:
        who = self.sender.name if self.sender else "nobody"
        what = f" [{self.media.kind}]" if self.media else ""
        return f"<{self.id}{what} {self.words!r} by {who} in {self.chat!r}{' (deleted)' if self.deleted else ''}>"

    @property
    def text(self) -> str:
        """What a message without media says."""
        return "" if self.media else self.words

    @property
    def caption(self) -> str:
        """What stands under its media."""
        return self.words if self.media else ""

    @property
    def buttons(self) -> dict[str, Json]:
        """The buttons by their label, row by row."""
        return {one["text"]: one for row in self.keyboard for one in row}


@dataclass(slots=True, kw_only=True, eq=False)
class Query:
    """A button that was pressed, and what came of it."""

    id: str
    user: User
    message: Message
    data: str
    at: datetime
    answer: Json | None = None


Place = Chat | Topic
"""Where somebody stands: a chat, or one topic of a forum."""


def chat_of(place: Place) -> Chat:
    """The chat a place is in."""
    return place.chat if isinstance(place, Topic) else place
