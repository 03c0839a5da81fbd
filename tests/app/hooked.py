"""fal's calls on real sockets: the sandbox in fal's place, our listener with the hook, and the pipeline behind it.

Everybody shows one clock, that of the sandbox, where waiting is free. A test lets the Jobs advance by hand.
"""

import json
import os
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from bot.app.webhooks import HOOK, FalHook, Webhooks
from bot.domain.job import Job, Ticket
from bot.domain.quota import Policy
from bot.fal.caller import Caller, FalKeys
from bot.fal.hosts import FalHosts
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.webhook import Signer
from bot.web.listener import Listener, Opening, open_port
from bot.web.session import Sessions
from bot.web.site import HOOKS_PATH, Site, guarded, local_hosts
from tests.pipeline.world import FREE, Setting, World, world
from tests.sandbox.harness import EagerClock, Local, a_sandbox, catalogue, running

VIDEO = "/video a paper boat --model pixverse-4.5 --resolution 360p"
ACCOUNT = "sandbox"
"""The account the sandbox signs for."""

SECRET, OLD = b"the secret of this test", b"the secret before it"
BODY_BYTES = 20_000
RETENTION_S = 30 * 86_400.0
"""fal keeps results for a month where the account stores payloads, which is the default."""


@dataclass(slots=True, kw_only=True)
class Hooked:
    """A pipeline that fal calls. `url` is where the listener is."""

    here: World
    local: Local
    clock: EagerClock
    url: str
    webhooks: Webhooks
    outcomes: list[str] = field(default_factory=list)

    @property
    def calls(self) -> dict[str, int]:
        """How often the sandbox was asked for what."""
        return dict(self.local.sandbox.counted)

    @property
    def deliveries(self) -> list[int]:
        """What the sandbox was answered when it called."""
        return [one.status for one in self.local.sandbox.webhooks.deliveries]

    def go_on(self, **units: float) -> None:
        """Let time pass."""
        self.clock.moment += timedelta(**units)

    def faults(self, *rules: str) -> None:
        """Make something go wrong from now on."""
        for rule in rules:
            self.local.sandbox.faults.add(rule)

    async def sent(self, text: str = VIDEO, **more: Any) -> Job:
        """A Job after its submit."""
        job = await self.here.admitted(text, **more)
        await self.here.submit.advance(job)
        return await self.here.job(job.id)

    async def called(self, count: int = 1) -> None:
        """Until the sandbox has called so often."""
        while len(self.deliveries) < count:
            await self.local.http.get("/sandbox/requests")

    async def ended(self, count: int = 1) -> None:
        """Until so many requests have ended at the sandbox."""
        while sum(one.answer is not None for one in self.local.sandbox.queue.everything()) < count:
            await self.local.sandbox.changes.wait()

    def path(self, job_id: str, *, secret: bytes = SECRET) -> str:
        """The path of a Job's webhook."""
        return Webhooks("", [secret]).url(job_id)

    def signed(
        self,
        request_id: str,
        *,
        signer: Signer | None = None,
        account: str = ACCOUNT,
        age_s: float = 0,
        body: bytes | None = None,
    ) -> tuple[dict[str, str], bytes]:
        """A call as fal would make it, unless told otherwise."""
        content = json.dumps({"request_id": request_id, "status": "OK", "payload": None}).encode()
        body = content if body is None else body
        at = self.clock.moment - timedelta(seconds=age_s)
        return (signer or self.local.sandbox.signer).of(account).headers(request_id, body, at), body

    async def post(self, path: str, headers: dict[str, str], body: bytes, *, method: str = "POST") -> int:
        """One call from outside, under the name of the proxy in front of us."""
        async with httpx.AsyncClient(base_url=self.url, trust_env=False) as client:
            answer = await client.request(
                method, path, content=body, headers={**headers, "host": "bot.example.org"}, timeout=20
            )
        return answer.status_code

    async def call(self, job_id: str, request_id: str, **more: Any) -> int:
        """fal calls about a Job."""
        headers, body = self.signed(request_id, **more)
        return await self.post(self.path(job_id), headers, body)


def ticket_of(job: Job) -> Ticket:
    """The Ticket of a Job that has one."""
    assert job.ticket is not None
    return job.ticket


@asynccontextmanager
async def hooked(
    folder: Path,
    pool: Executor,
    *,
    secrets: Sequence[bytes] = (SECRET, OLD),
    user_id: str = ACCOUNT,
    policy: Policy = FREE,
) -> AsyncIterator[Hooked]:
    """The pipeline, the sandbox and the listener."""
    clock = EagerClock()
    port = open_port("127.0.0.1", 0)
    number = port.getsockname()[1]
    url = f"http://127.0.0.1:{number}"
    webhooks = Webhooks(url, secrets)
    account = SandboxSettings(user_id=ACCOUNT, result_retention_s=RETENTION_S)
    async with running(a_sandbox(account, clock=clock, pool=pool)) as local:
        fal = local.url
        hosts = FalHosts(queue_url=fal, rest_url=fal, cdn_url=fal, api_url=fal, site_url=fal)
        setting = Setting(catalogue=catalogue(), hosts=hosts, now=clock.now, webhook_url=webhooks.url, policy=policy)
        async with world(folder, setting) as here:
            made = Hooked(here=here, local=local, clock=clock, url=url, webhooks=webhooks)
            listener = Listener([Opening(socket=port, app=guarded(_site(made, number, user_id)))], before_stop=_nothing)
            await listener.start()
            try:
                yield made
            finally:
                await listener.stop()


def _site(made: Hooked, port: int, user_id: str) -> Site:
    caller = Caller(
        keys=FalKeys(made.here.client.jwks, now=made.clock.now),
        url_keys=made.webhooks.keys,
        user_id=user_id or None,
        now=made.clock.now,
    )
    return Site(
        routes=[],
        sessions=Sessions(secrets=[SECRET], now=made.clock.now, entropy=os.urandom),
        hosts=local_hosts(port),
        base_url=made.url,
        lobby=b"",
        limits={f"{HOOKS_PATH}{HOOK}": BODY_BYTES},
        hooks={HOOK: FalHook(caller, made.here.watch, user_id=user_id, counted=made.outcomes.append)},
    )


def _nothing() -> None:
    return
