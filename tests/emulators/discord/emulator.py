"""Discord on a loopback port: everything put together, and a tester's way to furnish it.

async with emulated() as discord:
    guild = discord.guild("Reel lovers")
    channel = discord.text(guild, "general")
    ada = discord.person("Ada", at=channel)
    ... point a client at discord.api_url, discord.gateway_url, discord.cdn_url with discord.token ...
    await discord.connected()
    seen = await ada.slash("effect", effect="Kiss Me AI")
"""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.app import clock as machine
from tests.emulators.bell import PATIENCE_S, Bell, Seen
from tests.emulators.clock import standing
from tests.emulators.discord.calls import Parts
from tests.emulators.discord.cdn import Cdn
from tests.emulators.discord.clock import Clock
from tests.emulators.discord.events import Events
from tests.emulators.discord.faults import Drop, Faults, Limited, Slow, Status
from tests.emulators.discord.furnishing import Furnishing
from tests.emulators.discord.gateway import Gateway
from tests.emulators.discord.interactions import Interactions
from tests.emulators.discord.judge import Judge
from tests.emulators.discord.people import Person
from tests.emulators.discord.posting import Press
from tests.emulators.discord.rates import Rates
from tests.emulators.discord.rest import Rest, broken, dropped
from tests.emulators.discord.routes_application import ROUTES as APPLICATION
from tests.emulators.discord.routes_channels import ROUTES as CHANNELS
from tests.emulators.discord.routes_interactions import ROUTES as INTERACTIONS
from tests.emulators.discord.routes_messages import ROUTES as MESSAGES
from tests.emulators.discord.things import Application, Channel, Guild, User
from tests.emulators.discord.world import World

BOT = 1_100_000_000_000_000_000
OWNER = 1_090_000_000_000_000_000


class Discord(Furnishing):
    """One Discord. `now` may run or (the default) stand still; `clock.advance` moves it either way."""

    def __init__(self, now: Callable[[], datetime] | None = None) -> None:
        self.bell = Bell()
        self.clock = Clock(now or standing(machine.now()), changed=self.bell.ring)
        bot = User(id=BOT, name="Reelroom", bot=True)
        owner = User(id=OWNER, name="Olive Owner")
        token = f"{base64.b64encode(str(BOT).encode()).decode()}.emulated.token-of-nobody"
        self.application = Application(id=BOT, name="Reelroom", user=bot, token=token, owner=owner)
        self.world = World(self.clock, self.application, self._told)
        self.cdn = Cdn(self.world)
        self.press = Press(self.world, self.cdn.sign)
        self.interactions = Interactions(self.clock)
        self.faults = Faults()
        self.rates = Rates(elapsed, lambda: machine.now().timestamp())
        self.judge = Judge()
        self.gateway = Gateway(self.world, Events(self.world, self.press), self.bell, elapsed)
        parts = Parts(
            world=self.world,
            press=self.press,
            interactions=self.interactions,
            gateway_bot=self.gateway.bot_info,
        )
        self.rest = Rest(parts, self.faults, self.rates, self.judge)
        self.base = ""

    @property
    def token(self) -> str:
        """The bot's."""
        return self.application.token

    @property
    def api_url(self) -> str:
        """For `discord.api_url`."""
        return f"{self.base}/api/v10"

    @property
    def gateway_url(self) -> str:
        """For `discord.gateway_url`."""
        return self.gateway.url

    @property
    def cdn_url(self) -> str:
        """For `discord.cdn_url`."""
        return self.cdn.base

    def _told(self, name: str, thing: Any, guild: Guild | None) -> None:
        if name and name != "INTERACTION_ANSWERED":
            self.gateway.tell(name, thing, guild)
        self.bell.ring()

    async def until(self, look: Callable[[], Seen | None], timeout_s: float = PATIENCE_S, what: str = "") -> Seen:
        """What `look` gives as soon as it is true; looked at again after every change.

        Raises:
            TimeoutError: Nothing of the kind happened.
        """
        return await self.bell.until(look, timeout_s, what)

    async def connected(self, shards: int = 1) -> None:
        """Wait until so many shards are there."""
        await self.until(lambda: self.gateway.connected(shards), what=f"{shards} shards")

    def person(
        self, name: str, *, at: Channel | None = None, installed: bool = False, avatar: bytes | None = None
    ) -> Person:
        """Somebody new. They join the server of `at`, and speak there; without it, in their direct channel."""
        user = User(id=self.clock.snowflake(), name=name, installed=installed, avatar=avatar)
        return self.hand(user, at)

    def hand(self, user: User, at: Channel | None = None) -> Person:
        """The hands of an account that is there already, the owner's for instance."""
        self.world.users[user.id] = user
        if at is not None and at.guild is not None and user.id not in at.guild.members:
            self.world.join(at.guild, user)
        return Person(self.world, self.press, self.interactions, self.bell, user, at)

    def app(self, guard: Any = None) -> web.Application:
        """Everything it answers to, behind `guard` if there is one."""

        @web.middleware
        async def cdn_faults(request: web.Request, handler: Any) -> web.StreamResponse:
            fault = self.faults.strike(request.method, request.path) if request.path.startswith("/cdn/") else None
            match fault:
                case Drop():
                    return dropped(request)
                case Status():
                    return broken(fault)
                case Slow():
                    await fault.held(self.bell.ring)
                case Limited() | None:
                    pass
            answer: web.StreamResponse = await handler(request)
            return answer

        app = web.Application(client_max_size=600 * 1024 * 1024, middlewares=[*([guard] if guard else []), cdn_faults])
        routes = [*APPLICATION, *INTERACTIONS, *MESSAGES, *CHANNELS]
        app.add_routes([web.get("/gateway/", self.gateway.serve), web.get("/gateway/resume/", self.gateway.serve)])
        app.add_routes([*self.cdn.routes(), *self.rest.routes(routes)])
        return app


def elapsed() -> float:
    """Seconds of the machine, for what clients wait by."""
    return asyncio.get_running_loop().time()


@asynccontextmanager
async def emulated(
    now: Callable[[], datetime] | None = None, *, strict: bool = True, guard: Any = None
) -> AsyncIterator[Discord]:
    """A Discord on a free loopback port.

    `strict`: whatever the judge found fails the test that leaves this block. `guard`: a middleware of aiohttp that
    every request passes first.

    Raises:
        AssertionError: At the end, with every complaint.
    """
    discord = Discord(now)
    runner = web.AppRunner(discord.app(guard), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        discord.base = f"http://{host}:{port}"
        discord.cdn.base = f"{discord.base}/cdn"
        discord.gateway.url = f"ws://{host}:{port}/gateway/"
        yield discord
    finally:
        await discord.gateway.shut()
        await runner.cleanup()
    if strict and discord.judge.complaints:
        raise AssertionError("\n".join(discord.judge.complaints))
