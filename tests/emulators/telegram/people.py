"""A person's hands: everything somebody with a phone could do, and what they see of it.

Whatever their Telegram would not let them do (write where they are not, press a button that is not there) raises
`NotOffered` instead of reaching the bot.
"""

from collections.abc import Mapping

from tests.emulators.bell import Bell
from tests.emulators.telegram import payloads
from tests.emulators.telegram.media import Upload
from tests.emulators.telegram.posting import Draft, Press
from tests.emulators.telegram.seen import Pressed
from tests.emulators.telegram.texts import named, together
from tests.emulators.telegram.things import (
    ChatKind,
    Json,
    Media,
    Message,
    Place,
    Query,
    Topic,
    User,
    chat_of,
)
from tests.emulators.telegram.world import World


class NotOffered(AssertionError):
    """The person's own Telegram would not let them do this."""


class Person:
    """Somebody at `place` (a chat or topic), where everything they do happens; `go` elsewhere to act there."""

    def __init__(self, world: World, press: Press, bell: Bell, user: User, at: Place | None) -> None:
        self.user = user
        self.place: Place = at or world.private(user)
        self._world = world
        self._press = press
        self._bell = bell

    @property
    def id(self) -> int:
        """Their account's."""
        return self.user.id

    def go(self, place: Place | None = None) -> "Person":
        """To another chat or topic; without one, into their private chat with the bot."""
        self.place = place or self._world.private(self.user)
        return self

    # --- talking ---

    def start(self, parameter: str = "") -> Message:
        """Press Start in the private chat, as by a link with `?start=parameter`."""
        self.go()
        return self.type(f"/start {parameter}".strip())

    def type(
        self, text: str, /, *, reply_to: Message | None = None, naming: Mapping[str, User] | None = None
    ) -> Message:
        """A text. `naming`: people without a username, by the word that mentions them."""
        return self._say(Draft(words=text, entities=self._marks(text, naming), reply_to=reply_to))

    def photo(self, data: bytes, caption: str = "", /, *, reply_to: Message | None = None) -> Message:
        """A photo, made small by Telegram."""
        media = self._world.shelf.photo(Upload(filename="photo.jpg", data=data))
        return self._show(media, caption, reply_to)

    def _show(self, media: Media, caption: str, reply_to: Message | None) -> Message:
        return self._say(Draft(words=caption, entities=self._marks(caption, None), media=media, reply_to=reply_to))

    def _say(self, draft: Draft) -> Message:
        self._here()
        return self._press.post(self.place, self.user, draft)

    def _marks(self, text: str, naming: Mapping[str, User] | None) -> list[Json]:
        people = naming or {}
        written = {who.id: payloads.user(who) for who in people.values()}
        return together(text, named(text, people, written))

    # --- touching ---

    def press(self, message: Message, button: str, /) -> Pressed:
        """A button, by its label or its data. Anybody who sees it may."""
        found = message.buttons.get(button) or next(
            (one for one in message.buttons.values() if one.get("callback_data") == button), None
        )
        if message.deleted or found is None or "callback_data" not in found:
            raise NotOffered(f"there is no button {button!r} to press; there are {list(message.buttons)}")
        query = Query(
            id=str(4_000_000_000_000 + self._world.draw()),
            user=self.user,
            message=message,
            data=found["callback_data"],
            at=self._world.clock.now(),
        )
        self._world.queries[query.id] = query
        self._world.told("callback_query", payloads.query(query))
        return Pressed(query, self._bell)

    # --- looking ---

    def sees(self, place: Place | None = None) -> list[Message]:
        """The messages that stand in a chat or topic, oldest first."""
        where = place or self.place
        there = [one for one in chat_of(where).messages.values() if not one.deleted]
        if isinstance(where, Topic):
            there = [one for one in there if one.topic is where]
        return sorted(there, key=lambda one: one.id)

    # --- how ---

    def _here(self) -> None:
        chat = chat_of(self.place)
        if chat.kind is ChatKind.PRIVATE:
            chat.started, chat.blocked = True, False
        elif not self._world.member(chat, self.user).inside:
            raise NotOffered(f"{self.user.name} is not in {chat.title}")
