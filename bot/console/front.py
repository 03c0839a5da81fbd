"""What the console needs of the rest: badges that say who looks, and the reads and actions behind its pages.

Everything fits structurally; the composition root hands it in.
"""

from datetime import timedelta
from typing import Protocol

from bot.domain.badge import Badge


class Badges(Protocol):
    """One-time links, sessions and form tokens."""

    @property
    def session_life(self) -> timedelta:
        """How long a session lasts."""
        ...

    def link(self, badge: Badge) -> str:
        """A new one-time key."""
        ...

    def badge_of_link(self, key: str) -> Badge | None:
        """What a link would let in as, without using it; None when it is not good."""
        ...

    def use_link(self, key: str) -> str | None:
        """A new session for a good link, which is used from now on."""
        ...

    def badge(self, session: str) -> Badge | None:
        """Whose session this is, None when it is none of ours or over."""
        ...

    def form_token(self, session: str) -> str:
        """What the forms of this session carry."""
        ...

    def is_form_token(self, session: str, token: str) -> bool:
        """Whether a form with this token was written for this session."""
        ...
