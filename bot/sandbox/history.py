"""Lists of the platform API: pages by cursor, and the history of requests. Pure.

Shape of the history: https://docs.fal.ai/platform-apis/v1/models/requests/by-endpoint (also
https://fal.ai/docs/platform-apis/v1/serverless/requests/by-endpoint, the same list for one's own endpoints):
`items` with `request_id, endpoint_id, sent_at, started_at, ended_at, status_code, duration` and, with
`expand=payloads`, `json_input` and `json_output`; filters `endpoint_id, start, end, status, request_id`; `sort_by` is
`ended_at` or `duration`, newest first. The document leaves open whether a request on its way is listed; here it is
not, so that nobody comes to rely on it.
"""

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from bot.sandbox.queue import Submission

T = TypeVar("T")

_USER_ERRORS = range(400, 500)
_DEFAULT_SPAN = timedelta(hours=24)
_SPAN_OF_ONE = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which part of the history; `end` is exclusive."""

    endpoint_ids: frozenset[str]
    start: datetime
    end: datetime
    status: str = ""
    request_id: str = ""
    with_payloads: bool = False
    by_duration: bool = False


def wanted_of(endpoint_ids: Iterable[str], query: Mapping[str, str], expand: Sequence[str], now: datetime) -> Wanted:
    """The filters of a query; the last 24 hours, or 90 days for one request id, where it names no start.

    Raises:
        ValueError: a date cannot be read.
    """
    request_id = query.get("request_id", "")
    span = _SPAN_OF_ONE if request_id else _DEFAULT_SPAN
    return Wanted(
        endpoint_ids=frozenset(endpoint_ids),
        start=_moment(query["start"]) if query.get("start") else now - span,
        end=_moment(query["end"]) if query.get("end") else now + timedelta(seconds=1),
        status=query.get("status", ""),
        request_id=request_id,
        with_payloads="payloads" in expand,
        by_duration=query.get("sort_by") == "duration",
    )


def history(submissions: Iterable[Submission], wanted: Wanted) -> list[dict[str, Any]]:
    """The items, sorted."""
    chosen = [one for one in submissions if _is_wanted(one, wanted)]
    if wanted.by_duration:
        chosen.sort(key=lambda one: one.inference_s() or 0, reverse=True)
    else:
        chosen.sort(key=lambda one: one.completed_at or wanted.start, reverse=True)
    return [_item(one, with_payloads=wanted.with_payloads) for one in chosen]


def page(items: Sequence[T], cursor: str, limit: int) -> tuple[Sequence[T], str | None]:
    """One page, and the cursor of the next.

    Raises:
        ValueError: the cursor is none of ours.
    """
    try:
        number = int(base64.b64decode(cursor, validate=True)) if cursor else 1
    except binascii.Error:
        raise ValueError("not a cursor") from None
    end = number * limit
    more = base64.b64encode(str(number + 1).encode()).decode() if end < len(items) else None
    return items[end - limit : end], more


def _is_wanted(one: Submission, wanted: Wanted) -> bool:
    if one.completed_at is None or one.answer is None or one.endpoint.id not in wanted.endpoint_ids:
        return False
    if wanted.request_id and one.id != wanted.request_id:
        return False
    if not wanted.start <= one.completed_at < wanted.end:
        return False
    return wanted.status in {"", _outcome(one.answer.status)}


def _outcome(status: int) -> str:
    if status < _USER_ERRORS.start:
        return "success"
    return "user_error" if status in _USER_ERRORS else "error"


def _item(one: Submission, *, with_payloads: bool) -> dict[str, Any]:
    item: dict[str, Any] = {
        "request_id": one.id,
        "endpoint_id": one.endpoint.id,
        "sent_at": stamp(one.submitted_at),
        "started_at": stamp(one.started_at or one.completed_at or one.submitted_at),
        "ended_at": stamp(one.completed_at or one.submitted_at),
        "status_code": one.answer.status if one.answer else None,
        "duration": one.inference_s() or 0.0,
    }
    if with_payloads and not one.payloads_deleted:
        item |= {"json_input": one.arguments, "json_output": one.answer.payload() if one.answer else None}
    return item


def stamp(moment: datetime) -> str:
    """As the platform API writes times."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
