"""What the console needs of the rest: badges that say who looks, and the reads and actions behind its pages.

Everything fits structurally; the composition root hands it in.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from bot.actions.after import Aftercare
from bot.actions.budgeting import Budgeting
from bot.actions.counting import Counting
from bot.actions.declaring import Declaring
from bot.actions.doorkeeping import Doorkeeping
from bot.actions.policies import Policies
from bot.actions.press import Presses
from bot.actions.review import Reviewing
from bot.actions.rule_keeping import RuleKeeping
from bot.actions.sanctioning import Sanctioning
from bot.actions.switching import Switching
from bot.domain.after import After
from bot.domain.badge import Badge
from bot.domain.catalogue import Catalogue
from bot.domain.consent import Declaration
from bot.domain.health import Health
from bot.domain.house_rules import Rules
from bot.domain.job import Job, State
from bot.domain.ledger import Limits
from bot.domain.progress import Durations
from bot.domain.quota import Policy
from bot.domain.registers import EntriesWanted, GroupRow, JobsWanted, LedgerRow, PersonRow
from bot.domain.statistics import Statistics
from bot.ports import statistics
from bot.ports.budgets import BudgetsRead
from bot.ports.clock import Now
from bot.ports.moderation import Decisions, Groups, Sanctions


class Badges(Protocol):
    """One-time links, sessions and form tokens."""

    @property
    def session_life(self) -> timedelta:
        """How long a session lasts."""
        ...

    def link(self, badge: Badge) -> str:
        """A new one-time key."""
        ...

    def badge_of_link(self, key: str) -> Badge | None:
        """What a link would let in as, without using it; None when it is not good."""
        ...

    def use_link(self, key: str) -> str | None:
        """A new session for a good link, which is used from now on."""
        ...

    def badge(self, session: str) -> Badge | None:
        """Whose session this is, None when it is none of ours or over."""
        ...

    def form_token(self, session: str) -> str:
        """What the forms of this session carry."""
        ...

    def is_form_token(self, session: str, token: str) -> bool:
        """Whether a form with this token was written for this session."""
        ...


class Lists(Protocol):
    """Pages of rows, newest first. Raises StoreUnavailable."""

    async def jobs(self, wanted: JobsWanted, *, limit: int) -> Sequence[Job]:
        """The newest Jobs of those wanted."""
        ...

    async def waiting_for_moderators(self, group: str, *, limit: int) -> Sequence[Job]:
        """Jobs that wait for a moderator's word, oldest first."""
        ...

    async def withheld(self, group: str, *, limit: int) -> Sequence[Job]:
        """Jobs whose reel is withheld until a moderator has looked at it, oldest first."""
        ...

    async def entries(self, wanted: EntriesWanted, *, limit: int) -> Sequence[LedgerRow]:
        """The newest ledger rows of those wanted."""
        ...

    async def spenders(self, period: str, group: str, *, limit: int) -> Sequence[PersonRow]:
        """Those who spent most in a period, of the whole bot or of their share of a group."""
        ...

    async def people_named(self, name: str, *, limit: int) -> Sequence[PersonRow]:
        """People by a part of a name, or by the id of an account."""
        ...

    async def person(self, person: str) -> PersonRow | None:
        """One Person."""
        ...

    async def groups(self, month: str) -> Sequence[GroupRow]:
        """The groups somebody decided about, and those with money in a month."""
        ...

    async def group_names(self, groups: Sequence[str]) -> Mapping[str, str]:
        """What groups are called, by "discord:123"; those without a name are absent."""
        ...

    async def paused(self) -> Mapping[str, str]:
        """The endpoints that take no Orders now, by slug, and why."""
        ...

    async def has_asked(self, person: str, group: str) -> bool:
        """Whether a Person has ever asked for something in a group."""
        ...


class Figures(statistics.Figures, Protocol):
    """What is counted for the pages besides the plots."""

    async def open_by_state(self, group: str) -> Mapping[State, int]:
        """How many Jobs are in each state that goes on by itself."""
        ...

    async def ended_by_state(self, since: datetime, group: str) -> Mapping[State, int]:
        """How many Jobs admitted since then are at rest, by state."""
        ...

    async def asks_waiting(self) -> int:
        """How many Asks are taken down and not yet looked at."""
        ...

    async def latest_endings(self, endpoint: str, *, at_most: int) -> tuple[int, int]:
        """Of an endpoint's latest ended Jobs, how many made a reel and how many failed."""
        ...


class Bell(Protocol):
    """Rung after every commit that changed a Job; closed when the program stops."""

    @property
    def rings(self) -> int:
        """How often it has rung."""
        ...

    @property
    def closed(self) -> bool:
        """Whether it will not ring again."""
        ...

    async def wait(self, rings: int, *, at_most_s: float) -> bool:
        """Until it rang more often than `rings`; False when that took too long."""
        ...


class Files(Protocol):
    """Where media lie; what is named here may be gone."""

    def path(self, sha256: str) -> Path:
        """A staged picture or clip."""
        ...

    def reel_path(self, sha256: str) -> Path:
        """A reel."""
        ...

    def thumbnail_path(self, sha256: str) -> Path:
        """A reel's still."""
        ...


class Pictures(Protocol):
    """Draws statistics for people who want to keep or send them."""

    async def picture(self, statistics: Statistics, *, dark: bool) -> bytes:
        """A PNG. Raises Refused when it cannot be drawn."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """What pages show. `sandbox`: nothing costs; `rules` are the owner's, `policy` is the file's.

    `judging` limits what judging pictures costs.
    """

    lists: Lists
    figures: Figures
    counting: Counting
    find: Callable[[str], Awaitable[Job | None]]
    durations: Callable[[str], Awaitable[Durations]]
    catalogue: Catalogue
    sandbox: bool
    policy: Policy
    policies: Policies
    budgets: BudgetsRead
    judging: Limits
    files: Files
    rules: Rules
    groups: Groups
    sanctions: Sanctions
    decisions: Decisions
    declarations: Callable[[str], Awaitable[Sequence[Declaration]]]
    after: Callable[[str], Awaitable[After | None]]
    picture: Pictures
    health: Callable[[], Sequence[Health]]
    bell: Bell
    now: Now
    sleep: Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doings:
    """What forms do."""

    presses: Presses
    doorkeeping: Doorkeeping
    reviewing: Reviewing
    rule_keeping: RuleKeeping
    switching: Switching
    budgeting: Budgeting
    declaring: Declaring
    aftercare: Aftercare
    sanctioning: Sanctioning
