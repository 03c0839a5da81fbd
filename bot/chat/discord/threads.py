"""Where a status message's answers go: a thread opened on it, one thread per person, or plainly after it."""

import logging
from typing import Literal

import discord

from bot.chat.discord.commands import ANSWERS
from bot.chat.discord.line import Line
from bot.chat.discord.messages import thread_name
from bot.chat.discord.place import DISCORD, Answers, Spot
from bot.ports.people import Memory

log = logging.getLogger(__name__)

KEPT_MINUTES: Literal[1440] = 1440
EXISTS = 160004
"""The message has a thread already: its id is the message's own."""


class Threads:
    """Opens them. What cannot be opened is no misfortune: the answer is then given in place."""

    def __init__(self, *, line: Line, memory: Memory, answers: Answers) -> None:
        self._line = line
        self._memory = memory
        self._answers = answers

    async def open(self, spot: Spot, message: int) -> int:
        """The thread for what follows a status message; 0 where there is none."""
        if not spot.guild or spot.in_thread or not spot.by_bot:
            return 0
        match await self.answers(spot.guild):
            case Answers.REPLY:
                return 0
            case Answers.THREAD:
                return await self._on(spot, message)
            case Answers.PERSONAL:
                return await self._of_person(spot, message)

    async def answers(self, guild: int) -> Answers:
        """How this server wants to be answered."""
        kept = await self._memory.setting(f"group:{DISCORD}:{guild}", ANSWERS)
        return Answers(kept) if kept in set(Answers) else self._answers

    async def _on(self, spot: Spot, message: int) -> int:
        partial = self._line.channel(spot.channel, spot.guild).get_partial_message(message)
        for name in (thread_name(spot.title), thread_name("")):
            try:
                return (await partial.create_thread(name=name, auto_archive_duration=KEPT_MINUTES)).id
            except discord.HTTPException as error:
                if error.code == EXISTS:
                    return message
                log.info("no thread could be opened", extra={"channel": spot.channel, "error": str(error)})
                if error.status != 400:  # noqa: PLR2004  the name was refused; another may do
                    return 0
            except ValueError:  # the server is not known yet: the gateway is still away
                return 0
        return 0

    async def _of_person(self, spot: Spot, message: int) -> int:
        """The person's own thread in this channel, opened on their first status message."""
        scope, key = f"group:{DISCORD}:{spot.guild}", f"thread:{spot.channel}:{spot.author}"
        kept = await self._memory.setting(scope, key)
        if kept and await self._is_open(int(kept)):
            return int(kept)
        opened = await self._on(spot, message)
        if opened:
            await self._memory.keep_setting(scope, key, str(opened))
        return opened

    async def _is_open(self, thread: int) -> bool:
        try:
            found = await self._line.client().fetch_channel(thread)
        except (discord.HTTPException, discord.InvalidData):
            return False
        return isinstance(found, discord.Thread) and not found.locked
