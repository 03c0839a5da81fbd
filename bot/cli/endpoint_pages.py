"""The page `docs/endpoints.md`, made from the catalogue: every endpoint, option, limit, price and rule."""

from collections.abc import Iterator, Sequence

from bot.cli import endpoint_words as words
from bot.domain.catalogue import Catalogue, Command, Endpoint, Option
from bot.domain.models import CUSTOM

_INTRODUCTION = """\
# Endpoints

This page is made by `reelroom catalogue docs` from the files in `config/endpoints`; edit those instead.
How a file is written is told in [adding an endpoint](adding-an-endpoint.md).

Everything people can ask for makes or changes a video.
The speech, voice cloning and still image endpoints of MiniMax make none, so they are left out.
"""
_JUDGES = """\
## What judges pictures

Nobody can ask for these.
They are asked about the pictures of a request when `screening` is on in `config/moderation.toml`; the first is used.
"""
_SHORT = 8


def endpoints_page(catalogue: Catalogue) -> str:
    """The whole page, ending with a line break."""
    commands = [command for command in catalogue.commands.values() if command.name != CUSTOM]
    blocks = [_INTRODUCTION, _overview(commands)]
    for command in commands:
        blocks.append(f"## /{command.name}: {command.makes}\n")
        blocks += [_endpoint(endpoint) for endpoint in command.endpoints]
    if catalogue.judges:
        blocks += [_JUDGES, *(_endpoint(endpoint) for endpoint in catalogue.judges)]
    return "\n".join(blocks)


def _overview(commands: Sequence[Command]) -> str:
    rows = [
        (f"`/{command.name}`", f"`{one.model}`", _cell(one.title), f"`{one.id}`", words.usual_price(one))
        for command in commands
        for one in command.endpoints
    ]
    return _table(("Command", "Model", "Title", "Endpoint", "With every default"), rows)


def _endpoint(endpoint: Endpoint) -> str:
    return "\n".join(_blocks(endpoint))


def _blocks(endpoint: Endpoint) -> Iterator[str]:
    yield f"### {endpoint.model}: {endpoint.title}\n"
    yield f"{endpoint.summary.rstrip('.')}.\n"
    facts = "; ".join([f"`{endpoint.id}`", *words.fixed_facts(endpoint)])
    yield f"{facts}.\n"
    yield _options(endpoint)
    yield from _lists(endpoint)
    if rules := words.rule_lines(endpoint):
        yield _list("Rules", rules)
    if endpoint.price:
        yield _list("Price", [*words.price_lines(endpoint.price), f"source: {endpoint.price.source}"])
    if endpoint.notes:
        yield _list("Notes", endpoint.notes)
    if endpoint.source:
        yield f"Source: <{endpoint.source}>{f', looked at on {endpoint.checked}' if endpoint.checked else ''}.\n"


def _options(endpoint: Endpoint) -> str:
    rows = [
        (
            f"`{option.name}`",
            _cell(_taken(option)),
            _cell(words.standing(option)),
            words.reach(option),
            _cell("; ".join(text for text in (option.help, words.limits(option.limits)) if text)),
        )
        for option in endpoint.options
    ]
    return _table(("Option", "Takes", "Default", "Given", "What it does"), rows)


def _taken(option: Option) -> str:
    return f"one of {len(option.choices)}, below" if len(option.choices) > _SHORT else words.takes(option)


def _lists(endpoint: Endpoint) -> Iterator[str]:
    """The choices that are too many for a table, and the words that are understood beside those offered."""
    for option in endpoint.options:
        if len(option.choices) > _SHORT:
            yield f"`{option.name}` is one of: {' · '.join(option.choices)}.\n"
        renamed = [f"{typed} (sent as {sent})" if typed != sent else typed for typed, sent in option.accepts.items()]
        if renamed:
            yield f"`{option.name}` also understands: {' · '.join(renamed)}.\n"


def _list(title: str, lines: Sequence[str]) -> str:
    items = "".join(f"- {line.rstrip('.')}.\n" for line in lines)
    return f"{title}:\n\n{items}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
