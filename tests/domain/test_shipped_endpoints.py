"""Every endpoint of `config/endpoints`, from typed words to the body fal would get."""

from pathlib import Path

import pytest

from bot.domain.ask import Attachment, Wish
from bot.domain.catalogue import Catalogue, Endpoint, FileCount, Kind, Level, Option
from bot.domain.models import CUSTOM
from bot.domain.order import Order, complete, draft, payload
from bot.domain.wish import parse, render
from bot.sandbox.validate import flaws_of
from bot.settings.endpoints import load_catalogue

SECONDS = 4.0


@pytest.fixture(name="catalogue", scope="module")
def load() -> Catalogue:
    return load_catalogue(Path(__file__).parents[2] / "config" / "endpoints")


def typed(option: Option) -> str:
    """Something a person could type for an option."""
    match option.kind:
        case Kind.CHOICE:
            return option.choices[-1]
        case Kind.FLAG:
            return "on"
        case Kind.INTEGER | Kind.NUMBER:
            return f"{option.maximum if option.maximum is not None else 7:g}"
        case _:
            return "the horse bolts"


def files_for(endpoint: Endpoint) -> tuple[Attachment, ...]:
    """As many files as each option needs at least, and one for each that can do without."""
    return tuple(
        Attachment(platform="room", handle=f"{option.name}{count}", option=option.name)
        for option in endpoint.options
        if option.is_media
        for count in range(max(1, option.min_files))
    )


def ordered(endpoint: Endpoint, wish: Wish, catalogue: Catalogue) -> Order:
    drafted = draft(wish, files_for(endpoint), catalogue, sandbox=True)
    media = {name: tuple(one.handle for one in files) for name, files in drafted.files.items()}
    return complete(drafted, media, dict.fromkeys(media, SECONDS), endpoint)


def required(endpoint: Endpoint) -> dict[str, str]:
    needed = [option for option in endpoint.options if option.required and not option.is_media]
    return {option.name: typed(option) for option in needed}


def urls(order: Order) -> dict[str, tuple[str, ...]]:
    return {name: tuple(f"https://files.example/{one}" for one in media) for name, media in order.media.items()}


def test_every_endpoint_can_be_ordered_from_what_it_requires(catalogue: Catalogue) -> None:
    for endpoint in catalogue.endpoints:
        wish = Wish(command=CUSTOM, model=endpoint.slug, options=required(endpoint))
        order = ordered(endpoint, parse(render(wish), catalogue), catalogue)
        assert order.endpoint == endpoint.slug
        assert flaws_of(endpoint, payload(order, endpoint, urls(order))) == [], endpoint.slug
        assert order.quote.unpriced == (endpoint.price is None)
        assert (order.quote.cost_microusd > 0) == (endpoint.price is not None), endpoint.slug
        assert not order.quote.estimated or (endpoint.price is not None and endpoint.price.estimated), endpoint.slug


def test_every_option_alone_reaches_fal_in_a_shape_it_takes(catalogue: Catalogue) -> None:
    for endpoint in catalogue.endpoints:
        for option in endpoint.options:
            if option.is_media or option.level is Level.OWNER or option.name == "effect":
                continue
            # The last choice of one option may ask for another value of the next; rules have tests of their own.
            text = option.choices[0] if option.choices else typed(option)
            wish = Wish(command=CUSTOM, model=endpoint.slug, options={**required(endpoint), option.name: text})
            order = ordered(endpoint, wish, catalogue)
            body = payload(order, endpoint, urls(order))
            assert option.field in body, f"{endpoint.slug} {option.name}"
            assert flaws_of(endpoint, body) == [], f"{endpoint.slug} {option.name}"


def pictures(endpoint: Endpoint, effect: str) -> list[Attachment]:
    """As many pictures as an effect takes."""
    counts = (rule for rule in endpoint.rules if isinstance(rule, FileCount))
    count = next((rule.count for rule in counts if effect in rule.when.get("effect", ())), 1)
    return [Attachment(platform="room", handle=str(number)) for number in range(count)]


def test_every_effect_offered_or_understood_can_be_shouted(catalogue: Catalogue) -> None:
    checked = 0
    for endpoint in catalogue.commands["effect"].endpoints:
        option = endpoint.option("effect")
        assert option is not None
        for effect in (*option.choices, *option.accepts):
            wish = parse(f"/effect {effect.upper()} --model {endpoint.model}", catalogue)
            drafted = draft(wish, pictures(endpoint, effect), catalogue, sandbox=True)
            assert drafted.values["effect"] == effect
            checked += 1
    assert checked > 400
