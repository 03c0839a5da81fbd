"""Every error of the program, as one tree; each carries facts, and `domain/notice.py` finds the words.

ReelroomError
├── Refused              the person can mend it: all problems at once, nothing charged
├── FalError             fal said something other than yes
│   ├── FalRejected      this request, as it is, will not become a video (final)
│   ├── FalNotTaken      certainly nothing was taken; may be tried again later
│   ├── FalUncertain     the answer to a submit was lost; never repeat it
│   ├── FalLocked        the key is refused or the account locked: the queue stops, not the job
│   ├── FalMissing       fal no longer knows this request or result
│   └── FalUnavailable   a question (never a submit) got no usable answer; ask again later
├── WebhookRefused       a call to us that is not proved to be fal's, about our job
├── ChatError            a platform said something other than yes
│   ├── PlaceGone        nowhere to post any more (final for this place)
│   ├── ReelTooLarge     the platform takes at most `limit_bytes` here
│   ├── PlatformOff      it will not let us in; only somebody's hand can change that
│   ├── DeliveryUncertain  the reel may or may not stand in the thread
│   ├── ReelMayStand     the same, and only the person can tell: ask, and never post again by ourselves
│   └── ChatUnavailable  try again after `retry_after_s`
├── StoreError
│   ├── Conflict         a constraint of the schema said no to one statement
│   ├── StoreUnavailable the store cannot be written now: fail closed
│   └── StoreUnusable    foreign, newer, damaged, or held by another process (exit, one clear line)
├── NoReel               what was asked for from the terminal ended without a reel; the message says why
├── ConfigInvalid        every problem of every file, with file, key and reason
└── IllegalTransition    our own mistake: a state machine was asked for a step it does not have
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from typing_extensions import override


class Slug(StrEnum):
    """What is wrong with a request, as a stable word; `domain/notice.py` has one sentence for each."""

    UNKNOWN_COMMAND = "unknown_command"
    UNKNOWN_OPTION = "unknown_option"
    UNKNOWN_MODEL = "unknown_model"
    UNKNOWN_CHOICE = "unknown_choice"
    NOT_IN_MODEL = "not_in_model"
    OWNER_OPTION = "owner_option"
    GIVEN_TWICE = "given_twice"
    OPEN_QUOTE = "open_quote"
    NO_VALUE = "no_value"
    MISSING_OPTION = "missing_option"
    MISSING_MEDIA = "missing_media"
    MISSING_ONE_OF = "missing_one_of"
    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    NOT_A_FLAG = "not_a_flag"
    BELOW_MINIMUM = "below_minimum"
    ABOVE_MAXIMUM = "above_maximum"
    TOO_LONG = "too_long"
    RULE_BROKEN = "rule_broken"
    TOO_MANY_FILES = "too_many_files"
    TOO_FEW_FILES = "too_few_files"
    FILE_UNUSED = "file_unused"
    EMPTY_FILE = "empty_file"
    WRONG_FILE_KIND = "wrong_file_kind"
    UNREADABLE_FILE = "unreadable_file"
    TOO_MANY_BYTES = "too_many_bytes"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_FEW_PIXELS = "too_few_pixels"
    WRONG_RATIO = "wrong_ratio"
    TOO_SHORT = "too_short"
    TOO_LONG_CLIP = "too_long_clip"
    FILE_GONE = "file_gone"
    NO_PORTRAIT = "no_portrait"
    URL_REFUSED = "url_refused"
    ENDPOINT_OFF = "endpoint_off"
    ENDPOINT_PAUSED = "endpoint_paused"
    OVER_BUDGET = "over_budget"
    ALL_PAUSED = "all_paused"
    GROUP_PAUSED = "group_paused"
    BUDGET_PAUSED = "budget_paused"
    OVER_PRICE_NOW = "over_price_now"
    JOBS_AT_ONCE = "jobs_at_once"
    JOBS_PER_HOUR = "jobs_per_hour"
    GROUP_UNKNOWN = "group_unknown"
    DENIED_WORD = "denied_word"
    DENIED_EFFECT = "denied_effect"
    DENIED_COMMAND = "denied_command"
    DENIED_ENDPOINT = "denied_endpoint"
    DENIED_PLACE = "denied_place"
    DENIED_ROLE = "denied_role"
    DENIED_PERSON = "denied_person"
    ONLY_ROLES = "only_roles"
    ADULTS_ONLY = "adults_only"
    COOLDOWN = "cooldown"
    NO_CONSENT = "no_consent"
    BANNED = "banned"
    TIMED_OUT = "timed_out"
    ASKED_ALONE = "asked_alone"
    STORE_DOWN = "store_down"
    NOT_YOURS = "not_yours"
    ASKER_ALONE = "asker_alone"
    MODERATOR_ALONE = "moderator_alone"
    OWNER_ALONE = "owner_alone"
    GROUPS_ONLY = "groups_only"
    NOTHING_TO_PRESS = "nothing_to_press"
    NOT_ASKED = "not_asked"
    NOTHING_TO_CANCEL = "nothing_to_cancel"
    NOTHING_YET = "nothing_yet"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong with a request.

    `about` is the option or file meant ("" for the whole request); `facts` are the words a sentence needs,
    already in the form a person reads ("1,000 px", "8 or 10").
    """

    slug: Slug
    about: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


