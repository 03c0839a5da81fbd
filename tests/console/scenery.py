"""A bot that has been busy for three weeks: groups, people, reels, failures and money, all by legal steps."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PIL import Image

from bot.domain.ask import Account, Ask, Place, Wish
from bot.domain.catalogue import Catalogue
from bot.domain.job import Event, Job, Reason, Reel, Waiting
from bot.domain.ledger import Closing, Ending
from bot.domain.moderation import Verdict
from bot.domain.order import Order, Quote
from bot.domain.quota import Standing
from bot.settings.endpoints import load_catalogue
from tests.builders import a_result, a_ticket
from tests.chat.room_harness import picture, write_video
from tests.console.harness import Harness
from tests.source import ROOT

CLUB = "4471"
NAMES = {CLUB: "Reel lovers", "-100300": "Kino am Freitag"}
PEOPLE = tuple(
    Account(platform="discord", id=str(100 + number), name=name, roles=("Supporter",) if number % 3 == 0 else ())
    for number, name in enumerate(("Anna", "Ben", "Çelik", "Dora", "Eve", "Farid", "Gus", "Hana"))
)
TELEGRAM = Account(platform="telegram", id="900", name="Ilse")

WISHES = (
    ("pixverse-v4.5-effects", "effect", {"effect": "Kiss Me AI", "resolution": "720p", "duration": "5"}, 200_000),
    ("pixverse-v4.5-effects", "effect", {"effect": "Warmth of Jesus", "resolution": "720p", "duration": "5"}, 200_000),
    ("kling-video-v2.1-standard-image-to-video", "animate", {"prompt": "the horse bolts into the sea"}, 280_000),
    ("wan-pro-text-to-video", "video", {"prompt": "a lighthouse in a storm, seen from a gull"}, 800_000),
    ("pixverse-v4.5-transition", "transition", {"prompt": "day becomes night over the harbour"}, 250_000),
    ("veo2-image-to-video", "animate", {"prompt": "she turns her head and smiles"}, 2_500_000),
)


@dataclass(slots=True)
class Busy:
    """Tells what happens, on the clock of the store."""

    at: Harness
    number: int = 0

    async def asked(
        self, account: Account, wish: int, *, group: str = CLUB, waiting: Waiting | None = None, media: str = ""
    ) -> Job:
        """Somebody's request, admitted or in review."""
        self.number += 1
        slug, command, values, price = WISHES[wish % len(WISHES)]
        typed = {name: value for name, value in values.items() if name in {"effect", "prompt"}}
        ask = Ask(
            id=f"Q7vX{self.number:018}",
            event_id=f"event-{self.number}",
            account=account,
            group=group,
            group_name=NAMES.get(group, ""),
            place=Place(platform=account.platform, address="thread-1"),
            wish=Wish(command=command, options=typed),
            received_at=self.at.kept.clock.at,
        )
        order = Order(
            endpoint=slug,
            command=command,
            values=values,
            media={"image": (media,)} if media else {},
            quote=Quote(cost_microusd=price, hold_microusd=price),
        )
        verdict = Verdict(waiting_for=frozenset({waiting}) if waiting else frozenset())
        admission = await self.at.kept.admit(ask, order, verdict=verdict)
        assert admission.job
        return admission.job

    async def at_fal(self, job: Job) -> Job:
        """Submitted, and begun."""
        kept = self.at.kept
        job = await kept.step(job, Event.PICKED)
        kept.clock.forward(2)
        job = await kept.step(job, Event.ACCEPTED, ticket=a_ticket(f"764cabcf-{job.id[-6:]}"))
        kept.clock.forward(3)
        await kept.jobs.note(job.id, started_at=kept.clock.at)
        return job

    async def made(self, account: Account, wish: int, *, seconds: float, group: str = CLUB) -> Job:
        """A request and its reel."""
        kept = self.at.kept
        job = await self.at_fal(await self.asked(account, wish, group=group))
        kept.clock.forward(seconds)
        cost = job.hold_microusd
        paid = Closing(ending=Ending.PAID, cost_microusd=cost)
        job = await kept.step(job, Event.COMPLETED, closing=paid, cost_microusd=cost, result=a_result())
        await kept.jobs.took(job, seconds)
        kept.clock.forward(2)
        return await kept.step(await kept.step(job, Event.CLAIMED), Event.POSTED, reel_receipt="r")

    async def failed(self, account: Account, wish: int, failure: str) -> Job:
        """A request that fal refused."""
        job = await self.at_fal(await self.asked(account, wish))
        self.at.kept.clock.forward(20)
        released = Closing(ending=Ending.RELEASED)
        return await self.at.kept.step(job, Event.FAILED, closing=released, reason=Reason.FAL_SAID_NO, failure=failure)

    def give(self, image: Image.Image) -> str:
        """A picture that somebody gave; its hash."""
        path = self.at.folder / "given.jpg"
        image.save(path, "JPEG")
        data = path.read_bytes()
        sha256 = hashlib.sha256(data).hexdigest()
        (self.at.folder / "media").mkdir(exist_ok=True)
        path.rename(self.at.folder / "media" / sha256)
        return sha256

    async def with_reel(self, job: Job, image: Image.Image) -> None:
        """A real little video of a picture, as the reel of a Job."""
        folder = self.at.folder / "reels"
        folder.mkdir(exist_ok=True)
        write_video(folder / "new.mp4", image, seconds=2)
        data = (folder / "new.mp4").read_bytes()
        sha256 = hashlib.sha256(data).hexdigest()
        (folder / "new.mp4").rename(folder / f"{sha256}.mp4")
        image.save(folder / f"{sha256}.jpg", "JPEG")
        reel = Reel(sha256=sha256, size_bytes=len(data), width_px=image.width, height_px=image.height, seconds=2.0)
        await self.at.kept.jobs.note(job.id, reel=reel)


