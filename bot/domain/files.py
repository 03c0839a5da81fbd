"""Which attachment is meant for which option, before anybody has looked into a file.

A file given for an option by name goes there. The others go by their order and by what they claim to be; a claim
only chooses a place, it never refuses a file.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.ask import Attachment
from bot.domain.catalogue import Endpoint, Join, Kind, Option
from bot.domain.errors import Problem, Slug
from bot.domain.match import shortened

_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_EXTENSIONS = {
    "image": frozenset({"jpg", "jpeg", "png", "webp", "gif", "avif", "heic", "heif", "bmp", "tif", "tiff"}),
    "video": frozenset({"mp4", "mov", "webm", "m4v", "mkv", "avi"}),
    "audio": frozenset({"mp3", "wav", "ogg", "oga", "opus", "m4a", "aac", "flac"}),
}
_PAIR = 2
_TWINS = {"image": "images", "images": "image"}
_MEDIUM = {Kind.IMAGE: "image", Kind.IMAGES: "image", Kind.VIDEO: "video", Kind.AUDIO: "audio"}
CALLED = {"image": "a picture", "video": "a video", "audio": "a sound"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """The files by option, in the endpoint's order; `joined`: two pictures will be put side by side."""

    files: Mapping[str, tuple[Attachment, ...]]
    joined: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True, kw_only=True)
class _Table:
    """The places of an endpoint while files are dealt to them."""

    options: tuple[Option, ...]
    dealt: dict[str, list[Attachment]] = field(default_factory=dict)
    unused: list[tuple[int, Attachment]] = field(default_factory=list)

    def room(self, option: Option) -> bool:
        return len(self.dealt.get(option.name, ())) < _most(option)


def assign(endpoint: Endpoint, attachments: Sequence[Attachment]) -> Assignment:
    """Deal the attachments to the endpoint's media options.

    An attachment whose `option` the endpoint does not have is the caller's to refuse; it is left out here.
    """
    places = sorted((option for option in endpoint.options if option.is_media), key=_turn)
    table = _Table(options=tuple(places))
    for position, attachment in enumerate(attachments, start=1):
        if attachment.option:
            table.dealt.setdefault(attachment.option, []).append(attachment)
        else:
            _deal(table, position, attachment)
    joinable = _joinable(endpoint, table)
    joined = _join(joinable, table)
    problems = (*_surplus(table, joinable), *_lacking(table))
    in_order = (option.name for option in endpoint.options if option.name in table.dealt)
    return Assignment(files={name: tuple(table.dealt[name]) for name in in_order}, joined=joined, problems=problems)


def place(endpoint: Endpoint, name: str) -> Option | None:
    """The option of this name, or where a picture given as `image` goes when there are only `images`, or the reverse.

    A command shows both when its models differ, and a person should not have to know which of them takes which.
    """
    twin = endpoint.option(_TWINS.get(name, ""))
    return endpoint.option(name) or (twin if twin is not None and twin.is_media else None)


def from_text(option: str, text: str) -> tuple[tuple[Attachment, ...], Problem | None]:
    """The addresses typed as the value of a media option, as attachments; a problem when it is something else."""
    words = text.split()
    if not words or not all(_URL.fullmatch(word) for word in words):
        return (), Problem(slug=Slug.URL_REFUSED, about=option, facts={"given": shortened(text)})
    return tuple(Attachment(platform="url", handle=word, option=option) for word in words), None


def called(option: Option) -> str:
    """What people call a file for this option: "a picture", "a video", "a sound"."""
    return CALLED[medium_of(option)]


def medium_of(option: Option) -> str:
    """The medium of a media option: "image", "video", "audio"."""
    return _MEDIUM[option.kind]


def _turn(option: Option) -> tuple[bool, bool, bool]:
    """Plain pictures before collections; among them `image` first, then `end_image`; else the file's order."""
    return option.kind is Kind.IMAGES, option.name != "image", option.name != "end_image"


def _most(option: Option) -> int:
    return option.max_files if option.kind is Kind.IMAGES else 1


def claimed(attachment: Attachment) -> str:
    """The medium a file claims to be, by its type or else its name; "" when it claims nothing we know."""
    medium = attachment.content_type.partition("/")[0].casefold()
    if medium in _EXTENSIONS:
        return medium
    extension = attachment.name.rpartition(".")[2].casefold()
    return next((medium for medium, known in _EXTENSIONS.items() if extension in known), "")


def _deal(table: _Table, position: int, attachment: Attachment) -> None:
    claim = claimed(attachment)
    fitting = [option for option in table.options if claim in {"", medium_of(option)}]
    place = next((option for option in fitting if table.room(option)), None)
    if place is None:
        table.unused.append((position, attachment))
    else:
        table.dealt.setdefault(place.name, []).append(attachment)


def _joinable(endpoint: Endpoint, table: _Table) -> str:
    """The option for which two pictures may stand for one, "" where there is none."""
    pictures = [option for option in table.options if medium_of(option) == "image"]
    match endpoint.join:
        case Join.SIDE_BY_SIDE if len(pictures) == 1 and pictures[0].kind is Kind.IMAGE:
            return pictures[0].name
        case Join.SIDE_BY_SIDE | Join.NONE:
            return ""


def _join(name: str, table: _Table) -> bool:
    """Deal a second picture to the option where two stand for one; whether there are two now."""
    spare = [entry for entry in table.unused if claimed(entry[1]) in {"", "image"}]
    if name not in table.dealt or len(table.dealt[name]) + len(spare) != _PAIR:
        return False
    table.dealt[name] += [attachment for _, attachment in spare]
    table.unused = [entry for entry in table.unused if entry not in spare]
    return True


def _surplus(table: _Table, joinable: str) -> list[Problem]:
    problems = []
    over: dict[str, int] = {}
    for position, attachment in table.unused:
        claim = claimed(attachment)
        full = next((option for option in table.options if claim in {"", medium_of(option)}), None)
        if full is None:
            facts = {"kind": CALLED.get(claim, "a file")}
            about = attachment.name or f"file {position}"
            problems.append(Problem(slug=Slug.FILE_UNUSED, about=about, facts=facts))
        else:
            over[full.name] = over.get(full.name, 0) + 1
    for option in table.options:
        given = len(table.dealt.get(option.name, ())) + over.get(option.name, 0)
        most = _PAIR if option.name == joinable else _most(option)
        if given > most:
            facts = {"given": str(given), "maximum": str(most), "kind": called(option)}
            problems.append(Problem(slug=Slug.TOO_MANY_FILES, about=option.name, facts=facts))
    return problems


def _lacking(table: _Table) -> list[Problem]:
    problems = []
    for option in table.options:
        given = len(table.dealt.get(option.name, ()))
        if not given and option.required:
            problems.append(Problem(slug=Slug.MISSING_MEDIA, about=option.name, facts={"kind": called(option)}))
        elif given and given < option.min_files:
            facts = {"given": str(given), "needed": str(option.min_files), "kind": called(option)}
            problems.append(Problem(slug=Slug.TOO_FEW_FILES, about=option.name, facts=facts))
    return problems
