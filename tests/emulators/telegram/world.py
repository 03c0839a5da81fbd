"""The one Telegram there is: who and what exists, and how ids are given out.

Whatever changes is `told`: the bot's updates take what it may hear, and whoever waits looks again.
"""

from collections.abc import Callable
from datetime import datetime

from tests.emulators.clock import Clock
from tests.emulators.telegram.media import Shelf
from tests.emulators.telegram.things import (
    ANONYMOUS,
    CHANNEL_BOT,
    EVERY_RIGHT,
    SERVICE,
    Chat,
    ChatKind,
    File,
    Json,
    Member,
    Message,
    Query,
    Status,
    Topic,
    User,
)

FOUNDED = 1
"""The id of the message with which a supergroup or channel begins; a forum's General has it for its own."""
Told = Callable[[str, Json], None]


class World:
    """Everything there is. `told` is called with each update's kind and payload; an empty kind only rings."""

    def __init__(self, clock: Clock, bot: User, told: Told) -> None:
        self.clock = clock
        self.bot = bot
        self.told = told
        self.shelf = Shelf()
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.queries: dict[str, Query] = {}
        self.commands: dict[tuple[str, int, int, str], list[Json]] = {}
        """Menus by scope, chat, person and language."""
        self.profile: dict[tuple[str, str], str] = {}
        """The bot's name and descriptions, by which and language."""
        self.anonymous = User(id=ANONYMOUS, name="Group", username="GroupAnonymousBot", bot=True)
        self.channel_bot = User(id=CHANNEL_BOT, name="Channel", username="Channel_Bot", bot=True)
        self.service = User(id=SERVICE, name="Telegram", language="")
        self.actions: list[tuple[Chat, Topic | None, str, datetime]] = []
        """Every "uploading a video…", in order."""
        self.asked_files: dict[str, tuple[File, datetime]] = {}
        """By path: what getFile was asked for, and when."""
        self.query_life_s = 30.0
        """How long a press may be answered; Telegram does not say."""
        self.messages: list[Message] = []
        """Every message there ever was, in the order they came."""
        self._drawn = 0
        self._common = 0
        """Private chats and basic groups share one count of messages; supergroups and channels have their own."""

    def draw(self) -> int:
        """A number never drawn before."""
        self._drawn += 1
        return self._drawn

    def message_id(self, chat: Chat) -> int:
        """The next id there."""
        if chat.kind in {ChatKind.SUPERGROUP, ChatKind.CHANNEL}:
            return max(chat.messages, default=FOUNDED) + 1
        self._common += 1
        return self._common

    def seconds(self, moment: datetime | None = None) -> int:
        """A time as Telegram writes it; now without one."""
        return int((moment or self.clock.now()).timestamp())

    def private(self, user: User) -> Chat:
        """The private chat of the bot with somebody, made when it was not there. Its id is theirs."""
        found = self.chats.get(user.id)
        if found is None:
            found = Chat(id=user.id, kind=ChatKind.PRIVATE, person=user)
            self.chats[user.id] = found
        return found

    def member(self, chat: Chat, user: User) -> Member:
        """Somebody's standing; of a stranger, that they are not there."""
        return chat.members.get(user.id) or Member(user=user, status=Status.LEFT)

    def rights(self, chat: Chat, user: User) -> frozenset[str]:
        """What somebody may send there."""
        member = self.member(chat, user)
        if chat.kind is ChatKind.PRIVATE or member.leads:
            return EVERY_RIGHT
        if chat.kind is ChatKind.CHANNEL or not member.inside:
            return frozenset()
        return chat.rights & member.rights if member.status is Status.RESTRICTED else chat.rights

    def must_wait_s(self, chat: Chat, user: User) -> float:
        """How long slow mode still keeps somebody from writing."""
        if not chat.slow_mode_s or self.member(chat, user).leads:
            return 0
        theirs = [one.date for one in chat.messages.values() if one.sender is user]
        passed = (self.clock.now() - max(theirs)).total_seconds() if theirs else chat.slow_mode_s
        return max(chat.slow_mode_s - passed, 0)

    def standing(self, chat: Chat, message_id: int) -> Message | None:
        """A message that is still there."""
        found = chat.messages.get(message_id)
        return None if found is None or found.deleted else found

    def changed(self) -> None:
        """Something that only the emulator's own people see."""
        self.told("", {})
