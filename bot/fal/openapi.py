"""fal's OpenAPI documents and our Endpoints: one into the other and back, and where the two have drifted apart.

A document knows fields, enums, defaults and bounds; it knows no price and no rule across fields
(https://fal.ai/api/openapi/queue/openapi.json?endpoint_id=<id>). Pure.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.domain.catalogue import Endpoint, Kind, Level, Option, Value, slug_of
from bot.domain.rules import written
from bot.fal.document import document_from_endpoint
from bot.fal.schema import Field, Schema, input_fields

__all__ = ["COMMON_NAMES", "document_from_endpoint", "drift", "endpoint_from_document"]

COMMON_NAMES: Mapping[str, str] = {
    "aspect_ratio": "aspect",
    "audio_url": "audio",
    "camera_movement": "camera",
    "cfg_scale": "guidance",
    "effect_scene": "effect",
    "enable_prompt_expansion": "enhance",
    "enable_safety_checker": "safety_checker",
    "end_image_url": "end_image",
    "first_frame_url": "image",
    "first_image_url": "image",
    "frames_per_second": "fps",
    "generate_audio": "sound",
    "generate_audio_switch": "sound",
    "generate_multi_clip_switch": "multi_clip",
    "guidance_scale": "guidance",
    "guide_scale": "guidance",
    "image_url": "image",
    "image_urls": "images",
    "input_image_urls": "images",
    "last_image_url": "end_image",
    "model": "version",
    "negative_prompt": "negative",
    "num_frames": "frames",
    "num_inference_steps": "steps",
    "original_sound_switch": "keep_sound",
    "prompt_optimizer": "enhance",
    "reference_image_urls": "images",
    "start_image_url": "image",
    "subject_reference_image_url": "image",
    "tail_image_url": "end_image",
    "thinking_type": "thinking",
    "video_description": "description",
    "video_url": "video",
    "voice_id": "voice",
    "voice_language": "language",
    "voice_speed": "speed",
}
"""What we call fal's fields; a field that is not here keeps its own name."""

_FIXED: Mapping[str, Value] = {"enable_safety_checker": True, "sync_mode": False}
"""Fields the owner decides: the safety checker is always on, and a result is never a data URI."""

_MAIN = frozenset({"prompt", "text", "effect", "duration", "resolution", "aspect"})
_TAKEN = frozenset({"model", "more", "person"})
_TASK = re.compile(r"-(?:(?:text|image|video|audio|reference)-to-(?:video|image|audio)|effects)")
_NAME_LENGTH = 32
_HELP_LENGTH = 100


def endpoint_from_document(
    document: Schema,
    endpoint_id: str,
    command: str,
    *,
    checked: str = "",
) -> Endpoint:
    """A first description of an endpoint, without price and rules; `checked` is the day of the look (ISO).

    Fields we have no kind of option for are left out and named in the notes.

    Raises:
        ConfigInvalid: the document describes no input of this endpoint.
    """
    fields = input_fields(document, endpoint_id)
    options: dict[str, Option] = {}
    for field in fields:
        if field.kind is not None:
            option = _option(field, field.kind, taken=set(options))
            options[option.name] = option
    left_out = [field.name for field in fields if field.kind is None]
    slug = slug_of(endpoint_id)
    title = " ".join(word[:1].upper() + word[1:] for word in slug.split("-"))[:_HELP_LENGTH]
    return Endpoint(
        slug=slug,
        id=endpoint_id,
        title=title,
        summary=f"Made with {title}"[:_HELP_LENGTH],
        command=command,
        model=_TASK.sub("", slug)[:_NAME_LENGTH].strip("-."),
        options=tuple(options.values()),
        faces=command == "effect",
        source=f"https://fal.ai/models/{endpoint_id}/api",
        checked=checked,
        notes=(f"Left out, since no option can carry them: {', '.join(left_out)}.",) if left_out else (),
    )


