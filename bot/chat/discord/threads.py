"""Where a status message's answers go: a thread opened on it, one thread per person, or plainly after it."""

import logging
from http import HTTPStatus

import discord

from bot.chat.discord.commands import ANSWERS
from bot.chat.discord.line import Line
from bot.chat.discord.messages import thread_name
from bot.chat.discord.place import DISCORD, Answers, Spot
from bot.chat.discord.refusals import translated
from bot.domain.errors import PlaceGone
from bot.ports.people import Memory

log = logging.getLogger(__name__)

EXISTS = 160004
"""The message has a thread already: its id is the message's own."""


class Threads:
    """Opens them. What cannot be opened is no misfortune: the answer is then given in place. Raises ChatUnavailable."""

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
        for name in (thread_name(spot.title), thread_name("")):
            try:
                with translated():
                    return await self._line.open_thread(spot.channel, message, name)
            except PlaceGone as error:
                why = error.__cause__
                if isinstance(why, discord.HTTPException) and why.code == EXISTS:
                    return message
                log.info("no thread could be opened", extra={"channel": spot.channel, "error": str(error)})
                if isinstance(why, discord.HTTPException) and why.status != HTTPStatus.BAD_REQUEST:
                    return 0  # not for its name
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
