"""How the bot hears: long polls, or a webhook. https://core.telegram.org/bots/api#getting-updates"""

import re
from collections.abc import Mapping
from typing import Any

from tests.emulators.telegram import payloads
from tests.emulators.telegram.calls import Call, Handler
from tests.emulators.telegram.refusals import refuse
from tests.emulators.telegram.things import Json
from tests.emulators.telegram.updates import MOST

LONGEST_POLL_S = 50
SECRET = re.compile(r"[A-Za-z0-9_-]*")
SECRET_LENGTH = 256
MOST_CONNECTIONS = 100
USUAL_CONNECTIONS = 40


async def get_updates(call: Call) -> list[Json]:
    """What is pending, waited for; the offset confirms what lies below it."""
    updates = call.parts.updates
    if not updates.webhook_url:
        allow(call)
        updates.confirm(call.number("offset"))
    limit = call.bounded("limit", MOST, 1, MOST)
    taken = await updates.take(limit, call.bounded("timeout", 0, 0, LONGEST_POLL_S))
    return [one.body() for one in taken]


def allow(call: Call) -> None:
    """Remember the kinds of update that are asked for; what is no list of them changes nothing."""
    kinds: Any = call.json("allowed_updates", "allowed updates")
    call.parts.updates.allow(kinds if isinstance(kinds, list) else None)


def set_webhook(call: Call) -> bool:
    """Bring updates to an address; an empty one takes them back."""
    url, secret = call.text("url"), call.text("secret_token")
    if not url:
        return delete_webhook(call)
    if len(secret) > SECRET_LENGTH:
        raise refuse("secret token is too long")
    if not SECRET.fullmatch(secret):
        raise refuse("secret token contains unallowed characters")
    if not re.match(r"https?://[^/\s]+", url):
        raise refuse("invalid webhook URL specified")
    call.parts.webhook.set(url, secret, call.bounded("max_connections", USUAL_CONNECTIONS, 1, MOST_CONNECTIONS))
    allow(call)
    forget(call)
    return True


def delete_webhook(call: Call) -> bool:
    """No webhook any more."""
    call.parts.webhook.delete()
    forget(call)
    return True


def forget(call: Call) -> None:
    """Let what is pending go, if that is wanted."""
    if call.flag("drop_pending_updates"):
        call.parts.updates.pending.clear()


def get_webhook(call: Call) -> Json:
    """How the webhook is doing."""
    updates, webhook = call.parts.updates, call.parts.webhook
    body = {
        "url": updates.webhook_url,
        "has_custom_certificate": False,
        "pending_update_count": len(updates.pending),
    }
    at = webhook.error_at
    return body | payloads.given(
        last_error_date=payloads.seconds(at) if at else None,
        last_error_message=webhook.error,
        max_connections=webhook.max_connections or None,
        ip_address="<unknown>" if updates.webhook_url else None,
        allowed_updates=updates.allowed,
    )


METHODS: Mapping[str, Handler] = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook,
}
