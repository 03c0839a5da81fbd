"""Buttons: first the permission table, then one transaction. The answer is for the presser alone."""

import dataclasses
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from bot.actions.demand import Demand, by_table
from bot.domain.ask import STAGED, Account, Ask, Attachment, Place, Wish
from bot.domain.courtesies import deleted_notice
from bot.domain.decision import Along, Decision, Ruling, about_request
from bot.domain.errors import Problem, Refused, Slug, StoreUnavailable
from bot.domain.job import REMOVED, Event, Job, Reason, State, Waiting
from bot.domain.ledger import Closing, Ending
from bot.domain.notice import Action, Notice
from bot.domain.permission import About, about
from bot.domain.privacy import is_forgotten
from bot.ports.clock import NewId, Now
from bot.ports.inbox import Inbox
from bot.ports.jobs import Jobs
from bot.ports.linking import AreOne

log = logging.getLogger(__name__)

RELEASED = Closing(ending=Ending.RELEASED)
CANCELLABLE = frozenset({State.ADMITTED, State.SUBMITTING, State.UNCERTAIN, State.SUBMITTED})
SAME_PRESS_S = 5
"""Two presses of Again within this time are one: fingers double-click."""

ONE_PLACE = frozenset({"image", "images"})
"""Two names of the place for a picture, of which an endpoint has one."""

Declare = Callable[[Job, Account], Awaitable[None]]
"""Remember what a person's yes to a Job declared, when it declared anything."""

TakeDown = Callable[[str, Account], Awaitable[Notice]]
"""Take somebody else's reel down, by the id of its Job."""

_Press = Callable[[Job, Account], Awaitable[Notice]]


