"""The judge finds what it should: faults sown into requests and answers, one by one, are each complained of."""

from typing import Any

import pytest

from tests.emulators.discord.document import Document
from tests.emulators.discord.emulator import emulated
from tests.emulators.discord.judge import DOCUMENT, official
from tests.emulators.raw import raw


@pytest.fixture(scope="module")
def document() -> Document:
    found = official()
    if found is None:
        pytest.skip(f"{DOCUMENT.name} does not lie beside the repository")
    return found


CHANNEL = "/channels/1/messages"
COMMANDS = "/applications/1/commands"
CALLBACK = "/interactions/1/token/callback"

REQUESTS: list[tuple[str, str, Any]] = [
    ("POST", CHANNEL, {"content": 5.5}),
    ("POST", CHANNEL, {"content": "x" * 4001}),
    ("POST", CHANNEL, {"flags": "many"}),
    ("POST", CHANNEL, {"embeds": [{"title": "x" * 257}]}),
    ("POST", CHANNEL, {"components": [{"type": 99}]}),
    ("POST", CHANNEL, {"components": [{"type": 1, "components": [{"type": 2, "style": 99, "custom_id": "x"}]}]}),
    ("POST", CHANNEL, {"components": [{"type": 1, "components": [{"type": 2, "style": 2, "custom_id": "x" * 101}]}]}),
    ("POST", CHANNEL, {"allowed_mentions": {"parse": ["everybody"]}}),
    ("POST", CHANNEL, {"message_reference": {"message_id": "not an id"}}),
    ("POST", CHANNEL, {"nonce": "x" * 26}),
    ("POST", CHANNEL, None),
    ("PUT", COMMANDS, [{"description": "no name"}]),
    ("PUT", COMMANDS, [{"name": "x", "description": "x" * 101}]),
    ("PUT", COMMANDS, [{"name": "x", "description": "x", "options": [{"type": 3, "name": "x"}]}]),
    ("POST", CALLBACK, {"type": 4, "data": {"content": 1.5}}),
    ("POST", CALLBACK, {"type": 9, "data": {"title": "x"}}),
    ("POST", "/channels/1/messages/2/threads", {}),
    ("POST", "/channels/1/messages/2/threads", {"name": "x", "auto_archive_duration": 61}),
    ("POST", "/users/@me/channels", {"recipient_id": "somebody"}),
    ("POST", "/channels/1/nothing", {}),
]


@pytest.mark.parametrize(("method", "path", "body"), REQUESTS)
def test_a_fault_in_a_request_is_found(document: Document, method: str, path: str, body: Any) -> None:
    assert document.request(method, path, {}, body, multipart=False)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", CHANNEL, {"content": "hello", "nonce": 12345, "enforce_nonce": True}),
        ("POST", CHANNEL, {"content": "hello", "message_reference": {"message_id": 12345}}),
        ("POST", CALLBACK, {"type": 5}),
        ("POST", "/channels/1/typing", None),
        ("GET", "/users/@me", None),
    ],
)
def test_a_good_request_passes(document: Document, method: str, path: str, body: Any) -> None:
    assert document.request(method, path, {}, body, multipart=False) == []


def test_an_unknown_query_argument_is_found(document: Document) -> None:
    assert document.request("GET", CHANNEL, {"limit": "5"}, None, multipart=False) == []
    assert document.request("GET", CHANNEL, {"limits": "5"}, None, multipart=False) == ["unknown query argument limits"]


async def test_an_answer_lacking_any_of_what_is_required_is_found(document: Document) -> None:
    async with raw() as one:
        good = (await one.post({"content": "hello"})).body
    assert document.answer("POST", CHANNEL, 200, good) == []
    needed = ["id", "author", "attachments", "components", "embeds", "flags", "mentions", "timestamp", "type"]
    for key in needed:
        broken = {name: value for name, value in good.items() if name != key}
        assert document.answer("POST", CHANNEL, 200, broken), key
    assert document.answer("POST", CHANNEL, 200, good | {"id": 5})
    assert document.answer("POST", CHANNEL, 302, good)


async def test_every_request_and_answer_of_a_test_is_judged(document: Document) -> None:
    async with raw() as one:
        before = one.discord.judge.judged
        await one.post({"content": "hello"})
        assert one.discord.judge.judged == before + 2


async def test_a_block_with_a_complaint_fails_unless_it_is_taken_out() -> None:
    with pytest.raises(AssertionError, match="50006"):
        async with raw() as one:
            await one.post({"content": ""})
    async with raw() as one:
        await one.post({"content": ""})
        assert one.discord.judge.codes() == [50006]
        one.discord.judge.complaints.clear()


async def test_a_route_that_is_not_there_is_complained_of() -> None:
    with pytest.raises(AssertionError, match="no such route"):
        async with raw() as one:
            assert (await one.call("GET", "/nothing/at/all")).error == (404, 0)


async def failing() -> None:
    async with emulated() as discord:
        discord.judge.complain("something")
        raise ValueError("the test's own")


async def test_a_fault_of_the_test_itself_is_not_hidden_by_complaints() -> None:
    with pytest.raises(ValueError, match="the test's own"):
        await failing()
