"""What the menus offer fits Discord, for the shipped catalogue and for any other."""

import re
from collections import Counter
from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands
from typing_extensions import override

from bot.chat.discord.client import EVERYWHERE, INSTALLS
from bot.chat.discord.commands import ANIMATE, REPORT, Menu, Type, menus, picture_slots
from bot.chat.discord.completion import Suggestion
from bot.chat.discord.tree import Payload, grow, payloads, sync
from bot.chat.discord.words import Words
from bot.chat.languages import tables
from bot.domain.admin import ADMIN, SUBS
from bot.domain.catalogue import Catalogue
from bot.settings.endpoints import load_catalogue
from tests.source import ROOT

NAME = re.compile(r"^[-_'\w]{1,32}$")


class Handlers:
    """Commands that lead nowhere."""

    async def on_command(self, interaction: discord.Interaction[Any]) -> None: ...

    async def on_completion(self, _: discord.Interaction[Any], /) -> tuple[Suggestion, ...]:
        return ()

    async def on_animate(self, interaction: discord.Interaction[Any]) -> None: ...

    async def on_report(self, interaction: discord.Interaction[Any]) -> None: ...


class Kept:
    """Settings in a dict."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], str] = {}

    async def setting(self, scope: str, key: str) -> str | None:
        return self.values.get((scope, key))

    async def keep_setting(self, scope: str, key: str, value: str) -> None:
        self.values[scope, key] = value


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(ROOT / "config" / "endpoints")


@pytest.fixture
async def tree(catalogue: Catalogue) -> AsyncIterator[app_commands.CommandTree[Any]]:
    client = discord.AutoShardedClient(intents=discord.Intents(guilds=True), shard_count=1)
    async with client:
        grown = app_commands.CommandTree[Any](client, allowed_contexts=EVERYWHERE, allowed_installs=INSTALLS)
        await grown.set_translator(Words(tables()))
        grow(grown, menus(catalogue), Handlers())
        yield grown


def options(payload: Payload) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = payload.get("options", [])
    return found


def levels(payload: Payload) -> list[Payload]:
    """A command and its subcommands: each has options, names and texts of its own."""
    return [payload, *(one for one in options(payload) if one["type"] == 1)]


def field(found: tuple[Menu, ...], command: str, name: str) -> Type:
    (menu,) = [one for one in found if one.name == command]
    (wanted,) = [one for one in menu.fields if one.name == name]
    return wanted.type


async def test_every_command_is_within_discords_limits(tree: app_commands.CommandTree[Any]) -> None:
    sent = await payloads(tree)
    assert len([one for one in sent if one["type"] == 1]) <= 100
    assert len({one["name"] for one in sent}) == len(sent)
    typed = [one for one in sent if one["type"] == 1]
    for payload, language in product(typed, set(tables()) | {""}):
        size = 0
        for level in levels(payload):
            assert len(options(level)) <= 25
            told = [level, *options(level)]
            names = [one.get("name_localizations", {}).get(language, one["name"]) for one in told]
            texts = [one.get("description_localizations", {}).get(language, one["description"]) for one in told]
            assert all(NAME.fullmatch(name) and name == name.lower() for name in names), names
            assert all(1 <= len(text) <= 100 for text in texts)
            assert len(set(names[1:])) == len(names[1:]), f"two options of /{names[0]} are called the same"
            size += sum(map(len, names + texts))
        assert size <= 8000


async def test_required_options_come_first_and_suggestions_replace_choices(
    tree: app_commands.CommandTree[Any],
) -> None:
    for level in [level for payload in await payloads(tree) for level in levels(payload)]:
        taken = [one for one in options(level) if one["type"] != 1]
        required = [one["required"] for one in taken]
        assert required == sorted(required, reverse=True)
        assert not any(one.get("choices") for one in taken if one.get("autocomplete"))
        assert all(one["type"] == 3 for one in taken if one.get("autocomplete"))


async def test_whatever_discord_localises_is_there_in_every_language(tree: app_commands.CommandTree[Any]) -> None:
    languages = set(tables())
    localised: Counter[str] = Counter()
    for payload in await payloads(tree):
        parts = [one for level in levels(payload) for one in options(level)]
        choices = [choice for one in parts for choice in one.get("choices", ())]
        for thing in (payload, *parts, *choices):
            for key in {"name", "description"} & {key for key, text in thing.items() if text}:
                assert languages <= set(thing[f"{key}_localizations"]), thing[key]
                localised[key] += 1
    assert localised["name"] > localised["description"] > 50


async def test_subcommands_are_offered_to_who_may_manage_messages(tree: app_commands.CommandTree[Any]) -> None:
    (admin,) = [one for one in await payloads(tree) if one["name"] == ADMIN]
    assert admin["default_member_permissions"] == discord.Permissions(manage_messages=True).value
    assert {one["name"]: one["type"] for one in options(admin)} == dict.fromkeys(SUBS, 1)


async def test_two_menus_stand_on_messages(tree: app_commands.CommandTree[Any]) -> None:
    assert {one["name"] for one in await payloads(tree) if one["type"] == 3} == {ANIMATE, REPORT}


async def test_commands_are_for_servers_private_chats_and_user_installs(tree: app_commands.CommandTree[Any]) -> None:
    for payload in await payloads(tree):
        assert set(payload["contexts"]) == {0, 1, 2}
        assert set(payload["integration_types"]) == {0, 1}


def test_options_have_the_type_of_their_kind(catalogue: Catalogue) -> None:
    found = menus(catalogue)
    assert field(found, "effect", "effect") is Type.STRING
    assert field(found, "effect", "image") is Type.ATTACHMENT
    assert field(found, "effect", "person") is Type.USER
    assert field(found, "video", "sound") is Type.BOOLEAN
    assert field(found, "custom", "model") is Type.STRING


def test_several_pictures_are_several_slots(catalogue: Catalogue) -> None:
    assert picture_slots(catalogue.commands["blend"]) == ("image", "image2", "image3", "image4")
    assert picture_slots(catalogue.commands["effect"]) == ("image", "image2")
    assert picture_slots(catalogue.commands["animate"]) == ()


async def test_what_was_sent_already_is_not_sent_again(tree: app_commands.CommandTree[Any], tmp_path: Path) -> None:
    kept = Kept()
    sent: list[int] = []

    class Counting(app_commands.CommandTree[Any]):
        @override
        async def sync(self, *, guild: Any = None) -> list[app_commands.AppCommand]:
            sent.append(1)
            return []

    async with discord.AutoShardedClient(intents=discord.Intents(guilds=True), shard_count=1) as client:
        counting = Counting(client)
        grow(counting, (Menu(name="help", description="Help"),), Handlers())
        assert await sync(counting, kept, 1)
        assert not await sync(counting, kept, 1)
        assert await sync(counting, kept, 2)
        counting.add_command(
            app_commands.ContextMenu(name="More", callback=_menu),
        )
        assert await sync(counting, kept, 1)
    assert len(sent) == 3


async def _menu(interaction: discord.Interaction[Any], message: discord.Message) -> None: ...
