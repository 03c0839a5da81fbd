"""The documents the project began with: every field and every value in them is still understood."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.catalogue import Catalogue, Option
from bot.settings.endpoints import load_catalogue

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / ".." / "shared" / "seeds"

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed documents (../shared/seeds) are not here")

_TYPE = r"(?:string|integer|float|boolean|[A-Z]\w*Enum|list<\w+>)"
_MARKDOWN_FIELD = re.compile(r"^- \*\*`(\w+)`\*\*", re.MULTILINE)
_PAGE_FIELD = re.compile(rf"^([a-z_]+)[ \n\xa0]{_TYPE}(?=\n|\*|[A-Z])", re.MULTILINE)
_PAGE_ENUM = re.compile(r"Possible enum values: (.*)")
_MARKDOWN_ENUM = re.compile(r'Options: (`".*)')


def _documents() -> Iterator[tuple[str, str]]:
    """Endpoint id and input section of every document, duplicates included."""
    for path in sorted(SEEDS.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        if "- **Model ID**" in text:
            section = text.split("### Input Schema", 1)[1].split("**Required Parameters Example**", 1)[0]
            yield re.findall(r"\*\*Model ID\*\*: `(.+)`", text)[0], section
            continue
        for part in text.split("5. Schema")[:-1]:
            endpoint_id = re.findall(r'(?:subscribe|submit|status|result)\("(fal-ai/.+?)"', part)[-1]
            rest = text.split(part, 1)[1].removeprefix("5. Schema")
            yield endpoint_id, re.split(r"\n\{\n", rest, maxsplit=1)[0]


def _fields(section: str) -> dict[str, str]:
    """Field -> the text of its enum, "" where it has none."""
    pattern = _MARKDOWN_FIELD if _MARKDOWN_FIELD.search(section) else _PAGE_FIELD
    found = list(pattern.finditer(section))
    ends = [match.start() for match in found[1:]] + [len(section)]
    fields: dict[str, str] = {}
    for match, end in zip(found, ends, strict=True):
        text = section[match.end() : end]
        if enum := _MARKDOWN_ENUM.search(text):
            fields[match[1]] = ", ".join(re.findall(r'`"(.+?)"`', enum[1]))
        else:
            fields[match[1]] = enum[1].strip() if (enum := _PAGE_ENUM.search(text)) else ""
    return fields


def _not_understood(option: Option, values: str) -> str:
    """What is left of a list of values, separated by commas they may contain, once all known ones are read off."""
    known = sorted([*option.choices, *option.accepts], key=len, reverse=True)
    while values:
        match = next((one for one in known if values == one or values.startswith(f"{one}, ")), None)
        if match is None:
            return values
        values = values.removeprefix(match).removeprefix(", ")
    return ""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(ROOT / "config" / "endpoints")


@pytest.fixture(scope="module")
def seeds() -> list[tuple[str, dict[str, str]]]:
    return [(endpoint_id, _fields(section)) for endpoint_id, section in _documents()]


def test_all_thirteen_endpoints_were_found_in_the_documents(seeds: list[tuple[str, dict[str, str]]]) -> None:
    assert len({endpoint_id for endpoint_id, _ in seeds}) == 13
    assert sum(len(fields) for _, fields in seeds) == 98


def test_every_field_of_every_document_is_an_option(
    catalogue: Catalogue, seeds: list[tuple[str, dict[str, str]]]
) -> None:
    for endpoint_id, fields in seeds:
        endpoint = catalogue.endpoint(endpoint_id)
        assert endpoint is not None, endpoint_id
        assert fields.keys() <= {option.field for option in endpoint.options}, endpoint_id


def test_every_value_of_every_document_is_offered_or_accepted(
    catalogue: Catalogue, seeds: list[tuple[str, dict[str, str]]]
) -> None:
    seen = 0
    for endpoint_id, fields in seeds:
        endpoint = catalogue.endpoint(endpoint_id)
        assert endpoint is not None
        for option in endpoint.options:
            if values := fields.get(option.field):
                seen += 1
                assert _not_understood(option, values) == "", f"{endpoint_id} {option.field}"
    assert seen == sum(bool(values) for _, fields in seeds for values in fields.values())
    assert seen > 30


def test_all_voices_of_kling_are_there(catalogue: Catalogue) -> None:
    text = (next(SEEDS.glob("002_*.txt"))).read_text(encoding="utf-8")
    line = next(found for found in _PAGE_ENUM.findall(text) if found.startswith("genshin_vindi2"))
    endpoint = catalogue.endpoint("fal-ai/kling-video/lipsync/text-to-video")
    assert endpoint is not None
    voice = endpoint.option("voice")

    assert voice is not None
    assert list(voice.choices) == line.split(", ")
    assert len(voice.choices) == 46
