"""What must hold of a price: every part can happen, nothing is free by mistake, and it says where it comes from."""

import itertools
from collections.abc import Iterator, Mapping

from bot.domain.catalogue import Amount, Endpoint, Factor, Kind, Measure, PerUnit, Price
from bot.settings.option_checks import Finding
from bot.settings.rule_checks import check_when

_MOST_COMBINATIONS = 10_000
_COUNTABLE: Mapping[Measure, frozenset[Kind]] = {
    Measure.OPTION: frozenset({Kind.INTEGER, Kind.NUMBER, Kind.CHOICE}),
    Measure.INPUT_SECONDS: frozenset({Kind.VIDEO, Kind.AUDIO}),
    Measure.CHARACTERS: frozenset({Kind.TEXT}),
}


def check_price(endpoint: Endpoint) -> Iterator[Finding]:
    """Everything wrong with the price of `endpoint`; nothing when it has none."""
    price = endpoint.price
    if price is None:
        return
    if not price.source.strip():
        yield "price.source", "is missing; a price says where it was found and when"
    if not (price.base_microusd or price.table or price.per):
        yield "price", "costs nothing; leave the price out, or say what it costs"
    if (price.unit_price_microusd is None) == bool(price.billing_unit):
        yield "price.billing_unit", "unit_price_microusd and billing_unit stand together or not at all"
    yield from _check_money(price)
    yield from _check_whens(endpoint, price)
    for row, part in enumerate(price.per, 1):
        for name, reason in _check_per(endpoint, part):
            yield f"price.per[{row}].{name}", reason
    yield from _check_table(endpoint, price)


def _check_money(price: Price) -> Iterator[Finding]:
    amounts = {
        "base_microusd": price.base_microusd,
        "unit_price_microusd": price.unit_price_microusd or 0,
        **{f"table[{row}].microusd": part.microusd for row, part in enumerate(price.table, 1)},
        **{f"per[{row}].microusd": part.microusd for row, part in enumerate(price.per, 1)},
        **{f"adds[{row}].microusd": part.microusd for row, part in enumerate(price.adds, 1)},
    }
    for name, amount in amounts.items():
        if amount < 0:
            yield f"price.{name}", "is negative"
    for row, factor in enumerate(price.factors, 1):
        if factor.times <= 0:
            yield f"price.factors[{row}].times", "must be above 0"


def _check_whens(endpoint: Endpoint, price: Price) -> Iterator[Finding]:
    rows: dict[str, tuple[Amount | Factor, ...]] = {"table": price.table, "factors": price.factors, "adds": price.adds}
    for name, parts in rows.items():
        for row, part in enumerate(parts, 1):
            yield from check_when(endpoint, f"price.{name}[{row}].when", part.when)


def _check_per(endpoint: Endpoint, part: PerUnit) -> Iterator[Finding]:
    option = endpoint.option(part.option)
    if option is None:
        yield "option", f"there is no option {part.option!r}"
        return
    if option.kind not in _COUNTABLE[part.measure]:
        yield "option", f"{part.option!r} is {option.kind.value}, and {part.measure.value} of that cannot be counted"
    if part.measure is Measure.INPUT_SECONDS and part.at_most is None:
        yield "at_most", "is missing; without it no upper bound can be held before the file was looked at"
    if part.step <= 0:
        yield "step", "must be above 0"
    if part.above < 0 or (part.at_most is not None and part.at_most < part.above):
        yield "above", "must lie between 0 and at_most"


def _check_table(endpoint: Endpoint, price: Price) -> Iterator[Finding]:
    for row, part in enumerate(price.table, 1):
        earlier = next((place for place, one in enumerate(price.table[: row - 1], 1) if _covers(one, part)), None)
        if earlier is not None:
            yield f"price.table[{row}]", f"is never reached; row {earlier} always holds first"
    if price.table and not price.base_microusd:
        gap = _uncovered(endpoint, price)
        if gap:
            yield "price.table", f"has no row for {gap} and there is no base_microusd, so it would be free"


def _covers(earlier: Amount, later: Amount) -> bool:
    return all(name in later.when and set(later.when[name]) <= set(values) for name, values in earlier.when.items())


def _uncovered(endpoint: Endpoint, price: Price) -> str:
    """The first combination of values that no row holds for, in words; "" where there is none."""
    domains: dict[str, tuple[str, ...]] = {}
    for name in sorted({name for row in price.table for name in row.when}):
        option = endpoint.option(name)
        match option.kind if option else None:
            case Kind.CHOICE if option:
                domains[name] = tuple(dict.fromkeys([*option.choices, *option.accepts.values()]))
            case Kind.FLAG:
                domains[name] = ("true", "false")
            case _:
                return f"every possible {name}"
    for values in itertools.islice(itertools.product(*domains.values()), _MOST_COMBINATIONS):
        chosen = dict(zip(domains, values, strict=True))
        if not any(_holds(row.when, chosen) for row in price.table):
            return " and ".join(f"{name} = {value}" for name, value in chosen.items())
    return ""


def _holds(when: Mapping[str, tuple[str, ...]], chosen: Mapping[str, str]) -> bool:
    return all(chosen.get(name) in values for name, values in when.items())
