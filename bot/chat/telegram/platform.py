"""Telegram as one platform of the program: what the rest speaks through, and one life after another of the bot."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx
from telegram import Bot
from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.ext import ApplicationBuilder
from telegram.request import HTTPXRequest

from bot.actions.guide import Guide
from bot.chat.languages import tables
from bot.chat.telegram import commands
from bot.chat.telegram.administering import Administering
from bot.chat.telegram.arrivals import ALLOWED, Arrivals
from bot.chat.telegram.asking import Asking
from bot.chat.telegram.chat import TelegramChat
from bot.chat.telegram.desk import App, Desk
from bot.chat.telegram.exposing import Exposing
from bot.chat.telegram.files import Files
from bot.chat.telegram.front import FindJob, Front
from bot.chat.telegram.hearing import Hearing
from bot.chat.telegram.line import Connected, Line, Me
from bot.chat.telegram.outbox import Outbox
from bot.chat.telegram.owners import Owners
from bot.chat.telegram.poller import Poller
from bot.chat.telegram.posting import Posting
from bot.chat.telegram.pressing import Pressing
from bot.chat.telegram.who import Admins, Who
from bot.chat.telegram.wizardry import Wizardry
from bot.chat.telegram.writing import Writing
from bot.domain.catalogue import Catalogue
from bot.domain.errors import ChatUnavailable, PlatformOff
from bot.domain.job import Job
from bot.domain.notice import Notice
from bot.domain.phrases import reel_notice
from bot.ports.acquaintances import Acquaintances
from bot.ports.clock import NewId, Now
from bot.ports.people import Memory
from bot.ports.updates import Receipts, Updates
from bot.ports.vitals import Vital

log = logging.getLogger(__name__)

EXTEND = "extend"
CONNECTIONS = 16
READ_S, CONNECT_S, POOL_S = 20.0, 10.0, 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """Where Telegram calls us, and what it proves itself by."""

    url: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Addresses, and how the bot behaves there. `local`: the Bot API server is one's own and shares our disk."""

    api_url: str
    file_url: str
    local: bool
    owners: frozenset[int]
    upload_bytes: int
    pace_s: float
    poll_s: int
    webhook: Callback | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Memories:
    """What is kept of Telegram in the store."""

    updates: Updates
    receipts: Receipts
    memory: Memory
    acquaintances: Acquaintances


