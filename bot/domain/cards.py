"""What moderators are shown: a request that waits for them, with all that helps to decide, and what became of it."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.catalogue import Endpoint, Kind
from bot.domain.job import REMOVED, Job, Reason, State, Waiting
from bot.domain.notice import Action, Button, Notice, Tone
from bot.domain.phrases import order_words
from bot.domain.sentences import capital

SHOWN = 500
"""The most letters of a text that stand on a card."""

ASKED = "asked"
TOLD = "told"
"""What `Job.carded` says: moderators were asked, and were told what became of it."""

AFTER_OTHERS = frozenset({Waiting.CONFIRMATION, Waiting.CONSENT, Waiting.SCREENING})
"""Moderators are asked when nothing else has to be waited for: what comes to nothing is not worth their time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What is known of somebody in a group. `since` is when they were first seen, None when never."""

    reels: int = 0
    strikes: int = 0
    since: datetime | None = None


def card_key(job_id: str) -> str:
    """What a Job's card is known by to the platform it stands on."""
    return f"card-{job_id}"


def is_due(job: Job) -> bool:
    """Whether moderators are to be asked about it now: before it is made, or before it is posted."""
    if is_withheld(job):
        return True
    return job.state is State.IN_REVIEW and Waiting.MODERATOR in job.waiting_for and not job.waiting_for & AFTER_OTHERS


def is_withheld(job: Job) -> bool:
    """Whether its reel is made, and waits for moderators to look at it."""
    return job.state is State.UNDELIVERED and job.reason is Reason.WITHHELD


def card_notice(job: Job, endpoint: Endpoint | None, history: History, why: str = "") -> Notice:
    """The card of a request that waits. `why`: what is particular about it, "" when it is how all are asked about."""
    who = job.ask.account.name or "Somebody"
    said = [why] if why else []
    asks = f"{who} asks for /{job.order.command}."
    asked = f"{who} asked for /{job.order.command}. The reel is made, and withheld until somebody has looked at it."
    lines = [asked if is_withheld(job) else asks, *said, *texts_of(job, endpoint), history_words(who, history)]
    buttons: tuple[Button, ...] = (
        Button(action=Action.APPROVE, subject=job.id, label="Approve"),
        Button(action=Action.REFUSE, subject=job.id, label="Refuse"),
        Button(action=Action.SILENCE, subject=job.id, label="Refuse and time out"),
    )
    if is_withheld(job):
        buttons = (Button(action=Action.DELIVER, subject=job.id, label="Post it after all"),)
    detail = order_words(job.order, endpoint)
    return Notice(
        text="\n".join(lines), detail=detail, tone=Tone.WAITING, buttons=buttons, picture=picture_of(job, endpoint)
    )


def settled_card_notice(job: Job, endpoint: Endpoint | None, by: str) -> Notice:
    """The same card once there is nothing to press any more. `by` is the name of whoever decided, "" for nobody."""
    who = job.ask.account.name or "Somebody"
    text = f"{who} asked for /{job.order.command}. {_outcome(job, by)}"
    return Notice(text=text, detail=order_words(job.order, endpoint), picture=picture_of(job, endpoint))


def history_words(who: str, history: History) -> str:
    """How somebody is known here: "Anna: 12 reels here, 1 strike, since 3 May 2026"."""
    since = f", since {history.since.day} {history.since:%B %Y}" if history.since else ""
    return f"{who}: {_counted(history.reels, 'reel')} here, {_counted(history.strikes, 'strike')}{since}."


def _counted(number: int, what: str) -> str:
    return f"no {what}" if number == 0 else f"1 {what}" if number == 1 else f"{number} {what}s"


def picture_of(job: Job, endpoint: Endpoint | None) -> str:
    """The hash of the first picture that was given, "" when there is none."""
    kinds = {option.name: option.kind for option in endpoint.options} if endpoint else {}
    pictures = (
        hashes for name, hashes in job.order.media.items() if kinds.get(name) in {Kind.IMAGE, Kind.IMAGES} and hashes
    )
    return next(pictures, ("",))[0]


def texts_of(job: Job, endpoint: Endpoint | None) -> list[str]:
    """Every free text of the Order under its name; the effect stands in the small print."""
    found = []
    for option in endpoint.options if endpoint else ():
        value = job.order.values.get(option.name)
        if option.kind is Kind.TEXT and isinstance(value, str) and value.strip():
            text = " ".join(value.split())
            text = text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
            found.append(f"{capital(option.name.replace('_', ' '))}: {text}")
    return found


def _outcome(job: Job, by: str) -> str:
    if job.state is State.REFUSED and job.reason is Reason.EXPIRED:
        return "Nobody answered in time."
    if job.state is State.REFUSED and job.reason is Reason.SCREENED:
        return "Its picture was judged too revealing."
    if job.state is State.REFUSED:
        why = f": {job.remark.rstrip('.')}" if job.remark else ""
        return f"{by or 'Somebody'} said no{why}."
    if job.reason in REMOVED:
        return f"{by or 'Somebody'} took it down."
    if job.state is State.CANCELLED:
        return "It was let go."
    return f"{by or 'Somebody'} said yes."
