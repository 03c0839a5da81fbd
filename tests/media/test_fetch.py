import asyncio
import datetime as dt
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.domain.errors import FalMissing, FalUnavailable, Refused, Slug, StoreUnavailable
from bot.media.fetch import Fetcher, shown
from tests.media.web import Internet, Names, Web, web

PUBLIC = "93.184.215.14"


@pytest.fixture
async def site() -> AsyncIterator[Web]:
    async with web() as site:
        yield site


class Bench:
    """A fetcher whose internet is one loopback server, and what it did there."""

    def __init__(self, site: Web, *, time_limit_s: float = 20) -> None:
        self.site = site
        self.internet = Internet(site.port)
        self.names = Names(
            {
                "photos.example": [[PUBLIC]],
                "other.example": [["2606:4700::1111"]],
                "rebinds.example": [[PUBLIC], ["127.0.0.1"]],
                "mixed.example": [[PUBLIC, "10.0.0.7"]],
                "nobody.example": [[]],
                "localtest.me": [["127.0.0.1"]],
                "metadata.google.internal": [[PUBLIC]],
                **{f"{name}.leads.example": [[address]] for name, address in LEADS.items()},
            }
        )
        self.fetcher = Fetcher(
            resolve=self.names,
            transport=self.internet,
            trusted_hosts=[f"127.0.0.1:{site.port}", "emulator:8931"],
            time_limit_s=time_limit_s,
        )

    async def read(self, url: str, *, limit_bytes: int = 1_000_000, by_person: bool = True) -> bytes:
        async with aclosing(self.fetcher.fetch(url, limit_bytes=limit_bytes, by_person=by_person)) as chunks:
            return b"".join([chunk async for chunk in chunks])

    async def refusal(self, url: str, *, limit_bytes: int = 1_000_000) -> tuple[Slug, str]:
        with pytest.raises(Refused) as caught:
            await self.read(url, limit_bytes=limit_bytes)
        problem = caught.value.problems[0]
        return problem.slug, problem.facts.get("reason", "")


LEADS = {
    "loopback": "127.0.0.1",
    "private": "192.168.0.10",
    "metadata": "169.254.169.254",
    "v6": "::1",
    "mapped": "::ffff:10.0.0.1",
    "link": "fe80::1%2",
    "nonsense": "not-an-address",
}


@pytest.fixture
async def bench(site: Web) -> AsyncIterator[Bench]:
    bench = Bench(site)
    yield bench
    await bench.fetcher.close()


