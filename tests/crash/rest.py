"""Whether everything has come to its end: looked up beside the running program, in its store and at fal."""

from bot.domain.job import SETTLED, State
from bot.store.database import Database
from tests.crash.fal import Fal

STORE = "reelroom.db"


async def is_at_rest(store: Database, fal: Fal, *, asks: int) -> bool:
    """Whether every ask has been dealt with and every Job has its end, or waits in honest doubt.

    Doubt is honest when this program has asked fal for its history, and fal has no request that is nobody's.
    """
    inbox = await store.read("SELECT state FROM inbox")
    if len(inbox) < asks or any(row["state"] != "done" for row in inbox):
        return False
    jobs = await store.read("SELECT state, said, request_id FROM jobs")
    nobodys = fal.requests() - {row["request_id"] for row in jobs}
    doubt_is_honest = bool(fal.answered["by-endpoint"]) and not nobodys
    for row in jobs:
        state = State(row["state"])
        in_doubt = state is State.UNCERTAIN and doubt_is_honest
        if not in_doubt and (state not in SETTLED or row["said"] != state.value):
            return False
    return True
