"""`/link`: a code to join another account with, the code of another account, or `off`. Answers are for one person."""

import logging
from collections.abc import Callable

from bot.domain.ask import Account
from bot.domain.linking import (
    ENTROPY_BYTES,
    OFF,
    Outcome,
    code_notice,
    code_of,
    no_code_notice,
    redeemed_notice,
    separated_notice,
    typed_code,
)
from bot.domain.notice import Notice
from bot.ports.clock import Now
from bot.ports.linking import Links

log = logging.getLogger(__name__)


class Link:
    """`digest` makes the hash by which a code is kept, with a key of its own; `entropy` draws random bytes."""

    def __init__(
        self, *, links: Links, digest: Callable[[str], str], entropy: Callable[[int], bytes], now: Now
    ) -> None:
        self._links = links
        self._digest = digest
        self._entropy = entropy
        self._now = now

    async def reply(self, text: str, account: Account) -> Notice:
        """The answer to what stands behind the command. It is private: it may hold a code."""
        if not text.strip():
            return await self._offer(account)
        if text.strip().casefold() == OFF:
            return await self._separate(account)
        code = typed_code(text)
        return no_code_notice() if code is None else await self._redeem(code, account)

    async def _offer(self, account: Account) -> Notice:
        code = code_of(self._entropy(ENTROPY_BYTES))
        return code_notice(code, await self._links.offer(account, self._digest(code)))

    async def _redeem(self, code: str, account: Account) -> Notice:
        redeemed = await self._links.redeem(account, self._digest(code))
        if redeemed.outcome is not Outcome.ALREADY:
            log.info("a code was typed", extra={"by": _who(account), "as": redeemed.outcome.value})
        return redeemed_notice(redeemed, self._now())

    async def _separate(self, account: Account) -> Notice:
        left = await self._links.separate(account)
        if left:
            log.info("an account was separated", extra={"by": _who(account), "from": [_who(one) for one in left]})
        return separated_notice(left)


def _who(account: Account) -> str:
    return f"{account.platform}:{account.id}"
