"""What the pipeline asks of the world. Each port is written by the one who calls it; adapters fit it structurally."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.domain.ask import Account, Ask, Attachment, InboxRow, Place
from bot.domain.catalogue import Option
from bot.domain.fairness import AtFal, Candidate
from bot.domain.job import Event, HistoryEntry, Job, QueueStatus, Reason, Reel, Result, State, Ticket, Waiting
from bot.domain.ledger import Balance, Closing, Period, Periods
from bot.domain.media import MediaFacts
from bot.domain.moderation import Verdict
from bot.domain.notice import Notice
from bot.domain.order import Order
from bot.domain.progress import Durations
from bot.domain.quota import Admission, Policy, Standing

Now = Callable[[], datetime]
NewId = Callable[[], str]
WebhookUrl = Callable[[str], str | None]
"""Where fal should call about this Job, None when webhooks are off."""
PauseEndpoint = Callable[[str, str], Awaitable[None]]
"""Take no more Orders for an endpoint (its slug), for this reason, until an owner says so."""


class Tx(Protocol):
    """An open transaction; a piece of work awaits nothing else and may be run again."""

    def after_commit(self, action: Callable[[], None]) -> None:
        """Call `action` in the loop once the transaction is committed; never when it is rolled back."""


class Wakeups(Protocol):
    """Who says "this wants attention now": at least once, so what is woken looks at the store and decides."""

    def wake(self, tx: Tx, key: str, *, at: datetime | None = None) -> None:
        """Wake `key` (at a time, or now) when `tx` commits."""

    def nudge(self, key: str, *, at: datetime | None = None) -> None:
        """Wake `key` without a transaction: a hint that may be lost with the process."""

    async def run(self, advance: Callable[[str], Awaitable[float | None]], *, concurrency: int) -> None:
        """Call `advance(key)` for what is due, never twice at once for one key; it returns seconds to its next turn."""

    async def close(self) -> None:
        """Stop `run`, letting what is under way finish within the adapter's bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A reel ready to post: the file, its thumbnail (JPEG) and what to say with it."""

    job: str
    path: Path
    thumbnail: Path
    reel: Reel
    notice: Notice

    @property
    def file_name(self) -> str:
        """The name the file has in the thread; a later look finds it by this."""
        return f"reel-{self.job}.mp4"


