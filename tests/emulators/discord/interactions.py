"""Interactions and their tokens: what was asked, how it was answered, and for how long the token lives.

https://docs.discord.com/developers/interactions/receiving-and-responding
"""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from tests.emulators.discord.clock import ACK, TOKEN_LIFE, Clock, created
from tests.emulators.discord.refusals import refuse
from tests.emulators.discord.things import Channel, Json, Message, User

FOLLOW_UPS_ALONE = 5
"""Follow-ups per interaction where the application is installed for the person only."""


class Kind(IntEnum):
    """https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-interaction-type"""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Callback(IntEnum):
    """The first answers there are."""

    MESSAGE = 4
    DEFER = 5
    DEFER_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


class State(StrEnum):
    """What the person sees of it."""

    WAITING = "waiting"
    FAILED = "failed"
    THINKING = "thinking"
    ANSWERED = "answered"
    MODAL = "modal"
    CHOICES = "choices"


@dataclass(slots=True, kw_only=True, eq=False)
class Interaction:
    """One of them. `alone`: the application is no part of the server, only of the person."""

    id: int
    token: str
    kind: Kind
    user: User
    channel: Channel
    payload: Json
    upload_bytes: int
    alone: bool = False
    forced_private: bool = False
    source: Message | None = None
    """The message whose component was pressed, also behind a modal opened from it."""
    callback: Callback | None = None
    original: Message | None = None
    follow_ups: list[Message] = field(default_factory=list)
    modal: Json | None = None
    choices: list[Json] = field(default_factory=list)
    behind: Json | None = None
    """For a modal: what is told of the interaction that opened it."""

    def late(self, clock: Clock) -> bool:
        """Whether its three seconds are over."""
        return clock.now() > created(self.id) + ACK

    def over(self, clock: Clock) -> bool:
        """Whether its token has run out."""
        return clock.now() > created(self.id) + TOKEN_LIFE

    def state(self, clock: Clock) -> State:
        """What the person sees."""
        match self.callback:
            case None:
                return State.FAILED if self.late(clock) else State.WAITING
            case Callback.CHOICES:
                return State.CHOICES
            case Callback.MODAL:
                return State.MODAL
            case _ if self.original and self.original.loading:
                return State.THINKING
            case _:
                return State.ANSWERED


class Interactions:
    """All of them, by id and by token."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.by_id: dict[int, Interaction] = {}
        self._by_token: dict[str, Interaction] = {}

    def add(self, one: Interaction) -> None:
        """A new one."""
        self.by_id[one.id] = one
        self._by_token[one.token] = one

    def to_acknowledge(self, interaction_id: int, token: str) -> Interaction:
        """The one that a callback answers.

        Raises:
            Refusal: 10062 when unknown or late, 40060 when answered.
        """
        one = self.by_id.get(interaction_id)
        if one is None or one.token != token:
            raise refuse(10062)
        if one.callback is not None:
            raise refuse(40060)
        if one.late(self._clock):
            raise refuse(10062)
        return one

    def to_follow(self, token: str) -> Interaction:
        """The one whose token a webhook route names.

        Raises:
            Refusal: 50027 when the token is wrong or over, 10015 when nothing was answered yet.
        """
        one = self._by_token.get(token)
        if one is None or one.over(self._clock):
            raise refuse(50027)
        if one.callback is None:
            raise refuse(10015)
        return one

    def found(self, one: Interaction, message_id: str) -> Message:
        """A message of this interaction.

        Raises:
            Refusal: 10008.
        """
        mine = [*([one.original] if one.original else []), *one.follow_ups]
        wanted = one.original if message_id == "@original" else None
        if message_id.isdigit():
            wanted = next((each for each in mine if each.id == int(message_id)), None)
        if wanted is None or wanted.deleted:
            raise refuse(10008)
        return wanted

    def allow_follow_up(self, one: Interaction) -> None:
        """Five are enough for an application that is no part of the server.

        Raises:
            Refusal: 40094.
        """
        if one.alone and len(one.follow_ups) >= FOLLOW_UPS_ALONE:
            raise refuse(40094)
