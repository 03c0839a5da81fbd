"""What Discord's refusals mean to the pipeline, by status and code."""

from types import SimpleNamespace

import aiohttp
import discord
import pytest

from bot.chat.discord.refusals import SMALLEST_LIMIT, Blocked, translated
from bot.domain.errors import ChatError, ChatUnavailable, DeliveryUncertain, PlaceGone, ReelTooLarge


def refusal(status: int, code: int = 0) -> discord.HTTPException:
    """As discord.py raises it; of the response it looks at no more than this."""
    response = SimpleNamespace(status=status, reason="because")
    kinds = {403: discord.Forbidden, 404: discord.NotFound}
    kind = kinds.get(status, discord.DiscordServerError if status >= 500 else discord.HTTPException)
    return kind(response, {"code": code, "message": "no"})


def meaning(error: Exception, *, posting: bool = False, with_token: bool = False) -> ChatError:
    with pytest.raises(ChatError) as caught, translated(posting=posting, with_token=with_token):
        raise error
    assert caught.value.__cause__ is error
    return caught.value


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (404, 10003),
        (404, 10008),
        (404, 10015),
        (403, 50001),
        (403, 50013),
        (403, 50007),
        (403, 50278),
        (400, 50083),
        (400, 160005),
        (400, 50035),
    ],
)
def test_a_place_that_is_gone_or_closed_stays_so(status: int, code: int) -> None:
    assert type(meaning(refusal(status, code))) is PlaceGone
    assert type(meaning(refusal(status, code), posting=True)) is PlaceGone


@pytest.mark.parametrize("code", [200000, 200001, 240000, 20009])
def test_words_that_are_blocked_are_told_from_a_place_that_is_gone(code: int) -> None:
    assert isinstance(meaning(refusal(400, code)), Blocked)


@pytest.mark.parametrize("error", [refusal(413, 40005), refusal(413), refusal(400, 40005)])
def test_too_large_names_what_fits_everywhere(error: discord.HTTPException) -> None:
    found = meaning(error, posting=True)
    assert isinstance(found, ReelTooLarge)
    assert found.limit_bytes == SMALLEST_LIMIT


@pytest.mark.parametrize(
    "error", [refusal(500), refusal(502), refusal(503), aiohttp.ClientError(), OSError(), TimeoutError()]
)
def test_a_lost_answer_is_a_doubt_when_something_may_stand_now(error: Exception) -> None:
    assert isinstance(meaning(error, posting=True), DeliveryUncertain)
    assert isinstance(meaning(error), ChatUnavailable)


def test_patience_is_asked_for_with_a_time() -> None:
    found = meaning(discord.RateLimited(42.0), posting=True)
    assert isinstance(found, ChatUnavailable)
    assert found.retry_after_s == 42.0
    assert isinstance(meaning(refusal(429), posting=True), ChatUnavailable)


def test_a_dead_token_of_an_interaction_is_an_end_and_a_refused_bot_is_not() -> None:
    assert isinstance(meaning(refusal(401, 50027), with_token=True), PlaceGone)
    assert isinstance(meaning(refusal(401)), ChatUnavailable)


def test_our_own_mistakes_are_not_dressed_up() -> None:
    with pytest.raises(KeyError), translated():
        raise KeyError
