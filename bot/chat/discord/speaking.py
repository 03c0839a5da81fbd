"""Words without a reel: into an interaction's answer, into a message of ours, to a person; with the way that is open.

The interaction's token needs no permission and lives a quarter of an hour, the bot's own lasts and needs to be let in.
Where AutoMod blocks the words, they go without the small print, which repeats what was typed.
"""

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

import discord

from bot.chat.discord import messages
from bot.chat.discord.keyboard import given, keyboard
from bot.chat.discord.line import ORIGINAL, Line
from bot.chat.discord.place import Receipt, Spot
from bot.chat.discord.posting import only
from bot.chat.discord.refusals import Blocked, translated
from bot.domain.errors import PlaceGone
from bot.domain.notice import Notice

T = TypeVar("T")

NONCE = 25
"""The longest nonce Discord takes."""

UNKNOWN_MESSAGE = 10008


class Speaking:
    """Every method raises PlaceGone where it cannot be said there, ChatUnavailable where it can be said later."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def into_answer(self, spot: Spot, notice: Notice) -> int:
        """Write it into the message the interaction was acknowledged with; its id."""
        webhook = self._line.by_token(spot)

        async def write(said: Notice) -> int:
            with translated(with_token=True):
                words, view = messages.content(said), keyboard(said.buttons)
                return (await webhook.edit_message(ORIGINAL, content=words, view=view)).id

        return await _unblocked(notice, write)

    async def between_us(self, spot: Spot, notice: Notice) -> None:
        """Take the public answer away, which may have happened before, and say it to the person alone."""
        webhook = self._line.by_token(spot)

        async def whisper(said: Notice) -> None:
            with translated(with_token=True):
                view = given(keyboard(said.buttons))
                await webhook.send(messages.content(said), view=view, ephemeral=True, wait=True)

        with translated(with_token=True):
            try:
                await webhook.delete_message(ORIGINAL)
            except discord.NotFound as error:
                if error.code != UNKNOWN_MESSAGE:
                    raise
        await _unblocked(notice, whisper)

    async def into(self, spot: Spot, known: Receipt, notice: Notice) -> None:
        """Write it into a message of ours."""

        async def by_bot(said: Notice) -> None:
            message = self._line.channel(known.channel, spot.guild).get_partial_message(known.message)
            words, view = messages.content(said), keyboard(said.buttons)
            with translated():
                await message.edit(content=words, view=view, allowed_mentions=discord.AllowedMentions.none())

        async def by_token(said: Notice) -> None:
            words, view = messages.content(said), keyboard(said.buttons)
            with translated(with_token=True):
                await self._line.by_token(spot).edit_message(known.message, content=words, view=view)

        if spot.by_bot:
            try:
                return await _unblocked(notice, by_bot)
            except PlaceGone:  # a private thread, or a channel that was closed: the token may still reach it
                if not spot.token_lives(self._line.now()):
                    raise
        return await _unblocked(notice, by_token)

    async def to_person(self, spot: Spot, notice: Notice, *, nonce: str) -> Receipt:
        """Where the interaction's answer is not there to be written into: a message that calls the person.

        What is private goes to them privately, if they take messages.
        """

        async def send(said: Notice, where: discord.abc.Messageable) -> Receipt:
            with translated():
                message = await where.send(
                    messages.content(said, mention=spot.author),
                    view=given(keyboard(said.buttons)),
                    nonce=nonce[:NONCE],
                    allowed_mentions=only(spot.author),
                )
            return Receipt(channel=message.channel.id, message=message.id)

        if notice.private and spot.guild:
            with contextlib.suppress(PlaceGone), translated():
                return await send(notice, await self._line.dm(spot.author))
        channel = self._line.channel(spot.channel, spot.guild)
        return await _unblocked(notice, lambda said: send(said, channel))


async def _unblocked(notice: Notice, say: Callable[[Notice], Awaitable[T]]) -> T:
    """Say it, without the small print where the words are blocked."""
    try:
        return await say(notice)
    except Blocked:
        if not notice.detail:
            raise
        return await say(replace(notice, detail=""))
