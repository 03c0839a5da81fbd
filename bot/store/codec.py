"""Between values of the domain and columns: JSON by pydantic, times as whole microseconds."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from bot.domain.ask import Ask, Place
from bot.domain.job import Job, Reason, Reel, Result, State, Ticket, Waiting
from bot.domain.order import Order
from bot.domain.screening import Screening

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

ASK = TypeAdapter(Ask)
ORDER = TypeAdapter(Order)
PLACE = TypeAdapter(Place)
TICKET = TypeAdapter(Ticket)
RESULT = TypeAdapter(Result)
REEL = TypeAdapter(Reel)
SCREENING = TypeAdapter(Screening)
SENT: TypeAdapter[dict[str, object]] = TypeAdapter(dict[str, object])
WAITING_FOR = TypeAdapter(frozenset[Waiting])


def micros(at: datetime) -> int:
    """A moment as whole microseconds since 1970, exactly."""
    return (at - EPOCH) // timedelta(microseconds=1)


def moment(value: int) -> datetime:
    """The moment of a column."""
    return EPOCH + timedelta(microseconds=value)


def dump(adapter: TypeAdapter[Any], value: object) -> str:
    """A value as a JSON column."""
    return adapter.dump_json(value).decode()


def _micros_or_none(value: object) -> int | None:
    return micros(value) if isinstance(value, datetime) else None


def _moment_or_none(value: int | None) -> datetime | None:
    return None if value is None else moment(value)


def _json_or_none(adapter: TypeAdapter[Any], value: object) -> str | None:
    return None if value is None else dump(adapter, value)


def column(field: str, value: object) -> tuple[str, Any]:
    """The column and its value for one field of a Job; a set of waiting reasons is sorted, so that equal is equal."""
    match field:
        case "order":
            return "ordered", dump(ORDER, value)
        case "sent" | "ask" | "place" | "ticket" | "result" | "reel":
            return field, _json_or_none(_DOCUMENTS[field], value)
        case "waiting_for":
            return field, dump(WAITING_FOR, value)
        case "cancel_wanted_at" | "created_at" | "state_at" | "submitted_at" | "started_at" | "next_at":
            return field, _micros_or_none(value)
        case (
            "failure"
            | "remark"
            | "receipt"
            | "reel_receipt"
            | "said"
            | "carded"
            | "hinted"
            | "attempts"
            | "cost_microusd"
            | "hold_microusd"
        ):
            return field, value
        case "reason" | "state":
            return field, str(value)
        case _:
            raise KeyError(field)


_DOCUMENTS: Mapping[str, TypeAdapter[Any]] = {
    "sent": SENT,
    "ask": ASK,
    "place": PLACE,
    "ticket": TICKET,
    "result": RESULT,
    "reel": REEL,
    "screening": SCREENING,
}


def job_of(row: Mapping[str, Any]) -> Job:
    """The Job a row of `jobs` describes."""

    def document(name: str) -> Any:
        return None if row[name] is None else _DOCUMENTS[name].validate_json(row[name])

    return Job(
        id=row["id"],
        state=State(row["state"]),
        ask=document("ask"),
        order=ORDER.validate_json(row["ordered"]),
        person=row["person"],
        waiting_for=WAITING_FOR.validate_json(row["waiting_for"]),
        reason=Reason(row["reason"]),
        failure=row["failure"],
        remark=row["remark"],
        screening=document("screening"),
        hold_microusd=row["hold_microusd"],
        cost_microusd=row["cost_microusd"],
        sent=document("sent"),
        ticket=document("ticket"),
        result=document("result"),
        reel=document("reel"),
        place=document("place"),
        receipt=row["receipt"],
        reel_receipt=row["reel_receipt"],
        said=row["said"],
        carded=row["carded"],
        attempts=row["attempts"],
        hinted=row["hinted"],
        cancel_wanted_at=_moment_or_none(row["cancel_wanted_at"]),
        created_at=moment(row["created_at"]),
        state_at=moment(row["state_at"]),
        submitted_at=_moment_or_none(row["submitted_at"]),
        started_at=_moment_or_none(row["started_at"]),
        next_at=_moment_or_none(row["next_at"]),
        version=row["version"],
    )
