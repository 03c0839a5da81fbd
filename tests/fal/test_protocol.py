"""What fal's queue answers, and what each answer means for a Job and its money."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import (
    FalError,
    FalLocked,
    FalMissing,
    FalNotTaken,
    FalRejected,
    FalUnavailable,
    FalUncertain,
)
from bot.domain.job import Phase, QueueStatus
from bot.fal import platform_api, storage, webhook
from bot.fal.exchange import Response
from bot.fal.hosts import FalHosts
from bot.fal.kinds import KNOWN_KINDS
from bot.fal.protocol import (
    Cancelled,
    cancel_request,
    read_cancel,
    read_result,
    read_status,
    read_submit,
    result_request,
    status_request,
    submit_request,
)

HOSTS = FalHosts()
EFFECTS = "fal-ai/pixverse/v4.5/effects"
TAKEN = {
    "status": "IN_QUEUE",
    "request_id": "764cabcf-b745",
    "response_url": "https://queue.fal.run/fal-ai/other/requests/764cabcf-b745",
    "status_url": "https://queue.fal.run/fal-ai/other/requests/764cabcf-b745/status",
    "cancel_url": "https://queue.fal.run/fal-ai/other/requests/764cabcf-b745/cancel",
    "queue_position": 0,
}
NGINX = b"<html><center>nginx</center></html>"
BY_FAL = {"x-fal-request-id": "764cabcf-b745"}


def said(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(status=status, headers=headers or {}, body=json.dumps(value).encode())


def submitted(response: Response) -> Any:
    return read_submit(response, hosts=HOSTS, endpoint_id=EFFECTS)


def test_a_submit_posts_the_bare_arguments_to_the_whole_endpoint_id() -> None:
    arguments = {"effect": "Who's Arrested?", "image_url": "https://v3.fal.media/a.png"}
    request = submit_request(HOSTS, EFFECTS, arguments, "https://bot.example/hooks/fal/j/m?x=1&y")
    assert request.method == "POST"
    assert request.url.startswith("https://queue.fal.run/fal-ai/pixverse/v4.5/effects?fal_webhook=https%3A%2F%2F")
    assert parse_qs(urlsplit(request.url).query) == {"fal_webhook": ["https://bot.example/hooks/fal/j/m?x=1&y"]}
    assert json.loads(request.content or b"") == arguments
    assert dict(request.headers) == {"content-type": "application/json"}


def test_a_submit_can_say_how_long_its_outputs_shall_live() -> None:
    request = submit_request(HOSTS, EFFECTS, {}, lifetime_s=86_400)
    assert json.loads(request.headers["x-fal-object-lifecycle-preference"]) == {"expiration_duration_seconds": 86_400}
    assert "?" not in request.url


def test_payloads_are_never_asked_to_be_forgotten() -> None:
    assert "x-fal-store-io" not in submit_request(HOSTS, EFFECTS, {}, "https://b.example", lifetime_s=1).headers


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, object()])
def test_arguments_that_are_no_json_are_our_mistake(value: object) -> None:
    with pytest.raises(FalRejected, match="bad_request"):
        submit_request(HOSTS, EFFECTS, {"x": value})


def test_a_taken_submit_gives_fals_own_urls() -> None:
    ticket = submitted(said(TAKEN))
    assert (ticket.request_id, ticket.status_url) == ("764cabcf-b745", TAKEN["status_url"])
    assert (ticket.response_url, ticket.cancel_url) == (TAKEN["response_url"], TAKEN["cancel_url"])


@pytest.mark.parametrize("elsewhere", ["https://evil.example/status", "http://queue.fal.run/x", "", None, 7])
def test_a_taken_submit_with_an_url_we_may_not_follow_is_followed_on_fals_host(elsewhere: Any) -> None:
    ticket = submitted(said(TAKEN | {"status_url": elsewhere}))
    assert ticket.status_url == "https://queue.fal.run/fal-ai/pixverse/requests/764cabcf-b745/status"
    assert ticket.response_url == TAKEN["response_url"]


@pytest.mark.parametrize(
    ("response", "error", "kind"),
    [
        (said({"detail": "too many"}, 429), FalNotTaken, "too_many_requests"),
        (
            said({"detail": "x", "error_type": "concurrent_requests_limit"}, 429),
            FalNotTaken,
            "concurrent_requests_limit",
        ),
        (said({"detail": 'Application "x" not found'}, 404), FalNotTaken, "application_not_found"),
        (Response(status=503, body=NGINX), FalNotTaken, "ingress_error"),
        (Response(status=503, body=NGINX, headers=BY_FAL), FalUncertain, "internal_error"),
        (Response(status=503), FalUncertain, "internal_error"),
        (Response(status=502, body=NGINX), FalUncertain, "ingress_error"),
        (Response(status=504, body=NGINX), FalUncertain, "ingress_error"),
        (Response(status=504, headers={"x-fal-request-timeout-type": "user"}), FalUncertain, "start_timeout"),
        (said({"detail": "Internal Server Error"}, 500), FalUncertain, "internal_server_error"),
        (said({"detail": "No user found for Key ID and Secret"}, 401), FalLocked, "key_refused"),
        (said({"detail": "User is locked. Reason: Exhausted balance."}, 403), FalLocked, "account_locked"),
        (said({"detail": [{"loc": ["body", "x"], "type": "missing"}]}, 422), FalRejected, "missing_field"),
        (said({"detail": "no"}, 400), FalRejected, "bad_request"),
        (Response(status=413), FalRejected, "file_too_large"),
        (Response(status=408), FalUncertain, "bad_request"),
        (Response(status=409), FalUncertain, "bad_request"),
        (Response(status=499), FalUncertain, "client_cancelled"),
        (Response(status=307, headers={"location": "https://x.example"}), FalUncertain, "unexpected_status"),
        (Response(status=200, body=b"<html>"), FalUncertain, "unreadable_answer"),
        (Response(status=200), FalUncertain, "unreadable_answer"),
        (said({"status": "IN_QUEUE"}), FalUncertain, "unreadable_answer"),
        (said({"request_id": "../../admin"}), FalUncertain, "unreadable_answer"),
        (said(["r-1"]), FalUncertain, "unreadable_answer"),
    ],
)
def test_a_submit_that_was_not_plainly_taken_is_told_apart(
    response: Response, error: type[FalError], kind: str
) -> None:
    with pytest.raises(FalError) as raised:
        submitted(response)
    assert (type(raised.value), raised.value.kind) == (error, kind)


def test_an_unknown_application_is_not_worth_another_try() -> None:
    with pytest.raises(FalNotTaken) as raised:
        submitted(said({"detail": 'Application "x" not found'}, 404))
    assert raised.value.retryable is False


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (said({"status": "IN_QUEUE", "queue_position": 3}, 202), QueueStatus(phase=Phase.IN_QUEUE, position=3)),
        (said({"status": "IN_QUEUE"}, 202), QueueStatus(phase=Phase.IN_QUEUE)),
        (said({"status": "IN_QUEUE", "queue_position": -1}), QueueStatus(phase=Phase.IN_QUEUE)),
        (said({"status": "IN_PROGRESS", "logs": []}, 202), QueueStatus(phase=Phase.IN_PROGRESS)),
        (
            said({"status": "COMPLETED", "metrics": {"inference_time": 41.87}}),
            QueueStatus(phase=Phase.COMPLETED, inference_s=41.87),
        ),
        (said({"status": "COMPLETED", "metrics": {"inference_time": None}}), QueueStatus(phase=Phase.COMPLETED)),
        (
            said({"status": "COMPLETED", "metrics": [], "error": "Request timed out", "error_type": "request_timeout"}),
            QueueStatus(phase=Phase.COMPLETED, error="Request timed out", error_type="request_timeout"),
        ),
        (said({"status": "FAILED"}), QueueStatus(phase=Phase.COMPLETED)),
        (said({"status": "WARMING_UP"}, 202), QueueStatus(phase=Phase.IN_PROGRESS)),
    ],
)
def test_a_status_is_read_with_or_without_its_optional_keys(response: Response, expected: QueueStatus) -> None:
    assert read_status(response) == expected


@pytest.mark.parametrize(
    ("response", "error", "kind"),
    [
        (said({"status": "NOT_FOUND"}, 404), FalMissing, "not_found"),
        (said({"detail": "gone"}, 410), FalMissing, "not_found"),
        (said({"status": "NOT_FOUND"}, 200), FalMissing, "not_found"),
        (said({"detail": "User is locked."}, 403), FalLocked, "account_locked"),
        (said({"status": "NOT_FOUND"}, 403), FalLocked, "account_locked"),
        (said({"detail": "invalid key credentials"}, 401), FalLocked, "key_refused"),
        (said({}, 200), FalUnavailable, "unreadable_answer"),
        (Response(status=200, body=b"<html>"), FalUnavailable, "unreadable_answer"),
        (Response(status=502, body=NGINX), FalUnavailable, "ingress_error"),
        (Response(status=500), FalUnavailable, "internal_server_error"),
        (Response(status=429), FalUnavailable, "too_many_requests"),
        (Response(status=302), FalUnavailable, "unexpected_status"),
    ],
)
def test_a_status_without_an_answer_says_which_kind_of_silence(
    response: Response, error: type[FalError], kind: str
) -> None:
    with pytest.raises(FalError) as raised:
        read_status(response)
    assert (type(raised.value), raised.value.kind) == (error, kind)


VIDEO = "https://v3.fal.media/files/koala/output.mp4"


@pytest.mark.parametrize(
    "body",
    [
        {"video": {"url": VIDEO}},
        {"video": VIDEO},
        {"videos": [{"url": VIDEO}, {"url": "https://v3.fal.media/2.mp4"}]},
        {"videos": [VIDEO]},
        {"video": None, "videos": [{}, {"url": VIDEO}]},
        {"video": {"url": VIDEO, "fps": 16}, "seed": 42, "timings": {}, "frames_zip": None},
    ],
)
def test_the_video_is_found_wherever_models_put_it(body: Any) -> None:
    assert read_result(said(body)).video_url == VIDEO


@pytest.mark.parametrize(("number", "probability"), [(0, 0.0), (0.25, 0.25), (1, 1.0)])
def test_what_a_classifier_says_of_a_picture_is_a_result_without_a_video(number: float, probability: float) -> None:
    result = read_result(said({"nsfw_probability": number}, headers={"x-fal-billable-units": "1"}))
    assert (result.probability, result.video_url, result.billable_units) == (probability, "", "1")


def test_a_video_is_a_video_whatever_else_is_said_of_it() -> None:
    assert read_result(said({"video": {"url": VIDEO}, "nsfw_probability": 0.9})).probability is None


@pytest.mark.parametrize("number", [True, "0.5", -0.1, 1.1, None, [0.5], float("nan")])
def test_what_is_no_probability_is_no_judgement(number: Any) -> None:
    with pytest.raises(FalRejected) as caught:
        read_result(said({"nsfw_probability": number}))
    assert caught.value.kind == "no_media_generated"


def test_a_result_keeps_what_fal_says_of_the_file_and_of_the_bill() -> None:
    video = {"url": VIDEO, "content_type": "video/mp4", "file_name": "output.mp4", "file_size": 3_232_402}
    result = read_result(said({"video": video, "seed": 42}, headers={"x-fal-billable-units": "1.25000000"}))
    assert (result.content_type, result.file_name, result.size_bytes) == ("video/mp4", "output.mp4", 3_232_402)
    assert (result.seed, result.billable_units) == (42, "1.25000000")
    assert read_result(said({"video": {"url": VIDEO}})).billable_units is None


@pytest.mark.parametrize(
    ("response", "error", "kind"),
    [
        (said({"video": {"url": "", "content_type": "image/png"}}), FalRejected, "no_media_generated"),
        (said({"video": {"url": "data:video/mp4;base64,AAAA"}}), FalRejected, "no_media_generated"),
        (said({"images": []}), FalRejected, "no_media_generated"),
        (said([]), FalRejected, "no_media_generated"),
        (said({}), FalRejected, "no_media_generated"),
        (said(None), FalUnavailable, "unreadable_answer"),
        (Response(status=200, body=b"<html>"), FalUnavailable, "unreadable_answer"),
        (said({"status": "IN_PROGRESS"}, 202), FalUnavailable, "still_in_progress"),
        (said({"detail": "Request is still in progress"}, 400), FalUnavailable, "still_in_progress"),
        (said({"detail": "bad"}, 400), FalRejected, "bad_request"),
        (said({"status": "NOT_FOUND"}, 404), FalMissing, "not_found"),
        (Response(status=410), FalMissing, "not_found"),
        (said({"detail": "Path /x not found"}, 404, {"x-fal-billable-units": "0"}), FalRejected, "not_found"),
        (said({"detail": "User is locked. Reason: TOP_UP."}, 403), FalLocked, "account_locked"),
        (said({"detail": "User is locked."}, 403, {"x-fal-billable-units": "0"}), FalLocked, "account_locked"),
        (
            said({"detail": [{"loc": ["body"], "type": "content_policy_violation"}]}, 403),
            FalRejected,
            "content_policy_violation",
        ),
        (said({"detail": "x"}, 401), FalLocked, "key_refused"),
        (said({"detail": "x", "error_type": "client_cancelled"}, 499), FalRejected, "client_cancelled"),
        (Response(status=499), FalRejected, "client_cancelled"),
        (said({"detail": "x", "error_type": "request_timeout"}, 504), FalRejected, "request_timeout"),
        (
            said({"detail": "x", "error_type": "request_timeout"}, 504, {"x-fal-request-timeout-type": "user"}),
            FalRejected,
            "start_timeout",
        ),
        (said({"detail": "Internal Server Error"}, 500), FalRejected, "internal_server_error"),
        (Response(status=502, body=NGINX), FalUnavailable, "ingress_error"),
        (Response(status=503), FalUnavailable, "internal_error"),
        (Response(status=502, body=NGINX, headers=BY_FAL), FalRejected, "internal_error"),
        (Response(status=429), FalUnavailable, "too_many_requests"),
        (Response(status=429, headers={"x-fal-billable-units": "0"}), FalRejected, "too_many_requests"),
        (Response(status=301), FalUnavailable, "unexpected_status"),
    ],
)
def test_a_result_is_judged_by_its_own_status_and_body(response: Response, error: type[FalError], kind: str) -> None:
    with pytest.raises(FalError) as raised:
        read_result(response)
    assert (type(raised.value), raised.value.kind) == (error, kind)


def test_a_billed_failure_says_what_it_cost() -> None:
    body = {"detail": [{"loc": ["body", "prompt"], "type": "content_policy_violation"}]}
    with pytest.raises(FalRejected) as raised:
        read_result(said(body, 422, {"x-fal-billable-units": "2"}))
    assert raised.value.billable_units == 2
    assert raised.value.field == "prompt"


@pytest.mark.parametrize(
    ("response", "cancelled"),
    [
        (said({"status": "CANCELLATION_REQUESTED"}, 202), Cancelled.REQUESTED),
        (said({"success": True}), Cancelled.REQUESTED),
        (Response(status=204), Cancelled.REQUESTED),
        (said({"status": "OK"}), Cancelled.REMOVED),
        (said({"status": "ALREADY_COMPLETED"}, 400), Cancelled.ALREADY_COMPLETED),
        (said({"status": "NOT_FOUND"}, 404), Cancelled.UNKNOWN),
    ],
)
def test_a_cancel_is_answered_in_one_of_four_ways(response: Response, cancelled: Cancelled) -> None:
    assert read_cancel(response) is cancelled


@pytest.mark.parametrize(("status", "error"), [(400, FalUnavailable), (403, FalLocked), (500, FalUnavailable)])
def test_a_cancel_that_was_not_heard_says_so(status: int, error: type[FalError]) -> None:
    with pytest.raises(error):
        read_cancel(said({"detail": "x"}, status))


@pytest.mark.parametrize("build", [status_request, result_request, cancel_request])
def test_a_ticket_made_under_other_settings_is_not_followed_with_the_key(build: Callable[..., Any]) -> None:
    sandbox = FalHosts(queue_url="http://127.0.0.1:8931").ticket(EFFECTS, "r-1")
    with pytest.raises(FalUnavailable, match="foreign_url"):
        build(HOSTS, sandbox)


WORDS = [
    *("detail", "status", "error", "error_type", "type", "loc", "msg", "video", "videos", "url", "request_id", "x"),
    *("status_url", "metrics", "items", "prices", "models", "keys", "token", "access_url", "unit_price", "currency"),
    *("expires_at", "uploadId", "base_url", "json_input", "sent_at", "queue_position", "endpoint_id"),
]
NAMES = [
    *("x-fal-request-id", "x-fal-billable-units", "x-fal-error-type", "x-fal-needs-retry", "x-fal-retryable"),
    *("x-fal-request-timeout-type", "etag"),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(WORDS),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)
HEADERS = st.dictionaries(
    st.sampled_from(NAMES),
    st.text(max_size=12) | st.sampled_from(["1", "user", "0.5", "true"]),
)
RESPONSES = st.builds(
    Response,
    status=st.integers(100, 999) | st.sampled_from([200, 202, 400, 403, 404, 422, 499, 500, 503, 504]),
    headers=HEADERS,
    body=st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()),
)
READERS: list[Callable[[Response], Any]] = [
    submitted,
    read_status,
    read_result,
    read_cancel,
    platform_api.read_history,
    platform_api.read_pricing,
    platform_api.read_models,
    platform_api.read_openapi,
    lambda response: storage.read_token(response, datetime(2026, 1, 1, tzinfo=UTC)),
    storage.read_upload,
    storage.read_slot,
    storage.read_put,
    lambda response: storage.read_parted(response, hosts=HOSTS),
    storage.read_part,
    webhook.read_jwks,
]


@given(response=RESPONSES, reader=st.sampled_from(READERS))
def test_no_answer_whatever_its_bytes_raises_anything_but_a_known_kind(
    response: Response, reader: Callable[[Response], Any]
) -> None:
    try:
        reader(response)
    except FalError as error:
        assert error.kind in KNOWN_KINDS  # noqa: PT017  # success is as good as a typed error
        error.detail.encode()
