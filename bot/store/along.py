"""What is written down together with a step, within its transaction."""

from bot.domain.decision import Along
from bot.store.consents import write_consent
from bot.store.database import Tx
from bot.store.decisions import write_decision
from bot.store.sanctions import write_sanction


async def write_along(tx: Tx, along: Along | None) -> None:
    """Write it; None is nothing."""
    if along is None:
        return
    for decision in along.decisions:
        await write_decision(tx, decision)
    for sanction in along.sanctions:
        await write_sanction(tx, sanction)
    for consent in along.consents:
        await write_consent(tx, consent)
