"""The console on real sockets and a real store, beside a Room of one page; the clock is the test's."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.actions.after import Aftercare
from bot.actions.budgeting import Budgeting
from bot.actions.counting import Counting
from bot.actions.declaring import Declaring
from bot.actions.demand import Demands
from bot.actions.doorkeeping import Doorkeeping
from bot.actions.policies import Policies
from bot.actions.press import Presses
from bot.actions.review import Reviewing
from bot.actions.rule_keeping import RuleKeeping
from bot.actions.sanctioning import Sanctioning
from bot.actions.switching import Switching
from bot.app.vitals import Vitals
from bot.chat.room.bell import Bell
from bot.console.console import Console
from bot.console.front import Doings, Views
from bot.domain.after import Hiding
from bot.domain.ask import Account
from bot.domain.badge import Badge, Rank
from bot.domain.catalogue import Catalogue
from bot.domain.house_rules import Rules
from bot.domain.ledger import Limits
from bot.domain.quota import Policy, Strangers
from bot.domain.sanction import StrikePolicy
from bot.media.plots import Plotter
from bot.media.staging import Staging
from bot.media.worker import MediaWorker
from bot.settings.endpoints import catalogue_of
from bot.store.books import Books
from bot.store.registers import Registers
from bot.store.statistics import Figures
from bot.web.badges import Badges
from bot.web.listener import Listener, Opening, open_door, open_port
from bot.web.session import Sessions
from bot.web.site import Site, door, guarded, local_hosts
from tests.builders import Ids, a_policy, an_endpoint
from tests.store.shop import Shop, shop

OWNERS_RULES = Rules(words=("naked",), effects=("Bikini Up",))
HERE = "discord:1"
THERE = "discord:2"

MIA = Account(platform="discord", id="7", name="Mia")
OWNER = Badge(account=Account(platform="discord", id="1", name="Olga"), rank=Rank.OWNER)
MODERATOR = Badge(account=MIA, rank=Rank.MODERATOR, group=HERE)
VIEWER = Badge(account=Account(platform="discord", id="8", name="Vi"), rank=Rank.VIEWER, group=HERE)

TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')


class Looks:
    """A `sleep` that takes no time and counts: a stream sleeps once after each look."""

    def __init__(self) -> None:
        self.count = 0
        self._more = asyncio.Event()

    async def __call__(self, _seconds: float) -> None:
        self.count += 1
        self._more.set()
        self._more = asyncio.Event()

    async def until(self, count: int) -> None:
        """Wait for so many looks."""
        while self.count < count:
            await self._more.wait()


@dataclass(frozen=True, slots=True, kw_only=True)
class Harness:
    """A running console."""

    url: str
    door: Path
    folder: Path
    kept: Shop
    console: Console
    badges: Badges
    room: Sessions
    bell: Bell
    looks: Looks
    vitals: Vitals

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


@dataclass(frozen=True, slots=True)
class Shelves:
    """Where a test puts media, and the console finds them."""

    folder: Path

    def path(self, sha256: str) -> Path:
        return Staging(self.folder / "media").path_of(sha256)

    def reel_path(self, sha256: str) -> Path:
        return Staging(self.folder / "reels", suffix=".mp4").path_of(sha256)

    def thumbnail_path(self, sha256: str) -> Path:
        return Staging(self.folder / "reels", suffix=".mp4").path_of(sha256, ".jpg")


def views(
    kept: Shop,
    bell: Bell,
    looks: Looks,
    vitals: Vitals,
    plotter: Plotter,
    folder: Path,
    catalogue: Catalogue,
    policy: Policy,
) -> Views:
    """What the pages read: a real store, and no time that passes by itself."""
    policies, figures = Policies(policy=policy, budgets=kept.budgets), Figures(kept.database)
    return Views(
        lists=Registers(kept.database),
        figures=figures,
        counting=Counting(figures=figures, catalogue=catalogue, policies=policies, now=kept.clock),
        find=kept.jobs.get,
        durations=kept.jobs.durations,
        catalogue=catalogue,
        sandbox=False,
        policy=policy,
        policies=policies,
        budgets=kept.budgets,
        judging=Limits(day=1_000_000),
        files=Shelves(folder),
        rules=OWNERS_RULES,
        groups=kept.groups,
        sanctions=kept.sanctions,
        decisions=kept.decisions,
        declarations=kept.people.declarations,
        after=kept.afters.get,
        picture=plotter,
        health=vitals.all,
        bell=bell,
        now=kept.clock,
        sleep=looks,
    )


def doings(kept: Shop, catalogue: Catalogue, policy: Policy) -> Doings:
    """What the pages do."""
    demand = Demands(sanctions=kept.sanctions, standings=kept.people, strangers=Strangers.WELCOME, now=kept.clock)
    return Doings(
        presses=Presses(inbox=kept.inbox, jobs=kept.jobs, now=kept.clock, new_id=Ids(), demand=demand),
        doorkeeping=Doorkeeping(standings=kept.people, now=kept.clock),
        reviewing=Reviewing(jobs=kept.jobs, demand=demand, timeout=timedelta(hours=24), now=kept.clock),
        rule_keeping=RuleKeeping(groups=kept.groups, demand=demand, now=kept.clock),
        switching=Switching(catalogue=catalogue, pause=kept.people.pause_endpoint),
        budgeting=Budgeting(
            budgets=kept.budgets, balances=Books(kept.database), demand=demand, policy=policy, now=kept.clock
        ),
        declaring=Declaring(declarations=kept.people, demand=demand, now=kept.clock),
        aftercare=Aftercare(
            jobs=kept.jobs,
            afters=kept.afters,
            groups=kept.groups,
            demand=demand,
            hiding=Hiding(),
            policy=StrikePolicy(),
            now=kept.clock,
        ),
        sanctioning=Sanctioning(sanctions=kept.sanctions, demand=demand, policy=StrikePolicy(), now=kept.clock),
    )


@asynccontextmanager
async def console(folder: Path, catalogue: Catalogue | None = None) -> AsyncIterator[Harness]:
    """A console on a free port and a door in `folder`."""
    async with shop(folder / "reelroom.db") as kept:
        secrets = [b"a secret of this test"]
        listening = open_port("127.0.0.1", 0)
        port = listening.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        badges, bell, looks = Badges(secrets=secrets, now=kept.clock, entropy=os.urandom), Bell(), Looks()
        vitals, drawing = Vitals(now=kept.clock), MediaWorker()
        offered = catalogue or catalogue_of([an_endpoint()])
        policy = a_policy(bot=Limits(day=20_000_000, month=200_000_000), group=Limits(month=100_000_000), pause_at=90)
        pages = Console(
            badges=badges,
            base_url=url,
            views=views(kept, bell, looks, vitals, Plotter(drawing), folder, offered, policy),
            doings=doings(kept, offered, policy),
        )
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
        listener = Listener(openings, before_stop=bell.close, grace_s=1)
        await listener.start()
        try:
            yield Harness(
                url=url,
                door=folder / "door",
                folder=folder,
                kept=kept,
                console=pages,
                badges=badges,
                room=room,
                bell=bell,
                looks=looks,
                vitals=vitals,
            )
        finally:
            await listener.stop()
            await drawing.close()


async def _the_room(_request: Request) -> Response:
    return PlainTextResponse("the Room")
