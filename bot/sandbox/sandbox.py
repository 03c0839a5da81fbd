"""The sandbox as one object: everything it knows, and the tasks that carry its requests.

Build it, hand it to `app.build`, `start()` it before the first request and `stop()` it after the last.
"""

import asyncio
import hashlib
import json
import logging
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.domain.catalogue import Catalogue, Endpoint
from bot.sandbox import answers
from bot.sandbox.calls import Calls
from bot.sandbox.faults import Fault, FaultBook, Kind, Where, wished
from bot.sandbox.inputs import Inputs
from bot.sandbox.queue import Cancelled, Queue, Submission
from bot.sandbox.runs import Changes, Runs
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.storage import Storage
from bot.sandbox.studio import Studio
from bot.sandbox.webhook import Signer, Webhooks

_LOG = logging.getLogger(__name__)


class Sandbox:
    """A local fal.

    `documents` makes the OpenAPI document of an endpoint. `draw` gives numbers from 0 up to 1, `new_id` unguessable
    ids of letters, digits and dashes. A `pool` that is handed in renders instead of own worker processes.

    Raises:
        ConfigInvalid: a rule in `settings.fail` is no rule.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        settings: SandboxSettings,
        *,
        documents: Callable[[Endpoint], dict[str, Any]],
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
        new_id: Callable[[], str],
        draw: Callable[[], float],
        pool: Executor | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.settings = settings
        self.documents = documents
        self.now = now
        self.new_id = new_id
        self.faults = FaultBook(settings.fail, draw)
        self.queue = Queue(settings.concurrency)
        self.changes = Changes()
        self.counted: Counter[str] = Counter()
        self.tokens: dict[str, datetime] = {}
        self.stopping = False
        self.signer = Signer(hashlib.sha256(new_id().encode()).digest(), settings.user_id)
        self._calls = Calls()
        self.webhooks = Webhooks(self.signer, settings, now=now, sleep=sleep, calls=self._calls)
        self._temporary, folder = _folder(settings)
        self.storage = Storage(folder, now=now, new_id=new_id)
        self._studio = Studio(folder / "rendered", settings.render_workers, pool)
        look, scratch = self._studio.look, folder / "inputs"
        inputs = Inputs(self.storage, settings, self._calls, look=look, new_id=new_id, folder=scratch)
        self._runs = Runs(
            self.queue, self.changes, self.storage, inputs, self._studio, settings, now=now, sleep=sleep, draw=draw
        )
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._ended: dict[str, asyncio.Event] = {}
        self._struck: set[tuple[Fault, str]] = set()

    async def start(self) -> None:
        """From here on requests are carried."""
        self.stopping = False

    async def stop(self) -> None:
        """Let go of every request; open status streams end; own workers and a temporary folder go."""
        self.stopping = True
        self.changes.announce()
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._studio.close()
        await self._calls.close()
        if self._temporary is not None:
            self._temporary.cleanup()

    def submit(self, submission: Submission) -> None:
        """Put a request into the line."""
        self.queue.add(submission)
        self._ended[submission.id] = asyncio.Event()
        task = asyncio.create_task(self._live(submission))
        self._tasks[submission.id] = task
        task.add_done_callback(lambda done: self._gone(submission, done))

    def cancel(self, submission: Submission) -> Cancelled:
        """Do what a cancel means now. A run with `finish-after-cancel` goes on."""
        outcome = self.queue.cancel(submission)
        if outcome is Cancelled.TOO_LATE or submission.fault(Kind.FINISH_AFTER_CANCEL):
            return Cancelled.REQUESTED if outcome is Cancelled.OK else outcome
        self._runs.end(submission, answers.infra_error("client_cancelled", "Request was cancelled"), "client_cancelled")
        self._ended[submission.id].set()
        return outcome

    def faults_for(self, where: Where, endpoint_id: str, header: str, arguments: Any = None) -> tuple[Fault, ...]:
        """What strikes this call: by rule, by its own header, and (once for equal input) by its own words."""
        struck = [*self.faults.of_call(where, endpoint_id)]
        struck += [fault for fault in wished(header, None) if fault.strikes(where)]
        digest = hashlib.sha256(json.dumps(arguments, sort_keys=True).encode()).hexdigest()
        for fault in wished("", arguments):
            if fault.strikes(where) and (fault, digest) not in self._struck:
                self._struck.add((fault, digest))
                struck.append(fault)
        return tuple(struck)

    def faults_of_run(self, endpoint_id: str, header: str, arguments: Any) -> tuple[Fault, ...]:
        """The faults a new request carries with it."""
        own = wished(header, arguments)
        return (*self.faults.of_run(endpoint_id), *(fault for fault in own if not fault.strikes(Where.SUBMIT)))

    async def _live(self, submission: Submission) -> None:
        carried = asyncio.ensure_future(self._runs.carry(submission))
        ended = asyncio.ensure_future(self._ended[submission.id].wait())
        try:
            await asyncio.wait({carried, ended}, return_when=asyncio.FIRST_COMPLETED)
            if carried.done():
                carried.result()
        finally:
            carried.cancel()
            ended.cancel()
        await self.webhooks.deliver(submission)

    def _gone(self, submission: Submission, task: asyncio.Task[None]) -> None:
        self._tasks.pop(submission.id, None)
        self._ended.pop(submission.id, None)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            _LOG.error("sandbox run broke", extra={"request_id": submission.id}, exc_info=error)
            self._runs.end(submission, answers.answer(500, {"detail": "Internal Server Error"}))


def _folder(settings: SandboxSettings) -> tuple["tempfile.TemporaryDirectory[str] | None", Path]:
    """The folder with its rooms; a temporary one comes with the handle that removes it."""
    # A worker may still be writing when the folder goes.
    prefix = "reelroom-sandbox-"
    temporary = None if settings.folder else tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)
    folder = settings.folder or Path(temporary.name if temporary else "")
    for name in ("files", "inputs", "rendered"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return temporary, folder
