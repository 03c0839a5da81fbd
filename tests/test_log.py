"""What is written down: one line per event with its fields, in UTC, and never a secret."""

import io
import json
import logging
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest

from bot.log import HIDDEN, NOISY, LineFormatter, redact, set_up_logging

KEY = "11112222-example:3333444455556666"
SECRETS = (KEY, "")


def written(message: str, *arguments: object, as_json: bool = False, **fields: object) -> str:
    """What one event becomes."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter(secrets=SECRETS, as_json=as_json))
    logger = logging.Logger("tests.log")  # noqa: LOG001  nobody's child, so that half a character stays between us
    logger.addHandler(handler)
    logger.warning(message, *arguments, extra=fields)
    return stream.getvalue()


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, put back as it was."""
    logger = logging.getLogger()
    handlers, level = logger.handlers[:], logger.level
    levels = {name: logging.getLogger(name).level for name in NOISY}
    yield logger
    logger.handlers[:] = handlers
    logger.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def test_an_event_is_one_line_with_its_fields() -> None:
    line = written("fal did not answer", job="job-1", person="", kind="no_answer")
    assert line.endswith(" WARNING tests.log: fal did not answer; job=job-1 kind=no_answer\n")
    assert line[:20].endswith("Z")


def test_an_event_for_machines_is_one_object() -> None:
    entry = json.loads(written("ready", as_json=True, url="http://127.0.0.1"))
    assert entry["event"] == "ready"
    assert entry["level"] == "WARNING"
    assert entry["url"] == "http://127.0.0.1"


@pytest.mark.parametrize("as_json", [False, True])
def test_a_known_secret_is_hidden_in_the_message_in_a_field_and_in_a_traceback(*, as_json: bool) -> None:
    def fail() -> None:
        raise ValueError(f"refused {KEY}")

    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter(secrets=SECRETS, as_json=as_json))
    record = logging.getLogger("tests.log").makeRecord("tests.log", logging.ERROR, "", 0, "key %s", (KEY,), None)
    record.detail = f"with {KEY}"
    try:
        fail()
    except ValueError as error:
        record.exc_info = (ValueError, error, error.__traceback__)
    handler.handle(record)
    assert KEY not in stream.getvalue()
    assert stream.getvalue().count(HIDDEN) >= 3


@pytest.mark.parametrize(
    "leak",
    [
        "Authorization: Key aaaa-bbbb:cccc_dddd",
        "Authorization: Bearer eyJhbGciOi.J9.abc-def==",
        "https://api.example.org/file/bot12345:AAE-example_token/photos/1.jpg",
        "http://127.0.0.1:8420/login?key=AAAB.ccc-DDD",
    ],
)
def test_what_has_the_shape_of_a_secret_is_hidden_even_when_nobody_knows_it(leak: str) -> None:
    shown = redact(leak, ())
    assert HIDDEN in shown
    for part in ("cccc_dddd", "eyJhbGciOi", "AAE-example", "ccc-DDD"):
        assert part not in shown


def test_an_empty_secret_hides_nothing() -> None:
    assert "plain words" in written("plain words")


def test_setting_up_twice_leaves_one_handler_and_keeps_chatter_out(root: logging.Logger) -> None:
    set_up_logging(level="DEBUG", secrets=SECRETS)
    set_up_logging(level="INFO", secrets=SECRETS)
    assert len(root.handlers) == 1
    assert root.level == logging.INFO
    assert all(logging.getLogger(name).level == logging.WARNING for name in NOISY)


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize(
    "typed",
    [
        "kiss\n2026-11-20T19:44:02Z CRITICAL bot.owner: the budget was raised",
        "kiss\r\x1b[2K\x1b]0;owned\x07",
        "kiss\u2028\u2029\x85\x0b\x0cnext",
        "\u202ereversed",
        "\ud83d half",
        "\x00",
    ],
    ids=["line", "escape", "separators", "reversed", "half", "null"],
)
def test_nothing_that_was_typed_begins_a_line_of_the_log(typed: str, *, as_json: bool) -> None:
    line = written("the name is %s", typed, as_json=as_json, given=typed)
    assert line.endswith("\n")
    assert line[:-1].isprintable()
    line.encode()
    if as_json:
        assert json.loads(line)["given"] == typed


def test_nothing_that_was_typed_passes_for_a_field() -> None:
    assert written("asked", given="kiss job=job-2", job="job-1").endswith('; given="kiss job=job-2" job=job-1\n')


def test_no_line_of_a_traceback_passes_for_an_event() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter(secrets=(), as_json=False))
    record = logging.makeLogRecord({"name": "tests.log", "levelname": "ERROR", "msg": "failed"})
    error = ValueError("kiss\n2026-11-20T19:44:02Z CRITICAL bot.owner: the budget was raised")
    record.exc_info = (ValueError, error, None)
    handler.handle(record)
    first, *rest = stream.getvalue().splitlines()
    assert "failed" in first
    assert rest
    assert all(line.startswith("    ") for line in rest)


@pytest.mark.parametrize("as_json", [False, True])
def test_a_secret_with_signs_of_its_own_is_hidden_however_it_is_written(*, as_json: bool) -> None:
    secret = 'pass "word" / with\\signs&more'
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter(secrets=(secret,), as_json=as_json))
    address = f"https://a.example/?{urlencode({'with': secret}, quote_via=quote)}"
    record = logging.makeLogRecord({"name": "tests.log", "levelname": "INFO", "msg": f"{address} and {secret}"})
    record.given = secret
    handler.handle(record)
    assert "word" not in stream.getvalue()
    assert stream.getvalue().count(HIDDEN) == 3
