"""What hosts that mean ill answer: every answer ends, in time, as bytes within the cap or as a refusal."""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refused, Slug
from bot.media.fetch import Fetcher, shown
from bot.media.names import SystemNames
from tests.media.web import Internet, Names

PUBLIC = "93.184.215.14"
CAP_BYTES = 10_000
LIMIT_S = 0.5

Speech = Callable[[], Iterator[bytes]]


@asynccontextmanager
async def host(speech: Speech, *, pause_s: float = 0) -> AsyncIterator[tuple[Fetcher, Internet]]:
    """A fetcher whose whole internet says the pieces of `speech` to whoever connects, and then waits."""

    speaking: set[asyncio.Task[None]] = set()

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            for piece in speech():
                writer.write(piece)
                await writer.drain()
                if pause_s:
                    await asyncio.wait([asyncio.ensure_future(reader.read(1))], timeout=pause_s)
            await reader.read()
        writer.close()

    def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        speaking.add(asyncio.create_task(speak(reader, writer)))

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    internet = Internet(server.sockets[0].getsockname()[1])
    names = Names({"evil.example": [[PUBLIC]]})
    fetcher = Fetcher(resolve=names, transport=internet, time_limit_s=LIMIT_S)
    try:
        yield fetcher, internet
    finally:
        await fetcher.close()
        server.close()
        if speaking:  # whoever listened is gone, so every one of them ends by itself
            await asyncio.wait(speaking, timeout=5)


async def read(fetcher: Fetcher, url: str = "https://evil.example/") -> bytes:
    async with aclosing(fetcher.fetch(url, limit_bytes=CAP_BYTES)) as chunks:
        return b"".join([chunk async for chunk in chunks])


def for_ever(start: bytes, piece: bytes) -> Speech:
    def speech() -> Iterator[bytes]:
        yield start
        while True:
            yield piece

    return speech


def once(answer: bytes) -> Speech:
    return lambda: iter([answer])


