"""Rendering for many sandboxes: what the sandbox makes is real, and the same video need not be made twice."""

import atexit
import dataclasses
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import ParamSpec, TypeVar

from typing_extensions import override

from bot.sandbox.plan import Plan
from bot.sandbox.render import render

P = ParamSpec("P")
T = TypeVar("T")


class RenderOnce(ThreadPoolExecutor):
    """The sandbox's pool for many sandboxes: the same video is rendered once and copied from then on."""

    def __init__(self) -> None:
        super().__init__(max_workers=1)
        self._folder = tempfile.TemporaryDirectory(prefix="reelroom-videos-")
        self._made: dict[Plan, Path] = {}

    @override
    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        if fn is render:
            fn = self._render  # type: ignore[assignment]  # the same signature, which P and T cannot say
        return super().submit(fn, *args, **kwargs)

    def _render(self, plan: Plan, target: str) -> int:
        shots = tuple(dataclasses.replace(shot, path="a picture" if shot.path else "") for shot in plan.shots)
        same = dataclasses.replace(plan, shots=shots)
        if same not in self._made:
            made = Path(self._folder.name) / f"{len(self._made)}.mp4"
            render(plan, str(made))
            self._made[same] = made
        shutil.copyfile(self._made[same], target)
        return Path(target).stat().st_size

    @override
    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        super().shutdown(wait=wait, cancel_futures=cancel_futures)
        self._folder.cleanup()


@cache
def shared() -> RenderOnce:
    """One for all tests of this process."""
    pool = RenderOnce()
    atexit.register(pool.shutdown)
    return pool