class ReelroomError(Exception):
    """Base of everything this program raises on purpose."""


class Refused(ReelroomError):
    """A request that cannot be done as asked; `problems` holds all that is wrong, never empty."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(", ".join(f"{problem.slug}({problem.about})" for problem in problems))
        self.problems = tuple(problems)

    @override
    def __reduce__(self) -> tuple[type["Refused"], tuple[tuple[Problem, ...]]]:
        """Come out of a worker process as it went in (by default only the message would be carried over)."""
        return Refused, (self.problems,)


class Blame(StrEnum):
    """Who can do something about a failure."""

    PERSON = "person"
    PROVIDER = "provider"
    US = "us"


class FalError(ReelroomError):
    """An answer of fal other than success.

    `kind` is fal's own stable word (`content_policy_violation`, `request_timeout`, …) or one of ours where fal has
    none; `detail` is for the log only; `billable_units` is what fal says it billed (None: it did not say);
    `status` is the HTTP status, 0 when there was no answer.
    """

    def __init__(
        self,
        kind: str,
        *,
        status: int = 0,
        blame: Blame = Blame.PROVIDER,
        retryable: bool = False,
        detail: str = "",
        field: str = "",
        billable_units: Decimal | None = None,
    ) -> None:
        super().__init__(f"{kind} (HTTP {status})" if status else kind)
        self.kind = kind
        self.status = status
        self.blame = blame
        self.retryable = retryable
        self.detail = detail
        self.field = field
        self.billable_units = billable_units


class FalRejected(FalError):
    """Final for this request: a model error, a validation error, a failed run."""


class FalNotTaken(FalError):
    """fal certainly took nothing (429, 404, ingress 503, a connection that never opened)."""


class FalUncertain(FalError):
    """The answer to a submit was lost: fal may or may not have the job."""


class FalLocked(FalError):
    """401 or 403: the key is refused or the account is locked; nothing about a single job is known."""


class FalMissing(FalError):
    """404 on a status or a result that was known before."""


class FalUnavailable(FalError):
    """A status, result, cancel or upload got no usable answer; it may be asked again."""


class WebhookRefused(ReelroomError):
    """Somebody called our webhook and did not prove to be fal; `reason` is a stable word for log and metrics."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ChatError(ReelroomError):
    """A chat platform did not do what it was asked."""


class PlaceGone(ChatError):
    """The thread, channel or chat is deleted, closed to us, or its token has expired."""


class PlatformOff(ChatError):
    """A platform refuses our token for good; the message says what to do about it."""


class ReelTooLarge(ChatError):
    """The platform refuses the file's size."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"at most {limit_bytes} bytes here")
        self.limit_bytes = limit_bytes


class DeliveryUncertain(ChatError):
    """The upload was sent and its answer lost."""


class ReelMayStand(ChatError):
    """An earlier upload may have posted the reel, and this platform cannot look: the person is asked instead."""


class ChatUnavailable(ChatError):
    """The platform is away or asks for patience."""

    def __init__(self, reason: str, *, retry_after_s: float = 5.0) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class StoreError(ReelroomError):
    """The store did not do what it was asked."""


class Conflict(StoreError):
    """A constraint of the schema (unique, check, reference, trigger) refused a statement.

    A piece of work that catches it must end there: PostgreSQL runs no further statement in that transaction. Where
    a row may exist already, write `ON CONFLICT`.
    """


class StoreUnavailable(StoreError):
    """The store cannot be written now (disk full, read-only, locked); nothing of the piece of work was kept."""


class StoreUnusable(StoreError):
    """The file is not ours, newer than this program, damaged, or in use by another process."""


class NoReel(ReelroomError):
    """What was asked for from the terminal ended without a reel; the message is the sentence for the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigProblem:
    """One thing that is wrong in one configuration file."""

    file: str
    key: str
    reason: str

    @override
    def __str__(self) -> str:
        """One line: file, key, reason."""
        return f"{self.file}: {self.key}: {self.reason}" if self.key else f"{self.file}: {self.reason}"


class ConfigInvalid(ReelroomError):
    """The configuration cannot be used; `problems` lists all of them."""

    def __init__(self, problems: Sequence[ConfigProblem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class IllegalTransition(ReelroomError):
    """An event that its state has no row for; nothing was changed."""
