"""What must hold of one endpoint by itself, whatever else is in the catalogue."""

import re
from collections.abc import Iterator

from bot.domain.catalogue import SCREEN, Endpoint, Kind, slug_of
from bot.settings.commands import COMMANDS, CUSTOM
from bot.settings.option_checks import CHOICE_LENGTH, HELP_LENGTH, Finding, accepts_value, check_options
from bot.settings.price_checks import check_price
from bot.settings.rule_checks import check_rules

_ID = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)+")
_MODEL = re.compile(r"[a-z0-9][a-z0-9.-]{0,31}")


def check_endpoint(endpoint: Endpoint) -> Iterator[Finding]:
    """Every finding about `endpoint`: its head, its options, its rules and its price."""
    yield from _check_head(endpoint)
    yield from _check_faces(endpoint)
    yield from _check_judge(endpoint)
    yield from check_options(endpoint)
    yield from check_rules(endpoint)
    yield from check_price(endpoint)


def _check_head(endpoint: Endpoint) -> Iterator[Finding]:
    if not _ID.fullmatch(endpoint.id):
        yield "id", f"{endpoint.id!r} is not an endpoint id, like fal-ai/veo2/image-to-video"
    elif endpoint.slug != slug_of(endpoint.id):
        yield "id", f"a file for {endpoint.id} must be called {slug_of(endpoint.id)}.toml"
    if not _MODEL.fullmatch(endpoint.model):
        yield "model", "a model's name has 1 to 32 small letters, digits, dots or dashes"
    commands = [*(one for one in COMMANDS if one != CUSTOM), SCREEN]
    if endpoint.command not in commands:
        yield "command", f"{endpoint.command!r} is not one of {', '.join(commands)}"
    for key, text, most in (("title", endpoint.title, CHOICE_LENGTH), ("summary", endpoint.summary, HELP_LENGTH)):
        if not 0 < len(text.strip()) <= most:
            yield key, f"has {len(text)} characters; 1 to {most} are possible"
    yield from _check_measures(endpoint)


def _check_measures(endpoint: Endpoint) -> Iterator[Finding]:
    for key in ("typical_s", "fixed_seconds", "fixed_fps"):
        value = getattr(endpoint, key)
        if value is not None and value <= 0:
            yield key, "must be above 0"
    for key, name in (("fixed_seconds", "duration"), ("fixed_resolution", "resolution"), ("fixed_fps", "fps")):
        if getattr(endpoint, key) and endpoint.option(name):
            yield key, f"there is an option {name!r} that decides it"


def _check_faces(endpoint: Endpoint) -> Iterator[Finding]:
    if not endpoint.face_effects:
        return
    effect = endpoint.option("effect")
    if not endpoint.faces or effect is None:
        yield "face_effects", "needs faces = true and an option 'effect'"
        return
    for name in endpoint.face_effects:
        if not accepts_value(effect, name):
            yield "face_effects", f"'effect' never has the value {name!r}"


def _check_judge(endpoint: Endpoint) -> Iterator[Finding]:
    """What judges pictures is given one, and nothing that only a person could say."""
    if endpoint.command != SCREEN:
        return
    asked = [option for option in endpoint.options if option.required]
    if [option.kind for option in asked] != [Kind.IMAGE]:
        yield "options", f"what is under {SCREEN!r} needs exactly one option, the picture it judges"
