"""What people read of their reels: every state with all that may be known of it, and the main ones word by word."""

import itertools
import re
from datetime import datetime, timedelta

import pytest

from bot.domain.catalogue import Catalogue
from bot.domain.errors import Problem, Slug
from bot.domain.job import Job, Phase, Reason, State, Waiting
from bot.domain.notice import Action, Notice, Tone
from bot.domain.order import Quote
from bot.domain.phrases import (
    Standing,
    about_time,
    away_notice,
    order_words,
    ordinal,
    quote_words,
    reel_notice,
    refusal_notice,
    status_notice,
)
from bot.domain.progress import Observation, durations_of
from bot.settings.endpoints import catalogue_of
from tests.builders import BEN, NOON, OWNER, PRICE, a_job, a_reel, an_ask, an_endpoint, an_order

CATALOGUE = catalogue_of([an_endpoint(command="effect")])
ELSEWHERE = catalogue_of([])
MACHINE_WORD = re.compile(r"[{}\[\]]|\bNone\b|\b\w+_\w+\b|\s\s|^\s|\s$")
HISTORY = durations_of([40.0 + number for number in range(10)])


def running(age_s: float, phase: Phase = Phase.IN_PROGRESS) -> Observation:
    started = None if phase is Phase.IN_QUEUE else NOON - timedelta(seconds=age_s)
    return Observation(phase=phase, position=2, queued_at=NOON, started_at=started)


STANDINGS = [
    Standing(ahead=ahead, shut_out=shut_out, seen=seen, durations=durations)
    for ahead in (None, 0, 1, 10)
    for shut_out in (False, True)
    for seen in (None, running(0, Phase.IN_QUEUE), running(5), running(46), running(5_000), running(5, Phase.COMPLETED))
    for durations in (durations_of([]), HISTORY)
]
CHANGES: list[dict[str, object]] = [
    {},
    {"cancel_wanted_at": NOON},
    {"cost_microusd": PRICE, "failure": "content_policy_violation"},
    {"waiting_for": frozenset(Waiting)},
    {"started_at": NOON - timedelta(minutes=3)},
]


def said(
    job: Job, standing: Standing | None = None, *, catalogue: Catalogue = CATALOGUE, now: datetime = NOON
) -> Notice:
    return status_notice(job, catalogue, standing or Standing(), now)


def actions(notice: Notice) -> list[Action]:
    return [button.action for button in notice.buttons]


@pytest.mark.parametrize("state", State)
def test_every_state_says_something_whatever_is_known(state: State) -> None:
    jobs = [a_job(state, reason=reason, **change) for reason, change in itertools.product(Reason, CHANGES)]
    for job, standing, catalogue in itertools.product(jobs, STANDINGS, (CATALOGUE, ELSEWHERE)):
        notice = said(job, standing, catalogue=catalogue)
        for text in (notice.text, notice.detail, *(button.label for button in notice.buttons)):
            assert text
            assert not MACHINE_WORD.search(text)
        assert notice.progress is None or 0 <= notice.progress <= 1
        assert all(button.subject == job.id for button in notice.buttons)


SUBMITTED = a_job(State.SUBMITTED)
FAILED = a_job(State.FAILED, reason=Reason.FAL_SAID_NO, failure="content_policy_violation", cost_microusd=0)


