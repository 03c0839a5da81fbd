"""Updates brought to the bot's door: posted one by one, and again until they are taken.

What is refused is set aside for a while and the next one goes first, so that order is nothing to rely on.
https://core.telegram.org/bots/api#setwebhook
"""

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import aiohttp
from yarl import URL

from tests.emulators.bell import Bell
from tests.emulators.clock import Clock
from tests.emulators.telegram.refusals import refuse
from tests.emulators.telegram.updates import Update, Updates

HEADER = "X-Telegram-Bot-Api-Secret-Token"
PORTS = {80, 88, 443, 8443}
LOOPBACK = {"127.0.0.1", "localhost"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """One attempt. `status` is 0 where nobody answered."""

    update: Update
    status: int


class Webhook:
    """`posted` are all attempts in order. While `paused`, only `post` delivers, whatever and in whatever order."""

    def __init__(self, updates: Updates, bell: Bell, clock: Clock, *, anywhere: bool = False) -> None:
        self.secret = ""
        self.max_connections = 0
        self.posted: list[Posted] = []
        self.paused = False
        self.retry_s = 0.05
        """How long a refused update waits, by the machine's time."""
        self.proxied: dict[str, str] = {}
        """What a reverse proxy would do: the beginning of a public address, and what stands for it on loopback."""
        self.error = ""
        self.error_at: datetime | None = None
        self._anywhere = anywhere
        self._updates = updates
        self._bell = bell
        self._clock = clock
        self._aside: dict[int, float] = {}
        self._running: asyncio.Task[None] | None = None

    def set(self, url: str, secret: str, max_connections: int) -> None:
        """From now on updates go there.

        Raises:
            Refusal: The address is none Telegram goes to. On loopback a plain one stands for what a proxy would do.
        """
        target = URL(url)
        if target.host not in LOOPBACK and not self._anywhere:
            if target.scheme != "https":
                raise refuse("bad webhook: An HTTPS URL must be provided for webhook")
            if target.port not in PORTS:
                raise refuse("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
        self._updates.end("terminated by setWebhook request")
        self._updates.webhook_url = url
        self.secret, self.max_connections = secret, max_connections
        self.error, self.error_at = "", None
        self._aside.clear()
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        self._bell.ring()

    def delete(self) -> None:
        """Updates wait for a poll again."""
        self._updates.webhook_url = ""
        self.secret, self.max_connections = "", 0

    async def shut(self) -> None:
        """Nothing goes out any more."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def post(self, update: Update) -> int:
        """Deliver one now, pending or not; the status it was answered with, 0 when nobody was there."""
        url = self._updates.webhook_url
        for public, private in self.proxied.items():
            url = private + url.removeprefix(public) if url.startswith(public) else url
        headers = {HEADER: self.secret} if self.secret else {}
        status, reason = 0, "Connection refused"
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            timeout = aiohttp.ClientTimeout(total=30)
            async with (
                aiohttp.ClientSession(timeout=timeout) as http,
                http.post(url, json=update.body(), headers=headers) as answer,
            ):
                status, reason = answer.status, f"{answer.status} {answer.reason}"
        self.posted.append(Posted(update=update, status=status))
        if 200 <= status < 300:
            self._updates.pending = [one for one in self._updates.pending if one is not update]
        else:
            self.error, self.error_at = f"Wrong response from the webhook: {reason}", self._clock.now()
            self._aside[id(update)] = asyncio.get_running_loop().time() + self.retry_s
        self._bell.ring()
        return status

    async def _run(self) -> None:
        while True:
            ready = next(self._ready(), None)
            if ready is not None:
                await self.post(ready)
            else:
                await self._wait()

    async def _wait(self) -> None:
        """Until something is pending, or something that was set aside has waited long enough."""
        now = asyncio.get_running_loop().time()
        soonest = min((at for at in self._aside.values() if at > now), default=now + 60)
        with contextlib.suppress(TimeoutError):
            await self._bell.until(lambda: next(self._ready(), None), soonest - now)

    def _ready(self) -> Iterator[Update]:
        now = asyncio.get_running_loop().time()
        if self._updates.webhook_url and not self.paused:
            yield from (one for one in self._updates.pending if self._aside.get(id(one), 0) <= now)
