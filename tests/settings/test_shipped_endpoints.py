"""What we ship: exactly the endpoints of the command table, each with its facts, and everything it was made from."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.catalogue import Amount, Catalogue, FileCount, Join, Kind, Level, OnlyWith, Value
from bot.domain.price import quote
from bot.settings.endpoint_file import EndpointFile, LimitsPart, OptionPart, PricePart
from bot.settings.endpoints import load_catalogue

FOLDER = Path(__file__).parents[2] / "config" / "endpoints"

TABLE = {
    "effect": [
        "fal-ai/pixverse/v4.5/effects",
        "fal-ai/kling-video/v1.6/standard/effects",
        "fal-ai/kling-video/v1.6/pro/effects",
    ],
    "animate": [
        "fal-ai/pixverse/v4.5/image-to-video",
        "fal-ai/pixverse/v4.5/image-to-video/fast",
        "fal-ai/veo2/image-to-video",
        "fal-ai/wan-pro/image-to-video",
        "fal-ai/kling-video/v2.1/standard/image-to-video",
        "fal-ai/bytedance/seedance/v1/lite/image-to-video",
        "fal-ai/minimax/hailuo-02/pro/image-to-video",
        "fal-ai/wan-i2v",
        "fal-ai/luma-dream-machine/ray-2-flash/image-to-video",
        "fal-ai/magi-distilled/image-to-video",
        "fal-ai/kling-video/v1.6/standard/image-to-video",
        "fal-ai/kling-video/v1.6/pro/image-to-video",
        "fal-ai/kling-video/v2/master/image-to-video",
        "fal-ai/kling-video/v2.1/master/image-to-video",
        "fal-ai/kling-video/v2.1/pro/image-to-video",
        "fal-ai/minimax/video-01/image-to-video",
        "fal-ai/minimax/video-01-director/image-to-video",
        "fal-ai/minimax/video-01-live/image-to-video",
    ],
    "video": [
        "fal-ai/pixverse/v5.5/text-to-video",
        "fal-ai/pixverse/v4.5/text-to-video",
        "fal-ai/pixverse/v4.5/text-to-video/fast",
        "fal-ai/wan-pro/text-to-video",
        "fal-ai/magi-distilled",
        "fal-ai/minimax/video-01",
        "fal-ai/minimax/video-01-director",
        "fal-ai/minimax/video-01-live",
        "fal-ai/luma-dream-machine/ray-2-flash",
        "fal-ai/kling-video/v1.6/standard/text-to-video",
        "fal-ai/kling-video/v1.6/pro/text-to-video",
        "fal-ai/kling-video/v2/master/text-to-video",
        "fal-ai/kling-video/v2.1/master/text-to-video",
    ],
    "mimic": ["fal-ai/video-as-prompt"],
    "transition": ["fal-ai/pixverse/v4.5/transition"],
    "blend": ["fal-ai/kling-video/v1.6/standard/elements", "fal-ai/minimax/video-01-subject-reference"],
    "extend": ["fal-ai/pixverse/extend", "fal-ai/pixverse/extend/fast", "fal-ai/magi-distilled/extend-video"],
    "restyle": ["fal-ai/luma-dream-machine/ray-2-flash/modify"],
    "reframe": ["fal-ai/luma-dream-machine/ray-2-flash/reframe"],
    "sound": ["fal-ai/pixverse/sound-effects"],
    "lipsync": [
        "fal-ai/pixverse/lipsync",
        "fal-ai/kling-video/lipsync/audio-to-video",
        "fal-ai/kling-video/lipsync/text-to-video",
    ],
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(FOLDER)


def test_every_row_of_the_command_table_is_there_in_its_order_and_nothing_else(catalogue: Catalogue) -> None:
    found = {
        name: [endpoint.id for endpoint in command.endpoints]
        for name, command in catalogue.commands.items()
        if name != "custom"
    }

    assert found == TABLE
    assert list(found) == list(TABLE)
    assert [endpoint.id for endpoint in catalogue.endpoints] == [one for row in TABLE.values() for one in row]


def test_custom_reaches_every_endpoint_by_its_slug(catalogue: Catalogue) -> None:
    custom = catalogue.commands["custom"]

    assert len(custom.endpoints) == len(catalogue.endpoints)
    for endpoint in catalogue.endpoints:
        for name in (endpoint.slug, endpoint.id):
            found = custom.endpoint(name)
            assert found is not None
            assert found.id == endpoint.id


def test_a_models_short_name_finds_its_endpoint(catalogue: Catalogue) -> None:
    for command in catalogue.commands.values():
        for endpoint in command.endpoints:
            assert command.endpoint(endpoint.model) is endpoint


def test_the_words_after_a_command_go_to_the_option_people_mean(catalogue: Catalogue) -> None:
    leads = {name: command.lead for name, command in catalogue.commands.items()}

    assert leads == {
        "effect": "effect",
        "animate": "prompt",
        "video": "prompt",
        "mimic": "prompt",
        "transition": "prompt",
        "blend": "prompt",
        "extend": "prompt",
        "restyle": "prompt",
        "reframe": "aspect",
        "sound": "prompt",
        "lipsync": "text",
        "custom": "prompt",
    }


def test_choices_with_commas_colons_and_apostrophes_are_whole(catalogue: Catalogue) -> None:
    effects = catalogue.commands["effect"].endpoints[0]
    option = effects.option("effect")

    assert option is not None
    assert {"Anything, Robot", "Black Myth: Wukong", "Who's Arrested?", "Sharksnap!"} <= set(option.choices)
    assert len(option.choices) == 96
    assert not {"Hulk", "Venom"} & set(option.choices)
    assert option.accepts == {"Hulk": "Hulk", "Venom": "Venom"}
    assert effects.join is Join.SIDE_BY_SIDE
    assert effects.faces


def test_no_file_claims_a_price_without_its_source_and_date(catalogue: Catalogue) -> None:
    for endpoint in catalogue.endpoints:
        if endpoint.price:
            assert "$" in endpoint.price.source, endpoint.slug
            assert "2026-" in endpoint.price.source, endpoint.slug


def test_only_endpoints_without_any_known_price_have_none(catalogue: Catalogue) -> None:
    assert {endpoint.slug for endpoint in catalogue.endpoints if endpoint.price is None} == {
        "video-as-prompt",
        "luma-dream-machine-ray-2-flash-reframe",
        "kling-video-v1.6-standard-effects",
    }


def test_what_fal_no_longer_lists_is_retired(catalogue: Catalogue) -> None:
    assert {endpoint.slug for endpoint in catalogue.endpoints if endpoint.retired} == {
        "kling-video-v2.1-pro-image-to-video",
        "minimax-video-01-live",
    }


def test_the_safety_checker_is_always_on_and_the_owners(catalogue: Catalogue) -> None:
    checkers = [one for endpoint in catalogue.endpoints for one in endpoint.options if "safety" in one.field]

    assert len(checkers) == 8
    assert all(one.level is Level.OWNER and one.fixed is True for one in checkers)


def test_every_file_says_where_its_facts_are_from_and_when_they_were_looked_at(catalogue: Catalogue) -> None:
    for endpoint in catalogue.endpoints:
        assert endpoint.source == f"https://fal.ai/models/{endpoint.id}/api"
        assert endpoint.checked == "2026-11-20"


def test_1080p_goes_with_five_seconds_only_or_with_eight_where_the_model_can(catalogue: Catalogue) -> None:
    lengths = {
        endpoint.slug: rule.then["duration"]
        for endpoint in catalogue.endpoints
        for rule in endpoint.rules
        if isinstance(rule, OnlyWith) and rule.when == {"resolution": ("1080p",)}
    }

    assert lengths == {
        "pixverse-v4.5-image-to-video": ("5",),
        "pixverse-v4.5-text-to-video": ("5",),
        "pixverse-extend": ("5",),
        "pixverse-v5.5-text-to-video": ("5", "8"),
    }


def test_kling_effects_take_two_pictures_where_two_people_meet(catalogue: Catalogue) -> None:
    endpoint = catalogue.endpoint("kling-video-v1.6-pro-effects")

    assert endpoint is not None
    counts = {rule.count: rule.when["effect"] for rule in endpoint.rules if isinstance(rule, FileCount)}
    assert counts[2] == ("hug", "kiss", "heart_gesture")
    assert counts[1] == ("squish", "expansion", "fuzzyfuzzy", "bloombloom", "dizzydizzy")


@pytest.mark.parametrize(
    ("slug", "row"),
    [
        ("veo2-image-to-video", Amount(when={"duration": ("8s",)}, microusd=4_000_000)),
        ("kling-video-v2.1-standard-image-to-video", Amount(when={"duration": ("10",)}, microusd=560_000)),
        ("pixverse-v4.5-effects", Amount(when={"resolution": ("1080p",)}, microusd=400_000)),
        (
            "bytedance-seedance-v1-lite-image-to-video",
            Amount(when={"resolution": ("1080p",), "duration": ("12",)}, microusd=1_049_760),
        ),
        (
            "bytedance-seedance-v1-lite-image-to-video",
            Amount(when={"resolution": ("720p",), "duration": ("5",)}, microusd=180_000),
        ),
    ],
)
def test_published_prices_stand_in_the_tables(catalogue: Catalogue, slug: str, row: Amount) -> None:
    endpoint = catalogue.endpoint(slug)

    assert endpoint is not None
    assert endpoint.price is not None
    assert row in endpoint.price.table


def test_ten_seconds_of_pixverse_5_5_cost_two_and_a_fifth(catalogue: Catalogue) -> None:
    endpoint = catalogue.endpoint("fal-ai/pixverse/v5.5/text-to-video")

    assert endpoint is not None
    assert endpoint.price is not None
    assert {factor.when["duration"]: factor.times for factor in endpoint.price.factors} == {
        ("8",): Decimal(2),
        ("10",): Decimal("2.2"),
    }


def test_every_picture_is_sent_in_a_format_the_models_read(catalogue: Catalogue) -> None:
    for endpoint in catalogue.endpoints:
        for option in endpoint.options:
            if option.kind in {Kind.IMAGE, Kind.IMAGES}:
                assert option.limits.formats[0] == "jpeg", endpoint.slug


def test_the_file_in_the_guide_is_a_sound_one(tmp_path: Path) -> None:
    guide = (FOLDER.parents[1] / "docs" / "adding-an-endpoint.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
    (tmp_path / "demo-image-to-video.toml").write_text(example, encoding="utf-8")

    assert [one.slug for one in load_catalogue(tmp_path).endpoints] == ["demo-image-to-video"]


def test_the_guide_names_every_common_name_and_every_key(catalogue: Catalogue) -> None:
    guide = (FOLDER.parents[1] / "docs" / "adding-an-endpoint.md").read_text(encoding="utf-8")
    names = {option.name for endpoint in catalogue.endpoints for option in endpoint.options}
    keys = {
        key
        for part in (EndpointFile, OptionPart, LimitsPart, PricePart)
        for key in part.model_fields
        if key not in {"options", "rules", "price"}
    }

    assert sorted(one for one in names | keys if f"`{one}`" not in guide) == []


PRICES: dict[str, tuple[dict[str, Value], int]] = {
    "pixverse-v4.5-effects": ({"resolution": "1080p", "duration": "8"}, 800_000),
    "pixverse-v4.5-image-to-video-fast": ({"resolution": "540p"}, 300_000),
    "veo2-image-to-video": ({"duration": "7s"}, 3_500_000),
    "kling-video-v2.1-standard-image-to-video": ({"duration": "10"}, 560_000),
    "bytedance-seedance-v1-lite-image-to-video": ({"resolution": "480p", "duration": "10"}, 174_960),
    "wan-i2v": ({"resolution": "480p", "frames": 100}, 250_000),
    "luma-dream-machine-ray-2-flash-image-to-video": ({"resolution": "1080p", "duration": "9s"}, 1_600_000),
    "magi-distilled-image-to-video": ({"frames": 192, "steps": "32", "resolution": "720p"}, 1_280_000),
    "pixverse-v5.5-text-to-video": (
        {"resolution": "720p", "duration": "10", "sound": True, "multi_clip": True},
        590_000,
    ),
}


@pytest.mark.parametrize("slug", PRICES)
def test_what_is_chosen_costs_what_fal_publishes(catalogue: Catalogue, slug: str) -> None:
    values, cost = PRICES[slug]
    endpoint = catalogue.endpoint(slug)

    assert endpoint is not None
    assert quote(endpoint, values, seconds=None).cost_microusd == cost


def test_clips_are_paid_by_their_length_and_held_at_the_longest_until_seen(catalogue: Catalogue) -> None:
    endpoint = catalogue.endpoint("kling-video-lipsync-audio-to-video")
    assert endpoint is not None

    assert quote(endpoint, {}, seconds={"video": 3.0}).cost_microusd == 70_000
    assert quote(endpoint, {}, seconds={"video": 5.5}).cost_microusd == 140_000
    assert quote(endpoint, {}, seconds=None).hold_microusd == 140_000


def test_what_judges_pictures_is_none_of_what_people_can_ask_for(catalogue: Catalogue) -> None:
    assert [one.id for one in catalogue.judges] == ["fal-ai/imageutils/nsfw"]
    (judge,) = catalogue.judges
    assert judge not in catalogue.endpoints
    assert all(judge.id != one.id for command in catalogue.commands.values() for one in command.endpoints)
    assert catalogue.endpoint(judge.slug) == catalogue.endpoint(judge.id) == judge
    assert quote(judge, {}, seconds={}).hold_microusd == 1_500
