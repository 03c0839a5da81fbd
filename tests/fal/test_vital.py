"""What fal's client tells of fal: a refusal of one request says that it works, silence and a refused key do not."""

import pytest
from typing_extensions import override

from bot.domain.errors import FalError
from bot.fal.client import FalClient
from bot.ports.vitals import Vital
from tests.fal.wire import KEY, NOW, SHORT, Answer, Break, answer, wire


class Heard(Vital):
    """What was told, in order."""

    def __init__(self) -> None:
        self.words: list[str] = []

    @override
    def works(self) -> None:
        self.words.append("works")

    @override
    def away(self, why: str) -> None:
        self.words.append(why)

    @override
    def off(self, why: str) -> None:
        raise AssertionError(why)


async def told(turn: Answer | Break, key: str = KEY, *, forget: bool = False) -> list[str]:
    """What is told after a question, or the wish to forget a request, that was answered so."""
    heard = Heard()
    async with wire(turn) as served:
        client = FalClient(served.hosts(), key, now=lambda: NOW, patience=SHORT, vital=heard)
        ticket = client.ticket("fal-ai/example", "request-1")
        try:
            await (client.forget(ticket.request_id) if forget else client.status(ticket))
        except FalError:
            pass
        finally:
            await client.close()
    return heard.words


@pytest.mark.parametrize(
    ("turn", "says"),
    [
        (answer({"status": "IN_QUEUE", "queue_position": 0}), "works"),
        (answer({"detail": "no such request"}, 404), "works"),
        (answer({"detail": "the model broke"}, 500, x_fal_request_id="request-1"), "works"),
        (answer({}, 503), "it answers that it is broken (HTTP 503)"),
        (answer({}, 401), "it refuses the key, or has locked the account (HTTP 401)"),
        (answer({}, 403), "it refuses the key, or has locked the account (HTTP 403)"),
        (Break.AFTER_READING, "it does not answer (RemoteProtocolError)"),
        (Break.SILENCE, "it does not answer (ReadTimeout)"),
    ],
)
async def test_what_an_answer_says_of_fal(turn: Answer | Break, says: str) -> None:
    assert await told(turn) == [says]


async def test_no_connection_says_that_it_is_away() -> None:
    heard = Heard()
    async with wire(answer({})) as served:
        hosts = served.hosts()
    client = FalClient(hosts, KEY, now=lambda: NOW, patience=SHORT, vital=heard)
    with pytest.raises(FalError):
        await client.status(client.ticket("fal-ai/example", "request-1"))
    await client.close()
    assert heard.words == ["it does not answer (ConnectError)"]


async def test_a_key_that_is_not_good_for_forgetting_is_good_all_the_same() -> None:
    assert await told(answer({}, 403), forget=True) == ["works"]
    assert await told(answer({}, 401), forget=True) == ["it refuses the key, or has locked the account (HTTP 401)"]
