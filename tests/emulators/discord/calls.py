"""One request as the routes see it, and what a route is. Nothing here knows a particular route."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from tests.emulators.discord.interactions import Interactions
from tests.emulators.discord.posting import Press, Upload
from tests.emulators.discord.refusals import refuse
from tests.emulators.discord.things import Json
from tests.emulators.discord.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What every route may use. `hosts` tells the gateway's address and how many shards it recommends."""

    world: World
    press: Press
    interactions: Interactions
    gateway_bot: Callable[[], Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request. `body` is JSON (of `payload_json` in a multipart one), `files` are by their number in `files[n]`."""

    parts: Parts
    method: str
    path: str
    arguments: Mapping[str, str]
    query: Mapping[str, str]
    body: Any = None
    files: Mapping[int, Upload] = field(default_factory=dict)
    multipart: bool = False

    @property
    def world(self) -> World:
        """What exists."""
        return self.parts.world

    @property
    def press(self) -> Press:
        """What makes messages."""
        return self.parts.press

    def id(self, name: str) -> int:
        """An id of the path; one that is none names nothing."""
        text = self.arguments[name]
        return int(text) if text.isdigit() else 0

    @property
    def given(self) -> Json:
        """The body where an object is asked for.

        Raises:
            Refusal: 50109 for anything else.
        """
        if not isinstance(self.body, dict):
            raise refuse(50109)
        return self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back: JSON, or nothing."""

    body: Any = None
    status: int = 200


NOTHING = Answer(status=204)

Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A method and a path in aiohttp's notation. `public`: no bot token is asked for (the path holds one)."""

    method: str
    path: str
    handler: Handler
    public: bool = False

    @property
    def name(self) -> str:
        """As rate limits know it."""
        return f"{self.method} {self.path}"


async def read(request: web.Request) -> tuple[Any, dict[int, Upload], bool]:
    """The body, the files, and whether it was multipart.

    Raises:
        Refusal: 50109 for what is no JSON.
    """
    files: dict[int, Upload] = {}
    if request.content_type != "multipart/form-data":
        raw = await request.read()
        return parsed(raw) if raw else None, files, False
    body: Any = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        content = bytes(await part.read())
        if part.name == "payload_json":
            body = parsed(content)
        elif part.name and part.name.startswith("files["):
            files[int(part.name[6:-1])] = Upload(filename=part.filename or "unknown", data=content)
    return body, files, True


def parsed(raw: bytes) -> Any:
    """JSON.

    Raises:
        Refusal: 50109.
    """
    try:
        return json.loads(raw)
    except ValueError:
        raise refuse(50109) from None


Middle = Callable[[Call], Awaitable[Answer]]