class Telegram:
    """Built without a word to Telegram: `living` is one life, `chat` what the pipeline speaks through.

    `arrivals` keeps what Telegram tells by calling us.
    """

    def __init__(
        self,
        *,
        where: Where,
        catalogue: Catalogue,
        memories: Memories,
        job: FindJob,
        covered: Callable[[Job], bool],
        now: Now,
        sleep: Callable[[float], Awaitable[None]],
        vital: Vital,
    ) -> None:
        self._vital = vital
        self._where = where
        self._catalogue = catalogue
        self._memories = memories
        self._job = job
        self._now = now
        self._sleep = sleep
        self._outbox = Outbox(now=now, sleep=sleep)
        self._line = line = Line(outbox=self._outbox, memory=memories.memory)
        self.arrivals = Arrivals(updates=memories.updates, moved=line.moved)
        self._writing = Writing(line=line, receipts=memories.receipts)
        self._owners = Owners(line=line, ids=where.owners)
        self._posting = Posting(line=line, extends=EXTEND in catalogue.commands, limit_bytes=where.upload_bytes)
        self._exposing = self._built_exposing(covered)
        self.chat = TelegramChat(
            line=line,
            files=Files(line=line, local=where.local),
            posting=self._posting,
            exposing=self._exposing,
            owners=self._owners,
            writing=self._writing,
            job=job,
            covered=covered,
            limit_bytes=where.upload_bytes,
            pace_s=where.pace_s,
            now=now,
        )

    def desk(self, front: Front, guide: Guide, new_id: NewId, nudge: Callable[[str], None]) -> Desk:
        """What updates are worked on with. `nudge` has an update looked at again."""
        line, updates, now = self._line, self._memories.updates, self._now
        admins = Admins(line=line, now=now)
        acquaintances = self._memories.acquaintances
        who = Who(admins=admins, owners=self._owners, line=line, acquaintances=acquaintances)
        asking = Asking(front=front, chat=self.chat, updates=updates, new_id=new_id)
        wizardry = Wizardry(guide=guide, writing=self._writing, asking=asking, new_id=new_id, now=now)
        pressing = Pressing(
            front=front,
            asking=asking,
            wizardry=wizardry,
            writing=self._writing,
            posting=self._posting,
            exposing=self._exposing,
            line=line,
            who=who,
            owners=self._owners,
            job=self._job,
            now=now,
        )
        hearing = Hearing(
            front=front,
            asking=asking,
            wizardry=wizardry,
            administering=Administering(front=front, chat=self.chat, line=line, owners=self._owners, who=who),
            chat=self.chat,
            line=line,
            who=who,
        )
        return Desk(line=line, updates=updates, hearing=hearing, pressing=pressing, admins=admins, nudge=nudge, now=now)

    def living(self, token: str, desk: Desk) -> Callable[[], Awaitable[None]]:
        """One life: log in, set the menus, take updates until it is cancelled or dies.

        Raises PlatformOff when the token is not one, ChatUnavailable when nobody answers.
        """

        async def live() -> None:
            async with AsyncExitStack() as stack:
                try:
                    application = await self._begin(token, desk, stack)
                    await self._set_up(application.bot)
                    self._vital.works()
                except InvalidToken as error:
                    raise PlatformOff("Telegram refuses TELEGRAM_TOKEN; get a new one from BotFather") from error
                except NetworkError as error:
                    told = type(error.__cause__ or error).__name__
                    raise ChatUnavailable(f"it cannot be reached ({told})") from error
                await self._listen(application.bot, desk)

        return live

    def _built_exposing(self, covered: Callable[[Job], bool]) -> Exposing:
        return Exposing(
            line=self._line,
            posting=self._posting,
            writing=self._writing,
            covered=covered,
            words=self._words,
            extends=EXTEND in self._catalogue.commands,
        )

    def _words(self, job: Job) -> Notice:
        """What stands with a reel that was posted."""
        if job.reel is None:
            return Notice(text="")
        return reel_notice(job, self._catalogue, fitted=job.reel, original=job.reel)

    async def _listen(self, bot: Bot, desk: Desk) -> None:
        """Take updates until it is cancelled: by polling, or by being called."""
        if self._where.webhook is not None:
            desk.listening()
            await asyncio.Event().wait()
        await Poller(
            bot=bot,
            arrivals=self.arrivals,
            poll_s=self._where.poll_s,
            sleep=self._sleep,
            listening=desk.listening,
            vital=self._vital,
        ).run()

    async def close(self) -> None:
        """Nothing goes out any more."""
        await self._outbox.close()

    async def _begin(self, token: str, desk: Desk, stack: AsyncExitStack) -> App:
        """The application, logged in. Raises TelegramError."""
        application = self._application(token)
        uploader = self._uploader(token)
        stack.push_async_callback(application.shutdown)
        stack.push_async_callback(uploader.shutdown)
        await application.initialize()
        await uploader.initialize()
        user = application.bot.bot
        me = Me(id=user.id, username=user.username or "", reads_all=bool(user.can_read_all_group_messages))
        self._line.connect(Connected(bot=application.bot, uploader=uploader, me=me))
        stack.callback(self._line.connect, None)
        desk.open(application)
        stack.callback(desk.close)
        log.info(
            "Telegram is here; invite the bot with https://t.me/%s?startgroup=true",
            me.username,
            extra={"privacy": "off" if me.reads_all else "on"},
        )
        return application

    async def _set_up(self, bot: Bot) -> None:
        callback = self._where.webhook
        if callback is None:
            await bot.delete_webhook(drop_pending_updates=False)
        else:
            await bot.set_webhook(callback.url, secret_token=callback.secret, allowed_updates=ALLOWED)
        try:
            if await commands.sync(bot, self._catalogue, tables(), self._memories.memory):
                log.info("the menus of commands were brought up to date")
        except NetworkError:
            raise
        except TelegramError as error:
            log.warning("the menus of commands could not be set", extra={"error": error.message})

    def _application(self, token: str) -> App:
        """python-telegram-bot's application, without its updater: that confirms updates before they are handled."""
        return (
            ApplicationBuilder()
            .token(token)
            .base_url(f"{self._where.api_url}/bot")
            .base_file_url(f"{self._where.file_url}/bot")
            .local_mode(self._where.local)
            .updater(None)
            .job_queue(None)
            .request(HTTPXRequest(CONNECTIONS, READ_S, READ_S, CONNECT_S, POOL_S))
            .get_updates_request(HTTPXRequest(1, READ_S, READ_S, CONNECT_S, POOL_S))
            .build()
        )

    def _uploader(self, token: str) -> Bot:
        """A bot for reels, whose connections are all new."""
        limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=0)
        return Bot(
            token,
            base_url=f"{self._where.api_url}/bot",
            base_file_url=f"{self._where.file_url}/bot",
            local_mode=self._where.local,
            request=HTTPXRequest(CONNECTIONS, READ_S, READ_S, CONNECT_S, POOL_S, httpx_kwargs={"limits": limits}),
            get_updates_request=HTTPXRequest(1),
        )
