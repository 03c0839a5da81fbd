"""Discord, put together: off without a token, and otherwise under its own supervisor."""

import logging
from dataclasses import dataclass

from bot.app import clock
from bot.app.desks import build_reception, covering
from bot.app.parts import Kept, Plan, World
from bot.app.supervisor import supervise
from bot.chat.discord.desk import Desk
from bot.chat.discord.place import DISCORD, Answers
from bot.chat.discord.platform import Discord, Where
from bot.ports.vitals import Vital
from bot.store.updates import ReceiptStore
from bot.web.site import Hook

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervised:
    """A platform, its token and its desk. Fits `app.platforms.Platform`."""

    discord: Discord
    token: str
    desk: Desk
    vital: Vital
    name: str = DISCORD
    hook: Hook | None = None

    async def run(self) -> None:
        """One life after another, until `close`."""
        live = self.discord.living(self.token, self.desk)
        await supervise("Discord", live, now=clock.now, sleep=clock.sleep, draw=clock.draw, vital=self.vital)

    async def drain(self) -> None:
        """Let nobody in any more, and those inside finish."""
        await self.discord.drain()

    async def close(self) -> None:
        """End the life."""
        await self.discord.close()


def build_discord(plan: Plan, kept: Kept, world: World) -> Supervised | None:
    """The platform, put among the chats; None without a token."""
    token, settings, vital = plan.settings.discord_token, plan.settings.discord, kept.vitals.of("Discord")
    if token is None:
        log.info("Discord is off: DISCORD_TOKEN is not set")
        vital.off("DISCORD_TOKEN is not set")
        return None
    where = Where(
        api_url=settings.api_url,
        gateway_url=settings.gateway_url,
        cdn_url=settings.cdn_url,
        shards=settings.shards or None,
        owners=frozenset(int(one) for one in settings.owners),
        answers=Answers(settings.answers),
        guild_ready_s=settings.guild_ready_s,
        pace_s=settings.edit_every_s,
    )

    discord = Discord(
        where=where,
        catalogue=plan.catalogue,
        memory=kept.people,
        receipts=ReceiptStore(kept.database, DISCORD, now=clock.now),
        job=kept.jobs.get,
        covered=covering(plan),
        now=clock.now,
        vital=vital,
    )
    world.chats[DISCORD] = discord.chat
    desk = discord.desk(build_reception(plan, kept, world, DISCORD), clock.new_id)
    return Supervised(discord=discord, token=token.get_secret_value(), desk=desk, vital=vital)
