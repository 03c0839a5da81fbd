"""How the bot hears: long polls. https://core.telegram.org/bots/api#getting-updates"""

from collections.abc import Mapping
from typing import Any

from tests.emulators.telegram.calls import Call, Handler
from tests.emulators.telegram.things import Json
from tests.emulators.telegram.updates import MOST

LONGEST_POLL_S = 50


async def get_updates(call: Call) -> list[Json]:
    """What is pending, waited for; the offset confirms what lies below it."""
    updates = call.parts.updates
    allow(call)
    if not updates.webhook_url:
        updates.confirm(call.number("offset"))
    limit = call.bounded("limit", MOST, 1, MOST)
    taken = await updates.take(limit, call.bounded("timeout", 0, 0, LONGEST_POLL_S), call.listens)
    return [one.body() for one in taken]


def allow(call: Call) -> None:
    """Remember the kinds of update that are asked for; what is no list of them changes nothing."""
    kinds: Any = call.json("allowed_updates", "allowed updates")
    call.parts.updates.allow(kinds if isinstance(kinds, list) else None)


def delete_webhook(call: Call) -> bool:
    """No webhook any more."""
    updates = call.parts.updates
    updates.webhook_url = ""
    if call.flag("drop_pending_updates"):
        updates.pending.clear()
    return True


METHODS: Mapping[str, Handler] = {
    "getUpdates": get_updates,
    "deleteWebhook": delete_webhook,
}
