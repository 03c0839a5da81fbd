"""The client over real sockets: what a broken connection proves, how often a POST is sent, where the key goes."""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.domain.errors import FalError, FalLocked, FalNotTaken, FalUnavailable, FalUncertain
from bot.domain.job import Phase, Ticket
from bot.fal.client import FalClient, Patience
from bot.fal.hosts import FalHosts
from bot.ports.queue import Queue
from tests.fal.wire import KEY, NOW, SHORT, Answer, Break, Wire, answer, client_of, wire

EFFECTS = "fal-ai/pixverse/v4.5/effects"
VIDEO = {"video": {"url": "https://v3.fal.media/files/x/output.mp4"}}

AFTER_SENDING = [
    Break.AFTER_READING,
    Break.AFTER_HEADERS,
    Break.HALF_BODY,
    Break.GARBAGE,
    Break.BAD_GZIP,
    Break.SILENCE,
    Break.TRICKLE,
    Break.ENDLESS,
]
HURRIED = Patience(connect_s=2.0, idle_s=0.3, submit_s=0.6, question_s=0.6, transfer_s=5.0)


def taken(served: Wire, request_id: str = "r-1") -> Answer:
    ticket = served.hosts().ticket(EFFECTS, request_id)
    return answer(
        {
            "request_id": request_id,
            "status_url": ticket.status_url,
            "response_url": ticket.response_url,
            "cancel_url": ticket.cancel_url,
        },
        x_fal_request_id=request_id,
    )


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


QUESTIONS: dict[str, Callable[[FalClient, Ticket], Awaitable[Any]]] = {
    "status": lambda client, ticket: client.status(ticket),
    "result": lambda client, ticket: client.result(ticket),
    "cancel": lambda client, ticket: client.cancel(ticket),
    "forget": lambda client, ticket: client.forget(ticket.request_id),
    "history": lambda client, _: client.history(EFFECTS, start=NOW - timedelta(hours=1), end=NOW),
    "jwks": lambda client, _: client.jwks(),
    "openapi": lambda client, _: client.openapi(EFFECTS),
    "pricing": lambda client, _: client.pricing([EFFECTS]),
    "models": lambda client, _: client.models([EFFECTS]),
}


async def test_a_job_goes_through_submit_status_result_and_cancel() -> None:
    async with wire() as served, client_of(served.hosts()) as client:
        served.script = [
            taken(served),
            answer({"status": "IN_QUEUE", "queue_position": 2}, 202),
            answer(VIDEO, x_fal_billable_units="1"),
            answer({"status": "ALREADY_COMPLETED"}, 400),
        ]
        ticket = await client.submit(EFFECTS, {"effect": "Hug"}, "https://bot.example/hooks/fal/j/m")
        assert (await client.status(ticket)).phase is Phase.IN_QUEUE
        assert (await client.result(ticket)).billable_units == "1"
        await client.cancel(ticket)
    assert [(one.method, urlsplit(one.target).path) for one in served.seen] == [
        ("POST", "/fal-ai/pixverse/v4.5/effects"),
        ("GET", "/fal-ai/pixverse/requests/r-1/status"),
        ("GET", "/fal-ai/pixverse/requests/r-1"),
        ("PUT", "/fal-ai/pixverse/requests/r-1/cancel"),
    ]
    assert json.loads(served.seen[0].body) == {"effect": "Hug"}
    assert {one.headers["authorization"] for one in served.seen} == {f"Key {KEY}"}
    assert {one.headers["user-agent"] for one in served.seen} == {"reelroom/dev"}
    assert not any("x-fal-store-io" in one.headers for one in served.seen)


async def test_a_refused_connection_proves_that_nothing_was_taken() -> None:
    async with client_of(FalHosts(queue_url=f"http://127.0.0.1:{unused_port()}")) as client:
        with pytest.raises(FalNotTaken, match="not_connected"):
            await client.submit(EFFECTS, {}, None)


async def test_a_server_that_breaks_off_the_tls_handshake_was_not_connected_to() -> None:
    async with wire(Break.BEFORE_READING) as served:
        async with client_of(FalHosts(queue_url=served.url.replace("http:", "https:"))) as client:
            with pytest.raises(FalNotTaken, match="not_connected"):
                await client.submit(EFFECTS, {}, None)
        assert served.connections == 1


async def test_a_tls_handshake_that_never_ends_was_not_connected_to_even_by_an_impatient_client() -> None:
    async with wire(Break.SILENCE) as served:
        hosts = FalHosts(queue_url=served.url.replace("http:", "https:"))
        async with client_of(hosts, Patience(submit_s=0.8)) as client:
            with pytest.raises(FalNotTaken, match="not_connected"):
                await client.submit(EFFECTS, {}, None)
        assert served.connections == 1


