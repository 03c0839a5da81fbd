"""Every sentence a person can read: there, whole, and without a word of the machine's.

The facts are those the code really gives: the problems below are provoked, not made up.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.ask import Attachment, Surroundings, Wish
from bot.domain.catalogue import FileCount, Kind, Level, MediaLimits, OnlyWith, Option
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.house_rules import OF_A_GROUP
from bot.domain.job import Reason
from bot.domain.ledger import Layer, Limits
from bot.domain.media import MediaFacts, MediaKind, check
from bot.domain.moderation import Circumstances, Rules, judge
from bot.domain.order import draft
from bot.domain.quota import Counts, Usage, decide
from bot.domain.sanction import Kind as Sanctioned
from bot.domain.sanction import Sanction, problem_of
from bot.domain.sentences import ENDS, KEPT, PROBLEMS, failure_sentence, fill, problem_sentence
from bot.domain.wish import read
from bot.fal.kinds import KNOWN_KINDS
from tests.builders import ANNA, NOON, UTC_ZONE, an_ask, an_endpoint, an_order
from tests.domain.endpoints import EFFECTS, KLING_EFFECTS, catalogue, choice, image

MACHINE_WORD = re.compile(r"[{}\[\]]|\bNone\b|\b\w+_\w+\b|\w\.\w+\(|\s\s|^\s|\s$|\(\)|,,|\.\.(?!\.)")
SENTENCE = re.compile(r"[A-Z0-9“/-].*[.?!]", re.DOTALL)

CATALOGUE = catalogue()
FACE = Attachment(platform="room", handle="a", name="my_face.jpg", content_type="image/jpeg")
VOICE = Attachment(platform="room", handle="d", name="my_voice.mp3", content_type="audio/mpeg")
TEXTS = (
    "/efect Hug",
    "/zzzzzz",
    "/effect --model klig",
    "/effect --model zzzz",
    "/effect Kis Me",
    "/effect Hug --colour red --end x.jpg",
    "/effect hug --model kling-1.6",
    "/effect squish --model kling-1.6",
    "/animate",
    "/animate x --model magi --style clay --end y",
    "/animate x --style 3d_animatio",
    '/animate "x --seed 1',
    "/animate x --seed 1 --seed 2",
    "/animate x --seed",
    "/animate x --model magi --frames 1.5 --steps many",
    "/animate x --model magi --frames 7",
    "/animate x --model magi --frames 7000 --safety off",
    "/animate x --model kling-2.1 --cfg warm",
    "/animate x --model kling-2.1 --cfg 7",
    "/animate x --model kling-2.1-pro",
    "/animate x --model luma-ray-2-flash --loop perhaps",
    "/animate x --model luma-ray-2-flash",
    "/animate x --res 1080p --duration 8",
    f"/animate {'x' * 201} --model pixverse-4.5",
    "/mimic x",
    "/lipsync",
    "/custom nonsense x",
    "/animate x --image nonsense",
)
MANY = [replace(FACE, handle=str(number)) for number in range(4)]


def from_texts() -> Iterator[Problem]:
    for text in TEXTS:
        for files in ([], [FACE], [VOICE], MANY):
            reading = read(text, CATALOGUE, others=("quota",))
            try:
                draft(reading.wish, files, CATALOGUE, sandbox=False, problems=reading.problems)
            except Refused as refused:
                yield from refused.problems


def from_files() -> Iterator[Problem]:
    limits = MediaLimits(max_bytes=900, min_side_px=300, max_side_px=900, min_ratio=0.5, max_ratio=2, min_s=2, max_s=5)
    facts = [
        MediaFacts(kind=kind, format="x", size_bytes=10_000, width_px=width, height_px=height, seconds=seconds)
        for kind in MediaKind
        for width, height, seconds in ((100, 100, 0.5), (4_000, 1_200, 99.0), (4_000, 310, 3.0))
    ]
    for kind in (Kind.IMAGE, Kind.VIDEO, Kind.AUDIO, Kind.FLAG):
        option = Option(name="end_image", field="x", kind=kind, limits=limits)
        for fact in facts:
            for name in ("my_holiday.jpg", option.name):
                yield from check(fact, option, name)
    for slug in (Slug.EMPTY_FILE, Slug.UNREADABLE_FILE, Slug.TOO_MANY_BYTES, Slug.TOO_MANY_PIXELS):
        yield Problem(slug=slug, about="my_holiday.jpg", facts={"option": "end_image"})
        yield Problem(slug=slug, about="end_image", facts={"option": "end_image"})


def from_rules() -> Iterator[Problem]:
    rules = Rules(words=("naked",), effects=("heart_gesture",), commands=("effect",), endpoints=("pixverse-effects",))
    order = an_order(values={"effect": "heart_gesture", "prompt": "naked"})
    closed = Rules(places=("garden",), people=("room:anna",), adult=("effect",))
    by_role = Rules(roles=("New",), only_roles=("Artist", "123"), only_endpoints=("another",))
    ask = an_ask(surroundings=Surroundings(places=("garden",)))
    for one in (ask, replace(ask, account=replace(ANNA, roles=("New",))), an_ask()):
        for some in (rules, closed, by_role, replace(OF_A_GROUP, only_roles=("123",))):
            yield from judge(one, order, an_endpoint(), [some], Circumstances(declared=True)).problems
    for limits in (Limits(day=0), Limits(week=0), Limits(month=150_000)):
        layer = Layer(account="x", whose="your share of this group's", limits=limits)
        counts = Counts(jobs_at_once=1, jobs_per_hour=20, cooldown_s=3600)
        usage = Usage(balances={}, running=3, last_hour=30, last_at=NOON)
        yield from decide(200_000, layers=[layer], counts=counts, usage=usage, now=NOON, zone=UTC_ZONE)


def from_the_flow() -> Iterator[Problem]:
    """Those that are made where they are said, with the facts given there."""
    yield Problem(slug=Slug.ENDPOINT_OFF, facts={"name": "pixverse-effects"})
    yield Problem(slug=Slug.ENDPOINT_PAUSED, facts={"name": "Pixverse effects"})
    yield Problem(slug=Slug.ALL_PAUSED)
    yield Problem(slug=Slug.GROUP_PAUSED)
    yield Problem(slug=Slug.BUDGET_PAUSED, facts={"period": "daily", "refills": "tomorrow at 00:00 (UTC)"})
    yield Problem(slug=Slug.OVER_PRICE_NOW, facts={"now": "$0.30", "seen": "$0.20"})
    yield Problem(slug=Slug.GROUP_UNKNOWN, facts={"whom": "you"})
    for kind, until in (
        (Sanctioned.BAN, None),
        (Sanctioned.TIMEOUT, NOON),
        (Sanctioned.TIMEOUT, NOON + timedelta(days=3)),
    ):
        for grp, why in (("", ""), ("room:1", "Please be kind")):
            yield problem_of(Sanction(kind=kind, whom="x", grp=grp, by="y", at=NOON, until=until, why=why), NOON)
    yield Problem(slug=Slug.NO_CONSENT, facts={"name": "Ben"})
    yield Problem(slug=Slug.NO_PORTRAIT, facts={"given": "Ada"})
    bare = (Slug.FILE_GONE, Slug.STORE_DOWN, Slug.NOT_YOURS, Slug.NOTHING_TO_PRESS, Slug.NOT_ASKED, Slug.FORGOTTEN)
    alone = (Slug.ASKED_ALONE, Slug.ASKER_ALONE, Slug.MODERATOR_ALONE, Slug.OWNER_ALONE)
    yield from (
        Problem(slug=slug) for slug in (*bare, *alone, Slug.GROUPS_ONLY, Slug.NOTHING_YET, Slug.NOTHING_TO_CANCEL)
    )


def everything() -> list[Problem]:
    return [*from_texts(), *from_files(), *from_rules(), *from_the_flow()]


def without_quotes(text: str) -> str:
    """What we say ourselves: words in quotation marks are the person's own."""
    return re.sub("“[^”]*”", "“x”", text)


