"""What is fetched from the web: files whose URL a person typed, and finished reels.

Every hop is judged on its own, names are resolved once, and the connection goes to exactly the address that was
judged. Nothing that could identify us or a person is sent: no keys, no cookies, no referrer.
"""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncGenerator, Collection
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path

import httpx

from bot.domain.errors import FalMissing, FalUnavailable, Problem, Refused, Slug
from bot.media.address import host_problem, is_public, literal
from bot.media.names import Resolver, SystemNames
from bot.media.sink import pour, too_many_bytes

_LONGEST_URL = 4_096
_MOST_REDIRECTS = 3
_MOST_ADDRESSES = 4
_HTTPS_PORT = 443
_HTTP_PORT = 80
_GONE = frozenset({404, 410})
_TIMEOUTS = httpx.Timeout(20.0, connect=10.0)
_HEADERS = {"User-Agent": "Reelroom", "Accept": "*/*", "Accept-Encoding": "identity"}


class _NoBytes(Exception):
    """Why nothing came: in the words a person is told, and where known the HTTP status."""

    def __init__(self, reason: str, *, forbidden: bool = False, status: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.forbidden = forbidden
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hop:
    url: httpx.URL
    typed: bool
    trusted: bool = False

    @property
    def host(self) -> str:
        return self.url.raw_host.decode("ascii").lower().removesuffix(".")

    @property
    def port(self) -> int:
        if self.url.port is not None:
            return self.url.port
        return _HTTPS_PORT if self.url.scheme == "https" else _HTTP_PORT


class Fetcher:
    """Streams files from the web. `trusted_hosts` are "host:port" of addresses the settings name; they may be http.

    `time_limit_s` bounds one fetch or download from its first look-up to its last byte. Names are asked of `resolve`,
    else of the system: those that people type in other threads than those of vendors and platforms.
    """

    def __init__(
        self,
        *,
        trusted_hosts: Collection[str] = (),
        resolve: Resolver | None = None,
        time_limit_s: float = 120.0,
        tls: ssl.SSLContext | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._trusted = frozenset(host.lower() for host in trusted_hosts)
        self._names, self._typed_names = SystemNames(), SystemNames()
        self._resolve: Resolver = resolve or self._names
        self._resolve_typed: Resolver = resolve or self._typed_names
        self._time_limit_s = time_limit_s
        self._client = httpx.AsyncClient(
            verify=tls or httpx.create_ssl_context(),
            transport=transport,
            timeout=_TIMEOUTS,
            headers=_HEADERS,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            trust_env=False,  # a proxy would resolve the name itself, and might stand in a private network
            # Connections are known by their address here, and two names may share one: none is used twice.
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    async def close(self) -> None:
        """Close what is open."""
        self._names.close()
        self._typed_names.close()
        await self._client.aclose()

    async def fetch(self, url: str, *, limit_bytes: int, by_person: bool = True) -> AsyncGenerator[bytes, None]:
        """The bytes behind a URL. Close the iterator when you stop early.

        A URL `by_person` must be https on its usual port and lead to public addresses, at every redirect. Other URLs
        (a vendor's, a platform's) may also lead to trusted hosts.

        Raises:
            Refused: URL_REFUSED, FILE_GONE (both with the host as `given` and a `reason`), TOO_MANY_BYTES.
        """
        try:
            async with contextlib.aclosing(self._stream(url, limit_bytes, by_person=by_person)) as chunks:
                async for chunk in chunks:
                    yield chunk
        except _NoBytes as error:
            slug = Slug.URL_REFUSED if error.forbidden else Slug.FILE_GONE
            facts = {"given": _host_shown(url), "reason": error.reason}
            raise Refused([Problem(slug=slug, facts=facts)]) from error

    async def download(self, url: str, to: Path, *, limit_bytes: int, expected_bytes: int | None = None) -> int:
        """Stream a reel to `to`; its size. `expected_bytes` is believed only where the answer has no length itself.

        Raises:
            FalMissing: 404 or 410.
            FalUnavailable: anything else that is not the whole file.
            StoreUnavailable: the disk is full or cannot be written.
        """
        try:
            async with contextlib.aclosing(self._stream(url, limit_bytes, expected_bytes=expected_bytes)) as chunks:
                return await pour(chunks, to, limit_bytes=limit_bytes)
        except _NoBytes as error:
            if error.status in _GONE:
                raise FalMissing("reel_missing", status=error.status, detail=error.reason) from error
            raise FalUnavailable(
                "reel_unavailable", status=error.status, retryable=not error.forbidden, detail=error.reason
            ) from error
        except Refused as error:
            raise FalUnavailable("reel_unavailable", detail=str(error)) from error

    async def _stream(
        self, url: str, limit_bytes: int, *, by_person: bool = False, expected_bytes: int | None = None
    ) -> AsyncGenerator[bytes, None]:
        deadline = asyncio.get_running_loop().time() + self._time_limit_s
        try:
            async with asyncio.timeout_at(deadline):
                response = await self._follow(url, by_person=by_person)
            async with contextlib.aclosing(response):
                announced = _announced_bytes(response)
                if announced is not None and announced > limit_bytes:
                    raise too_many_bytes(limit_bytes)
                size_bytes = 0
                chunks = response.aiter_raw()
                while True:
                    # Not around the loop: our caller's own work between two chunks must not be cancelled.
                    async with asyncio.timeout_at(deadline):
                        chunk = await anext(chunks, None)
                    if chunk is None:
                        break
                    size_bytes += len(chunk)
                    if size_bytes > limit_bytes:
                        raise too_many_bytes(limit_bytes)
                    yield chunk
                _check_length(response, size_bytes, announced, expected_bytes)
        except TimeoutError as error:
            raise _NoBytes("it took too long") from error
        except httpx.HTTPError as error:
            raise _NoBytes(f"the connection failed ({type(error).__name__})") from error

    async def _follow(self, url: str, *, by_person: bool) -> httpx.Response:
        hop = self._judged(url, by_person=by_person)
        for _ in range(_MOST_REDIRECTS + 1):
            response = await self._get(hop)
            if not response.has_redirect_location:
                return await _usable(response)
            await response.aclose()
            try:
                onward = str(hop.url.join(response.headers["location"]))
            except (httpx.InvalidURL, ValueError) as error:
                raise _NoBytes("it leads to something that is no link", forbidden=True) from error
            hop = self._judged(onward, by_person=by_person)
        raise _NoBytes("it leads from one place to the next without end", forbidden=True)

    def _judged(self, text: str, *, by_person: bool) -> _Hop:
        url = _parsed(text)
        hop = _Hop(url=url, typed=by_person)
        if url.userinfo:
            raise _NoBytes("it holds a name or password", forbidden=True)
        if not by_person and url.scheme in {"http", "https"} and f"{hop.host}:{hop.port}" in self._trusted:
            return _Hop(url=url, typed=False, trusted=True)
        if url.scheme != "https":
            raise _NoBytes("it does not begin with https://", forbidden=True)
        if hop.port != _HTTPS_PORT:
            raise _NoBytes("it names a port", forbidden=True)
        problem = host_problem(hop.host)
        if problem:
            raise _NoBytes(problem, forbidden=True)
        return hop

    async def _get(self, hop: _Hop) -> httpx.Response:
        """Ask the host at one of its addresses; the next one only when no connection came about."""
        *others, last = await self._addresses(hop)
        for address in others:
            with contextlib.suppress(httpx.ConnectError, httpx.ConnectTimeout):
                return await self._get_at(hop, address)
        return await self._get_at(hop, last)

    async def _addresses(self, hop: _Hop) -> list[str]:
        if literal(hop.host) is not None:
            return [hop.host]
        try:
            resolve = self._resolve_typed if hop.typed else self._resolve
            found = list(await resolve(hop.host, hop.port))
        except (OSError, UnicodeError) as error:
            raise _NoBytes("its host is not known") from error
        if not found:
            raise _NoBytes("its host is not known")
        if not hop.trusted:
            addresses = [literal(address) for address in found]
            if not all(address is not None and is_public(address) for address in addresses):
                raise _NoBytes("it leads into a private network", forbidden=True)
        return found[:_MOST_ADDRESSES]

    async def _get_at(self, hop: _Hop, address: str) -> httpx.Response:
        request = self._client.build_request(
            "GET",
            hop.url.copy_with(host=address),
            headers={"Host": hop.url.netloc.decode("ascii")},
            extensions={} if literal(hop.host) else {"sni_hostname": hop.host},
        )
        try:
            return await self._client.send(request, stream=True, follow_redirects=False)
        except (httpx.InvalidURL, ValueError) as error:  # httpx reads the link of a redirect also when it follows none
            raise _NoBytes("it leads to something that is no link", forbidden=True) from error


def shown(url: str) -> str:
    """A link as we name it to people: its last path segment or its host, never its query, which may hold secrets."""
    try:
        parsed = _parsed(url)
    except _NoBytes:
        return "link"
    name = "".join(sign for sign in parsed.path.rpartition("/")[2] if sign.isprintable())
    return name[:80] or parsed.host or "link"


def _host_shown(url: str) -> str:
    try:
        return _parsed(url).host
    except _NoBytes:
        return "that"


def _parsed(text: str) -> httpx.URL:
    if len(text) > _LONGEST_URL or not text.isprintable() or any(sign in text for sign in " \\"):
        raise _NoBytes("it is not a link", forbidden=True)
    try:
        url = httpx.URL(text)
        host = url.host  # read back from Punycode, which not every name survives
    except (httpx.InvalidURL, ValueError) as error:
        raise _NoBytes("it is not a link", forbidden=True) from error
    if not host:
        raise _NoBytes("it is not a link", forbidden=True)
    return url


async def _usable(response: httpx.Response) -> httpx.Response:
    encoding = response.headers.get("content-encoding", "identity").lower()
    if response.status_code == httpx.codes.OK and encoding == "identity":
        return response
    await response.aclose()
    if response.status_code in _GONE:
        raise _NoBytes("there is nothing any more", status=response.status_code)
    raise _NoBytes(f"it answered with {response.status_code} instead of a file", status=response.status_code)


def _announced_bytes(response: httpx.Response) -> int | None:
    length = response.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else None


def _check_length(response: httpx.Response, size_bytes: int, announced: int | None, expected: int | None) -> None:
    is_framed = announced is not None or "chunked" in response.headers.get("transfer-encoding", "").lower()
    wanted = announced if is_framed else expected
    if wanted is not None and size_bytes != wanted:
        raise _NoBytes("the file was cut short", status=response.status_code)
