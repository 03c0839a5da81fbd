"""The application and its bot: who it is, its commands, its servers and their members, the gateway's address.

https://docs.discord.com/developers/interactions/application-commands
"""

from collections.abc import Callable

from tests.emulators.discord import access, guild_payloads, payloads
from tests.emulators.discord.calls import NOTHING, Answer, Call, Handler, Route
from tests.emulators.discord.command_limits import CHAT, check_commands
from tests.emulators.discord.refusals import refuse
from tests.emulators.discord.things import Json

DEFAULTS: Json = {"default_member_permissions": None, "nsfw": False, "description": ""}


def gateway(call: Call) -> Answer:
    """Where the gateway is."""
    return Answer(body={"url": call.parts.gateway_bot()["url"]})


def gateway_bot(call: Call) -> Answer:
    """Where it is, how many shards, how many starts are left today."""
    return Answer(body=call.parts.gateway_bot())


def me(call: Call) -> Answer:
    """The bot itself."""
    return Answer(body=payloads.own_user(call.world.bot))


def somebody(call: Call) -> Answer:
    """Any account."""
    found = call.world.users.get(call.id("user"))
    if found is None:
        raise refuse(10013)
    return Answer(body=payloads.user(found))


def application(call: Call) -> Answer:
    """The application itself."""
    return Answer(body=guild_payloads.application(call.world.application, call.world))


def mine(call: Call) -> int | None:
    """The server whose commands are meant; None: everywhere.

    Raises:
        Refusal: 20012 is Discord's word for another's application; here 10002.
    """
    if call.id("application") != call.world.application.id:
        raise refuse(10002)
    return access.guild(call).id if "guild" in call.arguments else None


def registered(call: Call, scope: int | None, wanted: Json) -> Json:
    """A command as Discord keeps it: the same name and type keep their id."""
    application_id = call.world.application.id
    kind = wanted.get("type", CHAT)
    known = call.world.application.commands.get(scope, [])
    before = next((one for one in known if (one["name"], one["type"]) == (wanted["name"], kind)), None)
    own = {"id", "application_id", "version"}
    kept = {key: value for key, value in wanted.items() if key not in own and value is not None}
    body = {**DEFAULTS, "integration_types": [0], "contexts": None, **kept, "type": kind}
    if body["default_member_permissions"] is not None:  # sent as a number or a string, told as a string
        body["default_member_permissions"] = str(body["default_member_permissions"])
    if scope is not None:
        body["guild_id"] = str(scope)
        for key in ("integration_types", "contexts"):
            body.pop(key, None)
    same = before and all(before.get(key) == value for key, value in body.items())
    body["application_id"] = str(application_id)
    body["id"] = before["id"] if before else str(call.world.clock.snowflake())
    body["version"] = before["version"] if before and same else str(call.world.clock.snowflake())
    return body


def commands(call: Call) -> Answer:
    """The commands of a scope."""
    return Answer(body=call.world.application.commands.get(mine(call), []))


def overwrite(call: Call) -> Answer:
    """All commands of a scope at once."""
    scope = mine(call)
    if not isinstance(call.body, list):
        raise refuse(50109)
    check_commands(call.body)
    made = [registered(call, scope, one) for one in call.body]
    call.world.application.commands[scope] = made
    return Answer(body=made)


def create(call: Call) -> Answer:
    """One command more, or the one of this name anew."""
    scope, wanted = mine(call), call.given
    known = call.world.application.commands.setdefault(scope, [])
    kind = wanted.get("type", CHAT)
    others = [one for one in known if (one["name"], one["type"]) != (wanted.get("name"), kind)]
    check_commands([*others, wanted])
    made = registered(call, scope, wanted)
    call.world.application.commands[scope] = [*others, made]
    return Answer(body=made, status=200 if len(others) < len(known) else 201)


