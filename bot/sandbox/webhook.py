"""Webhooks as fal sends them: the body, the signature, the retries (https://docs.fal.ai/model-endpoints/webhooks).

Signed is request id, user id, timestamp and the SHA-256 of the raw body, one to a line, with Ed25519; the public
key stands at `/.well-known/jwks.json`.
"""

import base64
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.sandbox.calls import Calls
from bot.sandbox.faults import Kind
from bot.sandbox.queue import Submission
from bot.sandbox.settings import SandboxSettings

LATE_S = 90.0
"""How long a `webhook-late` is held back, at speed 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One attempt to deliver a webhook; status 0 means there was no answer."""

    request_id: str
    at: datetime
    status: int


class Signer:
    """The account's key. `seed` is 32 bytes; the same seed is the same key."""

    def __init__(self, seed: bytes, user_id: str) -> None:
        self._seed = seed
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._user_id = user_id

    def of(self, user_id: str) -> "Signer":
        """The same key for another account: fal signs for all of its customers alike."""
        return Signer(self._seed, user_id)

    def jwks(self) -> dict[str, Any]:
        """The public key as a JSON Web Key Set."""
        raw = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        shown = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
        kid = hashlib.sha256(raw).hexdigest()[:16]
        return {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": shown, "kid": kid, "use": "sig", "alg": "EdDSA"}]}

    def headers(self, request_id: str, body: bytes, now: datetime) -> dict[str, str]:
        """The headers that make this body fal's own."""
        stamp = str(int(now.timestamp()))
        message = "\n".join([request_id, self._user_id, stamp, hashlib.sha256(body).hexdigest()])
        return {
            "Content-Type": "application/json",
            "X-Fal-Webhook-Request-Id": request_id,
            "X-Fal-Webhook-User-Id": self._user_id,
            "X-Fal-Webhook-Timestamp": stamp,
            "X-Fal-Webhook-Signature": self._key.sign(message.encode()).hex(),
        }


def body_of(submission: Submission) -> bytes:
    """What the webhook of an ended submission says."""
    answer = submission.answer
    body: dict[str, Any] = {
        "request_id": submission.id,
        "gateway_request_id": submission.id,
        "status": "OK" if answer is not None and answer.ok else "ERROR",
        "payload": answer.payload() if answer is not None else None,
    }
    if submission.error:
        body["error"] = submission.error
    return json.dumps(body, ensure_ascii=False).encode()


class Webhooks:
    """Delivers webhooks, again and again until somebody says 2xx; remembers every attempt."""

    def __init__(
        self,
        signer: Signer,
        settings: SandboxSettings,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
        calls: Calls,
    ) -> None:
        self._signer = signer
        self._settings = settings
        self._now = now
        self._sleep = sleep
        self._calls = calls
        self.deliveries: list[Delivery] = []

    async def deliver(self, submission: Submission) -> None:
        """See the webhook of an ended submission through, with its faults."""
        if not submission.webhook_url or submission.fault(Kind.WEBHOOK_LOST):
            return
        if submission.fault(Kind.WEBHOOK_LATE):
            await self._sleep(LATE_S / self._settings.speed)
        times = 2 if submission.fault(Kind.WEBHOOK_DOUBLED) else 1
        for _ in range(times):
            await self._until_taken(submission)

    async def _until_taken(self, submission: Submission) -> None:
        body = body_of(submission)
        wait_s = self._settings.webhook_first_retry_s
        for attempt in range(self._settings.webhook_retries + 1):
            if attempt:
                await self._sleep(wait_s / self._settings.speed)
                wait_s *= 2
            now = self._now()
            headers = self._signer.headers(submission.id, body, now)
            timeout_s = self._settings.webhook_timeout_s
            status = await self._calls.post(submission.webhook_url, body, headers, timeout_s=timeout_s)
            self.deliveries.append(Delivery(request_id=submission.id, at=now, status=status))
            if 200 <= status < 300:  # noqa: PLR2004 (any 2xx)
                return
