"""How values read on a page: times by the owner's clock, money, states, and what a Job is called."""

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.catalogue import Catalogue, Kind
from bot.domain.courtesies import title_of
from bot.domain.job import Job, State
from bot.domain.judgement import judgement_words
from bot.domain.phrases import about_time, order_words
from bot.domain.price import dollars
from bot.domain.replies import STATES
from bot.domain.screening import Part
from bot.domain.sentences import failure_sentence
from bot.domain.story import ENTRIES, why_words
from bot.domain.summary import month_words
from bot.ports.clock import Now

TONES: Mapping[State, str] = {
    State.IN_REVIEW: "wait",
    State.ADMITTED: "wait",
    State.SUBMITTING: "work",
    State.UNCERTAIN: "wait",
    State.SUBMITTED: "work",
    State.COMPLETED: "work",
    State.DELIVERING: "work",
    State.DELIVERED: "good",
    State.UNDELIVERED: "wait",
    State.FAILED: "bad",
    State.CANCELLED: "plain",
    State.REFUSED: "plain",
}
"""The colour of each state."""


FREE = frozenset({State.FAILED, State.CANCELLED, State.REFUSED})
"""States that cost nothing unless a cost was written down."""

JUDGINGS: Mapping[Part, str] = {Part.PICTURE: "The judging of a picture", Part.FRAME: "The judging of a frame"}
"""What the judging of a picture is called; nobody asked for it in words."""

MEGABYTE = 1_000_000


class Words:
    """The filters of the templates."""

    def __init__(self, *, catalogue: Catalogue, zone: ZoneInfo, now: Now) -> None:
        self._catalogue = catalogue
        self._zone = zone
        self._now = now

    def filters(self) -> Mapping[str, Callable[..., object]]:
        """Each by the name templates use."""
        return {
            "money": dollars,
            "when": self.when,
            "ago": self.ago,
            "span": about_time,
            "iso": datetime.isoformat,
            "title": self.title,
            "judgement": judgement_words,
            "order": self.order,
            "texts": self.texts,
            "until": self.until,
            "cost": cost,
            "state": STATES.__getitem__,
            "tone": TONES.__getitem__,
            "why": why_words,
            "entry": ENTRIES.__getitem__,
            "size": size,
            "seconds": self.seconds,
            "failure": failure_sentence,
            "model": self.model,
            "month": month_words,
        }

    def when(self, at: datetime) -> str:
        """A moment by the owner's clock: "12:00" today, "20 Nov, 12:00" on any other day."""
        local, today = at.astimezone(self._zone), self._now().astimezone(self._zone)
        if local.date() == today.date():
            return f"{local:%H:%M}"
        return f"{local.day} {local:%b}, {local:%H:%M}" if local.year == today.year else f"{local.day} {local:%b %Y}"

    def seconds(self, at: datetime) -> str:
        """A moment to the second, with its day when that is not today."""
        local = at.astimezone(self._zone)
        day = "" if local.date() == self._now().astimezone(self._zone).date() else f"{local.day} {local:%b}, "
        return f"{day}{local:%H:%M:%S}"

    def ago(self, at: datetime) -> str:
        """How long ago something was: "3 min ago"."""
        seconds = (self._now() - at).total_seconds()
        return f"{about_time(seconds)} ago" if seconds > 0 else "just now"

    def title(self, job: Job) -> str:
        """What a Job is called: its effect, or its prompt."""
        return JUDGINGS[job.screening.part] if job.screening else title_of(job.ask.wish)

    def order(self, job: Job) -> str:
        """What was ordered in small print."""
        return order_words(job.order, self._catalogue.endpoint(job.order.endpoint), captioned=True)

    def texts(self, job: Job) -> list[tuple[str, str]]:
        """Every free text of an Order, with what it is for."""
        endpoint = self._catalogue.endpoint(job.order.endpoint)
        kinds = {option.name: option.kind for option in endpoint.options} if endpoint else {}
        return [
            (name.replace("_", " "), str(value))
            for name, value in job.order.values.items()
            if kinds.get(name) is Kind.TEXT and str(value).strip()
        ]

    def until(self, at: datetime) -> str:
        """How soon something is: "in 23 h"."""
        seconds = (at - self._now()).total_seconds()
        return f"in {about_time(seconds)}" if seconds > 0 else "any moment"

    def model(self, slug: str) -> str:
        """An endpoint's title, or its slug when it has left the catalogue."""
        endpoint = self._catalogue.endpoint(slug)
        return endpoint.title if endpoint else slug


def cost(job: Job) -> str:
    """What a Job has cost, or may cost yet."""
    if job.cost_microusd is not None:
        return dollars(job.cost_microusd)
    return "nothing" if job.state in FREE else f"{dollars(job.hold_microusd)} set aside"


def size(count: int) -> str:
    """Bytes as people say them: "840 kB", "2.4 MB"."""
    return f"{count / MEGABYTE:.1f} MB" if count >= MEGABYTE else f"{max(1, round(count / 1000))} kB"
