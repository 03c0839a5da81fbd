"""People who did not ask are called to a question about themselves, by a mention: an edit would reach nobody.

Telegram notifies whom a message mentions by their id, with or without a username, where they are in the group or have
written to the bot: https://core.telegram.org/bots/api#formatting-options
"""

import logging
from dataclasses import dataclass, replace

from telegram import MessageEntity, User

from bot.chat.telegram import messages
from bot.chat.telegram.keyboard import keyboard
from bot.chat.telegram.outbox import Priority
from bot.chat.telegram.place import TELEGRAM, Receipt, Spot
from bot.chat.telegram.writing import Words, Writing, words_of
from bot.domain.ask import Account
from bot.domain.consent import ANSWERS
from bot.domain.errors import PlaceGone
from bot.domain.notice import Notice
from bot.domain.rulings import unreached_notice

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """A question that stands, and what it says."""

    receipt: Receipt
    words: Words


class Calling:
    """Each question is written once and known by its key, so that nobody is called twice."""

    def __init__(self, *, writing: Writing) -> None:
        self._writing = writing
        self._open: dict[str, dict[str, _Question]] = {}

    async def named(self, spot: Spot, notice: Notice, *, job: str) -> None:
        """Call those a notice asks something of, and take the buttons from questions that are over.

        Where it is asked in private, nobody else is in the chat: each is asked in their own, and whoever asked is told
        whom the bot may not write to. Raises ChatError's subclasses.
        """
        people = [one for one in notice.asks if one.platform == TELEGRAM and one.id.isdecimal()]
        asked = {f"asks:{job}": (spot, people)} if people else {}
        if spot.is_private:
            asked = {f"asks:{job}:{one.id}": (_home(one), [one]) for one in people}
        for key in self._open.get(job, {}).keys() - asked.keys():
            await self._close(job, key)
        for key, (where, whom) in asked.items():
            try:
                await self._ask(where, question(whom, notice), job=job, key=key)
            except PlaceGone as error:  # the question stands in the status message all the same
                log.info("nobody could be called", extra={"job": job, "error": str(error)})
                if spot.is_private:
                    unreached = words_of(unreached_notice(whom[0].name))
                    await self._writing.put(spot, unreached, key=f"unreached:{key}")

    async def _ask(self, spot: Spot, words: Words, *, job: str, key: str) -> None:
        standing = self._open.get(job, {}).get(key)
        known = standing.receipt if standing is not None else await self._writing.known(key)
        if known is None:
            known = await self._writing.write(spot, words, key=key)
        elif standing is not None and standing.words != words:
            await self._writing.edit(known, words, Priority.ANSWER)
        self._open.setdefault(job, {})[key] = _Question(receipt=known, words=words)

    async def _close(self, job: str, key: str) -> None:
        """Nothing is left to answer. After a restart the buttons stay, and say so when they are pressed."""
        asked = self._open[job].pop(key)
        if not self._open[job]:
            del self._open[job]
        try:
            await self._writing.edit(asked.receipt, replace(asked.words, buttons=None), Priority.ANSWER)
        except PlaceGone as error:
            log.info("a question is gone", extra={"job": job, "error": str(error)})


def question(people: list[Account], notice: Notice) -> Words:
    """The question with the people in it mentioned, and the buttons that answer it."""
    text, entities, end = messages.text(notice), [], 0
    for one in people:
        name = messages.quiet(one.name)
        start = text.find(name, end) if name else -1
        if start < 0:
            continue
        end = start + len(name)
        entities.append(
            MessageEntity(
                MessageEntity.TEXT_MENTION,
                messages.units(text[:start]),
                messages.units(name),
                user=User(id=int(one.id), first_name=one.name, is_bot=False),
            )
        )
    buttons = tuple(one for one in notice.buttons if one.action in ANSWERS)
    return Words(text=text, buttons=keyboard(buttons), entities=tuple(entities))


def _home(one: Account) -> Spot:
    """Somebody's private chat: its number is theirs."""
    return Spot(chat=int(one.id), author=int(one.id))
