"""Whether fal lets us in: owners are told once, and anew when it had opened in between."""

from datetime import timedelta

from bot.domain.errors import FalLocked
from bot.pipeline.gate import PROBE_AFTER, Door, Gate
from tests.builders import Clock

LOCKED = FalLocked("locked")


def a_gate(clock: Clock) -> tuple[Gate, list[str]]:
    told: list[str] = []
    return Gate(now=clock, alert=lambda _: told.append("shut"), over=lambda: told.append("over")), told


def test_it_is_told_once_however_often_fal_refuses_and_anew_once_it_was_open() -> None:
    clock = Clock()
    gate, told = a_gate(clock)
    for _ in range(2):
        gate.shut(Door.SUBMIT, LOCKED)
        gate.shut(Door.WATCH, LOCKED)
        clock.at += PROBE_AFTER
    assert told == ["shut"]
    gate.opened(Door.WATCH)
    assert told == ["shut"]
    gate.opened(Door.SUBMIT)
    gate.shut(Door.SUBMIT, LOCKED)
    assert told == ["shut", "over", "shut"]


def test_what_was_shut_before_a_start_is_over_with_the_first_submit_that_is_taken() -> None:
    gate, told = a_gate(Clock())
    gate.opened(Door.WATCH)
    assert told == []
    for _ in range(2):
        gate.opened(Door.SUBMIT)
    assert told == ["over"]


def test_one_call_a_minute_finds_out_whether_it_opened() -> None:
    clock = Clock()
    gate, _ = a_gate(clock)
    gate.shut(Door.SUBMIT, LOCKED)
    assert gate.wait_s(Door.SUBMIT) == PROBE_AFTER.total_seconds()
    clock.at += PROBE_AFTER + timedelta(seconds=1)
    assert gate.wait_s(Door.SUBMIT) == 0
    assert gate.wait_s(Door.SUBMIT) > 0
