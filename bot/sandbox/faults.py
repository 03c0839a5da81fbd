"""Faults on demand: how they are named, and which one strikes where.

A fault is named by words between colons: what it is, then what kind of it or which call it strikes
("422:image_too_small", "502:status"). It comes from a rule, from the header `x-sandbox-fault`, or from the words
"sandbox:…" in any text of the input. Pure but for the counters of `FaultBook`.
"""

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from bot.domain.errors import ConfigInvalid, ConfigProblem
from bot.sandbox.answers import INFRA_ERRORS, MODEL_ERRORS


class Kind(StrEnum):
    """Everything that can go wrong here."""

    SLOW = "slow"
    STUCK = "stuck"
    QUEUE_FULL = "queue-full"
    REJECTED = "422"
    INTERNAL = "500"
    NGINX_502 = "502"
    INGRESS_503 = "503"
    START_TIMEOUT = "504"
    INFRA = "infra"
    DROP_AFTER = "drop-after"
    DROP_BEFORE = "drop-before"
    FINISH_AFTER_CANCEL = "finish-after-cancel"
    BILLED_FAILURE = "billed-failure"
    LOCKED = "locked"
    EXPIRED = "expired"
    WEBHOOK_LOST = "webhook-lost"
    WEBHOOK_DOUBLED = "webhook-doubled"
    WEBHOOK_LATE = "webhook-late"


class Where(StrEnum):
    """The calls a fault of the wire can strike."""

    SUBMIT = "submit"
    STATUS = "status"
    RESULT = "result"
    CANCEL = "cancel"
    UPLOAD = "upload"
    HISTORY = "history"
    JWKS = "jwks"


WIRE = frozenset({Kind.NGINX_502, Kind.INGRESS_503, Kind.DROP_AFTER, Kind.DROP_BEFORE})
"""Kinds that strike one call; by default the submit. The others belong to a run."""

HEADER = "x-sandbox-fault"
_MAGIC = re.compile(r"\bsandbox:([a-z0-9][a-z0-9_-]*(?::[a-z0-9][a-z0-9_-]*)?)")
_DEFAULT_DETAIL = {Kind.REJECTED: "content_policy_violation", Kind.INFRA: "runner_disconnected"}
_DETAILS: Mapping[Kind, frozenset[str]] = {
    Kind.REJECTED: frozenset(MODEL_ERRORS),
    Kind.INFRA: frozenset(INFRA_ERRORS),
} | {kind: frozenset(Where) for kind in WIRE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault. `detail` is the error type, or the call it strikes ("" where there is nothing to choose)."""

    kind: Kind
    detail: str = ""

    def strikes(self, where: Where) -> bool:
        """Whether this is a fault of the wire for that call."""
        return self.kind in WIRE and self.detail == where


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A fault for some endpoint (a glob): with a probability, or on the n-th matching call only (from 1)."""

    fault: Fault
    endpoint: str = "*"
    probability: float = 1.0
    nth: int | None = None


def parse_fault(text: str) -> Fault:
    """The fault of "kind" or "kind:detail".

    Raises:
        ValueError: there is no such kind or detail; the message lists what there is.
    """
    word, _, detail = text.strip().partition(":")
    try:
        kind = Kind(word)
    except ValueError:
        raise ValueError(f"no fault {word!r}; there are {', '.join(Kind)}") from None
    default = Where.SUBMIT if kind in WIRE else _DEFAULT_DETAIL.get(kind, "")
    wanted = detail or default
    allowed = _DETAILS.get(kind, frozenset({""}))
    if wanted not in allowed:
        raise ValueError(f"{kind} does not take {wanted!r}; it takes {', '.join(sorted(allowed)) or 'nothing'}")
    return Fault(kind=kind, detail=wanted)


def parse_rule(text: str) -> Rule:
    """The rule of "kind[:detail][:endpoint][:probability or nth]".

    The endpoint is the part with a slash or a star (a glob: "fal-ai/pixverse/*"); "0.25" is a probability and "3"
    means the third call only.

    Raises:
        ConfigInvalid: the text is no such rule.
    """
    words: list[str] = []
    endpoint, probability, nth = "*", 1.0, None
    for position, part in enumerate(text.split(":")):
        if "/" in part or "*" in part:
            endpoint = part
        elif position and re.fullmatch(r"\d+", part):
            nth = int(part)
        elif position and re.fullmatch(r"\d*\.\d+", part):
            probability = float(part)
        else:
            words.append(part)
    try:
        return Rule(fault=parse_fault(":".join(words)), endpoint=endpoint, probability=probability, nth=nth)
    except ValueError as error:
        raise ConfigInvalid([ConfigProblem(file="--fail", key=text, reason=str(error))]) from error


def wished(header: str, arguments: Any) -> tuple[Fault, ...]:
    """The faults a request asks for itself, by header and by words in its texts. Unknown words are no faults."""
    texts = [part.strip() for part in header.split(",") if part.strip()]
    for value in _texts(arguments):
        texts += _MAGIC.findall(value)
    faults = []
    for text in texts:
        try:
            faults.append(parse_fault(text))
        except ValueError:
            continue
    return tuple(faults)


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for inner in value.values():
                yield from _texts(inner)
        case list():
            for inner in value:
                yield from _texts(inner)
        case _:
            return


class FaultBook:
    """The rules in force, and how often each has matched. `draw` gives numbers from 0 up to 1."""

    def __init__(self, rules: Sequence[str], draw: Callable[[], float]) -> None:
        self._draw = draw
        self._rules: list[Rule] = []
        self._matched: list[int] = []
        self.locked = False
        for rule in rules:
            self.add(rule)

    def add(self, text: str) -> None:
        """Put one more rule in force; "locked" without an endpoint locks the account.

        Raises:
            ConfigInvalid: the text is no rule.
        """
        rule = parse_rule(text)
        if rule == Rule(fault=Fault(kind=Kind.LOCKED)):
            self.locked = True
            return
        self._rules.append(rule)
        self._matched.append(0)

    def clear(self) -> None:
        """No rule, no lock."""
        self._rules.clear()
        self._matched.clear()
        self.locked = False

    def rules(self) -> list[dict[str, Any]]:
        """The rules in force, for people to read."""
        shown = []
        for rule, matched in zip(self._rules, self._matched, strict=True):
            fault = ":".join(part for part in dataclasses.astuple(rule.fault) if part)
            shown.append(
                {"fault": fault, "endpoint": rule.endpoint, "probability": rule.probability, "nth": rule.nth}
                | {"matched": matched}
            )
        return shown

    def of_call(self, where: Where, endpoint: str) -> tuple[Fault, ...]:
        """The faults of the wire that strike this call."""
        return self._struck(endpoint, lambda fault: fault.strikes(where))

    def of_run(self, endpoint: str) -> tuple[Fault, ...]:
        """The faults that a new run of this endpoint will have."""
        return self._struck(endpoint, lambda fault: fault.kind not in WIRE)

    def _struck(self, endpoint: str, matches: Callable[[Fault], bool]) -> tuple[Fault, ...]:
        struck = []
        for index, rule in enumerate(self._rules):
            if not (matches(rule.fault) and fnmatchcase(endpoint, rule.endpoint)):
                continue
            self._matched[index] += 1
            if rule.nth not in {None, self._matched[index]}:
                continue
            if rule.probability >= 1 or self._draw() < rule.probability:
                struck.append(rule.fault)
        return tuple(struck)
