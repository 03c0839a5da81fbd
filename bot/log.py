"""One line per event, with its fields; no secret in any of them.

The redacting filter stands on the handler, since a filter on a logger does not see what its children log.
"""

import json
import logging
import re
import sys
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from urllib.parse import quote

from typing_extensions import override

FIELDS_OF_A_RECORD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
HIDDEN = "[hidden]"
INDENT = "    "
"""Before every line of a traceback, so that none can pass for an event."""

_SHAPES = (
    re.compile(r"\bKey\s+[\w-]+:[\w-]+"),
    re.compile(r"\bBearer\s+[\w.~+/-]+=*"),
    re.compile(r"/bot\d+:[\w-]+"),
    re.compile(r"([?&]key=)[\w.~-]+"),
)
"""What secrets look like wherever they come from: fal's key, bearer tokens, Telegram's token in a path, login links."""

_about: ContextVar[Mapping[str, str]] = ContextVar("about", default=MappingProxyType({}))

NOISY = ("httpx", "httpcore", "telegram", "aiosqlite", "asyncio", "PIL", "libav", "multipart", "uvicorn")
"""Loggers that write a line per call, some of them with whole URLs, or with what people said."""


@contextmanager
def about(**fields: str) -> Iterator[None]:
    """Put these fields on every line that is logged within, by whomever; what a line says itself goes before them."""
    before = _about.set({**_about.get(), **fields})
    try:
        yield
    finally:
        _about.reset(before)


def redact(text: str, secrets: Sequence[str]) -> str:
    """The text without the known secrets and without anything that has the shape of one."""
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    for shape in _SHAPES:
        text = shape.sub(HIDDEN, text)
    return text


class LineFormatter(logging.Formatter):
    """`2026-11-20T19:44:02Z WARNING bot.pipeline.watch: fal did not answer; job=… kind=…`, or the same as JSON."""

    converter = staticmethod(time.gmtime)

    def __init__(self, *, secrets: Sequence[str], as_json: bool) -> None:
        super().__init__()
        self._secrets = tuple(spelled for secret in secrets if secret for spelled in _spellings(secret))
        self._as_json = as_json

    @override
    def format(self, record: logging.LogRecord) -> str:
        own = {key: value for key, value in record.__dict__.items() if key not in FIELDS_OF_A_RECORD}
        fields = {**_about.get(), **own}
        if record.exc_info:
            fields["trace"] = "".join(traceback.format_exception(*record.exc_info))
        when = self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ")
        if self._as_json:
            entry = {"at": when, "level": record.levelname, "logger": record.name, "event": record.getMessage()}
            return redact(_as_json({**entry, **fields}), self._secrets)
        trace = fields.pop("trace", "")
        told = " ".join(f"{key}={_as_value(value)}" for key, value in fields.items() if value not in ("", None))
        line = f"{when} {record.levelname} {record.name}: {record.getMessage()}"
        lines = [f"{line}; {told}" if told else line, *(f"{INDENT}{each}" for each in trace.splitlines())]
        return redact("\n".join(map(_as_one, lines)), self._secrets)


def _spellings(secret: str) -> tuple[str, ...]:
    """The secret as it stands, and as it stands in JSON, in an address and escaped; the longest first."""
    spelled = {secret, json.dumps(secret)[1:-1], quote(secret, safe=""), _as_one(secret)}
    return tuple(sorted(spelled, key=len, reverse=True))


def _as_one(line: str) -> str:
    """The line with what would begin another, or turn or hide a part of it, written out."""
    if line.isprintable():
        return line
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in line)


def _as_value(value: object) -> str:
    """The value of a field; in quotes where it could pass for more fields."""
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if any(sign.isspace() for sign in text) else text


def _as_json(entry: Mapping[str, object]) -> str:
    text = json.dumps(entry, default=str, ensure_ascii=False)
    return text if text.isprintable() else json.dumps(entry, default=str)


def set_up_logging(*, level: str, secrets: Sequence[str], as_json: bool = False) -> None:
    """Send everything to standard error, redacted. A second call replaces the first."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter(secrets=secrets, as_json=as_json))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in NOISY:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
