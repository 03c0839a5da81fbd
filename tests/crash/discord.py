"""Discord as the platform: the emulator on a loopback port, and the executioner before each of its routes.

Its clock stands still while a program lives, so that no answer is late because the machine is busy; after each death
it moves beyond the few minutes for which Discord knows a nonce, so that only looking can tell what stands.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from pydantic import SecretStr

from bot.domain.ask import Wish
from bot.domain.job import State as JobState
from bot.domain.wish import read
from bot.settings.bot import DiscordSection
from bot.settings.endpoints import load_catalogue
from bot.store.codec import ASK
from bot.store.database import Row
from tests.crash.child import ROOT
from tests.crash.doom import Doom, When
from tests.crash.executioner import Executioner
from tests.crash.platform import Platform, Seen, Setting, unless
from tests.crash.rest import Onlooker
from tests.crash.room import PICTURE
from tests.crash.scenario import EFFECT, Scenario
from tests.emulators.discord.asking import NotOffered
from tests.emulators.discord.emulator import Discord, emulated
from tests.emulators.discord.rest import PREFIX, dropped
from tests.emulators.discord.seen import Exchange
from tests.emulators.discord.things import Message

FORGOTTEN_S = 301.0
"""After so long Discord knows no nonce any more; a token survives two such deaths."""

SOON_S = 2.0

PATIENCE_S = 30.0


class OnDiscord:
    """Fits `platform.Platform`: Ada, in a channel of a server."""

    decisive = frozenset({"discord ack", "discord answer", "discord thread", "discord reel"})
    posted = Doom(when=When.ANSWERED, what="discord reel")

    def __init__(self, scenario: Scenario, discord: Discord) -> None:
        self._scenario = scenario
        self.discord = discord
        self._channel = discord.text(discord.guild("Reel lovers"), "general")
        self._ada = discord.person("Ada", at=self._channel)
        self._asked: dict[int, Exchange] = {}
        self._pressed: Exchange | None = None

    @property
    def told(self) -> Mapping[str, object]:
        """Where it is, and how to be let in."""
        where = DiscordSection(
            api_url=self.discord.api_url,
            gateway_url=self.discord.gateway_url,
            cdn_url=self.discord.cdn_url,
            guild_ready_s=0.05,
            edit_every_s=0.2,
        )
        return {"discord": where, "discord_token": SecretStr(self.discord.token)}

    def wants(self, scenario: Scenario) -> None:
        """The person wants more."""
        self._scenario = scenario

    async def ask(self, number: int) -> None:
        """By the command of the ask's first word."""
        await self._ask(number)

    async def live_with(self, onlooker: Onlooker) -> None:
        """Whoever was not answered looks whether the program comes back to it, and only else asks again."""
        await self.discord.until(self.discord.gateway.connected, PATIENCE_S, "the program's session")
        numbers = range(len(self._scenario.asks))
        unheard = [number for number in numbers if not await self._was_heard(number, onlooker)]
        await asyncio.gather(*(self._ask(number) for number in unheard))
        if self._scenario.cancels and not _is_answered(self._pressed):
            await onlooker.until(lambda: onlooker.is_at_fal() and bool(self._with_button("Cancel")))
            await self._cancel()
        await onlooker.until()

    def after_death(self) -> None:
        """Minutes pass, or seconds; nobody answers what was not answered yet."""
        self.discord.clock.advance(SOON_S if self._scenario.soon else FORGOTTEN_S)

    async def seen(self, jobs: Sequence[Row], /) -> Seen:
        """Every message of the bot, wherever it stands."""
        events = {ASK.validate_json(row["ask"]).event_id: row["id"] for row in jobs}
        answers = {
            one.interaction.original.id: events.get(str(one.interaction.id), "nobody")
            for one in self._asked.values()
            if one.interaction.original
        }
        said = [one for one in self._said() if not _reel(one)]
        reels = [one for one in self._said() if _reel(one)]
        statuses = Counter(answers.get(one.id) or _of_nonce(one) for one in said if one.channel is self._channel)
        return Seen(
            reels=Counter(_reel(one) for one in reels),
            statuses=statuses,
            amiss=(*self._amiss(jobs, reels, said), *self.discord.judge.complaints),
        )

    def _amiss(self, jobs: Sequence[Row], reels: list[Message], said: list[Message]) -> Iterator[str]:
        known = {row["id"] for row in jobs}
        for reel in reels:
            home = reel.channel
            yield from unless(home.is_thread and home.parent is self._channel, f"a reel in {home.name or home.type}")
            yield from unless(self._ada.user in reel.pinged, "a reel of which nobody was told")
        threads = self.discord.world.threads(self._channel)
        yield from unless(len(threads) <= len(known), f"{len(threads)} threads of {len(known)} jobs")
        done = [row for row in jobs if row["state"] == JobState.DELIVERED]
        told = [one for one in said if "Here it is" in one.content]
        yield from unless(len(told) == len(done), f"{len(told)} status messages say that it is done, of {len(done)}")
        if self._scenario.refused:
            whispers = [one for each in self._asked.values() for one in each.follow_ups]
            direct = self._ada.sees(self.discord.direct(self._ada.user))
            yield from unless(whispers or direct, "nobody was told of the refusal")
            yield from unless(all(one.ephemeral for one in whispers), "a refusal that everybody reads")
            yield from unless(not [one for one in said if one.channel is self._channel], "a placeholder still stands")

    def _said(self) -> list[Message]:
        """What the bot said for all to see, and what it wrote to people privately."""
        everything = [one for where in self.discord.world.channels.values() for one in where.messages.values()]
        return [one for one in everything if one.author.bot and not one.deleted and not one.ephemeral]

    async def _was_heard(self, number: int, onlooker: Onlooker) -> bool:
        asked = self._asked.get(number)
        return asked is not None and (_is_answered(asked) or await onlooker.heard(str(asked.interaction.id)))

    async def _ask(self, number: int) -> None:
        text = self._scenario.asks[number]
        wish = read(text, load_catalogue(ROOT / "config" / "endpoints")).wish
        picture = {"image": PICTURE.read_bytes()} if self._scenario.picture and text == EFFECT else {}
        sent = self._ada.slash(wish.command, **self._options(wish), **picture)
        self._asked[number] = sent
        await sent

    def _options(self, wish: Wish) -> dict[str, Any]:
        """What has an option of its own goes there, the rest into `more`."""
        commands = self.discord.application.commands[None]
        (command,) = [one for one in commands if one["name"] == wish.command]
        offered = {one["name"] for one in command["options"]}
        typed = {**wish.options, **({"model": wish.model} if wish.model else {})}
        more = " ".join(f"{name}={value}" for name, value in typed.items() if name not in offered)
        return {**{name: value for name, value in typed.items() if name in offered}, **({"more": more} if more else {})}

    def _with_button(self, label: str) -> list[Message]:
        return [one for one in self._said() if label in one.buttons]

    async def _cancel(self) -> None:
        """That the moment has passed is an answer too."""
        for status in self._with_button("Cancel"):
            try:
                self._pressed = self._ada.press(status, "Cancel")
            except NotOffered:
                continue
            await self.discord.until(lambda: _is_answered(self._pressed), PATIENCE_S, "an answer to Cancel")


