"""The Room on real sockets and a real store, with a front that understands like the real one and starts no Job."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import av
import httpx
from PIL import Image, ImageDraw

from bot.chat.room.bell import Bell
from bot.chat.room.chat import RoomChat
from bot.chat.room.room import Room
from bot.domain.admin import Errand
from bot.domain.ask import STAGED, Account, Ask, Attachment, Place, Wish
from bot.domain.catalogue import Catalogue, Command, Endpoint, Kind, Level, Option, Price
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.identifier import ENTROPY_BYTES, identifier
from bot.domain.job import Reel
from bot.domain.notice import Action, Notice, Tone
from bot.domain.order import Draft, draft
from bot.domain.wish import Reading, read
from bot.ports.chat import Parcel
from bot.store.database import open_database
from bot.store.room import RoomStore
from bot.web.listener import Listener, Opening, open_door, open_port
from bot.web.session import Sessions
from bot.web.site import Site, door, guarded, local_hosts, login_url

UPLOAD_BYTES = 1_000_000
EFFECTS = ("Kiss Me AI", "Kiss", "Muscle Surge", "Warmth of Jesus", "Anything, Robot", "The Tiger Touch", "Hug")


def wall() -> datetime:
    """A clock that a test may look at and never waits for."""
    return datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def new_id() -> str:
    return identifier(wall(), os.urandom(ENTROPY_BYTES))


def catalogue() -> Catalogue:
    """Two commands, three endpoints: what completion needs to show its paces."""
    image = Option(name="image", field="image_url", kind=Kind.IMAGE, level=Level.MAIN, required=True, help="the photo")
    effect = Option(
        name="effect",
        field="effect",
        kind=Kind.CHOICE,
        level=Level.MAIN,
        required=True,
        choices=EFFECTS,
        help="which effect",
    )
    duration = Option(
        name="duration",
        field="duration",
        kind=Kind.CHOICE,
        level=Level.MAIN,
        default="5",
        choices=("5", "8"),
        unit="s",
        help="how long the reel is",
    )
    prompt = Option(
        name="prompt", field="prompt", kind=Kind.TEXT, level=Level.MAIN, required=True, help="what should happen"
    )
    aspect = Option(
        name="aspect",
        field="aspect_ratio",
        kind=Kind.CHOICE,
        level=Level.MAIN,
        default="16:9",
        choices=("16:9", "9:16", "1:1"),
        help="shape of the picture",
    )
    seed = Option(name="seed", field="seed", kind=Kind.INTEGER, minimum=0, help="the same seed, the same reel")
    pixverse = _endpoint("pixverse-4.5-effects", "effect", "pixverse-4.5", (effect, image, duration), 200_000)
    kling = _endpoint("kling-1.6-effects", "effect", "kling-1.6", (effect, image, duration, seed), 280_000)
    wan = _endpoint("wan-pro", "animate", "wan-pro", (prompt, image, aspect, seed), 800_000)
    return Catalogue(
        endpoints=(pixverse, kling, wan),
        commands={
            "effect": Command(
                name="effect",
                makes="a named effect on one or two photos",
                endpoints=(pixverse, kling),
                options=(effect, image, duration),
                lead="effect",
            ),
            "animate": Command(
                name="animate",
                makes="a photo moves",
                endpoints=(wan,),
                options=(prompt, image, aspect),
                lead="prompt",
            ),
        },
    )


def _endpoint(slug: str, command: str, model: str, options: tuple[Option, ...], microusd: int) -> Endpoint:
    return Endpoint(
        slug=slug,
        id=f"fal-ai/{slug}",
        title=slug.replace("-", " ").title(),
        summary=f"{model} makes it",
        command=command,
        model=model,
        options=options,
        price=Price(base_microusd=microusd),
        order=1,
    )


@dataclass(slots=True)
class FakeFront:
    """Understands by the domain's own rules and remembers what it was given."""

    catalogue: Catalogue = field(default_factory=catalogue)
    received: list[Ask] = field(default_factory=list)
    pressed: list[tuple[Action, str, Account]] = field(default_factory=list)
    pressed_at: list[Place | None] = field(default_factory=list)
    latest: Ask | None = None
    usual: Mapping[str, str] = field(default_factory=dict)
    refuse_with: Exception | None = None
    taken: asyncio.Event = field(default_factory=asyncio.Event)

    def read(self, text: str) -> Reading:
        return read(text, self.catalogue)

    def draft(self, wish: Wish, attachments: Sequence[Attachment], problems: Sequence[Problem] = ()) -> Draft:
        return draft(wish, attachments, self.catalogue, sandbox=True, problems=problems)

    async def with_defaults(self, wish: Wish, account: Account) -> Wish:
        assert account.is_owner
        return replace(wish, options={**self.usual, **wish.options}) if wish.command == "animate" else wish

    async def reply(self, text: str, account: Account, group: str) -> Notice | None:
        assert group == ""
        return Notice(text=f"{account.name} asked {text}", private=text.startswith("/link"))

    async def administer(self, errand: Errand) -> Notice:
        return Notice(text=f"{errand.account.name} asked /admin {errand.sub.name} by {errand.event}", private=True)

    async def receive(self, ask: Ask) -> bool:
        if self.refuse_with is not None:
            raise self.refuse_with
        is_new = ask.event_id not in {one.event_id for one in self.received}
        if is_new:
            self.received.append(ask)
            self.taken.set()
        return is_new

    async def press(self, action: Action, subject: str, account: Account, *, place: Place | None = None) -> Notice:
        self.pressed.append((action, subject, account))
        self.pressed_at.append(place)
        return Notice(text="Stopping it.", tone=Tone.PLAIN)

    async def again(self, job_id: str, account: Account, place: Place) -> Ask:
        assert job_id == ""
        if self.latest is None:
            raise Refused([Problem(slug=Slug.NOTHING_TO_PRESS)])
        return replace(self.latest, id="again", event_id="again", account=account, place=place)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where files are kept and found."""

    folder: Path

    async def keep(self, stream: AsyncIterator[bytes], *, name: str) -> Attachment:
        data = b"".join([piece async for piece in stream])
        if not data:
            raise Refused([Problem(slug=Slug.EMPTY_FILE, about=name)])
        sha256 = hashlib.sha256(data).hexdigest()
        self.path(sha256).write_bytes(data)
        return Attachment(platform=STAGED, handle=sha256, name=name, content_type="image/jpeg", size_bytes=len(data))

    def path(self, sha256: str) -> Path:
        return self.folder / f"staged-{sha256}"

    def reel_path(self, sha256: str) -> Path:
        return self.folder / f"{sha256}.mp4"

    def thumbnail_path(self, sha256: str) -> Path:
        return self.folder / f"{sha256}.jpg"


@dataclass(slots=True, kw_only=True)
class Harness:
    """A running Room."""

    base_url: str
    door: Path
    folder: Path
    sessions: Sessions
    site: Site
    front: FakeFront
    shelf: Shelf
    rows: RoomStore
    chat: RoomChat
    bell: Bell
    listener: Listener

    def login_url(self) -> str:
        return login_url(self.site)

    def knock(self) -> httpx.AsyncClient:
        """A client at the door."""
        return httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(uds=str(self.door)), base_url="http://room")

    def browser(self) -> httpx.AsyncClient:
        """A client on TCP with a session and the headers our page sends."""
        return httpx.AsyncClient(
            base_url=self.base_url,
            cookies={"reelroom": self.sessions.cookie()},
            headers={"origin": self.base_url, "x-reelroom": "1"},
        )

    def parcel(self, job: str, picture: Image.Image, *, seconds: int = 2, text: str = "Here is your reel.") -> Parcel:
        """A real little video of `picture`, where the front will find it."""
        data_path = self.folder / f"{job}.tmp.mp4"
        write_video(data_path, picture, seconds=seconds)
        data = data_path.read_bytes()
        sha256 = hashlib.sha256(data).hexdigest()
        data_path.rename(self.shelf.reel_path(sha256))
        picture.convert("RGB").save(self.shelf.thumbnail_path(sha256), "JPEG")
        reel = Reel(
            sha256=sha256,
            size_bytes=len(data),
            width_px=picture.width,
            height_px=picture.height,
            seconds=float(seconds),
        )
        return Parcel(
            job=job,
            path=self.shelf.reel_path(sha256),
            thumbnail=self.shelf.thumbnail_path(sha256),
            reel=reel,
            notice=Notice(text=text, tone=Tone.GOOD),
        )


@asynccontextmanager
async def room(folder: Path, *, heartbeat_s: float = 15.0, sandbox: bool = True) -> AsyncIterator[Harness]:
    """A Room on a free port and a door in `folder`."""
    database = await open_database(folder / "room.sqlite3")
    bell = Bell()
    rows = RoomStore(database, now=wall, changed=bell.ring)
    front, shelf = FakeFront(), Shelf(folder)
    page = Room(
        front=front,
        keep=shelf.keep,
        files=shelf,
        rows=rows,
        bell=bell,
        now=wall,
        new_id=new_id,
        sandbox=sandbox,
        upload_bytes=UPLOAD_BYTES,
        heartbeat_s=heartbeat_s,
    )
    sessions = Sessions(secrets=[b"a secret of this test"], now=wall, entropy=os.urandom)
    port = open_port("127.0.0.1", 0)
    number = port.getsockname()[1]
    base_url = f"http://127.0.0.1:{number}"
    site = Site(
        routes=page.routes(),
        sessions=sessions,
        hosts=local_hosts(number),
        base_url=base_url,
        lobby=page.lobby(),
        limits=page.limits(),
        hooks={},
    )
    opened_door = open_door(folder / "door")
    openings = [Opening(socket=port, app=guarded(site)), Opening(socket=opened_door, app=door(site))]
    listener = Listener(openings, before_stop=bell.close, grace_s=1)
    await listener.start()
    try:
        yield Harness(
            base_url=base_url,
            door=folder / "door",
            folder=folder,
            sessions=sessions,
            site=site,
            front=front,
            shelf=shelf,
            rows=rows,
            chat=RoomChat(rows),
            bell=bell,
            listener=listener,
        )
    finally:
        await listener.stop()
        await database.close()


def picture(size: tuple[int, int] = (320, 240), *, hue: int = 200) -> Image.Image:
    """A little landscape: sky, sun and two hills."""
    image = Image.new("HSV", size, (hue, 90, 235))
    draw = ImageDraw.Draw(image)
    width, height = size
    draw.ellipse((width * 0.62, height * 0.14, width * 0.82, height * 0.14 + width * 0.2), (30, 150, 255))
    draw.ellipse((-width * 0.3, height * 0.55, width * 0.75, height * 1.7), ((hue + 40) % 256, 120, 150))
    draw.ellipse((width * 0.3, height * 0.68, width * 1.4, height * 1.8), ((hue + 60) % 256, 140, 110))
    return image.convert("RGB")


def write_video(path: Path, image: Image.Image, *, seconds: int) -> None:
    """An H.264 MP4: a slow move over `image`."""
    rate = 12
    with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=Fraction(rate))
        stream.width, stream.height, stream.pix_fmt = image.width, image.height, "yuv420p"
        for number in range(rate * seconds):
            shift = number * 0.004
            box = (
                image.width * shift * 0.5,
                image.height * shift * 0.5,
                image.width * (1 - shift * 0.5),
                image.height * (1 - shift * 0.5),
            )
            frame = image.resize(image.size, box=box)
            still = av.VideoFrame.from_image(frame)  # type: ignore[no-untyped-call]  # PyAV leaves Pillow untyped
            container.mux(stream.encode(still))
        container.mux(stream.encode(None))


async def until(condition: asyncio.Event) -> None:
    """Wait for something the test itself makes happen."""
    async with asyncio.timeout(5):
        await condition.wait()