EVIL = [
    # not https, or not a link at all
    *("http://photos.example/a.jpg", "ftp://photos.example/a", "file:///etc/passwd", "data:image/png;base64,AAAA"),
    *("gopher://photos.example/", "javascript:alert(1)", "//photos.example/a", "photos.example/a", "", "https://"),
    *("https:///a.jpg", "https:photos.example", "https:\\\\photos.example\\a", "https://photos.example/a b"),
    *(
        "https://photos.example/\n",
        "https://photos.example/\r\nHost: x",
        "https://photos.example/\x00",
        "ht\ttps://a.b/",
    ),
    *("https://photos.example\\@127.0.0.1/", "https://[::1", "https://photos.example:99999/", "https://a:b:c/"),
    # somebody else's name in front
    *("https://photos.example@127.0.0.1/", "https://user:pass@photos.example/", "https://photos.example%40127.0.0.1/"),
    *("https://127.0.0.1#@photos.example/", "https://127.0.0.1?@photos.example/", "https://@127.0.0.1/"),
    # addresses, plain and in disguise
    *("https://127.0.0.1/", "https://127.1/", "https://127.0.1/", "https://2130706433/", "https://0x7f000001/"),
    *("https://0x7f.0.0.1/", "https://0177.0.0.1/", "https://017700000001/", "https://0/", "https://0.0.0.0/"),
    *("https://127.0.0.1./", "https://00000127.0.0.1/", "https://127.0.0.1.:443/", "https://0x7f.1/", "https://1.2.3/"),
    *("https://10.0.0.1/", "https://172.16.5.5/", "https://192.168.1.1/", "https://100.64.1.1/", "https://224.0.0.1/"),
    *(
        "https://169.254.169.254/latest/meta-data/",
        "https://2852039166/",
        "https://0xa9fea9fe/",
        "https://168.63.129.16/",
    ),
    *(
        "https://[::1]/",
        "https://[::]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[fe80::1]/",
    ),
    *(
        "https://[fe80::1%25eth0]/",
        "https://[fd00:ec2::254]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
    ),
    *("https://[0:0:0:0:0:ffff:169.254.169.254]/", "https://[::127.0.0.1]/", "https://[ff02::1]/"),
    *("https://１２７.０.０.１/", "https://①②⑦.⓪.⓪.①/", "https://127。0。0。1/"),  # noqa: RUF001 - the trick itself
    # private names, and names that lead inside
    *("https://localhost/", "https://LOCALHOST/", "https://localhost./", "https://a.localhost/", "https://printer/"),
    *("https://nas.local/", "https://db.internal/", "https://metadata.google.internal/", "https://router.home.arpa/"),
    *("https://photos_example/", "https://.photos.example/", "https://photos..example/", "https://localtest.me/"),
    *("https://xn--/", "https://xn--a.example/", f"https://{'a' * 64}.example/", f"https://{'a.' * 130}example/"),
    *(
        "https://metadata/computeMetadata/v1/",
        "https://instance-data/",
        "https://kubernetes.default.svc.cluster.local/",
    ),
    *(
        "https://[::ffff:0:127.0.0.1]/",
        "https://[64:ff9b:1::7f00:1]/",
        "https://[2001:0:7f00:1::]/",
        "https://[fec0::1]/",
    ),
    *(
        "https://[v1.127.0.0.1]/",
        "https://[127.0.0.1]/",
        "https://0x7f.0x0.0x0.0x1/",
        "https://127.0.0.1%00.a.example/",
    ),
    *("https://0300.0250.0.1/", "https://3232235521/", "https://192.168.257/", "https://4294967297/", "https://1e8/"),
    *(f"https://{name}.leads.example/a.jpg" for name in LEADS),
    "https://mixed.example/",
    # ports
    *(
        "https://photos.example:22/",
        "https://photos.example:8443/",
        "https://photos.example:80/",
        "https://photos.example:0/",
    ),
    # what the settings trust is not for people to name
    *("https://emulator:8931/a.jpg", "http://emulator:8931/a.jpg"),
    # too long
    "https://photos.example/" + "a" * 5_000,
]


@pytest.mark.parametrize("url", EVIL)
async def test_an_evil_link_is_refused_before_anything_is_connected(bench: Bench, url: str) -> None:
    slug, reason = await bench.refusal(url)
    assert slug is Slug.URL_REFUSED
    assert reason
    assert bench.internet.connected == []


# Without a host a redirect stays where it is; what is not plain ASCII cannot stand in a header.
LEADING_ASTRAY = [url for url in EVIL if re.match(r"\w+://[^/]", url) and re.fullmatch(r"[!-~]+", url)]


@pytest.mark.parametrize("url", LEADING_ASTRAY)
async def test_a_redirect_to_an_evil_link_is_refused_too(bench: Bench, url: str) -> None:
    bench.site.answer("/a", status="302 Found", location=url)
    slug, _ = await bench.refusal("https://photos.example/a")
    assert slug in {Slug.URL_REFUSED, Slug.FILE_GONE}
    assert bench.internet.connected == [PUBLIC]


async def test_a_trusted_address_is_not_for_people_to_name(bench: Bench) -> None:
    bench.site.answer("/a", b"bytes")
    url = f"http://127.0.0.1:{bench.site.port}/a"
    assert (await bench.refusal(url))[0] is Slug.URL_REFUSED
    assert await bench.read(url, by_person=False) == b"bytes"


async def test_a_public_file_is_read_from_the_address_that_was_judged(bench: Bench) -> None:
    bench.site.answer("/dir/a.jpg?x=1", b"bytes")
    assert await bench.read("https://Photos.Example:443/dir/a.jpg?x=1#top") == b"bytes"
    assert (bench.internet.connected, bench.internet.names) == ([PUBLIC], ["photos.example"])
    head = bench.site.asked[0].lower()
    assert "host: photos.example\r\n" in head
    assert not any(word in head for word in ("authorization", "cookie", "referer"))


async def test_a_name_that_changes_its_answer_gains_nothing(bench: Bench) -> None:
    bench.site.answer("/a", b"bytes")
    assert await bench.read("https://rebinds.example/a") == b"bytes"
    assert (bench.names.asked, bench.internet.connected) == (["rebinds.example"], [PUBLIC])
    assert (await bench.refusal("https://rebinds.example/a"))[0] is Slug.URL_REFUSED


