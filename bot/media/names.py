"""Host names looked up, in threads of their own: a name whose servers take their time keeps no other work waiting.

The system's resolver cannot be interrupted, so whoever types names that never answer could otherwise fill the threads
that all files are written with.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port to IP addresses, best first; raises OSError when there is none."""

_THREADS = 4


def look_up(host: str, port: int) -> Sequence[str]:
    """What the system's resolver says. Raises OSError, and UnicodeError for what can be no name."""
    return [str(address[0]) for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class SystemNames:
    """The system's resolver as a `Resolver`; a thread is started when it is first needed."""

    def __init__(self, *, look_up: Callable[[str, int], Sequence[str]] = look_up) -> None:
        self._look_up = look_up
        self._threads = ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="names")

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """The addresses. A caller that is cancelled is gone at once; its thread ends with the look-up."""
        return await asyncio.wrap_future(self._threads.submit(self._look_up, host, port))

    def close(self) -> None:
        """Begin nothing more; a look-up under way is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)