@pytest.mark.parametrize(
    ("job", "standing", "text"),
    [
        (a_job(), Standing(ahead=0), "You're next."),
        (a_job(), Standing(ahead=2), "You're 3rd in line."),
        (
            a_job(),
            Standing(ahead=2, shut_out=True),
            "The video service doesn't let us in at the moment. The owner knows, and your place is kept.",
        ),
        (
            a_job(cancel_wanted_at=NOON),
            Standing(ahead=2),
            "Cancelling … If it is too late for that, you'll get the reel all the same.",
        ),
        (a_job(State.SUBMITTING), Standing(), "Handing it to the video service …"),
        (SUBMITTED, Standing(), "The video service has it."),
        (SUBMITTED, Standing(seen=running(0, Phase.IN_QUEUE)), "The video service has it, 3rd in its line."),
        (SUBMITTED, Standing(seen=running(5)), "Rendering …"),
        (SUBMITTED, Standing(seen=running(4), durations=HISTORY), "Rendering, about 40 s left."),
        (SUBMITTED, Standing(seen=running(47.9), durations=HISTORY), "Rendering, about a moment left."),
        (
            SUBMITTED,
            Standing(seen=running(70), durations=HISTORY),
            "Still rendering; this one takes longer than most. I'll post it when it lands.",
        ),
        (a_job(State.COMPLETED), Standing(), "Finished. Bringing it over …"),
        # Whether anybody looked while it was rendering makes no difference.
        (a_job(State.DELIVERED, state_at=NOON + timedelta(0, 47)), Standing(), "Here it is, 45 s after you asked."),
        (
            a_job(State.DELIVERED, started_at=NOON, state_at=NOON + timedelta(0, 1)),
            Standing(),
            "Here it is, a moment after you asked.",
        ),
        (
            a_job(State.UNDELIVERED, reason=Reason.NOWHERE),
            Standing(),
            "Your reel is finished, but I cannot post it here. It is kept for you: /jobs",
        ),
        (
            a_job(State.UNDELIVERED, reason=Reason.NOT_FETCHED),
            Standing(),
            "Your reel was made, but the video service does not hand it over. I can try once more.",
        ),
        (
            a_job(State.UNDELIVERED, reason=Reason.WITHHELD),
            Standing(),
            "This reel is withheld until a moderator has looked at it.",
        ),
        (
            FAILED,
            Standing(),
            (
                "The model's own safety check did not let this through. Other words or another picture may help. "
                "Nothing was charged."
            ),
        ),
        (
            a_job(State.FAILED, reason=Reason.FAL_SAID_NO, failure="generation_timeout", cost_microusd=PRICE),
            Standing(),
            "The video service had trouble of its own with this. Trying again often helps. It was billed all the same.",
        ),
        (
            a_job(State.FAILED, reason=Reason.LOST),
            Standing(),
            "The video service lost this on its way. Please ask again. It cost you nothing.",
        ),
        (a_job(State.CANCELLED, reason=Reason.BY_PERSON), Standing(), "Cancelled, as you wished. Nothing was charged."),
        (
            a_job(State.REFUSED, reason=Reason.EXPIRED),
            Standing(),
            "Nobody answered in time, so I let this go. Nothing was charged.",
        ),
    ],
)
def test_the_status_reads_like_this(job: Job, standing: Standing, text: str) -> None:
    assert said(job, standing).text == text


def test_a_doubtful_submit_is_told_after_ten_minutes() -> None:
    job = a_job(State.UNCERTAIN)
    assert said(job, now=NOON + timedelta(seconds=599)).text == "Handing it to the video service …"
    assert said(job, now=NOON + timedelta(seconds=600)).text == (
        "The video service did not say whether it took this. I'm finding out and won't ask twice, "
        "so that you don't pay twice. If it never comes, it costs you nothing."
    )


@pytest.mark.parametrize(
    ("waiting", "text"),
    [
        (
            {Waiting.CONFIRMATION, Waiting.MODERATOR},
            "This may cost $0.20. It brings faces to life: are they yours, or do you have their permission?",
        ),
        ({Waiting.MODERATOR}, "This waits for a moderator. I'll go on as soon as somebody has looked at it."),
        ({Waiting.SCREENING}, "I'm having a look at this first."),
    ],
)
def test_a_review_says_what_it_waits_for(waiting: set[Waiting], text: str) -> None:
    notice = said(a_job(State.IN_REVIEW, waiting_for=frozenset(waiting)))
    assert notice.text == text
    assert actions(notice) == ([Action.CONFIRM, Action.DECLINE] if Waiting.CONFIRMATION in waiting else [Action.CANCEL])


def test_whoever_is_named_is_asked_by_name_before_a_moderator_is() -> None:
    waiting = frozenset({Waiting.CONSENT, Waiting.MODERATOR})
    notice = said(a_job(State.IN_REVIEW, waiting_for=waiting), Standing(asked=(BEN, OWNER)))
    assert notice.text == (
        "Ben and Owner: Anna would like to make a reel with your picture. Is that all right with you?"
    )
    assert notice.asks == (BEN, OWNER)
    assert [button.label for button in notice.buttons] == [
        "Yes, this once",
        "Always for Anna",
        "Yes, for everybody",
        "No",
        "Never",
        "Cancel",
    ]


def test_a_price_alone_is_asked_about_alone() -> None:
    confirm = frozenset({Waiting.CONFIRMATION})
    faceless = catalogue_of([an_endpoint(faces=False)])
    job = a_job(State.IN_REVIEW, waiting_for=confirm)
    assert said(job, catalogue=faceless).text == "This may cost $0.20. Shall I?"
    assert said(a_job(State.IN_REVIEW, waiting_for=confirm, ask=an_ask(account=OWNER))).text.endswith("Shall I?")


