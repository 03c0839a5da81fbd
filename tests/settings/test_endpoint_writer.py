"""A written endpoint file loads back to the endpoint it was written from, and reads as a person would write it."""

import tomllib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalogue import Endpoint, Factor, Kind, Option, Price
from bot.domain.errors import ConfigInvalid
from bot.settings.endpoint_file import EndpointFile
from bot.settings.endpoint_writer import endpoint_text, write_endpoint
from bot.settings.endpoints import read_endpoint
from tests.settings.endpoint_material import image_file, write_file

FOLDER = Path(__file__).parents[2] / "config" / "endpoints"
FILES = sorted(FOLDER.glob("*.toml"))


def _read_back(text: str, slug: str) -> Endpoint:
    return EndpointFile.model_validate(tomllib.loads(text)).endpoint(slug)


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_every_shipped_file_is_the_same_after_reading_and_writing(path: Path, tmp_path: Path) -> None:
    endpoint = read_endpoint(path)

    written = write_endpoint(endpoint, tmp_path)

    assert written == tmp_path / path.name
    assert read_endpoint(written) == endpoint


def test_a_file_with_every_kind_of_rule_and_price_part_is_the_same_after_writing(tmp_path: Path) -> None:
    endpoint = read_endpoint(write_file(tmp_path, "demo-image-to-video.toml", image_file()))

    assert _read_back(endpoint_text(endpoint), endpoint.slug) == endpoint


@given(words=st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1, unique=True))
def test_any_words_survive_as_choices_accepted_words_help_and_notes(words: list[str]) -> None:
    option = Option(
        name="effect",
        field=words[0],
        kind=Kind.CHOICE,
        choices=tuple(words),
        accepts={f"{word}!": word for word in words},
        help=words[-1],
    )
    endpoint = Endpoint(
        slug="demo",
        id="fal-ai/demo",
        title=words[0],
        summary=words[0],
        command="effect",
        model="demo",
        options=(option,),
        notes=tuple(words),
    )

    assert _read_back(endpoint_text(endpoint), "demo") == endpoint


@given(
    minimum=st.floats(allow_nan=False, allow_infinity=False),
    times=st.decimals(allow_nan=False, allow_infinity=False),
    microusd=st.integers(-(10**15), 10**15),
)
def test_any_number_survives(minimum: float, times: Decimal, microusd: int) -> None:
    endpoint = Endpoint(
        slug="demo",
        id="fal-ai/demo",
        title="Demo",
        summary="Demo",
        command="effect",
        model="demo",
        options=(Option(name="guidance", field="cfg", kind=Kind.NUMBER, minimum=minimum, default=minimum),),
        price=Price(base_microusd=microusd, factors=(Factor(times=times),)),
    )

    assert _read_back(endpoint_text(endpoint), "demo") == endpoint


def test_the_file_reads_as_a_person_would_write_it(tmp_path: Path) -> None:
    endpoint = read_endpoint(write_file(tmp_path, "demo-image-to-video.toml", image_file()))

    text = endpoint_text(endpoint)

    assert text.startswith("# Demo\n# Every key is explained in docs/adding-an-endpoint.md.\n\nid = ")
    assert 'model = "demo" # what people type after --model\n' in text
    assert "microusd = 100_000" in text
    assert "retired" not in text, "what is as usual is not said"
    assert "\n\n\n" not in text


def test_a_file_that_exists_is_not_overwritten_unasked(tmp_path: Path) -> None:
    endpoint = read_endpoint(write_file(tmp_path, "demo-image-to-video.toml", image_file()))
    before = (tmp_path / "demo-image-to-video.toml").read_text(encoding="utf-8")

    with pytest.raises(ConfigInvalid, match=r"demo-image-to-video\.toml: exists already"):
        write_endpoint(endpoint, tmp_path)
    assert (tmp_path / "demo-image-to-video.toml").read_text(encoding="utf-8") == before

    path = write_endpoint(replace(endpoint, title="Another"), tmp_path, replace=True)
    assert read_endpoint(path).title == "Another"


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    endpoint = read_endpoint(write_file(tmp_path, "demo-image-to-video.toml", image_file()))

    with pytest.raises(ConfigInvalid, match="cannot be written: No such file or directory"):
        write_endpoint(endpoint, tmp_path / "nowhere")
