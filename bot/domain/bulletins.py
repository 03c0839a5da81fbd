"""What is answered to `/admin`: what goes on, and what was decided. For those who look after a group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.admin import ADMIN, Part, Sub, Takes
from bot.domain.job import State
from bot.domain.ledger import Balance
from bot.domain.notice import Notice
from bot.domain.price import dollars

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

    `for_moderators` of those that wait for a yes wait for a moderator's. `stopped` says why the group is paused.
    """

    whose: str
    counts: Mapping[State, int]
    for_moderators: int
    today: Balance
    limit_microusd: int | None
    paused: Mapping[str, str] = field(default_factory=dict)
    stopped: str = ""


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
        lines.append(f"Paused here: {status.stopped}")
    lines += [f"{name} is paused: {why}" for name, why in status.paused.items()]
    return Notice(text="\n".join(lines), private=True)


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
