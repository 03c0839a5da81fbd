"""What is suggested while somebody types: narrowed by what is filled in already. Pure, and never trusted on return."""

from collections.abc import Iterable, Mapping, Sequence

from bot.chat.discord.commands import MORE
from bot.chat.discord.messages import cut
from bot.chat.discord.options import Data, filled, focused
from bot.domain.catalogue import Catalogue, Endpoint, Kind, Level, OnlyWith, Option
from bot.domain.match import key, search
from bot.domain.models import MODEL, meant, under
from bot.domain.price import dollars, quote
from bot.domain.sentences import spoken

CHOICES = 25
CHOICE = 100
"""Discord's limits: https://docs.discord.com/developers/interactions/application-commands"""

Suggestion = tuple[str, str]
"""What is shown, and what is put in."""


def complete(data: Data, catalogue: Catalogue) -> tuple[Suggestion, ...]:
    """The suggestions for the option that has the focus."""
    name, text = focused(data)
    command, others = str(data["name"]), filled(data)
    if command not in catalogue.commands:
        return _own(name, text, others, catalogue)
    family = under(catalogue, command)
    model = others.pop(MODEL, "")
    if name == MODEL:
        return _models(text, [one for one in family if _can(one, others)])
    endpoints = [one for one in meant(family, model) if _can(one, others, but=name)]
    if name == MORE:
        return _more(text, endpoints or family, others)
    return _values(text, _choices(endpoints or family, name, others))


def _own(name: str, text: str, others: Mapping[str, str], catalogue: Catalogue) -> tuple[Suggestion, ...]:
    """Of commands about one's own things: the commands, and what one of them offers."""
    if name == "command":
        return _values(text, catalogue.commands)
    family = under(catalogue, others.get("command", ""))
    if name == MODEL:
        return _models(text, family)
    return _values(text, _choices(family, name, {}))


def _models(text: str, endpoints: Sequence[Endpoint]) -> tuple[Suggestion, ...]:
    labels = {one.model: cut(_label(one), CHOICE) for one in reversed(endpoints)}
    found = search(text, {model: f"{model} {label}" for model, label in reversed(labels.items())}, most=CHOICES)
    return tuple((labels[model], model) for model in found)


def _label(endpoint: Endpoint) -> str:
    defaults = {one.name: one.default for one in endpoint.options if one.default is not None}
    usual = quote(endpoint, defaults, seconds=None)
    price = "" if usual.unpriced else f" · {dollars(usual.cost_microusd)}"
    return f"{endpoint.model}{price} · {endpoint.summary}"


def _values(text: str, choices: Iterable[str]) -> tuple[Suggestion, ...]:
    shown = {choice: spoken(choice) for choice in choices if len(choice) <= CHOICE}
    return tuple((shown[choice], choice) for choice in search(text, shown, most=CHOICES))


def _more(text: str, endpoints: Sequence[Endpoint], others: Mapping[str, str]) -> tuple[Suggestion, ...]:
    """`key=value` pairs, one after another: the last one is completed, the ones before it stay."""
    before, space, last = text.rpartition(" ")
    stands = before + space
    name, equals, typed = last.partition("=")
    if equals:
        ends = [
            f"{name}={_quoted(value)}"
            for value in search(typed, _as_shown(_choices(endpoints, name, others)), most=CHOICES)
        ]
    else:
        taken = {pair.partition("=")[0] for pair in before.split()} | set(others)
        names = {one.name for one in _further(endpoints) if one.name not in taken}
        ends = [f"{one}=" for one in search(name, _as_shown(sorted(names)), most=CHOICES)]
    written = [stands + end for end in ends] or [text]
    return tuple((cut(one, CHOICE), one) for one in written if one and len(one) <= CHOICE)[:CHOICES]


def _further(endpoints: Sequence[Endpoint]) -> list[Option]:
    return [one for endpoint in endpoints for one in endpoint.offered(Level.MORE) if not one.is_media]


def _as_shown(words: Iterable[str]) -> dict[str, str]:
    return {word: word for word in words}


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value


def _choices(endpoints: Sequence[Endpoint], name: str, others: Mapping[str, str]) -> dict[str, None]:
    """What the option can be in any of the endpoints, as far as it goes with what is filled in."""
    choices: dict[str, None] = {}
    for endpoint in endpoints:
        option = endpoint.option(name)
        if option is None or option.level is Level.OWNER:
            continue
        offered = ("on", "off") if option.kind is Kind.FLAG else option.choices
        choices |= {one: None for one in offered if not _clashes(endpoint, {**others, name: one})}
    return choices


def _can(endpoint: Endpoint, others: Mapping[str, str], *, but: str = "") -> bool:
    """Whether the endpoint has the choices that are filled in."""
    for name, value in others.items():
        option = endpoint.option(name)
        if name == but or option is None or option.kind is not Kind.CHOICE:
            continue
        if key(value) not in {key(one) for one in (*option.choices, *option.accepts)}:
            return False
    return not _clashes(endpoint, {name: value for name, value in others.items() if name != but})


def _clashes(endpoint: Endpoint, values: Mapping[str, str]) -> bool:
    return any(
        all(values.get(name) in wanted for name, wanted in rule.when.items())
        and any(name in values and values[name] not in wanted for name, wanted in rule.then.items())
        for rule in endpoint.rules
        if isinstance(rule, OnlyWith)
    )
