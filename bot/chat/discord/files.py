"""The files people give, as streams from Discord's CDN; never through anything else, and no address is logged."""

import logging
from collections.abc import AsyncIterator
from http import HTTPStatus

import aiohttp
from yarl import URL

from bot.chat.discord.line import Line
from bot.chat.discord.refusals import translated
from bot.domain.ask import Attachment
from bot.domain.errors import ChatUnavailable, PlaceGone, Problem, Refused, Slug

log = logging.getLogger(__name__)

CHUNK_BYTES = 256 * 1024
PATIENCE = aiohttp.ClientTimeout(total=300, sock_connect=10, sock_read=30)
GONE = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.UNAUTHORIZED})
OWN_HOSTS = frozenset({"cdn.discordapp.com", "media.discordapp.net"})


class Files:
    """Opens what a handle names: an address on the CDN, or `channel/message/attachment` where one was kept.

    The latter is looked up again, since addresses are signed and end after a day.
    """

    def __init__(self, *, line: Line, cdn_url: str) -> None:
        self._line = line
        self._hosts = OWN_HOSTS | {URL(cdn_url).authority}

    async def open(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """The bytes. Raises Refused(FILE_GONE), ChatUnavailable."""
        url = URL(await self._address(attachment))
        if url.authority not in self._hosts:
            raise _gone(attachment)
        try:
            async with (
                aiohttp.ClientSession(timeout=PATIENCE) as session,
                session.get(url, allow_redirects=False) as answer,
            ):
                if answer.status in GONE:
                    raise _gone(attachment)
                if answer.status != HTTPStatus.OK:
                    raise ChatUnavailable(f"Discord's CDN answered {answer.status}")
                async for piece in answer.content.iter_chunked(CHUNK_BYTES):
                    yield piece
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise ChatUnavailable(f"Discord's CDN cannot be reached ({type(error).__name__})") from error

    async def _address(self, attachment: Attachment) -> str:
        if "://" in attachment.handle:
            return attachment.handle
        channel, message, wanted = map(int, attachment.handle.split("/"))
        try:
            with translated():
                found = await self._line.channel(channel).fetch_message(message)
        except PlaceGone as error:
            raise _gone(attachment) from error
        address = next((one.url for one in found.attachments if one.id == wanted), "")
        if not address:
            raise _gone(attachment)
        return address


def kept_handle(channel: int, message: int, attachment: int) -> str:
    """A handle that outlives the signature of an address."""
    return f"{channel}/{message}/{attachment}"


def _gone(attachment: Attachment) -> Refused:
    return Refused([Problem(slug=Slug.FILE_GONE, about=attachment.name)])
