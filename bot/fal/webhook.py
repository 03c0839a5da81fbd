"""Who may tell us that a request is done: fal, signed and fresh, for our own account, at a URL that we made.

Even then a call is only a hint to look with our own key; nothing in its body is believed.
Signature: https://fal.ai/docs/documentation/model-apis/inference/webhooks.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bot.domain.errors import FalUnavailable, WebhookRefused
from bot.fal.exchange import Request, Response, items, mapping, text
from bot.fal.failures import failure
from bot.fal.hosts import REQUEST_ID, FalHosts

WEBHOOK_PATH = "/hooks/fal"
FRESH_S = 300
JWKS_LIFETIME_S = 24 * 3_600
"""How long the keys may be kept, by fal's documentation."""

_PATH = re.compile(rf"(?:/[^?#]*)?{WEBHOOK_PATH}/(?P<job>[A-Za-z0-9_-]{{1,64}})/(?P<mac>[0-9a-f]{{64}})")
_STAMP = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookCall:
    """A call that is fal's. `request_id` is the Ticket's; `user_id` is the fal account that submitted.

    `digest` is the same for the same call, however its signature is written; `sent_at` is what it says of itself.
    """

    request_id: str
    user_id: str
    digest: bytes
    sent_at: datetime
    is_ok: bool = True


def verify(
    headers: Mapping[str, str], body: bytes, jwks: Sequence[bytes], now: datetime, *, user_id: str | None
) -> WebhookCall:
    """Check a call and say which request it is about.

    `headers` have lower-cased names; `body` is what came over the wire, unparsed; `jwks` are the keys of `read_jwks`.
    `user_id` is our own account at fal, since fal signs calls for all of its customers alike; while it is not known
    (None) any account passes, and the HMAC in the URL alone ties the call to us.

    Raises:
        WebhookRefused: missing_header, stale, other_account, no_keys, bad_signature, bad_request_id.
    """
    names = ("request-id", "user-id", "timestamp", "signature")
    request_id, user, stamp, signature = (headers.get(f"x-fal-webhook-{name}", "") for name in names)
    if not (request_id and user and signature and _STAMP.fullmatch(stamp)):
        raise WebhookRefused("missing_header")
    if abs(now.timestamp() - int(stamp)) > FRESH_S:
        raise WebhookRefused("stale")
    if user_id is not None and not hmac.compare_digest(user.encode("utf-8", "replace"), user_id.encode()):
        raise WebhookRefused("other_account")
    if not jwks:
        raise WebhookRefused("no_keys")
    signed = "\n".join((request_id, user, stamp, hashlib.sha256(body).hexdigest())).encode("utf-8", "replace")
    if not _is_signed(signed, signature, jwks):
        raise WebhookRefused("bad_signature")
    said = mapping(Response(status=200, body=body).json())
    named = text(said.get("request_id"), limit=129) or request_id
    if not REQUEST_ID.fullmatch(named):
        raise WebhookRefused("bad_request_id")
    return WebhookCall(
        request_id=named,
        user_id=user,
        digest=hashlib.sha256(signed).digest(),
        sent_at=datetime.fromtimestamp(int(stamp), UTC),
        is_ok=text(said.get("status")) != "ERROR",
    )


def jwks_request(hosts: FalHosts) -> Request:
    """Ask for the public keys of fal's webhooks; the key is not needed and not sent."""
    return Request(method="GET", url=f"{hosts.rest_url}/.well-known/jwks.json", keyed=False)


def read_jwks(response: Response) -> tuple[bytes, ...]:
    """The Ed25519 public keys, 32 bytes each; others are skipped. Raises FalUnavailable when there are none."""
    found = (_public_key(mapping(one)) for one in items(mapping(response.json()).get("keys")))
    keys = tuple(key for key in found if key)
    if not response.is_success or not keys:
        raise failure(FalUnavailable, response, "unreadable_answer" if response.is_success else "")
    return keys


def webhook_url(base_url: str, job_id: str, key: bytes) -> str:
    """The URL that fal shall call for one Job; it names the Job and proves that we made it."""
    return f"{base_url.rstrip('/')}{WEBHOOK_PATH}/{job_id}/{_mac(job_id, key)}"


def read_webhook_path(path: str, keys: Sequence[bytes]) -> str:
    """The Job that a called path names. `keys`: the present one and, while rotating, the previous one.

    Raises:
        WebhookRefused: "wrong_path": not ours, or its HMAC is of none of the keys.
    """
    match = _PATH.fullmatch(path)
    if match is None or not any(hmac.compare_digest(match["mac"], _mac(match["job"], key)) for key in keys):
        raise WebhookRefused("wrong_path")
    return match["job"]


def _mac(job_id: str, key: bytes) -> str:
    return hmac.new(key, b"fal webhook\n" + job_id.encode(), hashlib.sha256).hexdigest()


def _is_signed(message: bytes, signature: str, jwks: Sequence[bytes]) -> bool:
    try:
        raw = bytes.fromhex(signature)
    except ValueError:
        return False
    return any(_fits(key, raw, message) for key in jwks)


def _fits(key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _public_key(jwk: Mapping[str, object]) -> bytes:
    if jwk.get("kty", "OKP") != "OKP" or jwk.get("crv", "Ed25519") != "Ed25519":
        return b""
    encoded = text(jwk.get("x"), limit=64)
    try:
        key = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
    except (ValueError, binascii.Error):
        return b""
    return key if len(key) == 32 else b""  # noqa: PLR2004  # RFC 8032
