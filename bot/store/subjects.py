"""An account by a keyed hash: whoever was erased is known again, and told of to nobody."""

import hashlib
import hmac

from bot.store.database import Fetch


async def subject_of(fetch: Fetch, account_key: str) -> str:
    """The keyed hash of an account."""
    rows = await fetch("SELECT key FROM store_keys WHERE name = 'sanctions'")
    return hmac.new(rows[0]["key"], account_key.encode(), hashlib.sha256).hexdigest()