def one_command(then: Callable[[Call, list[Json], Json], Answer]) -> Handler:
    """A handler for a command that exists."""

    def handle(call: Call) -> Answer:
        known = call.world.application.commands.get(mine(call), [])
        found = next((one for one in known if one["id"] == call.arguments["command"]), None)
        if found is None:
            raise refuse(10063)
        return then(call, known, found)

    return handle


def look(call: Call, known: list[Json], found: Json) -> Answer:
    """One command."""
    return Answer(body=found)


def change(call: Call, known: list[Json], found: Json) -> Answer:
    """A command gets other words."""
    after = found | call.given
    check_commands([*(one for one in known if one is not found), after])
    found |= call.given | {"version": str(call.world.clock.snowflake())}
    return Answer(body=found)


def remove(call: Call, known: list[Json], found: Json) -> Answer:
    """A command goes."""
    known.remove(found)
    return NOTHING


def guild(call: Call) -> Answer:
    """A server the bot is in."""
    return Answer(body=guild_payloads.guild(call.world, access.guild(call)))


def channels(call: Call) -> Answer:
    """Its channels, threads apart."""
    here = access.guild(call)
    found = [one for one in call.world.channels.values() if one.guild is here and not one.is_thread]
    return Answer(body=[payloads.channel(one) for one in found])


def roles(call: Call) -> Answer:
    """Its roles."""
    return Answer(body=[payloads.role(one) for one in access.guild(call).roles.values()])


def member(call: Call) -> Answer:
    """Somebody in it."""
    found = access.guild(call).members.get(call.id("user"))
    if found is None:
        raise refuse(10007)
    return Answer(body=payloads.member(found))


def threads(call: Call) -> Answer:
    """Its threads that are not archived."""
    here = access.guild(call)
    found = [one for one in call.world.channels.values() if one.guild is here and one.is_thread and not one.archived]
    return Answer(body={"threads": [payloads.thread(one) for one in found], "members": [], "has_more": False})


def guilds(call: Call) -> Answer:
    """The servers the bot is in."""
    found = [one for one in call.world.guilds.values() if call.world.bot.id in one.members]
    return Answer(body=[guild_payloads.of_mine(call.world, one) for one in found])


def leave(call: Call) -> Answer:
    """The bot goes."""
    call.world.leave(access.guild(call), call.world.bot)
    return NOTHING


ROUTES = [
    Route(method="GET", path="/gateway", handler=gateway, public=True),
    Route(method="GET", path="/gateway/bot", handler=gateway_bot),
    Route(method="GET", path="/users/@me", handler=me),
    Route(method="GET", path="/users/@me/guilds", handler=guilds),
    Route(method="DELETE", path="/users/@me/guilds/{guild}", handler=leave),
    Route(method="GET", path="/users/{user}", handler=somebody),
    Route(method="GET", path="/oauth2/applications/@me", handler=application),
    Route(method="GET", path="/applications/@me", handler=application),
    Route(method="GET", path="/guilds/{guild}", handler=guild),
    Route(method="GET", path="/guilds/{guild}/channels", handler=channels),
    Route(method="GET", path="/guilds/{guild}/roles", handler=roles),
    Route(method="GET", path="/guilds/{guild}/members/{user}", handler=member),
    Route(method="GET", path="/guilds/{guild}/threads/active", handler=threads),
    *(
        route
        for scope in ("/applications/{application}", "/applications/{application}/guilds/{guild}")
        for route in (
            Route(method="GET", path=f"{scope}/commands", handler=commands),
            Route(method="PUT", path=f"{scope}/commands", handler=overwrite),
            Route(method="POST", path=f"{scope}/commands", handler=create),
            Route(method="GET", path=f"{scope}/commands/{{command}}", handler=one_command(look)),
            Route(method="PATCH", path=f"{scope}/commands/{{command}}", handler=one_command(change)),
            Route(method="DELETE", path=f"{scope}/commands/{{command}}", handler=one_command(remove)),
        )
    ),
]
