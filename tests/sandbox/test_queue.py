"""The line, without a server."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.addressing import local_path
from bot.sandbox.answers import answer
from bot.sandbox.queue import Cancelled, Queue, Status, Submission, app_of, result_gone
from bot.sandbox.routes.queue import Address, parse
from tests.sandbox.harness import EFFECT, WORDS, catalogue

NOW = datetime(2026, 1, 2, tzinfo=UTC)
ENDPOINT = catalogue().endpoints[0]
DONE = answer(200, {})


def submission(number: int, *, low: bool = False) -> Submission:
    return Submission(
        id=f"r{number}", endpoint=ENDPOINT, arguments={}, base_url="", submitted_at=NOW, low_priority=low, ready=True
    )


@given(st.lists(st.tuples(st.sampled_from(["add", "low", "start", "end", "cancel"]), st.integers(0, 9)), max_size=60))
def test_no_order_of_events_breaks_the_line(events: list[tuple[str, int]]) -> None:
    queue = Queue(2)
    for number, (event, which) in enumerate(events):
        everybody = list(queue.everything())
        one = everybody[which % len(everybody)] if everybody else None
        match event:
            case "add" | "low":
                queue.add(submission(number, low=event == "low"))
            case "start" if first := queue.next_ready():
                assert queue.position(first) == 0
                queue.start(first, NOW)
            case "end" if one and one.status is Status.IN_PROGRESS:
                queue.complete(one, DONE, NOW)
            case "cancel" if one:
                ended = one.status is Status.COMPLETED
                assert (queue.cancel(one) is Cancelled.TOO_LATE) == ended
                queue.complete(one, DONE, NOW)
            case _:
                pass
        states = [each.status for each in queue.everything()]
        assert states.count(Status.IN_PROGRESS) <= 2
        waiting = [each for each in queue.everything() if each.status is Status.IN_QUEUE]
        assert sorted(queue.position(each) for each in waiting) == list(range(len(waiting)))
        assert sorted(waiting, key=queue.position) == sorted(waiting, key=lambda each: each.low_priority)


def test_who_is_not_ready_is_passed_by() -> None:
    queue = Queue(1)
    low, slow, ready = submission(1, low=True), submission(2), submission(3)
    slow.ready = False
    for one in (low, slow, ready):
        queue.add(one)
    assert queue.next_ready() is ready
    queue.start(ready, NOW)
    assert queue.next_ready() is None
    queue.complete(ready, DONE, NOW)
    assert queue.next_ready() is low


def test_what_has_ended_keeps_its_first_answer() -> None:
    queue, one = Queue(1), submission(1)
    queue.add(one)
    queue.complete(one, DONE, NOW)
    queue.complete(one, answer(500, {}), NOW + timedelta(1))
    assert (one.answer, one.completed_at) == (DONE, NOW)


def test_a_result_is_gone_when_its_time_is_over_and_not_before() -> None:
    ended = dataclasses.replace(submission(1), completed_at=NOW, answer=DONE)
    assert not result_gone(ended, NOW + timedelta(seconds=60), retention_s=60)
    assert result_gone(ended, NOW + timedelta(seconds=61), retention_s=60)


@pytest.mark.parametrize(
    ("endpoint_id", "app"),
    [
        (EFFECT, "fal-ai/pixverse"),
        ("fal-ai/wan-i2v", "fal-ai/wan-i2v"),
        ("workflows/me/flow/x", "workflows/me/flow"),
        ("xai/grok-imagine-video/image-to-video", "xai/grok-imagine-video"),
    ],
)
def test_the_application_is_the_first_two_segments_and_three_in_a_namespace(endpoint_id: str, app: str) -> None:
    assert app_of(endpoint_id) == app


@pytest.mark.parametrize(
    ("path", "address"),
    [
        (WORDS, Address(WORDS)),
        ("fal-ai/pixverse/requests/r1", Address("fal-ai/pixverse", "r1", "result")),
        (f"{WORDS}/requests/r1/response", Address(WORDS, "r1", "result")),
        ("fal-ai/pixverse/requests/r1/status/stream", Address("fal-ai/pixverse", "r1", "stream")),
        ("fal-ai/pixverse/requests/r1/cancel", Address("fal-ai/pixverse", "r1", "cancel")),
        ("fal-ai/pixverse/requests/r1/other", None),
        ("fal-ai/pixverse/requests", None),
        ("favicon.ico", None),
    ],
)
def test_a_path_says_whose_and_what(path: str, address: Address | None) -> None:
    assert parse(path) == address


@given(st.text(alphabet="ab/."))
def test_no_path_breaks_the_reading(path: str) -> None:
    address = parse(path + "/requests/" + path)
    assert address is None or address.action in {"result", "status", "stream", "cancel", ""}


@pytest.mark.parametrize(
    ("path", "host", "local"),
    [
        ("/a/b/", "127.0.0.1", "/a/b"),
        ("/", "127.0.0.1", "/"),
        ("/a/b", "fal.run", "/fal.run/a/b"),
        ("/a/b", "queue.fal.run", "/a/b"),
        ("/fal.run/a/b", "127.0.0.1", "/fal.run/a/b"),
        ("/queue.fal.run/a/b", "fal.run", "/a/b"),
        ("/rest.fal.ai/tokens/", "127.0.0.1", "/tokens"),
    ],
)
def test_every_host_of_fal_has_its_place_on_the_one_address(path: str, host: str, local: str) -> None:
    assert local_path(path, host) == local