class Chat(Protocol):
    """One platform, as the pipeline sees it.

    Raises of every method: ChatUnavailable (later), PlaceGone (never again in this place).
    """

    @property
    def platform(self) -> str:
        """The name Places and Accounts of this platform carry."""

    @property
    def pace_s(self) -> float:
        """The least time between two edits of one status message."""

    def open(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """The bytes of an attachment; raises Refused(FILE_GONE) when it is gone for good."""

    async def say(self, place: Place, notice: Notice, *, key: str) -> None:
        """Say something that belongs to no Job; saying it again with the same key replaces it where possible."""

    async def announce(self, place: Place, notice: Notice, *, job: str, receipt: str) -> str:
        """Post the status message of a Job, or edit the one `receipt` names; returns its receipt."""

    async def limit_bytes(self, place: Place) -> int | None:
        """The largest file this place takes, None when there is no limit."""

    async def deliver(self, place: Place, parcel: Parcel, *, in_doubt: bool) -> str:
        """Post the reel as a new message and return its receipt.

        `in_doubt`: an earlier attempt may have posted it; the platform finds out, or asks, before it posts again.

        Raises:
            ReelTooLarge: the file does not fit; it was not posted.
            DeliveryUncertain: it was sent and the answer lost.
        """


class Queue(Protocol):
    """fal. Every method raises FalError's subclasses only."""

    async def submit(self, endpoint_id: str, arguments: Mapping[str, object], webhook_url: str | None) -> Ticket:
        """Submit once; the POST is never repeated."""

    async def status(self, ticket: Ticket) -> QueueStatus:
        """Where the request is."""

    async def result(self, ticket: Ticket) -> Result:
        """What it made; an error of the model is raised here."""

    async def cancel(self, ticket: Ticket) -> None:
        """Ask fal to stop; a wish, not a fact."""

    def ticket(self, endpoint_id: str, request_id: str) -> Ticket:
        """The Ticket of a request known by its id alone."""

    async def upload(self, path: Path, *, content_type: str, name: str, lifetime_s: int) -> str:
        """Put a file into fal's storage for `lifetime_s` and return its URL."""

    async def history(self, endpoint_id: str, *, start: datetime, end: datetime) -> Sequence[HistoryEntry]:
        """The account's requests to an endpoint in a window of time."""


class Media(Protocol):
    """What happens to bytes on their way in and out."""

    async def receive(self, stream: AsyncIterator[bytes], *, option: Option, name: str) -> tuple[str, MediaFacts]:
        """Stage, inspect and normalise one file for an option; its hash and facts. Raises Refused with all problems."""

    async def receive_url(self, url: str, *, option: Option) -> tuple[str, MediaFacts]:
        """The same for a URL somebody typed; only public https is followed."""

    async def facts(self, sha256: str) -> MediaFacts:
        """What a staged file is; raises Refused(FILE_GONE) when it is gone."""

    async def join(self, left: str, right: str, *, option: Option | None = None) -> str:
        """Two staged pictures side by side, staged; made fit for `option`, or Refused, when it is given."""

    def path(self, sha256: str) -> Path:
        """Where a staged file lies (it may be gone)."""

    async def keep_reel(self, url: str, *, expected_bytes: int | None) -> Reel:
        """Download a reel to disk and measure it. Raises FalUnavailable, or FalMissing when it is gone."""

    def reel_path(self, sha256: str) -> Path:
        """Where a reel lies."""

    def thumbnail_path(self, sha256: str) -> Path:
        """Where its thumbnail lies."""

    async def fit(self, sha256: str, limit_bytes: int) -> Reel | None:
        """The reel re-encoded to fit, kept beside the original; None when even that does not fit."""


class Uploads(Protocol):
    """Files that are staged already."""

    def open(self, sha256: str) -> AsyncIterator[bytes]:
        """The bytes of a staged file; raises Refused(FILE_GONE) when it is gone."""


class Inbox(Protocol):
    """Events as received, unique by (platform, event id)."""

    async def receive(self, ask: Ask, *, hold_s: float = 0.0) -> bool:
        """Keep an Ask and wake intake, `hold_s` later or at `begin`; False when the event is already here."""

    def begin(self, ask_id: str) -> None:
        """Wake intake for an Ask that was held."""

    async def row(self, ask_id: str) -> InboxRow | None:
        """The row, None once consumed."""

    async def consume(self, ask_id: str) -> None:
        """Done without a Job."""

    async def ask_away(self, ask_id: str) -> None:
        """We asked whether it is still wanted."""

    async def still_wanted(self, ask_id: str) -> bool:
        """It is; wakes intake. False when it is no longer here."""

    async def tried(self, ask_id: str) -> None:
        """One more attempt at its media failed for a passing reason."""

    async def open_ids(self) -> Sequence[str]:
        """The rows not consumed, oldest first."""


class Books(Protocol):
    """What a person has asked for and spent."""

    async def person(self, account: Account) -> str | None:
        """The Person behind an account, None when never seen."""

    async def balances(self, accounts: Sequence[str], periods: Periods) -> Mapping[tuple[str, Period], Balance]:
        """The balances of these accounts in these periods; those never written are absent."""

    async def jobs_of(self, account: Account, *, limit: int) -> Sequence[Job]:
        """The latest Jobs of the Person behind an account, newest first."""


class Memory(Protocol):
    """Settings kept in the store and changed while the bot runs, by scope ("group:discord:1") and key."""

    async def setting(self, scope: str, key: str) -> str | None:
        """A setting, None when it was never kept."""

    async def keep_setting(self, scope: str, key: str, value: str) -> None:
        """Keep or replace a setting; raises StoreUnavailable."""


class Standings(Protocol):
    """What owners and people have declared, kept in the store and changed while the bot runs."""

    async def paused(self, endpoint: str) -> str:
        """Why an endpoint takes no Orders now, "" when it does."""

    async def declared(self, account: Account, group: str) -> bool:
        """Whether the person has declared, in this group, that they use pictures of themselves or with permission."""

    async def standing(self, platform: str, group: str) -> Standing:
        """What the owner decided about a group (`quota.group_key`)."""

    async def decide(self, platform: str, group: str, standing: Standing) -> None:
        """Remember what was decided, or that the owner was asked."""


class Jobs(Protocol):
    """Every Job and its money; each method is one transaction."""

    async def admit(self, ask: Ask, order: Order, verdict: Verdict, policy: Policy) -> Admission:
        """Decide the quota, take the Hold, write the Job, consume the inbox row; or say why not, changing nothing."""

    async def get(self, job_id: str) -> Job | None:
        """The Job."""

    async def record(
        self,
        job: Job,
        event: Event,
        *,
        closing: Closing | None = None,
        reason: Reason = Reason.NONE,
        next_at: datetime | None = None,
        places: Callable[[Sequence[AtFal]], bool] | None = None,
        **changes: object,
    ) -> Job | None:
        """Make one step by compare-and-set, with its money and its wake-ups in the same transaction.

        `changes` are fields of Job. `places` is asked, inside the transaction, whether there is a place at fal.
        None: somebody else was faster, or there was no place; look again.

        Raises:
            IllegalTransition: the table has no such step; nothing was changed.
        """

    async def ahead(self, job: Job) -> int:
        """How many Jobs wait for a turn that were admitted before this one."""

    async def took(self, job: Job, seconds: float) -> None:
        """Remember how long a run took, once per Job."""

    async def unsaid_ids(self) -> Sequence[str]:
        """Jobs whose state differs from what was last said about them."""

    async def approve(self, job: Job, what: Waiting) -> Job | None:
        """One thing a review waits for is given; ADMITTED when it was the last. None when it no longer waits for it."""

    async def note(self, job_id: str, **changes: object) -> None:
        """Write fields that are no step (receipt, said, cancel_wanted_at, started_at, reel, …)."""

    async def at_fal(self) -> Sequence[AtFal]:
        """The Jobs that may occupy a place at fal."""

    async def waiting(self, now: datetime, *, each: int) -> Sequence[Candidate]:
        """Every person's oldest due Jobs that wait for a turn, `each` of them at most."""

    async def last_served(self) -> Mapping[str, datetime]:
        """When each waiting person's latest Job went to fal."""

    async def request_ids(self, endpoint: str) -> frozenset[str]:
        """Fal request ids already bound to a Job of this endpoint."""

    async def open_ids(self) -> Sequence[tuple[str, State, datetime | None]]:
        """Every Job that is not at rest, with the time it wants attention."""

    async def durations(self, endpoint: str) -> Durations:
        """How long this endpoint's runs took."""

    async def billed_failures(self, person: str, since: datetime) -> int:
        """How many failures fal billed for this person."""
