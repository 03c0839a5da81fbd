"""What is private on Telegram, where a group sees everything: it goes to the private chat alone."""

from dataclasses import replace

from bot.chat.telegram.asking import Request
from bot.chat.telegram.chat import TelegramChat
from bot.chat.telegram.front import Front
from bot.chat.telegram.line import Line
from bot.chat.telegram.place import Spot
from bot.domain.ask import Place
from bot.domain.consent_words import CONSENT
from bot.domain.errors import PlaceGone
from bot.domain.linking import LINK, nobody_notice, open_me_notice, sent_privately_notice
from bot.domain.notice import Notice
from bot.domain.privacy import PRIVACY

PRIVATELY = frozenset({CONSENT, LINK, PRIVACY})
"""Commands whose answer is for one pair of eyes."""


class Privately:
    """Answers them."""

    def __init__(self, *, front: Front, chat: TelegramChat, line: Line) -> None:
        self._front = front
        self._chat = chat
        self._line = line

    async def reply(self, command: str, request: Request, text: str) -> Notice | None:
        """What to answer where it was asked; `text` stands behind the command. Raises ChatError's subclasses.

        A code that was typed is used up at once, wherever that was, and in a group nobody's accounts are named.
        """
        if not request.spot.author:
            return nobody_notice()
        answer = await self._front.reply(f"/{command} {text}", request.account, request.group)
        if answer is None or (request.spot.is_private and answer.document is None):
            return answer
        if command == LINK and text.strip():
            return replace(answer, detail="")
        try:
            await self._chat.say(home(request.spot), answer, key=f"{command}:{request.event}")
        except PlaceGone:
            # Telegram lets a bot write first to nobody: https://core.telegram.org/bots/features#deep-linking
            return open_me_notice(f"https://t.me/{self._line.connected.me.username}?start={command}")
        return None if request.spot.is_private else sent_privately_notice()


def home(spot: Spot) -> Place:
    """The private chat of who wrote: its number is theirs."""
    return Spot(chat=spot.author, author=spot.author).place()
