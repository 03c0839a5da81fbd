"""What we say when somebody asks about their own things: help, models, their budget, their reels."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.catalogue import Catalogue, Endpoint, Kind, Level
from bot.domain.consent_words import CONSENT
from bot.domain.job import REMOVED, Job, Reason, State
from bot.domain.ledger import Balance, Layer, Period
from bot.domain.linking import LINK
from bot.domain.notice import Action, Button, Notice
from bot.domain.phrases import order_words
from bot.domain.price import dollars, quote
from bot.domain.privacy import PRIVACY
from bot.domain.quota import refill_words
from bot.domain.sentences import capital

STATS = "stats"

OWN_COMMANDS: Mapping[str, str] = {
    "help": "what you can ask for",
    "models": "which models there are for a command, and what they cost",
    "quota": "what you may still spend, and when it refills",
    "jobs": "your latest reels",
    "cancel": "stop what you asked for last",
    "again": "the same once more",
    CONSENT: "whom you have let use your picture; take it back",
    STATS: "what was spent and made lately: here, or in private by you",
    LINK: "one budget for your accounts here and elsewhere",
    PRIVACY: "what is kept of you; have it sent, or erased",
}
"""Commands that make nothing: one's own things."""

SETTINGS = "settings"

MENU_COMMANDS: Mapping[str, str] = {**OWN_COMMANDS, SETTINGS: "your usual model and resolution for a command"}
"""The same where commands come from a menu."""

SHOWN_JOBS = 8

TYPED = (
    "Attach a picture and type /effect Kiss Me AI, or any of these:",
    "Options follow as --duration 8 or --model kling-2.1; /models animate lists the models of a command.",
)
"""How one begins and goes on where commands are typed."""

CHOSEN = (
    "Type /effect, choose Kiss Me AI, attach a picture, and send. Or any of these:",
    "Rarer options go into more, like seed=5 style=anime. Every message with a picture has Apps → Animate this.",
)
"""The same where they come from a menu."""


def help_notice(catalogue: Catalogue, *, own: Mapping[str, str] = OWN_COMMANDS, how: tuple[str, str] = TYPED) -> Notice:
    """Every command in a line, between how one begins and how one goes on."""
    made = [f"/{command.name}: {command.makes}" for command in catalogue.commands.values()]
    first, last = how
    return Notice(text="\n".join([first, *made, "", *(f"/{name}: {what}" for name, what in own.items()), "", last]))


def models_notice(catalogue: Catalogue, command: str) -> Notice:
    """The models of one command with the price of their defaults, or how to ask for them."""
    found = catalogue.commands.get(command)
    if found is None:
        names = ", ".join(f"/models {name}" for name in catalogue.commands)
        return Notice(text=f"Which command do you mean? {names}")
    lines = [f"{one.model}: {one.summary} ({usual_price(one)})" for one in found.endpoints]
    return Notice(text="\n".join([f"For /{found.name}, {found.makes}:", *lines]))


def usual_price(endpoint: Endpoint) -> str:
    """What an endpoint's defaults cost: "usually $0.20" where options change it."""
    values = {one.name: one.default for one in endpoint.options if one.default is not None}
    usual = quote(endpoint, values, seconds=None)
    if usual.unpriced:
        return "no price known"
    vary = any(one.level is Level.MAIN and one.kind is Kind.CHOICE and one.choices for one in endpoint.options)
    return f"{'usually ' if vary else ''}{dollars(usual.cost_microusd)}"


def quota_notice(
    layers: Sequence[Layer], balances: Mapping[tuple[str, Period], Balance], now: datetime, zone: ZoneInfo
) -> Notice:
    """What is left of every limit that touches this person, nearest first."""
    lines = []
    for layer in layers:
        for period in Period:
            limit = layer.limits.of(period)
            if limit is None:
                continue
            balance = balances.get((layer.account, period), Balance())
            left = dollars(max(0, limit - balance.used))
            granted = f" and {dollars(balance.granted)} granted" if balance.granted else ""
            refills = refill_words(now, period, zone)
            lines.append(
                f"{left} left of {layer.whose} {dollars(limit)} per {period.value}{granted}; it refills {refills}."
            )
    return Notice(text="\n".join(capital(line) for line in lines) or "There is no limit on what you may spend.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """What a platform can do about a reel that was posted: `link` says where it stands ("" when it cannot say).

    `shows`: it can be posted once more, since the platform has it already.
    """

    link: Callable[[Job], str]
    shows: Callable[[Job], bool] = lambda _: False


def jobs_notice(jobs: Sequence[Job], catalogue: Catalogue, elsewhere: Elsewhere | None = None) -> Notice:
    """A person's latest Jobs, newest first, with a button for each reel that can be posted."""
    if not jobs:
        return Notice(text="You have not asked for anything yet. Try /effect Kiss Me AI with a picture.")
    lines = [
        f"{state_words(job)}: {order_words(job.order, catalogue.endpoint(job.order.endpoint))} "
        f"({job.created_at:%d %B, %H:%M} UTC)"
        f"{' ' + where if elsewhere and job.place.address and (where := elsewhere.link(job)) else ''}"
        for job in jobs
    ]
    kept = tuple(
        Button(action=Action.DELIVER, subject=job.id, label=f"Post the reel of {job.created_at:%H:%M}")
        for job in jobs
        if job.state is State.UNDELIVERED and job.reason not in REMOVED | {Reason.WITHHELD}
    )
    shown = tuple(
        Button(action=Action.SHOW, subject=job.id, label=f"Show the reel of {job.created_at:%H:%M}")
        for job in jobs
        if job.state is State.DELIVERED
        and job.reason not in REMOVED
        and job.place.address
        and elsewhere is not None
        and elsewhere.shows(job)
    )
    return Notice(text="\n".join(lines), buttons=(*kept, *shown))


def state_words(job: Job) -> str:
    """Where a Job is, in the words of a list."""
    if job.reason is Reason.WITHHELD and job.state is State.UNDELIVERED:
        return WITHHELD
    return TAKEN_DOWN if job.reason in REMOVED else STATES[job.state]


WITHHELD = "Waits for a moderator"
"""Of a reel that is made and withheld; it is kept for nobody yet."""

STATES: Mapping[State, str] = {
    State.IN_REVIEW: "Waits for a yes",
    State.ADMITTED: "In line",
    State.SUBMITTING: "On its way to the video service",
    State.UNCERTAIN: "Being looked for at the video service",
    State.SUBMITTED: "Rendering",
    State.COMPLETED: "Finished, being fetched",
    State.DELIVERING: "Being posted",
    State.DELIVERED: "Done",
    State.UNDELIVERED: "Kept for you",
    State.FAILED: "Did not work out",
    State.CANCELLED: "Cancelled",
    State.REFUSED: "Declined",
}
"""Each state in the words of a list."""

TAKEN_DOWN = "Taken down"
"""What stands there instead when a moderator took the reel down."""
