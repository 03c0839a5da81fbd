"""Commands: what Discord registers, and what it then offers to whom, and where."""

from typing import Any

import pytest

from tests.emulators.discord.asking import NotOffered
from tests.emulators.discord.permissions import Permission
from tests.emulators.raw import COMMAND, Raw, raw

OPTION = {"name": "image", "description": "the picture", "type": 3}


def with_options(*options: dict[str, Any]) -> dict[str, Any]:
    return COMMAND | {"options": list(options)}


INVALID: dict[str, dict[str, Any]] = {
    "capitals": COMMAND | {"name": "Effect"},
    "a space": COMMAND | {"name": "an effect"},
    "33 characters": COMMAND | {"name": "x" * 33},
    "no description": COMMAND | {"description": ""},
    "101 characters of description": COMMAND | {"description": "x" * 101},
    "a described context menu": {"name": "Animate this", "type": 3, "description": "x"},
    "26 options": with_options(*(OPTION | {"name": f"o{number}"} for number in range(26))),
    "an option twice": with_options(OPTION, OPTION),
    "required after optional": with_options(OPTION, OPTION | {"name": "other", "required": True}),
    "choices and completion": with_options(OPTION | {"choices": [{"name": "a", "value": "a"}], "autocomplete": True}),
    "26 choices": with_options(OPTION | {"choices": [{"name": str(n), "value": str(n)} for n in range(26)]}),
    "a choice of 101": with_options(OPTION | {"choices": [{"name": "x" * 101, "value": "a"}]}),
    "a text of 6,001": with_options(OPTION | {"max_length": 6001}),
    "an unknown language": COMMAND | {"name_localizations": {"en": "effect"}},
    "8,001 characters": with_options(
        *(
            OPTION | {"name": f"o{n}", "choices": [{"name": "x" * 90 + str(m), "value": "y" * 90} for m in range(9)]}
            for n in range(5)
        )
    ),
}


@pytest.mark.parametrize("command", INVALID.values(), ids=INVALID.keys())
async def test_a_command_that_breaks_a_rule_is_not_registered(command: dict[str, Any]) -> None:
    async with raw(strict=False) as one:
        assert (await one.register(command)).error == (400, 50035)
        assert one.ada.offered == {"effect"}


@pytest.mark.parametrize(("kind", "fits"), [(1, 100), (2, 15), (3, 15)])
async def test_there_are_only_so_many_commands_of_a_kind(kind: int, fits: int) -> None:
    async with raw(strict=False) as one:
        described = {"description": "x"} if kind == 1 else {}
        many = [{"name": f"c{number}", "type": kind} | described for number in range(fits + 1)]
        assert (await one.register(*many)).error == (400, 30032)
        assert (await one.register(*many[:-1])).status == 200


async def test_an_unchanged_command_keeps_its_id_and_version_and_a_changed_one_its_id() -> None:
    async with raw() as one:
        first = (await one.register(COMMAND)).body[0]
        again = (await one.register(COMMAND)).body[0]
        changed = (await one.register(COMMAND | {"description": "Makes it dance"})).body[0]
        assert (first["id"], first["version"]) == (again["id"], again["version"])
        assert changed["id"] == first["id"]
        assert changed["version"] != first["version"]


async def test_one_command_is_made_changed_and_taken_away() -> None:
    async with raw() as one:
        path = f"/applications/{one.discord.application.id}/commands"
        made = await one.call("POST", path, {"name": "jobs", "description": "Your jobs"})
        assert made.status == 201
        mine = f"{path}/{made.body['id']}"
        assert (await one.call("PATCH", mine, {"description": "What you asked for"})).status == 200
        assert (await one.call("GET", mine)).body["description"] == "What you asked for"
        assert (await one.call("DELETE", mine)).status == 204
        assert (await one.call("GET", mine)).error == (404, 10063)


async def test_a_servers_own_command_is_offered_there_alone() -> None:
    async with raw() as one:
        path = f"/applications/{one.discord.application.id}/guilds/{one.guild.id}/commands"
        await one.call("PUT", path, [{"name": "local", "description": "Only here"}])
        elsewhere = one.discord.text(one.discord.guild("Elsewhere"), "general")
        assert "local" in one.ada.offered
        assert "local" not in one.discord.person("Ben", at=elsewhere).offered


