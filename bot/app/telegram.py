"""Telegram, put together: off without a token, and otherwise under its own supervisor."""

import asyncio
import logging
from dataclasses import dataclass

from bot.actions.defaults import Defaults
from bot.actions.doorkeeping import Doorkeeping
from bot.app import clock
from bot.app.parts import Kept, Plan, World, build_presses, build_replies
from bot.app.reception import Reception
from bot.app.supervisor import supervise
from bot.chat.telegram.desk import Desk
from bot.chat.telegram.place import TELEGRAM
from bot.chat.telegram.platform import Memories, Telegram, Where
from bot.domain.job import Job
from bot.domain.moderation import is_covered
from bot.ports.vitals import Vital
from bot.store.updates import ReceiptStore, UpdateStore
from bot.store.wakeups import HeapWakeups

log = logging.getLogger(__name__)

AT_ONCE = 32
"""Updates taken on at the same time; most only wait for an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisedTelegram:
    """A platform, its token, and the updates it works on. Fits `app.platforms.Platform`."""

    telegram: Telegram
    token: str
    updates: UpdateStore
    work: HeapWakeups
    desk: Desk
    vital: Vital
    name: str = TELEGRAM

    async def run(self) -> None:
        """One life after another, and the updates beside it, until it is cancelled."""
        for key in await self.updates.open_keys():
            self.work.nudge(key)
        live = self.telegram.living(self.token, self.desk)
        async with asyncio.TaskGroup() as group:
            group.create_task(self.work.run(self.desk.advance, concurrency=AT_ONCE))
            await supervise("Telegram", live, now=clock.now, sleep=clock.sleep, draw=clock.draw, vital=self.vital)

    async def drain(self) -> None:
        """Let what was begun end, and begin nothing more: the store has the rest."""
        await self.work.close()

    async def close(self) -> None:
        """Say nothing more."""
        await self.telegram.close()


def build_telegram(plan: Plan, kept: Kept, world: World) -> SupervisedTelegram | None:
    """The platform, put among the chats; None without a token."""
    token, settings, vital = plan.settings.telegram_token, plan.settings.telegram, kept.vitals.of("Telegram")
    if token is None:
        log.info("Telegram is off: TELEGRAM_TOKEN is not set")
        vital.off("TELEGRAM_TOKEN is not set")
        return None
    rules = plan.settings.moderation.rules()

    def covered(job: Job) -> bool:
        endpoint = plan.catalogue.endpoint(job.order.endpoint)
        return endpoint is not None and is_covered(job.order, endpoint, rules)

    work = HeapWakeups(clock.now, clock.wait, grace_s=plan.settings.pipeline.shutdown_s)
    updates = UpdateStore(kept.database, TELEGRAM, work=work, intake=kept.intake, now=clock.now)
    telegram = Telegram(
        where=Where(
            api_url=settings.api_url,
            file_url=settings.file_url,
            local=settings.local,
            owners=frozenset(int(one) for one in settings.owners),
            upload_bytes=settings.upload_bytes,
            pace_s=settings.edit_every_s,
            poll_s=settings.poll_s,
        ),
        catalogue=plan.catalogue,
        memories=Memories(
            updates=updates,
            receipts=ReceiptStore(kept.database, TELEGRAM, now=clock.now),
            memory=kept.people,
        ),
        job=kept.jobs.get,
        covered=covered,
        now=clock.now,
        sleep=clock.sleep,
        vital=vital,
    )
    world.chats[TELEGRAM] = telegram.chat
    desk = telegram.desk(_reception(plan, kept, world), clock.new_id, work.nudge)
    return SupervisedTelegram(
        telegram=telegram, token=token.get_secret_value(), updates=updates, work=work, desk=desk, vital=vital
    )


def _reception(plan: Plan, kept: Kept, world: World) -> Reception:
    presses = build_presses(plan, kept)
    return Reception(
        catalogue=plan.catalogue,
        inbox=kept.inbox,
        jobs=kept.jobs,
        presses=presses,
        replies=build_replies(plan, kept, presses),
        doorkeeping=Doorkeeping(standings=kept.people, memory=kept.people, jobs=kept.jobs, now=clock.now),
        defaults=Defaults(memory=kept.people, catalogue=plan.catalogue),
        chat=world.chats[TELEGRAM],
        sandbox=plan.sandbox,
        sleep=clock.sleep,
    )
