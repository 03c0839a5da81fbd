"""Telegram's Bot API on a loopback port: everything put together, and a tester's way to furnish it.

async with emulated() as telegram:
    group = telegram.group("Reel lovers")
    ada = telegram.person("Ada", at=group)
    ... point a client at telegram.api_url, telegram.file_url with telegram.token ...
    await telegram.polled()
    asked = ada.photo(jpeg, "/video@reelroom_bot a cat")
    reply = await telegram.until(lambda: telegram.replies(asked))
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.app import clock as machine
from tests.emulators.bell import PATIENCE_S, Bell, Seen
from tests.emulators.clock import Clock, standing
from tests.emulators.telegram import (
    methods_answers,
    methods_bot,
    methods_chats,
    methods_edits,
    methods_files,
    methods_messages,
    methods_updates,
)
from tests.emulators.telegram.api import Api
from tests.emulators.telegram.calls import Call, Handler, Parts
from tests.emulators.telegram.faults import Faults
from tests.emulators.telegram.furnishing import Furnishing
from tests.emulators.telegram.judge import Judge
from tests.emulators.telegram.members import Standing
from tests.emulators.telegram.methods_files import Downloads
from tests.emulators.telegram.people import Person
from tests.emulators.telegram.posting import Press
from tests.emulators.telegram.privacy import Privacy
from tests.emulators.telegram.rates import Rates
from tests.emulators.telegram.refusals import Refusal
from tests.emulators.telegram.things import Json, Message, Place, Topic, User, chat_of
from tests.emulators.telegram.updates import Updates
from tests.emulators.telegram.webhook import Webhook
from tests.emulators.telegram.world import World

BOT = 7_000_000_001
TOKEN = f"{BOT}:token-of-nobody-in-an-emulator-only"

METHODS: dict[str, Handler] = {
    **methods_answers.METHODS,
    **methods_bot.METHODS,
    **methods_chats.METHODS,
    **methods_edits.METHODS,
    **methods_files.METHODS,
    **methods_messages.METHODS,
    **methods_updates.METHODS,
}


class Telegram(Furnishing):
    """One Telegram. `now` may run or (the default) stand still; `clock.advance` moves it either way."""

    def __init__(self, now: Callable[[], datetime] | None = None, local: Path | None = None) -> None:
        self.bell = Bell()
        self.clock = Clock(now or standing(machine.now()), changed=self.bell.ring)
        self.token = TOKEN
        self.world = World(self.clock, User(id=BOT, name="Reelroom", username="reelroom_bot", bot=True), self._told)
        self.privacy = Privacy()
        self.press = Press(self.world, self.privacy)
        self.standing = Standing(self.press)
        self.updates = Updates(self.bell)
        self.faults = Faults()
        self.rates = Rates(self.clock)
        self.judge = Judge()
        self.webhook = Webhook(self.updates, self.bell, self.clock, anywhere=local is not None)
        parts = Parts(
            world=self.world,
            press=self.press,
            standing=self.standing,
            updates=self.updates,
            webhook=self.webhook,
            local=local,
        )
        self.api = Api(parts, self.token, METHODS, self.faults, self.rates, self.judge)
        self.downloads = Downloads(self.world, self.token, self.faults)
        self.local = local
        self.base = ""

    @property
    def api_url(self) -> str:
        """For `telegram.api_url`; clients put `/bot<token>/<method>` behind it."""
        return self.base

    @property
    def file_url(self) -> str:
        """For `telegram.file_url`; clients put `/bot<token>/<path>` behind it."""
        return f"{self.base}/file"

    @property
    def bot(self) -> User:
        """The bot's own account."""
        return self.world.bot

    def _told(self, kind: str, payload: Json) -> None:
        if kind:
            self.judge.update({"update_id": self.updates.last + 1, kind: payload})
            self.updates.tell(kind, payload)
        self.bell.ring()

    def go_down(self) -> None:
        """Nobody answers any more, and whoever waits for an answer is cut off."""
        self.api.down = True
        self.api.cut()

    def come_back(self) -> None:
        """All is well again."""
        self.api.down = False

    # --- waiting ---

    async def until(self, look: Callable[[], Seen | None], timeout_s: float = PATIENCE_S, what: str = "") -> Seen:
        """What `look` gives as soon as it is true; looked at again after every change.

        Raises:
            TimeoutError: Nothing of the kind happened.
        """
        return await self.bell.until(look, timeout_s, what)

    async def polled(self) -> None:
        """Wait until the bot waits for updates."""
        await self.until(lambda: self.updates.poll, what="a poll")

    async def heard(self) -> None:
        """Wait until the bot has confirmed everything there was, and waits again."""
        await self.until(lambda: self.updates.poll and not self.updates.pending, what="every update confirmed")

    def again(self, which: int = -1) -> None:
        """Tell the bot an update once more, under the same id: the last one, or of `updates.all` the one at `which`."""
        self.updates.queue(self.updates.all[which])

    # --- furnishing ---

    def person(
        self, name: str, *, at: Place | None = None, username: str = "", language: str = "en", started: bool = False
    ) -> Person:
        """Somebody new, in the group of `at`, or without it in their private chat; `started`: the bot may write."""
        user = self.account(name, username=username, language=language)
        self.world.private(user).started = started
        return self.hand(user, at)

    def hand(self, user: User, at: Place | None = None) -> Person:
        """The hands of an account that is there already."""
        if at is not None:
            self.join(at, user)
        return Person(self.press, self.standing, self.bell, user, at)

    # --- looking ---

    def said(self, place: Place | Person) -> list[Message]:
        """The bot's messages that stand in a chat or topic (of a person: in their private chat), oldest first."""
        where = self.world.private(place.user) if isinstance(place, Person) else place
        there = [one for one in chat_of(where).messages.values() if one.sender is self.bot and not one.deleted]
        return [one for one in there if not isinstance(where, Topic) or one.topic is where]

    def replies(self, message: Message) -> list[Message]:
        """The bot's messages that reply to one, oldest first."""
        return [one for one in self.said(message.chat) if one.reply_to is message]

    def calls(self, *methods: str) -> list[Call]:
        """The requests so far, in order: of these methods, or all."""
        return [one for one in self.api.calls if not methods or one.method in methods]

    def app(self, guard: Any = None) -> web.Application:
        """Everything it answers to, behind `guard` if there is one."""
        app = web.Application(client_max_size=600 * 1024 * 1024, middlewares=[guard] if guard else [])
        app.router.add_route("*", "/bot{token}/{method}", self.api.enter)
        if self.local is None:
            app.router.add_get("/file/bot{token}/{path:.+}", self.downloads.give)
        app.router.add_route("*", "/{rest:.*}", nowhere)
        return app


async def nowhere(request: web.Request) -> web.StreamResponse:
    """An address without a token and a method."""
    return web.json_response(Refusal(404, "Not Found").body(), status=404)


@asynccontextmanager
async def emulated(
    now: Callable[[], datetime] | None = None, *, strict: bool = True, local: Path | None = None, guard: Any = None
) -> AsyncIterator[Telegram]:
    """A Telegram on a free loopback port.

    `strict`: whatever the judge found fails the test that leaves this block. `local`: a self-hosted server instead,
    which keeps its files in this folder, takes 2000 MB, and has no address to download from. `guard`: a middleware of
    aiohttp that sees every request first, and may let it come to nothing.

    Raises:
        AssertionError: At the end, with every complaint.
    """
    telegram = Telegram(now, local)
    runner = web.AppRunner(telegram.app(guard), access_log=None, shutdown_timeout=1, handler_cancellation=True)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        telegram.base = f"http://{host}:{port}"
        yield telegram
    finally:
        telegram.updates.end("terminated by the emulator's end")
        await telegram.webhook.shut()
        await telegram.api.shut()
        await runner.cleanup()
    if strict and telegram.judge.complaints:
        raise AssertionError("\n".join(telegram.judge.complaints))
