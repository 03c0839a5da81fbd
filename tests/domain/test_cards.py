"""What moderators read before they decide, and after."""

import pytest

from bot.domain.ask import Account
from bot.domain.cards import History, card_notice, history_words, is_due, settled_card_notice
from bot.domain.job import Reason, State, Waiting
from bot.domain.notice import Action, Tone
from tests.builders import NOON, a_job, an_ask, an_endpoint, an_order

VALUES = {"effect": "Kiss Me AI", "prompt": "in the  rain", "negative": "umbrellas", "resolution": "720p"}
JOB = a_job(State.IN_REVIEW, order=an_order(values=VALUES), waiting_for=frozenset({Waiting.MODERATOR}))


def test_a_card_says_who_wants_what_in_which_words_for_how_much_and_how_they_are_known() -> None:
    notice = card_notice(JOB, an_endpoint(), History(reels=12, strikes=1, since=NOON))
    assert notice.text.splitlines() == [
        "Anna asks for /effect.",
        "Prompt: in the rain",
        "Negative: umbrellas",
        "Anna: 12 reels here, 1 strike, since 20 November 2026.",
    ]
    assert notice.detail == "Kiss Me AI · pixverse-4.5 · 720p · $0.20"
    assert (notice.picture, notice.tone, notice.private) == ("cafe", Tone.WAITING, False)
    assert [(button.action, button.subject, button.label) for button in notice.buttons] == [
        (Action.APPROVE, "ask-1", "Approve"),
        (Action.REFUSE, "ask-1", "Refuse"),
        (Action.SILENCE, "ask-1", "Refuse and time out"),
    ]


@pytest.mark.parametrize(
    ("history", "words"),
    [
        (History(), "Anna: no reel here, no strike."),
        (History(reels=1, strikes=2), "Anna: 1 reel here, 2 strikes."),
    ],
)
def test_history_counts_as_people_do(history: History, words: str) -> None:
    assert history_words("Anna", history) == words


def test_somebody_without_a_name_and_a_model_that_is_gone_are_no_obstacle() -> None:
    nameless = a_job(ask=an_ask(account=Account(platform="room", id="x")))
    notice = card_notice(nameless, None, History())
    assert notice.text.startswith("Somebody asks for /effect.")
    assert notice.picture == ""


def test_a_long_text_is_cut() -> None:
    job = a_job(order=an_order(values={"prompt": "x" * 900}))
    (line,) = [line for line in card_notice(job, an_endpoint(), History()).text.splitlines() if "xxx" in line]
    assert len(line) == len("Prompt: ") + 500
    assert line.endswith("…")


@pytest.mark.parametrize(
    ("waiting", "state", "due"),
    [
        ({Waiting.MODERATOR}, State.IN_REVIEW, True),
        ({Waiting.MODERATOR, Waiting.SCREENING}, State.IN_REVIEW, False),
        ({Waiting.MODERATOR, Waiting.CONFIRMATION}, State.IN_REVIEW, False),
        ({Waiting.MODERATOR, Waiting.CONSENT}, State.IN_REVIEW, False),
        ({Waiting.CONFIRMATION}, State.IN_REVIEW, False),
        ({Waiting.MODERATOR}, State.REFUSED, False),
    ],
)
def test_moderators_are_asked_last(waiting: set[Waiting], state: State, *, due: bool) -> None:
    assert is_due(a_job(state, waiting_for=frozenset(waiting))) is due


@pytest.mark.parametrize(
    ("state", "reason", "remark", "by", "said"),
    [
        (State.ADMITTED, Reason.NONE, "", "Mod", "Mod said yes."),
        (State.DELIVERED, Reason.NONE, "", "", "Somebody said yes."),
        (State.REFUSED, Reason.BY_MODERATOR, "", "Mod", "Mod said no."),
        (State.REFUSED, Reason.BY_MODERATOR, "Too close.", "Mod", "Mod said no: Too close."),
        (State.REFUSED, Reason.EXPIRED, "", "", "Nobody answered in time."),
        (State.CANCELLED, Reason.BY_PERSON, "", "", "It was let go."),
        (State.UNDELIVERED, Reason.TAKEN_DOWN, "", "Mod", "Mod took it down."),
    ],
)
def test_a_settled_card_says_what_became_of_it_and_has_nothing_to_press(
    state: State, reason: Reason, remark: str, by: str, said: str
) -> None:
    notice = settled_card_notice(a_job(state, reason=reason, remark=remark), an_endpoint(), by)
    assert notice.text == f"Anna asked for /effect. {said}"
    assert (notice.buttons, notice.picture) == ((), "cafe")
