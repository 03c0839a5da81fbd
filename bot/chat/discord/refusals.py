"""What Discord's refusals mean to us: nowhere to post, too large, later, or in doubt. Every call stands within one.

Codes: https://docs.discord.com/developers/topics/opcodes-and-status-codes
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

import aiohttp
import discord

from bot.domain.errors import ChatError, ChatUnavailable, DeliveryUncertain, PlaceGone, ReelTooLarge

SMALLEST_LIMIT = 10 * 1024 * 1024
"""What every place takes, whatever it says: https://docs.discord.com/developers/reference#uploading-files"""

TOO_LARGE = 40005
BLOCKED = frozenset({200000, 200001, 240000, 20009})
"""AutoMod, the link filter and the media filter: final for these words."""

LOST = (aiohttp.ClientError, OSError, TimeoutError)
"""A call that got no answer at all, and may have been heard."""

AWAY_S = 5.0
SHUT_OUT_S = 60.0


class Blocked(PlaceGone):
    """The place is there, and its rules do not let these words or this file in."""


@contextmanager
def translated(*, posting: bool = False, with_token: bool = False) -> Iterator[None]:
    """Run a call and translate what it raises.

    `posting`: a lost answer leaves a message that may stand. `with_token`: it goes by an interaction's token.
    """
    try:
        yield
    except discord.RateLimited as error:
        raise ChatUnavailable("Discord asks for patience", retry_after_s=error.retry_after) from error
    except discord.HTTPException as error:
        raise _meaning(error, posting=posting, with_token=with_token) from error
    except LOST as error:
        raise _lost(f"Discord cannot be reached ({type(error).__name__})", posting=posting) from error


def _meaning(error: discord.HTTPException, *, posting: bool, with_token: bool) -> ChatError:
    told = f"HTTP {error.status}, code {error.code}"
    if error.code == TOO_LARGE or error.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return ReelTooLarge(SMALLEST_LIMIT)
    if error.code in BLOCKED:
        return Blocked(told)
    if error.status == HTTPStatus.TOO_MANY_REQUESTS:
        return ChatUnavailable(told, retry_after_s=AWAY_S)
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _lost(told, posting=posting)
    if error.status == HTTPStatus.UNAUTHORIZED and not with_token:
        return ChatUnavailable(f"{told}: the bot's token is refused", retry_after_s=SHUT_OUT_S)
    return PlaceGone(told)


def _lost(reason: str, *, posting: bool) -> ChatError:
    return DeliveryUncertain(reason) if posting else ChatUnavailable(reason, retry_after_s=AWAY_S)
