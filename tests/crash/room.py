"""The Room as the platform: asked through the program's door, and again with the same id when nothing was answered."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

import httpx

from bot.app.program import DOOR
from bot.domain.notice import Action
from bot.store.database import Row, open_database
from tests.crash.doom import Doom, When
from tests.crash.platform import Gone, Platform, Seen, Setting, unless
from tests.crash.rest import STORE, Onlooker
from tests.crash.scenario import EFFECT, Scenario

PICTURE = Path(__file__).parents[2] / "bot" / "cli" / "demo.jpg"


class Room:
    """Fits `platform.Platform`. Its lines lie in the program's own store."""

    told: ClassVar[Mapping[str, object]] = {}
    decisive: frozenset[str] = frozenset()
    posted = Doom(when=When.AFTER_COMMIT, what="RoomStore.put_reel")

    def __init__(self, scenario: Scenario, data: Path) -> None:
        self._scenario = scenario
        self._data = data
        self._asked: dict[int, str] = {}
        self._pressed = False

    def wants(self, scenario: Scenario) -> None:
        """The person wants more."""
        self._scenario = scenario

    async def ask(self, number: int) -> None:
        """By the door. Raises Gone."""
        try:
            await self._ask(number)
        except httpx.TransportError as error:
            raise Gone from error

    async def live_with(self, onlooker: Onlooker) -> None:
        """Ask for everything, press what is to be pressed, and wait until all of it is at rest. Raises Gone."""
        try:
            left = [number for number in range(len(self._scenario.asks)) if number not in self._asked]
            await asyncio.gather(*(self._ask(number) for number in left))
            if self._scenario.cancels and not self._pressed:
                await onlooker.until(onlooker.is_at_fal)
                await self._press()
        except httpx.TransportError as error:
            raise Gone from error
        await onlooker.until()

    def after_death(self) -> None:
        """The Room has no time of its own."""

    async def seen(self, _jobs: Sequence[Row], /) -> Seen:
        """The lines of every thread."""
        database = await open_database(self._data / STORE, read_only=True)
        try:
            lines = await database.read("SELECT kind, subject FROM room_lines")
            threads = len(await database.read("SELECT id FROM room_threads"))
        finally:
            await database.close()
        kinds = Counter(row["kind"] for row in lines)
        asks, refusals = len(self._scenario.asks), len(self._scenario.asks) if self._scenario.refused else 0
        return Seen(
            reels=Counter(row["subject"] for row in lines if row["kind"] == "reel"),
            statuses=Counter(row["subject"] for row in lines if row["kind"] == "status"),
            amiss=(
                *unless(threads == asks, f"{threads} threads of {asks} asks"),
                *unless(kinds["ask"] == asks, f"{kinds['ask']} lines for {asks} asks"),
                *unless(kinds["say"] == refusals, f"{kinds['say']} refusals"),
            ),
        )

    async def _ask(self, number: int) -> None:
        text = self._scenario.asks[number]
        files = [await self._upload()] if self._scenario.picture and text == EFFECT else []
        body = {"id": f"crash-ask-{number}", "text": text, "attachments": files}
        answer = await self._post("/api/asks", json=body)
        assert answer.status_code == httpx.codes.ACCEPTED, answer.text
        self._asked[number] = answer.json()["ask"]

    async def _upload(self) -> Any:
        answer = await self._post("/api/uploads", content=PICTURE.read_bytes(), headers={"x-file-name": "me.jpg"})
        assert answer.status_code == httpx.codes.CREATED, answer.text
        return answer.json()

    async def _post(self, path: str, **body: Any) -> httpx.Response:
        """One connection for one request: death cuts into a client that puts several away, and some stay open."""
        transport = httpx.AsyncHTTPTransport(uds=str(self._data / DOOR))
        async with httpx.AsyncClient(transport=transport, base_url="http://room", timeout=30) as door:
            return await door.post(path, **body)

    async def _press(self) -> None:
        """Cancel; that the moment has passed is an answer too."""
        answer = await self._post("/api/press", json={"action": Action.CANCEL, "subject": self._asked[0]})
        assert answer.status_code in {httpx.codes.OK, httpx.codes.UNPROCESSABLE_ENTITY}, answer.text
        self._pressed = True


@asynccontextmanager
async def opened(setting: Setting) -> AsyncIterator[Platform]:
    """The Room is wherever the program is."""
    yield Room(setting.scenario, setting.data)
