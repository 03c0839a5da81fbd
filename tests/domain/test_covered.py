"""Which reels are posted behind a spoiler: named by effect, command or endpoint, in any spelling."""

from dataclasses import replace

import pytest

from bot.domain.moderation import Rules, is_covered
from tests.builders import an_endpoint, an_order


@pytest.mark.parametrize(
    ("covered", "expected"),
    [
        ((), False),
        (("kiss me ai",), True),
        (("effect",), True),
        (("Hug",), False),
        (("KISS ME AI", "Hug"), True),
    ],
)
def test_a_reel_is_covered_by_name(covered: tuple[str, ...], expected: bool) -> None:  # noqa: FBT001  a table's column
    assert is_covered(an_order(), an_endpoint(), Rules(covered=covered)) is expected


def test_an_endpoint_covers_all_it_makes() -> None:
    endpoint = an_endpoint()
    assert is_covered(an_order(), endpoint, Rules(covered=(endpoint.slug,)))
    assert is_covered(an_order(), endpoint, Rules(covered=(endpoint.id,)))


def test_what_is_reached_by_custom_keeps_its_commands_cover() -> None:
    endpoint = an_endpoint()
    order = replace(an_order(), command="custom")
    assert is_covered(order, endpoint, Rules(covered=(endpoint.command,)))
