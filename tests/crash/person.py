"""Who asks for reels through the program's door, and asks again with the same id when they got no answer."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bot.app.program import DOOR
from bot.domain.notice import Action
from bot.sandbox.runs import Changes
from bot.store.database import Database, open_database
from tests.crash.fal import Fal
from tests.crash.rest import STORE, is_at_rest
from tests.crash.scenario import EFFECT, Scenario

PICTURE = Path(__file__).parents[2] / "bot" / "cli" / "demo.jpg"


@dataclass(slots=True, kw_only=True)
class Person:
    """Remembers across the program's lives what was answered. `asked` maps the number of an ask to its id."""

    scenario: Scenario
    data: Path
    fal: Fal
    ticks: Changes
    asked: dict[int, str] = field(default_factory=dict)
    pressed: bool = False

    async def live_with(self) -> None:
        """Ask for everything, press what is to be pressed, and wait until all of it is at rest.

        Raises:
            httpx.TransportError: the program is gone.
        """
        transport = httpx.AsyncHTTPTransport(uds=str(self.data / DOOR))
        async with AsyncExitStack() as stack:
            store = await open_database(self.data / STORE, read_only=True, readers=1)
            stack.push_async_callback(store.close)
            door = httpx.AsyncClient(transport=transport, base_url="http://room", timeout=30)
            await stack.enter_async_context(door)
            left = [number for number in range(len(self.scenario.asks)) if number not in self.asked]
            await asyncio.gather(*(self._ask(door, number) for number in left))
            if self.scenario.cancels and not self.pressed:
                await self._until(store, lambda: bool(self.fal.answered["status"]))
                await self._press(door)
            await self._until(store, lambda: False)

    async def _ask(self, door: httpx.AsyncClient, number: int) -> None:
        text = self.scenario.asks[number]
        files = [await self._upload(door)] if self.scenario.picture and text == EFFECT else []
        body = {"id": f"crash-ask-{number}", "text": text, "attachments": files}
        answer = await door.post("/api/asks", json=body)
        assert answer.status_code == httpx.codes.ACCEPTED, answer.text
        self.asked[number] = answer.json()["ask"]

    @staticmethod
    async def _upload(door: httpx.AsyncClient) -> Any:
        answer = await door.post("/api/uploads", content=PICTURE.read_bytes(), headers={"x-file-name": "me.jpg"})
        assert answer.status_code == httpx.codes.CREATED, answer.text
        return answer.json()

    async def _press(self, door: httpx.AsyncClient) -> None:
        """Cancel; that the moment has passed is an answer too."""
        answer = await door.post("/api/press", json={"action": Action.CANCEL, "subject": self.asked[0]})
        assert answer.status_code in {httpx.codes.OK, httpx.codes.UNPROCESSABLE_ENTITY}, answer.text
        self.pressed = True

    async def _until(self, store: Database, seen: Callable[[], bool]) -> None:
        """Until something was seen, or everything is at rest."""
        while True:
            changed = asyncio.ensure_future(self.ticks.wait())
            try:
                if seen() or await is_at_rest(store, self.fal, asks=len(self.scenario.asks)):
                    return
                await changed
            finally:
                changed.cancel()
