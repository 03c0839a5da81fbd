"""What Telegram's refusals mean to us: nowhere to post, too large, later, or in doubt. Every call stands within one.

python-telegram-bot makes 401 and 404 InvalidToken, BadRequest a NetworkError, and rewrites texts, so they are compared
without case. The texts are those of the Bot API server itself: https://github.com/tdlib/telegram-bot-api
"""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.domain.errors import ChatError, ChatUnavailable, DeliveryUncertain, PlaceGone, ReelTooLarge

AWAY_S = 5.0
SHUT_OUT_S = 60.0

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""A call that certainly never left."""

SAME = "is not modified"
NO_TEXT = "there is no text in the message"
NOT_THERE = ("message to edit not found", "message can't be edited", "message_id_invalid", "message identifier")
NOT_ANY_MORE = "message to delete not found"
NOT_DELETABLE = "message can't be deleted"
NO_TOPIC = ("message thread not found", "topic_closed", "topic_deleted")
TOO_LARGE = ("file is too big", "entity too large", "file_too_large", "(413)")


class MessageGone(PlaceGone):
    """The chat is there, and the message that was to be changed is not."""


class MessageStays(PlaceGone):
    """The message is there, and Telegram takes it away no more: it is two days old."""


class TopicGone(PlaceGone):
    """The chat is there, and the topic is closed or gone."""


@contextmanager
def translated(*, limit_bytes: int = 0, posting: bool = False) -> Iterator[None]:
    """Run a call and translate what it raises, ChatMigrated aside, which the line follows.

    `posting`: a lost answer leaves a message that may stand. `limit_bytes` is what a file was let be.
    """
    try:
        yield
    except ChatMigrated:
        raise
    except TelegramError as error:
        raise _meaning(error, limit_bytes=limit_bytes, posting=posting) from error


def is_unchanged(error: BadRequest) -> bool:
    """Whether an edit changed nothing, or hit what became a reel meanwhile: it stands as it should."""
    return any(one in error.message.casefold() for one in (SAME, NO_TEXT))


def _meaning(error: TelegramError, *, limit_bytes: int, posting: bool) -> ChatError:
    if any(one in error.message.casefold() for one in TOO_LARGE):
        return ReelTooLarge(limit_bytes)
    match error:
        case RetryAfter():
            return ChatUnavailable("Telegram asks for patience", retry_after_s=seconds_of(error))
        case InvalidToken() | Conflict():
            return ChatUnavailable(f"Telegram shuts us out: {error.message}", retry_after_s=SHUT_OUT_S)
        case NetworkError() if not isinstance(error, BadRequest):
            return _lost(error, posting=posting)
        case _:
            return _refused(error.message)


def _lost(error: NetworkError, *, posting: bool) -> ChatError:
    """No usable answer. What happened is said without the address it happened to: that has the token in it."""
    told = type(error.__cause__ or error).__name__
    if posting and not isinstance(error.__cause__, NOT_SENT):
        return DeliveryUncertain(f"Telegram's answer was lost ({told})")
    return ChatUnavailable(f"Telegram cannot be reached ({told})", retry_after_s=AWAY_S)


def _refused(message: str) -> PlaceGone:
    told = message.casefold()
    if NOT_ANY_MORE in told or any(one in told for one in NOT_THERE):
        return MessageGone(message)
    if NOT_DELETABLE in told:
        return MessageStays(message)
    return TopicGone(message) if any(one in told for one in NO_TOPIC) else PlaceGone(message)


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram wants to be left alone."""
    after = error.retry_after
    return float(after) if isinstance(after, int) else after.total_seconds()