async def test_a_submit_that_never_got_a_connection_of_its_own_was_not_taken() -> None:
    async with wire(Break.SILENCE) as served, client_of(served.hosts(), Patience(submit_s=1.0)) as client:
        ends = await asyncio.gather(*(client.submit(EFFECTS, {}, None) for _ in range(45)), return_exceptions=True)
        assert [type(end) for end in ends].count(FalNotTaken) == 45 - len(served.seen) >= 5
        assert [type(end) for end in ends].count(FalUncertain) == len(served.seen)


@pytest.mark.parametrize("url", ["http://a..b", "http://" + "a" * 70 + ".example"])
async def test_an_address_that_cannot_be_is_not_taken_either(url: str) -> None:
    async with client_of(FalHosts(queue_url=url)) as client:
        with pytest.raises(FalNotTaken):
            await client.submit(EFFECTS, {}, None)


@pytest.mark.parametrize("turn", AFTER_SENDING)
async def test_a_submit_that_was_read_and_not_answered_is_uncertain_and_sent_once(turn: Break) -> None:
    async with wire(turn) as served, client_of(served.hosts(), HURRIED) as client:
        with pytest.raises(FalUncertain):
            await client.submit(EFFECTS, {"effect": "Hug"}, None)
        assert [one.method for one in served.seen] == ["POST"]
        assert served.connections == 1


async def test_a_connection_dropped_before_the_request_was_read_is_uncertain_all_the_same() -> None:
    async with wire(Break.BEFORE_READING) as served, client_of(served.hosts()) as client:
        with pytest.raises(FalUncertain, match="connection_lost"):
            await client.submit(EFFECTS, {"effect": "Hug"}, None)
        assert served.connections == 1


@pytest.mark.parametrize("status", [200, 307, 401, 422, 429, 500, 502, 503, 504])
async def test_a_submit_is_sent_once_whatever_the_answer(status: int) -> None:
    refused = Answer(status=status, headers={"location": "/elsewhere", "retry-after": "0"}, body=b"<nginx>")
    async with wire(refused) as served, client_of(served.hosts()) as client:
        with pytest.raises(FalError):
            await client.submit(EFFECTS, {"effect": "Hug"}, None)
        assert len(served.seen) == 1


async def test_submits_never_share_a_connection_and_questions_do() -> None:
    async with wire() as served, client_of(served.hosts()) as client:
        served.script = [taken(served), taken(served), answer({"status": "IN_PROGRESS"}, 202)]
        ticket = await client.submit(EFFECTS, {}, None)
        await client.submit(EFFECTS, {}, None)
        assert served.connections == 2
        for _ in range(3):
            await client.status(ticket)
        assert served.connections == 3


async def test_questions_open_at_most_eight_connections() -> None:
    async with wire(answer({"status": "IN_PROGRESS"}, 202)) as served, client_of(served.hosts()) as client:
        ticket = client.ticket(EFFECTS, "r-1")
        await asyncio.gather(*(client.status(ticket) for _ in range(50)))
        assert len(served.seen) == 50
        assert served.connections <= 8


@pytest.mark.parametrize("turn", [Break.BEFORE_READING, *AFTER_SENDING])
async def test_a_question_that_was_not_answered_may_be_asked_again(turn: Break) -> None:
    async with wire(turn) as served, client_of(served.hosts(), HURRIED) as client:
        with pytest.raises(FalUnavailable):
            await client.status(client.ticket(EFFECTS, "r-1"))
        assert served.connections == 1


@pytest.mark.parametrize("name", QUESTIONS)
async def test_no_question_is_repeated_and_none_is_answered_by_silence(name: str) -> None:
    async with wire(Break.SILENCE) as served, client_of(served.hosts()) as client:
        with pytest.raises(FalUnavailable, match="no_answer"):
            await QUESTIONS[name](client, client.ticket(EFFECTS, "r-1"))
        assert len(served.seen) == 1


@pytest.mark.parametrize("name", ["status", "result", "cancel"])
async def test_the_key_is_never_sent_to_a_host_that_is_not_fals(name: str) -> None:
    async with wire(answer({"status": "COMPLETED"})) as foreign, client_of(FalHosts()) as client:
        with pytest.raises(FalUnavailable, match="foreign_url"):
            await QUESTIONS[name](client, foreign.hosts().ticket(EFFECTS, "r-1"))
        assert foreign.connections == 0


async def test_urls_that_lead_elsewhere_are_not_followed_though_the_job_is_not_lost() -> None:
    async with wire(answer(VIDEO)) as foreign, wire() as served, client_of(served.hosts()) as client:
        served.script = [taken(foreign), answer({"status": "COMPLETED"})]
        ticket = await client.submit(EFFECTS, {}, None)
        assert (await client.status(ticket)).phase is Phase.COMPLETED
        assert foreign.connections == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    async with wire(answer({"status": "COMPLETED"})) as foreign:
        away = Answer(status=status, headers={"location": foreign.url})
        async with wire(away) as served, client_of(served.hosts()) as client:
            with pytest.raises(FalUnavailable):
                await client.status(client.ticket(EFFECTS, "r-1"))
            with pytest.raises(FalUncertain):
                await client.submit(EFFECTS, {}, None)
        assert foreign.connections == 0


