"""Where Discord is. discord.py keeps its addresses process-wide; this is the only place that sets them."""

from discord.asset import Asset
from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord.voice_client import VoiceClient
from yarl import URL


def aim(*, api_url: str, gateway_url: str, cdn_url: str) -> None:
    """Send everything discord.py does from now on to these addresses; before the first client is built.

    `api_url` ends in the version ("https://discord.com/api/v10").
    """
    VoiceClient.warn_nacl = VoiceClient.warn_dave = False  # we have no voice, and its absence is no news
    Route.BASE = api_url.rstrip("/")
    DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway_url)
    Asset.BASE = cdn_url.rstrip("/")