class Presses:
    """What each button does. `are_one`: accounts joined to one Person count as one another's."""

    def __init__(
        self,
        *,
        inbox: Inbox,
        jobs: Jobs,
        now: Now,
        new_id: NewId,
        declare: Declare | None = None,
        are_one: AreOne | None = None,
        demand: Demand = by_table,
        take_down: TakeDown | None = None,
    ) -> None:
        self._demand = demand
        self._take_down = take_down
        self._inbox = inbox
        self._jobs = jobs
        self._now = now
        self._new_id = new_id
        self._declare = declare
        self._are_one = are_one
        self._repeated: dict[tuple[str, str, str], datetime] = {}
        self._on_jobs: Mapping[Action, _Press] = {
            Action.CANCEL: self._cancel,
            Action.CONFIRM: self._confirm,
            Action.DECLINE: self._decline,
            Action.AGAIN: self._again,
            Action.DELIVER: self._deliver,
            Action.SHOW: self._show,
            Action.DELETE: self._delete,
        }

    async def press(
        self, action: Action, subject: str, account: Account, *, place: Place | None = None, group: str | None = None
    ) -> Notice:
        """Do what the button says, if the presser may and it is not done yet. A reel may be asked for elsewhere.

        `group` is where it was pressed, "" in private, None where the thing itself is.

        Raises:
            Refused: NOT_YOURS and its kin when they may not, NOTHING_TO_PRESS when the moment has passed, FORGOTTEN
                when nothing is known of it.
        """
        if action in {Action.STILL, Action.DROP}:
            return await self._answer_for_ask(action, subject, account, group)
        job = await self._jobs.get(subject)
        press = self._on_jobs.get(action)
        if job is None and action is Action.CANCEL:
            return await self._cancel_ask(subject, account, group)
        if job is None or (is_forgotten(job) and action is not Action.DELETE):
            raise Refused([Problem(slug=Slug.FORGOTTEN)])
        if press is None:
            raise _nothing()
        await self.permit(action, account, job, group)
        if place is not None and action is Action.DELIVER and job.reason is not Reason.WITHHELD:
            job = dataclasses.replace(job, place=place, receipt="")
        return await press(job, account)

    async def permit(self, action: Action, account: Account, thing: Job | Ask, group: str | None) -> None:
        """First the table, where accounts of one Person are each other's. Raises Refused, saying who may."""
        await self._demand(action, account, await self._about(thing, account), group)

    async def _about(self, thing: Job | Ask, account: Account) -> About:
        """Something that is done to, asked for by the presser where both accounts are one Person."""
        to = about(thing)
        if to.asker is not None and self._are_one is not None and await self._are_one(account, to.asker):
            return dataclasses.replace(to, asker=account)
        return to

    async def _answer_for_ask(self, action: Action, ask_id: str, account: Account, group: str | None) -> Notice:
        row = await self._inbox.row(ask_id)
        if row is None:
            raise _nothing()
        await self.permit(action, account, row.ask, group)
        if not row.away:
            raise _nothing()
        if action is Action.DROP:
            await self._inbox.consume(ask_id)
            return Notice(text="All right, I've let it go. Nothing was charged.", private=True)
        if not await self._inbox.still_wanted(ask_id):
            raise _nothing()
        return Notice(text="On it.", private=True)

    async def _cancel_ask(self, ask_id: str, account: Account, group: str | None) -> Notice:
        """An Ask that is no Job yet is let go before it becomes one."""
        row = await self._inbox.row(ask_id)
        if row is None:
            raise _nothing()
        await self.permit(Action.CANCEL, account, row.ask, group)
        await self._inbox.consume(ask_id)
        return Notice(text="Cancelled. Nothing was charged.", private=True)

    async def _cancel(self, job: Job, account: Account) -> Notice:
        if job.state is State.IN_REVIEW:
            await self._let_go(job, account)
            return Notice(text="Cancelled. Nothing was charged.", private=True)
        if job.state not in CANCELLABLE:
            raise _nothing()
        await self._jobs.note(job.id, cancel_wanted_at=self._now())
        return Notice(
            text="I'm cancelling it. If the video service finishes all the same, you'll get the reel.", private=True
        )

    async def _confirm(self, job: Job, account: Account) -> Notice:
        """The yes to a price is one to the declaration that stood beside it; that is remembered first."""
        if self._declare is not None and Waiting.CONFIRMATION in job.waiting_for:
            await self._declare(job, account)
        approved = await self._jobs.approve(job, Waiting.CONFIRMATION)
        if approved is None:
            raise _nothing()
        if approved.state is State.IN_REVIEW:
            return Notice(text="Thank you. It goes on as soon as the others have said yes too.", private=True)
        return Notice(text="Thank you. It's on its way.", private=True)

    async def _decline(self, job: Job, account: Account) -> Notice:
        await self._let_go(job, account)
        return Notice(text="All right. Nothing was charged.", private=True)

    async def _deliver(self, job: Job, account: Account) -> Notice:
        along = None
        if job.reason is Reason.WITHHELD:
            if not (account.is_owner or account.is_moderator):
                raise Refused([Problem(slug=Slug.MODERATOR_ALONE)])
            along = Along(decisions=(self._let_through(job, account),))
        if job.state is not State.UNDELIVERED or job.reason in REMOVED or await self._asked_again(job, along) is None:
            raise _nothing()
        return Notice(text="I'm trying again.", private=True)

    async def _asked_again(self, job: Job, along: Along | None) -> Job | None:
        """Why it was kept stays with it: a platform that cannot look must know that somebody asked."""
        return await self._jobs.record(
            job, Event.ASKED_AGAIN, reason=job.reason, place=job.place, receipt=job.receipt, along=along
        )

    def _let_through(self, job: Job, account: Account) -> Decision:
        """A moderator's yes to a reel that was withheld; it goes where it was asked for."""
        return about_request(Ruling.APPROVED, job, by=account.key, at=self._now())

    async def _show(self, job: Job, account: Account) -> Notice:  # noqa: ARG002  the same shape for every press
        """The platform posts what it has already; nothing is made and nothing is paid."""
        if job.state is not State.DELIVERED or job.reason in REMOVED:
            raise _nothing()
        return Notice(text="Here it is.", private=True)

    async def _delete(self, job: Job, account: Account) -> Notice:
        """The platform takes the message away; of somebody else's reel nothing stays, and that is written down."""
        if not job.reel_receipt:
            raise _nothing()
        to = await self._about(job, account)
        if self._take_down is not None and (to.asker is None or to.asker.key != account.key):
            return await self._take_down(job.id, account)
        log.info("a reel is removed", extra={"job": job.id, "by": f"{account.platform}:{account.id}"})
        return deleted_notice()

    async def _again(self, job: Job, account: Account) -> Notice:
        ask = self.again(job, account)
        press = (job.id, account.platform, account.id)
        if not self._is_same_press(press, ask.received_at):
            self._repeated[press] = ask.received_at
            try:
                await self._inbox.receive(ask)
            except StoreUnavailable:
                del self._repeated[press]
                raise
        return Notice(text="Once more, coming up.", private=True)

    def _is_same_press(self, press: tuple[str, str, str], now: datetime) -> bool:
        """Whether this is the second half of a double click. The event's id alone would miss one across its border."""
        still = {one: at for one, at in self._repeated.items() if 0 <= (now - at).total_seconds() < SAME_PRESS_S}
        self._repeated = still
        return press in still

    def again(self, job: Job, account: Account) -> Ask:
        """The presser's own Ask for the same thing, in the same place, with the media as it was staged.

        Raises:
            Refused: FORGOTTEN when what was asked for is no longer known.
        """
        if is_forgotten(job):
            raise Refused([Problem(slug=Slug.FORGOTTEN)])
        now = self._now()
        moment = int(now.timestamp()) // SAME_PRESS_S
        files = tuple(
            Attachment(platform=STAGED, handle=sha256, name=option, option=option)
            for option, hashes in job.order.media.items()
            for sha256 in hashes
        )
        return dataclasses.replace(
            job.ask,
            id=self._new_id(),
            event_id=f"again:{job.id}:{account.platform}:{account.id}:{moment}",
            account=account,
            wish=_same_wish(job),
            attachments=files,
            received_at=now,
            price_seen_microusd=None,
        )

    async def _let_go(self, job: Job, account: Account) -> None:
        if job.state is not State.IN_REVIEW:
            raise _nothing()
        to = await self._about(job, account)
        is_asker = to.asker is not None and account.key == to.asker.key
        reason = Reason.BY_PERSON if is_asker else Reason.BY_MODERATOR
        if await self._jobs.record(job, Event.CANCELLED, closing=RELEASED, reason=reason) is None:
            raise _nothing()


def is_cancellable(job: Job) -> bool:
    """Whether Cancel would still stop it, and was not pressed yet."""
    return job.state in CANCELLABLE | {State.IN_REVIEW} and job.cancel_wanted_at is None


def _same_wish(job: Job) -> Wish:
    """What was typed, on the endpoint it became an Order of; files that were typed as links are staged by now."""
    taken = set(job.order.media)
    taken |= ONE_PLACE if taken & ONE_PLACE else set()
    options = {name: text for name, text in job.ask.wish.options.items() if name not in taken}
    return dataclasses.replace(job.ask.wish, options=options, model=job.order.endpoint)


def _nothing() -> Refused:
    return Refused([Problem(slug=Slug.NOTHING_TO_PRESS)])
