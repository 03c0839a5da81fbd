"""A search: what begins with the words, what contains them, what resembles them."""

from bot.domain.match import search

SHOWN = {
    "Kiss Me AI": "Kiss Me AI",
    "Hug": "Hug",
    "hug_from_past": "hug from past",
    "jesus_hug": "jesus hug",
    "Who's Arrested?": "Who's Arrested?",
}


def test_what_begins_with_the_words_comes_before_what_contains_them() -> None:
    assert search("hug", SHOWN, most=9)[:3] == ["Hug", "hug_from_past", "jesus_hug"]


def test_what_is_misspelt_or_unpunctuated_is_found() -> None:
    assert search("whos arested", SHOWN, most=9)[0] == "Who's Arrested?"
    assert "hug_from_past" in search("hugfrm past", SHOWN, most=9)


def test_no_words_find_everything_as_it_stands_and_never_more_than_wanted() -> None:
    assert search(" ?! ", SHOWN, most=9) == list(SHOWN)
    assert search("", SHOWN, most=2) == list(SHOWN)[:2]
    assert len(search("hug", SHOWN, most=2)) == 2


def test_what_resembles_nothing_finds_nothing() -> None:
    assert search("xyzzy", SHOWN, most=9) == []