async def test_redirects_are_followed_three_times_and_no_cookie_goes_along(bench: Bench) -> None:
    bench.site.answer("/1", status="301 Moved", location="/2", set_cookie="who=me")
    bench.site.answer("/2", status="307 Moved", location="https://other.example/3")
    bench.site.answer("/3", status="308 Moved", location="https://photos.example/4", set_cookie="who=me")
    bench.site.answer("/4", b"bytes")
    assert await bench.read("https://photos.example/1") == b"bytes"
    assert bench.internet.connected == [PUBLIC, PUBLIC, "2606:4700::1111", PUBLIC]
    assert not any("cookie" in head.lower() for head in bench.site.asked)
    bench.site.answer("/0", status="302 Found", location="/1")
    assert await bench.refusal("https://photos.example/0") == (
        Slug.URL_REFUSED,
        "it leads from one place to the next without end",
    )


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        ("404 Not Found", {}),
        ("410 Gone", {}),
        ("403 Forbidden", {}),
        ("500 Oops", {}),
        ("206 Partial", {}),
        ("302 Found", {}),
        ("200 OK", {"content_encoding": "gzip"}),
    ],
)
async def test_an_answer_that_is_no_file_is_said_to_be_none(bench: Bench, status: str, headers: dict[str, str]) -> None:
    bench.site.answer("/a", b"words", status=status, **headers)
    assert (await bench.refusal("https://photos.example/a"))[0] is Slug.FILE_GONE


@pytest.mark.parametrize("host", ["unknown.example", "nobody.example"])
async def test_an_unknown_host_is_said_to_be_unknown(bench: Bench, host: str) -> None:
    assert await bench.refusal(f"https://{host}/") == (Slug.FILE_GONE, "its host is not known")


@pytest.mark.parametrize("length", ["", "5000"])
async def test_a_file_beyond_the_cap_is_refused_with_or_without_its_length(bench: Bench, length: str) -> None:
    bench.site.answer("/a", b"x" * 5_000, content_length=length)
    assert (await bench.refusal("https://photos.example/a", limit_bytes=4_999))[0] is Slug.TOO_MANY_BYTES
    assert len(await bench.read("https://photos.example/a", limit_bytes=5_000)) == 5_000


async def test_a_file_that_breaks_off_is_not_taken_for_whole(bench: Bench) -> None:
    bench.site.answer("/a", b"x" * 50, content_length="51")
    assert (await bench.refusal("https://photos.example/a"))[0] is Slug.FILE_GONE


async def test_a_host_that_never_ends_is_left(site: Web) -> None:
    bench = Bench(site, time_limit_s=0.3)
    site.answer("/hangs", b"x" * 50, content_length="51")
    assert await bench.refusal("https://photos.example/hangs") == (Slug.FILE_GONE, "it took too long")
    await bench.fetcher.close()


async def test_the_callers_own_time_between_two_chunks_is_never_cancelled(site: Web) -> None:
    bench = Bench(site, time_limit_s=0.2)
    site.answer("/hangs", b"x" * 50, content_length="51")
    chunks = bench.fetcher.fetch("https://photos.example/hangs", limit_bytes=100)
    assert await anext(chunks) == b"x" * 50
    for_ever = asyncio.ensure_future(asyncio.Event().wait())
    await asyncio.wait([for_ever], timeout=0.4)
    with pytest.raises(Refused, match="file_gone"):
        await anext(chunks)
    for_ever.cancel()
    await bench.fetcher.close()


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://a.example/dir/photo.jpg?token=secret", "photo.jpg"),
        ("https://a.example/?token=secret", "a.example"),
        ("https://user:secret@a.example/", "a.example"),
        ("https://a.example/two%0Alines%1B.jpg", "twolines.jpg"),
        ("no link\n", "link"),
    ],
)
def test_a_link_is_named_without_its_secrets(url: str, name: str) -> None:
    assert shown(url) == name


async def test_a_reel_is_streamed_to_disk_from_where_the_settings_say(bench: Bench, tmp_path: Path) -> None:
    bench.site.answer("/reel", b"x" * 3_000_000)
    url = f"http://127.0.0.1:{bench.site.port}/reel"
    size_bytes = await bench.fetcher.download(url, tmp_path / "reel", limit_bytes=10_000_000)
    assert size_bytes == (tmp_path / "reel").stat().st_size == 3_000_000
    assert "authorization" not in bench.site.asked[0].lower()


