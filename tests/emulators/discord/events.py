"""What the gateway tells of a change, and to whom: the payload, the intent it takes, what is left out without one.

https://docs.discord.com/developers/events/gateway
"""

from enum import IntFlag
from typing import Any

from tests.emulators.discord import guild_payloads, payloads
from tests.emulators.discord.clock import created, stamp
from tests.emulators.discord.posting import Press
from tests.emulators.discord.things import Channel, Guild, Json, Message, Role
from tests.emulators.discord.world import World


class Intent(IntFlag):
    """The intents that matter here; every bit below 1 << 26 is one."""

    NONE = 0
    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_REACTIONS = 1 << 10
    DIRECT_MESSAGES = 1 << 12
    MESSAGE_CONTENT = 1 << 15


KNOWN = (1 << 26) - 1
PRIVILEGED = Intent.GUILD_MEMBERS | Intent.GUILD_PRESENCES | Intent.MESSAGE_CONTENT
HIDDEN = ("content", "embeds", "attachments", "components")


class Events:
    """From a thing that changed to what a session with these intents hears; None when it hears nothing."""

    def __init__(self, world: World, press: Press) -> None:
        self._world = world
        self._press = press

    def heard(self, name: str, thing: Any, intents: int) -> Json | None:
        """The payload for one session."""
        if name == "INTERACTION_CREATE":
            payload: Json = thing
            return payload
        if isinstance(thing, Message):
            return self._message(name, thing, intents)
        if not intents & Intent.GUILDS:
            return None
        return self._role(thing) if isinstance(thing, Role) else self._guilds(name, thing)

    def _role(self, role: Role) -> Json | None:
        guild = next(one for one in self._world.guilds.values() if role.id in one.roles)
        mine = self._world.bot.id in guild.members
        return {"guild_id": str(guild.id), "role": payloads.role(role)} if mine else None

    def _guilds(self, name: str, thing: Any) -> Json | None:
        match thing:
            case Guild() if name == "GUILD_DELETE":
                return {"id": str(thing.id)}
            case Guild():
                return guild_payloads.arrival(self._world, thing)
            case Channel() if thing.guild and self._world.bot.id not in thing.guild.members:
                return None
            case Channel() if name.startswith("THREAD"):
                return self._thread(name, thing)
            case Channel():
                return payloads.channel(thing)
            case _:
                return None

    def _thread(self, name: str, thing: Channel) -> Json | None:
        if not self._world.permissions(self._world.bot, thing):
            return None
        guild, parent = str(thing.guild.id) if thing.guild else "", str(thing.parent.id) if thing.parent else ""
        match name:
            case "THREAD_DELETE":
                return {"id": str(thing.id), "guild_id": guild, "parent_id": parent, "type": int(thing.type)}
            case "THREAD_MEMBERS_UPDATE":
                return {"id": str(thing.id), "guild_id": guild, "member_count": len(thing.inside)}
            case "THREAD_CREATE":
                bot = payloads.thread_member(thing, self._world.bot, stamp(created(thing.id)))
                mine = {"member": bot} if self._world.bot in thing.inside else {}
                return payloads.thread(thing) | {"newly_created": True} | mine
            case _:
                return payloads.thread(thing)

    def _message(self, name: str, thing: Message, intents: int) -> Json | None:
        guild = thing.channel.guild
        if thing.ephemeral or not self._world.permissions(self._world.bot, thing.channel):
            return None
        if not intents & (Intent.GUILD_MESSAGES if guild else Intent.DIRECT_MESSAGES):
            return None
        place = {"guild_id": str(guild.id)} if guild else {}
        if name == "MESSAGE_DELETE":
            return {"id": str(thing.id), "channel_id": str(thing.channel.id)} | place
        body = self._press.payload(thing) | place
        if guild and thing.author.id in guild.members:
            body["member"] = payloads.member(guild.members[thing.author.id], with_user=False)
        open_to_bot = guild is None or thing.author is self._world.bot or self._world.bot in thing.mentions
        if not open_to_bot and not intents & Intent.MESSAGE_CONTENT:
            body |= {key: "" if key == "content" else [] for key in HIDDEN}
        return body
