"""An Ask made valid against an Endpoint: typed arguments, the media it needs, its price."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.ask import Attachment
from bot.domain.catalogue import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What an Order costs. The Hold is an upper bound of the cost; an estimated one is said to be an estimate."""

    cost_microusd: int
    hold_microusd: int
    estimated: bool = False
    unpriced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An Ask that passed every check that needs no look at its files.

    `values` are typed, complete with defaults and the owner's fixed values, by common name. `files` assigns the
    attachments to the endpoint's media options. `quote` is the price as far as it is known without the files.
    `joined` says that two pictures will be put side by side.
    """

    endpoint: str
    command: str
    values: Mapping[str, Value]
    files: Mapping[str, tuple[Attachment, ...]]
    quote: Quote
    joined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A valid request for one endpoint (its slug), immutable. `media` are hashes of staged files by option."""

    endpoint: str
    command: str
    values: Mapping[str, Value]
    media: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    quote: Quote
    joined: bool = False
