"""Lengths of time as people type them."""

from datetime import timedelta

import pytest

from bot.domain.spans import span_of


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("30m", timedelta(minutes=30)),
        ("45 min", timedelta(minutes=45)),
        ("12H", timedelta(hours=12)),
        (" 7d ", timedelta(days=7)),
        ("2w", timedelta(days=14)),
        ("0d", None),
        ("7", None),
        ("d", None),
        ("12345h", None),
        ("-1h", None),
        ("", None),
    ],
)
def test_a_length_of_time_is_read_or_it_is_none(text: str, span: timedelta | None) -> None:
    assert span_of(text) == span
