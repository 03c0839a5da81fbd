"""The platforms beside which the program is killed. A further one is a module like `room`, and a line here."""

from collections.abc import Mapping

from tests.crash import discord, room, telegram, together
from tests.crash.platform import Opening

PLATFORMS: Mapping[str, Opening] = {
    "room": room.opened,
    "discord": discord.opened,
    "telegram": telegram.opened,
}

TOGETHER = "together"
OPENINGS: Mapping[str, Opening] = {**PLATFORMS, TOGETHER: together.opened}
"""All that a cell can stand on; all of them at once is not for every death of every scenario."""
