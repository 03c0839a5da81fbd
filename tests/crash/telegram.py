"""Telegram as the platform: the emulator on a loopback port, and the executioner before each of its methods.

Nobody asks twice: an update is told again until it is confirmed, and after each death the first one is told once more.
What was pressed before a death is too old to be answered after it.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from pydantic import SecretStr

from bot.app import clock
from bot.domain.job import State as JobState
from bot.settings.bot import TelegramSection
from bot.store.codec import ASK
from bot.store.database import Row
from tests.crash.doom import Doom, When
from tests.crash.executioner import Executioner
from tests.crash.platform import Platform, Seen, Setting, unless
from tests.crash.rest import Onlooker
from tests.crash.room import PICTURE
from tests.crash.scenario import EFFECT, Scenario
from tests.crash.telegram_books import Books
from tests.emulators.telegram.answers import dropped
from tests.emulators.telegram.emulator import Telegram, emulated
from tests.emulators.telegram.seen import Pressed
from tests.emulators.telegram.things import Message
from tests.emulators.telegram.updates import Update

OVER_S = 31.0
"""After so long a press can be answered no more."""

PATIENCE_S = 30.0
QUESTION, SHOW = "Your reel was on its way when I stumbled. Not there?", "Show it here"


class OnTelegram:
    """Fits `platform.Platform`: Ada, in a group; with an album in private, since a group tells of its caption alone."""

    decisive = frozenset(
        f"telegram {method}"
        for method in ("getUpdates", "sendMessage", "editMessageText", "sendVideo", "editMessageMedia")
    )
    posted = Doom(when=When.UNANSWERED, what="telegram sendVideo")

    def __init__(self, setting: Setting, telegram: Telegram, books: Books) -> None:
        self._scenario = setting.scenario
        self.telegram = telegram
        self._books = books
        group = None if self._scenario.album or self._scenario.alone else telegram.group("Reel lovers")
        self._ada = telegram.person("Ada", at=group, started=group is None)
        self._asked: dict[int, Message] = {}
        self._held: Update | None = None
        self._cancel: Pressed | None = None

    @property
    def told(self) -> Mapping[str, object]:
        """Where it is, and how to be let in."""
        where = TelegramSection(api_url=self.telegram.api_url, file_url=self.telegram.file_url, edit_every_s=0.2)
        return {"telegram": where, "telegram_token": SecretStr(self.telegram.token)}

    def wants(self, scenario: Scenario) -> None:
        """The person wants more."""
        self._scenario = scenario

    async def ask(self, number: int) -> None:
        """Telegram takes it, whether or not there is a program."""
        self._asked[number] = self._ask(number)

    async def live_with(self, onlooker: Onlooker) -> None:
        """Ask for what was not asked for yet, and press what is offered, until nothing is."""
        updates = self.telegram.updates
        await self.telegram.until(lambda: updates.poll, PATIENCE_S, "a poll")
        for number in range(len(self._scenario.asks)):
            if number not in self._asked:
                self._asked[number] = self._ask(number)
        if self._held is not None:
            await self.telegram.until(lambda: not updates.pending, PATIENCE_S, "the first half confirmed")
            self._let_go()
        if self._scenario.cancels and not (self._cancel and self._cancel.answered):
            await onlooker.until(lambda: onlooker.is_at_fal() and bool(self._offering("Cancel")))
            await self._press_cancel()
        await onlooker.until()
        while offering := self._offering(SHOW):
            await self._want(offering[0])
            await onlooker.until()

    def after_death(self) -> None:
        """Time passes, and Telegram tells what it has told already."""
        if self._asked:
            self._books.died()
        self.telegram.clock.advance(OVER_S)
        if self.telegram.updates.all:
            self.telegram.again(0)

    async def seen(self, jobs: Sequence[Row], /) -> Seen:
        """Every message of the bot, wherever it stands."""
        asks = {row["id"]: ASK.validate_json(row["ask"]) for row in jobs}
        requests = {_event(one): one for one in self._asked.values()}
        known = {requests[ask.event_id].id: job for job, ask in asks.items() if ask.event_id in requests}
        statuses = self._books.statuses(known)
        amiss = [*self._books.amiss(), *self.telegram.judge.complaints]
        for row in jobs:
            pictures = 2 if self._scenario.album else int(self._scenario.picture and "effect" in row["ask"])
            attached = len(asks[row["id"]].attachments)
            amiss += unless(attached == pictures, f"{attached} pictures of {pictures}")
            amiss += unless(row["state"] != JobState.DELIVERED or self._is_told(known, row["id"]), "it is not said")
        if self._scenario.refused:
            told = [one for one in self._books.standing() if "left" in one.words]
            amiss += unless(len(told) == len(self._asked), f"{len(told)} refusals of {len(self._asked)}")
            statuses.clear()
        return Seen(reels=self._books.reels(), statuses=statuses, amiss=tuple(amiss))

    def _is_told(self, known: Mapping[int, str], job: str) -> bool:
        """Whether one message about a Job says that it is done, or is its reel."""
        (request,) = [one for one in self._asked.values() if known.get(one.id) == job]
        return any("Here it is" in one.text or one.media is not None for one in self.telegram.replies(request))

    def _ask(self, number: int) -> Message:
        """Of an album, the second message is long in coming."""
        text = self._scenario.asks[number]
        command, _, rest = text.partition(" ")
        words, picture = f"{command}@{self.telegram.bot.username} {rest}", PICTURE.read_bytes()
        if self._scenario.album:
            first, _ = self._ada.album([picture, picture], words)
            self._held = self.telegram.updates.pending.pop()
            return first
        wants_picture = self._scenario.picture and text == EFFECT
        return self._ada.photo(picture, words) if wants_picture else self._ada.type(words)

    def _let_go(self) -> None:
        if self._held is not None:
            self.telegram.updates.pending.append(self._held)
            self._held = None
            self.telegram.bell.ring()

    def _offering(self, label: str) -> list[Message]:
        return [one for one in self._books.standing() if label in one.buttons]

    async def _press_cancel(self) -> None:
        """That the moment has passed is an answer too."""
        for status in self._offering("Cancel"):
            self._cancel = self._ada.press(status, "Cancel")
            await self._answered(self._cancel)

    async def _want(self, question: Message) -> None:
        """Whoever is asked wants the reel, also who has it: the most that can come of it."""
        assert question.text.startswith(QUESTION), question
        self._books.asked_about.add(str(question.buttons[SHOW]["callback_data"]).partition(":")[2])
        await self._answered(self._ada.press(question, SHOW))

    async def _answered(self, pressed: Pressed) -> None:
        await self.telegram.until(lambda: pressed.answered, PATIENCE_S, "an answer to a press")


def _event(request: Message) -> str:
    album = f"album:{request.chat.id}:{request.album}"
    return album if request.album else f"{request.chat.id}:{request.id}"


def guarded(executioner: Executioner, born: Callable[[], None]) -> Any:
    """A middleware that lets the executioner have every call, a poll and a download too.

    `born` is called at the first words of a program.
    """

    @web.middleware
    async def door(request: web.Request, handler: Any) -> web.StreamResponse:
        method = request.path.rpartition("/")[2]
        name = "telegram file" if request.path.startswith("/file/") else f"telegram {method}"
        if await executioner.strikes(When.UNHEARD, name):
            return dropped(request)
        if method == "getMe":
            born()
        answer: web.StreamResponse = await handler(request)
        if await executioner.strikes(When.UNANSWERED, name):
            return dropped(request)
        await answer.prepare(request)
        await answer.write_eof()
        await executioner.strikes(When.ANSWERED, name)
        return answer

    return door


@asynccontextmanager
async def opened(setting: Setting) -> AsyncIterator[Platform]:
    """An emulator of its own."""
    books = Books(setting.data)
    guard = guarded(setting.executioner, books.born)
    async with emulated(clock.now, strict=False, guard=guard) as telegram:
        books.open(telegram)
        yield OnTelegram(setting, telegram, books)
