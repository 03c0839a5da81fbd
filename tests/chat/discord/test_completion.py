"""Suggestions: never more than fit, and narrower the more is filled in."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.discord.completion import complete
from bot.domain.catalogue import Catalogue
from bot.settings.endpoints import load_catalogue
from tests.source import ROOT

CATALOGUE = load_catalogue(ROOT / "config" / "endpoints")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return CATALOGUE


def typing(command: str, name: str, text: str = "", /, **others: object) -> dict[str, Any]:
    filled = [{"name": key, "value": value} for key, value in others.items()]
    return {"name": command, "options": [*filled, {"name": name, "value": text, "focused": True}]}


def values(data: dict[str, Any]) -> list[str]:
    return [value for _, value in complete(data, CATALOGUE)]


@given(
    command=st.sampled_from([*CATALOGUE.commands, "models", "settings", "nonsense"]),
    name=st.sampled_from(["effect", "model", "more", "resolution", "command", "duration", "nonsense"]),
    text=st.text(max_size=120),
)
def test_whatever_is_typed_the_suggestions_fit(command: str, name: str, text: str) -> None:
    found = complete(typing(command, name, text), CATALOGUE)
    assert len(found) <= 25
    assert all(1 <= len(shown) <= 100 and 1 <= len(value) <= 100 for shown, value in found)


def test_an_effect_is_found_by_a_part_of_its_name() -> None:
    assert "Kiss Me AI" in values(typing("effect", "effect", "kiss"))
    assert values(typing("effect", "effect", "wukong"))[0] == "Black Myth: Wukong"


def test_the_model_narrows_the_effects() -> None:
    assert "Kiss Me AI" in values(typing("effect", "effect", "kiss", model="pixverse-4.5"))
    assert "Kiss Me AI" not in values(typing("effect", "effect", "kiss", model="kling-1.6"))


def test_the_effect_narrows_the_models() -> None:
    models = values(typing("effect", "model", effect="Kiss Me AI"))
    assert "pixverse-4.5" in models
    assert not any(model.startswith("kling") for model in models)


def test_a_resolution_is_one_the_model_has() -> None:
    offered = values(typing("animate", "resolution"))
    narrowed = values(typing("animate", "resolution", model="wan-i2v"))
    known = CATALOGUE.commands["animate"].endpoint("wan-i2v")
    assert known is not None
    option = known.option("resolution")
    assert narrowed == list(option.choices if option else ())
    assert set(narrowed) < set(offered)


def test_a_rule_of_the_model_narrows_what_is_left() -> None:
    model = CATALOGUE.endpoint("pixverse-v4.5-image-to-video")
    assert model is not None
    both = values(typing("animate", "duration", "", model=model.model))
    narrowed = values(typing("animate", "duration", "", model=model.model, resolution="1080p"))
    assert set(narrowed) < set(both)


def test_further_options_are_completed_one_after_another() -> None:
    assert "seed=" in values(typing("animate", "more", "se"))
    assert "seed=5 negative=" in values(typing("animate", "more", "seed=5 neg"))
    assert all(not value.endswith("seed=") for value in values(typing("animate", "more", "seed=5 ")))


def test_a_model_is_shown_with_what_it_costs() -> None:
    shown = {value: label for label, value in complete(typing("effect", "model", ""), CATALOGUE)}
    assert "$" in shown["pixverse-4.5"]


def test_commands_about_ones_own_things_know_the_commands() -> None:
    assert values(typing("models", "command", "eff"))[0] == "effect"
    assert "pixverse-4.5" in values(typing("settings", "model", command="effect"))
