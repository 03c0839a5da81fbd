"""Careful reading of JSON that others wrote."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.fal.exchange import Request, Response, items, mapping, moment, number, seconds, text, whole


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe\x00", b"{", b"[" * 100_000, b"1" * 5_000])
def test_what_is_no_json_reads_as_nothing(body: bytes) -> None:
    assert Response(status=200, body=body).json() is None


@pytest.mark.parametrize("value", [None, "x", True, float("nan"), float("inf"), 10**30, 1e300, [], {}])
def test_what_is_no_sane_number_reads_as_none(value: Any) -> None:
    assert number(value) is None
    assert whole(value) is None
    assert seconds(value) is None


def test_numbers_keep_the_digits_they_were_written_with() -> None:
    assert number(0.025) == Decimal("0.025")
    assert (whole(5.0), whole(5.5), whole(-3)) == (5, None, -3)
    assert (seconds(41.87), seconds(-1)) == (41.87, None)


def test_text_is_cut_and_can_always_be_written_down() -> None:
    assert text("abc", limit=2) == "ab"
    assert text("a\ud800b") == "a?b"
    assert text(3) == ""


def test_containers_of_the_wrong_kind_are_empty() -> None:
    assert mapping([1]) == {}
    assert items({"a": 1}) == ()


def test_times_are_read_into_utc() -> None:
    assert moment("2025-01-01T02:00:05+02:00") == datetime(2025, 1, 1, 0, 0, 5, tzinfo=UTC)
    assert moment("2025-01-01T00:00:05Z") == datetime(2025, 1, 1, 0, 0, 5, tzinfo=UTC)
    assert moment("2025-01-01T00:00:05") == datetime(2025, 1, 1, 0, 0, 5, tzinfo=UTC)
    assert moment("0001-01-01T00:00:00+14:00") is None
    assert moment("yesterday") is None


def test_a_request_does_not_show_its_secrets() -> None:
    request = Request(method="POST", url="https://x.example/hook-mac", headers={"authorization": "Bearer s3cret"})
    assert "s3cret" not in repr(request)
    assert "hook-mac" not in repr(request)
