"""The files people give, as streams from Telegram. Their address has the bot's token in it and never leaves here.

A bot may fetch up to 20 MB; with a Bot API server of one's own there is no limit, and the file lies on its disk:
https://core.telegram.org/bots/api#getfile
"""

from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path

import anyio
import httpx

from bot.chat.telegram.line import Line
from bot.chat.telegram.portraits import PORTRAIT
from bot.chat.telegram.refusals import AWAY_S, translated
from bot.domain.ask import Attachment
from bot.domain.errors import ChatUnavailable, PlaceGone, Problem, ReelTooLarge, Refused, Slug
from bot.domain.media import bytes_text

CHUNK_BYTES = 256 * 1024
FETCHED_BYTES = 20 * 1024 * 1024
PATIENCE = httpx.Timeout(30.0, connect=10.0)
GONE = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


class Files:
    """Opens what a handle names: Telegram's id of a file. `local`: the Bot API server stands on this machine."""

    def __init__(self, *, line: Line, local: bool) -> None:
        self._line = line
        self._local = local

    async def open(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """The bytes. Raises Refused(FILE_GONE, NO_PORTRAIT, TOO_MANY_BYTES), ChatUnavailable."""
        address = await self._address(attachment)
        if self._local and "://" not in address:
            async for piece in _from_disk(Path(address), attachment):
                yield piece
            return
        try:
            async with (
                httpx.AsyncClient(timeout=PATIENCE, follow_redirects=False, trust_env=False) as client,
                client.stream("GET", address) as answer,
            ):
                if answer.status_code in GONE:
                    raise _gone(attachment)
                if answer.status_code != HTTPStatus.OK:
                    raise ChatUnavailable(f"Telegram's files answered {answer.status_code}", retry_after_s=AWAY_S)
                async for piece in answer.aiter_bytes(CHUNK_BYTES):
                    yield piece
        except httpx.HTTPError as error:
            told = f"Telegram's files cannot be reached ({type(error).__name__})"
            raise ChatUnavailable(told, retry_after_s=AWAY_S) from error

    async def _portrait(self, attachment: Attachment) -> str:
        """The file of somebody's newest profile photo, as large as it is. Who shows a bot none, has none."""
        who = attachment.handle.removeprefix(PORTRAIT)
        try:
            with translated():
                found = await self._line.bot.get_user_profile_photos(int(who), limit=1)
        except PlaceGone as error:
            raise _no_portrait(attachment) from error
        if not found.photos:
            raise _no_portrait(attachment)
        return found.photos[0][-1].file_id

    async def _address(self, attachment: Attachment) -> str:
        handle = await self._portrait(attachment) if attachment.handle.startswith(PORTRAIT) else attachment.handle
        try:
            with translated(limit_bytes=FETCHED_BYTES):
                found = await self._line.bot.get_file(handle)
        except ReelTooLarge as error:
            limit = bytes_text(FETCHED_BYTES)
            facts = {"given": f"more than {limit}", "limit": limit}
            raise Refused([Problem(slug=Slug.TOO_MANY_BYTES, about=attachment.option, facts=facts)]) from error
        except PlaceGone as error:
            raise _gone(attachment) from error
        if not found.file_path:
            raise _gone(attachment)
        return found.file_path


async def _from_disk(path: Path, attachment: Attachment) -> AsyncIterator[bytes]:
    try:
        async with await anyio.open_file(path, "rb") as file:
            while piece := await file.read(CHUNK_BYTES):
                yield piece
    except OSError as error:
        raise _gone(attachment) from error


def _no_portrait(attachment: Attachment) -> Refused:
    return Refused([Problem(slug=Slug.NO_PORTRAIT, facts={"given": attachment.name.removesuffix(".jpg")})])


def _gone(attachment: Attachment) -> Refused:
    return Refused([Problem(slug=Slug.FILE_GONE, about=attachment.name)])
