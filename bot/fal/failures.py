"""Every way in which fal says no, or says nothing, as one typed error; the words for people are elsewhere.

Whatever a model, the queue, an ingress or a broken connection comes up with ends as one of the kinds in `kinds.py`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from http import HTTPStatus
from typing import Any, TypeVar

from bot.domain.errors import Blame, FalError, FalLocked, FalMissing, FalNotTaken, FalUnavailable, FalUncertain
from bot.fal.exchange import Response, items, mapping, text
from bot.fal.kinds import BY_STATUS, KINDS, SYNONYMS

LOCKING = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.FORBIDDEN})
GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})

_UNITS = re.compile(r"[0-9]{1,12}(\.[0-9]{1,20})?([eE][+-]?[0-9])?")
_LONGEST_DETAIL = 500

Error = TypeVar("Error", bound=FalError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an error answer says. `kind` is one of ours or ""; `by_model`: the model itself gave typed reasons."""

    kind: str = ""
    field: str = ""
    detail: str = ""
    by_model: bool = False


def told(response: Response) -> Told:
    """Read an error body of any shape fal is known to send. Never raises; never quotes the offending input."""
    body = mapping(response.json())
    if not body:
        return Told(
            kind=_known(response.headers.get("x-fal-error-type")),
            detail=_shown(response.body[:200].decode("utf-8", "replace")),
        )
    reasons = [mapping(one) for one in items(body.get("detail")) or (body.get("detail"), body.get("error"))]
    reasons = [reason for reason in reasons if reason]
    words = [text(reason.get("type"), limit=80) for reason in reasons]
    words += [text(body.get("error_type"), limit=80), response.headers.get("x-fal-error-type", "")]
    said = [*map(_reason, reasons), *(text(body.get(key)) for key in ("detail", "error", "message", "status"))]
    return Told(
        kind=next(filter(None, map(_known, words)), ""),
        field=next(filter(None, (_field(reason.get("loc")) for reason in reasons)), ""),
        detail=_shown("; ".join(filter(None, said))),
        by_model=any(text(mapping(one).get("type")) for one in items(body.get("detail"))),
    )


def failure(error: type[Error], response: Response, kind: str = "") -> Error:
    """An answer as an error of class `error`: of this kind, else of the kind it names, else by its status."""
    said = told(response)
    kind = kind or _kind(response, said)
    blame, retryable = KINDS[kind]
    if error is FalUncertain:
        retryable = False  # whatever fal says of it: the first one may be running
    elif kind != "start_timeout":
        retryable = _claims_retry(response.headers, otherwise=retryable)
    return error(
        kind,
        status=response.status,
        blame=blame,
        retryable=retryable,
        detail=said.detail,
        field=said.field,
        billable_units=billable_units(response),
    )


def billable_units(response: Response) -> Decimal | None:
    """What fal says it billed for this answer (`x-fal-billable-units`), None where it does not say."""
    claimed = response.headers.get("x-fal-billable-units", "").strip()
    return Decimal(claimed) if _UNITS.fullmatch(claimed) else None


def is_ingress(response: Response) -> bool:
    """Whether a proxy in front of fal answered, so that fal itself has seen nothing (`fal_client`'s own test)."""
    return "x-fal-request-id" not in response.headers and b"nginx" in response.body.lower()


def question_failed(response: Response) -> FalError:
    """Why a status, cancel, upload or platform call got no usable answer."""
    if response.status in LOCKING:
        return locked(response)
    if response.status in GONE:
        return failure(FalMissing, response, "not_found")
    if response.is_success:
        return failure(FalUnavailable, response, "unreadable_answer")
    return failure(FalUnavailable, response, "ingress_error" if is_ingress(response) else "")


def locked(response: Response) -> FalLocked:
    """The key is refused (401) or the account locked, mostly for want of balance (402, 403)."""
    refused = response.status == HTTPStatus.UNAUTHORIZED
    return failure(FalLocked, response, "key_refused" if refused else "account_locked")


class Fault(StrEnum):
    """How a request got no answer at all."""

    NOT_CONNECTED = "not_connected"
    NOT_SENDABLE = "not_sendable"
    CONNECTION_LOST = "connection_lost"
    TOO_LATE = "no_answer"
    UNREADABLE = "unreadable_answer"


def not_sent(fault: Fault, detail: str) -> FalError:
    """What a fault means for a submit: only a connection that never opened, or never began, proves anything."""
    match fault:
        case Fault.NOT_CONNECTED:
            return FalNotTaken("not_connected", retryable=True, detail=detail)
        case Fault.NOT_SENDABLE:
            return FalNotTaken("bad_request", blame=Blame.US, detail=detail)
        case Fault.CONNECTION_LOST | Fault.TOO_LATE | Fault.UNREADABLE:
            return FalUncertain(fault.value, detail=detail)


def not_answered(fault: Fault, detail: str) -> FalError:
    """What a fault means for a question: ask again later."""
    if fault is Fault.NOT_SENDABLE:
        return FalUnavailable("bad_request", blame=Blame.US, detail=detail)
    return FalUnavailable(fault.value, retryable=True, detail=detail)


def _kind(response: Response, said: Told) -> str:
    if response.headers.get("x-fal-request-timeout-type", "").lower() == "user":
        return "start_timeout"
    if said.kind or response.status in BY_STATUS:
        return said.kind or BY_STATUS[response.status]
    match response.status // 100:
        case 4:
            return "bad_request"
        case 5:
            return "internal_error"
        case _:
            return "unexpected_status"


def _known(word: str | None) -> str:
    word = SYNONYMS.get(word or "", word or "")
    return word if word in KINDS else ""


def _field(loc: Any) -> str:
    """The endpoint's field that a `loc` names: ["body", "image_urls", 0] → "image_urls"; ["body"] → ""."""
    path = [text(part, limit=80) for part in items(loc)]
    return next((part for part in path if part and part not in {"body", "query"}), "")


def _reason(reason: Mapping[str, Any]) -> str:
    where, what = _field(reason.get("loc")), text(reason.get("type"), limit=80)
    message = text(reason.get("msg")) or text(reason.get("message"))
    return " ".join(filter(None, (where, what and f"[{what}]", message)))


def _shown(detail: str) -> str:
    return " ".join(detail.split())[:_LONGEST_DETAIL]


def _claims_retry(headers: Mapping[str, str], *, otherwise: bool) -> bool:
    """What fal says of this very answer, in its newer or its older header, else the usual value of the kind."""
    for name in ("x-fal-needs-retry", "x-fal-retryable"):
        match headers.get(name, "").strip().lower():
            case "1" | "true":
                return True
            case "0" | "false":
                return False
            case _:
                pass
    return otherwise