def _is_answered(exchange: Exchange | None) -> bool:
    return exchange is not None and exchange.interaction.callback is not None


def _reel(message: Message) -> str:
    """The Job whose reel a message holds, "" when it holds none."""
    names = [one.filename for one in message.attachments]
    return next((name[len("reel-") : -len(".mp4")] for name in names if name.startswith("reel-")), "")


def _of_nonce(message: Message) -> str:
    """The Job of a status message that was posted anew, since the interaction had no answer to write it into."""
    return str(message.nonce or "").removeprefix("s") or f"nobody ({message.content!r})"


CALLS: Sequence[tuple[str, str, str]] = (
    ("POST", "/interactions/", "ack"),
    ("PATCH", "/webhooks/", "answer"),
    ("DELETE", "/webhooks/", "withdrawal"),
    ("POST", "/webhooks/", "whisper"),
    ("GET", "/channels/", "look"),
    ("PATCH", "/channels/", "edit"),
    ("GET", "/cdn/", "file"),
    ("PUT", "/applications/", "commands"),
    ("GET", "/users/", "login"),
    ("GET", "/oauth2/", "application"),
    ("POST", "/users/", "direct"),
)
"""Method, beginning of the path, and what it is for."""


def call_name(method: str, path: str, content_type: str) -> str:
    """What a call is about, in a word after Discord's name; fal's have names of their own."""
    path = path.removeprefix(PREFIX)
    if method == "POST" and path.startswith("/channels/"):
        word = "thread" if path.endswith("/threads") else "reel" if content_type.startswith("multipart/") else "words"
    else:
        found = (word for verb, start, word in CALLS if verb == method and path.startswith(start))
        word = next(found, f"{method} {path}")
    return f"discord {word}"


def guarded(executioner: Executioner) -> Any:
    """A middleware that lets the executioner have every call but the gateway's."""

    @web.middleware
    async def door(request: web.Request, handler: Any) -> web.StreamResponse:
        answer: web.StreamResponse
        if request.path.startswith("/gateway"):
            answer = await handler(request)
            return answer
        name = call_name(request.method, request.path, request.content_type)
        if await executioner.strikes(When.UNHEARD, name):
            return dropped(request)
        answer = await handler(request)
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
    async with emulated(strict=False, guard=guarded(setting.executioner)) as discord:
        yield OnDiscord(setting.scenario, discord)
