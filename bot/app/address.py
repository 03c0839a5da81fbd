"""Where the pages are reached, known before anything that gives out links to them is built."""

import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.app.parts import Plan
from bot.web.listener import open_port
from bot.web.site import local_hosts

LOOPBACK = "127.0.0.1"
ANY = frozenset({"0.0.0.0", "::"})  # noqa: S104  only recognised, never listened on unasked
"""Addresses to listen on that are no address to go to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A port of ours that is listened on. `base_url` is where links lead, `hosts` by which names one may come.

    `own_hosts` are those of them that are not where the pages are public.
    """

    listening: socket.socket
    port: int
    base_url: str
    hosts: frozenset[str]
    own_hosts: frozenset[str]


def open_address(plan: Plan) -> Address:
    """Open the port of the settings. Raises ConfigInvalid when it is in use or not ours."""
    web = plan.settings.web
    listening = open_port(web.host, web.port)
    port = listening.getsockname()[1]
    public_url = web.public_url.rstrip("/")
    own_hosts = local_hosts(port) | frozenset(web.hosts)
    return Address(
        listening=listening,
        port=port,
        base_url=public_url or f"http://{LOOPBACK if web.host in ANY else web.host}:{port}",
        hosts=own_hosts | frozenset(filter(None, [urlsplit(public_url).netloc])),
        own_hosts=own_hosts,
    )
