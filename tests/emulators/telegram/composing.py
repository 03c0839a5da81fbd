"""What the bot writes: text with its marks, captions, files by upload or id; limits and what Telegram says of them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.emulators.telegram import markup
from tests.emulators.telegram.calls import Call
from tests.emulators.telegram.media import Claim, Upload
from tests.emulators.telegram.refusals import refuse
from tests.emulators.telegram.texts import together
from tests.emulators.telegram.things import Json, Media, MediaKind

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ATTACH = "attach://"
FILE = "file://"
ALBUM = {MediaKind.PHOTO, MediaKind.VIDEO, MediaKind.DOCUMENT, MediaKind.AUDIO}
EDITED = ALBUM | {MediaKind.ANIMATION}
MOST_SECONDS = 86_400
MOST_PIXELS = 10_000


def text(call: Call) -> tuple[str, list[Json]]:
    """The text of a message and what is marked in it.

    Raises:
        Refusal: It is empty, too long, or wrongly marked.
    """
    raw = call.text("text")
    if not raw:
        raise refuse("message text is empty")
    words, entities = marked(raw, call.text("parse_mode"), call.json("entities", "entities"))
    if not words:
        raise refuse("message text is empty")
    if len(words) > TEXT_LIMIT:
        raise refuse("message is too long")
    return words, entities


def caption(call: Call) -> tuple[str, list[Json]]:
    """The caption.

    Raises:
        Refusal: It is too long, or wrongly marked.
    """
    return captioned(call.text("caption"), call.text("parse_mode"), call.json("caption_entities", "entities"))


def captioned(raw: str, mode: str, given: Any) -> tuple[str, list[Json]]:
    """A caption by its parts."""
    words, entities = marked(raw, mode, given)
    if len(words) > CAPTION_LIMIT:
        raise refuse("message caption is too long")
    return words, entities


def marked(raw: str, mode: str, given: Any) -> tuple[str, list[Json]]:
    """What is read and how it is marked, blanks at the ends gone."""
    words, entities = markup.parsed(raw, mode, given if isinstance(given, list) else [])
    words, entities = markup.trimmed(words, entities)
    return words, together(words, entities)


def upload(call: Call, name: str) -> Upload | str:
    """The file of a parameter: uploaded under its own name or an attached one, or the id (or address) given."""
    if name in call.files:
        return call.files[name]
    return attached(call, call.text(name))


def attached(call: Call, given: str) -> Upload | str:
    """An uploaded file by `attach://`, or the id as it is."""
    if given.startswith(ATTACH):
        found = call.files.get(given.removeprefix(ATTACH))
        return "" if found is None else found
    return given


def media(call: Call, kind: MediaKind, source: Upload | str, extra: Json) -> Media:
    """Media by upload or by id. `extra` are the parameters (or fields) around it.

    Raises:
        Refusal: There is none, it is empty, or of another kind.
    """
    if isinstance(source, Upload):
        return stored(call, kind, source, extra)
    if not source:
        raise refuse(f"there is no {kind.value} in the request")
    if source.startswith(FILE) and call.parts.local:
        return stored(call, kind, on_disk(source), extra)
    if source.startswith(("http://", "https://")):
        raise refuse("failed to get HTTP URL content")
    found = call.world.shelf.media.get(source)
    if found is None:
        raise refuse("wrong remote file identifier specified: can't unserialize it")
    if found.kind is not kind:
        raise refuse(f"can't use file of type {found.kind.value.capitalize()} as {kind.value.capitalize()}")
    return found


def on_disk(address: str) -> Upload:
    """A file by its path on a self-hosted server's machine.

    Raises:
        Refusal: There is none.
    """
    path = Path(address.removeprefix(FILE))
    if not path.is_file():
        raise refuse("can't find real file path")
    return Upload(filename=path.name, data=path.read_bytes())


def stored(call: Call, kind: MediaKind, source: Upload, extra: Json) -> Media:
    """Media that is new to the servers."""
    if not source.data:
        raise refuse("file must be non-empty")
    shelf = call.world.shelf
    match kind:
        case MediaKind.PHOTO:
            return shelf.photo(source)
        case MediaKind.VIDEO | MediaKind.ANIMATION:
            made = shelf.video(source, claim(extra), kind=kind)
            made.supports_streaming = truth(extra.get("supports_streaming"))
        case MediaKind.DOCUMENT:
            made = shelf.document(source)
        case _:
            return shelf.sound(source, whole(extra.get("duration"), MOST_SECONDS), kind)
    small = extra.get("thumbnail")
    small = call.files.get("thumbnail") if small is None else attached(call, str(small))
    if isinstance(small, str) and small.startswith(FILE) and call.parts.local:
        small = on_disk(small)
    if isinstance(small, Upload):
        made.thumbnail = shelf.thumbnail(small)
    poster = extra.get("cover")
    if poster:
        source_of = attached(call, str(poster))
        made.cover = media(call, MediaKind.PHOTO, source_of, {}).sizes
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One of an album, or what a message's media shall be. `made` keeps its file on the servers."""

    kind: MediaKind
    words: str
    entities: list[Json]
    spoiler: bool
    above: bool
    made: Callable[[], Media]


def item(call: Call, given: Any, what: str) -> Item:
    """An InputMedia. `what`: "album" or "media".

    Raises:
        Refusal: It is none, or names no file.
    """
    wrong = "can't parse InputMedia: "
    if given is None:
        raise refuse('parameter "media" is required')
    if not isinstance(given, dict):
        raise refuse(f"{wrong}expected an Object")
    kinds = ALBUM if what == "album" else EDITED
    if given.get("type") not in kinds:
        raise refuse(f'{wrong}type "{given.get("type", "")}" is unsupported')
    kind = MediaKind(given["type"])
    source = attached(call, str(given.get("media") or ""))
    if not source:
        raise refuse(f"{wrong}media not found")
    raw, mode = str(given.get("caption") or ""), str(given.get("parse_mode") or "")
    words, entities = captioned(raw, mode, given.get("caption_entities"))
    return Item(
        kind=kind,
        words=words,
        entities=entities,
        spoiler=truth(given.get("has_spoiler")),
        above=truth(given.get("show_caption_above_media")),
        made=lambda: media(call, kind, source, {"thumbnail": "", **given}),
    )


def claim(extra: Json) -> Claim:
    """What the sender says of a video, within Telegram's bounds."""
    return Claim(
        width=whole(extra.get("width"), MOST_PIXELS),
        height=whole(extra.get("height"), MOST_PIXELS),
        duration=whole(extra.get("duration"), MOST_SECONDS),
    )


def whole(value: Any, most: int) -> int:
    """A number from text or JSON, within 0 and `most`."""
    raw = str(value or "0")
    return min(max(int(raw) if raw.lstrip("-").isdigit() else 0, 0), most)


def truth(value: Any) -> bool:
    """A truth from text or JSON."""
    return str(value).lower() in {"true", "yes", "1"}
