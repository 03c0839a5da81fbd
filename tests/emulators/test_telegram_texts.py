"""Texts of the emulated Telegram: what it finds in them, and that marks never lie about where they are."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.emulators.telegram.markdown import RESERVED, Markdown
from tests.emulators.telegram.markup import html as from_html
from tests.emulators.telegram.markup import trimmed
from tests.emulators.telegram.texts import commands, cut, found, spot, together, units

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=40)
WORDS = st.text(st.characters(categories=["L", "So"]), min_size=1, max_size=8)


@given(TEXTS, TEXTS, TEXTS)
def test_a_piece_is_found_again_by_its_units(before: str, piece: str, after: str) -> None:
    at = spot(before + piece + after, len(before), len(before) + len(piece))
    assert cut(before + piece + after, at["offset"], at["length"]) == piece
    assert at["offset"] + at["length"] <= units(before + piece + after)


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("/video a cat", ["bot_command:/video"]),
        ("/video@reelroom_bot a cat", ["bot_command:/video@reelroom_bot"]),
        ("🐈 /video", ["bot_command:/video"]),
        ("a/video and /vi-deo", ["bot_command:/vi"]),
        ("/video/x /video@ab /videoé </video>", []),
        ("look @reelroom_bot!", ["mention:@reelroom_bot"]),
        ("me@example.org", ["email:me@example.org"]),
        ("see https://example.org/a?b=c#d.", ["url:https://example.org/a?b=c#d"]),
        ("#cats and #1", ["hashtag:#cats"]),
    ],
)
def test_telegram_finds_commands_mentions_and_addresses(text: str, entities: list[str]) -> None:
    assert [f"{one['type']}:{cut(text, one['offset'], one['length'])}" for one in found(text)] == entities


@given(TEXTS)
def test_what_is_found_lies_within_the_text_and_never_overlaps(text: str) -> None:
    end = 0
    for one in found(text):
        assert one["offset"] >= end
        end = one["offset"] + one["length"]
    assert end <= units(text)


def test_what_a_sender_marked_is_not_marked_again() -> None:
    marked = [{"type": "code", "offset": 0, "length": 6}]
    assert together("/video /again", marked) == [*marked, {"type": "bot_command", "offset": 7, "length": 6}]
    assert commands("/video /again", found("/video /again")) == ["/video", "/again"]


@given(TEXTS)
def test_escaped_html_reads_as_it_was(text: str) -> None:
    assert from_html(html.escape(text)) == (text, [])


@given(TEXTS)
def test_escaped_markdown_reads_as_it_was(text: str) -> None:
    escaped = re.sub(f"([{re.escape(''.join(RESERVED))}\\\\])", r"\\\1", text)
    assert Markdown(escaped).read() == (text, [])


@given(WORDS, WORDS, WORDS)
def test_marks_of_both_kinds_lie_where_their_words_lie(before: str, bold: str, link: str) -> None:
    text = f"{before} {bold} {link}"
    from_marks = Markdown(f"{before} *{bold}* [{link}](https://example.org)").read()
    from_tags = from_html(f'{before} <b>{bold}</b> <a href="https://example.org">{link}</a>')
    assert from_marks == from_tags
    assert from_marks[0] == text
    first, second = from_marks[1]
    assert cut(text, first["offset"], first["length"]) == bold
    assert cut(text, second["offset"], second["length"]) == link


@given(TEXTS, WORDS, TEXTS)
def test_blanks_at_the_ends_go_and_marks_move_along(before: str, word: str, after: str) -> None:
    text = f" \n{before}{word}{after} "
    at = spot(text, 2 + len(before), 2 + len(before) + len(word))
    short, moved = trimmed(text, [{"type": "bold", **at}])
    assert short == text.strip()
    assert cut(short, moved[0]["offset"], moved[0]["length"]) == word


def test_code_keeps_its_language_and_everything_in_it() -> None:
    text, entities = Markdown("```python\nprint(1.5)```").read()
    assert text == "print(1.5)"
    assert entities == [{"type": "pre", "offset": 0, "length": 10, "language": "python"}]
