"""Turns for what goes out: reels before answers before progress, at the pace each chat takes.

Telegram takes about one message a second in a chat, twenty a minute in a group and thirty a second in all; edits
count too: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
Progress never waits: where there is no room for it, it is refused, and comes back later with newer words.
"""

import asyncio
import heapq
import itertools
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import TypeVar

from telegram.error import RetryAfter

from bot.chat.telegram.refusals import seconds_of
from bot.domain.errors import ChatUnavailable
from bot.ports.clock import Now

T = TypeVar("T")


class Priority(IntEnum):
    """What goes first."""

    REEL = 0
    ANSWER = 1
    PROGRESS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """So many messages within so long. `spared` of them are kept free of progress."""

    many: int
    within: timedelta
    spared: int = 0


SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
BURST = Pace(many=4, within=5 * SECOND, spared=1)
PRIVATE = (BURST, Pace(many=40, within=MINUTE, spared=10))
GROUP = (BURST, Pace(many=18, within=MINUTE, spared=8))
TOGETHER = Pace(many=25, within=SECOND, spared=10)
"""A little under what Telegram allows, since its clock is not ours. A burst is counted over five seconds:
three in every three would be six in five."""

STEP_S = 0.01
REMEMBERED = 10_000
"""Chats whose latest messages are remembered."""


@dataclass(slots=True)
class Lane:
    """One chat: when it was written to, until when it must be left alone, and who waits."""

    paces: tuple[Pace, ...]
    sent: deque[datetime] = field(default_factory=deque)
    quiet_until: datetime | None = None
    waiting: list[tuple[Priority, int, "asyncio.Future[None]"]] = field(default_factory=list)
    worker: "asyncio.Task[None] | None" = None

    def wait_s(self, now: datetime, *, progress: bool = False) -> float:
        """How long until one more may go."""
        free_at = self.quiet_until or now
        for pace in self.paces:
            many = pace.many - (pace.spared if progress else 0)
            if len(self.sent) >= many:
                free_at = max(free_at, self.sent[-many] + pace.within)
        return max(0.0, (free_at - now).total_seconds())

    def note(self, now: datetime) -> None:
        """One more has gone."""
        self.sent.append(now)
        longest = max(pace.many for pace in self.paces)
        while len(self.sent) > longest:
            self.sent.popleft()


class Outbox:
    """Every message, edit and reel goes out through `send`."""

    def __init__(self, *, now: Now, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._now = now
        self._sleep = sleep
        self._numbers = itertools.count()
        self._lanes: dict[int, Lane] = {}
        self._ready: dict[int, tuple[Priority, int]] = {}
        """Who waits for nothing but the limit of all chats together: the first of each, by its lane."""
        self._together: deque[datetime] = deque(maxlen=TOGETHER.many)

    async def send(self, chat: int, priority: Priority, call: Callable[[], Awaitable[T]]) -> T:
        """Make the call when it is its turn.

        Raises ChatUnavailable where there is no room for progress, or when Telegram asked for patience: that chat,
        and no other, is then left alone.
        """
        await self._turn(chat, priority)
        try:
            return await call()
        except RetryAfter as error:
            wait = timedelta(seconds=seconds_of(error))
            self._lane(chat).quiet_until = self._now() + wait
            raise ChatUnavailable("Telegram asks for patience", retry_after_s=wait.total_seconds()) from error

    def is_busy(self, chat: int) -> bool:
        """Whether there is no room for progress in a chat now: a light sign will do."""
        lane = self._lane(chat)
        return bool(lane.waiting) or lane.wait_s(self._now(), progress=True) > SECOND.total_seconds()

    async def close(self) -> None:
        """Nothing goes out any more; who still waits is told to come back."""
        lanes, self._lanes = list(self._lanes.values()), {}
        for lane in lanes:
            for _, _, turn in lane.waiting:
                if not turn.done():
                    turn.set_exception(ChatUnavailable("Telegram is being left"))
            if lane.worker is not None:
                lane.worker.cancel()
        await asyncio.gather(*(lane.worker for lane in lanes if lane.worker is not None), return_exceptions=True)

    async def _turn(self, chat: int, priority: Priority) -> None:
        lane, is_progress = self._lane(chat), priority is Priority.PROGRESS
        wait_s = max(lane.wait_s(self._now(), progress=is_progress), self._together_s(progress=is_progress))
        if not lane.waiting and not self._ready and wait_s == 0:
            self._note(lane)
            return
        if is_progress:
            raise ChatUnavailable("no room for progress now", retry_after_s=max(wait_s, SECOND.total_seconds()))
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(lane.waiting, (priority, next(self._numbers), turn))
        if lane.worker is None or lane.worker.done():
            lane.worker = asyncio.create_task(self._work(lane))
        await turn

    async def _work(self, lane: Lane) -> None:
        """Give turns until nobody waits."""
        try:
            while lane.waiting:
                wait_s = self._wait_s(lane)
                if wait_s > 0:
                    await self._sleep(max(wait_s, STEP_S))
                    continue
                _, _, turn = heapq.heappop(lane.waiting)
                self._ready.pop(id(lane), None)
                if not turn.done():
                    self._note(lane)
                    turn.set_result(None)
        finally:
            self._ready.pop(id(lane), None)

    def _wait_s(self, lane: Lane) -> float:
        """How long until a lane's first may go: by its own limit, then by everybody's, after who matters more."""
        wait_s = lane.wait_s(self._now())
        if wait_s > 0:
            self._ready.pop(id(lane), None)
            return wait_s
        priority, number, _ = lane.waiting[0]
        self._ready[id(lane)] = (priority, number)
        wait_s = self._together_s()
        return wait_s if wait_s > 0 or min(self._ready.values()) == (priority, number) else STEP_S

    def _together_s(self, *, progress: bool = False) -> float:
        many = TOGETHER.many - (TOGETHER.spared if progress else 0)
        if len(self._together) < many:
            return 0.0
        return max(0.0, (self._together[-many] + TOGETHER.within - self._now()).total_seconds())

    def _note(self, lane: Lane) -> None:
        lane.note(self._now())
        self._together.append(self._now())

    def _lane(self, chat: int) -> Lane:
        lane = self._lanes.pop(chat, None) or Lane(paces=PRIVATE if chat > 0 else GROUP)
        self._lanes[chat] = lane
        if len(self._lanes) > REMEMBERED:
            self._forget()
        return lane

    def _forget(self) -> None:
        """The chat that was used longest ago and waits for nothing."""
        now = self._now()
        idle = (chat for chat, lane in self._lanes.items() if not lane.waiting and lane.wait_s(now) == 0)
        oldest = next(idle, None)
        if oldest is not None:
            del self._lanes[oldest]
