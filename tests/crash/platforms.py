"""The platforms beside which the program is killed. A further one is a module like `room`, and a line here."""

from collections.abc import Mapping

from tests.crash import discord, room, telegram
from tests.crash.platform import Opening

PLATFORMS: Mapping[str, Opening] = {
    "room": room.opened,
    "discord": discord.opened,
    "telegram": telegram.opened,
}
