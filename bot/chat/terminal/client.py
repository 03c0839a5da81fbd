"""One reel from the terminal: upload, ask, follow, fetch, all through the door of a running bot (docs/room.md)."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import anyio
import httpx
from httpx_sse import aconnect_sse
from pydantic import TypeAdapter

from bot.domain.ask import Wish
from bot.domain.errors import ChatUnavailable, NoReel
from bot.domain.notice import Action, Notice, Tone

CHUNK_BYTES = 256 * 1024
SILENCE_S = 60.0
"""The stream beats every 15 s; one that is silent for so long is taken for dead."""

PATIENCE = 30
"""How often in a row a broken stream is taken up again: a bot that restarts is back within seconds."""

TRIES = 3
PAUSE_S = 1.0
CANCEL_PAUSE_S = 0.5
CANCEL_TRIES = 6

_NOTICE = TypeAdapter(Notice)

File = Path | tuple[str, Path]
"""A file, or the option it is for and the file."""

Decide = Callable[[Notice], Awaitable[bool]]
"""Asks the person something that has a yes and a no."""

_QUESTIONS = {Action.CONFIRM: Action.DECLINE, Action.STILL: Action.DROP}
"""The button for yes, and its no."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A reel on the person's own disk."""

    path: Path
    sha256: str
    width_px: int
    height_px: int
    seconds: float
    size_bytes: int
    notice: Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    ask: str
    thread: str
    after: int


async def decline(_notice: Notice) -> bool:
    """No to every question: nobody is there to answer."""
    return False