OK = b"HTTP/1.1 200 OK\r\n"
ENDLESS = {
    "body without a length": for_ever(OK + b"\r\n", b"x" * 4096),
    "body in chunks": for_ever(OK + b"transfer-encoding: chunked\r\n\r\n", b"400\r\n" + b"x" * 1024 + b"\r\n"),
    "chunks of one byte": for_ever(OK + b"transfer-encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 512),
    "extension of a chunk": for_ever(OK + b"transfer-encoding: chunked\r\n\r\n1;", b"x" * 4096),
    "head": for_ever(OK, b"x-more: " + b"y" * 1024 + b"\r\n"),
    "line of the head": for_ever(OK + b"x-more: ", b"y" * 4096),
    "answers before the answer": for_ever(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 64),
    "trailers": for_ever(OK + b"transfer-encoding: chunked\r\n\r\n0\r\n", b"x-more: y\r\n" * 64),
    "nothing after the head": once(OK + b"content-length: 5\r\n\r\n"),
    "nothing at all": once(b""),
}


@pytest.mark.parametrize("speech", ENDLESS.values(), ids=ENDLESS)
async def test_what_has_no_end_is_left_in_time(speech: Speech) -> None:
    async with host(speech) as (fetcher, _):
        with pytest.raises(Refused) as caught:
            await asyncio.wait_for(read(fetcher), 10 * LIMIT_S)
    assert caught.value.problems[0].slug in {Slug.TOO_MANY_BYTES, Slug.FILE_GONE}


@pytest.mark.parametrize("start", [b"", OK, OK + b"content-length: 5000\r\n\r\n"], ids=["status", "head", "body"])
async def test_who_drips_is_left_when_the_time_is_over_and_not_later(start: bytes) -> None:
    """Each byte comes well within the time a read may take; all of them together do not."""
    async with host(for_ever(start, b"x"), pause_s=LIMIT_S / 10) as (fetcher, _):
        with pytest.raises(Refused) as caught:
            await asyncio.wait_for(read(fetcher), 10 * LIMIT_S)
    assert caught.value.problems[0].facts["reason"] == "it took too long"


NONSENSE = {
    "no HTTP": once(b"SSH-2.0-OpenSSH_9.9\r\n\r\n"),
    "HTTP of another age": once(b"HTTP/9.9 200 OK\r\n\r\nx"),
    "no status": once(b"HTTP/1.1\r\n\r\n"),
    "a status out of range": once(b"HTTP/1.1 999 Odd\r\ncontent-length: 1\r\n\r\nx"),
    "a length that is no number": once(OK + b"content-length: many\r\n\r\nx"),
    "a length below nothing": once(OK + b"content-length: -1\r\n\r\nx"),
    "a length of thousands of digits": once(OK + b"content-length: " + b"9" * 5000 + b"\r\n\r\nx"),
    "two lengths": once(OK + b"content-length: 1\r\ncontent-length: 2\r\n\r\nxx"),
    "a length and chunks": once(OK + b"content-length: 1\r\ntransfer-encoding: chunked\r\n\r\nxx"),
    "chunks of no size": once(OK + b"transfer-encoding: chunked\r\n\r\nzz\r\nx"),
    "a NUL in a header": once(OK + b"x-a: b\x00c\r\ncontent-length: 1\r\n\r\nx"),
    "a body that was packed": once(OK + b"content-encoding: gzip\r\ncontent-length: 1\r\n\r\nx"),
    "a body packed and called bare": once(OK + b"content-encoding: identity, gzip\r\ncontent-length: 1\r\n\r\nx"),
}


@pytest.mark.parametrize("speech", NONSENSE.values(), ids=NONSENSE)
async def test_nonsense_is_a_file_that_is_not_there(speech: Speech) -> None:
    async with host(speech) as (fetcher, _):
        with pytest.raises(Refused) as caught:
            await asyncio.wait_for(read(fetcher), 10 * LIMIT_S)
    assert caught.value.problems[0].slug in {Slug.TOO_MANY_BYTES, Slug.FILE_GONE}


ASTRAY = [
    *("//127.0.0.1/", "///127.0.0.1/", "/\\127.0.0.1/", "\\\\127.0.0.1\\", "https:127.0.0.1", "https:/127.0.0.1/"),
    *("http://evil.example/", "//evil.example:8443/", "https://127.0.0.1:443/", "//[::1]/", "//0x7f000001/"),
    *("file:///etc/passwd", "data:,x", "//user@evil.example/", "https://xn--/", "https://" + "a" * 64 + ".example/"),
    *("//169.254.169.254/latest/meta-data/", "//metadata/", "//[fd00:ec2::254]/", "https://\xff/", ""),
]


@pytest.mark.parametrize("location", ASTRAY)
async def test_no_redirect_leads_anywhere_but_out(location: str) -> None:
    answer = b"HTTP/1.1 302 Found\r\nlocation: " + location.encode("latin-1") + b"\r\ncontent-length: 0\r\n\r\n"
    async with host(once(answer)) as (fetcher, internet):
        with pytest.raises(Refused):
            await asyncio.wait_for(read(fetcher), 10 * LIMIT_S)
        assert set(internet.connected) == {PUBLIC}


async def test_a_name_is_judged_anew_at_every_redirect() -> None:
    """The first answer is public, as is the second; the third, for the same name, is this machine."""
    onward = b"HTTP/1.1 302 Found\r\nlocation: https://rebinds.example/next\r\ncontent-length: 0\r\n\r\n"
    async with host(once(onward)) as (_, internet):
        names = Names({"rebinds.example": [[PUBLIC], ["93.184.215.15"], ["127.0.0.1"]]})
        fetcher = Fetcher(resolve=names, transport=internet, time_limit_s=10)
        with pytest.raises(Refused, match="url_refused"):
            await read(fetcher, "https://rebinds.example/")
        await fetcher.close()
    assert internet.connected == [PUBLIC, "93.184.215.15"]
    assert names.asked == ["rebinds.example"] * 3


METADATA = {
    "metadata.example": "169.254.169.254",
    "metadata-v6.example": "fd00:ec2::254",
    "container.example": "169.254.170.2",
    "alibaba.example": "100.100.100.200",
    "oracle.example": "192.0.0.192",
    "azure.example": "168.63.129.16",
    "tencent.example": "169.254.0.23",
    "docker.example": "172.17.0.1",
    "kubernetes.example": "10.96.0.1",
    "carried.example": "64:ff9b::a9fe:a9fe",
    "translated.example": "::ffff:0:169.254.169.254",
    "teredo.example": "2001:0:a9fe:a9fe::1",
    "tunnelled.example": "2002:a9fe:a9fe::1",
}


@pytest.mark.parametrize("name", METADATA)
async def test_no_name_leads_to_what_machines_tell_only_themselves(name: str) -> None:
    async with host(once(OK + b"content-length: 1\r\n\r\nx")) as (_, internet):
        for answers in ([METADATA[name]], [PUBLIC, METADATA[name]]):
            fetcher = Fetcher(resolve=Names({name: [answers]}), transport=internet, time_limit_s=10)
            with pytest.raises(Refused, match="url_refused"):
                await read(fetcher, f"https://{name}/")
            await fetcher.close()
    assert internet.connected == []


async def test_names_that_never_answer_keep_no_other_work_waiting() -> None:
    may_end = threading.Event()

    def hang(_host: str, _port: int) -> Sequence[str]:
        may_end.wait(20)
        return []

    names = SystemNames(look_up=hang)
    waiting = [asyncio.ensure_future(names("slow.example", 443)) for _ in range(40)]
    await asyncio.wait(waiting, timeout=0.05)
    assert await asyncio.wait_for(asyncio.to_thread(abs, -3), 5) == 3
    for each in waiting:
        each.cancel()
    await asyncio.wait(waiting)
    names.close()
    may_end.set()


async def test_names_that_people_type_are_not_looked_up_where_files_are_written() -> None:
    """The only thread that files are written with is busy; still, somebody's link is answered."""
    loop, may_end = asyncio.get_running_loop(), threading.Event()
    loop.set_default_executor(ThreadPoolExecutor(max_workers=1))
    busy = loop.run_in_executor(None, may_end.wait, 30)
    fetcher = Fetcher(time_limit_s=20)
    with pytest.raises(Refused):
        await read(fetcher, "https://nobody.example/")
    assert not busy.done()
    may_end.set()
    await busy
    await fetcher.close()


async def test_the_system_knows_its_own_name() -> None:
    names = SystemNames()
    assert {"127.0.0.1", "::1"} & set(await names("localhost", 80))
    names.close()


TLS = ssl.create_default_context()
URLISH = st.lists(
    st.sampled_from(
        [
            *(
                "https://",
                "http://",
                "//",
                "/",
                "\\",
                "@",
                ":",
                ".",
                "?",
                "#",
                "%",
                "%00",
                "%2f",
                "[",
                "]",
                "::",
                "xn--",
            ),
            *(
                "127",
                "0x7f",
                "0177",
                "\uff11\uff12\uff17",
                "。",
                "localhost",
                "a.example",
                "\u202e",
                "\u00ad",
                "\U0001f3a5",
                "ß",
                ":443",
            ),
            *("\ud800", "\x00", "\n", " ", "9" * 400, "a" * 70, "é", "İ", "֐", "xn--a", "-", "_"),
        ]
    ),
    max_size=8,
).map("".join)


@given(st.text(max_size=40) | URLISH | URLISH.map("https://".__add__))
def test_any_text_is_some_link_or_none(text: str) -> None:
    async def ask() -> None:
        internet = Internet(1)
        fetcher = Fetcher(resolve=Names({}), transport=internet, tls=TLS, time_limit_s=10)
        with contextlib.suppress(Refused):
            await read(fetcher, text)
        assert internet.connected == []
        await fetcher.close()

    asyncio.run(ask())
    assert shown(text)
    assert shown(text).isprintable()
