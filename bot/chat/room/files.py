"""Reels, thumbnails and previews of uploads, by their hash: what a hash names never changes, so it may be kept."""

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

import anyio
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from bot.chat.room.front import Files
from bot.domain.media import HEAD_BYTES, shown_as

FOREVER = {"cache-control": "private, max-age=31536000, immutable"}

SHA256 = r"[0-9a-f]{64}"


def routes(files: Files) -> list[Route]:
    """The routes of files; Range and conditional requests are answered."""
    return [
        Route("/reels/{file}", _serving(files.reel_path, ".mp4", "video/mp4")),
        Route("/thumbnails/{file}", _serving(files.thumbnail_path, ".jpg", "image/jpeg")),
        Route("/staged/{file}", _serving(files.path, "", None)),
    ]


def _serving(find: Callable[[str], Path], suffix: str, content_type: str | None) -> Callable[..., object]:
    async def serve(request: Request) -> Response:
        sha256, dot, rest = request.path_params["file"].partition(".")
        if dot + rest != suffix or not _is_hash(sha256):
            return _missing()
        path = anyio.Path(find(sha256))
        if not await path.is_file():
            return _missing()
        if content_type is not None:
            return FileResponse(path, media_type=content_type, headers=FOREVER)
        async with await path.open("rb") as file:
            shown = shown_as(await file.read(HEAD_BYTES))
        if shown is None:
            return FileResponse(path, media_type="application/octet-stream", filename="upload", headers=FOREVER)
        return FileResponse(path, media_type=shown, headers=FOREVER)

    return serve


def _is_hash(text: str) -> bool:
    return len(text) == 64 and set(text) <= set("0123456789abcdef")  # noqa: PLR2004 - a SHA-256 in hexadecimal


def _missing() -> Response:
    return JSONResponse({"error": "gone"}, HTTPStatus.NOT_FOUND)
