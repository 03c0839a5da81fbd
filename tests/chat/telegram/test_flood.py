"""Thirty groups and three hundred private chats at once, by Telegram's own flood rules: no penalty, and no reel late.

Everything runs over real sockets; only time is the test's own, the bot's and Telegram's alike.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest
from typing_extensions import override

from bot.chat.telegram.chat import TelegramChat
from bot.chat.telegram.exposing import Exposing
from bot.chat.telegram.files import Files
from bot.chat.telegram.line import Connected, Line, Me
from bot.chat.telegram.outbox import GROUP, PRIVATE, Outbox
from bot.chat.telegram.owners import Owners
from bot.chat.telegram.place import Spot
from bot.chat.telegram.posting import Posting
from bot.chat.telegram.writing import Writing
from bot.domain.errors import ChatUnavailable
from bot.domain.job import Job, Reel
from bot.domain.notice import Action, Button, Notice, Tone
from bot.ports.chat import Parcel
from tests.chat.room_harness import picture, write_video
from tests.chat.telegram.hour import Hour
from tests.emulators.telegram.calls import Call
from tests.emulators.telegram.emulator import Telegram, emulated
from tests.emulators.telegram.things import Chat, ChatKind, Message, chat_of

GROUPS, PRIVATE_CHATS = 30, 300
QUIET, BUSY = 2, 10
"""What is asked for in most groups within that minute, and in every sixth."""

EVERY_S = 25
"""How often progress is told, where there is room for it."""

SLACK = timedelta(seconds=1)
"""Of which everybody together, thirty messages a second, may take some."""


def spread(number: int) -> float:
    """From 0 up to 1, every number somewhere else: the same crowd each time."""
    return number * 0.618_033_988_749 % 1


class Abroad(HTTPXRequest):
    """Real requests, during which the test's time stands still."""

    def __init__(self, hour: Hour) -> None:
        super().__init__(64, 60, 60, 60, 60)
        self._hour = hour

    @override
    async def do_request(self, *args: Any, **more: Any) -> tuple[int, bytes]:
        self._hour.leave()
        try:
            return await super().do_request(*args, **more)
        finally:
            self._hour.come_home()


class Notebook:
    """What the store keeps for the line and for what was said."""

    def __init__(self) -> None:
        self._lines: dict[str, str] = {}

    async def setting(self, scope: str, key: str) -> str | None:
        return self._lines.get(f"{scope} {key}")

    async def keep_setting(self, scope: str, key: str, value: str) -> None:
        self._lines[f"{scope} {key}"] = value

    async def receipt(self, key: str) -> str:
        return self._lines.get(key, "")

    async def keep_receipt(self, key: str, receipt: str) -> None:
        self._lines[key] = receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Something asked for, and when its reel is ready."""

    job: str
    message: Message
    asked_s: float
    ready_s: float

    @property
    def spot(self) -> Spot:
        sender = self.message.sender
        return Spot(chat=self.message.chat.id, author=sender.id if sender else 0, message=self.message.id)


class Crowd:
    """Everybody's requests, told about as the program tells of them."""

    def __init__(self, telegram: Telegram, chat: TelegramChat, hour: Hour, video: Path) -> None:
        self._telegram = telegram
        self._chat = chat
        self._hour = hour
        self._video = video
        self._began = hour.now()
        self.ready: dict[str, datetime] = {}

    def furnish(self, *, groups: int, private: int) -> list[Request]:
        """Everybody asks within a minute, and every reel takes one or two."""
        hands = [self._telegram.person(f"Ada {n}", started=True) for n in range(private)]
        asks = [hand.type("/effect Kiss Me AI") for hand in hands]
        for number in range(groups):
            hand = self._telegram.person(f"Ben {number}", at=self._telegram.group(f"Group {number}"))
            many = QUIET if number % 6 else BUSY
            asks += [hand.type("/effect@reelroom_bot Kiss Me AI") for _ in range(many)]
        return [
            Request(
                job=f"job{n}", message=one, asked_s=(at := 60 * spread(n)), ready_s=at + 40 + 59 * spread(7 * n + 1)
            )
            for n, one in enumerate(asks)
        ]

    async def serve(self, request: Request) -> None:
        """Acknowledge, tell how far it is, post the reel, say that it is there."""
        await self._until(request.asked_s)
        working = Notice(
            text="Being made",
            tone=Tone.WORKING,
            buttons=(Button(action=Action.CANCEL, subject=request.job, label="Cancel"),),
        )
        await self._patiently(lambda: self._chat.acknowledge(request.spot, working, key=request.job))
        telling = asyncio.ensure_future(self._tell(request))
        await self._until(request.ready_s)
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)
        self.ready[request.job] = self._hour.now()
        reel = Reel(sha256="0", size_bytes=1, width_px=160, height_px=120, seconds=1)
        parcel = Parcel(
            job=request.job, path=self._video, thumbnail=Path("none"), reel=reel, notice=Notice(text=request.job)
        )
        await self._patiently(lambda: self._chat.deliver(request.spot.place(), parcel, in_doubt=False))
        done = Notice(text="Here it is.", tone=Tone.GOOD)
        await self._patiently(lambda: self._chat.announce(request.spot.place(), done, job=request.job, receipt=""))

    async def _tell(self, request: Request) -> None:
        """Progress, as often as it may be told."""
        for step in range(100):
            notice = Notice(text=f"Being made, {step} %", tone=Tone.WORKING, progress=step / 100)
            telling = partial(self._chat.announce, request.spot.place(), notice, job=request.job, receipt="")
            await self._patiently(telling)
            await self._hour.sleep(EVERY_S)

    async def _patiently(self, say: Callable[[], Awaitable[object]]) -> None:
        """As the stages do: who is told to come back comes back."""
        while True:
            try:
                await say()
            except ChatUnavailable as error:
                await self._hour.sleep(error.retry_after_s)
            else:
                return

    async def _until(self, second: float) -> None:
        left_s = second - (self._hour.now() - self._began).total_seconds()
        if left_s > 0:
            await self._hour.sleep(left_s)


