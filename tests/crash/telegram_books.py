"""What became of every reel and every word on Telegram, by the emulator's books and by what dying programs left.

Telegram cannot be asked what stands in a chat, so two things may follow a death, and only one at that moment: a reel
that was on its way is asked about and shown once more, and a message that was not written down is written anew.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from bot.chat.telegram.place import receipt_of
from bot.domain.job import State
from tests.crash.platform import unless
from tests.crash.rest import STORE
from tests.emulators.telegram.calls import Call
from tests.emulators.telegram.emulator import Telegram
from tests.emulators.telegram.things import Message

Known = tuple[int, int]
"""A message by the numbers of its chat and itself."""


OURS = "json_extract(ask, '$.place.platform') = 'telegram'"
"""Of all Jobs, those that were asked for here."""

WRITTEN = f"SELECT receipt FROM said WHERE platform = 'telegram' UNION SELECT receipt FROM jobs WHERE {OURS}"  # noqa: S608

IN_STATE = f"SELECT id FROM jobs WHERE {OURS} AND state = ?"  # noqa: S608


class Books:
    """`asked_about` are the Jobs whose person was asked whether the reel is there."""

    _telegram: Telegram

    def __init__(self, data: Path) -> None:
        self.asked_about: set[str] = set()
        self._data = data
        self._in_doubt: set[str] = set()
        self._unwritten: set[Known] = set()

    def open(self, telegram: Telegram) -> None:
        """These are the books of this Telegram."""
        self._telegram = telegram

    def died(self) -> None:
        """A program is gone: what it was posting, nobody knows whether it stands."""
        rows = self._rows(IN_STATE, State.DELIVERING.value)
        self._in_doubt.update(str(job) for (job,) in rows)

    def born(self) -> None:
        """A program speaks its first word: what stands and was never written down, it will not find."""
        kept = [row for (row,) in self._rows(WRITTEN)]
        written = {(one.chat, one.message) for one in map(receipt_of, kept) if one is not None}
        self._unwritten |= {_known(one) for one in self.standing() if one.media is None} - written

    def standing(self) -> list[Message]:
        """The bot's messages, wherever they stand."""
        everything = self._telegram.world.messages
        return [one for one in everything if one.sender is self._telegram.bot and not one.deleted]

    def reels(self) -> Counter[str]:
        """Job → 1 where its reel can be seen once, or twice after a doubt: posted once, and shown once."""
        found = {job_of(one) for one in self.standing() if one.media is not None}
        return Counter({job: max(self._posted()[job], self._shown()[job]) for job in found})

    def statuses(self, jobs: Mapping[int, str]) -> Counter[str]:
        """Job → messages about it that the program knows; `jobs` is the Job of each request, by its message's id."""
        return Counter(
            jobs.get(one.reply_to.id if one.reply_to else 0, f"nobody ({one.words!r})")
            for one in self.standing()
            if not self._is_posted(one) and _known(one) not in self._unwritten
        )

    def amiss(self) -> Iterator[str]:
        """A reel that was sent twice or shown to somebody who has it; a person who was asked for nothing, or not."""
        uploads = Counter(name for call in self._telegram.calls("sendVideo") for name in _videos(call))
        for name, many in uploads.items():
            yield from unless(many == 1, f"sendVideo was carried out {many} times for {name}")
        posted, shown = self._posted(), self._shown()
        for job in posted.keys() | shown.keys():
            yield from unless(not shown[job] or job in self._in_doubt, f"{job} is shown, and nothing was in doubt")
        for job in self.asked_about ^ self._in_doubt:
            yield f"{job} was asked about without a doubt" if job in self.asked_about else f"{job}: nobody was asked"
        for job in self._in_doubt:
            yield from unless(shown[job] == 1, f"{job} was in doubt and is shown {shown[job]} times")

    def _posted(self) -> Counter[str]:
        return Counter(job_of(one) for one in self.standing() if self._is_posted(one))

    def _shown(self) -> Counter[str]:
        return Counter(job_of(one) for one in self.standing() if one.media is not None and not self._is_posted(one))

    def _is_posted(self, message: Message) -> bool:
        """Whether it was a reel from the beginning: what was made one is named by an edit."""
        edits = self._telegram.calls("editMessageMedia")
        made = {(call.number("chat_id"), call.number("message_id")) for call in edits}
        return message.media is not None and _known(message) not in made

    def _rows(self, sql: str, *values: str) -> list[tuple[str, ...]]:
        """Read beside or after a program, at this very moment."""
        with closing(sqlite3.connect(f"file:{self._data / STORE}?mode=ro", uri=True)) as store:
            return store.execute(sql, values).fetchall()


def job_of(message: Message) -> str:
    """The Job whose reel a message holds."""
    name = message.media.file.name if message.media is not None else ""
    return name.removeprefix("reel-").removesuffix(".mp4")


def _videos(call: Call) -> list[str]:
    """The names of the videos that came with a call; a thumbnail is none."""
    return [one.filename for one in call.files.values() if one.filename.endswith(".mp4")]


def _known(message: Message) -> Known:
    return message.chat.id, message.id
