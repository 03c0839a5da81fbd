"""Saying something as a person: who it appears to come from, whether their Telegram lets them, where it shows up."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Self

from tests.emulators.bell import Bell
from tests.emulators.telegram import payloads
from tests.emulators.telegram.members import Standing
from tests.emulators.telegram.posting import Draft, Press
from tests.emulators.telegram.texts import named, together
from tests.emulators.telegram.things import Chat, ChatKind, Json, Media, MediaKind, Message, Place, Right, User, chat_of
from tests.emulators.telegram.world import World

WANTED = {
    None: Right.TEXT,
    MediaKind.PHOTO: Right.PHOTOS,
    MediaKind.VIDEO: Right.VIDEOS,
    MediaKind.DOCUMENT: Right.DOCUMENTS,
    MediaKind.AUDIO: Right.AUDIOS,
    MediaKind.VIDEO_NOTE: Right.VIDEO_NOTES,
    MediaKind.VOICE: Right.VOICES,
    MediaKind.ANIMATION: Right.OTHER,
    MediaKind.STICKER: Right.OTHER,
}
People = Mapping[str, "Speaker | User"]


class NotOffered(AssertionError):
    """The person's own Telegram would not let them do this."""


class Speaker:
    """Somebody at `place`, where everything they do happens."""

    def __init__(self, press: Press, standing: Standing, bell: Bell, user: User, at: Place | None) -> None:
        self.user = user
        self.place: Place = at or press.world.private(user)
        self.speaks_as: Chat | None = None
        """A channel of theirs that they write in groups as."""
        self._press = press
        self._standing = standing
        self._bell = bell

    @property
    def id(self) -> int:
        """Their account's."""
        return self.user.id

    @property
    def chat(self) -> Chat:
        """The chat they are at."""
        return chat_of(self.place)

    def go(self, place: Place | None = None) -> Self:
        """To another chat or topic; without one, into their private chat with the bot."""
        self.place = place or self._world.private(self.user)
        return self

    # --- how ---

    @property
    def _world(self) -> World:
        return self._press.world

    def _show(
        self, media: Media, caption: str, reply_to: Message | None, *, spoiler: bool = False, album: str = ""
    ) -> Message:
        marks = self._marks(caption, None)
        return self._say(
            Draft(words=caption, entities=marks, media=media, reply_to=reply_to, spoiler=spoiler, album=album)
        )

    def _say(self, draft: Draft) -> Message:
        chat = self.chat
        self._may(chat, draft)
        if chat.kind is ChatKind.CHANNEL:
            return self._broadcast(chat, draft)
        if self._world.member(chat, self.user).anonymous:
            return self._press.post(self.place, self._world.anonymous, draft, sender_chat=chat)
        if self.speaks_as is not None and chat.kind is not ChatKind.PRIVATE:
            return self._press.post(self.place, self._world.channel_bot, draft, sender_chat=self.speaks_as)
        return self._press.post(self.place, self.user, draft)

    def _broadcast(self, channel: Chat, draft: Draft) -> Message:
        """A channel's post, and what of it appears in the group beside it."""
        post = self._press.post(channel, None, draft, sender_chat=channel)
        if channel.linked is not None:
            copied = replace(draft, origin=payloads.origin(post), reply_to=None)
            self._press.post(channel.linked, self._world.service, copied, sender_chat=channel, automatic=True)
        return post

    def _may(self, chat: Chat, draft: Draft) -> None:
        if chat.kind is ChatKind.PRIVATE:
            if chat.blocked:
                self._standing.private(chat, blocked=False)
            chat.started = True
            return
        member, world = self._world.member(chat, self.user), self._world
        kind = draft.media.kind if draft.media else None
        if not member.inside or chat.upgraded_to is not None:
            raise NotOffered(f"{self.user.name} is not in {chat.title}")
        if WANTED[kind] not in world.rights(chat, self.user):
            raise NotOffered(f"{self.user.name} may send no {kind or 'text'} in {chat.title}")
        topic = self._press.topic(self.place, draft.reply_to)
        if topic is not None and topic.closed and not member.leads:
            raise NotOffered(f"{topic.name} is closed")
        if not draft.album and world.must_wait_s(chat, self.user):
            raise NotOffered("slow mode")

    def _marks(self, text: str, naming: People | None) -> list[Json]:
        people = {word: who.user if isinstance(who, Speaker) else who for word, who in (naming or {}).items()}
        written = {who.id: payloads.user(who) for who in people.values()}
        return together(text, named(text, people, written))