@asynccontextmanager
async def crowded(video: Path) -> AsyncIterator[tuple[Telegram, Crowd]]:
    """A Telegram that keeps its flood rules, and a bot's mouth before it."""
    hour = Hour()
    async with emulated(hour.now) as telegram:
        telegram.rates.on = True
        notes = Notebook()
        outbox = Outbox(now=hour.now, sleep=hour.sleep)
        line = Line(outbox=outbox, memory=notes)
        bot = Bot(telegram.token, base_url=f"{telegram.api_url}/bot", request=Abroad(hour))
        async with bot:
            me = Me(id=bot.id, username=bot.username)
            line.connect(Connected(bot=bot, uploader=bot, me=me))
            posting = Posting(line=line, extends=True, limit_bytes=50_000_000)
            writing = Writing(line=line, receipts=notes)
            chat = TelegramChat(
                line=line,
                files=Files(line=line, local=False),
                posting=posting,
                exposing=Exposing(
                    line=line,
                    posting=posting,
                    writing=writing,
                    covered=lambda _job: False,
                    words=lambda _job: Notice(text=""),
                    extends=True,
                ),
                owners=Owners(line=line, ids=frozenset()),
                writing=writing,
                job=nobodys,
                covered=lambda _job: False,
                limit_bytes=50_000_000,
                pace_s=4.0,
                now=hour.now,
            )
            yield telegram, Crowd(telegram, chat, hour, video)
            await outbox.close()


async def nobodys(_job: str) -> Job | None:
    """No store: nothing here is known beyond what is posted."""
    return None


def demanded(chat: Chat, ready: datetime, sent: Sequence[datetime]) -> datetime:
    """When the chat first takes a reel that is ready then, by what it was sent before."""
    paces = PRIVATE if chat.kind is ChatKind.PRIVATE else GROUP
    return max([ready, *(sent[-pace.many] + pace.within for pace in paces if len(sent) >= pace.many)])


def is_before(call: Call, reel: Call, ready: datetime) -> bool:
    """Whether a reel had to wait for this: what was sent when it was ready, or another reel."""
    return call.at < reel.at and (call.at <= ready or call.method == "sendVideo")


def is_progress(call: Call) -> bool:
    return call.method == "editMessageText" and "Being made" in str(call.arguments.get("text"))


@pytest.mark.timeout(300)
async def test_a_crowd_earns_no_penalty_and_no_reel_is_later_than_its_chat_demands(tmp_path: Path) -> None:
    video = tmp_path / "reel.mp4"
    write_video(video, picture((160, 120)), seconds=1)
    async with crowded(video) as (telegram, crowd):
        requests = crowd.furnish(groups=GROUPS, private=PRIVATE_CHATS)
        await asyncio.gather(*(crowd.serve(one) for one in requests))
        assert telegram.rates.penalties == []
        reels = telegram.calls("sendVideo")
        assert len(reels) == len(requests)
        chats = {one.job: chat_of(one.message.chat) for one in requests}
        told: dict[int, list[Call]] = defaultdict(list)
        for call in telegram.calls("sendMessage", "editMessageText", "sendVideo"):
            told[call.number("chat_id")].append(call)
        for reel in reels:
            job = str(reel.arguments["caption"])
            ready, chat = crowd.ready[job], chats[job]
            before = [one.at for one in told[chat.id] if is_before(one, reel, ready)]
            late = reel.at - demanded(chat, ready, before)
            assert late <= SLACK, f"{job} in {chat} came {late} too late"
        assert sum(map(is_progress, telegram.calls())) > len(requests), "people were told how far it is"
