"""Files to take home: an address that holds the bot's token, for an hour. https://core.telegram.org/bots/api#getfile"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from aiohttp import web

from tests.emulators.telegram import payloads
from tests.emulators.telegram.answers import before
from tests.emulators.telegram.calls import Call, Handler
from tests.emulators.telegram.faults import Faults, Slow
from tests.emulators.telegram.media import MIB
from tests.emulators.telegram.refusals import Refusal, refuse
from tests.emulators.telegram.things import File, Json
from tests.emulators.telegram.world import World

DOWNLOAD_BYTES = 20 * MIB
LIFE = timedelta(hours=1)


def get_file(call: Call) -> Json:
    """A file with its path."""
    found = call.world.shelf.named(call.text("file_id"))
    if call.parts.local is not None:
        path = call.parts.local / found.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(found.data)
        return payloads.file(found, path=str(path))
    if len(found.data) > DOWNLOAD_BYTES:
        raise refuse("file is too big")
    call.world.asked_files[found.path] = (found, call.world.clock.now())
    return payloads.file(found, path=found.path)


class Downloads:
    """The door to the bytes. `fetched` are the paths that were taken."""

    def __init__(self, world: World, token: str, faults: Faults) -> None:
        self.fetched: list[str] = []
        self._world = world
        self._token = token
        self._faults = faults

    async def give(self, request: web.Request) -> web.StreamResponse:
        """A file that was asked for within the hour. Neither its name nor its kind is told."""
        path = request.match_info["path"]
        fault = self._faults.befalls(f"file/{path}")
        if isinstance(fault, Slow):
            await fault.held(self._world.changed)
        return before(request, fault) or self._found(request, path)

    def _found(self, request: web.Request, path: str) -> web.Response:
        found: tuple[File, datetime] | None = self._world.asked_files.get(path)
        if request.match_info["token"] != self._token:
            return web.json_response(Refusal(401, "Unauthorized").body(), status=401)
        if found is None or self._world.clock.now() > found[1] + LIFE:
            return web.json_response(refuse("file not found", 404).body(), status=404)
        self.fetched.append(path)
        return web.Response(body=found[0].data, content_type="application/octet-stream")


METHODS: Mapping[str, Handler] = {"getFile": get_file}
