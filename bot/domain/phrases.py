"""Notices put together: what to say of a refusal, of a Job on its way, and with a reel."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.ask import Account, Ask
from bot.domain.catalogue import Catalogue, Endpoint
from bot.domain.errors import Problem
from bot.domain.job import GIVEN_UP, REMOVED, Job, Phase, Reason, Reel, State, Waiting
from bot.domain.moderation import animates_faces
from bot.domain.notice import Action, Button, Notice, Tone
from bot.domain.order import Order, Quote
from bot.domain.price import dollars
from bot.domain.progress import Durations, Observation, estimate
from bot.domain.sentences import ENDS, FAILURES, KEPT, NO_PLACE, capital, failure_sentence, problem_sentence, spoken
from bot.domain.typed import one_line

DOUBT_TOLD_AFTER_S = 600
"""A person hears of an unanswered submit after ten minutes; most are matched long before."""


CAPTION = 200
"""The most letters of a prompt that stand with its reel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of a Job's way besides its state. `ahead` counts our own Jobs that go first.

    `shut_out`: fal refuses our key or has locked the account, and the owner knows. `asked` have still to say whether
    their face may be used.
    """

    ahead: int | None = None
    shut_out: bool = False
    seen: Observation | None = None
    durations: Durations = dataclasses.field(default_factory=Durations)
    asked: tuple[Account, ...] = ()


def refusal_notice(problems: Sequence[Problem]) -> Notice:
    """All that is wrong, one sentence a line; nothing was charged."""
    lines = list(dict.fromkeys(problem_sentence(problem) for problem in problems))
    return Notice(text="\n".join(lines), tone=Tone.BAD, private=True)


def away_notice(ask: Ask) -> Notice:
    """An Ask that waited while we were down."""
    return Notice(
        text="I was away when you asked for this. Shall I still do it?",
        detail=f"/{ask.wish.command}",
        tone=Tone.WAITING,
        buttons=(
            Button(action=Action.STILL, subject=ask.id, label="Yes, please"),
            Button(action=Action.DROP, subject=ask.id, label="No, leave it"),
        ),
    )


def quote_words(quote: Quote) -> str:
    """A price as a person reads it."""
    if quote.unpriced:
        return "no price known"
    return f"about {dollars(quote.cost_microusd)}" if quote.estimated else dollars(quote.cost_microusd)


def order_words(order: Order, endpoint: Endpoint | None, *, captioned: bool = False) -> str:
    """What was ordered in small print: "Kiss Me AI · pixverse-4.5 · 720p · 5 s · $0.20".

    `captioned`: the effect stands above it already.
    """
    if endpoint is None:
        return quote_words(order.quote)
    effect, resolution, seconds = (str(order.values.get(name, "")) for name in ("effect", "resolution", "duration"))
    length = f"{seconds} s" if seconds.isdigit() else seconds
    shown = ["" if captioned else spoken(effect), endpoint.model, resolution, length, quote_words(order.quote)]
    return " · ".join(filter(None, shown))


def status_notice(  # noqa: C901, PLR0911  one arm per state
    job: Job, catalogue: Catalogue, standing: Standing, now: datetime
) -> Notice:
    """The status message of a Job, as it should read now."""
    endpoint = catalogue.endpoint(job.order.endpoint)
    detail = order_words(job.order, endpoint)
    if job.reason in REMOVED:
        return _removed(job, detail)
    match job.state:
        case State.IN_REVIEW:
            return _review(job, endpoint, standing, detail)
        case State.ADMITTED:
            return _moving(job, _line(standing), detail, tone=Tone.WAITING)
        case State.SUBMITTING:
            return _moving(job, "Handing it to the video service …", detail)
        case State.UNCERTAIN:
            return _moving(job, _doubt(job, now), detail)
        case State.SUBMITTED:
            return _rendering(job, endpoint, standing, now, detail)
        case State.COMPLETED | State.DELIVERING:
            return Notice(text="Finished. Bringing it over …", detail=detail, tone=Tone.WORKING, progress=1.0)
        case State.DELIVERED:
            return Notice(text=_done(job), detail=detail, tone=Tone.GOOD)
        case State.UNDELIVERED:
            return _kept(job, detail)
        case State.FAILED:
            return Notice(text=_why(job), detail=detail, tone=Tone.BAD, buttons=_again(job))
        case State.CANCELLED | State.REFUSED:
            return Notice(text=_why(job), detail=detail, tone=Tone.PLAIN, buttons=_again(job))


def _removed(job: Job, detail: str) -> Notice:
    """A reel a moderator took down."""
    why = f": {capital(job.remark.rstrip('.'))}" if job.remark else ""
    text = f"{ENDS[job.reason].removesuffix('.')}{why}."
    if job.reason is Reason.GIVEN_BACK and job.cost_microusd:
        text = f"{text} What you paid for it is yours again."
    return Notice(text=text, detail=detail)


def _kept(job: Job, detail: str) -> Notice:
    """A finished reel that does not stand in its thread; a withheld one is not its asker's to fetch."""
    label = "Show it here" if job.reason is Reason.DOUBT else "Post it again"
    deliver = Button(action=Action.DELIVER, subject=job.id, label=label)
    if job.reason is Reason.WITHHELD:
        return Notice(text=KEPT[job.reason], detail=detail, tone=Tone.PLAIN)
    link = _original(job) if job.reason is Reason.TOO_LARGE else ""
    return Notice(text=KEPT.get(job.reason, NO_PLACE), detail=detail, tone=Tone.WAITING, buttons=(deliver,), link=link)


