"""`check --live`: whether the token works, and what BotFather's settings mean for people, without taking any update."""

from dataclasses import dataclass

from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot.domain.errors import ChatUnavailable, PlatformOff

PATIENCE_S = 10.0

READS_ALL = "privacy mode is off: groups send it every message"
READS_LITTLE = (
    "privacy mode is on: in groups it hears commands and answers to itself, and of an album only what has the caption"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What Telegram says: who the bot is, how to invite it, and what is worth knowing, a line each."""

    name: str
    invitation: str
    notes: tuple[str, ...]


async def examine(token: str, *, api_url: str, has_owners: bool) -> Found:
    """Ask Telegram. Raises PlatformOff when it refuses the token, ChatUnavailable when it does not answer."""
    request = HTTPXRequest(1, PATIENCE_S, PATIENCE_S, PATIENCE_S, PATIENCE_S)
    bot = Bot(token, base_url=f"{api_url}/bot", request=request, get_updates_request=HTTPXRequest(1))
    try:
        async with bot:
            waiting = await bot.get_webhook_info()
            user = bot.bot
    except InvalidToken as error:
        raise PlatformOff("Telegram refuses it; get a new one from BotFather") from error
    except TelegramError as error:
        told = type(error.__cause__ or error).__name__
        raise ChatUnavailable(f"Telegram did not answer ({told})") from error
    notes = [
        *([] if user.can_join_groups else ["it may join no groups: allow it with BotFather's /setjoingroups"]),
        *([] if has_owners else ["nobody owns it there: set telegram.owners, since Telegram tells no bot whose it is"]),
        READS_ALL if user.can_read_all_group_messages else READS_LITTLE,
        *([f"{waiting.pending_update_count} updates wait for it"] if waiting.pending_update_count else []),
    ]
    return Found(
        name=f"@{user.username}", invitation=f"https://t.me/{user.username}?startgroup=true", notes=tuple(notes)
    )
