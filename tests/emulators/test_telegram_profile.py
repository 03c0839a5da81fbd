"""The bot's own face in the emulated Telegram: its menus by scope and language, its name and descriptions."""

from typing import Any

import pytest

from tests.emulators.by_hand import by_hand


def menu(*names: str) -> list[dict[str, str]]:
    return [{"command": name, "description": f"does {name}"} for name in names]


async def test_the_most_particular_menu_is_offered_and_of_one_scope_the_persons_language() -> None:
    async with by_hand() as one:
        ada = one.ada
        in_group: dict[str, Any] = {"scope": {"type": "chat", "chat_id": one.group.id}}
        steps: list[tuple[dict[str, Any], str]] = [
            ({}, "default"),
            ({"scope": {"type": "all_group_chats"}}, "groups"),
            ({"scope": {"type": "all_group_chats"}, "language_code": "en"}, "groups_en"),
            (in_group, "here"),
            ({"scope": {"type": "chat_member", "chat_id": one.group.id, "user_id": ada.id}}, "ada"),
        ]
        assert ada.offered == []
        for where, name in steps:
            assert (await one.call("setMyCommands", commands=menu(name), **where)).result is True
            assert ada.offered == [name]
        assert one.telegram.person("Ben", at=one.group).offered == ["here"]
        assert ada.go().offered == ["default"]
        assert (await one.call("getMyCommands", **in_group)).result == menu("here")
        await one.call("deleteMyCommands", **in_group)
        assert one.telegram.person("Cy", at=one.group, language="de").offered == ["groups"]


async def test_administrators_have_menus_of_their_own() -> None:
    async with by_hand() as one:
        await one.call("setMyCommands", commands=menu("video"), scope={"type": "all_group_chats"})
        await one.call("setMyCommands", commands=menu("budget"), scope={"type": "all_chat_administrators"})
        assert one.ada.offered == ["video"]
        one.telegram.promote(one.group, one.ada.user)
        assert one.ada.offered == ["budget"]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"commands": menu("Video")}, "BOT_COMMAND_INVALID"),
    ({"commands": menu("x" * 33)}, "BOT_COMMAND_INVALID"),
    ({"commands": [{"command": "x", "description": "x" * 257}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ({"commands": [{"command": "x", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ({"commands": menu(*"x" * 101)}, "BOT_COMMANDS_TOO_MUCH"),
    ({"commands": "x"}, "can't parse commands JSON object"),
    ({"commands": menu("x"), "language_code": "pt-BR"}, "invalid language code specified"),
    ({"commands": menu("x"), "scope": {"type": "x"}}, "can't parse BotCommandScope: Unsupported type specified"),
    ({"commands": menu("x"), "scope": {"type": "chat", "chat_id": 1}}, "chat not found"),
]


@pytest.mark.parametrize(("parameters", "words"), WRONG)
async def test_a_menu_that_breaks_a_limit_is_refused(parameters: dict[str, Any], words: str) -> None:
    async with by_hand() as one:
        assert await one.refused("setMyCommands", **parameters) == f"Bad Request: {words}"


async def test_the_name_and_descriptions_are_kept_by_language() -> None:
    async with by_hand() as one:
        assert (await one.call("getMyName")).result == {"name": "Reelroom"}
        await one.call("setMyName", name="Filmraum", language_code="de")
        assert (await one.call("getMyName", language_code="de")).result == {"name": "Filmraum"}
        assert (await one.call("getMyName", language_code="fr")).result == {"name": "Reelroom"}
        await one.call("setMyDescription", description="Turns a picture into a film")
        assert (await one.call("getMyDescription")).result == {"description": "Turns a picture into a film"}
        await one.call("setMyShortDescription", short_description="Films")
        assert (await one.call("getMyShortDescription")).result == {"short_description": "Films"}
        words = await one.refused("setMyShortDescription", short_description="x" * 121)
        assert words == "Bad Request: SHORT_DESCRIPTION_TOO_LONG"
