"""Files kept as they came, before anybody has asked anything with them; what is made of them is `studio.py`'s."""

from collections.abc import AsyncIterator
from dataclasses import replace

from bot.domain.ask import STAGED, Attachment
from bot.domain.errors import Problem, Refused, Slug
from bot.media.sink import to_its_end
from bot.media.staging import Staging

_BLOCK_BYTES = 256 * 1024


class Uploads:
    """Uploads to the Room, and staged media opened once more for Again."""

    def __init__(self, staging: Staging, *, max_bytes: int) -> None:
        self._staging = staging
        self._max_bytes = max_bytes

    async def keep(self, stream: AsyncIterator[bytes], *, name: str) -> Attachment:
        """Keep a file as it comes.

        Raises:
            Refused: EMPTY_FILE or TOO_MANY_BYTES, about `name`; nothing is kept.
            StoreUnavailable: there is no room for it.
        """
        try:
            staged = await self._staging.stage(stream, limit_bytes=self._max_bytes)
        except Refused as refused:
            raise Refused([replace(problem, about=name) for problem in refused.problems]) from refused
        return Attachment(platform=STAGED, handle=staged.sha256, name=name, size_bytes=staged.size_bytes)

    async def open(self, sha256: str) -> AsyncIterator[bytes]:
        """The bytes of a staged file.

        Raises:
            Refused: FILE_GONE, also when the hash is none.
        """
        try:
            file = await to_its_end(self._staging.path_of(sha256).open, "rb")
        except (FileNotFoundError, ValueError) as error:
            raise Refused([Problem(slug=Slug.FILE_GONE)]) from error
        with file:
            while block := await to_its_end(file.read, _BLOCK_BYTES):
                yield block
