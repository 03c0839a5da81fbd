"""Who judges the pictures of a request, within which bounds, and what is to be judged. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.domain.ask import Account
from bot.domain.catalogue import SCREEN, Endpoint, Kind
from bot.domain.house_rules import Rules
from bot.domain.ledger import Limits
from bot.domain.order import Order
from bot.domain.price import quote
from bot.domain.screening import Bounds, Missing, Part, Scrutiny

PICTURES = frozenset({Kind.IMAGE, Kind.IMAGES})

NOBODY = "no endpoint judges pictures"
PAUSED = "the endpoint that judges pictures is paused"
"""Why nobody judges; written down with the decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screener:
    """Who judges: the endpoint (None: there is none), the bounds, and what all judging may cost (`limits`).

    `away`: why nothing can be judged now, "" when it can.
    """

    endpoint: Endpoint | None
    bounds: Bounds
    limits: Limits = field(default_factory=Limits)
    away: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgings:
    """What is to be judged, each an Order of its own. `away`: why nothing can be, and then there are none."""

    orders: tuple[Order, ...]
    part: Part
    bounds: Bounds
    limits: Limits
    away: str = ""


def is_judged(part: Part, rules: Sequence[Rules]) -> bool:
    """Whether one of these rules wants this judged."""
    wanted = {some.screening for some in rules}
    return Scrutiny.ALL in wanted or (part is Part.PICTURE and Scrutiny.PICTURES in wanted)


def lenient(bounds: Bounds, account: Account) -> Bounds:
    """The bounds for somebody: who would be asked in case of doubt is not asked about their own."""
    if not (account.is_owner or account.is_moderator):
        return bounds
    return replace(bounds, doubt_from=bounds.refuse_from, missing=Missing.ALLOW)


def judgings_of(pictures: Sequence[str], part: Part, screener: Screener) -> Judgings | None:
    """What is to be judged of pictures (by their hashes), each once; None without pictures."""
    if not pictures:
        return None
    away, judge = screener.away, screener.endpoint
    if judge is None:
        away = away or NOBODY
    orders = () if away or judge is None else tuple(_order(judge, one) for one in dict.fromkeys(pictures))
    return Judgings(orders=orders, part=part, bounds=screener.bounds, limits=screener.limits, away=away)


def pictures_of(order: Order, endpoint: Endpoint) -> tuple[str, ...]:
    """The hashes of all pictures that an Order gives."""
    kinds = {option.name: option.kind for option in endpoint.options}
    return tuple(sha256 for name, hashes in order.media.items() if kinds.get(name) in PICTURES for sha256 in hashes)


def _order(judge: Endpoint, picture: str) -> Order:
    taken = next(option.name for option in judge.options if option.kind is Kind.IMAGE)
    return Order(
        endpoint=judge.slug,
        command=SCREEN,
        values={},
        media={taken: (picture,)},
        quote=quote(judge, {}, seconds={}),
    )
