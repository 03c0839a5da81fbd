"""The shape of one file in `config/endpoints`: what keys there are and what they hold, and nothing about sense."""

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, StrictBool
from pydantic_core import PydanticCustomError

from bot.domain.catalogue import (
    Amount,
    Endpoint,
    Factor,
    FileCount,
    Join,
    Kind,
    Level,
    Measure,
    MediaLimits,
    OneOf,
    OnlyWith,
    Option,
    PerUnit,
    Price,
    Rule,
    Send,
    Value,
)


def _value(raw: object) -> Value:
    if isinstance(raw, str | int | float):
        return raw
    raise PydanticCustomError("value", "must be text, a number, true or false")


def _decimal(raw: object) -> Decimal:
    try:
        number = Decimal(str(raw)) if isinstance(raw, str | int | float) and not isinstance(raw, bool) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise PydanticCustomError("value", 'must be a number, like 2 or "2.2"')
    return number


def _iso_date(raw: object) -> str:
    try:
        return raw.isoformat() if isinstance(raw, dt.date) else dt.date.fromisoformat(str(raw)).isoformat()
    except ValueError:
        raise PydanticCustomError("value", 'must be a date, like "2026-11-20"') from None


Text = Annotated[str, Field(strict=True)]
Whole = Annotated[int, Field(strict=True)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
AnyValue = Annotated[Value, PlainValidator(_value)]
Times = Annotated[Decimal, PlainValidator(_decimal)]
IsoDate = Annotated[str, BeforeValidator(_iso_date)]
When = dict[str, tuple[Text, ...]]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LimitsPart(_Part):
    """`limits` of a media option."""

    max_bytes: Whole | None = None
    min_side_px: Whole | None = None
    max_side_px: Whole | None = None
    min_ratio: Number | None = None
    max_ratio: Number | None = None
    min_s: Number | None = None
    max_s: Number | None = None
    formats: tuple[Text, ...] = ()


class OptionPart(_Part):
    """One `[options.<common name>]` table."""

    field: Text
    kind: Kind
    level: Level = Level.MORE
    required: StrictBool = False
    default: AnyValue | None = None
    fixed: AnyValue | None = None
    choices: tuple[Text, ...] = ()
    accepts: dict[str, Text] = Field(default_factory=dict)
    send: Send = Send.STRING
    minimum: Number | None = None
    maximum: Number | None = None
    max_length: Whole | None = None
    min_files: Whole = 0
    max_files: Whole = 1
    unit: Text = ""
    help: Text = ""
    limits: LimitsPart = LimitsPart()

    def option(self, name: str) -> Option:
        """The option as the rest of the program knows it."""
        values = {key: getattr(self, key) for key in type(self).model_fields if key != "limits"}
        return Option(name=name, limits=MediaLimits(**dict(self.limits)), **values)


class OnlyWithPart(_Part):
    """A `[[rules]]` table of the kind "only_with"."""

    kind: Literal["only_with"]
    when: When
    then: When
    text: Text

    def rule(self) -> Rule:
        """The rule as the rest of the program knows it."""
        return OnlyWith(when=self.when, then=self.then, text=self.text)


class OneOfPart(_Part):
    """A `[[rules]]` table of the kind "one_of"."""

    kind: Literal["one_of"]
    options: tuple[Text, ...]
    text: Text

    def rule(self) -> Rule:
        """The rule as the rest of the program knows it."""
        return OneOf(options=self.options, text=self.text)


class FileCountPart(_Part):
    """A `[[rules]]` table of the kind "file_count"."""

    kind: Literal["file_count"]
    when: When
    option: Text
    count: Whole
    text: Text

    def rule(self) -> Rule:
        """The rule as the rest of the program knows it."""
        return FileCount(when=self.when, option=self.option, count=self.count, text=self.text)


RulePart = Annotated[OnlyWithPart | OneOfPart | FileCountPart, Field(discriminator="kind")]


class AmountPart(_Part):
    """A row of `price.table` or `price.adds`."""

    when: When = Field(default_factory=dict)
    microusd: Whole


class FactorPart(_Part):
    """A row of `price.factors`."""

    times: Times
    when: When = Field(default_factory=dict)


class PerPart(_Part):
    """A row of `price.per`."""

    measure: Measure
    option: Text
    microusd: Whole
    above: Number = 0
    step: Number = 1
    at_most: Number | None = None


class PricePart(_Part):
    """The `[price]` table."""

    base_microusd: Whole = 0
    table: tuple[AmountPart, ...] = ()
    per: tuple[PerPart, ...] = ()
    factors: tuple[FactorPart, ...] = ()
    adds: tuple[AmountPart, ...] = ()
    unit_price_microusd: Whole | None = None
    billing_unit: Text = ""
    estimated: StrictBool = False
    source: Text = ""

    def price(self) -> Price:
        """The price as the rest of the program knows it."""
        return Price(
            base_microusd=self.base_microusd,
            table=tuple(Amount(**dict(row)) for row in self.table),
            per=tuple(PerUnit(**dict(row)) for row in self.per),
            factors=tuple(Factor(**dict(row)) for row in self.factors),
            adds=tuple(Amount(**dict(row)) for row in self.adds),
            unit_price_microusd=self.unit_price_microusd,
            billing_unit=self.billing_unit,
            estimated=self.estimated,
            source=self.source,
        )


class EndpointFile(_Part):
    """One file; `docs/adding-an-endpoint.md` explains every key."""

    id: Text
    title: Text
    summary: Text
    command: Text
    model: Text
    order: Whole = 100
    typical_s: Number = 60.0
    faces: StrictBool = False
    face_effects: tuple[Text, ...] = ()
    join: Join = Join.NONE
    fixed_seconds: Number | None = None
    fixed_resolution: Text = ""
    fixed_fps: Number | None = None
    retired: StrictBool = False
    source: Text = ""
    checked: IsoDate = ""
    notes: tuple[Text, ...] = ()
    options: dict[str, OptionPart] = Field(default_factory=dict)
    rules: tuple[RulePart, ...] = ()
    price: PricePart | None = None

    def endpoint(self, slug: str) -> Endpoint:
        """The endpoint as the rest of the program knows it."""
        parts = {"options", "rules", "price"}
        values = {key: getattr(self, key) for key in type(self).model_fields if key not in parts}
        return Endpoint(
            slug=slug,
            options=tuple(part.option(name) for name, part in self.options.items()),
            rules=tuple(part.rule() for part in self.rules),
            price=self.price.price() if self.price else None,
            **values,
        )