def test_every_problem_there_is_was_provoked() -> None:
    assert {problem.slug for problem in everything()} == set(Slug) == set(PROBLEMS)


def test_no_problem_is_told_in_the_machines_words() -> None:
    sentences = {problem_sentence(problem) for problem in everything()}
    assert [text for text in sentences if MACHINE_WORD.search(without_quotes(text))] == []
    assert [text for text in sentences if not SENTENCE.fullmatch(text)] == []


def told(text: str, *files: Attachment) -> list[str]:
    reading = read(text, CATALOGUE)
    with pytest.raises(Refused) as caught:
        draft(reading.wish, files, CATALOGUE, sandbox=False, problems=reading.problems)
    return [problem_sentence(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/efect Hug", ["I don't know the command “efect”. Did you mean /effect?"]),
        ("/effect Hug", ["Please attach a picture."]),
        ("/effect Kis Me AI --model pixverse-4.5 --duration 7", [
            "The effect's name cannot be “Kis Me AI”. Did you mean “Kiss Me AI”? It can be " + ", ".join(EFFECTS[:-1])
            + " or BOOM DROP.",
            "The duration cannot be “7”. It can be 5 or 8.",
            "Please attach a picture.",
        ]),
        ("/animate --image nonsense --model pixverse-4.5", [
            "I can only take a public https link, and “nonsense” is none I may open.",
            "I still need the prompt.",
        ]),
        ("/lipsync hello --model pixverse", ["Please attach a video."]),
        ("/animate x --model magi --style clay", [
            "There is no “style” with magi. You can have it with pixverse-4.5.",
            "Please attach a picture.",
        ]),
        ("/animate x --model luma-ray-2-flash", ["Give a first or a last picture."]),
        ("/animate x --model luma-ray-2-flash --end_image", [
            "“end-image” needs a value after it.",
            "Give a first or a last picture.",
        ]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_request_reads_like_this(text: str, said: list[str]) -> None:
    assert told(text) == said


def test_what_is_wrong_with_files_reads_like_this() -> None:
    assert told("/effect Hug --model pixverse-4.5", FACE, FACE, FACE) == [
        "I got 3 files for the picture, and at most 2 can be used."
    ]
    assert told("/effect hug --model kling-1.6", FACE) == [
        "I need 2 files for the pictures, and got 1. Hug takes two pictures."
    ]
    option = replace(image(), limits=MediaLimits(min_side_px=300))
    small = MediaFacts(kind=MediaKind.IMAGE, format="png", size_bytes=9, width_px=120, height_px=80)
    voice = MediaFacts(kind=MediaKind.AUDIO, format="mp3", size_bytes=9, seconds=2)
    (too_small,) = check(small, option, "me.png")
    (wrong_kind,) = check(voice, option, "image")
    assert problem_sentence(too_small) == "“me.png” is too small: 120 x 80 px, and each side needs at least 300 px."
    assert problem_sentence(wrong_kind) == "The file is a sound, and I need a picture."


def test_an_empty_budget_reads_like_this() -> None:
    layer = Layer(account="x", whose="your", limits=Limits(day=150_000))
    usage = Usage(balances={}, running=1, last_hour=0)
    found = decide(200_000, layers=[layer], counts=Counts(jobs_at_once=1), usage=usage, now=NOON, zone=UTC_ZONE)
    assert [problem_sentence(problem) for problem in found] == [
        "You have 1 reel in the making already; the next can start as soon as there is room again.",
        "This takes $0.20, and $0.15 of your daily budget is left. It refills tomorrow at 00:00 (UTC).",
    ]


def test_choices_and_rules_lose_the_underscores_that_nobody_types() -> None:
    gesture = choice("effect", "heart_gesture", "hug")
    rule = OnlyWith(when={"effect": ("heart_gesture",)}, then={"duration": ("5",)}, text="heart_gesture lasts 5 s")
    endpoint = replace(KLING_EFFECTS, options=(gesture, choice("duration", "5", "10")), rules=(rule,), slug="x", id="x")
    one = replace(CATALOGUE, commands={"effect": replace(CATALOGUE.commands["effect"], endpoints=(endpoint,))})
    wishes = (Wish(command="effect", options={"effect": "heart_gestur"}),
              Wish(command="effect", options={"effect": "heart gesture", "duration": "10"}))  # fmt: skip
    said = []
    for wish in wishes:
        with pytest.raises(Refused) as caught:
            draft(wish, (), one, sandbox=False)
        said += [problem_sentence(problem) for problem in caught.value.problems]
    assert said == [
        "The effect's name cannot be “heart_gestur”. Did you mean “heart gesture”? It can be heart gesture or hug.",
        "Heart gesture lasts 5 s.",
    ]


def test_what_somebody_typed_is_quoted_as_it_was_and_no_template() -> None:
    problem = Problem(slug=Slug.UNKNOWN_COMMAND, facts={"given": "{about}[x]_y", "suggestion": ""})
    assert problem_sentence(problem) == "I don't know the command “{about}[x]_y”."


@pytest.mark.parametrize("kind", sorted(KNOWN_KINDS))
def test_every_failure_of_fal_has_a_sentence_for_people(kind: str) -> None:
    text = failure_sentence(kind)
    assert SENTENCE.fullmatch(text)
    assert not MACHINE_WORD.search(text)


def test_a_failure_nobody_has_heard_of_is_trouble_of_fals_own() -> None:
    assert failure_sentence("flux_capacitor_empty") == failure_sentence("internal_server_error")


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sentence_and_says_nothing_of_money(reason: Reason) -> None:
    for table in (ENDS, KEPT):
        text = table.get(reason, ENDS[reason])
        assert SENTENCE.fullmatch(text)
        assert not MACHINE_WORD.search(text)
        assert not re.search("charge|cost|bill|pay", text)


def test_a_fact_nobody_gave_leaves_no_hole() -> None:
    assert fill("{about} is empty.[ It was {size}.]", {"about": ""}) == " is empty."
    assert fill("{about} is empty.[ It was {size}.]", {}) == "this is empty."


@pytest.mark.parametrize("slug", Slug)
def test_a_sentence_without_any_fact_is_still_one(slug: Slug) -> None:
    assert not MACHINE_WORD.search(without_quotes(problem_sentence(Problem(slug=slug))).replace("“”", "“x”"))


def test_rules_about_the_number_of_files_count_in_words_people_use() -> None:
    rule = FileCount(when={}, option="images", count=1, text="this effect takes one picture")
    assert rule.option == "images"
    facts = {"given": "2", "needed": "1", "rule": rule.text}
    assert problem_sentence(Problem(slug=Slug.TOO_MANY_FILES, about="images", facts=facts)) == (
        "I got 2 files for the pictures, and 1 can be used. This effect takes one picture."
    )
    assert Level.MAIN is image().level