def shipped() -> Catalogue:
    """The catalogue as it is shipped."""
    return load_catalogue(ROOT / "config" / "endpoints")


def _days(until: datetime, count: int) -> Sequence[datetime]:
    return [until - timedelta(days=back) for back in reversed(range(1, count + 1))]


def _numbers() -> Iterator[int]:
    """Numbers that look like chance and are the same every time."""
    seed = 17
    while True:
        seed = (seed * 1_103_515_245 + 12_345) % 2**31
        yield seed >> 8


async def fill(at: Harness) -> Busy:
    """Three weeks, up to what is going on now."""
    busy, chance, now = Busy(at), _numbers(), at.kept.clock.at
    kept = at.kept
    await kept.people.decide("discord", CLUB, Standing.APPROVED)
    await kept.people.decide("discord", "5102", Standing.ASKED)
    await kept.people.decide("telegram", "-100200", Standing.OFF)
    for day in _days(now, 21):
        for minute in sorted(next(chance) % 700 for _ in range(2 + next(chance) % 7)):
            kept.clock.at = day.replace(hour=8) + timedelta(minutes=minute)
            person = PEOPLE[next(chance) % len(PEOPLE)]
            wish = min(next(chance) % len(WISHES), next(chance) % len(WISHES))
            if next(chance) % 9 == 0:
                await busy.failed(person, wish, "content_policy_violation")
            else:
                await busy.made(person, wish, seconds=12 + next(chance) % 160)
    kept.clock.at = now - timedelta(minutes=50)
    await busy.made(TELEGRAM, 3, seconds=300, group="-100300")
    finished = await busy.made(PEOPLE[0], 0, seconds=24)
    await busy.with_reel(finished, picture((360, 480), hue=10))
    await busy.failed(PEOPLE[2], 4, "content_policy_violation")
    kept.clock.at = now - timedelta(minutes=14)
    await busy.asked(PEOPLE[1], 0, waiting=Waiting.MODERATOR, media=busy.give(picture((300, 400), hue=30)))
    kept.clock.at = now - timedelta(minutes=6)
    await busy.asked(PEOPLE[7], 2, waiting=Waiting.MODERATOR, media=busy.give(picture((400, 300), hue=160)))
    kept.clock.at = now - timedelta(minutes=3)
    for number in range(2):
        await busy.at_fal(await busy.asked(PEOPLE[3 + number], 2 + number, media=busy.give(picture(hue=120))))
    await busy.asked(PEOPLE[5], 1)
    await busy.asked(PEOPLE[6], 5, waiting=Waiting.CONFIRMATION)
    kept.clock.at = now
    at.vitals.of("The store").works()
    at.vitals.of("fal").works()
    discord = at.vitals.of("Discord")
    discord.away("the connection was lost, and is being taken up again")
    discord.works()
    at.vitals.of("Telegram").off("TELEGRAM_TOKEN is not set")
    return busy
