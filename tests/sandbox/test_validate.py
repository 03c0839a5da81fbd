"""Inputs as fal would judge them."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalogue import Endpoint, Kind, Option, Send
from bot.sandbox.validate import files_of, flaws_of, values_of
from tests.sandbox.harness import EFFECT, WORDS, catalogue
from tests.sandbox.material import arguments_for

ENDPOINTS = {endpoint.id: endpoint for endpoint in catalogue().endpoints}
FILES = {Kind.IMAGE: "https://x/i.png", Kind.VIDEO: "https://x/v.mp4", Kind.AUDIO: "https://x/a.mp3"}


def found(endpoint: str, arguments: Any) -> list[tuple[tuple[str | int, ...], str]]:
    return [(flaw.loc, flaw.type) for flaw in flaws_of(ENDPOINTS[endpoint], arguments)]


@pytest.mark.parametrize("endpoint", ENDPOINTS.values(), ids=lambda endpoint: endpoint.slug)
def test_every_endpoint_takes_its_smallest_input_with_fields_it_does_not_know(endpoint: Endpoint) -> None:
    assert flaws_of(endpoint, arguments_for(endpoint, FILES) | {"unknown": 1}) == []


@pytest.mark.parametrize("endpoint", ENDPOINTS.values(), ids=lambda endpoint: endpoint.slug)
def test_every_required_field_is_missed(endpoint: Endpoint) -> None:
    missing = {flaw.loc[1] for flaw in flaws_of(endpoint, {}) if flaw.type == "missing"}
    assert missing == {option.field for option in endpoint.options if option.required}


@pytest.mark.parametrize(
    ("endpoint", "arguments", "flaw"),
    [
        (WORDS, {"prompt": 5}, (("body", "prompt"), "string_type")),
        (WORDS, {"prompt": "x" * 5000}, (("body", "prompt"), "string_too_long")),
        (WORDS, {"prompt": "x", "duration": 5}, (("body", "duration"), "literal_error")),
        (WORDS, {"prompt": "x", "duration": "6"}, (("body", "duration"), "literal_error")),
        (WORDS, {"prompt": "x", "seed": "seven"}, (("body", "seed"), "int_parsing")),
        (WORDS, {"prompt": "x", "seed": 1.5}, (("body", "seed"), "int_parsing")),
        (WORDS, {"prompt": "x", "duration": "8", "resolution": "1080p"}, (("body", "duration"), "input_value_error")),
        (EFFECT, {"effect": "Kiss me ai", "image_url": "x"}, (("body", "effect"), "literal_error")),
        (EFFECT, {"effect": "Hug", "image_url": ""}, (("body", "image_url"), "missing")),
    ],
)
def test_what_is_wrong_is_named_with_its_place_and_type(endpoint: str, arguments: Any, flaw: Any) -> None:
    assert found(endpoint, arguments) == [flaw]


@pytest.mark.parametrize(("frames", "flaw"), [(80, "greater_than_equal"), (101, "less_than_equal"), (81, None)])
def test_numbers_stay_within_their_bounds(frames: int, flaw: str | None) -> None:
    arguments = {"prompt": "x", "image_url": "https://x/i.png", "num_frames": frames}
    assert [kind for _, kind in found("fal-ai/wan-i2v", arguments)] == ([flaw] if flaw else [])


def test_a_choice_that_was_renamed_is_still_taken() -> None:
    assert found(EFFECT, {"effect": "Hulk", "image_url": "https://x/i.png"}) == []


@pytest.mark.parametrize("send", Send)
def test_a_choice_is_taken_as_the_type_fal_declares_and_a_declared_number_also_as_its_word(send: Send) -> None:
    option = Option(name="steps", field="steps", kind=Kind.CHOICE, choices=("8", "16"), send=send)
    endpoint = dataclasses.replace(ENDPOINTS[WORDS], options=(option,), rules=())
    assert flaws_of(endpoint, {"steps": "16"}) == []
    assert bool(flaws_of(endpoint, {"steps": 16})) is (send is Send.STRING)
    assert values_of(endpoint, {"steps": 16}) == {"steps": "16"}


@pytest.mark.parametrize("arguments", [None, [], "prompt", 5])
def test_an_input_that_is_no_object_has_one_flaw(arguments: Any) -> None:
    assert found(WORDS, arguments) == [(("body",), "dict_type")]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(sorted(ENDPOINTS)), st.data())
def test_no_json_whatever_breaks_the_judge(name: str, data: st.DataObject) -> None:
    endpoint = ENDPOINTS[name]
    fields = st.sampled_from([option.field for option in endpoint.options])
    arguments = data.draw(st.dictionaries(fields, JSON, max_size=4))
    flaws = flaws_of(endpoint, arguments)
    assert all(flaw.as_json()["type"] for flaw in flaws)
    if not flaws:
        assert values_of(endpoint, arguments) is not None
        assert all(files_of(option, arguments) is not None for option in endpoint.options)