async def test_public_documents_are_asked_for_without_the_key() -> None:
    async with wire(answer({"openapi": "3.0.4", "keys": []})) as served, client_of(served.hosts()) as client:
        await client.openapi(EFFECTS)
        with pytest.raises(FalUnavailable):
            await client.jwks()
        assert len(served.seen) == 2
        assert not any("authorization" in one.headers for one in served.seen)


@pytest.mark.parametrize("key", ["clé:secret", "id:sec\nret", "id:sec\x00ret"])
async def test_a_key_that_cannot_be_one_stops_the_queue_before_anything_is_sent(key: str) -> None:
    async with wire(answer({})) as served:
        client = FalClient(served.hosts(), key, now=lambda: NOW, patience=SHORT)
        with pytest.raises(FalLocked, match="key_refused"):
            await client.submit(EFFECTS, {}, None)
        await client.close()
        assert served.connections == 0


async def test_a_key_with_a_stray_line_end_is_sent_without_it() -> None:
    async with wire(answer({"status": "COMPLETED"})) as served:
        client = FalClient(served.hosts(), f" {KEY}\n", now=lambda: NOW, patience=SHORT)
        await client.status(client.ticket(EFFECTS, "r-1"))
        await client.close()
        assert served.seen[0].headers["authorization"] == f"Key {KEY}"


async def test_neither_the_client_nor_its_errors_show_the_key() -> None:
    async with wire(Break.AFTER_READING) as served, client_of(served.hosts()) as client:
        assert repr(client) == f"FalClient({served.url})"
        with pytest.raises(FalUncertain) as raised:
            await client.submit(EFFECTS, {}, "https://bot.example/hooks/fal/job/mac")
        told = f"{raised.value!r} {raised.value.detail} {raised.value.__cause__!r}"
        assert KEY not in told
        assert "mac" not in told


async def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with wire(answer({})) as proxy, wire(answer({"status": "COMPLETED"})) as served:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        async with client_of(served.hosts()) as client:
            await client.status(client.ticket(EFFECTS, "r-1"))
        assert (proxy.connections, served.connections) == (0, 1)


async def test_a_proxy_that_was_asked_for_is_used() -> None:
    async with wire(answer({"status": "COMPLETED"})) as proxy:
        hosts = FalHosts(queue_url="http://queue.fal.invalid")
        client = FalClient(hosts, KEY, now=lambda: NOW, patience=SHORT, proxy=proxy.url)
        await client.status(client.ticket(EFFECTS, "r-1"))
        await client.close()
        assert proxy.seen[0].target.startswith("http://queue.fal.invalid/")


async def test_the_history_is_read_to_its_last_page() -> None:
    first = {"items": [{"request_id": "a"}], "next_cursor": "Mg==", "has_more": True}
    last = {"items": [{"request_id": "b"}], "next_cursor": None, "has_more": False}
    async with wire(answer(first), answer(last)) as served, client_of(served.hosts()) as client:
        entries = await client.history(EFFECTS, start=NOW - timedelta(hours=1), end=NOW)
        assert [entry.request_id for entry in entries] == ["a", "b"]
        assert [parse_qs(urlsplit(one.target).query).get("cursor") for one in served.seen] == [None, ["Mg=="]]


async def test_a_history_without_an_end_is_left_at_twenty_pages() -> None:
    def page(request: httpx.Request) -> httpx.Response:
        cursor = int(request.url.params.get("cursor", "0"))
        body = {"items": [{"request_id": f"r-{cursor}"}], "next_cursor": str(cursor + 1), "has_more": True}
        return httpx.Response(200, json=body)

    client = FalClient(FalHosts(), KEY, now=lambda: NOW, transport=httpx.MockTransport(page))
    assert len(await client.history(EFFECTS, start=NOW - timedelta(hours=1), end=NOW)) == 20
    await client.close()


async def test_many_endpoints_are_priced_in_several_questions() -> None:
    async with wire(answer({"prices": [], "models": []})) as served, client_of(served.hosts()) as client:
        assert await client.pricing([f"e/{number}" for number in range(120)]) == ()
        assert await client.models(["e/1"]) == ()
        asked = [len(parse_qs(urlsplit(one.target).query)["endpoint_id"]) for one in served.seen]
        assert asked == [50, 50, 20, 1]


async def test_the_client_is_the_queue_that_the_pipeline_asks_for() -> None:
    async with client_of(FalHosts()) as client:
        queue: Queue = client
        assert queue is client
