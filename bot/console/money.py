"""Money: what is spent and held now against its limits, where the month leads, and the ledger row by row."""

from collections.abc import Mapping, Sequence

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from bot.console.desk import Desk
from bot.console.paper import HOME, Visit
from bot.console.plots import spending
from bot.domain.ask import Account
from bot.domain.badge import Rank
from bot.domain.budget import KEYS, OF_THE_HOUSE
from bot.domain.ledger import BOT, SCREENING, Balance, EntryKind, Period, periods_of
from bot.domain.quota import Policy
from bot.domain.registers import EntriesWanted, LedgerRow
from bot.domain.story import ENTRIES
from bot.domain.thresholds import Gauge

PAGE = 60

KINDS = {"": "every kind", **{kind.value: name for kind, name in ENTRIES.items()}}
"""The kinds of ledger rows as people choose them."""


class MoneyPage:
    """One page; of a group, its own account alone."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Everything below /money."""
        look, change = self._desk.entrance.look, self._desk.entrance.change
        return [
            Route(f"{HOME}/money", look(self._page)),
            Route(f"{HOME}/money/limit", change(self._limit), methods=["POST"]),
            Route(f"{HOME}/money/pause", change(self._pause), methods=["POST"]),
            Route(f"{HOME}/money/resume", change(self._resume), methods=["POST"]),
            Route(f"{HOME}/money/go-on", change(self._go_on), methods=["POST"]),
        ]

    async def _page(self, visit: Visit) -> Response:
        views, group = self._desk.views, visit.badge.group
        own = f"group:{group}" if group else BOT
        account = self._account(visit, own)
        statistics = await views.counting.of(group)
        policy = await views.policies.of(group)
        limits = policy.group if group else policy.bot
        paused = await self._paused(group)
        balances = await views.figures.balances([own], periods_of(views.now(), views.policy.zone))
        rows = await self._rows(visit, account)
        return self._desk.paper.page(
            "money.html",
            visit,
            budgets=[(period.value, balances.get((own, period), Balance()), limits.of(period)) for period in Period],
            judging=[] if group else await self._judging(),
            month=statistics.month,
            policy=policy,
            paused=paused,
            shut=[] if group else await self._shut(policy, balances),
            keys=KEYS if group else OF_THE_HOUSE,
            changes=visit.badge.is_owner or (group and visit.badge.rank is Rank.MODERATOR),
            plot=spending(statistics),
            rows=rows,
            kinds=KINDS,
            kind=visit.wanted("kind"),
            account=account,
            cause=visit.wanted("job"),
            older=rows[-1].seq if len(rows) == PAGE else None,
        )

    async def _judging(self) -> list[tuple[str, Balance, int | None]]:
        """What judging pictures has cost; nothing where it never was done."""
        views = self._desk.views
        balances = await views.figures.balances([SCREENING], periods_of(views.now(), views.policy.zone))
        if not balances:
            return []
        return [
            (period.value, balances.get((SCREENING, period), Balance()), views.judging.of(period)) for period in Period
        ]

    async def _limit(self, visit: Visit, form: FormData) -> Response:
        key, amount = str(form.get("key", "")), str(form.get("amount", ""))
        notice = await self._desk.doings.budgeting.limit(*_who_and_where(visit), key, amount)
        return self._desk.paper.done("/money", notice)

    async def _pause(self, visit: Visit, form: FormData) -> Response:
        reason = str(form.get("reason", ""))
        notice = await self._desk.doings.budgeting.pause(*_who_and_where(visit), reason)
        return self._desk.paper.done("/money", notice)

    async def _resume(self, visit: Visit, _form: FormData) -> Response:
        notice = await self._desk.doings.budgeting.resume(*_who_and_where(visit))
        return self._desk.paper.done("/money", notice)

    async def _go_on(self, visit: Visit, form: FormData) -> Response:
        notice = await self._desk.doings.budgeting.go_on(str(form.get("period", "")), visit.badge.acting())
        return self._desk.paper.done("/money", notice)

    async def _shut(self, policy: Policy, balances: Mapping[tuple[str, Period], Balance]) -> Sequence[tuple[str, str]]:
        """The budgets of the whole bot at which it pauses by itself now: what each is called in the store and here."""
        views, house = self._desk.views, await self._desk.views.budgets.of_house()
        now = views.now()
        gauge = Gauge(policy=policy, house=house, balances=balances, periods=periods_of(now, policy.zone), now=now)
        return [(gauge.name(period), period.value) for period in gauge.shut]

    async def _paused(self, group: str) -> str:
        """Why nothing is admitted, "" when it is."""
        platform, _, name = group.partition(":")
        budgets = self._desk.views.budgets
        return (await budgets.of_group(platform, name)).paused if name else (await budgets.of_house()).paused

    async def _rows(self, visit: Visit, account: str) -> Sequence[LedgerRow]:
        kind, before = visit.wanted("kind"), visit.wanted("before")
        wanted = EntriesWanted(
            account=account,
            kind=EntryKind(kind) if kind in set(EntryKind) else None,
            cause=visit.wanted("job"),
            before=int(before) if before.isascii() and before.isdigit() else None,
        )
        return await self._desk.views.lists.entries(wanted, limit=PAGE)

    def _account(self, visit: Visit, own: str) -> str:
        """Whose rows are shown: all that an owner asks for, of a group its own and those of its members."""
        wanted, group = visit.wanted("account"), visit.badge.group
        if not group:
            return wanted or ("" if visit.wanted("job") else own)
        return wanted if wanted.startswith(f"member:{group}:") else own


def _who_and_where(visit: Visit) -> tuple[Account, str, str]:
    """Who acts, on which group: its platform and its id there, both "" for the whole bot."""
    platform, _, group = visit.badge.group.partition(":")
    return visit.badge.acting(visit.badge.group), platform, group
