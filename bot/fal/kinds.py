"""fal's vocabulary of failure, and ours where it has no word; every `FalError.kind` is in it.

Model errors: https://docs.fal.ai/errors. Infrastructure errors: https://fal.ai/docs/documentation/model-apis/errors.
"""

from collections.abc import Mapping

from bot.domain.errors import Blame

_PERSON = (Blame.PERSON, False)
_PROVIDER = (Blame.PROVIDER, False)
_PASSING = (Blame.PROVIDER, True)
_US = (Blame.US, False)

KINDS: Mapping[str, tuple[Blame, bool]] = {
    # what a model says of the request
    "content_policy_violation": _PERSON,
    "image_too_small": _PERSON,
    "image_too_large": _PERSON,
    "image_load_error": _PERSON,
    "face_detection_error": _PERSON,
    "file_too_large": _PERSON,
    "sequence_too_short": _PERSON,
    "sequence_too_long": _PERSON,
    "audio_duration_too_long": _PERSON,
    "audio_duration_too_short": _PERSON,
    "video_duration_too_long": _PERSON,
    "video_duration_too_short": _PERSON,
    "unsupported_audio_format": _PERSON,
    "unsupported_image_format": _PERSON,
    "unsupported_video_format": _PERSON,
    "input_value_error": _PERSON,
    "no_media_generated": _PROVIDER,
    "file_download_error": _PROVIDER,
    # what our own checks should have caught: the catalogue has drifted from fal
    "greater_than": _US,
    "greater_than_equal": _US,
    "less_than": _US,
    "less_than_equal": _US,
    "multiple_of": _US,
    "one_of": _US,
    "missing_field": _US,
    "feature_not_supported": _US,
    "invalid_archive": _US,
    "archive_file_count_below_minimum": _US,
    "archive_file_count_exceeds_maximum": _US,
    "bad_request": _US,
    "application_not_found": _US,
    # what went wrong at fal
    "internal_server_error": _PASSING,
    "generation_timeout": _PASSING,
    "downstream_service_error": _PASSING,
    "downstream_service_unavailable": _PASSING,
    "request_timeout": _PASSING,
    "startup_timeout": _PASSING,
    "runner_scheduling_failure": _PASSING,
    "runner_connection_timeout": _PASSING,
    "runner_disconnected": _PASSING,
    "runner_connection_refused": _PASSING,
    "runner_connection_error": _PASSING,
    "runner_incomplete_response": _PASSING,
    "runner_server_error": _PASSING,
    "concurrent_requests_limit": _PASSING,
    "internal_error": _PASSING,
    "start_timeout": _PROVIDER,
    "client_disconnected": _PROVIDER,
    "client_cancelled": _PERSON,
    # what is between us and fal
    "key_refused": _US,
    "account_locked": _US,
    "not_permitted": _US,
    "foreign_url": _US,
    "media_lost": _US,
    "too_many_requests": _PASSING,
    "still_in_progress": _PASSING,
    "not_found": _PROVIDER,
    "ingress_error": _PASSING,
    "not_connected": _PASSING,
    "connection_lost": _PASSING,
    "no_answer": _PASSING,
    "unreadable_answer": _PASSING,
    "unexpected_status": _PASSING,
}
"""Each kind with who can do something about it, and whether the same request may well succeed later."""

KNOWN_KINDS: frozenset[str] = frozenset(KINDS)

SYNONYMS: Mapping[str, str] = {
    "missing": "missing_field",
    "value_error.missing": "missing_field",
    "enum": "one_of",
    "literal_error": "one_of",
    "type_error.enum": "one_of",
    "value_error.const": "one_of",
    "value_error.number.not_gt": "greater_than",
    "value_error.number.not_ge": "greater_than_equal",
    "value_error.number.not_lt": "less_than",
    "value_error.number.not_le": "less_than_equal",
    "value_error.number.not_multiple": "multiple_of",
    "string_too_short": "sequence_too_short",
    "too_short": "sequence_too_short",
    "value_error.any_str.min_length": "sequence_too_short",
    "value_error.list.min_items": "sequence_too_short",
    "string_too_long": "sequence_too_long",
    "too_long": "sequence_too_long",
    "value_error.any_str.max_length": "sequence_too_long",
    "value_error.list.max_items": "sequence_too_long",
    "validation_error": "bad_request",
    "rate_limited": "too_many_requests",
    "server_error": "internal_error",
}
"""pydantic's words (both majors, as FastAPI apps at fal pass them on) and the Platform APIs', in fal's."""

BY_STATUS: Mapping[int, str] = {
    400: "bad_request",
    404: "not_found",
    410: "not_found",
    413: "file_too_large",
    422: "input_value_error",
    429: "too_many_requests",
    499: "client_cancelled",
    500: "internal_server_error",
    504: "request_timeout",
}
"""What an answer without a word of its own most likely means."""
