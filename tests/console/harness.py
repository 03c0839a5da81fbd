"""The console on real sockets and a real store, beside a Room of one page; the clock is the test's."""

import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.console.console import Console
from bot.domain.ask import Account
from bot.domain.badge import Badge, Rank
from bot.web.badges import Badges
from bot.web.listener import Listener, Opening, open_door, open_port
from bot.web.session import Sessions
from bot.web.site import Site, door, guarded, local_hosts
from tests.store.shop import Shop, shop

HERE = "discord:1"
THERE = "discord:2"

MIA = Account(platform="discord", id="7", name="Mia")
OWNER = Badge(account=Account(platform="discord", id="1", name="Olga"), rank=Rank.OWNER)
MODERATOR = Badge(account=MIA, rank=Rank.MODERATOR, group=HERE)
VIEWER = Badge(account=Account(platform="discord", id="8", name="Vi"), rank=Rank.VIEWER, group=HERE)

TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Harness:
    """A running console."""

    url: str
    door: Path
    kept: Shop
    console: Console
    badges: Badges
    room: Sessions

    def stranger(self, **headers: str) -> httpx.AsyncClient:
        """A browser without any session, on our own page."""
        return httpx.AsyncClient(base_url=self.url, headers={"origin": self.url, **headers})

    def browser(self, badge: Badge = OWNER, **headers: str) -> "Browser":
        """A browser that somebody has logged in with."""
        session = self.badges.use_link(self.badges.link(badge))
        assert session is not None
        return Browser(
            base_url=self.url, cookies={"reelroom-console": session}, headers={"origin": self.url, **headers}
        )

    def knock(self) -> httpx.AsyncClient:
        """A client at the door."""
        return httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(uds=str(self.door)), base_url="http://room")


class Browser(httpx.AsyncClient):
    """Sends forms as a browser does: with what the page had written into them."""

    async def send_form(self, path: str, *, on: str = "/console", **fields: str) -> httpx.Response:
        """Submit a form of the page `on`."""
        page = await self.get(on)
        found = TOKEN.search(page.text)
        assert found, f"{on} has no form: {page.status_code}"
        return await self.post(path, data={"token": found[1], **fields})


@asynccontextmanager
async def console(folder: Path) -> AsyncIterator[Harness]:
    """A console on a free port and a door in `folder`."""
    async with shop(folder / "reelroom.db") as kept:
        secrets = [b"a secret of this test"]
        listening = open_port("127.0.0.1", 0)
        port = listening.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        badges = Badges(secrets=secrets, now=kept.clock, entropy=os.urandom)
        pages = Console(badges=badges, base_url=url)
        room = Sessions(secrets=secrets, now=kept.clock, entropy=os.urandom)
        site = Site(
            routes=[Route("/", _the_room)],
            sessions=room,
            hosts=local_hosts(port),
            base_url=url,
            lobby=b"the lobby of the Room",
            limits={},
            hooks={},
            areas={pages.PATH: pages.app()},
            behind_door=pages.behind_door(),
        )
        openings = [
            Opening(socket=listening, app=guarded(site)),
            Opening(socket=open_door(folder / "door"), app=door(site)),
        ]
        listener = Listener(openings, before_stop=lambda: None, grace_s=1)
        await listener.start()
        try:
            yield Harness(url=url, door=folder / "door", kept=kept, console=pages, badges=badges, room=room)
        finally:
            await listener.stop()


async def _the_room(_request: Request) -> Response:
    return PlainTextResponse("the Room")
