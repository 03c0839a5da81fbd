"""What Telegram's refusals mean to the pipeline, each as python-telegram-bot raises it."""

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.chat.telegram.refusals import MessageGone, TopicGone, is_unchanged, translated
from bot.domain.errors import ChatError, ChatUnavailable, DeliveryUncertain, PlaceGone, ReelTooLarge


def meaning(error: TelegramError, *, posting: bool = False) -> ChatError:
    with pytest.raises(ChatError) as caught, translated(posting=posting, limit_bytes=50):
        raise error
    assert caught.value.__cause__ is error
    return caught.value


def lost(cause: Exception) -> NetworkError:
    """A call without an answer, as the library chains it."""
    error = NetworkError("httpx.Something: lost")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        Forbidden("bot was kicked from the supergroup chat"),
        Forbidden("bot was blocked by the user"),
        Forbidden("user is deactivated"),
        BadRequest("Not enough rights to send videos to the chat"),
        BadRequest("Chat not found"),
    ],
)
def test_a_place_that_is_closed_to_us_stays_so(error: TelegramError) -> None:
    assert type(meaning(error)) is PlaceGone
    assert type(meaning(error, posting=True)) is PlaceGone


@pytest.mark.parametrize("words", ["Message thread not found", "Topic_closed", "TOPIC_CLOSED", "Topic_deleted"])
def test_a_topic_is_gone_and_its_chat_is_not(words: str) -> None:
    assert type(meaning(BadRequest(words), posting=True)) is TopicGone


@pytest.mark.parametrize("words", ["Message to edit not found", "Message can't be edited", "Message_id_invalid"])
def test_a_message_is_gone_and_its_chat_is_not(words: str) -> None:
    assert type(meaning(BadRequest(words))) is MessageGone


@pytest.mark.parametrize(
    "error", [NetworkError("Request Entity Too Large"), BadRequest("File is too big"), BadRequest("file is too big")]
)
def test_too_large_says_what_fits(error: TelegramError) -> None:
    found = meaning(error, posting=True)
    assert isinstance(found, ReelTooLarge)
    assert found.limit_bytes == 50


@pytest.mark.parametrize("error", [TimedOut(), NetworkError("Bad Gateway"), lost(httpx.ReadError("reset"))])
def test_a_lost_answer_is_a_doubt_when_something_may_stand_now(error: TelegramError) -> None:
    assert isinstance(meaning(error, posting=True), DeliveryUncertain)
    assert isinstance(meaning(error), ChatUnavailable)


@pytest.mark.parametrize("cause", [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), httpx.PoolTimeout("")])
def test_what_never_left_is_no_doubt(cause: Exception) -> None:
    assert isinstance(meaning(lost(cause), posting=True), ChatUnavailable)


@pytest.mark.parametrize("posting", [False, True])
def test_patience_is_asked_for_with_a_time(posting: bool) -> None:  # noqa: FBT001  a parameter of the table
    found = meaning(RetryAfter(42), posting=posting)
    assert isinstance(found, ChatUnavailable)
    assert found.retry_after_s == 42.0


@pytest.mark.parametrize("error", [InvalidToken(), Conflict("terminated by other getUpdates request")])
def test_who_shuts_us_out_is_asked_again_later(error: TelegramError) -> None:
    found = meaning(error, posting=True)
    assert isinstance(found, ChatUnavailable)
    assert found.retry_after_s >= 60


def test_a_move_is_left_to_the_line() -> None:
    with pytest.raises(ChatMigrated), translated(posting=True):
        raise ChatMigrated(-1001)


def test_what_an_error_says_never_has_an_address_in_it() -> None:
    cause = httpx.ConnectError("https://api.telegram.org/bot123:secret/sendVideo")
    assert "secret" not in str(meaning(lost(cause)))
    assert "secret" not in str(meaning(lost(cause), posting=True))


def test_an_edit_that_changes_nothing_is_as_good_as_done() -> None:
    assert is_unchanged(BadRequest("Message is not modified: specified new message content is the same"))
    assert is_unchanged(BadRequest("There is no text in the message to edit"))
    assert not is_unchanged(BadRequest("Message to edit not found"))


def test_our_own_mistakes_are_not_dressed_up() -> None:
    with pytest.raises(KeyError), translated():
        raise KeyError
