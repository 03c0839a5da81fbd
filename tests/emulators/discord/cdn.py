"""Files behind addresses that are signed and run out after a day, as Discord's CDN gives them.

`ex` and `is` are hexadecimal seconds, `hm` signs the path with both. A stored address is useless tomorrow.
https://docs.discord.com/developers/reference#signed-attachment-cdn-urls
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from aiohttp import web
from yarl import URL

from tests.emulators.discord.things import Attachment
from tests.emulators.discord.world import World

LIFE = timedelta(days=1)
KEY = b"the emulator's own"
GONE = "This content is no longer available."
HTTP_PREFIXES = ("attachments", "ephemeral-attachments")


def signature(path: str, until: str, since: str) -> str:
    """What `hm` must be."""
    return hmac.new(KEY, f"{path}?ex={until}&is={since}".encode(), hashlib.sha256).hexdigest()


class Cdn:
    """`base` is known once the socket is."""

    def __init__(self, world: World) -> None:
        self.base = ""
        self.fetched: list[str] = []
        self._world = world

    def sign(self, one: Attachment) -> str:
        """The file's address from now for a day."""
        path = f"/{one.folder}/{one.id}/{URL.build(path=one.filename).raw_path.lstrip('/')}"
        now = self._world.clock.now()
        since, until = f"{int(now.timestamp()):x}", f"{int((now + LIFE).timestamp()):x}"
        return f"{self.base}{path}?ex={until}&is={since}&hm={signature(path, until, since)}&"

    async def attachment(self, request: web.Request) -> web.StreamResponse:
        """A file, if the address is whole and fresh."""
        path = request.rel_url.raw_path.removeprefix("/cdn")
        until, since = request.query.get("ex", ""), request.query.get("is", "")
        whole = hmac.compare_digest(request.query.get("hm", ""), signature(path, until, since))
        found = self._world.attachments.get(int(request.match_info["attachment"]))
        if not whole or found is None or self._world.clock.now() > datetime.fromtimestamp(int(until, 16), UTC):
            return web.Response(status=404, text=GONE)
        self.fetched.append(found.filename)
        return web.Response(body=found.data, content_type=found.content_type)

    async def avatar(self, request: web.Request) -> web.StreamResponse:
        """Somebody's picture."""
        found = self._world.users.get(int(request.match_info["user"]))
        if found is None or found.avatar is None:
            return web.Response(status=404, text="")
        return web.Response(body=found.avatar, content_type="image/png")

    def routes(self) -> list[web.RouteDef]:
        """What it answers to."""
        files = [
            web.get(f"/cdn/{prefix}/{{owner:[0-9]+}}/{{attachment:[0-9]+}}/{{name}}", self.attachment)
            for prefix in HTTP_PREFIXES
        ]
        return [*files, web.get("/cdn/avatars/{user:[0-9]+}/{name}", self.avatar)]