def drift(endpoint: Endpoint, document: Schema) -> tuple[str, ...]:
    """Every difference between our file and fal's document, one line each; empty when they agree.

    A bound that only we know is no difference: much of what fal checks stands in its texts alone.

    Raises:
        ConfigInvalid: the document describes no input of this endpoint.
    """
    fields = {field.name: field for field in input_fields(document, endpoint.id)}
    ours = {option.field: option for option in endpoint.options}
    lines = [f"{option.name}: fal has no field {name}" for name, option in ours.items() if name not in fields]
    for name, field in fields.items():
        option = ours.get(name)
        if option is not None:
            lines.extend(f"{option.name}: {line}" for line in _differences(option, field))
        elif field.kind is not None or field.required:
            kind = field.kind.value if field.kind else "structure we cannot offer"
            lines.append(f"{name}: new at fal ({kind}{', required' if field.required else ''})")
    return tuple(lines)


def _option(field: Field, kind: Kind, *, taken: set[str]) -> Option:
    name = COMMON_NAMES.get(field.name, field.name)
    if name in taken | _TAKEN:
        name = field.name if field.name not in taken | _TAKEN else f"{field.name}_field"
    fixed = _FIXED.get(field.name)
    is_media = kind in {Kind.IMAGE, Kind.IMAGES, Kind.VIDEO, Kind.AUDIO}
    is_main = field.required or is_media or name in _MAIN
    option = Option(
        name=re.sub(r"[^a-z0-9_]", "_", name.lower())[:_NAME_LENGTH],
        field=field.name,
        kind=kind,
        level=Level.OWNER if fixed is not None else Level.MAIN if is_main else Level.MORE,
        required=field.required and fixed is None,
        default=None if field.required or is_media else _default(field),
        fixed=fixed,
        choices=field.choices if kind is Kind.CHOICE else (),
        send=field.send,
        minimum=field.minimum,
        maximum=field.maximum,
        max_length=field.max_length,
        help=_help(field),
    )
    if not is_media:
        return option
    return replace(option, min_files=max(field.min_files, int(field.required)), max_files=field.max_files)


def _default(field: Field) -> Value | None:
    """The default as our options have it: a choice is text, even where fal's is a number."""
    if field.default is None or field.kind is not Kind.CHOICE:
        return field.default
    return written(field.default)


def _help(field: Field) -> str:
    """The first sentence of fal's description, cut to what a chat can show."""
    sentence = re.split(r"(?<=[.!?])\s", field.description, maxsplit=1)[0].rstrip(".")
    text = sentence or field.name.replace("_", " ")
    return text if len(text) <= _HELP_LENGTH else f"{text[: _HELP_LENGTH - 1]}…"


def _differences(option: Option, field: Field) -> Iterator[str]:
    if field.kind is not option.kind:
        yield f"is {option.kind.value} here and {field.kind.value if field.kind else 'a structure'} at fal"
        return
    if field.required != option.required and option.fixed is None:
        yield "is required at fal" if field.required else "is not required at fal any more"
    known = {*option.choices, *option.accepts.values()}
    yield from (f"fal also offers {choice!r}" for choice in field.choices if choice not in known)
    yield from (f"fal does not offer {choice!r} any more" for choice in option.choices if choice not in field.choices)
    if field.send is not option.send:
        yield f"is sent as {option.send.value} here, and fal takes {field.send.value}"
    theirs, ours = _default(field), option.default
    # fal leaves out a default of false or "", so nothing and a falsy value are the same; 0 is a value.
    if option.fixed is None and not field.required and (theirs or None) != (ours or None):
        yield f"the default is {ours!r} here and {theirs!r} at fal"
    yield from _bound_differences(option, field)


def _bound_differences(option: Option, field: Field) -> Iterator[str]:
    bounds = {
        "minimum": (option.minimum, field.minimum),
        "maximum": (option.maximum, field.maximum),
        "maximum length": (option.max_length, field.max_length),
    }
    if option.kind is Kind.IMAGES:
        bounds["number of files"] = (option.max_files, field.max_files)
    for name, (ours, theirs) in bounds.items():
        if theirs is not None and ours != theirs:
            yield f"the {name} is {ours} here and {theirs} at fal"
