"""How moderators of a group are told something: where they want to be, or else the owners."""

import logging
from collections.abc import Mapping

from bot.domain.ask import OWNERS, Place, moderators_place
from bot.domain.errors import PlaceGone
from bot.domain.job import Job
from bot.domain.notice import Notice
from bot.ports.chat import Chat
from bot.ports.moderation import Groups

log = logging.getLogger(__name__)


class Moderators:
    """Every method raises ChatUnavailable when it can be said later."""

    def __init__(self, *, chats: Mapping[str, Chat], groups: Groups) -> None:
        self._chats = chats
        self._groups = groups

    async def have_a_place(self, job: Job) -> bool:
        """Whether the group has said where its cards go. There a card changes; owners are written to anew."""
        return bool(await self._where(job))

    async def tell(self, job: Job, notice: Notice, *, key: str) -> None:
        """Say it, or change what was said with this key."""
        platform = job.ask.account.platform
        chat = self._chats.get(platform)
        if chat is None:
            return
        try:
            await chat.say(moderators_place(platform, job.ask.group, await self._where(job)), notice, key=key)
        except PlaceGone:
            log.warning("moderators cannot be told where they want to be", extra={"job": job.id, "group": job.ask.grp})
            await self._tell_owners(chat, notice, key)

    async def name(self, account_key: str) -> str:
        """What somebody is called, "" when nobody knows."""
        return await self._groups.name(account_key) if account_key else ""

    async def _tell_owners(self, chat: Chat, notice: Notice, key: str) -> None:
        try:
            await chat.say(Place(platform=chat.platform, address=OWNERS), notice, key=key)
        except PlaceGone:
            log.warning("nobody can be told what waits for a moderator", extra={"key": key})

    async def _where(self, job: Job) -> str:
        return (await self._groups.rules(job.ask.account.platform, job.ask.group)).moderators_place
