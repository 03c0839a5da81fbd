"""What a person sees of something they asked for, while it happens."""

from collections.abc import Callable, Generator
from typing import Any

from tests.emulators.bell import PATIENCE_S, Bell, Seen
from tests.emulators.discord.clock import Clock
from tests.emulators.discord.interactions import Interaction, State
from tests.emulators.discord.things import Json, Message


class Exchange:
    """One interaction, as its author sees it."""

    def __init__(self, interaction: Interaction, clock: Clock, bell: Bell) -> None:
        self.interaction = interaction
        self._clock = clock
        self._bell = bell

    async def settled(self) -> "Exchange":
        """Wait until it thinks no more."""
        await self._bell.until(lambda: self.state not in {State.WAITING, State.THINKING}, what="an end of thinking")
        return self

    async def until(self, look: "Callable[[Exchange], Seen | None]", timeout_s: float = PATIENCE_S) -> Seen:
        """What `look` gives as soon as it is true."""
        return await self._bell.until(lambda: look(self), timeout_s)

    @property
    def state(self) -> State:
        """Waiting, failed ("did not respond"), thinking, answered, a modal, or choices."""
        return self.interaction.state(self._clock)

    @property
    def original(self) -> Message | None:
        """The first answer, unless it is gone."""
        first = self.interaction.original
        return None if first is None or first.deleted else first

    @property
    def follow_ups(self) -> list[Message]:
        """What was said after it, and still stands."""
        return [one for one in self.interaction.follow_ups if not one.deleted]

    @property
    def messages(self) -> list[Message]:
        """All of them, in order."""
        return [*([self.original] if self.original else []), *self.follow_ups]

    @property
    def text(self) -> str:
        """Everything that is said in them."""
        return "\n".join(one.text for one in self.messages)

    @property
    def private(self) -> bool:
        """Whether nobody else sees any of it."""
        return bool(self.messages) and all(one.ephemeral for one in self.messages)

    @property
    def choices(self) -> list[Json]:
        """Suggestions, for autocomplete."""
        return self.interaction.choices

    @property
    def modal(self) -> Json:
        """The form that opened.

        Raises:
            AssertionError: None did.
        """
        if self.interaction.modal is None:
            raise AssertionError(f"no modal opened: {self.state}")
        return self.interaction.modal


class Sent(Exchange):
    """One that is on its way. Await it, and it is acknowledged, or failed in the person's eyes (three seconds of the
    emulator's clock went by)."""

    def __await__(self) -> Generator[Any, None, Exchange]:
        """The exchange, once it has a first answer or can have none any more."""
        return self._acknowledged().__await__()

    async def _acknowledged(self) -> Exchange:
        await self._bell.until(lambda: self.state is not State.WAITING, what="a first answer")
        return Exchange(self.interaction, self._clock, self._bell)
