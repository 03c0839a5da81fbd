"""`config/bot.toml`: addresses, intervals and limits; no secrets. Every key is optional and says its default here."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Url = Annotated[str, Field(pattern=r"^https?://[^\s/]+(/[^\s]*)?$")]
PublicUrl = Annotated[str, Field(pattern=r"^(https?://[^\s/?#]+(/[^\s?#]*)?)?$")]
RootUrl = Annotated[str, Field(pattern=r"^(https?://[^\s/?#]+/?)?$")]
Seconds = Annotated[float, Field(gt=0)]
Bytes = Annotated[int, Field(gt=0)]


class Section(BaseModel):
    """A table of a settings file; unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FalSection(Section):
    """Where fal is and how much of it we use."""

    queue_url: Url = Field(default="https://queue.fal.run", description="fal's queue")
    rest_url: Url = Field(default="https://rest.fal.ai", description="fal's storage tokens and webhook keys")
    cdn_url: Url = Field(default="https://v3.fal.media", description="fal's file storage")
    api_url: Url = Field(default="https://api.fal.ai", description="fal's platform API: prices, request history")
    site_url: Url = Field(default="https://fal.ai", description="where endpoint documents (OpenAPI) are")
    concurrency: int = Field(default=2, ge=1, le=200, description="jobs at fal at once; a new account has 2 places")
    file_days: int = Field(default=7, ge=1, le=365, description="days fal keeps what we upload and what it made")
    submit_timeout_s: Seconds = Field(default=120, description="patience with the one POST of a job")
    user_id: str = Field(default="", description="your account's id at fal; webhooks of other accounts are refused")
    sandbox: bool = Field(default=False, description="fal is a local sandbox: endpoints without a price are on")


class WebSection(Section):
    """The listener of the Room and the console."""

    host: str = Field(default="127.0.0.1", description="address to listen on; loopback unless a proxy stands in front")
    port: int = Field(default=8420, ge=0, le=65535, description="port of the Room; 0 takes any free one")
    hosts: tuple[str, ...] = Field(default=(), description="further Host names a browser may use for the Room")
    public_url: RootUrl = Field(
        default="",
        description="address (no path) by which people reach the pages from elsewhere; login links lead there",
    )


class WebhookSection(Section):
    """How fal, and Telegram, can call us when something has happened. Without an address we look again and again."""

    public_url: PublicUrl = Field(
        default="",
        description="https address under which `/hooks/` of the listener is reached; turns them on at fal",
    )
    body_bytes: Bytes = Field(default=4_000_000, description="largest call that is read; fal sends whole results")


class MediaSection(Section):
    """What is taken in and kept."""

    upload_bytes: Bytes = Field(default=100_000_000, description="largest file taken from a person")
    picture_megapixels: int = Field(default=40, ge=1, le=200, description="largest picture that is opened at all")
    reel_bytes: Bytes = Field(default=2_000_000_000, description="largest reel fetched from fal")
    reel_days: int = Field(default=7, ge=1, description="days a delivered reel is kept")
    trusted_hosts: tuple[str, ...] = Field(default=(), description="hosts (host:port) reels may come from besides fal")


class PipelineSection(Section):
    """Patience and pace."""

    away_after_s: Seconds = Field(default=600, description="an ask older than this is asked about before it is done")
    review_s: Seconds = Field(default=900, description="how long a waiting request waits for an answer")
    shutdown_s: Seconds = Field(default=10, description="how long work under way may take to end at shutdown")


class DiscordSection(Section):
    """Where Discord is, and how the bot behaves there. Without DISCORD_TOKEN it is off."""

    api_url: Url = Field(default="https://discord.com/api/v10", description="Discord's REST API, with its version")
    gateway_url: str = Field(
        default="wss://gateway.discord.gg/", pattern=r"^wss?://[^\s/]+(/[^\s]*)?$", description="Discord's gateway"
    )
    cdn_url: Url = Field(default="https://cdn.discordapp.com", description="where people's pictures come from")
    shards: int = Field(default=1, ge=0, le=16, description="connections to the gateway; 0 asks Discord how many")
    owners: tuple[str, ...] = Field(
        default=(), description="ids of people who own the bot besides those of the application"
    )
    answers: Literal["thread", "reply", "personal"] = Field(
        default="thread",
        description="where reels go: a thread on each request, the channel itself, or one thread per person",
    )
    edit_every_s: Seconds = Field(default=5, description="least time between two edits of one status message")
    guild_ready_s: Seconds = Field(default=2, description="patience with the last server's data at start")


class TelegramSection(Section):
    """Where Telegram is, and how the bot behaves there. Without TELEGRAM_TOKEN it is off."""

    api_url: Url = Field(default="https://api.telegram.org", description="the Bot API, without the token")
    file_url: Url = Field(default="https://api.telegram.org/file", description="where people's files come from")
    local: bool = Field(
        default=False, description="the Bot API server is our own, in its local mode, and shares our disk"
    )
    owners: tuple[str, ...] = Field(default=(), description="ids of people who own the bot; Telegram does not tell")
    upload_bytes: Bytes = Field(
        default=50_000_000, description="largest reel posted; 2,000,000,000 with a Bot API server of our own"
    )
    edit_every_s: Seconds = Field(
        default=3, description="least time between two edits of one status message; twice that in groups"
    )
    poll_s: int = Field(default=30, ge=0, le=50, description="how long one poll for updates is held")
    webhook: bool = Field(
        default=False, description="Telegram calls us under `webhook.public_url`, and we do not poll; https only"
    )


class PrivacySection(Section):
    """What is forgotten by itself."""

    prompt_days: int = Field(
        default=90, ge=1, description="days after which what people typed and sent is forgotten; money rows stay"
    )


class StoreSection(Section):
    """Where jobs and money are kept."""

    file: Path = Field(default=Path("reelroom.db"), description="the database, within the data folder")
    backup_days: int | None = Field(
        default=None, ge=1, description="days without a backup after which owners are reminded in chat; unset: never"
    )