@pytest.mark.parametrize(
    ("job", "buttons"),
    [
        (a_job(), [Action.CANCEL]),
        (a_job(cancel_wanted_at=NOON), []),
        (SUBMITTED, [Action.CANCEL]),
        (a_job(State.DELIVERED), []),
        (a_job(State.UNDELIVERED, reason=Reason.NOWHERE), [Action.DELIVER]),
        (a_job(State.UNDELIVERED, reason=Reason.WITHHELD), []),
        (FAILED, [Action.AGAIN, Action.CHANGE]),
        (a_job(State.CANCELLED), [Action.AGAIN, Action.CHANGE]),
    ],
)
def test_only_buttons_that_do_something_now_are_offered(job: Job, buttons: list[Action]) -> None:
    assert actions(said(job)) == buttons


def test_the_small_print_says_what_was_ordered() -> None:
    endpoint = an_endpoint()
    assert order_words(an_order(), endpoint) == "Kiss Me AI · pixverse-4.5 · 720p · 5 s · $0.20"
    gesture = an_order(values={"effect": "heart_gesture", "duration": "5s"})
    assert order_words(gesture, endpoint) == "heart gesture · pixverse-4.5 · 5s · $0.20"
    assert order_words(an_order(values={"resolution": "720p"}), endpoint) == "pixverse-4.5 · 720p · $0.20"
    assert order_words(an_order(), None) == "$0.20"


def test_a_price_says_how_sure_it_is() -> None:
    assert quote_words(Quote(cost_microusd=PRICE, hold_microusd=PRICE)) == "$0.20"
    assert quote_words(Quote(cost_microusd=PRICE, hold_microusd=300_000, estimated=True)) == "about $0.20"
    assert quote_words(Quote(cost_microusd=0, hold_microusd=0, unpriced=True)) == "no price known"


def test_a_reel_stands_with_what_it_was_made_of() -> None:
    job = a_job(State.DELIVERING)
    notice = reel_notice(job, CATALOGUE, fitted=a_reel(), original=a_reel())
    assert (notice.text, notice.tone, actions(notice)) == ("Kiss Me AI", Tone.GOOD, [Action.AGAIN, Action.CHANGE])
    smaller = reel_notice(job, CATALOGUE, fitted=a_reel("other"), original=a_reel())
    assert smaller.text == "Kiss Me AI\n(made smaller to fit here)"


@pytest.mark.parametrize("prompt", ["", "  ", None])
def test_a_reel_without_words_is_not_posted_without_a_word(prompt: str | None) -> None:
    values = {} if prompt is None else {"prompt": prompt}
    notice = reel_notice(a_job(order=an_order(values=values)), CATALOGUE, fitted=a_reel(), original=a_reel())
    assert notice.text == "Here is your reel."


def test_a_long_prompt_is_cut_and_one_with_underscores_left_as_it_was() -> None:
    def caption(prompt: str) -> str:
        job = a_job(order=an_order(values={"prompt": prompt}))
        return reel_notice(job, CATALOGUE, fitted=a_reel(), original=a_reel()).text

    assert caption("a snake_case horse") == "a snake_case horse"
    assert caption("x" * 200) == "x" * 200
    assert caption("x" * 201) == "x" * 199 + "…"


def test_a_refusal_says_each_thing_once_and_only_to_the_person() -> None:
    empty = Problem(slug=Slug.EMPTY_FILE, about="a.png")
    notice = refusal_notice([empty, empty, Problem(slug=Slug.FILE_GONE)])
    assert notice.text == "“a.png” is empty.\nI couldn't get the file any more. Please attach it again."
    assert (notice.private, notice.tone) == (True, Tone.BAD)


def test_whoever_waited_for_us_is_asked_before_anything_is_spent() -> None:
    notice = away_notice(an_ask())
    assert notice.text == "I was away when you asked for this. Shall I still do it?"
    assert notice.detail == "/effect"
    assert [(button.action, button.subject) for button in notice.buttons] == [
        (Action.STILL, "ask-1"),
        (Action.DROP, "ask-1"),
    ]


def test_places_in_line_are_counted_as_people_count() -> None:
    told = "1st 2nd 3rd 4th 10th 11th 12th 13th 21st 22nd 23rd 101st 111th 112th"
    assert [ordinal(int(re.sub(r"\D", "", one))) for one in told.split()] == told.split()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "a moment"),
        (2.9, "a moment"),
        (3, "3 s"),
        (19.4, "19 s"),
        (22, "20 s"),
        (89, "90 s"),
        (90, "2 min"),
        (5_400, "90 min"),
        (5_500, "2 h"),
        (36 * 3600, "36 h"),
        (37 * 3600, "2 days"),
        (7 * 86_400, "7 days"),
    ],
)
def test_a_length_of_time_is_said_as_people_say_it(seconds: float, words: str) -> None:
    assert about_time(seconds) == words
