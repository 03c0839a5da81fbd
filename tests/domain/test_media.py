import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalogue import Kind, MediaLimits, Option
from bot.domain.errors import Slug
from bot.domain.media import CONTENT_TYPES, MediaFacts, MediaKind, bytes_text, check, kind_wanted, shrunk

PICTURE = MediaFacts(kind=MediaKind.IMAGE, format="jpeg", size_bytes=1_000, width_px=1_200, height_px=800)
CLIP = MediaFacts(kind=MediaKind.VIDEO, format="mp4", size_bytes=5_000_000, width_px=1_280, height_px=720, seconds=6.5)
SOUND = MediaFacts(kind=MediaKind.AUDIO, format="mp3", size_bytes=200_000, seconds=12.0)


def option(kind: Kind, limits: MediaLimits | None = None) -> Option:
    return Option(name="image", field="image_url", kind=kind, limits=limits or MediaLimits())


def slugs(facts: MediaFacts, kind: Kind, limits: MediaLimits) -> list[Slug]:
    return [problem.slug for problem in check(facts, option(kind, limits), "a file")]


def test_every_kind_of_option_wants_a_kind_of_file_or_none() -> None:
    wanted = {kind: kind_wanted(kind) for kind in Kind}
    assert {kind for kind, one in wanted.items() if one is not None} == {
        Kind.IMAGE,
        Kind.IMAGES,
        Kind.VIDEO,
        Kind.AUDIO,
    }
    assert wanted[Kind.IMAGES] is MediaKind.IMAGE


@pytest.mark.parametrize(
    ("facts", "kind"), [(PICTURE, Kind.IMAGE), (PICTURE, Kind.IMAGES), (CLIP, Kind.VIDEO), (SOUND, Kind.AUDIO)]
)
def test_a_good_file_has_no_problem(facts: MediaFacts, kind: Kind) -> None:
    limits = MediaLimits(max_bytes=5_000_000, formats=("png", "mov", "wav"))
    assert check(facts, option(kind, limits), "a file") == ()
    assert check(facts, option(kind), "a file") == ()


@pytest.mark.parametrize(("facts", "kind"), [(CLIP, Kind.IMAGE), (SOUND, Kind.VIDEO), (PICTURE, Kind.AUDIO)])
def test_the_wrong_kind_of_file_is_named(facts: MediaFacts, kind: Kind) -> None:
    (problem,) = check(facts, option(kind, MediaLimits(min_side_px=9_999)), "x.jpg")
    assert (problem.slug, problem.about) == (Slug.WRONG_FILE_KIND, "x.jpg")
    assert problem.facts["given"] != problem.facts["wanted"]


def test_an_option_without_a_file_has_no_use_for_one() -> None:
    assert slugs(PICTURE, Kind.TEXT, MediaLimits()) == [Slug.FILE_UNUSED]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (MediaLimits(max_side_px=600), []),
        (MediaLimits(max_bytes=10), []),
        (MediaLimits(min_side_px=800), []),
        (MediaLimits(min_side_px=801), [Slug.TOO_FEW_PIXELS]),
        (MediaLimits(max_ratio=1.5), []),
        (MediaLimits(max_ratio=1.4), [Slug.WRONG_RATIO]),
        (MediaLimits(min_ratio=1.6), [Slug.WRONG_RATIO]),
        (MediaLimits(min_side_px=700, max_side_px=900), [Slug.WRONG_RATIO]),
        (MediaLimits(min_side_px=900, max_ratio=1.2), [Slug.TOO_FEW_PIXELS, Slug.WRONG_RATIO]),
        (MediaLimits(min_s=1, max_s=2), []),
    ],
)
def test_only_what_cannot_be_mended_is_wrong_with_a_picture(limits: MediaLimits, expected: list[Slug]) -> None:
    assert slugs(PICTURE, Kind.IMAGE, limits) == expected


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (MediaLimits(max_side_px=1_279), [Slug.TOO_MANY_PIXELS]),
        (MediaLimits(min_side_px=721), [Slug.TOO_FEW_PIXELS]),
        (MediaLimits(max_bytes=4_999_999), [Slug.TOO_MANY_BYTES]),
        (MediaLimits(min_s=7), [Slug.TOO_SHORT]),
        (MediaLimits(max_s=6), [Slug.TOO_LONG_CLIP]),
        (
            MediaLimits(max_side_px=100, max_bytes=1, max_s=1, max_ratio=1),
            [Slug.TOO_MANY_PIXELS, Slug.WRONG_RATIO, Slug.TOO_MANY_BYTES, Slug.TOO_LONG_CLIP],
        ),
    ],
)
def test_everything_that_is_wrong_with_a_clip_is_said(limits: MediaLimits, expected: list[Slug]) -> None:
    assert slugs(CLIP, Kind.VIDEO, limits) == expected


