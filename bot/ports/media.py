"""What happens to bytes on their way in and out."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

from bot.domain.catalogue import Option
from bot.domain.job import Reel
from bot.domain.media import MediaFacts


class Media(Protocol):
    """What happens to bytes on their way in and out."""

    async def receive(self, stream: AsyncIterator[bytes], *, option: Option, name: str) -> tuple[str, MediaFacts]:
        """Stage, inspect and normalise one file for an option; its hash and facts. Raises Refused with all problems."""

    async def receive_url(self, url: str, *, option: Option) -> tuple[str, MediaFacts]:
        """The same for a URL somebody typed; only public https is followed."""

    async def facts(self, sha256: str) -> MediaFacts:
        """What a staged file is; raises Refused(FILE_GONE) when it is gone."""

    async def join(self, left: str, right: str, *, option: Option | None = None) -> str:
        """Two staged pictures side by side, staged; made fit for `option`, or Refused, when it is given."""

    def path(self, sha256: str) -> Path:
        """Where a staged file lies (it may be gone)."""

    async def keep_reel(self, url: str, *, expected_bytes: int | None) -> Reel:
        """Download a reel to disk and measure it. Raises FalUnavailable, or FalMissing when it is gone."""

    def reel_path(self, sha256: str) -> Path:
        """Where a reel lies."""

    def thumbnail_path(self, sha256: str) -> Path:
        """Where its thumbnail lies."""

    async def still(self, sha256: str) -> str:
        """A frame of a reel, staged as a picture; the hash of that. Raises Refused when the reel is gone."""

    async def fit(self, sha256: str, limit_bytes: int) -> Reel | None:
        """The reel re-encoded to fit, kept beside the original; None when even that does not fit."""

    async def forget_reel(self, sha256: str) -> None:
        """Remove a reel and its thumbnail, if they are there. Raises StoreUnavailable."""


class Uploads(Protocol):
    """Files that are staged already."""

    def open(self, sha256: str) -> AsyncIterator[bytes]:
        """The bytes of a staged file; raises Refused(FILE_GONE) when it is gone."""
