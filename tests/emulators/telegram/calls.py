"""One request as the methods see it, and how it is read. Nothing here knows a particular method.

Telegram's server takes parameters from the query string, a form, a multipart form and a JSON body, with GET and POST
alike, and sees each of them as text; whatever is more than text is JSON in it.
https://core.telegram.org/bots/api#making-requests
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from tests.emulators.telegram.media import Upload
from tests.emulators.telegram.members import Standing
from tests.emulators.telegram.posting import Press
from tests.emulators.telegram.refusals import Refusal, refuse
from tests.emulators.telegram.updates import Updates
from tests.emulators.telegram.webhook import Webhook
from tests.emulators.telegram.world import World

TRUE = {"true", "yes", "1"}
MOST_BYTES = 50 * 1024 * 1024
LOCAL_BYTES = 2000 * 1024 * 1024
"""https://core.telegram.org/bots/api#sending-files, and #using-a-local-bot-api-server"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What every method may use."""

    world: World
    press: Press
    standing: Standing
    updates: Updates
    webhook: Webhook
    local: Path | None = None
    """The folder of a self-hosted server: large files, given and taken by their path on this machine."""

    @property
    def most_bytes(self) -> int:
        """What a request may weigh."""
        return LOCAL_BYTES if self.local else MOST_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request. `files` are by the name of their part."""

    parts: Parts
    method: str
    at: datetime
    arguments: Mapping[str, str]
    files: Mapping[str, Upload] = field(default_factory=dict)

    @property
    def world(self) -> World:
        """What exists."""
        return self.parts.world

    @property
    def press(self) -> Press:
        """What makes messages."""
        return self.parts.press

    def text(self, name: str) -> str:
        """A parameter as it came; empty when it did not."""
        return self.arguments.get(name, "")

    def number(self, name: str, default: int = 0) -> int:
        """A whole number; what is none counts as 0, as on Telegram's server."""
        raw = self.text(name).strip()
        if not raw:
            return default
        return int(raw) if raw.lstrip("-").isdigit() and raw.lstrip("-").isascii() else 0

    def bounded(self, name: str, default: int, low: int, high: int) -> int:
        """A whole number, pushed between its bounds."""
        return min(max(self.number(name, default), low), high)

    def flag(self, name: str) -> bool:
        """A truth."""
        return self.text(name).strip().lower() in TRUE

    def json(self, name: str, what: str) -> Any:
        """What the JSON of a parameter says; None without one.

        Raises:
            Refusal: It is no JSON.
        """
        raw = self.text(name)
        if not raw:
            return None
        try:
            return json.loads(raw)
        except ValueError:
            raise refuse(f"can't parse {what} JSON object") from None


Handler = Callable[[Call], Any]
"""From a request to the result of a method, or to an awaitable of it."""


async def read(request: web.Request, most_bytes: int) -> tuple[dict[str, str], dict[str, Upload]]:
    """The parameters and the files.

    Raises:
        Refusal: A JSON body that is none; more bytes than that.
    """
    arguments = dict(request.query)
    if request.content_type.startswith("multipart/"):
        return await multipart(request, arguments, most_bytes)
    raw = await request.read()
    if request.content_type == "application/json":
        return arguments | from_json(raw), {}
    if request.content_type == "application/x-www-form-urlencoded" and raw:
        arguments |= dict(parse_qsl(raw.decode(), keep_blank_values=True))
    return arguments, {}


def from_json(raw: bytes) -> dict[str, str]:
    """A body of JSON, each value made text again."""
    try:
        body = json.loads(raw) if raw else {}
    except ValueError:
        raise refuse("can't parse JSON object") from None
    if not isinstance(body, dict):
        raise refuse("expected an object")
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in body.items()}


async def multipart(
    request: web.Request, arguments: dict[str, str], most_bytes: int
) -> tuple[dict[str, str], dict[str, Upload]]:
    """Fields without a file name are parameters, those with one are files."""
    files: dict[str, Upload] = {}
    total = 0
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        content = bytes(await part.read())
        total += len(content)
        if total > most_bytes:
            files.clear()
        elif part.filename is None:
            arguments[part.name] = content.decode()
        else:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            files[part.name] = Upload(filename=part.filename, data=content, mime=kind)
    if total > most_bytes:
        raise Refusal(413, "Request Entity Too Large")
    return arguments, files
