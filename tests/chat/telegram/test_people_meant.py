"""Whom a message means: by a portrait, by a mention, or by answering them; and whom it does not."""

from typing import Any

import pytest
from telegram import Message

from bot.chat.telegram.portraits import Meant, portrait, portraits, with_people
from bot.chat.telegram.reading import heard
from bot.domain.ask import Account, Attachment
from tests.builders import an_ask
from tests.chat.telegram.test_reading import ME, PHOTO, message

BEN = {"id": 7001, "is_bot": False, "first_name": "Ben", "username": "ben_example"}
CLEO = {"id": 7002, "is_bot": False, "first_name": "Cleo"}
BOT = {"id": 7, "is_bot": True, "first_name": "Reelroom", "username": "reelroom_bot"}
AS_BEN = Account(platform="telegram", id="7001", name="Ben")
AS_CLEO = Account(platform="telegram", id="7002", name="Cleo")
AS_ADA = Account(platform="telegram", id="42", name="Ada")


def said(text: str, *marks: dict[str, Any], **fields: Any) -> Message:
    return message(text=text, entities=list(marks), **fields)


def mention(text: str, word: str, user: dict[str, Any] | None = None) -> dict[str, Any]:
    """A word that calls somebody, where it stands in UTF-16 units."""
    before = text[: text.index(word)]
    kind = {"type": "text_mention", "user": user} if user else {"type": "mention"}
    return {**kind, "offset": len(before.encode("utf-16-le")) // 2, "length": len(word)}


@pytest.mark.parametrize(
    ("text", "marked", "words", "wanted", "mentioned"),
    [
        ("/effect Kiss person:me", "", "/effect Kiss", (AS_ADA,), ()),
        ("/effect Kiss person:them --seed 5", "", "/effect Kiss --seed 5", (AS_BEN,), ()),
        ("/effect Kiss person:@Ben_Example", "@Ben_Example", "/effect Kiss", (AS_BEN,), ()),
        ("/effect Kiss person:@dora", "@dora", "/effect Kiss", ("@dora",), ()),
        ("/effect 💋 person:Cleo now", "Cleo", "/effect 💋 now", (AS_CLEO,), ()),
        ("/effect 💋 Cleo now", "Cleo", "/effect 💋 Cleo now", (), (AS_CLEO,)),
        ("/effect Kiss @dora", "@dora", "/effect Kiss @dora", (), ("@dora",)),
        ("/effect Kiss @ben_example", "@ben_example", "/effect Kiss @ben_example", (), (AS_BEN,)),
        ("/video a person: tall", "", "/video a person: tall", (), ()),
        ("/video two person:men", "", "/video two person:men", (), ()),
    ],
)
def test_whom_a_message_means(
    text: str, marked: str, words: str, wanted: tuple[Meant, ...], mentioned: tuple[Meant, ...]
) -> None:
    marks = [mention(text, marked, None if marked.startswith("@") else CLEO)] if marked else []
    found = portraits(said(text, *marks, reply_to_message=message(**{"from": BEN}, text="hello").to_dict()))
    assert (found.words, found.wanted, found.mentioned) == (words, wanted, mentioned)


@pytest.mark.parametrize(
    ("author", "whose"),
    [
        ({"from": BEN}, AS_BEN),
        ({"from": BOT}, None),
        ({"from": BEN, "sender_chat": {"id": -9, "type": "channel"}}, None),
    ],
)
def test_a_picture_that_is_answered_is_its_authors_unless_no_person_speaks(
    author: dict[str, Any], whose: Account | None
) -> None:
    text = "/effect Kiss"
    command = {"type": "bot_command", "offset": 0, "length": 7}
    found = heard(said(text, command, reply_to_message=message(**author, photo=PHOTO).to_dict()), ME)
    assert found is not None
    assert [one.whose for one in found.answered] == [whose]


def test_whoever_the_files_of_an_ask_show_is_among_those_it_concerns() -> None:
    answered = Attachment(platform="telegram", handle="AgAC", whose=AS_ADA)
    ask = an_ask(named=(AS_BEN,), attachments=(portrait(AS_CLEO), answered, portrait(AS_CLEO)))
    assert with_people(ask) == ((AS_BEN, AS_CLEO), (AS_ADA,))
