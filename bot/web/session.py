"""Who may look at the pages: one-time login links, and signed session cookies.

Both are `<payload>.<mac>` in URL-safe base64; their keys are derived from the program's secret, one per purpose
(HKDF, RFC 5869), so that a link can never pass as a session. What is signed carries its own end.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

Now = Callable[[], datetime]
Entropy = Callable[[int], bytes]

KEY_BYTES = 32
NONCE_BYTES = 16
_TIME_BYTES = 8


def derived(secret: bytes, purpose: str) -> bytes:
    """The key for one purpose; knowing it tells nothing about the secret or the other keys."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"reelroom/{purpose}".encode()).derive(secret)


class Seal:
    """Signs payloads for one purpose with the first secret, and believes every one (the old one, while rotating)."""

    def __init__(self, secrets: Sequence[bytes], purpose: str) -> None:
        self._keys = [derived(secret, purpose) for secret in secrets]

    def close(self, payload: bytes) -> str:
        """The payload with its signature, fit for a URL and a cookie."""
        return f"{_text(payload)}.{_text(hmac.digest(self._keys[0], payload, sha256))}"

    def open(self, sealed: str) -> bytes | None:
        """The payload, None when it was not sealed by us for this purpose."""
        payload, dot, mac = sealed.partition(".")
        try:
            signed, given = _bytes(payload), _bytes(mac)
        except (NotBase64, ValueError):
            return None
        # every key is tried, so that the time taken says nothing about which one fits
        fits = [hmac.compare_digest(hmac.digest(key, signed, sha256), given) for key in self._keys]
        return signed if dot and any(fits) else None


class Sessions:
    """Issues and checks links and cookies.

    A link is good once, for `link_life`, and only in the process that issued it or one that was already running
    then: what an earlier process saw used cannot be used again after a restart.
    """

    def __init__(
        self,
        *,
        secrets: Sequence[bytes],
        now: Now,
        entropy: Entropy,
        link_life: timedelta = timedelta(minutes=10),
        session_life: timedelta = timedelta(days=30),
    ) -> None:
        self._links = Seal(secrets, "login-link")
        self._cookies = Seal(secrets, "session")
        self.now = now
        self._entropy = entropy
        self._link_life = link_life
        self.session_life = session_life
        self._started_at = millis(now())
        self._used: dict[bytes, int] = {}

    def link(self) -> str:
        """A new one-time key for the login page."""
        return self._links.close(self._payload(self._link_life))

    def use_link(self, key: str) -> bool:
        """Whether this link is ours, not over and not used before; from now on it is used."""
        payload = self._links.open(key)
        now = millis(self.now())
        self._used = {used: until for used, until in self._used.items() if until > now}
        if payload is None:
            return False
        issued, until = _times(payload)
        if issued < self._started_at or until <= now or payload in self._used:
            return False
        self._used[payload] = until
        return True

    def cookie(self) -> str:
        """A new session's cookie value."""
        return self._cookies.close(self._payload(self.session_life))

    def knows(self, cookie: str) -> bool:
        """Whether this cookie is a session of ours that is not over."""
        payload = self._cookies.open(cookie)
        return payload is not None and _times(payload)[1] > millis(self.now())

    def _payload(self, life: timedelta) -> bytes:
        now = self.now()
        times = (millis(now), millis(now + life))
        return b"".join(at.to_bytes(_TIME_BYTES) for at in times) + self._entropy(NONCE_BYTES)


def _times(payload: bytes) -> tuple[int, int]:
    return int.from_bytes(payload[:_TIME_BYTES]), int.from_bytes(payload[_TIME_BYTES : 2 * _TIME_BYTES])


def millis(at: datetime) -> int:
    """A moment in whole milliseconds since 1970."""
    return int(at.timestamp() * 1000)


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