@pytest.mark.parametrize(
    ("wanted", "offered"),
    [
        ({}, {"guild", "direct"}),
        ({"contexts": [0]}, {"guild"}),
        ({"contexts": [0, 1, 2], "integration_types": [0, 1]}, {"guild", "direct", "elsewhere", "between"}),
        ({"contexts": [0], "integration_types": [1]}, {"guild", "elsewhere"}),
    ],
)
async def test_a_command_is_offered_where_its_contexts_and_installations_reach(
    wanted: dict[str, Any], offered: set[str]
) -> None:
    async with raw() as one:
        await one.register(COMMAND | wanted)
        ben = one.discord.person("Ben", at=one.channel, installed=True)
        elsewhere = one.discord.text(one.discord.guild("Elsewhere", with_bot=False), "general")
        one.discord.world.join(elsewhere.guild or one.guild, ben.user)
        places = {
            "guild": one.channel,
            "direct": one.discord.direct(ben.user),
            "elsewhere": elsewhere,
            "between": one.discord.world.direct(ben.user, one.ada.user),
        }
        assert {name for name, place in places.items() if ben.go(place).offered} == offered


async def test_what_a_server_forbids_is_not_offered() -> None:
    async with raw() as one:
        one.discord.deny(one.channel, Permission.USE_APPLICATION_COMMANDS, of=one.ada.user)
        assert one.ada.offered == set()
        with pytest.raises(NotOffered, match="'effect' is not offered to Ada here"):
            await one.ada.slash("effect")


async def test_a_moderators_command_is_offered_to_moderators() -> None:
    async with raw() as one:
        await one.register(COMMAND | {"default_member_permissions": str(int(Permission.MANAGE_GUILD))})
        assert one.ada.offered == set()
        role = one.discord.role(one.guild, "Moderators", Permission.MANAGE_GUILD)
        one.discord.world.join(one.guild, one.ada.user, role)
        assert one.ada.offered == {"effect"}


async def test_an_age_restricted_command_is_offered_in_an_age_restricted_channel() -> None:
    async with raw() as one:
        await one.register(COMMAND | {"nsfw": True})
        assert one.ada.offered == set()
        assert one.ada.go(one.discord.text(one.guild, "late", nsfw=True)).offered == {"effect"}


BOUND = with_options(
    OPTION | {"name": "text", "required": True, "max_length": 5},
    {"name": "steps", "description": "how many", "type": 4, "min_value": 1, "max_value": 9},
    {"name": "size", "description": "how large", "type": 3, "choices": [{"name": "Large", "value": "l"}]},
    {"name": "loud", "description": "with sound", "type": 5},
    {"name": "who", "description": "whose face", "type": 6},
    {"name": "image", "description": "the picture", "type": 11},
)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"text": "123456"},
        {"text": "x", "steps": 10},
        {"text": "x", "steps": "many"},
        {"text": "x", "size": "m"},
        {"text": "x", "loud": "yes"},
        {"text": "x", "image": "me.png"},
        {"text": "x", "colour": "red"},
    ],
)
async def test_a_person_cannot_send_what_their_discord_would_not(given: dict[str, Any]) -> None:
    async with raw() as one:
        await one.register(BOUND)
        with pytest.raises(NotOffered):
            await one.ada.slash("effect", **given)


async def test_what_a_person_sends_comes_with_whatever_it_names() -> None:
    async with raw() as one:
        await one.register(BOUND)
        data = one.asked(text="x", steps=9, size="Large", loud=True, who=one.ada, image=b"png").payload["data"]
        values = {each["name"]: each["value"] for each in data["options"]}
        assert (values["text"], values["steps"], values["size"], values["loud"]) == ("x", 9, "l", True)
        assert data["resolved"]["users"][values["who"]]["global_name"] == "Ada"
        assert data["resolved"]["attachments"][values["image"]]["size"] == 3


async def nested(one: Raw) -> dict[str, Any]:
    group = {"name": "budget", "description": "money", "type": 2}
    inner = {"name": "set", "description": "set it", "type": 1, "options": [OPTION | {"name": "amount"}]}
    await one.register({"name": "admin", "description": "For moderators", "options": [group | {"options": [inner]}]})
    payload: dict[str, Any] = one.asked("admin budget set", amount="5").payload
    return payload


async def test_a_subcommands_options_lie_inside_it() -> None:
    async with raw() as one:
        (group,) = (await nested(one))["data"]["options"]
        assert group["options"][0]["options"] == [{"name": "amount", "type": 3, "value": "5"}]
        with pytest.raises(NotOffered, match="wants a subcommand"):
            await one.ada.slash("admin")
