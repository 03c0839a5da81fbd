"""Telegram calls us instead of being asked: proved by its secret header, kept, and only then answered.

https://core.telegram.org/bots/api#setwebhook
"""

import hashlib
import hmac
import json
import logging
from collections.abc import Mapping
from http import HTTPStatus

from telegram import Update
from telegram.error import TelegramError

from bot.chat.telegram.arrivals import ALLOWED, Arrivals
from bot.domain.errors import StoreUnavailable

log = logging.getLogger(__name__)

HEADER = "x-telegram-bot-api-secret-token"


def secret_of(secret: bytes) -> str:
    """The header's value, derived from our own secret for this alone."""
    return hmac.digest(secret, b"telegram-webhook", hashlib.sha256).hex()


class Webhook:
    """A hook: `await webhook(path, headers, body)` is the status to answer with."""

    def __init__(self, *, secrets: tuple[str, ...], arrivals: Arrivals) -> None:
        self._secrets = secrets
        self._arrivals = arrivals

    async def __call__(self, _path: str, headers: Mapping[str, str], body: bytes) -> int:
        """Keep an update that is proved to be Telegram's; what cannot be kept comes again."""
        given = headers.get(HEADER, "").encode()
        if not any(hmac.compare_digest(given, one.encode()) for one in self._secrets):
            return HTTPStatus.FORBIDDEN
        try:
            update = Update.de_json(json.loads(body), None)
        except (TelegramError, AttributeError, KeyError, TypeError, ValueError):
            log.warning("Telegram sent something that is no update")
            return HTTPStatus.BAD_REQUEST
        if not any(getattr(update, kind, None) for kind in ALLOWED):
            return HTTPStatus.OK
        try:
            await self._arrivals.keep([update])
        except StoreUnavailable:
            log.exception("an update cannot be kept; Telegram keeps it for us")
            return HTTPStatus.SERVICE_UNAVAILABLE
        return HTTPStatus.OK
