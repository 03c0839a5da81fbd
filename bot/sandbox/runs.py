"""The life of one request: it waits, starts, runs, and ends with an answer. All waiting of the sandbox is here.

What is simulated is the time; what is checked and rendered is real. Faults of a run strike here.
"""

import asyncio
import os
import re
import shutil
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.domain.catalogue import SCREEN
from bot.sandbox import answers, billing
from bot.sandbox.answers import Answer
from bot.sandbox.faults import Kind
from bot.sandbox.inputs import Inputs, Loaded
from bot.sandbox.plan import Plan, plan_of
from bot.sandbox.queue import LogLine, Queue, Status, Submission
from bot.sandbox.render import RenderFailed
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.storage import Storage
from bot.sandbox.studio import Studio
from bot.sandbox.validate import flaws_of, values_of

QUEUE_SHARE = 0.15
"""How much of an endpoint's typical time a request waits at most, even when nobody of ours stands before it."""

STRANGERS = 3
SLOW_TIMES = 10
STEPS = 5
LARGEST_SEED = 2**31


class Changes:
    """Lets many wait for "something changed". Check, then wait: nothing is missed in between."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def announce(self) -> None:
        """Wake all who wait."""
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self) -> None:
        """Until the next announcement."""
        await self._event.wait()


class Runs:
    """Carries submissions from the line to their answer."""

    def __init__(
        self,
        queue: Queue,
        changes: Changes,
        storage: Storage,
        inputs: Inputs,
        studio: Studio,
        settings: SandboxSettings,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
        draw: Callable[[], float],
    ) -> None:
        self._queue = queue
        self._changes = changes
        self._storage = storage
        self._inputs = inputs
        self._studio = studio
        self._settings = settings
        self._now = now
        self._sleep = sleep
        self._draw = draw
        self._turns: dict[str, asyncio.Event] = {}

    async def carry(self, submission: Submission) -> None:
        """See it through to its end, unless its own start deadline comes first."""
        if submission.fault(Kind.START_TIMEOUT) or not await self._starts(submission):
            self.end(submission, answers.start_timeout(), "request_timeout")
        else:
            await self._work(submission)

    def end(self, submission: Submission, answer: Answer, error_type: str = "") -> None:
        """End it now, whatever it is doing; the next one gets its place."""
        self._queue.complete(submission, answer, self._now(), error_type)
        self._advance()

    def _advance(self) -> None:
        """Start whoever may start, and nobody else wakes: a long line must not cost its length at every step."""
        while (chosen := self._queue.next_ready()) is not None:
            self._queue.start(chosen, self._now())
            self._turns[chosen.id].set()
        self._changes.announce()

    async def _starts(self, submission: Submission) -> bool:
        """Wait for a place; False when the caller's start deadline passed before."""
        if submission.start_within_s is None:
            await self._place(submission)
            return True
        place = asyncio.ensure_future(self._place(submission))
        deadline = asyncio.ensure_future(self._sleep(submission.start_within_s))
        try:
            await asyncio.wait({place, deadline}, return_when=asyncio.FIRST_COMPLETED)
            return submission.status is Status.IN_PROGRESS
        finally:
            place.cancel()
            deadline.cancel()

    async def _place(self, submission: Submission) -> None:
        if not submission.direct:
            strangers = int(self._draw() * STRANGERS)
            wait_s = submission.endpoint.typical_s * QUEUE_SHARE * self._draw() / self._settings.speed
            for left in reversed(range(strangers + 1)):
                submission.ahead = left
                self._changes.announce()
                await self._sleep(wait_s / (strangers + 1))
        turn = self._turns[submission.id] = asyncio.Event()
        submission.ready = True
        self._advance()
        try:
            await turn.wait()
        finally:
            self._turns.pop(submission.id)
            submission.ready = False

    async def _work(self, submission: Submission) -> None:
        self._log(submission, "Loading the input")
        if submission.fault(Kind.STUCK):
            await asyncio.Event().wait()
        wrong = self._infra(submission)
        if wrong is not None:
            await self._sleep(self._processing_s(submission) / STEPS)
            self.end(submission, *wrong)
            return
        flaws = flaws_of(submission.endpoint, submission.arguments)
        if not flaws:
            loaded = await self._inputs.load(submission.endpoint, submission.arguments)
            flaws = list(loaded.flaws)
            if not flaws:
                await self._make(submission, loaded)
                return
        self.end(submission, answers.rejected(flaws))

    @staticmethod
    def _infra(submission: Submission) -> tuple[Answer, str] | None:
        """The answer of a run that breaks before it looks at its input."""
        if submission.fault(Kind.INTERNAL):
            return answers.answer(500, {"detail": "Internal Server Error"}, x_fal_billable_units="0"), ""
        infra = submission.fault(Kind.INFRA)
        return (answers.infra_error(infra.detail), infra.detail) if infra else None

    async def _make(self, submission: Submission, loaded: Loaded) -> None:
        endpoint, arguments = submission.endpoint, submission.arguments
        values = values_of(endpoint, arguments)
        seconds = {name: sum(one.seconds for one in files) for name, files in loaded.media.items()}
        units = billing.units(endpoint, values, seconds)
        rejected = submission.fault(Kind.REJECTED)
        if rejected is not None:
            await self._pretend(submission)
            self.end(submission, answers.model_error(rejected.detail, arguments))
        elif submission.fault(Kind.BILLED_FAILURE):
            await self._pretend(submission)
            self.end(submission, answers.model_error("content_policy_violation", arguments, units=units))
        elif endpoint.command == SCREEN:
            await self._judge(submission, loaded, units)
        else:
            plan = plan_of(endpoint, values, loaded.media, longest_s=self._settings.longest_video_s)
            await self._render(submission, plan, loaded, units)

    async def _judge(self, submission: Submission, loaded: Loaded, units: str) -> None:
        """A classifier makes nothing: it says a number."""
        picture = next(one for files in loaded.media.values() for one in files)
        await self._pretend(submission)
        probability = await self._studio.judge(picture.path)
        if probability is None:
            self.end(submission, answers.model_error("image_load_error", submission.arguments))
            return
        self.end(submission, answers.answer(200, {"nsfw_probability": probability}, x_fal_billable_units=units))

    async def _render(self, submission: Submission, plan: Plan, loaded: Loaded, units: str) -> None:
        making = asyncio.ensure_future(self._studio.make(plan, loaded.digests))
        try:
            await self._pretend(submission)
            path = await making
        except RenderFailed as error:
            self._log(submission, str(error), "ERROR")
            self.end(submission, answers.model_error("internal_server_error", submission.arguments))
            return
        finally:
            making.cancel()
        video = self._publish(submission, path)
        body: dict[str, Any] = {"video": video}
        if any(option.field == "seed" for option in submission.endpoint.options):
            body["seed"] = self._seed(submission.arguments.get("seed"))
        self.end(submission, answers.answer(200, body, x_fal_billable_units=units))

    def _publish(self, submission: Submission, path: Path) -> dict[str, Any]:
        stored = self._storage.announce("output.mp4", "video/mp4", submission.lifecycle)
        try:
            os.link(path, stored.path)
        except OSError:
            shutil.copyfile(path, stored.path)
        self._storage.publish(stored)
        return {
            "url": submission.base_url + stored.route,
            "content_type": stored.content_type,
            "file_name": stored.name,
            "file_size": path.stat().st_size,
        }

    async def _pretend(self, submission: Submission) -> None:
        """Let the simulated time of processing pass, with a log line for every step."""
        step_s = self._processing_s(submission) / STEPS
        for step in range(1, STEPS + 1):
            await self._sleep(step_s)
            self._log(submission, f"Rendering {step * 100 // STEPS}%")

    def _processing_s(self, submission: Submission) -> float:
        slow = SLOW_TIMES if submission.fault(Kind.SLOW) else 1
        return slow * submission.endpoint.typical_s * (0.8 + 0.4 * self._draw()) / self._settings.speed

    def _seed(self, sent: Any) -> int:
        fixed = re.fullmatch(r"\d+", str(sent))
        return int(fixed.group()) if fixed else int(self._draw() * LARGEST_SEED)

    def _log(self, submission: Submission, message: str, level: str = "INFO") -> None:
        submission.logs.append(LogLine(message=message, at=self._now(), level=level))
        self._changes.announce()
