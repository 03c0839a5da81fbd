"""What a run answers, and every error of fal as such an answer: pure values.

The tables are fal's own: https://docs.fal.ai/errors (model errors, `detail` is a list) and
https://fal.ai/docs/documentation/model-apis/request-errors (errors around a run, `detail` is a string).
"""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

JSON = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Status, headers and body as the model returned them; replayed unchanged by the result."""

    status: int
    body: bytes
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    content_type: str = JSON

    @property
    def ok(self) -> bool:
        """Whether the run made what it was asked for."""
        return self.status < 400  # noqa: PLR2004 (the line HTTP itself draws)

    def payload(self) -> Any:
        """The body as JSON, or None where it is none."""
        return json.loads(self.body) if self.content_type == JSON else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One thing wrong with an input, in fal's shape."""

    loc: tuple[str | int, ...]
    msg: str
    type: str
    ctx: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    input: Any = None

    def as_json(self) -> dict[str, Any]:
        """`ctx` is left out where it is empty, as fal does."""
        shown = {
            "loc": list(self.loc),
            "msg": self.msg,
            "type": self.type,
            "url": f"https://docs.fal.ai/errors/#{self.type}",
            "input": self.input,
        }
        return shown | ({"ctx": dict(self.ctx)} if self.ctx else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A documented model error: its status, its usual text, an example of its `ctx`."""

    status: int
    msg: str
    ctx: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    about: str = ""


_ARCHIVE = {"supported_extensions": [".jpg", ".png", ".zip"]}
_FEW = {"min_count": 4, "provided_count": 1} | _ARCHIVE
_MANY = {"max_count": 20, "provided_count": 21} | _ARCHIVE

MODEL_ERRORS: Mapping[str, Known] = {
    "internal_server_error": Known(status=500, msg="Internal server error"),
    "generation_timeout": Known(status=504, msg="The generation took too long."),
    "downstream_service_error": Known(status=400, msg="Downstream service error"),
    "downstream_service_unavailable": Known(status=500, msg="Downstream service unavailable"),
    "content_policy_violation": Known(
        status=422,
        msg="The content could not be processed because it contained material flagged by a content checker.",
        about="prompt",
    ),
    "no_media_generated": Known(status=422, msg="No media was generated. Try a different prompt.", about="prompt"),
    "image_too_small": Known(
        status=422, msg="Image dimensions are too small.", ctx={"min_height": 300, "min_width": 300}, about="image_url"
    ),
    "image_too_large": Known(
        status=422,
        msg="Image dimensions are too large.",
        ctx={"max_height": 4096, "max_width": 4096},
        about="image_url",
    ),
    "image_load_error": Known(status=422, msg="Failed to load the image.", about="image_url"),
    "file_download_error": Known(status=422, msg="Failed to download the file.", about="image_url"),
    "face_detection_error": Known(status=422, msg="Could not detect a face in the image.", about="image_url"),
    "file_too_large": Known(status=422, msg="File size is too large.", ctx={"max_size": 10485760}, about="image_url"),
    "greater_than": Known(status=422, msg="Input should be greater than 0", ctx={"gt": 0}, about="seed"),
    "greater_than_equal": Known(
        status=422, msg="Input should be greater than or equal to 81", ctx={"ge": 81}, about="num_frames"
    ),
    "less_than": Known(status=422, msg="Input should be less than 101", ctx={"lt": 101}, about="num_frames"),
    "less_than_equal": Known(
        status=422, msg="Input should be less than or equal to 100", ctx={"le": 100}, about="num_frames"
    ),
    "multiple_of": Known(status=422, msg="Input should be a multiple of 8", ctx={"multiple_of": 8}, about="width"),
    "sequence_too_short": Known(
        status=422, msg="List should have at least 2 items", ctx={"min_length": 2}, about="input_image_urls"
    ),
    "sequence_too_long": Known(
        status=422, msg="List should have at most 4 items", ctx={"max_length": 4}, about="input_image_urls"
    ),
    "one_of": Known(status=422, msg="Input should be one of '5', '8'", ctx={"expected": ["5", "8"]}, about="duration"),
    "feature_not_supported": Known(status=422, msg="This feature is not supported."),
    "invalid_archive": Known(status=422, msg="The archive is invalid.", ctx=_ARCHIVE),
    "archive_file_count_below_minimum": Known(status=422, msg="The archive has too few files.", ctx=_FEW),
    "archive_file_count_exceeds_maximum": Known(status=422, msg="The archive has too many files.", ctx=_MANY),
    "audio_duration_too_long": Known(
        status=422, msg="Audio is too long.", ctx={"max_duration": 60, "provided_duration": 75}, about="audio_url"
    ),
    "audio_duration_too_short": Known(
        status=422, msg="Audio is too short.", ctx={"min_duration": 2, "provided_duration": 1}, about="audio_url"
    ),
    "video_duration_too_long": Known(
        status=422, msg="Video is too long.", ctx={"max_duration": 60, "provided_duration": 75}, about="video_url"
    ),
    "video_duration_too_short": Known(
        status=422, msg="Video is too short.", ctx={"min_duration": 2, "provided_duration": 1}, about="video_url"
    ),
    "unsupported_audio_format": Known(
        status=422, msg="Unsupported audio format.", ctx={"supported_formats": ["mp3", "wav"]}, about="audio_url"
    ),
    "unsupported_image_format": Known(
        status=422, msg="Unsupported image format.", ctx={"supported_formats": ["jpeg", "png"]}, about="image_url"
    ),
    "unsupported_video_format": Known(
        status=422, msg="Unsupported video format.", ctx={"supported_formats": ["mp4", "mov"]}, about="video_url"
    ),
    "input_value_error": Known(status=422, msg="The input is not valid."),
}
"""Every documented type of `detail[].type`, with what fal usually sends beside it."""

INFRA_ERRORS: Mapping[str, int] = {
    "request_timeout": 504,
    "startup_timeout": 504,
    "runner_scheduling_failure": 503,
    "runner_connection_timeout": 503,
    "runner_disconnected": 503,
    "runner_connection_refused": 503,
    "runner_connection_error": 503,
    "runner_incomplete_response": 502,
    "runner_server_error": 500,
    "client_disconnected": 499,
    "client_cancelled": 499,
    "bad_request": 400,
    "internal_error": 500,
}
"""Every documented `error_type` of a request error, with the HTTP status of its result."""

RETRYABLE_FROM = 500


def answer(status: int, body: Any, **headers: str) -> Answer:
    """A JSON answer; underscores in header names become dashes."""
    return Answer(
        status=status,
        body=json.dumps(body, ensure_ascii=False).encode(),
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def rejected(flaws: Sequence[Flaw], *, status: int = 422, units: str = "0") -> Answer:
    """A model's error: the list of what is wrong, and what it billed all the same."""
    retryable = status >= RETRYABLE_FROM
    return answer(
        status,
        {"detail": [flaw.as_json() for flaw in flaws]},
        x_fal_billable_units=units,
        x_fal_retryable=str(retryable).lower(),
        x_fal_needs_retry=str(int(retryable)),
    )


def model_error(kind: str, arguments: Any, *, units: str = "0") -> Answer:
    """The documented error `kind`, as if the model had found it in these arguments.

    Raises:
        KeyError: fal documents no such type.
    """
    known = MODEL_ERRORS[kind]
    named = known.about if isinstance(arguments, dict) and known.about in arguments else ""
    flaw = Flaw(
        loc=("body", named) if named else ("body",),
        msg=known.msg,
        type=kind,
        ctx=known.ctx,
        input=arguments.get(named) if named else None,
    )
    return rejected([flaw], status=known.status, units=units)


def infra_error(error_type: str, detail: str = "") -> Answer:
    """An error around the run; never billed.

    Raises:
        KeyError: fal documents no such type.
    """
    status = INFRA_ERRORS[error_type]
    body = {"detail": detail or error_type.replace("_", " ").capitalize(), "error_type": error_type}
    return answer(status, body, x_fal_error_type=error_type, x_fal_needs_retry=str(int(status >= RETRYABLE_FROM)))


def start_timeout() -> Answer:
    """What comes of a request that did not start within the caller's own `X-Fal-Request-Timeout`."""
    body = {"detail": "Request timed out", "error_type": "request_timeout"}
    return answer(504, body, x_fal_error_type="request_timeout", x_fal_request_timeout_type="user")


def nginx(status: int, title: str) -> Answer:
    """An ingress error: HTML, and no `x-fal-request-id`."""
    page = f"<html>\r\n<head><title>{status} {title}</title></head>\r\n<body>\r\n<center><h1>{status} {title}</h1>"
    page += "</center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    return Answer(status=status, body=page.encode(), content_type="text/html")
