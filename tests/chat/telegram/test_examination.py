"""`check --live` says whether the token works, and what BotFather's settings mean."""

import pytest

from bot.chat.telegram.examination import READS_ALL, READS_LITTLE, Found, examine
from bot.domain.errors import ChatUnavailable, PlatformOff
from tests.emulators.telegram.emulator import Telegram


async def examined(telegram: Telegram, token: str = "", *, has_owners: bool = True) -> Found:
    return await examine(token or telegram.token, api_url=telegram.api_url, has_owners=has_owners)


async def test_a_bot_is_named_with_its_invitation_and_its_privacy(telegram: Telegram) -> None:
    found = await examined(telegram)
    assert (found.name, found.invitation) == ("@reelroom_bot", "https://t.me/reelroom_bot?startgroup=true")
    assert found.notes == (READS_LITTLE,)
    telegram.privacy.on = False
    assert (await examined(telegram)).notes == (READS_ALL,)


async def test_what_waits_and_who_is_missing_is_told(telegram: Telegram) -> None:
    telegram.person("Ada").start()
    found = await examined(telegram, has_owners=False)
    assert found.notes[0].startswith("nobody owns it there")
    assert found.notes[-1] == "1 updates wait for it"


async def test_a_token_that_is_none_is_told_from_a_telegram_that_is_away(telegram: Telegram) -> None:
    with pytest.raises(PlatformOff):
        await examined(telegram, "1:of-nobody")
    with pytest.raises(ChatUnavailable):
        await examine("1:x", api_url="http://127.0.0.1:1", has_owners=True)
    telegram.judge.complaints.clear()
