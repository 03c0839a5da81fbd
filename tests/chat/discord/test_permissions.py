"""What is asked for is what is needed, and what is missing is called as Discord calls it."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import discord
import pytest

from bot.chat.discord.permissions import NEEDED, invitation, missing, needed
from tests.source import ROOT


def test_the_invitation_asks_for_exactly_what_is_needed() -> None:
    asked = parse_qs(urlsplit(invitation(42)).query)
    assert asked["client_id"] == ["42"]
    assert asked["scope"] == ["bot applications.commands"]
    assert int(asked["permissions"][0]) == needed().value
    assert needed().administrator is False


@pytest.mark.parametrize("name", NEEDED)
def test_what_is_missing_is_named(name: str) -> None:
    have = needed()
    have.update(**{name: False})
    assert missing(have) == (NEEDED[name],)


def test_nothing_is_missing_for_whom_everything_is_allowed() -> None:
    assert missing(discord.Permissions(administrator=True)) == ()
    assert missing(needed()) == ()


def test_every_permission_is_explained() -> None:
    page = (Path(ROOT) / "docs" / "discord.md").read_text(encoding="utf-8")
    assert [called for called in NEEDED.values() if f"| {called} |" not in page] == []
