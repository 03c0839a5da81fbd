"""Messages come, change and go, whoever's they are; the bot hears of what it may."""

from dataclasses import dataclass, field
from typing import Any

from tests.emulators.telegram import payloads
from tests.emulators.telegram.privacy import Privacy
from tests.emulators.telegram.things import Chat, ChatKind, Json, Media, Message, Place, Topic, User, chat_of
from tests.emulators.telegram.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a message shall say and show."""

    words: str = ""
    entities: list[Json] = field(default_factory=list)
    media: Media | None = None
    album: str = ""
    reply_to: Message | None = None
    keyboard: list[list[Json]] = field(default_factory=list)
    asks_for: Json = field(default_factory=dict)
    spoiler: bool = False
    above: bool = False
    protected: bool = False
    silent: bool = False
    preview: Json = field(default_factory=dict)
    origin: Json = field(default_factory=dict)


class Press:
    """Makes every message there is."""

    def __init__(self, world: World, privacy: Privacy) -> None:
        self.world = world
        self.privacy = privacy

    def post(
        self,
        place: Place,
        sender: User | None,
        draft: Draft,
        *,
        sender_chat: Chat | None = None,
        automatic: bool = False,
        service: Json | None = None,
        message_id: int | None = None,
    ) -> Message:
        """A new message."""
        chat = chat_of(place)
        made = Message(
            id=message_id or self.world.message_id(chat),
            chat=chat,
            date=self.world.clock.now(),
            sender=sender,
            sender_chat=sender_chat,
            topic=self.topic(place, draft.reply_to),
            automatic=automatic,
            service=service or {},
            **{name: getattr(draft, name) for name in Draft.__dataclass_fields__},
        )
        if chat.kind is ChatKind.SUPERGROUP and not chat.forum and draft.reply_to is not None:
            made.thread = draft.reply_to.thread or draft.reply_to.id
        chat.messages[made.id] = made
        self.world.messages.append(made)
        self._tell(made)
        return made

    def topic(self, place: Place, reply_to: Message | None) -> Topic | None:
        """Where in a forum: the topic named, that of the message replied to, else General."""
        if isinstance(place, Topic):
            return place
        if not place.forum:
            return None
        return reply_to.topic if reply_to is not None and reply_to.topic else place.topics.get(1)

    def edit(self, one: Message, **changes: Any) -> None:
        """What a message says and shows from now on."""
        for name, value in changes.items():
            setattr(one, name, value)
        one.edited = self.world.clock.now()
        one.edits += 1
        self._tell(one, edited=True)

    def delete(self, one: Message) -> None:
        """It is gone for everybody; no update tells the bot."""
        one.deleted = True
        self.world.changed()

    def _tell(self, one: Message, *, edited: bool = False) -> None:
        if one.sender is not self.world.bot and self.privacy.hears(self.world, one):
            self.world.told(payloads.update_kind(one, edited=edited), payloads.message(one))
        else:
            self.world.changed()
