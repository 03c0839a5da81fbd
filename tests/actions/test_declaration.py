"""A yes to a face effect is remembered as the declaration it was, before the Job goes on."""

from pathlib import Path

import pytest

from bot.actions.press import Presses
from bot.domain.ask import Account
from bot.domain.decision import Decision, Ruling
from bot.domain.job import Job, State, Waiting
from bot.domain.moderation import Verdict
from bot.domain.notice import Action
from tests.builders import ANNA, Ids
from tests.store.shop import shop


@pytest.mark.parametrize(("waiting", "times"), [(Waiting.CONFIRMATION, 1), (Waiting.MODERATOR, 0)])
async def test_what_was_declared_is_remembered_with_the_yes(tmp_path: Path, waiting: Waiting, times: int) -> None:
    declared: list[tuple[str, str]] = []

    async def declare(job: Job, account: Account) -> None:
        found = await kept.jobs.get(job.id)
        assert found is not None
        assert found.state is State.IN_REVIEW
        declared.append((job.id, account.id))
        decision = Decision(who=account.key, what=Ruling.DECLARED, at=kept.clock(), job=job.id)
        await kept.people.declare(account, job.ask.group, decision)
        await kept.people.declare(account, job.ask.group, decision)

    async with shop(tmp_path / "reelroom.db") as kept:
        presses = Presses(inbox=kept.inbox, jobs=kept.jobs, now=kept.clock, new_id=Ids(), declare=declare)
        job = (await kept.admit(verdict=Verdict(waiting_for=frozenset({waiting, Waiting.CONFIRMATION})))).job
        assert job is not None
        if waiting is Waiting.MODERATOR:
            await kept.jobs.approve(job, Waiting.CONFIRMATION)
            job = await kept.jobs.get(job.id)
            assert job is not None
            with pytest.raises(Exception, match="nothing_to_press"):
                await presses.press(Action.CONFIRM, job.id, ANNA)
        else:
            await presses.press(Action.CONFIRM, job.id, ANNA)
        assert len(declared) == times
        assert len([one for one in await kept.decisions.of_job(job.id) if one.what is Ruling.DECLARED]) == times
        assert await kept.people.declared(ANNA, job.ask.group) is bool(times)
        assert not await kept.people.declared(ANNA, "another group")
