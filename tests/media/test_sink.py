import asyncio
import threading

import pytest

from bot.media.sink import to_its_end


async def test_a_cancelled_caller_leaves_only_when_the_thread_is_done() -> None:
    may_end, steps = threading.Event(), list[str]()

    def write() -> None:
        steps.append("begun")
        may_end.wait(10)
        steps.append("done")

    caller = asyncio.create_task(to_its_end(write))
    while not steps:
        await asyncio.wait([caller], timeout=0.01)
    caller.cancel()
    await asyncio.wait([caller], timeout=0.05)
    assert not caller.done()
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert steps == ["begun", "done"]


async def test_an_error_of_the_work_is_the_callers() -> None:
    with pytest.raises(ZeroDivisionError):
        await to_its_end(divmod, 1, 0)
