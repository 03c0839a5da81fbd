"""Every shape of error that fal is known to send becomes one kind, with its blame."""

import json
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.errors import Blame, FalError, FalNotTaken, FalRejected, FalUnavailable, FalUncertain
from bot.fal.exchange import Response
from bot.fal.failures import Fault, failure, not_answered, not_sent
from bot.fal.kinds import BY_STATUS, KINDS, KNOWN_KINDS, SYNONYMS

NGINX = b"<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>"
URL = "https://docs.fal.ai/errors/#image_too_small"


def one(loc: list[Any], kind: str, **more: Any) -> dict[str, Any]:
    return {"detail": [{"loc": loc, "msg": "words", "type": kind, **more}]}


SHAPES: list[tuple[int, Any, str, Blame, bool, str]] = [
    # status, body, kind, blame, retryable, field
    (
        422,
        one(["body", "prompt"], "content_policy_violation"),
        "content_policy_violation",
        Blame.PERSON,
        False,
        "prompt",
    ),
    (
        422,
        one(["body", "image_url"], "image_too_small", ctx={"min_width": 300}, url=URL),
        "image_too_small",
        Blame.PERSON,
        False,
        "image_url",
    ),
    (422, one(["body"], "no_media_generated"), "no_media_generated", Blame.PROVIDER, False, ""),
    (422, one(["body", "image_urls", 0], "file_too_large"), "file_too_large", Blame.PERSON, False, "image_urls"),
    (
        422,
        one(["body", "num_frames"], "less_than_equal", ctx={"le": 100}),
        "less_than_equal",
        Blame.US,
        False,
        "num_frames",
    ),
    (422, one(["body", "prompt"], "value_error.missing"), "missing_field", Blame.US, False, "prompt"),
    (422, one(["body", "prompt"], "missing"), "missing_field", Blame.US, False, "prompt"),
    (422, one(["body", "effect"], "type_error.enum"), "one_of", Blame.US, False, "effect"),
    (422, one(["body", "effect"], "literal_error"), "one_of", Blame.US, False, "effect"),
    (422, one(["body", "steps"], "value_error.number.not_le"), "less_than_equal", Blame.US, False, "steps"),
    (422, one(["body", "f"], "value_error"), "input_value_error", Blame.PERSON, False, "f"),
    (422, one(["query", "logs"], "a_word_of_tomorrow"), "input_value_error", Blame.PERSON, False, "logs"),
    (422, {"detail": "plain string"}, "input_value_error", Blame.PERSON, False, ""),
    (422, {"detail": {"loc": ["body", "x"], "msg": "m", "type": "one_of"}}, "one_of", Blame.US, False, "x"),
    (500, one(["body"], "internal_server_error"), "internal_server_error", Blame.PROVIDER, True, ""),
    (504, one(["body"], "generation_timeout"), "generation_timeout", Blame.PROVIDER, True, ""),
    (400, one(["body"], "downstream_service_error"), "downstream_service_error", Blame.PROVIDER, True, ""),
    (500, {"detail": "Internal Server Error"}, "internal_server_error", Blame.PROVIDER, True, ""),
    (
        504,
        {"detail": "Request timed out", "error_type": "request_timeout"},
        "request_timeout",
        Blame.PROVIDER,
        True,
        "",
    ),
    (
        503,
        {"detail": "x", "error_type": "runner_scheduling_failure"},
        "runner_scheduling_failure",
        Blame.PROVIDER,
        True,
        "",
    ),
    (499, {"detail": "x", "error_type": "client_cancelled"}, "client_cancelled", Blame.PERSON, False, ""),
    (400, {"detail": "x", "error_type": "bad_request"}, "bad_request", Blame.US, False, ""),
    (404, {"status": "NOT_FOUND"}, "not_found", Blame.PROVIDER, False, ""),
    (400, {"status": "ALREADY_COMPLETED"}, "bad_request", Blame.US, False, ""),
    (400, {"error": {"type": "validation_error", "message": "Invalid"}}, "bad_request", Blame.US, False, ""),
    (500, {"error": {"type": "server_error", "message": "x"}}, "internal_error", Blame.PROVIDER, True, ""),
    (418, {"error": "short and stout"}, "bad_request", Blame.US, False, ""),
    (599, [], "internal_error", Blame.PROVIDER, True, ""),
    (302, {}, "unexpected_status", Blame.PROVIDER, True, ""),
]


