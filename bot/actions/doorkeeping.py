"""What owners decide about groups, and what members report: recorded in the store, first the permission table."""

import logging

from bot.actions.demand import by_table
from bot.domain.ask import Account
from bot.domain.courtesies import opened_notice, reported_notice
from bot.domain.decision import Decision, Ruling
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.notice import Action, Notice
from bot.domain.permission import About
from bot.domain.quota import Standing
from bot.ports.clock import Now
from bot.ports.jobs import Jobs
from bot.ports.people import Memory, Standings

log = logging.getLogger(__name__)

DECISIONS = {Action.OPEN: Standing.APPROVED, Action.SHUT: Standing.OFF}
RULINGS = {Action.OPEN: Ruling.OPENED, Action.SHUT: Ruling.SHUT}


class Doorkeeping:
    """Opens and shuts groups, and takes reports down."""

    def __init__(self, *, standings: Standings, memory: Memory, jobs: Jobs, now: Now) -> None:
        self._standings = standings
        self._memory = memory
        self._jobs = jobs
        self._now = now

    async def decide(self, action: Action, group: str, account: Account, *, platform: str = "") -> Notice:
        """An owner's word about a group, of the platform they say it on unless another is named.

        Raises:
            Refused: OWNER_ALONE.
        """
        where = platform or account.platform
        await by_table(action, account, About(platform=where, group=group), None)
        decision = Decision(who=account.key, what=RULINGS[action], at=self._now(), platform=where, group=group)
        await self._standings.decide(where, group, DECISIONS[action], decision)
        who = f"{where}:{group}"
        log.info("a group was decided about", extra={"group": who, "by": account.key, "as": action.value})
        return opened_notice(opened=action is Action.OPEN)

    async def report(self, job_id: str, account: Account) -> Notice:
        """Anybody's word about a reel; one of a person counts once. Raises Refused(FORGOTTEN)."""
        job = await self._jobs.get(job_id)
        if job is None:
            raise Refused([Problem(slug=Slug.FORGOTTEN)])
        scope = f"group:{job.place.platform}:{job.ask.group}"
        await self._memory.keep_setting(
            scope, f"report:{job_id}:{account.platform}:{account.id}", self._now().isoformat()
        )
        log.info("a reel was reported", extra={"job": job_id, "by": f"{account.platform}:{account.id}"})
        return reported_notice()
