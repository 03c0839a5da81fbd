"""What is kept of groups: their own rules, changed while the bot runs, and what their members have had."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from pydantic import TypeAdapter

from bot.domain.ask import Account
from bot.domain.decision import Decision
from bot.domain.group_rules import GroupRules
from bot.ports.clock import Now
from bot.store.codec import dump, moment
from bot.store.database import Database, Fetch, Tx
from bot.store.decisions import write_decision
from bot.store.people import write_setting

RULES = "rules"
GROUP_RULES = TypeAdapter(GroupRules)


class Groups:
    """Reads and changes groups. A group is named by its platform and its id there."""

    def __init__(self, database: Database, *, now: Now) -> None:
        self._database = database
        self._now = now

    async def rules(self, platform: str, group: str) -> GroupRules:
        """A group's own rules; in private ("") there are none."""
        return await _rules(self._database.read, platform, group) if group else GroupRules()

    async def change_rules(
        self,
        platform: str,
        group: str,
        change: Callable[[GroupRules], GroupRules],
        decision: Decision,
    ) -> GroupRules:
        """Change them as they are now, with the decision; what they are then. Raises what `change` raises."""

        async def work(tx: Tx) -> GroupRules:
            before = await _rules(tx.fetch, platform, group)
            changed = change(before)
            if changed != before:
                text = dump(GROUP_RULES, changed)
                await write_setting(tx, _scope(platform, group), RULES, text, now=self._now())
                await write_decision(tx, decision)
            return changed

        return await self._database.transact(work)

    async def reels(self, account: Account, grp: str) -> int:
        """How many reels a person has had in a group ("discord:1", "" in private)."""
        rows = await self._database.read(
            "SELECT count(*) AS n FROM jobs JOIN accounts ON accounts.person = jobs.person "
            "WHERE accounts.platform = $1 AND accounts.account = $2 AND of_group = $3 AND state = 'delivered'",
            account.platform,
            account.id,
            grp,
        )
        return int(rows[0]["n"])

    async def name(self, account_key: str) -> str:
        """What somebody is called ("discord:123"), "" when nobody knows."""
        platform, _, account = account_key.partition(":")
        rows = await self._database.read(
            "SELECT name FROM accounts WHERE platform = $1 AND account = $2", platform, account
        )
        return str(rows[0]["name"]) if rows else ""

    async def names(self, account_keys: Sequence[str]) -> Mapping[str, str]:
        """What several are called; those nobody knows are absent."""
        found = {one: await self.name(one) for one in dict.fromkeys(account_keys)}
        return {one: name for one, name in found.items() if name}

    async def seen_since(self, account: Account) -> datetime | None:
        """When the person was first seen, None when never."""
        rows = await self._database.read(
            "SELECT people.created_at AS at FROM people JOIN accounts ON accounts.person = people.id "
            "WHERE accounts.platform = $1 AND accounts.account = $2",
            account.platform,
            account.id,
        )
        return moment(rows[0]["at"]) if rows else None


async def _rules(fetch: Fetch, platform: str, group: str) -> GroupRules:
    rows = await fetch("SELECT value FROM settings WHERE scope = $1 AND key = $2", _scope(platform, group), RULES)
    return GROUP_RULES.validate_json(rows[0]["value"]) if rows else GroupRules()


def _scope(platform: str, group: str) -> str:
    return f"group:{platform}:{group}"
