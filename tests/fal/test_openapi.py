import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.catalogue import Endpoint, Kind, Level, Option, Send
from bot.domain.errors import ConfigInvalid
from bot.fal.openapi import COMMON_NAMES, document_from_endpoint, drift, endpoint_from_document
from bot.fal.schema import input_fields, schema_name
from bot.settings.endpoint_checks import check_endpoint
from bot.settings.endpoints import load_catalogue
from tests.domain.endpoints import ENDPOINTS, MAGI_IMAGE, PIXVERSE_EFFECTS

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT.parent / "shared" / "specs" / "fal-openapi-example.json"
EXAMPLE_ID = "fal-ai/bytedance/seedream/v4/text-to-image"
ID = "fal-ai/some/model"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "enum", "anyOf", "$ref", "items", "ui", "field", "default", "minimum", "maxItems"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


def document(**properties: object) -> dict[str, Any]:
    """A document whose input has these properties."""
    schemas = {"SomeModelInput": {"type": "object", "properties": properties}, "Size": {"type": "object"}}
    return {"components": {"schemas": schemas}}


def options_of(**properties: object) -> dict[str, Option]:
    endpoint = endpoint_from_document(document(**properties), ID, "video")
    return {option.field: option for option in endpoint.options}


@pytest.fixture(name="shipped", scope="module")
def load_shipped() -> tuple[Endpoint, ...]:
    return load_catalogue(ROOT / "config" / "endpoints").everything


def assert_comes_back(endpoint: Endpoint) -> None:
    made = json.loads(json.dumps(document_from_endpoint(endpoint)))
    assert drift(endpoint, made) == ()
    again = endpoint_from_document(made, endpoint.id, endpoint.command)
    assert drift(again, made) == ()
    assert drift(endpoint, document_from_endpoint(again)) == ()
    assert [option.field for option in again.options] == [option.field for option in endpoint.options]


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.slug)
def test_an_endpoint_does_not_drift_from_the_document_made_of_it_nor_from_what_is_read_back(endpoint: Endpoint) -> None:
    assert_comes_back(endpoint)


def test_no_shipped_endpoint_drifts_on_the_way_into_a_document_and_back(shipped: tuple[Endpoint, ...]) -> None:
    for endpoint in shipped:
        assert_comes_back(endpoint)


def test_what_is_read_from_a_document_is_a_file_the_loader_takes(shipped: tuple[Endpoint, ...]) -> None:
    made = [endpoint_from_document(document_from_endpoint(one), one.id, one.command) for one in shipped]
    assert {one.slug: list(check_endpoint(one)) for one in made} == {one.slug: [] for one in shipped}


def test_a_document_looks_like_fals() -> None:
    made = document_from_endpoint(MAGI_IMAGE)
    assert list(made["paths"]) == [
        f"/{MAGI_IMAGE.id}/requests/{{request_id}}/status",
        f"/{MAGI_IMAGE.id}/requests/{{request_id}}/cancel",
        f"/{MAGI_IMAGE.id}",
        f"/{MAGI_IMAGE.id}/requests/{{request_id}}",
    ]
    schema = made["components"]["schemas"]["MagiDistilledImageToVideoInput"]
    assert schema["x-fal-order-properties"][:2] == ["prompt", "image_url"]
    assert schema["required"] == ["prompt", "image_url"]
    assert schema["properties"]["num_inference_steps"]["enum"] == [4, 8, 16, 32]
    assert schema["properties"]["num_frames"]["maximum"] == 192


@pytest.mark.skipif(not EXAMPLE.is_file(), reason="the example of fal's documents is not beside the repository")
def test_fals_own_document_is_read_in_its_own_order() -> None:
    example = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    endpoint = endpoint_from_document(example, EXAMPLE_ID, "video", checked="2026-11-20")
    assert [option.field for option in endpoint.options] == [
        "prompt",
        "image_size",
        "num_images",
        "max_images",
        "seed",
        "sync_mode",
        "enable_safety_checker",
    ]
    size = endpoint.option("image_size")
    assert size is not None
    assert (size.kind, size.default, size.choices[0]) == (Kind.CHOICE, None, "square_hd")
    assert list(check_endpoint(endpoint)) == []
    assert drift(endpoint, example) == ()
    made = document_from_endpoint(endpoint)
    assert list(made["paths"]) == list(example["paths"])
    assert set(made) == set(example)


def test_schema_keys_are_the_id_in_pascal_case_without_its_owner() -> None:
    assert schema_name(EXAMPLE_ID) == "BytedanceSeedreamV4TextToImage"
    assert schema_name("fal-ai/playai/tts/v3") == "PlayaiTtsV3"


def test_references_wrappers_and_null_are_seen_through() -> None:
    found = options_of(
        style={"anyOf": [{"enum": ["a", "b"], "type": "string"}, {"type": "null"}], "default": "a"},
        size={"anyOf": [{"$ref": "#/components/schemas/Size"}, {"enum": ["small"], "type": "string"}]},
        odd={"allOf": [{"$ref": "#/components/schemas/Size"}]},
    )
    assert (found["style"].choices, found["style"].default) == (("a", "b"), "a")
    assert found["size"].choices == ("small",)
    assert "odd" not in found


def test_what_no_option_can_carry_is_named_in_the_notes() -> None:
    made = document(prompt={"type": "string"}, elements={"type": "array", "items": {"type": "object"}})
    endpoint = endpoint_from_document(made, ID, "video")
    assert endpoint.notes == ("Left out, since no option can carry them: elements.",)


