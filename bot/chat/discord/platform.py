"""Discord as one platform of the program: what the rest speaks through, and one life after another of the client."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp
import discord

from bot.chat.discord import addresses
from bot.chat.discord.administering import Administering
from bot.chat.discord.asking import Asking
from bot.chat.discord.calling import Calling
from bot.chat.discord.chat import DiscordChat
from bot.chat.discord.client import ReelroomClient
from bot.chat.discord.desk import Desk
from bot.chat.discord.door import Door
from bot.chat.discord.exposing import Exposing
from bot.chat.discord.files import Files
from bot.chat.discord.front import FindJob, Front
from bot.chat.discord.line import Line
from bot.chat.discord.owners import Owners
from bot.chat.discord.place import Answers
from bot.chat.discord.posting import Posting
from bot.chat.discord.pressing import EXTEND, Pressing
from bot.chat.discord.threads import Threads
from bot.domain.catalogue import Catalogue
from bot.domain.errors import ChatUnavailable, PlatformOff
from bot.domain.job import Job
from bot.ports.clock import NewId, Now
from bot.ports.people import Memory
from bot.ports.updates import Receipts
from bot.ports.vitals import Vital

log = logging.getLogger(__name__)

DRAIN_S = 5.0
"""How long interactions under way may take to end at shutdown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Addresses, and how the bot behaves there."""

    api_url: str
    gateway_url: str
    cdn_url: str
    shards: int | None
    owners: frozenset[int]
    answers: Answers
    guild_ready_s: float
    pace_s: float


class Discord:
    """Built without a word to Discord; `run` is one life, `chat` what the pipeline speaks through."""

    def __init__(
        self,
        *,
        where: Where,
        catalogue: Catalogue,
        memory: Memory,
        receipts: Receipts,
        job: FindJob,
        covered: Callable[[Job], bool],
        now: Now,
        vital: Vital,
    ) -> None:
        self._where = where
        self._memory = memory
        self._vital = vital
        self._job = job
        self._now = now
        self._line = line = Line(now)
        self._owners = Owners(line=line, named=where.owners)
        self._door = Door()
        self._client: ReelroomClient | None = None
        posting = Posting(line=line, extends=EXTEND in catalogue.commands)
        self.chat = DiscordChat(
            line=line,
            files=Files(line=line, cdn_url=where.cdn_url),
            threads=Threads(line=line, memory=memory, answers=where.answers),
            posting=posting,
            exposing=Exposing(line=line, posting=posting, covered=covered),
            owners=self._owners,
            calling=Calling(line=line, receipts=receipts),
            job=job,
            covered=covered,
            pace_s=where.pace_s,
        )

    def desk(self, front: Front, new_id: NewId) -> Desk:
        """What the client works with."""
        asking = Asking(front=front, owners=self._owners, door=self._door, now=self._now, new_id=new_id)
        return Desk(
            front=front,
            memory=self._memory,
            line=self._line,
            door=self._door,
            owners=self._owners,
            asking=asking,
            administering=Administering(front=front, owners=self._owners),
            pressing=Pressing(front=front, asking=asking, owners=self._owners, job=self._job),
            vital=self._vital,
            cdn_url=self._where.cdn_url,
        )

    def living(self, token: str, desk: Desk) -> Callable[[], Awaitable[None]]:
        """One life: log in, connect, serve until it is closed or dies.

        Raises PlatformOff when the token is not one, ChatUnavailable when nobody answers, and whatever else ended it.
        """

        async def live() -> None:
            where = self._where
            addresses.aim(api_url=where.api_url, gateway_url=where.gateway_url, cdn_url=where.cdn_url)
            client = ReelroomClient(desk, shards=where.shards, guild_ready_s=where.guild_ready_s)
            self._client = client
            try:
                async with client:
                    await client.start(token)
            except discord.LoginFailure as error:
                raise PlatformOff("Discord refuses DISCORD_TOKEN; get a new one in the developer portal") from error
            except discord.PrivilegedIntentsRequired as error:
                raise PlatformOff("Discord wants an intent switched on that this bot does not use") from error
            except (aiohttp.ClientError, OSError) as error:
                raise ChatUnavailable(f"it cannot be reached ({type(error).__name__})") from error
            finally:
                self._line.connect(None)

        return live

    async def drain(self) -> None:
        """Let nobody in any more, and those inside finish."""
        await self._door.close(within_s=DRAIN_S)

    async def close(self) -> None:
        """End the life."""
        if self._client is not None and not self._client.is_closed():
            await self._client.close()
