"""What we say, platform-free. The words are in `domain/sentences.py`; `domain/phrases.py` puts both together."""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.ask import Account


class Action(StrEnum):
    """What a button, a command or the console does; every platform carries a button as `<action>:<subject>`."""

    CANCEL = "cancel"
    CONFIRM = "confirm"
    DECLINE = "decline"
    STILL = "still"
    DROP = "drop"
    AGAIN = "again"
    CHANGE = "change"
    EXTEND = "extend"
    DELIVER = "deliver"
    SHOW = "show"
    DELETE = "delete"
    REPORT = "report"
    OPEN = "open"
    SHUT = "shut"
    PAUSE = "pause"
    RESUME = "resume"
    CONSOLE = "console"
    APPROVE = "approve"
    REFUSE = "refuse"
    SILENCE = "silence"
    ALLOW_ONCE = "allow_once"
    ALLOW_THEM = "allow_them"
    ALLOW_ALL = "allow_all"
    FORBID_ONCE = "forbid_once"
    FORBID = "forbid"
    TAKE_BACK = "take_back"
    TAKE_DOWN = "take_down"
    TAKE_DOWN_STRIKE = "take_down_strike"
    KEEP = "keep"
    ERASE = "erase"
    GO_ON = "go_on"
    GIVE_BACK = "give_back"


class Tone(StrEnum):
    """How a notice should look where a platform has colours."""

    PLAIN = "plain"
    WAITING = "waiting"
    WORKING = "working"
    GOOD = "good"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Something to press. `subject` is the id of the Job or Ask it is about, or of the group (OPEN, SHUT)."""

    action: Action
    subject: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text file to hand over with a Notice."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to say.

    `text` is plain text, one line per thought. `detail` is smaller print ("pixverse-4.5 · 5 s · $0.20"). `picture` is
    the hash of a staged picture that belongs to it, "" for none. `asks` are people it asks something of: a platform
    that can calls them.
    `progress` is between 0 and 1, None when unknown or not running. `private`: only the person should see it.
    `link` is where a reel lies as fal made it, when what is posted is less than that. `document` goes with a private
    answer alone. `chart` is a picture that was drawn for it (a PNG), b"" for none.
    """

    text: str
    detail: str = ""
    tone: Tone = Tone.PLAIN
    progress: float | None = None
    buttons: tuple[Button, ...] = ()
    private: bool = False
    picture: str = ""
    asks: tuple[Account, ...] = ()
    link: str = ""
    document: Document | None = None
    chart: bytes = field(default=b"", repr=False)
