"""One HTTP exchange with fal as plain values, and careful reading of the JSON in it.

Nothing here raises over what fal sent: whatever cannot be read becomes None, "" or an empty mapping.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

_BEYOND_REASON = 10**18


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to send. `keyed` asks the shell to add the account's key, which it does on `FalHosts.follow` alone.

    `scoped`: a 403 may mean no more than that the key is not good for just this.
    `headers` may hold an upload token, so they are left out of the repr; the URL may hold a webhook's signature.
    """

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    content: bytes | None = field(default=None, repr=False)
    keyed: bool = True
    scoped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What came back. Header names are lower-cased."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300  # noqa: PLR2004  # the meaning of 2xx

    def json(self) -> Any:
        """The body as JSON; None where it is none (which `null` is as well)."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


def mapping(value: Any) -> Mapping[str, Any]:
    """`value` if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> tuple[Any, ...]:
    """The elements of a JSON list, else none."""
    return tuple(value) if isinstance(value, list) else ()


def text(value: Any, *, limit: int = 2_000) -> str:
    """`value` if it is a string, cut to `limit` characters; "" otherwise. Lone surrogates become "?"."""
    return value[:limit].encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def number(value: Any) -> Decimal | None:
    """`value` as it was written, if it is a number of a sane size (not a flag), else None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _BEYOND_REASON:
        return None
    return Decimal(repr(value))


def whole(value: Any) -> int | None:
    """`value` if it is a whole number of a sane size, else None."""
    exact = number(value)
    return int(exact) if exact is not None and exact == exact.to_integral_value() else None


def seconds(value: Any) -> float | None:
    """`value` if it is a number that can be a duration, else None."""
    exact = number(value)
    return float(exact) if exact is not None and exact >= 0 else None


def moment(value: Any) -> datetime | None:
    """`value` if it is an ISO 8601 time, in UTC (which is assumed where no zone is given), else None."""
    try:
        parsed = datetime.fromisoformat(text(value, limit=64))
        return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
