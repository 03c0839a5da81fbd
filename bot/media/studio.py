"""Media as the rest of the program sees it: files come in checked and normalised, reels go out measured and fitted.

Everything is named by the hash of its content. Bytes are touched only in the worker process and in threads.
"""

from collections.abc import AsyncIterator, Collection
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.domain.catalogue import Kind, MediaLimits, Option
from bot.domain.errors import FalUnavailable, Problem, Refused
from bot.domain.job import Reel
from bot.domain.media import MediaFacts, check, words_wanted
from bot.media.fetch import Fetcher, shown
from bot.media.fit import ReelFacts, fit, measure, still, thumbnail
from bot.media.inspect import inspect
from bot.media.join import side_by_side
from bot.media.normalise import normalise
from bot.media.pictures import MAX_PIXELS
from bot.media.sink import pour
from bot.media.staging import Staging
from bot.media.worker import MediaWorker

_MB = 1_000_000
_THUMBNAIL = ".jpg"
_FIT_LIMIT_S = 600.0
_NORMALISE_LIMIT_S = 300.0


class Studio:
    """The one door to media.

    `staging` holds what people gave, `reels` what came back (with suffix ".mp4"; thumbnails lie beside).
    `max_bytes` caps one file coming in, `max_reel_bytes` one reel; `max_pixels` one picture before it is decoded.
    `fitter`, if given, is a second worker, so that a long encoding keeps no new request waiting.
    """

    def __init__(
        self,
        *,
        staging: Staging,
        reels: Staging,
        worker: MediaWorker,
        fetcher: Fetcher,
        fitter: MediaWorker | None = None,
        max_bytes: int = 100 * _MB,
        max_reel_bytes: int = 2_000 * _MB,
        max_pixels: int = MAX_PIXELS,
    ) -> None:
        self._staging = staging
        self._reels = reels
        self._worker = worker
        self._fitter = fitter or worker
        self._fetcher = fetcher
        self._max_bytes = max_bytes
        self._max_reel_bytes = max_reel_bytes
        self._max_pixels = max_pixels

    async def close(self) -> None:
        """End the worker processes and the connections; half-written files are removed by a later sweep."""
        await self._worker.close()
        await self._fitter.close()
        await self._fetcher.close()

    async def receive(self, stream: AsyncIterator[bytes], *, option: Option, name: str) -> tuple[str, MediaFacts]:
        """Take one file for an option: capped, identified, checked, normalised, and kept under its hash.

        What is kept is what may be sent; the original is gone. `name` is what the person calls the file.

        Raises:
            Refused: all that is wrong with the file, each problem about `name`; nothing is kept.
            StoreUnavailable: there is no room for it.
        """
        try:
            async with self._staging.scratch() as original, self._staging.scratch() as result:
                await pour(stream, original, limit_bytes=self._cap(option))
                facts = await self._worker.call(inspect, original, max_pixels=self._max_pixels)
                _pass(check(facts, option, name))
                kept = await self._normalised(original, facts, option.limits, result)
                staged = await self._staging.adopt(result)
        except Refused as refused:
            raise _about(refused, name, option) from refused
        return staged.sha256, kept

    async def receive_url(self, url: str, *, option: Option) -> tuple[str, MediaFacts]:
        """The same for a link somebody typed; only public https is followed.

        Raises:
            Refused: also URL_REFUSED and FILE_GONE, with the host as `given` and a `reason`.
            StoreUnavailable: there is no room for it.
        """
        async with aclosing(self._fetcher.fetch(url, limit_bytes=self._cap(option))) as stream:
            return await self.receive(stream, option=option, name=shown(url))

    async def join(self, left: str, right: str, *, option: Option | None = None) -> str:
        """Two staged pictures as one, side by side, staged; checked and normalised for `option` when it is given.

        Raises:
            Refused: a picture is gone, or the pair is nothing the option takes.
            StoreUnavailable: there is no room for it.
        """
        async with self._staging.scratch() as pair, self._staging.scratch() as result:
            await self._worker.call(side_by_side, self.path(left), self.path(right), pair)
            facts = await self._worker.call(inspect, pair, max_pixels=self._max_pixels)
            if option is not None:
                _pass(check(facts, option, ""))
            await self._normalised(pair, facts, option.limits if option is not None else MediaLimits(), result)
            return (await self._staging.adopt(result)).sha256

    def path(self, sha256: str) -> Path:
        """Where a staged file lies (it may be gone)."""
        return self._staging.path_of(sha256)

    async def facts(self, sha256: str) -> MediaFacts:
        """What a staged file is; `CONTENT_TYPES[facts.format]` is what to call it when it is sent.

        Raises:
            Refused: FILE_GONE.
        """
        return await self._worker.call(inspect, self.path(sha256), max_pixels=self._max_pixels)

    async def keep_reel(self, url: str, *, expected_bytes: int | None) -> Reel:
        """Download a reel to disk, measure it, and make its thumbnail. The same reel twice is one file.

        Raises:
            FalMissing: it is gone.
            FalUnavailable: it did not come whole, or (not retryable) what came is no video.
            StoreUnavailable: there is no room for it.
        """
        async with self._reels.scratch() as path:
            await self._fetcher.download(url, path, limit_bytes=self._max_reel_bytes, expected_bytes=expected_bytes)
            try:
                return await self._kept(path, await self._worker.call(measure, path))
            except Refused as refused:
                raise FalUnavailable("reel_unreadable", detail=str(refused)) from refused

    def reel_path(self, sha256: str) -> Path:
        """Where a reel lies (it may be gone)."""
        return self._reels.path_of(sha256)

    def thumbnail_path(self, sha256: str) -> Path:
        """Where its thumbnail lies, a JPEG of at most 320 px."""
        return self._reels.path_of(sha256, _THUMBNAIL)

    async def still(self, sha256: str) -> str:
        """The frame in the middle of a reel, staged as a picture; the hash of that.

        Raises:
            Refused: the reel is gone.
            StoreUnavailable: there is no room for it.
        """
        async with self._staging.scratch() as path:
            await self._worker.call(still, self.reel_path(sha256), path)
            return (await self._staging.adopt(path)).sha256

    async def fit(self, sha256: str, limit_bytes: int) -> Reel | None:
        """The reel re-encoded to at most `limit_bytes`, kept beside the original; None when that cannot be done.

        Raises:
            StoreUnavailable: there is no room for it.
        """
        async with self._reels.scratch() as path:
            try:
                facts = await self._fitter.call_within(_FIT_LIMIT_S, fit, self.reel_path(sha256), path, limit_bytes)
                return None if facts is None else await self._kept(path, facts)
            except Refused:
                return None

    async def forget_reel(self, sha256: str) -> None:
        """Remove a reel and what lies beside it, if they are there. Raises StoreUnavailable."""
        await self._reels.forget(sha256)

    async def sweep(self, *, media: Collection[str], reels: Collection[str], before: datetime) -> int:
        """Remove what no row names any more and was written before `before`; how many files that were.

        `before` protects what was just staged and has no row yet: an hour ago is right.
        """
        return await self._staging.sweep(media, before=before) + await self._reels.sweep(reels, before=before)

    async def _normalised(self, path: Path, facts: MediaFacts, limits: MediaLimits, out: Path) -> MediaFacts:
        return await self._worker.call_within(_NORMALISE_LIMIT_S, normalise, path, facts, limits, out)

    async def _kept(self, path: Path, facts: ReelFacts) -> Reel:
        async with self._reels.scratch() as small:
            await self._worker.call(thumbnail, path, small)
            staged = await self._reels.adopt(path)
            await self._reels.place_beside(small, staged.sha256, _THUMBNAIL)
        return Reel(
            sha256=staged.sha256,
            size_bytes=facts.size_bytes,
            width_px=facts.width_px,
            height_px=facts.height_px,
            seconds=facts.seconds,
            has_audio=facts.has_audio,
        )

    def _cap(self, option: Option) -> int:
        """Pictures can be shrunk, so only our cap counts; anything else ends early at the endpoint's own."""
        if option.kind in {Kind.IMAGE, Kind.IMAGES} or option.limits.max_bytes is None:
            return self._max_bytes
        return min(self._max_bytes, option.limits.max_bytes)


def _pass(problems: tuple[Problem, ...]) -> None:
    if problems:
        raise Refused(problems)


def _about(refused: Refused, name: str, option: Option) -> Refused:
    """The same problems, with the name and option that the place that found them could not know."""
    known = {"option": option.name, "wanted": words_wanted(option)}
    problems = [
        problem if problem.about else replace(problem, about=name, facts={**known, **problem.facts})
        for problem in refused.problems
    ]
    return Refused(problems)
