"""The judge finds what it should: faults sown into requests, results and updates are each complained of."""

import json
from typing import Any

import aiohttp
import pytest

from tests.emulators.published import published
from tests.emulators.telegram import models
from tests.emulators.telegram.document import Document
from tests.emulators.telegram.emulator import emulated
from tests.emulators.telegram.judge import NAME, official


@pytest.fixture(scope="module")
def document() -> Document:
    found = official()
    if found is None:
        pytest.skip(f"{NAME} does not lie beside the repository")
    return found


def button(**more: Any) -> str:
    return json.dumps({"inline_keyboard": [[{"text": "Again", **more}]]})


FAULTY: list[tuple[str, dict[str, str], list[str]]] = [
    ("sendNothing", {}, []),
    ("sendMessage", {"chat_id": "1"}, []),
    ("sendMessage", {"chat_id": "1", "text": "x", "texts": "x"}, []),
    ("sendMessage", {"chat_id": "1", "text": "x", "message_thread_id": "first"}, []),
    ("sendMessage", {"chat_id": "1", "text": "x", "reply_parameters": '{"message_ids": 1}'}, []),
    ("sendMessage", {"chat_id": "1", "text": "x", "reply_parameters": '{"message_id": "one"}'}, []),
    ("sendMessage", {"chat_id": "1", "text": "x", "reply_markup": '{"inline_keyboard": [{"text": "Again"}]}'}, []),
    ("sendMessage", {"chat_id": "1", "text": "x", "reply_markup": button(colour="red")}, []),
    ("sendMessage", {"chat_id": "1", "text": "x", "entities": '[{"type": "bold", "offset": 0}]'}, []),
    ("sendMessage", {"chat_id": "1", "text": "x", "disable_notification": "perhaps"}, []),
    ("sendVideo", {"chat_id": "1"}, []),
    ("setMyCommands", {"commands": '[{"command": "x"}]'}, []),
    ("setMyCommands", {"commands": "[]", "scope": '{"type": "chat"}'}, []),
    ("setMessageReaction", {"chat_id": "1", "message_id": "1", "reaction": '[{"type": "emoji"}]'}, []),
    ("editMessageMedia", {"chat_id": "1", "message_id": "1", "media": '{"type": "video"}'}, []),
    ("getUpdates", {"allowed_updates": '"message"'}, []),
]

FAULTY_FILES: list[tuple[str, dict[str, str], list[str]]] = [
    ("sendVideo", {"chat_id": "1", "video": "attach://reel"}, []),
    ("sendVideo", {"chat_id": "1", "video": "attach://reel"}, ["film"]),
    ("sendVideo", {"chat_id": "1"}, ["video", "spare"]),
]

GOOD: list[tuple[str, dict[str, str], list[str]]] = [
    ("getMe", {}, []),
    ("sendMessage", {"chat_id": "-100123", "text": "[1, 2", "reply_markup": button(callback_data="a")}, []),
    ("sendMessage", {"chat_id": "@reels", "text": '{"a": 1}', "disable_notification": "True"}, []),
    ("sendVideo", {"chat_id": "1", "width": "640", "thumbnail": "attach://small"}, ["video", "small"]),
    ("sendVideo", {"chat_id": "1", "video": "BAAC", "reply_parameters": '{"message_id": 1}'}, []),
    ("setMyCommands", {"commands": '[{"command": "x", "description": "x"}]', "scope": '{"type": "default"}'}, []),
    (
        "editMessageMedia",
        {"chat_id": "1", "message_id": "1", "media": '{"type": "video", "media": "attach://reel"}'},
        ["reel"],
    ),
    ("getUpdates", {"offset": "-1", "timeout": "30", "allowed_updates": '["message"]'}, []),
]


@pytest.mark.parametrize(("method", "arguments", "files"), [*FAULTY, *FAULTY_FILES])
def test_the_description_finds_a_fault_in_a_request(
    document: Document, method: str, arguments: dict[str, str], files: list[str]
) -> None:
    assert document.request(method, arguments, files)


@pytest.mark.parametrize(("method", "arguments", "files"), FAULTY)
def test_aiogram_finds_a_fault_in_a_request(method: str, arguments: dict[str, str], files: list[str]) -> None:
    assert models.request(method, arguments, dict.fromkeys(files, "x"))


