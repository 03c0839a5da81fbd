"""The page about health: that something is wrong is everybody's to know, what it is an owner's."""

from tests.console.harness import MODERATOR, Harness


async def test_each_part_stands_with_how_it_is_since_when_and_its_last_trouble(at: Harness) -> None:
    store, fal, discord, telegram = map(at.vitals.of, ("The store", "fal", "Discord", "Telegram"))
    store.works()
    fal.away("it does not answer (ConnectError)")
    telegram.off("TELEGRAM_TOKEN is not set")
    at.kept.clock.forward(180)
    discord.away("the connection was lost")
    discord.works()
    async with at.browser() as browser, at.browser(MODERATOR) as moderator:
        page = (await browser.get("/console/health")).text
        for words in ("works", "away, tried again by itself", "it does not answer (ConnectError)", "3 min ago", "off"):
            assert words in page, words
        assert "the connection was lost" in page
        assert "fal</strong> has been away since 12:00" in (await browser.get("/console")).text
        own = (await moderator.get("/console/health")).text
        assert "away, tried again by itself" in own
        assert "ConnectError" not in own
        assert "TELEGRAM_TOKEN" not in own
        fal.works()
        assert "has been away" not in (await browser.get("/console")).text
