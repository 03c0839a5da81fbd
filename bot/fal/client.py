"""fal over httpx: each method sends what `protocol.py` and its neighbours built and returns what they read.

No method repeats anything; whoever asks decides when to ask again.
"""

import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from typing_extensions import override

from bot.domain.errors import FalError
from bot.domain.job import HistoryEntry, QueueStatus, Result, Ticket
from bot.fal import platform_api, protocol, webhook
from bot.fal.failures import Fault, not_answered, not_sent
from bot.fal.files import Storage
from bot.fal.hosts import FalHosts
from bot.fal.platform_api import ListedModel, UnitPrice
from bot.fal.sender import Sender
from bot.ports.vitals import Vital

_MOST_PAGES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait: for a connection, between two bytes, and for one whole exchange of each kind."""

    connect_s: float = 10.0
    idle_s: float = 30.0
    submit_s: float = 90.0
    question_s: float = 60.0
    transfer_s: float = 900.0

    def timeouts(self, total_s: float) -> httpx.Timeout:
        """Within one exchange: what comes before sending ends, provably unsent, before the whole does."""
        most_s = total_s / 4  # waiting for a place, for TCP and for TLS
        return httpx.Timeout(self.idle_s, connect=min(self.connect_s, most_s), pool=min(self.idle_s, most_s))


class FalClient:
    """fal's queue, storage and platform, as `bot.ports.queue` wants them. Raises FalError's subclasses only.

    Three pools of connections: submits never reuse one, so that a stale connection cannot leave a submit in doubt;
    questions share at most eight, beyond which httpx slows down; uploads do not keep questions waiting.
    `proxy` is the URL of an HTTP proxy, if fal is to be reached through one; `ssl_context` replaces the public
    authorities; `transport` replaces the network; `vital` is told how fal is. `outputs_lifetime_s`: after how long
    fal shall delete what its models made for us (None: its own default).
    """

    def __init__(
        self,
        hosts: FalHosts,
        key: str,
        *,
        now: Callable[[], datetime],
        version: str = "dev",
        patience: Patience | None = None,
        outputs_lifetime_s: int | None = None,
        proxy: str | None = None,
        ssl_context: ssl.SSLContext | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        vital: Vital | None = None,
    ) -> None:
        self._hosts = hosts
        self._outputs_lifetime_s = outputs_lifetime_s
        patience = patience or Patience()
        authorities = ssl_context or httpx.create_ssl_context(trust_env=False)

        def sender(limits: httpx.Limits, total_s: float, unanswered: Callable[[Fault, str], FalError]) -> Sender:
            http = httpx.AsyncClient(
                headers={"user-agent": f"reelroom/{version}"},
                timeout=patience.timeouts(total_s),
                limits=limits,
                verify=authorities,
                proxy=proxy,
                transport=transport,
                trust_env=False,
                follow_redirects=False,
            )
            return Sender(http, hosts=hosts, key=key, total_s=total_s, unanswered=unanswered, vital=vital)

        once = httpx.Limits(max_connections=40, max_keepalive_connections=0)
        few = httpx.Limits(max_connections=8, max_keepalive_connections=8)
        self._submits = sender(once, patience.submit_s, not_sent)
        self._questions = sender(few, patience.question_s, not_answered)
        self._transfers = sender(few, patience.transfer_s, not_answered)
        self._storage = Storage(self._transfers, hosts=hosts, now=now)

    @override
    def __repr__(self) -> str:
        return f"FalClient({self._hosts.queue_url})"

    async def submit(self, endpoint_id: str, arguments: Mapping[str, object], webhook_url: str | None) -> Ticket:
        """Submit, once. Raises FalNotTaken, FalLocked, FalRejected, FalUncertain (see `protocol.read_submit`)."""
        request = protocol.submit_request(
            self._hosts, endpoint_id, arguments, webhook_url, lifetime_s=self._outputs_lifetime_s
        )
        return protocol.read_submit(await self._submits.send(request), hosts=self._hosts, endpoint_id=endpoint_id)

    def ticket(self, endpoint_id: str, request_id: str) -> Ticket:
        """The Ticket of a request whose id came from a webhook or the history instead of from `submit`."""
        return self._hosts.ticket(endpoint_id, request_id)

    async def status(self, ticket: Ticket) -> QueueStatus:
        """Where the request is. Raises FalMissing, FalLocked, FalUnavailable."""
        return protocol.read_status(await self._questions.send(protocol.status_request(self._hosts, ticket)))

    async def result(self, ticket: Ticket) -> Result:
        """The video. Raises FalRejected, FalMissing, FalLocked, FalUnavailable (see `protocol.read_result`)."""
        return protocol.read_result(await self._questions.send(protocol.result_request(self._hosts, ticket)))

    async def cancel(self, ticket: Ticket) -> None:
        """Say that it is not wanted any more; only a later status says what came of it. Raises as `status`."""
        protocol.read_cancel(await self._questions.send(protocol.cancel_request(self._hosts, ticket)))

    async def history(self, endpoint_id: str, *, start: datetime, end: datetime) -> Sequence[HistoryEntry]:
        """The account's requests to an endpoint in a window, at most 2,000. Raises FalLocked, FalUnavailable."""
        entries: list[HistoryEntry] = []
        cursor = ""
        for _ in range(_MOST_PAGES):
            request = platform_api.history_request(self._hosts, endpoint_id, start=start, end=end, cursor=cursor)
            page = platform_api.read_history(await self._questions.send(request))
            entries.extend(page.entries)
            if not page.next_cursor or page.next_cursor == cursor:
                break
            cursor = page.next_cursor
        return tuple(entries)

    async def forget(self, request_id: str) -> None:
        """Have it delete what a request was sent and what came of it. Raises FalLocked, FalUnavailable."""
        request = platform_api.forget_request(self._hosts, request_id)
        platform_api.read_forgotten(await self._questions.send(request))

    async def upload(self, path: Path, *, content_type: str, name: str, lifetime_s: int) -> str:
        """Store a file at fal and return its URL. Raises FalRejected, FalLocked, FalUnavailable."""
        return await self._storage.upload(path, content_type=content_type, name=name, lifetime_s=lifetime_s)

    async def jwks(self) -> tuple[bytes, ...]:
        """The public keys that `webhook.verify` takes; to be kept a day at most. Raises FalUnavailable."""
        return webhook.read_jwks(await self._questions.send(webhook.jwks_request(self._hosts)))

    async def openapi(self, endpoint_id: str) -> Mapping[str, Any]:
        """An endpoint's OpenAPI document. Raises FalMissing, FalUnavailable."""
        return platform_api.read_openapi(
            await self._questions.send(platform_api.openapi_request(self._hosts, endpoint_id))
        )

    async def pricing(self, endpoint_ids: Sequence[str]) -> tuple[UnitPrice, ...]:
        """What endpoints cost, any number of them; it also proves the key. Raises FalLocked, FalUnavailable."""
        prices: list[UnitPrice] = []
        for ids in _batches(endpoint_ids):
            request = platform_api.pricing_request(self._hosts, ids)
            prices.extend(platform_api.read_pricing(await self._questions.send(request)))
        return tuple(prices)

    async def models(self, endpoint_ids: Sequence[str]) -> tuple[ListedModel, ...]:
        """What fal lists of these endpoints, any number of them. Raises FalLocked, FalUnavailable."""
        models: list[ListedModel] = []
        for ids in _batches(endpoint_ids):
            request = platform_api.models_request(self._hosts, ids)
            models.extend(platform_api.read_models(await self._questions.send(request)))
        return tuple(models)

    async def close(self) -> None:
        """Close every connection."""
        for sender in (self._submits, self._questions, self._transfers):
            await sender.close()


def _batches(endpoint_ids: Sequence[str]) -> list[Sequence[str]]:
    most = platform_api.MOST_IDS
    return [endpoint_ids[start : start + most] for start in range(0, len(endpoint_ids), most)]
