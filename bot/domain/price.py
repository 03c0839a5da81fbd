"""What an Order costs: the closed form of `catalogue.Price`, in exact decimals, rounded up to whole micro-dollars.

The Hold is never less than the cost. Nothing is computed that the endpoint's file does not say.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal, InvalidOperation

from bot.domain.catalogue import Endpoint, Measure, Option, PerUnit, Price, Value
from bot.domain.rules import holds

MICRO = 1_000_000
_CENT = MICRO // 100
_CAUTION = Decimal("1.5")
"""An estimated price is held at one and a half times."""

_MOST_UNITS = 1_000_000_000
"""No job bills more; a header that says so is noise, and must not become a number of a million digits."""

_LEADING_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What an Order costs. The Hold is an upper bound of the cost; an estimated one is said to be an estimate."""

    cost_microusd: int
    hold_microusd: int
    estimated: bool = False
    unpriced: bool = False


def quote(endpoint: Endpoint, values: Mapping[str, Value], *, seconds: Mapping[str, float] | None) -> Quote:
    """What these values cost on this endpoint.

    `seconds` are the running times of the files by option, None while nobody has looked at them. A quantity that is
    not known counts with its upper bound, and the quote is then an estimate.
    """
    price = endpoint.price
    if price is None:
        return Quote(cost_microusd=0, hold_microusd=0, unpriced=True)
    amount = Decimal(_base(price, endpoint, values))
    certain = True
    for part in price.per:
        quantity = _quantity(part, endpoint, values, seconds or {})
        certain = certain and quantity is not None
        amount += _per_unit(part, _bound(part, endpoint.option(part.option)) if quantity is None else quantity)
    for factor in price.factors:
        if holds(factor.when, values, endpoint):
            amount *= factor.times
    amount += sum(add.microusd for add in price.adds if holds(add.when, values, endpoint))
    cost = max(0, _whole(amount))
    hold = _whole(cost * _CAUTION) if price.estimated else cost
    return Quote(cost_microusd=cost, hold_microusd=hold, estimated=price.estimated or not certain)


def settle_amount(endpoint: Endpoint, quote: Quote, billable_units: str | None) -> int:
    """What a Job really cost, in micro-dollars: fal's billed units times its unit price, else the quoted cost.

    `billable_units` is the header `x-fal-billable-units` as it came; what cannot be read counts as not said. No
    units cost nothing, whatever the unit price.
    """
    units = _units(billable_units)
    unit_price = endpoint.price.unit_price_microusd if endpoint.price else None
    if units == 0:
        return 0
    if units is None or unit_price is None:
        return quote.cost_microusd
    return _whole(units * unit_price)


def dollars(microusd: int) -> str:
    """An amount as people read it: "$0.20", "$1,250.00", "less than a cent"; to the nearest cent."""
    if microusd < 0:
        return f"-{dollars(-microusd)}"
    if 0 < microusd < _CENT:
        return "less than a cent"
    cents = (Decimal(microusd) / MICRO).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return f"${cents:,}"


def number(value: Value) -> Decimal | None:
    """The number a value stands for: 5 for 5, "5" and "5s"; None for a flag and for words."""
    if isinstance(value, bool):
        return None
    found = _LEADING_NUMBER.match(str(value))
    return Decimal(found.group()) if found else None


def _base(price: Price, endpoint: Endpoint, values: Mapping[str, Value]) -> int:
    return next((row.microusd for row in price.table if holds(row.when, values, endpoint)), price.base_microusd)


def _quantity(
    part: PerUnit,
    endpoint: Endpoint,
    values: Mapping[str, Value],
    seconds: Mapping[str, float],
) -> Decimal | None:
    match part.measure:
        case Measure.OPTION:
            return number(values[part.option]) if part.option in values else None
        case Measure.INPUT_SECONDS:
            return _exact(seconds[part.option]) if part.option in seconds else None
        case Measure.CHARACTERS:
            option = endpoint.option(part.option)
            return Decimal(len(str(values.get(part.option, "")))) if option and not option.is_media else None


def _bound(part: PerUnit, option: Option | None) -> Decimal:
    """The upper bound of an unknown quantity: the price's own, else the largest the option allows."""
    if part.at_most is not None:
        return _exact(part.at_most)
    if option is None:
        return Decimal(0)
    match part.measure:
        case Measure.OPTION:
            numbers = [found for choice in option.choices if (found := number(choice)) is not None]
            return max(numbers, default=_exact(option.maximum or 0))
        case Measure.INPUT_SECONDS:
            return _exact(option.limits.max_s or 0)
        case Measure.CHARACTERS:
            return Decimal(option.max_length or 0)


def _per_unit(part: PerUnit, quantity: Decimal) -> Decimal:
    over = max(Decimal(0), quantity - _exact(part.above))
    steps = (over / _exact(part.step)).to_integral_value(rounding=ROUND_CEILING)
    return steps * part.microusd


def _units(text: str | None) -> Decimal | None:
    try:
        units = Decimal((text or "").strip())
    except InvalidOperation:
        return None
    return units if units.is_finite() and 0 <= units <= _MOST_UNITS else None


def _exact(quantity: float) -> Decimal:
    """The decimal a person would write for this float: 0.1 is a tenth."""
    return Decimal(str(quantity))


def _whole(amount: Decimal) -> int:
    return int(amount.to_integral_value(rounding=ROUND_CEILING))
