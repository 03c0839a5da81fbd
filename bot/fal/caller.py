"""Who calls our webhook, with what `bot.fal.webhook` needs and cannot keep: fal's keys, and what was said before.

The keys are fetched when a call needs them, kept a day at most, and asked for once a minute at most whatever comes
in, so that forgers cannot make us hammer fal. A call with a wrong URL never gets that far.
"""

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.errors import FalError, WebhookRefused
from bot.fal.webhook import FRESH_S, JWKS_LIFETIME_S, WebhookCall, read_webhook_path, verify

log = logging.getLogger(__name__)

ONCE_IN = timedelta(minutes=1)
FETCH_S = 8.0
"""fal waits fifteen seconds for our answer (https://fal.ai/docs/documentation/model-apis/inference/webhooks)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """A call that is fal's, about a Job of ours. `is_echo`: it has been taken before."""

    job: str
    call: WebhookCall
    is_echo: bool = False


class FalKeys:
    """The public keys of fal's webhooks. `fetch` raises FalError."""

    def __init__(self, fetch: Callable[[], Awaitable[tuple[bytes, ...]]], *, now: Callable[[], datetime]) -> None:
        self._fetch = fetch
        self._now = now
        self._keys: tuple[bytes, ...] = ()
        self._fetched_at: datetime | None = None
        self._asked_at: datetime | None = None
        self._asking = asyncio.Lock()

    def known(self) -> tuple[bytes, ...]:
        """Those fetched within a day, or none."""
        age = None if self._fetched_at is None else self._now() - self._fetched_at
        return self._keys if age is not None and age < timedelta(seconds=JWKS_LIFETIME_S) else ()

    async def renewed(self) -> tuple[bytes, ...]:
        """The keys as fal has them now, unless it was asked within the last minute; those known when it is away."""
        async with self._asking:  # who waits here finds that it has just been asked
            if self._asked_at is None or self._now() - self._asked_at >= ONCE_IN:
                self._asked_at = self._now()
                await self._ask()
        return self.known()

    async def _ask(self) -> None:
        try:
            async with asyncio.timeout(FETCH_S):
                self._keys = await self._fetch()
        except (FalError, TimeoutError) as error:
            log.warning("fal's webhook keys cannot be had", extra={"error": str(error) or type(error).__name__})
        else:
            self._fetched_at = self._now()


class Caller:
    """Proves calls. `url_keys` sign the URLs: the present key first, then, while rotating, the previous one.

    `user_id` is our account at fal, None while it is not known.
    """

    def __init__(
        self, *, keys: FalKeys, url_keys: Sequence[bytes], user_id: str | None, now: Callable[[], datetime]
    ) -> None:
        self._keys = keys
        self._url_keys = tuple(url_keys)
        self._user_id = user_id
        self._now = now
        self._taken: dict[bytes, datetime] = {}

    async def proved(self, path: str, headers: Mapping[str, str], body: bytes) -> Proved:
        """Who calls, about what. Raises WebhookRefused, with the words of `bot.fal.webhook`."""
        job = read_webhook_path(path, self._url_keys)
        try:
            call = self._verified(headers, body, self._keys.known())
        except WebhookRefused as refused:
            if refused.reason not in {"no_keys", "bad_signature"}:
                raise
            call = self._verified(headers, body, await self._keys.renewed())
        return Proved(job=job, call=call, is_echo=call.digest in self._taken)

    def taken(self, proved: Proved) -> None:
        """Remember a call that was acted on, for as long as it could be believed again."""
        now = self._now()
        for digest in list(itertools.takewhile(lambda one: self._taken[one] < now, self._taken)):
            del self._taken[digest]
        self._taken[proved.call.digest] = proved.call.sent_at + timedelta(seconds=FRESH_S)

    def _verified(self, headers: Mapping[str, str], body: bytes, keys: Sequence[bytes]) -> WebhookCall:
        return verify(headers, body, keys, self._now(), user_id=self._user_id)
