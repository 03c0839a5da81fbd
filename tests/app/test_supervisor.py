"""A platform that dies comes back, ever more slowly; one that is off stays off; neither takes anybody along."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.app.supervisor import FIRST_WAIT_S, LONGEST_WAIT_S, STEADY, supervise
from bot.app.vitals import Vitals
from bot.domain.errors import ChatUnavailable, PlatformOff
from bot.domain.health import Condition
from tests.builders import Clock

Live = Callable[[], Awaitable[None]]


class Lives:
    """Ends each life as it is told, after so much time; the last one by itself."""

    def __init__(self, *ends: BaseException, lasting: timedelta = timedelta()) -> None:
        self.clock = Clock()
        self.ends = list(ends)
        self.lasting = lasting
        self.lived = 0
        self.waits: list[float] = []
        self.vitals = Vitals(now=self.clock)

    async def live(self) -> None:
        self.lived += 1
        self.clock.forward(self.lasting.total_seconds())
        if self.ends:
            raise self.ends.pop(0)

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.clock.forward(seconds)

    async def supervise(self, *, chance: float = 1.0) -> None:
        await supervise(
            "Example", self.live, now=self.clock, sleep=self.sleep, draw=lambda: chance, vital=self.vitals.of("Example")
        )

    @property
    def health(self) -> tuple[Condition, str]:
        """How it is said to be, and why."""
        (one,) = self.vitals.all()
        return one.condition, one.why


async def test_a_life_that_was_closed_is_the_last() -> None:
    lives = Lives()
    await lives.supervise()
    assert (lives.lived, lives.waits) == (1, [])


async def test_one_that_dies_comes_back_after_ever_longer_waits() -> None:
    lives = Lives(*(OSError("gone") for _ in range(9)))
    await lives.supervise()
    assert lives.lived == 10
    assert lives.waits == [5, 10, 20, 40, 80, 160, 300, 300, 300]


async def test_after_a_good_life_the_wait_is_short_again() -> None:
    lives = Lives(OSError("gone"), OSError("gone"), lasting=STEADY)
    await lives.supervise()
    assert lives.waits == [FIRST_WAIT_S, FIRST_WAIT_S]


async def test_waits_are_left_to_chance_a_little_so_that_many_do_not_come_at_once() -> None:
    lives = Lives(OSError("gone"))
    await lives.supervise(chance=0.0)
    assert lives.waits == [0.75 * FIRST_WAIT_S]


async def test_one_that_is_refused_for_good_is_not_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    lives = Lives(PlatformOff("get a new token"))
    await lives.supervise()
    assert (lives.lived, lives.waits) == (1, [])
    assert "Example is off: get a new token" in caplog.text
    assert lives.health == (Condition.OFF, "get a new token")


@pytest.mark.parametrize(
    ("end", "why"),
    [
        (ChatUnavailable("it cannot be reached"), "it cannot be reached"),
        (OSError("with a token in it"), "it died and comes back (OSError)"),
    ],
)
async def test_what_ended_a_life_is_told_to_whoever_watches(end: Exception, why: str) -> None:
    lives = Lives(end)
    await lives.supervise()
    assert lives.health == (Condition.AWAY, why)


def test_a_platform_that_always_dies_stays_far_below_discords_thousand_identifies_a_day() -> None:
    assert 86_400 / (0.75 * LONGEST_WAIT_S) < 500
