"""Turns: reels before answers, progress only where there is room, and one chat's penalty stops nobody else."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import RetryAfter

from bot.chat.telegram.outbox import BURST, GROUP, PRIVATE, TOGETHER, Outbox, Pace, Priority
from bot.domain.errors import ChatUnavailable
from tests.chat.telegram.hour import Hour, settled

ADA, GROUP_CHAT = 42, -1001


class Sending:
    """An outbox, and what went out of it when."""

    def __init__(self) -> None:
        self.clock = Hour()
        self.outbox = Outbox(now=self.clock.now, sleep=self.clock.sleep)
        self.sent: list[tuple[str, datetime]] = []

    def says(self, what: str) -> Callable[[], Awaitable[None]]:
        async def call() -> None:
            self.sent.append((what, self.clock.now()))

        return call

    async def send(self, chat: int, priority: Priority, what: str) -> None:
        await self.outbox.send(chat, priority, self.says(what))

    def refuses(self, seconds: int) -> Callable[[], Awaitable[None]]:
        async def call() -> None:
            raise RetryAfter(seconds)

        return call

    @property
    def order(self) -> list[str]:
        return [what for what, _ in self.sent]


async def test_reels_go_before_answers_and_each_in_its_order() -> None:
    here = Sending()
    await asyncio.gather(*(here.send(ADA, Priority.ANSWER, f"first {n}") for n in range(BURST.many)))
    await asyncio.gather(
        here.send(ADA, Priority.ANSWER, "answer 1"),
        here.send(ADA, Priority.ANSWER, "answer 2"),
        here.send(ADA, Priority.REEL, "reel 1"),
        here.send(ADA, Priority.REEL, "reel 2"),
    )
    assert here.order[BURST.many :] == ["reel 1", "reel 2", "answer 1", "answer 2"]


async def test_progress_never_waits_and_is_told_when_to_come_back() -> None:
    here = Sending()
    for number in range(BURST.many):
        await here.send(ADA, Priority.ANSWER, str(number))
    with pytest.raises(ChatUnavailable) as refused:
        await here.send(ADA, Priority.PROGRESS, "bar")
    assert refused.value.retry_after_s == pytest.approx(BURST.within.total_seconds())
    await here.clock.sleep(refused.value.retry_after_s)
    await here.send(ADA, Priority.PROGRESS, "newer bar")
    assert here.order[BURST.many :] == ["newer bar"]


async def test_in_a_group_progress_leaves_room_for_what_matters() -> None:
    here = Sending()
    spared = GROUP[-1].many - GROUP[-1].spared
    for number in range(spared):
        await here.clock.sleep(BURST.within.total_seconds())
        await here.send(GROUP_CHAT, Priority.PROGRESS, f"bar {number}")
    await here.clock.sleep(1)
    assert here.outbox.is_busy(GROUP_CHAT)
    with pytest.raises(ChatUnavailable):
        await here.send(GROUP_CHAT, Priority.PROGRESS, "one too many")
    before = here.clock.now()
    await here.send(GROUP_CHAT, Priority.REEL, "reel")
    assert here.sent[-1] == ("reel", before)


async def test_where_all_chats_together_must_wait_reels_go_first() -> None:
    here = Sending()
    await asyncio.gather(*(here.send(chat, Priority.ANSWER, "before") for chat in range(1, TOGETHER.many + 1)))
    await asyncio.gather(
        *(here.send(chat, Priority.ANSWER, "answer") for chat in range(100, 130)),
        *(here.send(chat, Priority.REEL, "reel") for chat in range(200, 205)),
    )
    assert here.order[TOGETHER.many :] == ["reel"] * 5 + ["answer"] * 30


async def test_progress_leaves_room_for_what_matters_in_any_chat() -> None:
    here = Sending()
    for chat in range(1, TOGETHER.many - TOGETHER.spared + 1):
        await here.send(chat, Priority.PROGRESS, "bar")
    with pytest.raises(ChatUnavailable):
        await here.send(ADA + 1000, Priority.PROGRESS, "one too many")
    before = here.clock.now()
    await here.send(ADA + 1000, Priority.REEL, "reel")
    assert here.sent[-1] == ("reel", before)


async def test_a_penalty_is_one_chats_own() -> None:
    here = Sending()
    with pytest.raises(ChatUnavailable) as refused:
        await here.outbox.send(ADA, Priority.REEL, here.refuses(30))
    assert refused.value.retry_after_s == pytest.approx(30.0)
    before = here.clock.now()
    await here.send(GROUP_CHAT, Priority.REEL, "elsewhere")
    assert here.sent == [("elsewhere", before)]
    await here.send(ADA, Priority.REEL, "reel")
    assert here.sent[-1] == ("reel", before + timedelta(seconds=30))


@given(
    st.lists(
        st.tuples(st.sampled_from([ADA, 43, GROUP_CHAT]), st.sampled_from([Priority.REEL, Priority.ANSWER])),
        max_size=60,
    )
)
def test_no_pace_is_ever_exceeded_and_nothing_is_lost(wishes: list[tuple[int, Priority]]) -> None:
    here = Sending()

    async def all_of_them() -> None:
        await asyncio.gather(*(here.send(chat, priority, str(chat)) for chat, priority in wishes))

    asyncio.run(all_of_them())
    assert len(here.sent) == len(wishes)
    for chat in (ADA, 43, GROUP_CHAT):
        times = [at for what, at in here.sent if what == str(chat)]
        for pace in PRIVATE if chat > 0 else GROUP:
            assert holds(pace, times)
    assert holds(TOGETHER, [at for _, at in here.sent])


def holds(pace: Pace, times: list[datetime]) -> bool:
    return all(later - earlier >= pace.within for earlier, later in zip(times, times[pace.many :], strict=False))


async def test_who_gives_up_waiting_takes_no_turn() -> None:
    here = Sending()
    for number in range(BURST.many):
        await here.send(ADA, Priority.ANSWER, str(number))
    waits = asyncio.create_task(here.send(ADA, Priority.ANSWER, "gives up"))
    follows = asyncio.create_task(here.send(ADA, Priority.ANSWER, "follows"))
    await settled()
    waits.cancel()
    await follows
    assert here.order[BURST.many :] == ["follows"]


async def test_when_it_is_closed_whoever_waits_is_told() -> None:
    here = Sending()
    with pytest.raises(ChatUnavailable):
        await here.outbox.send(ADA, Priority.REEL, here.refuses(1000))
    waits = asyncio.create_task(here.send(ADA, Priority.REEL, "never"))
    await settled()
    await here.outbox.close()
    with pytest.raises(ChatUnavailable):
        await waits
    assert here.sent == []
