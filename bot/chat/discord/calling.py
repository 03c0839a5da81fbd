"""People who did not ask are called: a group's moderators to their card, those who are named to a question.

Each message is written once and known by its key, so that a card changes where it stands and nobody is called twice.
"""

import logging
import re

import discord

from bot.chat.discord import messages
from bot.chat.discord.keyboard import given, keyboard
from bot.chat.discord.line import AWAY_S, Line
from bot.chat.discord.place import DISCORD, Receipt, Spot, receipt_of
from bot.chat.discord.refusals import translated
from bot.domain.ask import ToldWhere
from bot.domain.consent import ANSWERS
from bot.domain.errors import ChatUnavailable, PlaceGone
from bot.domain.notice import Notice
from bot.ports.updates import Receipts

log = logging.getLogger(__name__)

_CHANNEL = re.compile(r"(?:<#)?(?P<id>[0-9]{1,20})>?")
"""A channel as its id or as it is typed."""

NOBODY = discord.AllowedMentions.none()


class Calling:
    """Every method raises PlaceGone where it cannot be said there, ChatUnavailable where it can be said later."""

    def __init__(self, *, line: Line, receipts: Receipts) -> None:
        self._line = line
        self._receipts = receipts
        self._asked: dict[str, tuple[Receipt, str]] = {}

    async def moderators(self, told: ToldWhere, notice: Notice, *, key: str) -> None:
        """Write the card of this key into the channel they chose, or change the one that stands.

        The channel must be one of their own server: whoever sets a group's rules reaches no other group by it.
        """
        guild, channel = int(told.group), self._channel(told)
        words, view = messages.content(notice), keyboard(notice.buttons)
        known = receipt_of(await self._receipts.receipt(key))
        with translated():
            if known is not None:
                message = self._line.channel(known.channel, guild).get_partial_message(known.message)
                await message.edit(content=words, view=view, allowed_mentions=NOBODY)
                return
            where = self._line.channel(channel, guild)
            sent = await where.send(words, view=given(view), nonce=f"m{key}"[:25], allowed_mentions=NOBODY)
        await self._receipts.keep_receipt(key, Receipt(channel=channel, message=sent.id).text())

    async def named(self, spot: Spot, thread: int, notice: Notice, *, job: str) -> None:
        """Call those a notice asks something of, once; an edit of the status message would reach nobody.

        Whoever has answered is left out of the question, and with nobody left to ask its buttons go; after a restart
        they stay, and say so when they are pressed. Raises ChatUnavailable alone.
        """
        people = [int(one.id) for one in notice.asks if one.platform == DISCORD and one.id.isdecimal()]
        words = f"{' '.join(f'<@{one}>' for one in people)} {messages.content(notice)}"
        if job in self._asked and self._asked[job][1] != words:
            await self._change(spot, words if people else "", job=job)
        elif people and spot.by_bot and not await self._receipts.receipt(f"asks:{job}"):
            await self._ask(spot, thread, people, notice, words, job=job)

    async def _ask(self, spot: Spot, thread: int, people: list[int], notice: Notice, words: str, *, job: str) -> None:
        buttons = tuple(one for one in notice.buttons if one.action in ANSWERS)
        channel = self._line.channel(thread or spot.channel, spot.guild)
        called = discord.AllowedMentions(
            everyone=False, roles=False, users=[discord.Object(one) for one in people], replied_user=False
        )
        try:
            with translated():
                sent = await channel.send(
                    messages.cut(words, messages.CONTENT),
                    view=given(keyboard(buttons)),
                    nonce=f"c{job}"[:25],
                    allowed_mentions=called,
                )
        except PlaceGone as error:  # the question stands in the status message all the same
            log.info("nobody could be called", extra={"job": job, "error": str(error)})
            return
        receipt = Receipt(channel=channel.id, message=sent.id)
        self._asked[job] = receipt, words
        await self._receipts.keep_receipt(f"asks:{job}", receipt.text())

    async def _change(self, spot: Spot, words: str, *, job: str) -> None:
        """Other words in the question; none: what it said stays, and nothing is left to press."""
        receipt, _ = self._asked.pop(job)
        message = self._line.channel(receipt.channel, spot.guild).get_partial_message(receipt.message)
        try:
            with translated():
                if words:
                    await message.edit(content=messages.cut(words, messages.CONTENT), allowed_mentions=NOBODY)
                else:
                    await message.edit(view=None, allowed_mentions=NOBODY)
        except PlaceGone as error:
            log.info("a question is gone", extra={"job": job, "error": str(error)})
            return
        if words:
            self._asked[job] = receipt, words

    def _channel(self, told: ToldWhere) -> int:
        guild = self._line.client().get_guild(int(told.group)) if told.group.isdecimal() else None
        if guild is None or guild.unavailable:
            raise ChatUnavailable("the gateway has not told of this server", retry_after_s=AWAY_S)
        found = _CHANNEL.fullmatch(told.where)
        channel = guild.get_channel_or_thread(int(found["id"])) if found else None
        if not isinstance(channel, discord.abc.Messageable):
            raise PlaceGone(f"no such channel in this server: {told.where}")
        return channel.id
