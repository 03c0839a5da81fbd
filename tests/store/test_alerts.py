"""Alerts in a real store: each once for what it is about, and once on each platform."""

from datetime import timedelta

import pytest

from bot.domain.alerts import Alert
from bot.domain.notice import Action, Button, Notice, Tone
from bot.store.alerts import KNOWN_FOR, NEWS_FOR, AlertStore, forget_alerts, write_alert
from bot.store.database import Tx
from tests.builders import Ids
from tests.store.shop import Shop

LOUD = Notice(
    text="Half of it is spent.", tone=Tone.BAD, buttons=(Button(action=Action.OPEN, subject="x", label="Open it"),)
)
HALF = Alert(key="budget:day:2026-11-20:50", notice=LOUD)


@pytest.fixture
def alerts(kept: Shop) -> AlertStore:
    return AlertStore(kept.database, now=kept.clock, new_id=Ids())


async def texts(alerts: AlertStore, platform: str) -> list[str]:
    return [notice.text for _, notice in await alerts.untold(platform)]


async def test_one_is_told_as_it_was_raised_once_on_each_platform(alerts: AlertStore) -> None:
    assert await alerts.keep(HALF)
    ((alert_id, notice),) = await alerts.untold("discord")
    assert notice == LOUD
    await alerts.told(alert_id, "discord")
    await alerts.told(alert_id, "discord")
    assert (await texts(alerts, "discord"), await texts(alerts, "telegram")) == ([], [LOUD.text])


async def test_the_same_is_kept_once_also_when_it_was_told(alerts: AlertStore) -> None:
    await alerts.keep(HALF)
    for alert_id, _ in await alerts.untold("discord"):
        await alerts.told(alert_id, "discord")
    assert not await alerts.keep(HALF)
    assert await texts(alerts, "discord") == []


async def test_what_is_over_and_begins_anew_is_told_anew(alerts: AlertStore) -> None:
    await alerts.keep(HALF)
    for alert_id, _ in await alerts.untold("discord"):
        await alerts.told(alert_id, "discord")
    await alerts.over(HALF.key)
    assert await texts(alerts, "discord") == []
    assert await alerts.keep(HALF)
    assert await texts(alerts, "discord") == [LOUD.text]


async def test_one_is_kept_exactly_when_what_it_is_about_is(kept: Shop, alerts: AlertStore) -> None:
    async def half_way(tx: Tx) -> None:
        await write_alert(tx, HALF, new_id="1", now=kept.clock())
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        await kept.database.transact(half_way)
    assert await texts(alerts, "discord") == []


async def test_what_is_old_is_no_news_and_is_forgotten_later(kept: Shop, alerts: AlertStore) -> None:
    await alerts.keep(HALF)
    kept.clock.at += NEWS_FOR
    assert await texts(alerts, "discord") == []
    await forget_alerts(kept.database, before=kept.clock() - KNOWN_FOR)
    assert not await alerts.keep(HALF)
    kept.clock.at += KNOWN_FOR + timedelta(seconds=1)
    await forget_alerts(kept.database, before=kept.clock() - KNOWN_FOR)
    assert await alerts.keep(HALF)
