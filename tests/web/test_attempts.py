"""A few wrong keys a minute from one address, and no more."""

from datetime import UTC, datetime, timedelta

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from bot.web.attempts import ADDRESSES, PERIOD, WRONG_KEYS, LoginLimit


class Entrance:
    """An entrance at which "right" is the key, and a client of it."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, tzinfo=UTC)
        self.limit = LoginLimit(self._login, paths=["/login"], now=lambda: self.at)

    async def _login(self, scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("", 200 if scope["query_string"] == b"right" else 403)(scope, receive, send)

    async def try_key(self, key: str, *, whence: str = "192.0.2.1", path: str = "/login") -> int:
        said: list[Message] = []

        async def send(message: Message) -> None:
            said.append(message)

        async def receive() -> Message:
            return {"type": "http.request"}

        scope = {"type": "http", "path": path, "query_string": key.encode(), "client": (whence, 1), "headers": []}
        await self.limit(scope, receive, send)
        status: int = said[0]["status"]
        return status


async def test_after_too_many_wrong_keys_even_the_right_one_waits() -> None:
    entrance = Entrance()
    assert [await entrance.try_key("wrong") for _ in range(WRONG_KEYS)] == [403] * WRONG_KEYS
    assert await entrance.try_key("right") == 429
    assert await entrance.try_key("right", path="/login/") == 429
    assert await entrance.try_key("right", whence="192.0.2.2") == 200
    assert await entrance.try_key("wrong", path="/elsewhere") == 403
    entrance.at += PERIOD
    assert await entrance.try_key("right") == 200


async def test_right_keys_are_not_counted() -> None:
    entrance = Entrance()
    assert {await entrance.try_key("right") for _ in range(3 * WRONG_KEYS)} == {200}


@pytest.mark.parametrize(("other", "status"), [("2001:db8::2", 429), ("2001:db8:0:1::1", 200)])
async def test_a_household_of_ipv6_is_one_address(other: str, status: int) -> None:
    entrance = Entrance()
    for _ in range(WRONG_KEYS):
        await entrance.try_key("wrong", whence="2001:db8::1")
    assert await entrance.try_key("right", whence=other) == status


async def test_what_is_remembered_is_bounded() -> None:
    entrance = Entrance()
    for number in range(ADDRESSES + 200):
        entrance.at += timedelta(milliseconds=1)
        await entrance.try_key("wrong", whence=f"2001:db8:{number:x}::1")
    assert len(entrance.limit._wrong) <= ADDRESSES  # noqa: SLF001 - its size shows nowhere else