def _review(job: Job, endpoint: Endpoint | None, standing: Standing, detail: str) -> Notice:
    if Waiting.CONFIRMATION in job.waiting_for:
        text = _question(job, endpoint)
        buttons = (
            Button(action=Action.CONFIRM, subject=job.id, label="Yes, make it"),
            Button(action=Action.DECLINE, subject=job.id, label="No"),
        )
        return Notice(text=text, detail=detail, tone=Tone.WAITING, buttons=buttons)
    if Waiting.CONSENT in job.waiting_for:
        return _consent(job, standing.asked, detail)
    if Waiting.MODERATOR in job.waiting_for:
        text = "This waits for a moderator. I'll go on as soon as somebody has looked at it."
    else:
        text = "I'm having a look at this first."
    return Notice(text=text, detail=detail, tone=Tone.WAITING, buttons=_cancel(job))


def _consent(job: Job, asked: tuple[Account, ...], detail: str) -> Notice:
    """Those who have still to answer are asked where everybody sees it; only they can press."""
    names = " and ".join(one.name or "Somebody" for one in asked) or "Somebody"
    asker = job.ask.account.name or "somebody"
    text = f"{names}: {asker} would like to make a reel with your picture. Is that all right with you?"
    buttons = (
        Button(action=Action.ALLOW_ONCE, subject=job.id, label="Yes, this once"),
        Button(action=Action.ALLOW_THEM, subject=job.id, label=f"Always for {asker}"),
        Button(action=Action.ALLOW_ALL, subject=job.id, label="Yes, for everybody"),
        Button(action=Action.FORBID_ONCE, subject=job.id, label="No"),
        Button(action=Action.FORBID, subject=job.id, label="Never"),
        *_cancel(job),
    )
    return Notice(text=text, detail=detail, tone=Tone.WAITING, buttons=buttons, asks=asked)


def _question(job: Job, endpoint: Endpoint | None) -> str:
    """What the person's own yes is to: the price, and that they may use these faces."""
    price = f"This may cost {dollars(job.hold_microusd)}. " if job.hold_microusd else ""
    if endpoint is None or job.ask.account.is_owner or not animates_faces(job.order, endpoint):
        return f"{price}Shall I?"
    return f"{price}It brings faces to life: are they yours, or do you have their permission?"


def _line(standing: Standing) -> str:
    if standing.shut_out:
        return "The video service doesn't let us in at the moment. The owner knows, and your place is kept."
    if not standing.ahead:
        return "You're next."
    return f"You're {ordinal(standing.ahead + 1)} in line."


def _rendering(job: Job, endpoint: Endpoint | None, standing: Standing, now: datetime, detail: str) -> Notice:
    seen = standing.seen
    if seen is None or seen.phase is Phase.IN_QUEUE or seen.started_at is None:
        place = "" if seen is None or not seen.position else f", {ordinal(seen.position + 1)} in its line"
        return _moving(job, f"The video service has it{place}.", detail, tone=Tone.WAITING)
    age_s = (now - seen.started_at).total_seconds()
    progress = estimate(standing.durations, age_s=age_s, typical_s=endpoint.typical_s if endpoint else 60.0)
    if progress.late:
        text = "Still rendering; this one takes longer than most. I'll post it when it lands."
    elif progress.left_s is not None:
        text = f"Rendering, about {about_time(progress.left_s)} left."
    else:
        text = "Rendering …"
    return _moving(job, text, detail, share=progress.share)


