"""What groups and the whole bot have instead of what the file says, changed while the bot runs; and grants of money."""

from collections.abc import Callable, Sequence
from datetime import datetime

from pydantic import TypeAdapter

from bot.domain.ask import Account
from bot.domain.budget import Budget, House, with_tier_given
from bot.domain.decision import Decision
from bot.domain.ledger import Bond, Entry, EntryKind, is_personal, periods_of
from bot.domain.quota import Policy
from bot.ports.clock import NewId, Now
from bot.store.codec import dump
from bot.store.database import Database, Fetch, Tx
from bot.store.decisions import write_decision
from bot.store.ledger import write
from bot.store.people import person_of, remember, write_setting
from bot.store.purses import bond_of

BUDGET, HOUSE = "budget", "house"
_BUDGET, _HOUSE = TypeAdapter(Budget), TypeAdapter(House)


async def read_budget(fetch: Fetch, platform: str, group: str) -> Budget:
    """What a group has; in private ("") nothing of its own."""
    if not group:
        return Budget()
    rows = await fetch("SELECT value FROM settings WHERE scope = $1 AND key = $2", _scope(platform, group), BUDGET)
    return _BUDGET.validate_json(rows[0]["value"]) if rows else Budget()


async def read_house(fetch: Fetch) -> House:
    """What the whole bot has."""
    rows = await fetch("SELECT value FROM settings WHERE scope = 'bot' AND key = $1", HOUSE)
    return _HOUSE.validate_json(rows[0]["value"]) if rows else House()


class Budgets:
    """Fits `ports.budgets.Budgets`."""

    def __init__(self, database: Database, *, now: Now, new_id: NewId) -> None:
        self._database = database
        self._now = now
        self._new_id = new_id

    async def of_group(self, platform: str, group: str) -> Budget:
        """What a group has instead of what the file says."""
        return await read_budget(self._database.read, platform, group)

    async def of_house(self) -> House:
        """The same of the whole bot."""
        return await read_house(self._database.read)

    async def change(self, platform: str, group: str, change: Callable[[Budget], Budget], decision: Decision) -> Budget:
        """Change it as it is now, with the decision; what it is then. Raises what `change` raises."""

        async def work(tx: Tx) -> Budget:
            before = await read_budget(tx.fetch, platform, group)
            changed = change(before)
            if changed != before:
                text = dump(_BUDGET, changed)
                await write_setting(tx, _scope(platform, group), BUDGET, text, now=self._now())
                await write_decision(tx, decision)
            return changed

        return await self._database.transact(work)

    async def change_house(self, change: Callable[[House], House], decision: Decision) -> House:
        """The same of the whole bot."""

        async def work(tx: Tx) -> House:
            before = await read_house(tx.fetch)
            changed = change(before)
            if changed != before:
                await write_setting(tx, "bot", HOUSE, dump(_HOUSE, changed), now=self._now())
                await write_decision(tx, decision)
            return changed

        return await self._database.transact(work)

    async def grant(
        self, cause: str, whom: Account, group: str, amount_microusd: int, policy: Policy, decision: Decision
    ) -> bool:
        """Give a Person so much more room today, this week and this month, on all that is theirs; once for a cause.

        Their share of `group` is among it; what the group and the bot may spend is not.
        """
        now, fresh = self._now(), self._new_id()
        periods = periods_of(now, policy.zone)

        async def work(tx: Tx) -> bool:
            if await tx.fetch("SELECT 1 FROM ledger WHERE cause = $1 LIMIT 1", cause):
                return False
            person = await person_of(tx.fetch, whom) or fresh
            await remember(tx, whom, person, now=now)
            bond = await bond_of(tx.fetch, person, periods)
            for account in _personal(policy, whom, person, group, bond):
                entry = Entry(
                    cause=cause,
                    account=account,
                    kind=EntryKind.GRANT,
                    amount_microusd=amount_microusd,
                    periods=periods,
                )
                await write(tx, entry, now=now)
            await write_decision(tx, decision)
            return True

        return await self._database.transact(work)


async def forget_member(tx: Tx, account_key: str, *, now: datetime) -> None:
    """Take a member's tier out of every group's budget, within a transaction."""
    rows = await tx.fetch(
        "SELECT scope, value FROM settings WHERE scope LIKE 'group:%' AND key = $1 AND instr(value, $2) > 0",
        *(BUDGET, account_key),
    )
    for row in rows:
        budget = with_tier_given(_BUDGET.validate_json(row["value"]), account_key, "")
        await write_setting(tx, row["scope"], BUDGET, dump(_BUDGET, budget), now=now)


def _personal(policy: Policy, whom: Account, person: str, group: str, bond: Bond | None) -> Sequence[str]:
    layers = policy.layers(whom, person, group, bond)
    return [layer.account for layer in layers if is_personal(layer.account)]


def _scope(platform: str, group: str) -> str:
    return f"group:{platform}:{group}"
