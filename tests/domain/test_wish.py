import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.domain.ask import Wish
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.wish import ALIASES, parse, read, read_more, render
from tests.domain.endpoints import EFFECTS, catalogue

CATALOGUE = catalogue()
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the first draw loads Unicode tables
NASTY = st.one_of(
    st.text(max_size=30),
    st.lists(st.sampled_from(['"', '""', "'", "--", "—ar", "--ar", "“", "”", " ", "\n", ",", ":", "=", "x", "é"])).map(
        "".join
    ),
    st.sampled_from(EFFECTS),
)


def problems_of(text: str) -> tuple[Problem, ...]:
    with pytest.raises(Refused) as caught:
        parse(text, CATALOGUE)
    return caught.value.problems


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        (
            "/effect Kiss Me AI --duration 8",
            Wish(command="effect", options={"effect": "Kiss Me AI", "duration": "8"}),
        ),
        ("/effect Who's Arrested?", Wish(command="effect", options={"effect": "Who's Arrested?"})),
        ("/effect Anything, Robot", Wish(command="effect", options={"effect": "Anything, Robot"})),
        ("/effect@reelroom_bot Hug", Wish(command="effect", options={"effect": "Hug"})),
        ("EFFECT Hug", Wish(command="effect", options={"effect": "Hug"})),
        (
            '/animate "the horse bolts" --ar 9:16 --model kling-2.1',
            Wish(command="animate", options={"prompt": "the horse bolts", "aspect": "9:16"}, model="kling-2.1"),
        ),
        (
            "/animate the horse bolts --negative=blur, noise --dur=8 --m kling",
            Wish(
                command="animate",
                options={"prompt": "the horse bolts", "negative": "blur, noise", "duration": "8"},
                model="kling",
            ),
        ),
        ("/animate a —ar 9:16", Wish(command="animate", options={"prompt": "a", "aspect": "9:16"})),
        ("/animate stop —then run", Wish(command="animate", options={"prompt": "stop —then run"})),
        (
            "/animate a 24\" screen - it's -5 degrees",
            Wish(command="animate", options={"prompt": "a 24\" screen - it's -5 degrees"}),
        ),
        ("/animate “so smart”", Wish(command="animate", options={"prompt": "so smart"})),
        (
            '/animate he says "look --there now" --loop',
            Wish(command="animate", options={"prompt": 'he says "look --there now"', "loop": "on"}),
        ),
        (
            "/animate x --no-loop --no rain",
            Wish(command="animate", options={"prompt": "x", "loop": "off", "negative": "rain"}),
        ),
        ("/animate x --loop off", Wish(command="animate", options={"prompt": "x", "loop": "off"})),
        ('/animate x --no ""', Wish(command="animate", options={"prompt": "x", "negative": ""})),
        (
            "/animate\nline one\nline two --seed 5",
            Wish(command="animate", options={"prompt": "line one\nline two", "seed": "5"}),
        ),
        (
            "/custom pixverse/v4.5/effects effect=Anything, Robot duration=8",
            Wish(
                command="custom", model="pixverse/v4.5/effects", options={"effect": "Anything, Robot", "duration": "8"}
            ),
        ),
        (
            '/custom fal-ai/pixverse/v4.5/effects Hug negative_prompt="a = b" --res 720p',
            Wish(
                command="custom",
                model="fal-ai/pixverse/v4.5/effects",
                options={"effect": "Hug", "negative": "a = b", "resolution": "720p"},
            ),
        ),
    ],
)
def test_people_are_understood_as_they_write(text: str, wish: Wish) -> None:
    assert parse(text, CATALOGUE) == wish


@pytest.mark.parametrize(
    ("text", "slug", "about", "suggestion"),
    [
        ("/anmate x", Slug.UNKNOWN_COMMAND, "", "animate"),
        ("/qouta", Slug.UNKNOWN_COMMAND, "", ""),
        ("", Slug.UNKNOWN_COMMAND, "", ""),
        ("/animate x --duratoin 8", Slug.UNKNOWN_OPTION, "duratoin", "duration"),
        ("/animate x --model klnig-2.1", Slug.UNKNOWN_MODEL, "model", "kling-2.1"),
        ("/custom pixverse-v45-efects Hug", Slug.UNKNOWN_MODEL, "model", "pixverse-v4.5-effects"),
    ],
)
def test_a_slip_is_named_with_what_was_probably_meant(text: str, slug: Slug, about: str, suggestion: str) -> None:
    (problem,) = problems_of(text)
    assert (problem.slug, problem.about, problem.facts["suggestion"]) == (slug, about, suggestion)


