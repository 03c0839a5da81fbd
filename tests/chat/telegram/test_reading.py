"""What a message says to us: commands in texts and captions, by whatever name, and the files that go with them."""

from typing import Any

import pytest
from telegram import Message

from bot.chat.telegram.line import Me
from bot.chat.telegram.place import Spot
from bot.chat.telegram.reading import Heard, album_of, files_of, heard, spot_of_message

ME = Me(id=7, username="reelroom_bot")
GROUP = {"id": -1001, "type": "supergroup", "title": "Reel lovers"}
PRIVATE = {"id": 42, "type": "private", "first_name": "Ada"}
ADA = {"id": 42, "is_bot": False, "first_name": "Ada"}
PHOTO = [
    {"file_id": f"size-{n}", "file_unique_id": f"u{n}", "width": 90 * n, "height": 90 * n, "file_size": n}
    for n in (1, 2, 3)
]


def message(chat: dict[str, Any] = GROUP, **fields: Any) -> Message:
    described = {"message_id": 5, "date": 1_790_000_000, "chat": chat, "from": ADA, **fields}
    return Message.de_json(described, None)


def command(text: str, length: int, **fields: Any) -> Message:
    key = "caption" if "photo" in fields else "text"
    entities = "caption_entities" if key == "caption" else "entities"
    return message(**{key: text, entities: [{"type": "bot_command", "offset": 0, "length": length}], **fields})


def understood(one: Message) -> Heard:
    found = heard(one, ME)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "length", "name", "rest", "directed"),
    [
        ("/effect Kiss Me AI", 7, "effect", "Kiss Me AI", "to anybody"),
        ("/effect@reelroom_bot Kiss Me AI", 20, "effect", "Kiss Me AI", "to us"),
        ("/effect@ReelRoom_Bot", 20, "effect", "", "to us"),
        ("/Effect\nKiss Me AI", 7, "effect", "Kiss Me AI", "to anybody"),
    ],
)
def test_a_command_is_ours_with_and_without_our_name(
    text: str, length: int, name: str, rest: str, directed: str
) -> None:
    one = understood(command(text, length))
    assert (one.command, one.rest, one.directed) == (name, rest, directed == "to us")


def test_a_command_to_another_bot_is_not_ours() -> None:
    assert heard(command("/effect@another_bot Kiss", 19), ME) is None


def test_a_caption_says_as_much_as_a_text() -> None:
    one = understood(command("/effect Kiss Me AI", 7, photo=PHOTO))
    assert (one.command, [file.handle for file in one.files]) == ("effect", ["size-3"])


def test_our_name_in_front_makes_a_command_of_what_follows_whatever_its_letters_weigh() -> None:
    text = "@reelroom_bot animate 🦊 bolts"
    one = understood(message(text=text, entities=[{"type": "mention", "offset": 0, "length": 13}]))
    assert (one.command, one.rest, one.directed) == ("animate", "🦊 bolts", True)


def test_somebody_elses_name_in_front_is_not_for_us() -> None:
    assert heard(message(text="@someone hi", entities=[{"type": "mention", "offset": 0, "length": 8}]), ME) is None


def test_chatter_in_a_group_is_not_for_us_and_in_private_it_is() -> None:
    assert heard(message(text="nice weather"), ME) is None
    assert not understood(message(PRIVATE, text="nice weather")).is_command


def test_an_answer_to_us_is_for_us() -> None:
    ours = {"message_id": 4, "date": 1, "chat": GROUP, "from": {"id": 7, "is_bot": True, "first_name": "Reelroom"}}
    assert understood(message(text="make it longer", reply_to_message=ours)).directed


def test_the_files_of_what_is_answered_come_second() -> None:
    shown = {"message_id": 4, "date": 1, "chat": GROUP, "from": ADA, "photo": PHOTO}
    one = understood(command("/animate the horse bolts", 8, reply_to_message=shown))
    assert (one.files, [file.handle for file in one.answered]) == ((), ["size-3"])


def test_a_topics_first_message_is_not_answered_by_everything_in_it() -> None:
    opened = {
        "message_id": 4,
        "date": 1,
        "chat": GROUP,
        "from": ADA,
        "photo": PHOTO,
        "forum_topic_created": {"name": "Cats", "icon_color": 1},
    }
    one = understood(command("/animate", 8, reply_to_message=opened, message_thread_id=4, is_topic_message=True))
    assert one.answered == ()


@pytest.mark.parametrize(
    ("fields", "handle", "content_type"),
    [
        ({"photo": PHOTO}, "size-3", "image/jpeg"),
        ({"video": {"duration": 1, "width": 9, "height": 9, "mime_type": "video/mp4"}}, "f", "video/mp4"),
        ({"animation": {"duration": 1, "width": 9, "height": 9, "mime_type": "video/mp4"}}, "f", "video/mp4"),
        ({"audio": {"duration": 1, "mime_type": "audio/mpeg"}}, "f", "audio/mpeg"),
        ({"voice": {"duration": 1, "mime_type": "audio/ogg"}}, "f", "audio/ogg"),
        ({"video_note": {"duration": 1, "length": 240}}, "f", "video/mp4"),
        ({"document": {"mime_type": "image/heic", "file_name": "me.heic"}}, "f", "image/heic"),
        (
            {"sticker": {"type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}},
            "f",
            "image/webp",
        ),
    ],
)
def test_every_kind_of_file_is_found(fields: dict[str, Any], handle: str, content_type: str) -> None:
    named: dict[str, Any] = {
        kind: one if isinstance(one, list) else {"file_id": "f", "file_unique_id": "u", **one}
        for kind, one in fields.items()
    }
    (found,) = files_of(message(**named))
    assert (found.handle, found.content_type) == (handle, content_type)


def test_a_moving_sticker_is_no_picture() -> None:
    moving = {
        "file_id": "f",
        "file_unique_id": "u",
        "type": "regular",
        "width": 1,
        "height": 1,
        "is_animated": True,
        "is_video": False,
    }
    assert files_of(message(sticker=moving)) == ()


def test_a_thread_counts_only_in_a_topic() -> None:
    assert spot_of_message(message(text="x", message_thread_id=3)) == Spot(chat=-1001, author=42, message=5)
    in_topic = message(text="x", message_thread_id=3, is_topic_message=True)
    assert spot_of_message(in_topic) == Spot(chat=-1001, author=42, message=5, topic=3)


def test_an_admin_without_a_name_is_not_written_to_in_private() -> None:
    hidden = message(text="x", sender_chat=GROUP)
    assert spot_of_message(hidden).author == 0


def test_the_messages_of_an_album_are_gathered_by_chat_and_album() -> None:
    assert album_of(message(photo=PHOTO, media_group_id="9")) == "-1001:9"
    assert album_of(message(photo=PHOTO)) == ""
