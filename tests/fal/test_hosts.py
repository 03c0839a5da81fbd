"""Where the key may go."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import FalUnavailable
from bot.fal.hosts import FalHosts

HOSTS = FalHosts()


@pytest.mark.parametrize(
    "url",
    [
        "https://queue.fal.run/fal-ai/pixverse/requests/r-1/status",
        "https://QUEUE.fal.run:443/x?logs=0",
        "https://rest.fal.ai/storage/auth/token",
        "https://api.fal.ai/v1/models",
    ],
)
def test_urls_on_the_configured_hosts_are_followed(url: str) -> None:
    assert HOSTS.follow(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://queue.fal.run/x",
        "https://queue.fal.run:8443/x",
        "https://queue.fal.run.example/x",
        "https://queue.fal.run@example.org/x",
        "https://me@queue.fal.run/x",
        "https://example.org\\@queue.fal.run/x",
        "https://example.org#@queue.fal.run/x",
        "https://queue.fal.run\t/x",
        "https://queue.fal.run\n.example.org/x",
        "//queue.fal.run/x",
        "ftp://queue.fal.run/x",
        "https://v3.fal.media/files/upload",
        "https://fal.media/files/x.mp4",
        "https://fal.ai/api",
        "https:///x",
        "",
    ],
)
def test_urls_anywhere_else_are_not(url: str) -> None:
    with pytest.raises(FalUnavailable, match="foreign_url"):
        HOSTS.follow(url)


@given(st.text(max_size=60) | st.from_regex(r"https?://[a-z.@\\:]{0,12}queue\.fal\.run[^a]{0,9}", fullmatch=True))
def test_what_is_followed_names_a_fal_host_to_httpx_as_well(url: str) -> None:
    if HOSTS.is_ours(url):
        parsed = httpx.URL(url)
        assert (parsed.scheme, parsed.port, parsed.userinfo) == ("https", None, b"")
        assert parsed.host in {"queue.fal.run", "rest.fal.ai", "api.fal.ai"}


def test_an_unset_address_opens_no_door() -> None:
    with pytest.raises(FalUnavailable):
        FalHosts(queue_url="", rest_url="nonsense").follow("")


def test_trusted_hosts_are_all_the_configured_ones_with_their_ports() -> None:
    local = FalHosts(queue_url="http://127.0.0.1:8931", site_url="http://[::1]:8000")
    assert local.trusted_hosts() == {
        "127.0.0.1:8931",
        "[::1]:8000",
        "rest.fal.ai:443",
        "v3.fal.media:443",
        "api.fal.ai:443",
    }


@pytest.mark.parametrize(
    ("endpoint_id", "app"),
    [
        ("fal-ai/pixverse/v4.5/effects", "fal-ai/pixverse"),
        ("fal-ai/wan-i2v", "fal-ai/wan-i2v"),
        ("wan/v2.6/image-to-video", "wan/v2.6"),
        ("workflows/me/flow/x", "workflows/me/flow"),
        ("110602490-fast-sdxl", "110602490/fast-sdxl"),
    ],
)
def test_a_ticket_from_an_id_alone_names_the_app_and_not_the_path(endpoint_id: str, app: str) -> None:
    ticket = HOSTS.ticket(endpoint_id, "r-1")
    assert ticket.response_url == f"https://queue.fal.run/{app}/requests/r-1"
    assert ticket.status_url == f"{ticket.response_url}/status"
    assert ticket.cancel_url == f"{ticket.response_url}/cancel"
