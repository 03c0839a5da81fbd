"""Where fal is, and the only places its key may go."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from bot.domain.errors import Blame, FalUnavailable
from bot.domain.job import Ticket

REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")
"""What may stand in a URL as a request's id."""

_WEB_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?P<port>:[0-9]{1,5})?(?P<rest>[/?][!-\[\]-~]*)?",
    re.IGNORECASE,
)
"""No user name, no backslash, no blank, nothing outside ASCII: a URL that every parser reads the same way."""

_DEFAULT_PORTS: Mapping[str, str] = {"http": ":80", "https": ":443"}
_LONGEST_URL = 4_096
_NAMESPACES = frozenset({"workflows", "comfy"})
_LEGACY_ID = re.compile(r"([0-9]+)-([A-Za-z0-9-]+)")


def origin(url: str) -> str:
    """Scheme, host and port of an unambiguous http(s) URL ("https://queue.fal.run:443"), "" for anything else."""
    match = _WEB_URL.fullmatch(url) if len(url) <= _LONGEST_URL else None
    if match is None:
        return ""
    scheme = match["scheme"].lower()
    return f"{scheme}://{match['host'].lower()}{match['port'] or _DEFAULT_PORTS[scheme]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FalHosts:
    """fal's addresses, each without a trailing slash; the defaults are fal's own.

    queue: submit, status, result, cancel · rest: storage tokens and the webhook's keys · cdn: uploads ·
    api: the Platform APIs, whose paths begin with `/v1` · site: the OpenAPI documents.
    """

    queue_url: str = "https://queue.fal.run"
    rest_url: str = "https://rest.fal.ai"
    cdn_url: str = "https://v3.fal.media"
    api_url: str = "https://api.fal.ai"
    site_url: str = "https://fal.ai"

    def trusted_hosts(self) -> frozenset[str]:
        """host:port of every configured address, for those who may fetch from a place that is not public."""
        urls = (self.queue_url, self.rest_url, self.cdn_url, self.api_url, self.site_url)
        return frozenset(origin(url).partition("://")[2] for url in urls) - {""}

    def is_ours(self, url: str) -> bool:
        """Whether the account's key may be sent to `url`: the queue, the REST and the platform hosts alone."""
        return origin(url) in {origin(self.queue_url), origin(self.rest_url), origin(self.api_url)} - {""}

    def follow(self, url: str) -> str:
        """`url`, when it leads to a host that may see the key.

        Raises:
            FalUnavailable: kind "foreign_url". Not final: it also happens to Tickets made under other settings.
        """
        if not self.is_ours(url):
            raise FalUnavailable("foreign_url", blame=Blame.US, detail=f"leads to {origin(url) or 'no readable host'}")
        return url

    def ticket(self, endpoint_id: str, request_id: str) -> Ticket:
        """The Ticket of a request of which only the id is known (from a webhook, or fal's history).

        fal asks that the URLs of its answer be followed and not built; this is for when there was no answer. The
        path names the app alone: two segments of the endpoint id, three in a namespace
        (`fal_client` 1.0.3, `AppId.from_endpoint_id`; https://fal.ai/docs/documentation/model-apis/inference/queue).
        """
        base = f"{self.queue_url}/{quote(_app(endpoint_id))}/requests/{quote(request_id, safe='')}"
        return Ticket(
            request_id=request_id, status_url=f"{base}/status", response_url=base, cancel_url=f"{base}/cancel"
        )


def _app(endpoint_id: str) -> str:
    """The part of an endpoint id that names the app: "fal-ai/pixverse/v4.5/effects" → "fal-ai/pixverse"."""
    parts = endpoint_id.split("/")
    if len(parts) == 1 and (legacy := _LEGACY_ID.fullmatch(endpoint_id)):
        return f"{legacy[1]}/{legacy[2]}"
    return "/".join(parts[: 3 if parts[0] in _NAMESPACES else 2])
