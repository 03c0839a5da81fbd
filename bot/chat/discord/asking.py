"""From an interaction to the inbox: pure checks, one insert, the acknowledgement, and nothing else before it."""

import asyncio
import logging
from dataclasses import replace

import discord

from bot.chat.discord import messages, options
from bot.chat.discord.door import Door, Interaction, refuse
from bot.chat.discord.front import Front
from bot.chat.discord.options import Asked
from bot.chat.discord.owners import Owners
from bot.chat.discord.refusals import BLOCKED, LOST
from bot.chat.discord.who import account_of, group_name_of, group_of, spot_of_interaction, surroundings_of
from bot.domain.ask import Ask
from bot.domain.courtesies import busy_notice, received_notice, title_of, twice_notice
from bot.domain.notice import Notice
from bot.ports.clock import NewId, Now

log = logging.getLogger(__name__)

PATIENCE_S = 1.0
"""Discord forgets an interaction after three seconds; what is not written down after one is said to be too much."""

HOLD_S = 60.0
"""An Ask waits so long for its acknowledgement before it begins all the same."""

ANSWERED = 40060
"""The interaction has been acknowledged already, by us."""


class Asking:
    """Takes what people ask for."""

    def __init__(self, *, front: Front, owners: Owners, door: Door, now: Now, new_id: NewId) -> None:
        self._front = front
        self._owners = owners
        self._door = door
        self._now = now
        self._new_id = new_id

    async def take(self, interaction: Interaction, asked: Asked) -> None:
        """Keep a Wish somebody spelled out. Raises Refused, StoreUnavailable."""
        account = account_of(interaction, self._owners)
        wish = await self._front.with_defaults(asked.wish, account)
        draft = self._front.draft(wish, asked.attachments, asked.problems)
        ask = Ask(
            id=self._new_id(),
            event_id=str(interaction.id),
            account=account,
            group=group_of(interaction),
            group_name=group_name_of(interaction),
            place=spot_of_interaction(interaction, title_of(wish)).place(),
            wish=wish,
            attachments=asked.attachments,
            received_at=self._now(),
            locale=str(interaction.locale),
            surroundings=surroundings_of(interaction),
            named=asked.named,
            mentioned=options.mentioned(wish, dict(interaction.data or {})),
        )
        await self._keep(interaction, ask, received_notice(wish, draft))

    async def again(self, interaction: Interaction, job: str) -> None:
        """The presser's own Ask for what a Job was; "" is their latest. Raises Refused, StoreUnavailable."""
        ask = await self.repeated(interaction, job)
        draft = self._front.draft(ask.wish, ask.attachments)
        await self._keep(interaction, ask, received_notice(ask.wish, draft))

    async def change(self, interaction: Interaction, job: str, asked: Asked) -> None:
        """The same with other words, and other pictures where some were given. Raises Refused, StoreUnavailable."""
        before = await self.repeated(interaction, job)
        attachments = asked.attachments or before.attachments
        draft = self._front.draft(asked.wish, attachments, asked.problems)
        ask = replace(
            before,
            event_id=str(interaction.id),
            wish=asked.wish,
            attachments=attachments,
            named=asked.named if asked.attachments else before.named,
            mentioned=(*before.mentioned, *options.mentioned(asked.wish, dict(interaction.data or {}))),
            place=spot_of_interaction(interaction, title_of(asked.wish)).place(),
        )
        await self._keep(interaction, ask, received_notice(asked.wish, draft))

    async def repeated(self, interaction: Interaction, job: str) -> Ask:
        """A Job's Ask as the presser's own. Raises Refused."""
        spot = spot_of_interaction(interaction, "")
        account, group = account_of(interaction, self._owners), group_of(interaction)
        ask = await self._front.again(job, account, spot.place(), group=group)
        titled = replace(spot, title=title_of(ask.wish)).place()
        return replace(
            ask,
            place=titled,
            group=group,
            group_name=group_name_of(interaction),
            locale=str(interaction.locale),
            surroundings=surroundings_of(interaction),
        )

    async def _keep(self, interaction: Interaction, ask: Ask, notice: Notice) -> None:
        writing = asyncio.ensure_future(self._front.receive(ask, hold_s=HOLD_S))
        done, _ = await asyncio.wait({writing}, timeout=PATIENCE_S)
        if not done:
            self._door.keep(lambda: self._landed(writing, ask))
            await refuse(interaction, busy_notice())
        elif not writing.result():
            await self._seen_before(interaction, ask)
        elif await self._acknowledged(interaction, notice):
            self._front.acknowledged(ask.id)
        else:
            self._door.keep(lambda: self._front.too_late(ask))

    @staticmethod
    async def _seen_before(interaction: Interaction, ask: Ask) -> None:
        """A second press is told so. The same interaction once more is not: its one answer belongs to the first."""
        if ask.event_id != str(interaction.id):
            await refuse(interaction, twice_notice())

    async def _acknowledged(self, interaction: Interaction, notice: Notice) -> bool:
        try:
            await interaction.response.send_message(messages.content(notice))
        except discord.HTTPException as error:
            if error.code in BLOCKED and notice.detail:
                return await self._acknowledged(interaction, replace(notice, detail=""))
            log.warning("an acknowledgement came too late", extra={"error": str(error)})
            return error.code == ANSWERED
        except LOST as error:
            log.warning("an acknowledgement was lost", extra={"error": str(error)})
            return False
        return True

    async def _landed(self, writing: "asyncio.Future[bool]", ask: Ask) -> None:
        """It was written down after all, to somebody who was told that it was not."""
        if await writing:
            await self._front.too_late(ask)
