"""Who may look at the console: one-time links and sessions that carry a badge, and tokens that forms carry back.

Each is sealed with a key of its own, and none of them with a key of the Room's: neither is a way to the other. What
a badge says is signed, so that a viewer's session cannot be turned into an owner's.
"""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from bot.domain.ask import Account
from bot.domain.badge import Badge, Rank
from bot.web.session import NONCE_BYTES, Entropy, Now, Seal, derived, millis


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signed:
    """A badge with its times (milliseconds since 1970) and what makes it one of a kind."""

    badge: Badge
    issued_at: int
    until: int
    nonce: str


class Badges:
    """Issues and checks links and sessions.

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
        session_life: timedelta = timedelta(hours=12),
    ) -> None:
        self._links = Seal(secrets, "console-link")
        self._sessions = Seal(secrets, "console-session")
        self._forms = [derived(secret, "console-form") for secret in secrets]
        self._now = now
        self._entropy = entropy
        self._link_life = link_life
        self.session_life = session_life
        self._started_at = millis(now())
        self._used: dict[str, int] = {}

    def link(self, badge: Badge) -> str:
        """A new one-time key for the console's login page."""
        return self._links.close(self._payload(badge, self._link_life))

    def badge_of_link(self, key: str) -> Badge | None:
        """What the link would let in as; None when it is not ours, over, or used. Looking does not use it."""
        signed = self._good_link(key)
        return signed.badge if signed else None

    def use_link(self, key: str) -> str | None:
        """A new session for a good link; from now on the link is used."""
        signed = self._good_link(key)
        if signed is None:
            return None
        now = millis(self._now())
        self._used = {nonce: until for nonce, until in self._used.items() if until > now}
        self._used[signed.nonce] = signed.until
        return self._sessions.close(self._payload(signed.badge, self.session_life))

    def badge(self, session: str) -> Badge | None:
        """Whose session this is, None when it is none of ours or over."""
        signed = _read(self._sessions.open(session))
        return signed.badge if signed and self._is_on(signed) else None

    def form_token(self, session: str) -> str:
        """What every form of this session carries, so that nobody else can have written it."""
        return _token(self._forms[0], session)

    def is_form_token(self, session: str, token: str) -> bool:
        """Whether a form with this token was written for this session."""
        fits = [hmac.compare_digest(_token(key, session).encode(), token.encode()) for key in self._forms]
        return any(fits)

    def _good_link(self, key: str) -> _Signed | None:
        """A link is known by its nonce: two texts may say the same in base64."""
        signed = _read(self._links.open(key))
        if signed is None or signed.issued_at < self._started_at or signed.nonce in self._used:
            return None
        return signed if self._is_on(signed) else None

    def _is_on(self, signed: _Signed) -> bool:
        return signed.until > millis(self._now())

    def _payload(self, badge: Badge, life: timedelta) -> bytes:
        now = self._now()
        account = badge.account
        fields = {
            "account": [account.platform, account.id, account.name],
            "rank": badge.rank.value,
            "group": badge.group,
            "issued_at": millis(now),
            "until": millis(now + life),
            "nonce": self._entropy(NONCE_BYTES).hex(),
        }
        return json.dumps(fields, separators=(",", ":")).encode()


def _token(key: bytes, session: str) -> str:
    return hmac.digest(key, session.encode(), sha256).hex()


def _read(payload: bytes | None) -> _Signed | None:
    """What was signed; a form of an earlier version that is no longer understood counts as not ours."""
    if payload is None:
        return None
    try:
        fields = json.loads(payload)
        platform, name_id, name = fields["account"]
        badge = Badge(
            account=Account(platform=platform, id=name_id, name=name), rank=Rank(fields["rank"]), group=fields["group"]
        )
        return _Signed(badge=badge, issued_at=fields["issued_at"], until=fields["until"], nonce=fields["nonce"])
    except (ValueError, KeyError, TypeError):
        return None
