"""Telegram, put together: off without a token, and otherwise under its own supervisor."""

import asyncio
import logging
from dataclasses import dataclass

from bot.actions.guide import Guide
from bot.app import clock
from bot.app.desks import build_reception, covering
from bot.app.parts import Kept, Plan, World
from bot.app.supervisor import supervise
from bot.chat.telegram.desk import Desk
from bot.chat.telegram.place import TELEGRAM
from bot.chat.telegram.platform import Callback, Memories, Telegram, Where
from bot.chat.telegram.webhook import Webhook, secret_of
from bot.domain.errors import ConfigInvalid, ConfigProblem
from bot.domain.wizard import Shelf
from bot.ports.vitals import Vital
from bot.store.acquaintances import AcquaintanceStore
from bot.store.updates import ReceiptStore, UpdateStore
from bot.store.wakeups import HeapWakeups
from bot.store.wizards import WizardStore
from bot.web.site import HOOKS_PATH, Hook

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
    hook: Hook | None = None

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
    token, vital = plan.settings.telegram_token, kept.vitals.of("Telegram")
    if token is None:
        log.info("Telegram is off: TELEGRAM_TOKEN is not set")
        vital.off("TELEGRAM_TOKEN is not set")
        return None
    callback = _callback(plan, kept)

    work = HeapWakeups(clock.now, clock.wait, grace_s=plan.settings.pipeline.shutdown_s)
    updates = UpdateStore(kept.database, TELEGRAM, work=work, intake=kept.intake, now=clock.now)
    telegram = Telegram(
        where=_where(plan, callback),
        catalogue=plan.catalogue,
        memories=Memories(
            updates=updates,
            receipts=ReceiptStore(kept.database, TELEGRAM, now=clock.now),
            memory=kept.people,
            acquaintances=AcquaintanceStore(kept.database, TELEGRAM, now=clock.now),
        ),
        job=kept.jobs.get,
        covered=covering(plan),
        now=clock.now,
        sleep=clock.sleep,
        vital=vital,
    )
    world.chats[TELEGRAM] = telegram.chat
    guide = Guide(
        wizards=WizardStore(kept.database, now=clock.now), shelf=Shelf(catalogue=plan.catalogue, sandbox=plan.sandbox)
    )
    desk = telegram.desk(build_reception(plan, kept, world, TELEGRAM), guide, clock.new_id, work.nudge)
    return SupervisedTelegram(
        telegram=telegram,
        token=token.get_secret_value(),
        updates=updates,
        work=work,
        desk=desk,
        vital=vital,
        hook=None if callback is None else _hook(plan, callback, telegram),
    )


def _where(plan: Plan, callback: Callback | None) -> Where:
    settings = plan.settings.telegram
    return Where(
        api_url=settings.api_url,
        file_url=settings.file_url,
        local=settings.local,
        owners=frozenset(int(one) for one in settings.owners),
        upload_bytes=settings.upload_bytes,
        pace_s=settings.edit_every_s,
        poll_s=settings.poll_s,
        webhook=callback,
    )


def _callback(plan: Plan, kept: Kept) -> Callback | None:
    """Where Telegram calls us, None when we poll. Raises ConfigInvalid when there is no address for it."""
    if not plan.settings.telegram.webhook:
        return None
    public_url = plan.settings.webhook.public_url.rstrip("/")
    if not public_url:
        reason = "it needs webhook.public_url, the https address under which Telegram reaches this machine"
        raise ConfigInvalid([ConfigProblem(file="bot.toml", key="telegram.webhook", reason=reason)])
    return Callback(url=f"{public_url}{HOOKS_PATH}{TELEGRAM}", secret=secret_of(kept.secret))


def _hook(plan: Plan, callback: Callback, telegram: Telegram) -> Hook:
    """While the secret is changed, calls proved by the one before it are still taken."""
    old = plan.settings.secret_old
    before = (secret_of(old.get_secret_value().encode()),) if old else ()
    return Webhook(secrets=(callback.secret, *before), arrivals=telegram.arrivals)
