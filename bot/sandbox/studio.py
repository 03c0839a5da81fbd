"""Where videos are made: worker processes of their own, so that the server always answers.

Equal plans are rendered once: the same input gives the same video.
"""

import asyncio
import dataclasses
import multiprocessing
from collections.abc import Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from bot.domain.catalogue import Kind
from bot.sandbox.inputs import Facts, probe
from bot.sandbox.judge import magenta
from bot.sandbox.plan import Plan
from bot.sandbox.render import RenderFailed, ready_worker, render


class Studio:
    """Renders plans into `folder`. A `pool` that is handed in is used and not closed."""

    def __init__(self, folder: Path, workers: int, pool: Executor | None = None) -> None:
        self._folder = folder
        self._workers = workers
        self._given = pool
        self._own: ProcessPoolExecutor | None = None
        self._made: dict[Plan, asyncio.Future[Path]] = {}

    async def look(self, path: str, kind: Kind) -> Facts | None:
        """`inputs.probe` in a worker; a file that kills the worker cannot be read."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool(), probe, path, kind)
        except BrokenProcessPool:
            self._own = None
            return None

    async def judge(self, path: str) -> float | None:
        """How likely a picture is not safe for work, by the sandbox's own rule; None when it cannot be read."""
        return await asyncio.get_running_loop().run_in_executor(self._pool(), magenta, path)

    async def make(self, plan: Plan, digests: Mapping[str, str]) -> Path:
        """The video of a plan, rendered now or before. `digests` tell equal files under different names.

        Raises:
            RenderFailed: it cannot be rendered.
        """
        shots = tuple(dataclasses.replace(shot, path=digests.get(shot.path, shot.path)) for shot in plan.shots)
        heard = digests.get(plan.sound_path, plan.sound_path)
        key = dataclasses.replace(plan, shots=shots, sound_path=heard)
        if key not in self._made:
            self._made[key] = asyncio.ensure_future(self._render(plan, len(self._made)))
        future = self._made[key]
        try:
            return await asyncio.shield(future)
        except RenderFailed:
            self._made.pop(key, None)
            raise

    async def close(self) -> None:
        """End the workers this studio started."""
        for future in self._made.values():
            future.cancel()
        await asyncio.gather(*self._made.values(), return_exceptions=True)
        if self._own is not None:
            self._own.shutdown(wait=False, cancel_futures=True)

    async def _render(self, plan: Plan, number: int) -> Path:
        target = self._folder / f"{number:06d}.mp4"
        try:
            await asyncio.get_running_loop().run_in_executor(self._pool(), render, plan, str(target))
        except BrokenProcessPool as error:
            self._own = None
            raise RenderFailed("the worker died") from error
        return target

    def _pool(self) -> Executor:
        if self._given is not None:
            return self._given
        if self._own is None:
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload(["__main__", "bot.sandbox.render"])
            self._own = ProcessPoolExecutor(self._workers, mp_context=context, initializer=ready_worker)
        return self._own
