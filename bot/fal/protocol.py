"""fal's queue without a socket: what to send, and what the answers mean (submit, status, result, cancel).

Every `read_…` returns a value or raises a `FalError`, and nothing else, whatever the bytes. A submit that may have been
taken is `FalUncertain`; a question without a usable answer is `FalUnavailable`; only fal's own word is final.
https://fal.ai/docs/documentation/model-apis/inference/queue, https://fal.ai/docs/api-reference/inference-api
"""

import json
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Any, NoReturn
from urllib.parse import quote

from bot.domain.errors import Blame, FalMissing, FalNotTaken, FalRejected, FalUnavailable, FalUncertain
from bot.domain.job import Phase, QueueStatus, Result, Ticket
from bot.fal.exchange import Request, Response, items, mapping, seconds, text, whole
from bot.fal.failures import GONE, LOCKING, billable_units, failure, is_ingress, locked, question_failed, told
from bot.fal.hosts import REQUEST_ID, FalHosts

_MEDIA_URL = re.compile(r"https?://[^\s\x00-\x20\x7f]{1,4000}", re.IGNORECASE)
_JSON_TYPE = {"content-type": "application/json"}
_UNDECIDED = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY, 499})
"""Refusals that do not prove that nothing was taken."""


class Cancelled(StrEnum):
    """What fal says to a wish to cancel; after REQUESTED and UNKNOWN the Job may still complete and be billed."""

    REQUESTED = "requested"
    REMOVED = "removed"
    ALREADY_COMPLETED = "already_completed"
    UNKNOWN = "unknown"


def lifecycle(lifetime_s: int) -> str:
    """The JSON that tells fal to delete a file after so many seconds, as a header's value."""
    return json.dumps({"expiration_duration_seconds": lifetime_s})


