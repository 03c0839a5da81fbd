"""The reel as a new message: in its thread, else in the channel, else to the person; never twice, never lost.

In doubt every place it may have gone to is looked through for our own message with the Job's file. Posting again
uses the Job's id as nonce, so that Discord itself returns the first message for a few minutes.
"""

import logging
from dataclasses import dataclass
from typing import cast

import discord

from bot.chat.discord import messages
from bot.chat.discord.keyboard import given, keyboard
from bot.chat.discord.line import ORIGINAL, Line
from bot.chat.discord.place import Receipt, Spot
from bot.chat.discord.refusals import SMALLEST_LIMIT, Blocked, translated
from bot.chat.notices import reel_buttons
from bot.domain.errors import PlaceGone, ReelTooLarge
from bot.ports.chat import Parcel

log = logging.getLogger(__name__)

LOOKED_THROUGH = 200
"""Messages of a place that are looked through, newest first; a thread of ours has a handful."""

SPOILER = "SPOILER_"

NO_REPLY = cast("discord.MessageReference", None)
"""What discord.py takes for "answers nothing", though its types do not say so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A place to try. `after` is the status message: what we look for came later; `reply` shows which it answers."""

    channel: discord.abc.Messageable
    after: int = 0
    reply: discord.MessageReference = NO_REPLY


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What is to be posted, and for whom. `covered`: behind a spoiler until somebody wants to see it.

    `anew`: it stood there already, and was taken away.
    """

    spot: Spot
    parcel: Parcel
    covered: bool = False
    anew: bool = False

    @property
    def nonce(self) -> str:
        """What Discord knows the message by for a few minutes, and takes only once."""
        return f"r{self.parcel.job}" if self.anew else self.parcel.job


class Posting:
    """Posts. `extends`: some endpoint can take a reel further."""

    def __init__(self, *, line: Line, extends: bool) -> None:
        self._line = line
        self._extends = extends

    async def post(self, post: Post, status: Receipt | None, *, in_doubt: bool) -> Receipt:
        """Post it where it belongs. Raises PlaceGone, ReelTooLarge, DeliveryUncertain, ChatUnavailable."""
        if not post.spot.by_bot:
            return await self._by_token(post, in_doubt=in_doubt)
        targets = self._targets(post.spot, status)
        if in_doubt:
            found = await self._found(targets, post)
            if found is not None:
                return found
        for target in targets:
            try:
                return await self._into(target, post)
            except PlaceGone as error:
                log.info("a reel goes elsewhere", extra={"job": post.parcel.job, "error": str(error)})
        return await self._privately(post, in_doubt=in_doubt)

    def _targets(self, spot: Spot, status: Receipt | None) -> list[Target]:
        after = status.message if status else 0
        channel = status.channel if status else spot.channel
        targets = []
        if status is not None and status.thread:
            targets.append(Target(channel=self._line.channel(status.thread, spot.guild), after=after))
        reply = NO_REPLY
        if status is not None:
            reply = discord.MessageReference(message_id=after, channel_id=channel, fail_if_not_exists=False)
        targets.append(Target(channel=self._line.channel(channel, spot.guild), after=after, reply=reply))
        return targets

    async def _found(self, targets: list[Target], post: Post) -> Receipt | None:
        """Our message with this file. A place we may not look into may hold it, so nothing is posted at all."""
        gone: list[PlaceGone] = []
        for target in targets:
            try:
                found = await self._look(target, post.parcel.file_name)
            except PlaceGone as error:
                gone.append(error)
            else:
                if found is not None:
                    return found
        closed = [error for error in gone if isinstance(error.__cause__, discord.Forbidden)]
        if closed:
            raise closed[0]
        return None

    async def _look(self, target: Target, file_name: str) -> Receipt | None:
        after = discord.Object(target.after) if target.after else None
        own = self._line.client().user
        with translated():
            async for message in target.channel.history(limit=LOOKED_THROUGH, after=after, oldest_first=False):
                names = {attachment.filename for attachment in message.attachments}
                if own is not None and message.author.id == own.id and names & {file_name, SPOILER + file_name}:
                    return Receipt(channel=message.channel.id, message=message.id)
        return None

    async def _into(self, target: Target, post: Post) -> Receipt:
        try:
            return await self._send(target, post, messages.content(post.parcel.notice, mention=post.spot.author))
        except Blocked:
            log.warning("the words with a reel were blocked; it goes without them", extra={"job": post.parcel.job})
            return await self._send(target, post, f"<@{post.spot.author}>", bare=True)

    async def _send(self, target: Target, post: Post, words: str, *, bare: bool = False) -> Receipt:
        with translated(posting=True):
            message = await target.channel.send(
                words,
                file=file_of(post.parcel, covered=post.covered, bare=bare),
                view=self._view(post),
                nonce=post.nonce,
                reference=target.reply,
                allowed_mentions=only(post.spot.author),
            )
        return Receipt(channel=message.channel.id, message=message.id)

    async def _privately(self, post: Post, *, in_doubt: bool) -> Receipt:
        """Nowhere left but to the person who paid for it."""
        if post.parcel.reel.size_bytes > SMALLEST_LIMIT:
            raise ReelTooLarge(SMALLEST_LIMIT)
        with translated():
            target = Target(channel=await self._line.dm(post.spot.author))
        found = await self._look(target, post.parcel.file_name) if in_doubt else None
        return found or await self._into(target, post)

    async def _by_token(self, post: Post, *, in_doubt: bool) -> Receipt:
        """Where the bot is no member, while the token lives; then to the person."""
        if not post.spot.token_lives(self._line.now()):
            return await self._privately(post, in_doubt=True)
        words = messages.content(post.parcel.notice, mention=post.spot.author)
        try:
            try:
                return await self._follow_up(post, words, in_doubt=in_doubt)
            except Blocked:
                return await self._follow_up(post, f"<@{post.spot.author}>", in_doubt=in_doubt, bare=True)
        except PlaceGone as error:
            log.info("a reel goes elsewhere", extra={"job": post.parcel.job, "error": str(error)})
            return await self._privately(post, in_doubt=in_doubt)

    async def _follow_up(self, post: Post, words: str, *, in_doubt: bool, bare: bool = False) -> Receipt:
        """As a follow-up. In doubt, into the status message, which can be repeated."""
        webhook = self._line.by_token(post.spot)
        file, view, allowed = (
            file_of(post.parcel, covered=post.covered, bare=bare),
            self._view(post),
            only(post.spot.author),
        )
        with translated(posting=True, with_token=True):
            if in_doubt:
                message = await webhook.edit_message(
                    ORIGINAL, content=words, attachments=[file], view=view, allowed_mentions=allowed
                )
            else:
                message = await webhook.send(words, file=file, view=view, allowed_mentions=allowed, wait=True)
        return Receipt(channel=message.channel.id, message=message.id)

    def _view(self, post: Post) -> discord.ui.View:
        return given(keyboard(reel_buttons(post.parcel.notice, post.parcel.job, extends=self._extends)))


def file_of(parcel: Parcel, *, covered: bool, bare: bool = False) -> discord.File:
    """The file of a reel; `bare`: it says nothing of what it shows."""
    described = "A video" if bare else messages.alt_text(parcel.notice)
    return discord.File(parcel.path, filename=parcel.file_name, spoiler=covered, description=described)


def only(user: int) -> discord.AllowedMentions:
    """Nobody but this person is called."""
    return discord.AllowedMentions(everyone=False, roles=False, users=[discord.Object(user)], replied_user=False)
