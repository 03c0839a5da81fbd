"""A day later: the watch stage over the same store, with a clock that is 25 hours ahead."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.app import clock
from bot.app.parts import fal_client
from bot.domain.errors import FalLocked
from bot.pipeline.doubt import Doubt
from bot.pipeline.gate import Gate
from bot.pipeline.pace import Pace
from bot.pipeline.watch import Watch
from bot.store.database import open_database
from bot.store.jobs import Jobs
from bot.store.people import People
from bot.store.wakeups import HeapWakeups
from tests.crash.child import Birth, plan
from tests.crash.rest import STORE

A_DAY_AND_MORE = timedelta(hours=25)


async def look_again(birth: Birth, jobs: Sequence[str]) -> None:
    """Have these Jobs watched once, no program being there."""

    def now() -> datetime:
        return clock.now() + A_DAY_AND_MORE

    def alert(error: FalLocked) -> None:
        raise error

    wanted = plan(birth)
    store = await open_database(birth.data / STORE)
    client = fal_client(wanted)
    nobody = HeapWakeups(now, clock.wait)
    rows = Jobs(store, work=nobody, news=nobody, now=now, new_id=clock.new_id)
    watch = Watch(
        jobs=rows,
        queue=client,
        catalogue=wanted.catalogue,
        gate=Gate(now=now, alert=alert),
        doubt=Doubt(jobs=rows, queue=client, catalogue=wanted.catalogue, now=now),
        pace=Pace(jobs=rows, catalogue=wanted.catalogue, webhooks=False, now=now),
        observations={},
        pause=People(store, now=now).pause_endpoint,
        free_failures_per_day=0,
        now=now,
    )
    try:
        for job_id in jobs:
            job = await rows.get(job_id)
            if job is not None:
                await watch.advance(job)
    finally:
        await client.close()
        await store.close()
