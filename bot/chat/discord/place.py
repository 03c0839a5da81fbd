"""Where to answer on Discord, between an opaque address and its parts. Pure.

An address carries the interaction's token: for fifteen minutes it reaches the message the interaction was
acknowledged with, and where the bot is no member it is the only way to say anything at all.
"""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.domain.ask import Place
from bot.domain.job import Job

DISCORD = "discord"

TOKEN_LIFE = timedelta(minutes=15)
"""https://docs.discord.com/developers/interactions/receiving-and-responding"""

TOKEN_MARGIN = timedelta(seconds=30)
"""Not begun so shortly before its end."""

EPOCH_MS = 1_420_070_400_000
"""The first millisecond of Discord's ids."""


class Answers(StrEnum):
    """How a server wants to be answered."""

    THREAD = "thread"
    REPLY = "reply"
    PERSONAL = "personal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One place. Ids are Discord's; 0 is none.

    `in_thread`: no further thread can be opened there (a thread, a forum post). `by_bot`: the bot's own token
    reaches it; otherwise only the interaction's does. `limit_bytes` is what the interaction's own answers may carry.
    `title` names the thread.
    """

    channel: int
    author: int
    guild: int = 0
    interaction: int = 0
    application: int = 0
    token: str = ""
    in_thread: bool = False
    by_bot: bool = True
    limit_bytes: int = 10 * 1024 * 1024
    title: str = ""

    def place(self) -> Place:
        """As the rest of the program carries it."""
        return Place(platform=DISCORD, address=json.dumps(asdict(self), separators=(",", ":"), ensure_ascii=False))

    def token_lives(self, now: datetime) -> bool:
        """Whether the interaction's token can still be used."""
        return bool(self.token) and now < made_at(self.interaction) + TOKEN_LIFE - TOKEN_MARGIN


def spot_of(place: Place) -> Spot:
    """The parts of an address that `Spot.place` made."""
    return Spot(**json.loads(place.address))


def made_at(snowflake: int) -> datetime:
    """When Discord made this id."""
    return datetime.fromtimestamp(((snowflake >> 22) + EPOCH_MS) / 1000, UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A message of ours, and the thread that was opened on it (0: none)."""

    channel: int
    message: int
    thread: int = 0

    def text(self) -> str:
        """As the store keeps it."""
        return f"{self.channel}/{self.message}/{self.thread}"


def link_to(receipt: Receipt, guild: int) -> str:
    """The address of a message of ours; `guild` 0: in a private channel."""
    return f"https://discord.com/channels/{guild or '@me'}/{receipt.channel}/{receipt.message}"


def receipt_of(text: str) -> Receipt | None:
    """The parts of a receipt; None when there is none."""
    if not text:
        return None
    channel, message, thread = map(int, text.split("/"))
    return Receipt(channel=channel, message=message, thread=thread)


def link_of(job: Job) -> str:
    """Where a Job's reel, or else its status message, stands; "" when nobody knows."""
    if job.place.platform != DISCORD or not job.place.address:
        return ""
    receipt = receipt_of(job.reel_receipt) or receipt_of(job.receipt)
    if receipt is None:
        return ""
    return link_to(receipt, spot_of(job.place).guild)
