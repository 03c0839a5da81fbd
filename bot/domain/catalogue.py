"""The shape of `config/endpoints`: what an endpoint takes, what it costs, and what a command offers.

Data chooses, never computes: every difference between endpoints is a value of a closed type in this file, and the
code that reads it matches exhaustively. Loading and checking the files is `bot/settings/endpoints.py`.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

Value = str | int | float | bool
"""What an option can hold besides media."""


class Kind(StrEnum):
    """What sort of value an option takes."""

    TEXT = "text"
    CHOICE = "choice"
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"
    IMAGE = "image"
    IMAGES = "images"
    VIDEO = "video"
    AUDIO = "audio"


MEDIA_KINDS = frozenset({Kind.IMAGE, Kind.IMAGES, Kind.VIDEO, Kind.AUDIO})


class Level(StrEnum):
    """Where an option is offered."""

    MAIN = "main"
    MORE = "more"
    OWNER = "owner"


class Send(StrEnum):
    """The JSON type a choice is sent as; fal's enums are strings, even of numbers, with few exceptions."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"


class Join(StrEnum):
    """What becomes of two pictures given to an effect that takes one; shown before money is spent."""

    NONE = "none"
    SIDE_BY_SIDE = "side_by_side"


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaLimits:
    """What an endpoint takes of a file; None where it does not say.

    `formats` are the containers or image formats sent as they are ("jpeg", "png", "webp", "mp4", "mov", "mp3",
    "wav"); anything else we can read is turned into the first of them. Ratios are width divided by height.
    """

    max_bytes: int | None = None
    min_side_px: int | None = None
    max_side_px: int | None = None
    min_ratio: float | None = None
    max_ratio: float | None = None
    min_s: float | None = None
    max_s: float | None = None
    formats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing a person, or the owner, can set on an endpoint.

    `name` is the common name shared by all endpoints of a command, `field` the endpoint's own.
    `accepts` are further choices taken when typed but not offered: what a seed had and today's fal has renamed or
    dropped. An entry maps the typed value to the one that is sent (to itself where fal may still take it).
    `fixed` is the value an owner option always has.
    """

    name: str
    field: str
    kind: Kind
    level: Level = Level.MORE
    required: bool = False
    default: Value | None = None
    fixed: Value | None = None
    choices: tuple[str, ...] = ()
    accepts: Mapping[str, str] = dataclasses.field(default_factory=dict)
    send: Send = Send.STRING
    minimum: float | None = None
    maximum: float | None = None
    max_length: int | None = None
    min_files: int = 0
    max_files: int = 1
    unit: str = ""
    help: str = ""
    limits: MediaLimits = dataclasses.field(default_factory=MediaLimits)

    @property
    def is_media(self) -> bool:
        """Whether the value is a file."""
        return self.kind in MEDIA_KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyWith:
    """When every option in `when` has one of its values, every option in `then` must have one of its values.

    `text` is the rule as a person reads it: "1080p is only possible with 5 seconds".
    """

    when: Mapping[str, tuple[str, ...]]
    then: Mapping[str, tuple[str, ...]]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf:
    """At least one of these options must be given."""

    options: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCount:
    """When the options in `when` have these values, `option` takes exactly `count` files."""

    when: Mapping[str, tuple[str, ...]]
    option: str
    count: int
    text: str


Rule = OnlyWith | OneOf | FileCount


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A part of a price that holds when the options in `when` have one of these values (always, when empty)."""

    when: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    microusd: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A multiplication of everything before it."""

    times: Decimal
    when: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)


class Measure(StrEnum):
    """What a price counts."""

    OPTION = "option"
    INPUT_SECONDS = "input_seconds"
    CHARACTERS = "characters"


@dataclass(frozen=True, slots=True, kw_only=True)
class PerUnit:
    """`microusd` for every started `step` of the measured quantity above `above`.

    `measure` says what is counted: the value of an option, the seconds of the file given for it, or the characters
    of its text. `at_most` is the upper bound used for the Hold while the quantity is not known.
    """

    measure: Measure
    option: str
    microusd: int
    above: float = 0
    step: float = 1
    at_most: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one reel costs: (table row or base + per-unit parts) x factors + add-ons, in whole micro-dollars.

    `table` replaces `base` with its first row that holds. `unit_price_microusd` and `billing_unit` are fal's own, to
    settle at what it billed (`x-fal-billable-units` x unit price); None where fal does not publish them.
    `estimated`: no official figure was found; shown as an estimate and held at one and a half times.
    """

    base_microusd: int
    table: tuple[Amount, ...] = ()
    per: tuple[PerUnit, ...] = ()
    factors: tuple[Factor, ...] = ()
    adds: tuple[Amount, ...] = ()
    unit_price_microusd: int | None = None
    billing_unit: str = ""
    estimated: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One fal endpoint, as its file describes it.

    `slug` is the file's name without `.toml` and always `slug_of(id)`; `model` the short name people type after
    `--model`; `order` the place within the command (lowest first, then by slug; the first is the default);
    `face_effects` the effects that animate faces, empty for all of them when `faces` is set;
    `fixed_seconds`, `fixed_resolution` and `fixed_fps` say what the options `duration`, `resolution` and `fps` would,
    where the endpoint has none of them; `typical_s` is a first guess at the rendering time, until there is history.
    """

    slug: str
    id: str
    title: str
    summary: str
    command: str
    model: str
    options: tuple[Option, ...]
    rules: tuple[Rule, ...] = ()
    price: Price | None = None
    typical_s: float = 60.0
    faces: bool = False
    face_effects: tuple[str, ...] = ()
    join: Join = Join.NONE
    fixed_seconds: float | None = None
    fixed_resolution: str = ""
    fixed_fps: float | None = None
    order: int = 100
    retired: bool = False
    source: str = ""
    checked: str = ""
    notes: tuple[str, ...] = ()

    def option(self, name: str) -> Option | None:
        """The option of this common name, or None."""
        return next((option for option in self.options if option.name == name), None)

    def offered(self, level: Level) -> tuple[Option, ...]:
        """The options of one level, in the file's order."""
        return tuple(option for option in self.options if option.level is level)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What people type after the slash: endpoints that make the same thing, and the union of their main options.

    `lead` is the option that takes the words after the command ("/effect Kiss Me AI"): the first main option that
    is no file, or "" where there is none. Endpoints stand in the catalogue's order; the first is the default model.
    """

    name: str
    makes: str
    endpoints: tuple[Endpoint, ...]
    options: tuple[Option, ...]
    lead: str

    def endpoint(self, model: str) -> Endpoint | None:
        """The endpoint of this model name, slug or endpoint id, or None."""
        return next((one for one in self.endpoints if model in {one.model, one.slug, one.id}), None)


SCREEN = "screen"
"""The command of endpoints that judge pictures. It is nobody's to type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All endpoints, checked together; `commands` by name, in the order people should see them.

    `endpoints` are those that people can ask for, `judges` those that are asked about their pictures; the first of
    these is used.
    """

    endpoints: tuple[Endpoint, ...]
    commands: Mapping[str, Command]
    judges: tuple[Endpoint, ...] = ()

    @property
    def everything(self) -> tuple[Endpoint, ...]:
        """Every endpoint there is."""
        return (*self.endpoints, *self.judges)

    def endpoint(self, name: str) -> Endpoint | None:
        """The endpoint of this slug or endpoint id, or None."""
        return next((one for one in self.everything if name in {one.slug, one.id}), None)


def slug_of(endpoint_id: str) -> str:
    """The slug of a fal endpoint id: "fal-ai/pixverse/v4.5/effects" -> "pixverse-v4.5-effects"; other owners stay."""
    return endpoint_id.removeprefix("fal-ai/").replace("/", "-").lower()
