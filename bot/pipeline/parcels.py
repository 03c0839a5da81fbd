"""A reel made ready to be posted in its place: small enough, with its still and with what is said beside it."""

from bot.domain.catalogue import Catalogue
from bot.domain.errors import ReelTooLarge
from bot.domain.job import Job, Reel
from bot.domain.phrases import reel_notice
from bot.ports.chat import Parcel
from bot.ports.media import Media


class Parcels:
    """Every method raises ReelTooLarge when it cannot be made small enough."""

    def __init__(self, *, media: Media, catalogue: Catalogue) -> None:
        self._media = media
        self._catalogue = catalogue

    async def within(self, job: Job, reel: Reel, limit: int | None) -> Parcel:
        """The reel, or a copy that is made smaller where it is beyond the limit in bytes."""
        if limit is None or reel.size_bytes <= limit:
            return self._parcel(job, reel, reel)
        return await self.smaller(job, reel, limit)

    async def smaller(self, job: Job, reel: Reel, limit: int) -> Parcel:
        """A copy of at most so many bytes, in any case."""
        fitted = await self._media.fit(reel.sha256, limit)
        if fitted is None:
            raise ReelTooLarge(limit)
        return self._parcel(job, fitted, reel)

    def _parcel(self, job: Job, fitted: Reel, original: Reel) -> Parcel:
        return Parcel(
            job=job.id,
            path=self._media.reel_path(fitted.sha256),
            thumbnail=self._media.thumbnail_path(fitted.sha256),
            reel=fitted,
            notice=reel_notice(job, self._catalogue, fitted=fitted, original=original),
        )