@pytest.mark.parametrize(("method", "arguments", "files"), GOOD)
def test_the_description_lets_a_good_request_pass(
    document: Document, method: str, arguments: dict[str, str], files: list[str]
) -> None:
    assert document.request(method, arguments, files) == []


@pytest.mark.parametrize(("method", "arguments", "files"), GOOD)
def test_aiogram_lets_a_good_request_pass(method: str, arguments: dict[str, str], files: list[str]) -> None:
    assert models.request(method, arguments, dict.fromkeys(files, "x")) == []


CHAT = {"id": -1001, "title": "Reel lovers", "type": "supergroup"}
USER = {"id": 1, "is_bot": False, "first_name": "Ada"}
MESSAGE = {"message_id": 1, "date": 1, "chat": CHAT, "from": USER, "text": "hello"}

BROKEN: list[dict[str, Any]] = [
    {key: value for key, value in MESSAGE.items() if key != "date"},
    MESSAGE | {"words": "hello"},
    MESSAGE | {"chat": CHAT | {"colour": "red"}},
    MESSAGE | {"chat": {"id": -1001}},
    MESSAGE | {"from": USER | {"is_bot": None}},
    MESSAGE | {"entities": [{"type": "bold", "offset": 0}]},
    MESSAGE | {"photo": {"file_id": "x"}},
    MESSAGE | {"message_id": "first"},
    MESSAGE | {"reply_to_message": {"message_id": 1}},
]


@pytest.mark.parametrize("message", BROKEN)
def test_both_find_a_fault_in_what_is_emitted(document: Document, message: dict[str, Any]) -> None:
    assert document.answer("sendMessage", message)
    assert models.answer("sendMessage", message)
    assert document.wrong("Update", {"update_id": 1, "message": message})
    assert models.told({"update_id": 1, "message": message})


def test_both_let_a_good_message_pass(document: Document) -> None:
    assert document.answer("sendMessage", MESSAGE) == []
    assert models.answer("sendMessage", MESSAGE) == []
    assert document.wrong("Update", {"update_id": 1, "message": MESSAGE}) == []
    assert models.told({"update_id": 1, "message": MESSAGE}) == []


def test_of_a_union_the_branch_it_says_it_is_is_reported(document: Document) -> None:
    found = document.wrong("ChatMember", {"status": "left"})
    assert found == [".user is missing in ChatMemberLeft"]
    assert document.wrong("ChatMember", {"status": "left", "user": USER}) == []


def test_the_description_is_looked_for_beside_the_repository_and_above() -> None:
    assert published("nothing-of-the-kind.json") is None


async def test_every_request_result_and_update_of_a_test_is_judged() -> None:
    async with emulated() as telegram, aiohttp.ClientSession() as http:
        before = telegram.judge.judged
        async with http.get(f"{telegram.api_url}/bot{telegram.token}/getMe") as response:
            assert response.status == 200
        telegram.person("Ada").start()
        assert telegram.judge.judged == before + 3


async def call(method: str, **form: str) -> None:
    async with emulated() as telegram, aiohttp.ClientSession() as http:
        ada = telegram.person("Ada", started=True)
        data = {"chat_id": str(ada.id), **form}
        async with http.post(f"{telegram.api_url}/bot{telegram.token}/{method}", data=data):
            pass


async def test_a_block_with_a_complaint_fails() -> None:
    with pytest.raises(AssertionError, match="BUTTON_DATA_INVALID"):
        await call("sendMessage", text="hello", reply_markup=button(callback_data="x" * 65))
    with pytest.raises(AssertionError, match="left over"):
        await call("sendMessage", text="hello", colour="red")
    with pytest.raises(AssertionError, match="no such method"):
        await call("sendNothing")


async def test_a_complaint_that_was_provoked_can_be_taken_out() -> None:
    async with emulated() as telegram:
        telegram.judge.complain("something")
        telegram.judge.complaints.clear()
    async with emulated(strict=False) as telegram:
        telegram.judge.complain("something")


async def failing() -> None:
    async with emulated() as telegram:
        telegram.judge.complain("something")
        raise ValueError("the test's own")


async def test_a_fault_of_the_test_itself_is_not_hidden_by_complaints() -> None:
    with pytest.raises(ValueError, match="the test's own"):
        await failing()
