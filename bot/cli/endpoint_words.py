"""What a person reads of an endpoint: its options, limits, rules and price as short phrases, without markup."""

from collections.abc import Mapping
from decimal import Decimal

from bot.domain.catalogue import (
    Endpoint,
    Join,
    Kind,
    Level,
    Measure,
    MediaLimits,
    Option,
    PerUnit,
    Price,
    Value,
)
from bot.domain.match import listed
from bot.domain.price import MICRO, dollars, quote
from bot.domain.rules import written

_MEGA = 1_000_000
_FLAG = {"true": "on", "false": "off"}
_PLAIN = {
    Kind.TEXT: "text",
    Kind.FLAG: "on or off",
    Kind.INTEGER: "a whole number",
    Kind.NUMBER: "a number",
    Kind.IMAGE: "a picture",
    Kind.VIDEO: "a video",
    Kind.AUDIO: "a sound",
}


def usual_price(endpoint: Endpoint) -> str:
    """What one reel costs with every default: "$0.20", "about $0.32", "up to $1.20", "no price"."""
    if endpoint.price is None:
        return "no price"
    standing = {option.name: option.default if option.fixed is None else option.fixed for option in endpoint.options}
    values: dict[str, Value] = {name: value for name, value in standing.items() if value is not None}
    found = quote(endpoint, values, seconds=None)
    before = "about " if endpoint.price.estimated else "up to " if found.estimated else ""
    return before + dollars(found.cost_microusd)


def exact(microusd: int) -> str:
    """An amount with all its digits, and cents at least: "$0.20", "$0.0056"."""
    amount = (Decimal(microusd) / MICRO).normalize()
    exponent = amount.as_tuple().exponent
    digits = max(2, -exponent) if isinstance(exponent, int) else 2
    return f"${amount:,.{digits}f}"


def price_lines(price: Price) -> list[str]:
    """The closed form, a phrase for each part, in the order they are applied."""
    lines = [f"{exact(row.microusd)} {_when(row.when)}" for row in price.table]
    if price.base_microusd or not (lines or price.per):
        lines.append(exact(price.base_microusd) + (" otherwise" if lines else ""))
    lines += [_per(part) for part in price.per]
    lines += [f"times {factor.times} {_when(factor.when)}".rstrip() for factor in price.factors]
    lines += [f"plus {exact(add.microusd)} {_when(add.when)}".rstrip() for add in price.adds]
    if price.unit_price_microusd is not None:
        lines.append(f"settled at {exact(price.unit_price_microusd)} for each {price.billing_unit} fal bills")
    if price.estimated:
        lines.append("an estimate; held at one and a half times")
    return lines


def takes(option: Option) -> str:
    """What an option takes: "5 or 8 s", "a number, 0 to 1", "1 to 4 pictures"."""
    match option.kind:
        case Kind.TEXT if option.max_length:
            return f"text of up to {option.max_length:,} characters"
        case Kind.CHOICE:
            unit = "" if option.choices[-1].endswith(option.unit) else f" {option.unit}"
            return listed(option.choices) + unit
        case Kind.IMAGES:
            few = max(1, option.min_files)
            return f"{few} to {option.max_files} pictures" if few != option.max_files else f"{few} pictures"
        case kind:
            return _PLAIN[kind] + _range(option)


def standing(option: Option) -> str:
    """What holds when nobody says anything: "required", the default, "always on", or ""."""
    if option.required:
        return "required"
    if option.fixed is not None:
        return f"always {_shown(option, option.fixed)}"
    return _shown(option, option.default) if option.default not in {None, ""} else ""


def reach(option: Option) -> str:
    """How an option is reached."""
    match option.level:
        case Level.MAIN:
            return "by name"
        case Level.MORE:
            return "as a further option"
        case Level.OWNER:
            return "owner only"


def limits(limits: MediaLimits) -> str:
    """The limits of a file in one line, "" where there are none."""
    parts = [
        _between(limits.min_side_px, limits.max_side_px, "{} px a side"),
        _between(limits.min_ratio, limits.max_ratio, "{} wide to high"),
        _between(limits.min_s, limits.max_s, "{} s"),
        f"at most {limits.max_bytes / _MEGA:,g} MB" if limits.max_bytes else "",
        listed([name.upper() for name in limits.formats]),
    ]
    return "; ".join(part for part in parts if part)


def rule_lines(endpoint: Endpoint) -> list[str]:
    """The rules across options, and what happens to a second picture."""
    lines = [rule.text for rule in endpoint.rules]
    match endpoint.join:
        case Join.SIDE_BY_SIDE:
            return [*lines, "Two pictures are put side by side, and shown before anything is spent"]
        case Join.NONE:
            return lines


def fixed_facts(endpoint: Endpoint) -> list[str]:
    """What no option decides."""
    facts = [
        f"always {endpoint.fixed_seconds:g} s" if endpoint.fixed_seconds else "",
        f"always {endpoint.fixed_resolution}" if endpoint.fixed_resolution else "",
        f"always {endpoint.fixed_fps:g} frames a second" if endpoint.fixed_fps else "",
        "animates faces" if endpoint.faces else "",
        "retired: works in the sandbox only" if endpoint.retired else "",
        "off against fal until it has a price" if endpoint.price is None and not endpoint.retired else "",
    ]
    return [fact for fact in facts if fact]


def _when(when: Mapping[str, tuple[str, ...]]) -> str:
    clauses = [f"{name} is {listed([_FLAG.get(value, value) for value in values])}" for name, values in when.items()]
    return f"when {' and '.join(clauses)}" if clauses else ""


def _per(part: PerUnit) -> str:
    above = f" above {part.above:g}" if part.above else ""
    return f"plus {exact(part.microusd)} for every {_counted(part)}{above}"


def _counted(part: PerUnit) -> str:
    many = part.step != 1
    step = f"{part.step:g} " if many else ""
    match part.measure:
        case Measure.OPTION:
            return f"{step}of {part.option}" if many else f"unit of {part.option}"
        case Measure.INPUT_SECONDS:
            return f"started {step}seconds of the {part.option}" if many else f"started second of the {part.option}"
        case Measure.CHARACTERS:
            return f"started {step}characters of {part.option}" if many else f"character of {part.option}"


def _range(option: Option) -> str:
    text = _between(option.minimum, option.maximum, "{}")
    return f", {text} {option.unit}".rstrip() if text else ""


def _between(low: float | None, high: float | None, words: str) -> str:
    match low, high:
        case None, None:
            return ""
        case None, _:
            return f"at most {words.format(f'{high:,g}')}"
        case _, None:
            return f"at least {words.format(f'{low:,g}')}"
        case _:
            return words.format(f"{low:,g} to {high:,g}")


def _shown(option: Option, value: Value | None) -> str:
    text = "" if value is None else written(value)
    return _FLAG.get(text, text) if option.kind is Kind.FLAG else text