def test_a_sound_has_no_sides() -> None:
    assert slugs(SOUND, Kind.AUDIO, MediaLimits(min_side_px=300, min_ratio=1, max_s=10)) == [Slug.TOO_LONG_CLIP]


@pytest.mark.parametrize(
    ("facts", "kind", "limits", "given", "limit"),
    [
        (PICTURE, Kind.IMAGE, MediaLimits(min_side_px=1_300), "1,200 x 800 px", "1,300 px"),
        (
            PICTURE,
            Kind.IMAGE,
            MediaLimits(min_ratio=0.4, max_ratio=1.25),
            "1,200 x 800 px (1.50:1)",
            "1:2.50 to 1.25:1",
        ),
        (PICTURE, Kind.IMAGE, MediaLimits(max_ratio=0.8), "1,200 x 800 px (1.50:1)", "at most 1:1.25"),
        (PICTURE, Kind.IMAGE, MediaLimits(min_ratio=2), "1,200 x 800 px (1.50:1)", "at least 2.00:1"),
        (CLIP, Kind.VIDEO, MediaLimits(max_s=5), "6.5 s", "5 s"),
        (CLIP, Kind.VIDEO, MediaLimits(max_bytes=1_500_000), "5 MB", "1.5 MB"),
        (SOUND, Kind.AUDIO, MediaLimits(max_bytes=900), "200 kB", "900 bytes"),
    ],
)
def test_problems_carry_what_a_person_reads(
    facts: MediaFacts, kind: Kind, limits: MediaLimits, given: str, limit: str
) -> None:
    (problem,) = check(facts, option(kind, limits), "a file")
    assert problem.facts == {"option": "image", "given": given, "limit": limit}


@given(st.integers(1, 50_000), st.integers(1, 50_000), st.integers(1, 5_000))
def test_shrinking_keeps_within_the_side_and_never_grows(width: int, height: int, side: int) -> None:
    small = shrunk(width, height, side)
    assert max(small) <= side
    assert 1 <= small[0] <= width
    assert 1 <= small[1] <= height
    assert shrunk(*small, side) == small


@given(st.integers(0, 10**12))
def test_every_size_has_words(size_bytes: int) -> None:
    assert bytes_text(size_bytes).split(" ")[1] in {"bytes", "kB", "MB"}


@given(
    st.integers(1, 20_000),
    st.integers(1, 20_000),
    st.builds(
        MediaLimits,
        min_side_px=st.none() | st.integers(1, 4_000),
        max_side_px=st.none() | st.integers(1, 8_000),
        min_ratio=st.none() | st.floats(0.1, 1),
        max_ratio=st.none() | st.floats(1, 10),
    ),
)
def test_a_picture_that_passes_satisfies_the_limits_once_shrunk(width: int, height: int, limits: MediaLimits) -> None:
    facts = dataclasses.replace(PICTURE, width_px=width, height_px=height)
    if not check(facts, option(Kind.IMAGE, limits), "a file"):
        sides = shrunk(width, height, limits.max_side_px)
        assert limits.min_side_px is None or min(sides) >= limits.min_side_px
        assert limits.max_side_px is None or max(sides) <= limits.max_side_px


def test_content_types_are_of_the_form_that_is_sent() -> None:
    assert all(name.partition("/")[0] in {"image", "video", "audio"} for name in CONTENT_TYPES.values())
