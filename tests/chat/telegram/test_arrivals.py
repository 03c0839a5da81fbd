"""What Telegram tells is kept in one way, and a group's new number is known before anything that was said under it."""

from typing import Any

from telegram import Update

from bot.chat.telegram.arrivals import Arrivals
from bot.store.updates import UpdateStore
from tests.store.shop import Shop

OLD, NEW = -7, -1007
ADA = {"id": 42, "is_bot": False, "first_name": "Ada"}


def update(number: int, chat: int, **fields: Any) -> Update:
    kind = "supergroup" if chat == NEW else "group"
    where = {"id": chat, "type": kind, "title": "Reel lovers"}
    message = {"message_id": number, "date": 1_790_000_000, "chat": where, "from": ADA, **fields}
    return Update.de_json({"update_id": number, "message": message}, None)


async def test_a_move_is_known_before_anything_of_its_batch_can_be_worked_on(kept: Shop) -> None:
    updates = UpdateStore(kept.database, "telegram", work=kept.work, intake=kept.intake, now=kept.clock)
    moves: list[tuple[int, int, list[str]]] = []

    async def moved(group: int, to: int) -> None:
        moves.append((group, to, list(await updates.open_keys())))

    said = update(1, NEW, text="/quota")
    await Arrivals(updates=updates, moved=moved).keep([said, update(2, NEW, migrate_from_chat_id=OLD)])
    assert moves == [(OLD, NEW, [])]
    assert await updates.open_keys() == [f"{NEW}:42/1", f"{NEW}:42/2"]
