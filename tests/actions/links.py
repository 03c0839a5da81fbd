"""`/link` for tests: codes come in order, and a hash can be told from its code by the eye."""

import itertools
from collections.abc import Callable
from datetime import datetime

from bot.actions.link import Link
from bot.store.linking import LinkStore


def a_link(links: LinkStore, clock: Callable[[], datetime]) -> Link:
    """`/link` on a store, with codes that differ; a hash is the code itself, turned round."""
    drawn = itertools.count(1)
    return Link(
        links=links, digest=lambda code: code[::-1], entropy=lambda count: next(drawn).to_bytes(count), now=clock
    )