def _moving(job: Job, text: str, detail: str, *, tone: Tone = Tone.WORKING, share: float | None = None) -> Notice:
    if job.cancel_wanted_at is not None:
        text = "Cancelling … If it is too late for that, you'll get the reel all the same."
        return Notice(text=text, detail=detail, tone=tone, progress=share)
    return Notice(text=text, detail=detail, tone=tone, progress=share, buttons=_cancel(job))


def _doubt(job: Job, now: datetime) -> str:
    if (now - job.state_at).total_seconds() < DOUBT_TOLD_AFTER_S:
        return "Handing it to the video service …"
    return (
        "The video service did not say whether it took this. I'm finding out and won't ask twice, "
        "so that you don't pay twice. If it never comes, it costs you nothing."
    )


def _done(job: Job) -> str:
    return f"Here it is, {about_time((job.state_at - job.created_at).total_seconds())} after you asked."


def _why(job: Job) -> str:
    told = job.reason is Reason.FAL_SAID_NO or (job.reason is Reason.MEDIA_LOST and job.failure in FAILURES)
    text = failure_sentence(job.failure) if told and job.failure else ENDS[job.reason]
    if job.remark:
        text = f"{text.removesuffix('.')}: {capital(job.remark.rstrip('.'))}."
    if job.cost_microusd:
        return f"{text} It was billed all the same."
    # What was given up stays a loss of the group and the bot; the person has theirs back.
    return f"{text} It cost you nothing." if job.reason in GIVEN_UP else f"{text} Nothing was charged."


def _cancel(job: Job) -> tuple[Button, ...]:
    return (Button(action=Action.CANCEL, subject=job.id, label="Cancel"),)


def _again(job: Job) -> tuple[Button, ...]:
    return (
        Button(action=Action.AGAIN, subject=job.id, label="Try again"),
        Button(action=Action.CHANGE, subject=job.id, label="Change"),
    )


def reel_notice(job: Job, catalogue: Catalogue, *, fitted: Reel, original: Reel) -> Notice:
    """What stands with the reel. A smaller copy is said to be one, and the original offered."""
    endpoint = catalogue.endpoint(job.order.endpoint)
    lead = next((str(v) for k, v in job.order.values.items() if k in {"effect", "prompt"} and v), "")
    text = one_line(spoken(lead) if "effect" in job.order.values else lead)
    text = (text if len(text) <= CAPTION else f"{text[: CAPTION - 1]}…").strip() or "Here is your reel."
    is_smaller = fitted.sha256 != original.sha256
    if is_smaller:
        text = f"{text}\n(made smaller to fit here)"
    buttons = (
        Button(action=Action.AGAIN, subject=job.id, label="Again"),
        Button(action=Action.CHANGE, subject=job.id, label="Change"),
    )
    detail = order_words(job.order, endpoint, captioned=True)
    link = _original(job) if is_smaller else ""
    return Notice(text=text, detail=detail, tone=Tone.GOOD, buttons=buttons, link=link)


def _original(job: Job) -> str:
    """Where fal keeps what it made, for as many days as the settings say."""
    return job.result.video_url if job.result else ""


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, … 11th, 21st."""
    teen = number % 100 in {11, 12, 13}
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def about_time(seconds: float) -> str:
    """A length of time as a person says it: "a moment", "40 s", "3 min", "2 h", "3 days"."""
    if seconds < 3:  # noqa: PLR2004  too short to count
        return "a moment"
    if seconds < 90:  # noqa: PLR2004  a minute and a half is still told in seconds
        return f"{5 * round(seconds / 5) if seconds >= 20 else round(seconds)} s"  # noqa: PLR2004
    for unit_s, unit, many in ((60, "min", 90), (3600, "h", 36)):
        if round(seconds / unit_s) <= many:
            return f"{round(seconds / unit_s)} {unit}"
    return f"{round(seconds / 86_400)} days"