def test_other_commands_are_suggested_when_they_are_told() -> None:
    reading = read("/qouta", CATALOGUE, others=("quota", "jobs"))
    assert reading.problems[0].facts["suggestion"] == "quota"
    assert reading.wish.command == ""


@pytest.mark.parametrize(
    ("text", "slug", "about"),
    [
        ("/animate x --safety off", Slug.OWNER_OPTION, "safety"),
        ("/animate x --no-safety_checker", Slug.UNKNOWN_OPTION, "no-safety_checker"),
        ("/animate x --enable_safety_checker off", Slug.OWNER_OPTION, "safety"),
        ("/animate x --duration --ar 9:16", Slug.NO_VALUE, "duration"),
        ("/animate x --seed 1 --seed 2", Slug.GIVEN_TWICE, "seed"),
        ("/animate x --prompt y", Slug.GIVEN_TWICE, "prompt"),
        ('/animate "the horse bolts --ar 9:16', Slug.OPEN_QUOTE, "prompt"),
        ("/animate x --no-loop maybe", Slug.NOT_A_FLAG, "loop"),
        ("/custom", Slug.UNKNOWN_MODEL, "model"),
    ],
)
def test_a_text_that_cannot_be_meant_is_refused_with_its_option(text: str, slug: Slug, about: str) -> None:
    assert [(problem.slug, problem.about) for problem in problems_of(text)] == [(slug, about)]


def test_everything_wrong_with_a_text_is_said_at_once() -> None:
    found = problems_of('/animate "x --colour red --duration --seed 1 --seed 2 --safety off --model soar')
    assert [problem.slug for problem in found] == [
        Slug.OPEN_QUOTE,
        Slug.UNKNOWN_OPTION,
        Slug.NO_VALUE,
        Slug.GIVEN_TWICE,
        Slug.OWNER_OPTION,
        Slug.UNKNOWN_MODEL,
    ]


def test_further_options_are_read_from_one_field() -> None:
    reading = read_more('style=anime negative="no rain" --seed 5 --no-loop', "animate", CATALOGUE)
    assert reading.wish.options == {"style": "anime", "negative": "no rain", "seed": "5", "loop": "off"}
    assert reading.problems == ()


def test_words_in_the_field_of_further_options_are_no_option() -> None:
    reading = read_more("anime please", "animate", CATALOGUE)
    assert [problem.slug for problem in reading.problems] == [Slug.UNKNOWN_OPTION]


def test_aliases_never_point_at_aliases() -> None:
    assert not set(ALIASES.values()) & (set(ALIASES) - {"duration"})


def test_a_rendered_request_reads_as_people_write_it() -> None:
    wish = Wish(command="effect", options={"effect": "Who's Arrested?", "duration": "8"}, model="pixverse-4.5")
    assert render(wish, lead="effect") == "/effect Who's Arrested? --model pixverse-4.5 --duration 8"


@PATIENT
@example(Wish(command="animate", options={"prompt": '"'}))
@example(Wish(command="animate", options={"prompt": "—ar 9:16"}))
@example(Wish(command="animate", options={"prompt": "--ar"}))
@given(
    st.one_of(
        st.builds(
            Wish,
            command=st.just("animate"),
            options=st.dictionaries(
                st.sampled_from(["prompt", "negative", "duration", "aspect", "loop", "image", "seed", "style"]), NASTY
            ),
            model=st.sampled_from(["", "kling-2.1", "kling", "magi-image", "LUMA ray 2 flash"]),
        ),
        st.builds(
            Wish,
            command=st.just("effect"),
            options=st.dictionaries(st.sampled_from(["effect", "images", "resolution"]), NASTY),
        ),
        st.builds(
            Wish,
            command=st.just("custom"),
            options=st.dictionaries(st.sampled_from(["effect", "image", "negative"]), NASTY),
            model=st.sampled_from(["pixverse-v4.5-effects", "fal-ai/pixverse/v4.5/effects", "pixverse/v4.5/effects"]),
        ),
    )
)
def test_what_is_rendered_is_read_back_as_the_same_wish(wish: Wish) -> None:
    assert parse(render(wish), CATALOGUE) == wish
    lead = CATALOGUE.commands[wish.command].lead
    assert parse(render(wish, lead=lead), CATALOGUE) == wish


@PATIENT
@given(st.text())
def test_no_text_at_all_breaks_the_parser(text: str) -> None:
    for start in ("", "/animate ", "/custom ", "/custom magi-image "):
        read(start + text, CATALOGUE)