@pytest.mark.parametrize(
    ("name", "schema", "kind"),
    [
        ("image_url", {"type": "string"}, Kind.IMAGE),
        ("first_frame_url", {"type": "string"}, Kind.IMAGE),
        ("source", {"type": "string", "ui": {"field": "video"}}, Kind.VIDEO),
        ("audio_url", {"type": "string"}, Kind.AUDIO),
        ("image_urls", {"type": "array", "items": {"type": "string"}}, Kind.IMAGES),
        ("prompt", {"type": "string"}, Kind.TEXT),
        ("image_size", {"type": "string"}, Kind.TEXT),
        ("seed", {"type": "integer"}, Kind.INTEGER),
        ("cfg_scale", {"type": "number"}, Kind.NUMBER),
        ("loop", {"type": "boolean"}, Kind.FLAG),
    ],
)
def test_the_kind_of_a_field_is_told_by_its_type_its_hint_and_its_name(
    name: str, schema: dict[str, object], kind: Kind
) -> None:
    assert options_of(**{name: schema})[name].kind is kind


def test_numbers_that_are_choices_are_sent_as_numbers() -> None:
    duration = options_of(duration={"type": "integer", "enum": [5, 10], "default": 5})["duration"]
    assert (duration.choices, duration.default, duration.send) == (("5", "10"), "5", Send.INTEGER)


def test_an_exclusive_bound_of_whole_numbers_moves_in_by_one() -> None:
    found = options_of(
        width={"type": "integer", "exclusiveMinimum": 0, "maximum": 9, "exclusiveMaximum": True},
        scale={"type": "number", "exclusiveMinimum": 0},
    )
    assert (found["width"].minimum, found["width"].maximum) == (1, 8)
    assert found["scale"].minimum == 0


def test_the_owner_decides_what_must_not_be_asked() -> None:
    found = options_of(enable_safety_checker={"type": "boolean"}, sync_mode={"type": "boolean"})
    assert {option.field: (option.level, option.fixed) for option in found.values()} == {
        "enable_safety_checker": (Level.OWNER, True),
        "sync_mode": (Level.OWNER, False),
    }


def test_two_fields_with_one_common_name_keep_apart() -> None:
    found = options_of(image_url={"type": "string"}, start_image_url={"type": "string"}, model={"enum": ["a"]})
    assert [option.name for option in found.values()] == ["image", "start_image_url", "version"]


def test_the_names_of_the_shipped_files_are_the_common_names(shipped: tuple[Endpoint, ...]) -> None:
    ours = {(option.field, option.name) for endpoint in shipped for option in endpoint.options}
    exceptions = {"sampling_steps", "grid_x", "grid_y"}
    assert not {
        (field, name) for field, name in ours if COMMON_NAMES.get(field, field) != name and name not in exceptions
    }


def test_a_document_without_our_endpoint_is_refused() -> None:
    with pytest.raises(ConfigInvalid, match="describes no input"):
        input_fields({"components": {"schemas": {}}}, ID)


def changed(change: Callable[[dict[str, Any]], object]) -> tuple[str, ...]:
    """The drift of the effects endpoint after a change to the properties of its document."""
    made = document_from_endpoint(PIXVERSE_EFFECTS)
    change(made["components"]["schemas"]["PixverseV45EffectsInput"]["properties"])
    return drift(PIXVERSE_EFFECTS, made)


def test_every_difference_is_a_line() -> None:
    assert changed(lambda fields: fields["effect"]["enum"].append("Suit Swagger")) == (
        "effect: fal also offers 'Suit Swagger'",
    )
    assert changed(lambda fields: fields["duration"]["enum"].remove("8")) == (
        "duration: fal does not offer '8' any more",
    )
    assert changed(lambda fields: fields["resolution"].update(default="540p")) == (
        "resolution: the default is '720p' here and '540p' at fal",
    )
    assert changed(lambda fields: fields["negative_prompt"].update(maxLength=50)) == (
        "negative: the maximum length is None here and 50 at fal",
    )
    assert changed(lambda fields: fields["duration"].update(enum=[5, 8])) == (
        "duration: is sent as string here, and fal takes integer",
    )
    assert changed(lambda fields: fields["duration"].pop("enum")) == ("duration: is choice here and text at fal",)
    assert changed(lambda fields: fields.pop("negative_prompt")) == ("negative: fal has no field negative_prompt",)
    assert changed(lambda fields: fields.update(seed={"type": "integer"})) == ("seed: new at fal (integer)",)


def test_a_changed_requirement_is_a_line_and_a_changed_bound_too() -> None:
    made = document_from_endpoint(MAGI_IMAGE)
    schema = made["components"]["schemas"]["MagiDistilledImageToVideoInput"]
    schema["required"].remove("image_url")
    schema["properties"]["num_frames"]["maximum"] = 240
    assert drift(MAGI_IMAGE, made) == (
        "image: is not required at fal any more",
        "frames: the maximum is 192 here and 240 at fal",
    )


def test_a_bound_that_only_we_know_is_no_drift() -> None:
    bounded = [
        dataclasses.replace(option, maximum=9) if option.kind is Kind.INTEGER else option
        for option in MAGI_IMAGE.options
    ]
    made = document_from_endpoint(MAGI_IMAGE)
    del made["components"]["schemas"]["MagiDistilledImageToVideoInput"]["properties"]["num_frames"]["maximum"]
    assert drift(dataclasses.replace(MAGI_IMAGE, options=tuple(bounded)), made) == ()


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(["prompt", "image_url", "image_urls", "a b", "x"]), JSON), JSON)
def test_no_document_breaks_the_reader(properties: dict[str, object], junk: object) -> None:
    made = {"components": {"schemas": {"SomeModelInput": {"properties": properties, "required": junk}}}, "paths": junk}
    try:
        endpoint = endpoint_from_document(made, ID, "video")
    except ConfigInvalid:
        assert not properties
    else:
        assert {option.field for option in endpoint.options} <= set(properties)
        drift(endpoint, made)
