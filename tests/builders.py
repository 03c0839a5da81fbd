"""Examples of the domain's values for any test: complete, ordinary, and changed by keyword."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.ask import Account, Ask, Place, Wish
from bot.domain.catalogue import Endpoint, Kind, Level, Option, Price
from bot.domain.job import Job, Reel, Result, State, Ticket
from bot.domain.ledger import Limits
from bot.domain.order import Order, Quote
from bot.domain.quota import Counts, Policy, Tier

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")
PRICE = 200_000
"""What the example Order costs and holds, in micro-dollars."""

ANNA = Account(platform="room", id="anna", name="Anna")
BEN = Account(platform="room", id="ben", name="Ben")
MODERATOR = Account(platform="room", id="mod", name="Mod", is_moderator=True)
OWNER = Account(platform="room", id="owner", name="Owner", is_owner=True)

PLACE = Place(platform="room", address="thread-1")
WISH = Wish(command="effect", options={"effect": "Kiss Me AI"})

EFFECT = Option(
    name="effect",
    field="effect",
    kind=Kind.CHOICE,
    level=Level.MAIN,
    required=True,
    choices=("Kiss Me AI", "Hug", "Bikini Up", "heart_gesture"),
    accepts={"Swimsuit": "Bikini Up"},
)
PROMPT = Option(name="prompt", field="prompt", kind=Kind.TEXT, level=Level.MAIN)
NEGATIVE = Option(name="negative", field="negative_prompt", kind=Kind.TEXT)
PICTURE = Option(name="image", field="image_url", kind=Kind.IMAGE, level=Level.MAIN, required=True)
RESOLUTION = Option(name="resolution", field="resolution", kind=Kind.CHOICE, choices=("720p", "1080p"), default="720p")
DURATION = Option(name="duration", field="duration", kind=Kind.CHOICE, choices=("5", "8"), default="5", unit="s")


class Clock:
    """A wall clock that a test moves."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        """The time it shows."""
        return self.at

    def forward(self, seconds: float) -> datetime:
        """Move it on; the new time."""
        self.at += timedelta(seconds=seconds)
        return self.at


class Ids:
    """Ids in order: "new-1", "new-2", …"""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> str:
        """The next."""
        self.made += 1
        return f"new-{self.made}"


def an_endpoint(**changes: object) -> Endpoint:
    """An effect that animates faces, at a fixed price."""
    endpoint = Endpoint(
        slug="pixverse-effects",
        id="fal-ai/pixverse/effects",
        title="Pixverse effects",
        summary="Named effects",
        command="effect",
        model="pixverse-4.5",
        options=(EFFECT, PROMPT, NEGATIVE, PICTURE, RESOLUTION, DURATION),
        price=Price(base_microusd=PRICE, source="an example"),
        faces=True,
    )
    return replace(endpoint, **changes)  # type: ignore[arg-type]  # fields by name


def an_ask(name: str = "ask-1", **changes: object) -> Ask:
    """Anna asks for a kiss in the Room's first thread, in private."""
    ask = Ask(
        id=name,
        event_id=f"event-{name}",
        account=ANNA,
        group="",
        place=PLACE,
        wish=WISH,
        received_at=NOON,
    )
    return replace(ask, **changes)  # type: ignore[arg-type]  # fields by name


def an_order(hold: int = PRICE, *, media: Mapping[str, tuple[str, ...]] | None = None, **changes: object) -> Order:
    """The example effect on one picture."""
    order = Order(
        endpoint="pixverse-effects",
        command="effect",
        values={"effect": "Kiss Me AI", "resolution": "720p", "duration": "5"},
        media={"image": ("cafe",)} if media is None else media,
        quote=Quote(cost_microusd=hold, hold_microusd=hold),
    )
    return replace(order, **changes)  # type: ignore[arg-type]  # fields by name


def a_policy(
    *,
    person: Limits | None = None,
    member: Limits | None = None,
    group: Limits | None = None,
    bot: Limits | None = None,
    counts: Counts | None = None,
    **changes: object,
) -> Policy:
    """No limit but those given, by the clock of UTC."""
    policy = Policy(
        zone=UTC_ZONE,
        everyone=Tier(name="everyone", limits=person or Limits(), counts=counts or Counts()),
        member=member or Limits(),
        group=group or Limits(),
        bot=bot or Limits(),
    )
    return replace(policy, **changes)  # type: ignore[arg-type]  # fields by name


def a_job(state: State = State.ADMITTED, **changes: object) -> Job:
    """The example Ask and Order as a Job in a state."""
    job = Job(
        id="ask-1",
        state=state,
        ask=an_ask(),
        order=an_order(),
        person="person-1",
        hold_microusd=PRICE,
        place=PLACE,
        created_at=NOON,
        state_at=NOON,
    )
    return replace(job, **changes)  # type: ignore[arg-type]  # fields by name


def a_ticket(request_id: str = "request-1") -> Ticket:
    """fal's handle."""
    url = f"https://queue.fal.run/fal-ai/pixverse/requests/{request_id}"
    return Ticket(request_id=request_id, status_url=f"{url}/status", response_url=url, cancel_url=f"{url}/cancel")


def a_result() -> Result:
    """What fal made."""
    return Result(video_url="https://v3.fal.media/files/kiss.mp4", content_type="video/mp4")


def a_reel(sha256: str = "beef") -> Reel:
    """The finished video."""
    return Reel(sha256=sha256, size_bytes=1_000_000, width_px=720, height_px=1280, seconds=5.0)