@pytest.mark.parametrize(("status", "body", "kind", "blame", "retryable", "field"), SHAPES)
def test_an_error_of_any_shape_becomes_one_kind_with_its_blame(
    *, status: int, body: Any, kind: str, blame: Blame, retryable: bool, field: str
) -> None:
    error = failure(FalRejected, Response(status=status, body=json.dumps(body).encode()))
    assert (error.kind, error.blame, error.retryable, error.field) == (kind, blame, retryable, field)
    assert error.status == status


def test_a_page_of_html_is_quoted_shortly_in_the_detail() -> None:
    error = failure(FalUnavailable, Response(status=502, body=NGINX * 50))
    assert error.kind == "internal_error"
    assert "nginx" in error.detail
    assert len(error.detail) <= 500


def test_the_error_type_may_stand_in_the_header_alone() -> None:
    error = failure(FalRejected, Response(status=503, headers={"x-fal-error-type": "runner_disconnected"}))
    assert error.kind == "runner_disconnected"


def test_the_models_own_word_goes_before_the_gateways() -> None:
    body = json.dumps(one(["body"], "face_detection_error") | {"error_type": "internal_error"}).encode()
    assert failure(FalRejected, Response(status=422, body=body)).kind == "face_detection_error"


def test_several_reasons_are_all_in_the_detail_and_the_offending_input_is_not() -> None:
    detail = one(["body", "a"], "missing")["detail"] + one(["body", "b"], "one_of", input="my secret prompt")["detail"]
    error = failure(FalRejected, Response(status=422, body=json.dumps({"detail": detail}).encode()))
    assert (error.kind, error.field) == ("missing_field", "a")
    assert "a [missing] words; b [one_of] words" in error.detail
    assert "secret" not in error.detail


@pytest.mark.parametrize("name", ["x-fal-needs-retry", "x-fal-retryable"])
@pytest.mark.parametrize(
    ("word", "retryable"), [("1", True), ("true", True), ("0", False), ("False", False), ("?", True)]
)
def test_the_header_decides_whether_it_may_be_tried_again(name: str, word: str, *, retryable: bool) -> None:
    assert failure(FalRejected, Response(status=500, headers={name: word})).retryable is retryable


def test_our_own_start_deadline_is_told_from_the_other_two_504s_and_never_tried_again() -> None:
    headers = {"x-fal-request-timeout-type": "user", "x-fal-needs-retry": "1"}
    body = b'{"detail": "Request timed out", "error_type": "request_timeout"}'
    error = failure(FalRejected, Response(status=504, headers=headers, body=body))
    assert (error.kind, error.retryable) == ("start_timeout", False)


@pytest.mark.parametrize(
    ("header", "units"),
    [
        ("0", Decimal(0)),
        ("1.25000000", Decimal("1.25")),
        ("5e-1", Decimal("0.5")),
        ("", None),
        ("NaN", None),
        ("-1", None),
        ("1e999999", None),
        ("1,5", None),
    ],
)
def test_billed_units_are_read_exactly_or_not_at_all(header: str, units: Decimal | None) -> None:
    response = Response(status=422, headers={"x-fal-billable-units": header})
    assert failure(FalRejected, response).billable_units == units


@pytest.mark.parametrize("fault", list(Fault))
def test_only_a_request_that_never_left_is_certainly_not_taken(fault: Fault) -> None:
    never_left = fault in {Fault.NOT_CONNECTED, Fault.NOT_SENDABLE}
    assert type(not_sent(fault, "x")) is (FalNotTaken if never_left else FalUncertain)
    assert isinstance(not_answered(fault, "x"), FalUnavailable)


def test_an_uncertain_submit_is_never_said_to_be_repeatable() -> None:
    headers = {"x-fal-needs-retry": "1"}
    assert failure(FalUncertain, Response(status=503, headers=headers)).retryable is False
    assert not any(error.retryable for fault in Fault if isinstance(error := not_sent(fault, ""), FalUncertain))


def test_the_vocabulary_is_closed() -> None:
    assert set(SYNONYMS.values()) | set(BY_STATUS.values()) <= KNOWN_KINDS == set(KINDS)
    errors: list[FalError] = [make(fault, "") for fault in Fault for make in (not_sent, not_answered)]
    assert {error.kind for error in errors} <= KNOWN_KINDS