async def test_an_address_where_nobody_listens_is_followed_by_the_next(site: Web, tmp_path: Path) -> None:
    fetcher = Fetcher(
        resolve=Names({"emulator": [["127.0.0.2", "127.0.0.1"]], "away": [["127.0.0.2"]]}),
        trusted_hosts=[f"emulator:{site.port}", f"away:{site.port}"],
    )
    site.answer("/reel", b"bytes")
    to = tmp_path / "reel"
    assert await fetcher.download(f"http://emulator:{site.port}/reel", to, limit_bytes=100) == 5
    assert f"host: emulator:{site.port}\r\n" in site.asked[0].lower()
    with pytest.raises(FalUnavailable) as caught:
        await fetcher.download(f"http://away:{site.port}/reel", to, limit_bytes=100)
    assert caught.value.retryable
    await fetcher.close()


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
async def test_a_reel_that_is_gone_is_missing(bench: Bench, tmp_path: Path, status: str) -> None:
    bench.site.answer("/reel", status=status)
    with pytest.raises(FalMissing):
        await bench.fetcher.download("https://photos.example/reel", tmp_path / "reel", limit_bytes=10_000)


@pytest.mark.parametrize(
    ("length", "expected_bytes"),
    [("51", None), ("51", 50), ("", 51)],
    ids=["shorter than it says", "whatever was expected", "no length, shorter than expected"],
)
async def test_a_reel_cut_short_is_an_error(
    bench: Bench, tmp_path: Path, length: str, expected_bytes: int | None
) -> None:
    bench.site.answer("/reel", b"x" * 50, content_length=length)
    with pytest.raises(FalUnavailable) as caught:
        await bench.fetcher.download(
            "https://photos.example/reel", tmp_path / "reel", limit_bytes=10_000, expected_bytes=expected_bytes
        )
    assert caught.value.retryable


async def test_the_length_of_the_answer_is_believed_before_what_was_expected(bench: Bench, tmp_path: Path) -> None:
    bench.site.answer("/reel", b"x" * 50)
    url, to = "https://photos.example/reel", tmp_path / "reel"
    assert await bench.fetcher.download(url, to, limit_bytes=10_000, expected_bytes=51) == 50


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/reel", "http://photos.example/reel", "https://loopback.leads.example/"]
)
async def test_a_reel_comes_from_public_or_trusted_places_only(bench: Bench, tmp_path: Path, url: str) -> None:
    with pytest.raises(FalUnavailable) as caught:
        await bench.fetcher.download(url, tmp_path / "reel", limit_bytes=10_000)
    assert not caught.value.retryable
    assert bench.internet.connected == []


async def test_a_reel_beyond_the_cap_or_empty_is_unavailable(bench: Bench, tmp_path: Path) -> None:
    bench.site.answer("/large", b"x" * 50)
    bench.site.answer("/empty", b"")
    for path in ("large", "empty"):
        with pytest.raises(FalUnavailable):
            await bench.fetcher.download(f"https://photos.example/{path}", tmp_path / "reel", limit_bytes=49)


async def test_a_reel_that_cannot_be_written_is_ours_to_mend(bench: Bench, tmp_path: Path) -> None:
    bench.site.answer("/reel", b"x" * 50)
    with pytest.raises(StoreUnavailable):
        await bench.fetcher.download("https://photos.example/reel", tmp_path / "no" / "reel", limit_bytes=100)


def certificate(folder: Path, name: str) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    end = start.replace(year=2120)
    signed = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number(), start, end)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.mark.parametrize(("host", "comes"), [("photos.example", True), ("other.example", False)])
async def test_the_certificate_must_be_that_of_the_name_and_not_of_the_address(
    tmp_path: Path, host: str, *, comes: bool
) -> None:
    pem = certificate(tmp_path, "photos.example")
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(pem)
    async with web(serving) as site:
        fetcher = Fetcher(
            resolve=Names({host: [["127.0.0.1"]]}),
            trusted_hosts=[f"{host}:{site.port}"],
            tls=ssl.create_default_context(cafile=str(pem)),
        )
        site.answer("/reel", b"bytes")
        url = f"https://{host}:{site.port}/reel"
        if comes:
            assert await fetcher.download(url, tmp_path / "reel", limit_bytes=100) == 5
        else:
            with pytest.raises(FalUnavailable):
                await fetcher.download(url, tmp_path / "reel", limit_bytes=100)
            assert site.asked == []
        await fetcher.close()
