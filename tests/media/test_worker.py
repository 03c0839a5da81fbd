import asyncio
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.errors import Problem, Refused, Slug
from bot.media.inspect import inspect
from bot.media.worker import MediaWorker
from tests.media.material import picture_file, quarters


@pytest.fixture
async def worker() -> AsyncIterator[MediaWorker]:
    worker = MediaWorker()
    yield worker
    await worker.close()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_once(marker: Path) -> str:
    if not marker.exists():
        marker.touch()
        die()
    return "alive"


def hang(marker: Path) -> None:
    marker.write_text(str(os.getpid()))
    signal.pause()


def open_files() -> set[str]:
    folder = Path("/proc/self/fd")
    return {str(link.readlink()) for link in folder.iterdir() if link.is_symlink()}


def has_begun(marker: Path) -> bool:
    return marker.exists()


def refuse() -> None:
    raise Refused([Problem(slug=Slug.TOO_SHORT, about="a.mp4", facts={"given": "1 s"}), Problem(slug=Slug.WRONG_RATIO)])


def ended(pid: int, within_s: float) -> bool:
    """Whether a process that need not be ours ends in time."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], within_s)[0])
    finally:
        os.close(descriptor)


async def test_work_is_done_in_another_process(worker: MediaWorker, tmp_path: Path) -> None:
    assert await worker.call(os.getpid) != os.getpid()
    facts = await worker.call(inspect, picture_file(tmp_path / "a", quarters(), "PNG"))
    assert (facts.format, facts.width_px) == ("png", 64)


async def test_the_process_has_no_file_and_no_socket_of_ours(worker: MediaWorker, tmp_path: Path) -> None:
    with (tmp_path / "locked").open("w") as held, socket.create_server(("127.0.0.1", 0)) as listening:
        ours = {held.name, f"socket:[{os.fstat(listening.fileno()).st_ino}]"}
        assert ours <= open_files()
        assert not ours & await worker.call(open_files)


async def test_nothing_is_started_before_the_first_call() -> None:
    worker = MediaWorker()
    await worker.close()
    assert await worker.call(os.getpid) > 0
    await worker.close()


async def test_a_refusal_comes_back_whole(worker: MediaWorker) -> None:
    with pytest.raises(Refused) as caught:
        await worker.call(refuse)
    assert [problem.slug for problem in caught.value.problems] == [Slug.TOO_SHORT, Slug.WRONG_RATIO]
    assert caught.value.problems[0].facts == {"given": "1 s"}


async def test_a_killed_process_is_replaced_and_the_work_done_again(worker: MediaWorker, tmp_path: Path) -> None:
    assert await worker.call(die_once, tmp_path / "marker") == "alive"


async def test_a_process_killed_between_two_calls_is_replaced(worker: MediaWorker) -> None:
    pid = await worker.call(os.getpid)
    os.kill(pid, signal.SIGKILL)
    assert await worker.call(os.getpid) != pid


async def test_work_that_kills_every_process_is_refused_and_harms_nobody(worker: MediaWorker) -> None:
    with pytest.raises(Refused, match="unreadable_file"):
        await worker.call(die)
    assert await worker.call(abs, -3) == 3


async def test_work_that_takes_too_long_is_killed(worker: MediaWorker, tmp_path: Path) -> None:
    first = await worker.call(os.getpid)
    with pytest.raises(Refused) as caught:
        await worker.call_within(0.5, hang, tmp_path / "marker")
    assert caught.value.problems[0].facts == {"reason": "it takes too long to read"}
    assert ended(first, 10)
    assert await worker.call(abs, -3) == 3


async def test_cancelled_work_does_not_keep_others_waiting(worker: MediaWorker, tmp_path: Path) -> None:
    pid = await worker.call(os.getpid)
    slow = asyncio.create_task(worker.call(hang, tmp_path / "marker"))
    while not has_begun(tmp_path / "marker"):
        await asyncio.wait([slow], timeout=0.01)
    slow.cancel()
    with pytest.raises(asyncio.CancelledError):
        await slow
    assert ended(pid, 10)
    assert await worker.call(abs, -3) == 3


async def test_the_loop_runs_on_while_the_worker_works(worker: MediaWorker, tmp_path: Path) -> None:
    await worker.call(os.getpid)
    slow = asyncio.create_task(worker.call_within(1.0, hang, tmp_path / "marker"))
    turns = 0
    while not slow.done():
        await asyncio.wait([slow], timeout=0.01)
        turns += 1
    assert turns > 20
    assert isinstance(slow.exception(), Refused)


async def test_callers_take_turns_and_all_are_served(worker: MediaWorker) -> None:
    assert await asyncio.gather(*(worker.call(abs, -number) for number in range(20))) == list(range(20))


async def test_the_process_is_replaced_after_a_number_of_calls() -> None:
    worker = MediaWorker(calls_per_process=2)
    pids = [await worker.call(os.getpid) for _ in range(5)]
    await worker.close()
    assert pids[0] == pids[1] != pids[2] == pids[3] != pids[4]


async def test_the_process_ends_with_its_parent_even_when_that_is_killed() -> None:
    program = """
import asyncio, os, signal
from bot.media.worker import MediaWorker

async def stay() -> None:
    worker = MediaWorker()
    print(await worker.call(os.getpid), flush=True)
    signal.pause()

if __name__ == "__main__":
    asyncio.run(stay())
"""
    parent = subprocess.Popen(  # noqa: ASYNC220 - it says its piece in a second
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert ended(pid, 10)
