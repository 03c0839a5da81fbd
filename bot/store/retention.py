"""What is still needed on disk. A reel is never out of use before it was delivered."""

import json
from datetime import datetime

from bot.store.codec import ASK, micros
from bot.store.database import Database
from bot.store.wizards import WIZARD


async def media_in_use(database: Database, *, ended_after: datetime) -> frozenset[str]:
    """Hashes of staged media: of Jobs not at rest or ended lately (for Again), of waiting Asks, and of Wizards."""
    rows = await database.read(
        "SELECT DISTINCT sha256 FROM staged JOIN jobs ON jobs.id = staged.job "
        "WHERE jobs.state_at > $1 OR jobs.state IN "
        "('in_review', 'admitted', 'submitting', 'uncertain', 'submitted', 'completed', 'delivering', 'undelivered')",
        micros(ended_after),
    )
    used = {str(row["sha256"]) for row in rows}
    for row in await database.read("SELECT ask FROM inbox WHERE state <> 'done'"):
        used.update(file.handle for file in ASK.validate_json(row["ask"]).attachments)
    for row in await database.read("SELECT body FROM wizards"):
        used.update(file.handle for file in WIZARD.validate_json(row["body"]).files)
    return frozenset(used)


async def reels_in_use(database: Database, *, delivered_after: datetime) -> frozenset[str]:
    """Hashes of reels that are not delivered, or were lately, or that a moderator has still to decide about."""
    rows = await database.read(
        "SELECT reel FROM jobs WHERE reel IS NOT NULL AND (state <> 'delivered' OR state_at > $1 "
        "OR id IN (SELECT job FROM afters WHERE outcome = ''))",
        micros(delivered_after),
    )
    return frozenset(str(json.loads(row["reel"])["sha256"]) for row in rows)