class Terminal:
    """An async context manager around the door, the Unix socket in the data folder.

    Raises of every method: ChatUnavailable when no bot answers behind the door.
    """

    def __init__(
        self,
        door: Path,
        *,
        new_id: Callable[[], str],
        sleep: Callable[[float], Awaitable[None]],
        decide: Decide = decline,
    ) -> None:
        self._door = door
        self._new_id = new_id
        self._sleep = sleep
        self._decide = decide
        self._client = httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(uds=str(door)),
            base_url="http://room",
            timeout=httpx.Timeout(SILENCE_S, connect=5.0),
        )

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.__aexit__(kind, error, trace)

    async def login_link(self) -> str:
        """A one-time link into the Room."""
        answer = await self._post("/login-links", {})
        return str(answer["url"])

    async def console_link(self, *, role: str, group: str, name: str) -> str:
        """A one-time link to the console, for whoever `name` says. Raises NoReel: there is no such role or group."""
        answer = await self._post("/console-links", {"role": role, "group": group, "name": name})
        return str(answer["url"])

    async def render(
        self, wanted: str | Wish, files: Sequence[File], target: Path, *, on_progress: Callable[[Notice], None]
    ) -> Rendered:
        """Ask for a reel and wait for it; every status goes to `on_progress`. `target` is written whole or not at all.

        Cancelled (Ctrl-C under `asyncio.run`), it first tells the bot that the reel is no longer wanted.

        Raises:
            NoReel: refused, failed or cancelled; the message says why, one line per problem.
        """
        if not await anyio.Path(target.parent).is_dir():
            raise NoReel(f"There is no folder {target.parent} to put the reel into.")
        attachments = [await self._upload(file) for file in files]
        asked = await self._ask(wanted, attachments)
        try:
            async with aclosing(self._lines(asked)) as lines:
                reel = await self._outcome(lines, on_progress)
            return await self._fetch(reel, target)
        except asyncio.CancelledError:
            await self._cancel(asked.ask)
            raise

    async def _upload(self, file: File) -> dict[str, Any]:
        option, path = ("", file) if isinstance(file, Path) else file
        try:
            size = (await anyio.Path(path).stat()).st_size
        except OSError as error:
            raise NoReel(f"I can't read {path}: {error.strerror}.") from error
        headers = {"x-file-name": quote(path.name), "content-length": str(size)}
        answer = await self._call(lambda: self._client.post("/api/uploads", content=_pieces(path), headers=headers))
        if answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise NoReel(f"{path.name} is too large: at most {answer.json().get('limit_bytes', 0):,} bytes are taken.")
        return {**_content(answer), "option": option}

    async def _ask(self, wanted: str | Wish, attachments: Sequence[dict[str, Any]]) -> _Asked:
        body: dict[str, Any] = {"id": self._new_id(), "attachments": list(attachments)}
        if isinstance(wanted, Wish):
            body["wish"] = {"command": wanted.command, "options": dict(wanted.options), "model": wanted.model}
        else:
            body["text"] = wanted
        answer = await self._post("/api/asks", body)
        return _Asked(ask=answer["ask"], thread=answer["thread"], after=answer["after"])

    async def _outcome(
        self, lines: AsyncIterator[dict[str, Any]], on_progress: Callable[[Notice], None]
    ) -> dict[str, Any]:
        """The line of the reel."""
        asked: set[str] = set()
        async for line in lines:
            if line["kind"] == "reel":
                return line
            if line["kind"] == "ask":
                continue
            notice = _NOTICE.validate_python(line["notice"])
            on_progress(notice)
            if _is_end(notice):
                raise NoReel(notice.text)
            await self._answer(notice, asked)
        raise NoReel("The bot has stopped telling.")

    async def _answer(self, notice: Notice, asked: set[str]) -> None:
        """Put a question to the person, once."""
        for button in notice.buttons:
            no = _QUESTIONS.get(button.action)
            if no is not None and button.subject not in asked:
                asked.add(button.subject)
                action = button.action if await self._decide(notice) else no
                await self._post("/api/press", {"action": action, "subject": button.subject})

    async def _lines(self, asked: _Asked) -> AsyncGenerator[dict[str, Any]]:
        """What happens in the thread; a broken stream is taken up where it broke."""
        last, breaks = str(asked.after), 0
        while breaks <= PATIENCE:
            try:
                async with aconnect_sse(
                    self._client,
                    "GET",
                    "/api/events",
                    params={"thread": asked.thread},
                    headers={"last-event-id": last},
                ) as source:
                    async for event in source.aiter_sse():
                        last, breaks = event.id or last, 0
                        if event.data:  # a beat carries none
                            yield json.loads(event.data)
            except httpx.TransportError:
                pass
            breaks += 1
            await self._sleep(PAUSE_S)
        raise ChatUnavailable(f"the bot behind {self._door} has gone; the reel will be in the Room when it is back")

    async def _fetch(self, line: dict[str, Any], target: Path) -> Rendered:
        reel = line["reel"]
        part = target.with_name(f".{target.name}.part")
        try:
            async with self._client.stream("GET", f"/reels/{reel['sha256']}.mp4") as answer:
                if answer.status_code != HTTPStatus.OK:
                    raise NoReel("The reel was made, but its file is gone.")
                async with await anyio.Path(part).open("wb") as file:
                    async for piece in answer.aiter_bytes(CHUNK_BYTES):
                        await file.write(piece)
            await anyio.Path(part).replace(target)
        except OSError as error:
            raise NoReel(f"I can't write {target}: {error.strerror}. The reel stays in the Room.") from error
        except httpx.TransportError as error:
            raise ChatUnavailable("the connection broke while the reel was fetched; it stays in the Room") from error
        finally:
            await anyio.Path(part).unlink(missing_ok=True)
        return Rendered(
            path=target,
            sha256=reel["sha256"],
            width_px=reel["width_px"],
            height_px=reel["height_px"],
            seconds=reel["seconds"],
            size_bytes=reel["size_bytes"],
            notice=_NOTICE.validate_python(line["notice"]),
        )

    async def _cancel(self, subject: str) -> None:
        """Press Cancel; an ask that is no Job yet has nothing to press, so a little later again."""
        body = {"action": Action.CANCEL, "subject": subject}
        with suppress(httpx.HTTPError):
            for _ in range(CANCEL_TRIES):
                answer = await self._client.post("/api/press", json=body)
                if answer.status_code != HTTPStatus.UNPROCESSABLE_ENTITY:
                    return
                await self._sleep(CANCEL_PAUSE_S)

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return _content(await self._call(lambda: self._client.post(path, json=body)))

    async def _call(self, send: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
        """Send, and again when the connection broke: everything here may be said twice."""
        for left in reversed(range(TRIES)):
            try:
                return await send()
            except httpx.ConnectError as error:
                raise ChatUnavailable(f"no bot is running behind {self._door}") from error
            except httpx.TransportError as error:
                if not left:
                    raise ChatUnavailable(f"the bot behind {self._door} does not answer") from error
                await self._sleep(PAUSE_S)
        raise AssertionError


def _is_end(notice: Notice) -> bool:
    """Whether nothing more comes by itself. A good end is followed by its reel."""
    return notice.tone in {Tone.BAD, Tone.PLAIN} or any(button.action is Action.DELIVER for button in notice.buttons)


def _content(answer: httpx.Response) -> dict[str, Any]:
    """The JSON of an answer that is no refusal."""
    content: dict[str, Any] = answer.json() if answer.content else {}
    if answer.is_success:
        return content
    if "notice" in content:
        raise NoReel(content["notice"]["text"])
    raise NoReel(f"The bot answered {answer.status_code}: {content.get('detail') or content.get('error', '')}")


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    async with await anyio.Path(path).open("rb") as file:
        while piece := await file.read(CHUNK_BYTES):
            yield piece
