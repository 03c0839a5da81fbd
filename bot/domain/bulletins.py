"""What is answered to `/admin`: what goes on, and what was decided. For those who look after a group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.admin import ADMIN, Part, Sub, Takes
from bot.domain.courtesies import title_of
from bot.domain.decision import BY_ITSELF, Decision
from bot.domain.job import Job, State
from bot.domain.ledger import Balance
from bot.domain.notice import Notice
from bot.domain.phrases import about_time
from bot.domain.price import dollars
from bot.domain.rulings import ITSELF, RULINGS
from bot.domain.spans import when

GOING_ON: Mapping[str, tuple[State, ...]] = {
    "waiting for a yes": (State.IN_REVIEW,),
    "in line": (State.ADMITTED,),
    "at the video service": (State.SUBMITTING, State.UNCERTAIN, State.SUBMITTED),
    "on the way back": (State.COMPLETED, State.DELIVERING),
}
"""What is under way, as people would say it, and its states."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How a group stands, or the whole bot (`whose`). `paused` are the models that take no requests, and why.

    `for_moderators` of those that wait for a yes wait for a moderator's. `stopped` is why nothing is begun
    in the group, `stopped_everywhere` why nowhere; "" where it is.
    """

    whose: str
    counts: Mapping[State, int]
    for_moderators: int
    today: Balance
    limit_microusd: int | None
    paused: Mapping[str, str] = field(default_factory=dict)
    stopped: str = ""
    stopped_everywhere: str = ""


def status_notice(status: Status) -> Notice:
    """What goes on, what today cost, what is paused; a line each."""
    sums = {name: sum(status.counts.get(one, 0) for one in states) for name, states in GOING_ON.items()}
    going = [f"{number} {name}" for name, number in sums.items() if number]
    lines = [f"Under way: {', '.join(going)}." if going else "Nothing is under way."]
    if status.for_moderators:
        lines.append(f"Waiting for a moderator: {status.for_moderators}. See /{ADMIN} review.")
    held = f", and {dollars(status.today.held)} held for what is under way" if status.today.held else ""
    limit = f" of {dollars(status.limit_microusd)}" if status.limit_microusd is not None else ""
    lines.append(f"Today {status.whose} spent {dollars(status.today.spent)}{limit}{held}.")
    if status.stopped:
        lines.append(f"This group is paused: {status.stopped}.")
    if status.stopped_everywhere:
        lines.append(f"The owner has paused me everywhere: {status.stopped_everywhere}.")
    lines += [f"{name} is paused: {why}" for name, why in status.paused.items()]
    return Notice(text="\n".join(lines), private=True)


def review_notice(waiting: Sequence[tuple[Job, str]], now: datetime) -> Notice:
    """What waits for a moderator, the oldest first, each with where its card stands ("" where nobody can say)."""
    if not waiting:
        return Notice(text="Nothing waits for a moderator.", private=True)
    lines = [f"{len(waiting)} waiting for a moderator:" if len(waiting) > 1 else "One waiting for a moderator:"]
    for job, link in waiting:
        who = job.ask.account.name or "Somebody"
        asked = f"{who}, {about_time((now - job.created_at).total_seconds())} ago: /{job.order.command}"
        lines.append(f"{asked} {title_of(job.ask.wish)}{f' {link}' if link else ''}")
    if not all(link for _, link in waiting):
        lines.append(f"Those without an address went to the owner, and stand on the console: /{ADMIN} console.")
    return Notice(text="\n".join(lines), private=True)


def log_notice(decisions: Sequence[Decision], names: Mapping[str, str], now: datetime) -> Notice:
    """What was decided lately, newest first. `names` are what people are called, by `Account.key`."""
    if not decisions:
        return Notice(text="Nothing has been decided here yet.", private=True)
    return Notice(text="\n".join(_decided(one, names, now) for one in decisions), private=True)


def _decided(one: Decision, names: Mapping[str, str], now: datetime) -> str:
    who = ITSELF if one.who == BY_ITSELF else names.get(one.who) or one.who
    whom = f" ({names.get(one.whom) or one.whom})" if one.whom and one.whom != one.who else ""
    more = "".join(f": {text}" for text in (one.detail, one.why) if text)
    return f"{when(one.at, now)}, {who} {RULINGS[one.what]}{whom}{more}"


def usage_notice(subs: Sequence[Sub]) -> Notice:
    """What can be said behind `/admin`, a line each."""
    return Notice(text="\n".join(f"/{ADMIN} {usage(sub)}: {sub.makes}" for sub in subs), private=True)


def usage(sub: Sub) -> str:
    """A subcommand as it is typed: "budget [amount] [day|week|month]"."""
    return " ".join([sub.name, *map(_shown, sub.parts)])


def _shown(part: Part) -> str:
    """How a part is written: "<amount>", in brackets where it may be left out."""
    name = "|".join(part.choices) if part.choices else f"@{part.name}" if part.takes is Takes.PERSON else part.name
    return f"<{name}>" if part.required else f"[{name}]"