def submit_request(
    hosts: FalHosts,
    endpoint_id: str,
    arguments: Mapping[str, object],
    webhook_url: str | None = None,
    *,
    lifetime_s: int | None = None,
) -> Request:
    """The one POST of a Job. `lifetime_s`: how long fal keeps the files the model makes (None: its own default).

    Raises:
        FalRejected: kind "bad_request": the arguments are no JSON (our mistake).
    """
    try:
        content = json.dumps(arguments, allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        raise FalRejected("bad_request", blame=Blame.US, detail=f"the arguments are no JSON: {error}") from error
    query = f"?fal_webhook={quote(webhook_url, safe='')}" if webhook_url else ""
    kept = {} if lifetime_s is None else {"x-fal-object-lifecycle-preference": lifecycle(lifetime_s)}
    return Request(
        method="POST",
        url=f"{hosts.queue_url}/{quote(endpoint_id)}{query}",
        headers=_JSON_TYPE | kept,
        content=content,
    )


def read_submit(response: Response, *, hosts: FalHosts, endpoint_id: str) -> Ticket:
    """The Ticket of a submit that was taken.

    fal's URLs are kept as they are. One that is missing, or that leads to a host the key may not go to (fal behind a
    proxy of ours), is built from the ids instead: the request is paid for, so it is followed rather than lost.

    Raises:
        FalNotTaken: certainly nothing was taken: 429, 404 (`retryable` is False), nginx's 503.
        FalLocked: 401, 402, 403.
        FalRejected: any other refusal of this very request (400, 422, …).
        FalUncertain: everything else, an unreadable success and every 500, 502 and 504 included.
    """
    if not response.is_success:
        _raise_refused_submit(response)
    body = mapping(response.json())
    request_id = text(body.get("request_id"))
    if not REQUEST_ID.fullmatch(request_id):
        raise failure(FalUncertain, response, "unreadable_answer")
    built = hosts.ticket(endpoint_id, request_id)

    def followed(name: str, otherwise: str) -> str:
        url = text(body.get(name), limit=4_096)
        return url if hosts.is_ours(url) else otherwise

    return Ticket(
        request_id=request_id,
        status_url=followed("status_url", built.status_url),
        response_url=followed("response_url", built.response_url),
        cancel_url=followed("cancel_url", built.cancel_url),
    )


def status_request(hosts: FalHosts, ticket: Ticket) -> Request:
    """One look at the queue, without logs. Raises FalUnavailable ("foreign_url")."""
    return Request(method="GET", url=hosts.follow(ticket.status_url))


def read_status(response: Response) -> QueueStatus:
    """Where the request is: 202 while it waits or runs, 200 when completed, which is not success.

    Raises:
        FalMissing: 404, 410. FalLocked: 401, 402, 403. FalUnavailable: the rest.
    """
    body = mapping(response.json())
    word = text(body.get("status")).upper()
    if not response.is_success or not word:
        raise question_failed(response)
    if word == "NOT_FOUND":
        raise failure(FalMissing, response, "not_found")
    match word:
        case "IN_QUEUE":
            phase = Phase.IN_QUEUE
        case "IN_PROGRESS":
            phase = Phase.IN_PROGRESS
        case "COMPLETED":
            phase = Phase.COMPLETED
        case _:
            # A word newer than this file: the code still says whether it is over, and then the result decides.
            phase = Phase.COMPLETED if response.status == HTTPStatus.OK else Phase.IN_PROGRESS
    position = whole(body.get("queue_position"))
    return QueueStatus(
        phase=phase,
        position=position if position is not None and position >= 0 else None,
        error=text(body.get("error")),
        error_type=text(body.get("error_type")),
        inference_s=seconds(mapping(body.get("metrics")).get("inference_time")),
    )


def result_request(hosts: FalHosts, ticket: Ticket) -> Request:
    """The result, as the model returned it. Raises FalUnavailable ("foreign_url")."""
    return Request(method="GET", url=hosts.follow(ticket.response_url))


def read_result(response: Response) -> Result:
    """The video, or what a classifier says of a picture, judged by the answer's own status and body.

    Raises:
        FalRejected: the model or the platform failed this request, or returned no video ("no_media_generated").
        FalMissing: fal does not (any longer) know the result. FalLocked: 401, 402, 403.
        FalUnavailable: no usable answer, or too early ("still_in_progress").
    """
    body = response.json()
    if not response.is_success:
        _raise_failed_result(response)
    if text(mapping(body).get("status")) in {"IN_QUEUE", "IN_PROGRESS"}:
        raise failure(FalUnavailable, response, "still_in_progress")
    if not isinstance(body, dict | list):
        # A page of some proxy is no word of the model's about a reel that may be paid for.
        raise failure(FalUnavailable, response, "unreadable_answer")
    video = next(_videos(mapping(body)), None)
    billed = billable_units(response)
    probability = _probability(mapping(body)) if video is None else None
    if video is None and probability is None:
        raise failure(FalRejected, response, "no_media_generated")
    video = video or {}
    size_bytes = whole(video.get("file_size"))
    return Result(
        video_url=text(video.get("url"), limit=4_096),
        content_type=text(video.get("content_type"), limit=200),
        file_name=text(video.get("file_name"), limit=200),
        size_bytes=size_bytes if size_bytes and size_bytes > 0 else None,
        seed=whole(mapping(body).get("seed")),
        billable_units=None if billed is None else f"{billed:f}",
        probability=probability,
    )


def cancel_request(hosts: FalHosts, ticket: Ticket) -> Request:
    """The wish to cancel. Raises FalUnavailable ("foreign_url")."""
    return Request(method="PUT", url=hosts.follow(ticket.cancel_url))


def read_cancel(response: Response) -> Cancelled:
    """What came of the wish; any 2xx counts as heard. Raises FalLocked, FalUnavailable."""
    word = text(mapping(response.json()).get("status")).upper()
    if response.is_success:
        return Cancelled.REMOVED if word == "OK" else Cancelled.REQUESTED
    if word == "ALREADY_COMPLETED":
        return Cancelled.ALREADY_COMPLETED
    if response.status in GONE:
        return Cancelled.UNKNOWN
    raise question_failed(response)


def _raise_refused_submit(response: Response) -> NoReturn:
    status = response.status
    if status in LOCKING:
        raise locked(response)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise failure(FalNotTaken, response)
    if status == HTTPStatus.NOT_FOUND:
        raise failure(FalNotTaken, response, "application_not_found")
    if status == HTTPStatus.SERVICE_UNAVAILABLE and is_ingress(response):
        raise failure(FalNotTaken, response, "ingress_error")
    is_refusal = 400 <= status < 500  # noqa: PLR2004  # the meaning of 4xx
    if is_refusal and status not in _UNDECIDED:
        raise failure(FalRejected, response)
    raise failure(FalUncertain, response, "ingress_error" if is_ingress(response) else "")


def _raise_failed_result(response: Response) -> NoReturn:
    """Tell the model's own failure, which is final, from a failure to fetch it.

    fal replays what the model returned, so any status may be either. Typed reasons (a list) are the model's; a
    billing header marks a model's answer too, except on 401 and 403, which must never fail a Job by mistake.
    """
    said = told(response)
    if response.status == HTTPStatus.BAD_REQUEST and "still in progress" in said.detail.lower() and not said.by_model:
        raise failure(FalUnavailable, response, "still_in_progress")
    if response.status in LOCKING and not said.by_model:
        raise locked(response)
    is_models = said.by_model or billable_units(response) is not None
    if response.status in GONE and not is_models:
        raise failure(FalMissing, response, "not_found")
    if response.status in {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS} and not is_models:
        raise failure(FalUnavailable, response)
    if response.status < HTTPStatus.BAD_REQUEST or (response.status in _GATEWAY and _is_unsigned(response)):
        raise question_failed(response)
    raise failure(FalRejected, response)


_GATEWAY = range(500, 600)


def _is_unsigned(response: Response) -> bool:
    """Whether neither a request id nor JSON says that fal itself wrote this answer."""
    return "x-fal-request-id" not in response.headers and not mapping(response.json())


def _probability(body: Mapping[str, Any]) -> float | None:
    """How likely a picture is not safe for work, from 0 to 1; None where that is not said.

    https://fal.ai/docs/model-api-reference/vision-api/imageutils
    """
    said = body.get("nsfw_probability")
    if isinstance(said, bool) or not isinstance(said, int | float) or not 0 <= said <= 1:
        return None
    return float(said)


def _videos(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The videos of a model's output; of a File only `url` can be relied on."""
    for found in (body.get("video"), body.get("videos")):
        for one in items(found) or (found,):
            video = {"url": one} if isinstance(one, str) else mapping(one)
            if _MEDIA_URL.fullmatch(text(video.get("url"), limit=5_000)):
                yield video
