"""Who owns the bot: those of the Discord application and of the settings; and how they are told something."""

import logging

import discord

from bot.chat.discord import messages
from bot.chat.discord.keyboard import given, keyboard
from bot.chat.discord.line import Line
from bot.chat.discord.refusals import LOST
from bot.domain.notice import Notice

owner_log = logging.getLogger("bot.owner")

TOLD = 3
"""Owners written to, so that one who takes no messages does not keep the others from hearing."""


class Owners:
    """Ids of people. The application's own are learned at every login."""

    def __init__(self, *, line: Line, named: frozenset[int]) -> None:
        self._line = line
        self._named = named
        self._ids = named

    def learn(self, application: discord.AppInfo) -> None:
        """Take the application's owner, or its team's members."""
        team = application.team
        accepted = discord.TeamMembershipState.accepted
        members = {one.id for one in team.members if one.membership_state is accepted} if team else set()
        ids = members or {application.owner.id}
        self._ids = self._named | ids

    def __contains__(self, user: object) -> bool:
        return user in self._ids

    async def tell(self, notice: Notice, *, key: str) -> None:
        """Write to them privately, and to the log, where whoever runs the bot finds it in any case."""
        owner_log.warning("%s (%s)", notice.text, notice.detail)
        reached = 0
        for owner in sorted(self._ids)[:TOLD]:
            try:
                channel = await self._line.dm(owner)
                view = given(keyboard(notice.buttons))
                await channel.send(messages.content(notice), view=view, nonce=f"o{key}"[:25])
            except (discord.HTTPException, *LOST) as error:
                owner_log.info("an owner takes no messages", extra={"owner": owner, "error": str(error)})
            else:
                reached += 1
        if self._ids and not reached:
            owner_log.error("no owner could be written to on Discord; the buttons are in nobody's hands")
