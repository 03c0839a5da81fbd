"""Where to answer on Telegram, between an opaque address and its parts. Pure."""

import json
from dataclasses import asdict, dataclass

from bot.domain.ask import Place, Surroundings
from bot.domain.job import Job

TELEGRAM = "telegram"

SUPERGROUP = "-100"
"""What the numbers of supergroups begin with; only their messages have links."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One place. Ids are Telegram's; 0 is none.

    `message` is the request that is answered, `author` who wrote it (0: a channel, or an admin without a name).
    `topic` is set only for messages of a forum's topics: on ordinary replies Telegram refuses it.
    """

    chat: int
    author: int = 0
    message: int = 0
    topic: int = 0

    @property
    def is_private(self) -> bool:
        """Whether the chat is one person's with the bot; groups and channels have negative ids."""
        return self.chat > 0

    def surroundings(self) -> Surroundings:
        """The topic and the chat it is in; Telegram says nothing of anybody's age."""
        topic = (f"{self.chat}/{self.topic}",) if self.topic else ()
        return Surroundings(places=(*topic, str(self.chat)))

    def place(self) -> Place:
        """As the rest of the program carries it."""
        return Place(platform=TELEGRAM, address=json.dumps(asdict(self), separators=(",", ":")))


def spot_of(place: Place) -> Spot:
    """The parts of an address that `Spot.place` made."""
    return Spot(**json.loads(place.address))


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A message of ours. `file` is Telegram's id of the video in it, good for posting it again without uploading."""

    chat: int
    message: int
    file: str = ""

    def text(self) -> str:
        """As the store keeps it."""
        return f"{self.chat}/{self.message}/{self.file}"


def link_to(receipt: Receipt) -> str:
    """The address of a message of ours, for those in its supergroup; else "".

    A chat with very many members shows videos later, and until then they have no number.
    """
    chat = str(receipt.chat)
    is_linked = bool(receipt.message) and chat.startswith(SUPERGROUP)
    return f"https://t.me/c/{chat.removeprefix(SUPERGROUP)}/{receipt.message}" if is_linked else ""


def receipt_of(text: str) -> Receipt | None:
    """The parts of a receipt; None when there is none."""
    if not text:
        return None
    chat, message, file = text.split("/", 2)
    return Receipt(chat=int(chat), message=int(message), file=file)


def link_of(job: Job) -> str:
    """Where a Job's reel, or else its status message, stands, for those in its supergroup; else ""."""
    if job.place.platform != TELEGRAM:
        return ""
    receipt = receipt_of(job.reel_receipt) or receipt_of(job.receipt)
    return link_to(receipt) if receipt is not None else ""
