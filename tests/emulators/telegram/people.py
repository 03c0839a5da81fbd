"""A person's hands: everything somebody with a phone could do, and what they see of it.

Whatever their Telegram would not let them do (write where they are not or may not, press a button that is not there)
raises `NotOffered` instead of reaching the bot.
"""

from collections.abc import Sequence

from tests.emulators.telegram import payloads
from tests.emulators.telegram.media import Claim, Upload
from tests.emulators.telegram.menus import offered
from tests.emulators.telegram.posting import Draft
from tests.emulators.telegram.seen import Pressed
from tests.emulators.telegram.speaking import NotOffered, People, Speaker
from tests.emulators.telegram.things import (
    Chat,
    ChatKind,
    MediaKind,
    Message,
    Place,
    Query,
    Topic,
    chat_of,
)


class Person(Speaker):
    """Somebody at `place` (a chat or topic), where everything they do happens; `go` elsewhere to act there."""

    @property
    def offered(self) -> list[str]:
        """The commands in the bot's menu for them here."""
        return offered(self._world, self.user, self.chat)

    # --- talking ---

    def start(self, parameter: str = "") -> Message:
        """Press Start in the private chat, as by a link with `?start=parameter`."""
        self.go()
        return self.type(f"/start {parameter}".strip())

    def type(self, text: str, /, *, reply_to: Message | None = None, naming: People | None = None) -> Message:
        """A text. `naming`: people without a username, by the word that mentions them."""
        return self._say(Draft(words=text, entities=self._marks(text, naming), reply_to=reply_to))

    def photo(
        self, data: bytes, caption: str = "", /, *, reply_to: Message | None = None, spoiler: bool = False
    ) -> Message:
        """A photo, made small by Telegram."""
        return self._show(
            self._world.shelf.photo(Upload(filename="photo.jpg", data=data)), caption, reply_to, spoiler=spoiler
        )

    def video(self, data: bytes, caption: str = "", /, *, reply_to: Message | None = None) -> Message:
        """A video."""
        upload = Upload(filename="video.mp4", data=data, mime="video/mp4")
        return self._show(self._world.shelf.video(upload, Claim()), caption, reply_to)

    def animation(self, data: bytes, caption: str = "", /, *, reply_to: Message | None = None) -> Message:
        """A clip without sound."""
        upload = Upload(filename="clip.mp4", data=data, mime="video/mp4")
        return self._show(self._world.shelf.video(upload, Claim(), kind=MediaKind.ANIMATION), caption, reply_to)

    def video_note(self, data: bytes, /, *, reply_to: Message | None = None) -> Message:
        """A round video."""
        upload = Upload(filename="note.mp4", data=data, mime="video/mp4")
        return self._show(self._world.shelf.video(upload, Claim(), kind=MediaKind.VIDEO_NOTE), "", reply_to)

    def audio(
        self, data: bytes, caption: str = "", /, *, seconds: int = 60, reply_to: Message | None = None
    ) -> Message:
        """A piece of music."""
        upload = Upload(filename="song.mp3", data=data, mime="audio/mpeg")
        return self._show(self._world.shelf.sound(upload, seconds, MediaKind.AUDIO), caption, reply_to)

    def document(
        self,
        data: bytes,
        caption: str = "",
        /,
        *,
        name: str = "picture.png",
        mime: str = "image/png",
        reply_to: Message | None = None,
    ) -> Message:
        """A file, sent as it is."""
        media = self._world.shelf.document(Upload(filename=name, data=data, mime=mime))
        return self._show(media, caption, reply_to)

    def voice(self, data: bytes, caption: str = "", /, *, seconds: int = 3, reply_to: Message | None = None) -> Message:
        """A voice note."""
        media = self._world.shelf.sound(Upload(filename="voice.oga", data=data, mime="audio/ogg"), seconds)
        return self._show(media, caption, reply_to)

    def sticker(self, data: bytes, /, *, reply_to: Message | None = None) -> Message:
        """A sticker."""
        return self._show(self._world.shelf.sticker(Upload(filename="sticker.webp", data=data)), "", reply_to)

    def album(
        self, pictures: Sequence[bytes], caption: str = "", /, *, reply_to: Message | None = None
    ) -> list[Message]:
        """Two to ten photos at once: a message each, with one `media_group_id`, the caption under the first."""
        if not 2 <= len(pictures) <= 10:
            raise NotOffered("an album has two to ten pictures")
        media = [self._world.shelf.photo(Upload(filename="photo.jpg", data=data)) for data in pictures]
        album = str(13_000_000_000_000_000 + self._world.draw())
        return [self._show(one, "" if n else caption, reply_to, album=album) for n, one in enumerate(media)]

    def forward(self, message: Message, /) -> Message:
        """Somebody's message, shown here."""
        if message.protected or message.chat.protected:
            raise NotOffered("its content is protected")
        origin = message.origin or payloads.origin(message)
        return self._say(Draft(words=message.words, entities=message.entities, media=message.media, origin=origin))

    def edit(self, message: Message, words: str, /) -> Message:
        """Other words in a message of their own."""
        if message.deleted or message.sender is not self.user:
            raise NotOffered("it is not theirs")
        self._press.edit(message, words=words, entities=self._marks(words, None))
        return message

    def delete(self, message: Message, /) -> None:
        """Take a message away: their own, anybody's where they lead, or in private. No update tells the bot."""
        member = self._world.member(message.chat, self.user)
        if message.sender is not self.user and not member.leads and message.chat.kind is not ChatKind.PRIVATE:
            raise NotOffered("it is not theirs to delete")
        self._press.delete(message)

    # --- touching ---

    def press(self, message: Message, button: str, /) -> Pressed:
        """A button, by its label or its data. Anybody who sees it may."""
        found = message.buttons.get(button) or next(
            (one for one in message.buttons.values() if one.get("callback_data") == button), None
        )
        if message.deleted or found is None or "callback_data" not in found:
            raise NotOffered(f"there is no button {button!r} to press; there are {list(message.buttons)}")
        return self.press_data(message, str(found["callback_data"]))

    def press_data(self, message: Message, data: str, /) -> Pressed:
        """What a forged client sends: any data at all, under any message, deleted or not."""
        query = Query(
            id=str(4_000_000_000_000 + self._world.draw()),
            user=self.user,
            message=message,
            data=data,
            at=self._world.clock.now(),
        )
        self._world.queries[query.id] = query
        self._world.told("callback_query", payloads.query(query))
        return Pressed(query, self._bell)

    def react(self, message: Message, emoji: str = "", /) -> None:
        """One emoji, or none any more."""
        old = [given for given, people in message.reactions.items() if self.user in people]
        for given in old:
            message.reactions[given].remove(self.user)
        if emoji:
            message.reactions.setdefault(emoji, []).append(self.user)
        message.reactions = {given: people for given, people in message.reactions.items() if people}
        member = self._world.member(message.chat, self._world.bot)
        if message.chat.kind is not ChatKind.PRIVATE and not member.leads:
            return self._world.changed()
        body = {
            "chat": payloads.chat(message.chat),
            "message_id": message.id,
            "user": payloads.user(self.user),
            "date": self._world.seconds(),
            "old_reaction": [{"type": "emoji", "emoji": each} for each in old],
            "new_reaction": [{"type": "emoji", "emoji": emoji}] if emoji else [],
        }
        return self._world.told("message_reaction", body)

    # --- coming and going ---

    def join(self, chat: Chat, /) -> None:
        """Come into a group, by themselves, and stand there."""
        self._standing.arrive(chat, self.user, by=self.user)
        self.place = chat

    def leave(self, chat: Chat | None = None, /) -> None:
        """Go out of a group."""
        self._standing.go(chat or self.chat, self.user, by=self.user)

    def block(self) -> None:
        """Let the bot write no more."""
        self._standing.private(self._world.private(self.user), blocked=True)

    def unblock(self) -> None:
        """Let it write again."""
        self._standing.private(self._world.private(self.user), blocked=False)

    # --- looking ---

    def sees(self, place: Place | None = None) -> list[Message]:
        """The messages that stand in a chat or topic, oldest first."""
        where = place or self.place
        there = [one for one in chat_of(where).messages.values() if not one.deleted]
        if isinstance(where, Topic):
            there = [one for one in there if one.topic is where]
        return sorted(there, key=lambda one: one.id)

    @property
    def pings(self) -> list[Message]:
        """The bot's messages that notified them: in private, replies to them, mentions of them."""
        mine = [one for one in self._world.messages if one.sender is self._world.bot and not one.silent]
        return [one for one in mine if self._called(one)]

    def _called(self, one: Message) -> bool:
        replied = one.reply_to is not None and one.reply_to.sender is self.user
        named_here = any(each.get("user", {}).get("id") == self.id for each in one.entities)
        at = f"@{self.user.username}".lower()
        mentioned = bool(self.user.username) and at in one.words.lower()
        return one.chat.person is self.user or replied or named_here or mentioned
