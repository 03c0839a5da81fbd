"""The writer: one task owns the one connection that writes, and everything queued shares a COMMIT.

Pieces of work that arrive while a COMMIT runs share the next transaction, each inside its own SAVEPOINT. Their
callers only await a future, so a cancelled caller can never leave a transaction open or half done.
"""

import asyncio
import contextlib
import sqlite3
import types
from collections.abc import Awaitable, Callable, Coroutine, Generator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

import aiosqlite

from bot.domain.errors import StoreUnavailable
from bot.store.connection import Row, bind, query, translating

T = TypeVar("T")

BATCH = 128
"""Pieces of work that share one COMMIT at most, so that the first of them does not wait for ever."""


class SqliteTx:
    """What one piece of work may use, until it ends (`bot.store.database.Tx`)."""

    def __init__(self, conn: aiosqlite.Connection) -> None:
        self._conn = conn
        self._open = True
        self.waits = False
        self.actions: list[Callable[[], None]] = []

    async def fetch(self, sql: str, *args: object) -> list[Row]:
        """Run a statement and give all its rows."""
        with self._statement():
            return await query(self._conn, sql, args)

    async def run(self, sql: str, *args: object) -> int:
        """Run a statement and give the number of rows it changed."""
        with self._statement():
            cursor = await self._conn.execute(sql, bind(args))
            if cursor.description is not None:  # RETURNING: the count is known once the rows are read
                await cursor.fetchall()
            return cursor.rowcount

    def after_commit(self, action: Callable[[], None]) -> None:
        """Call `action` in the loop once this piece of work is committed; never if it is not."""
        self._check()
        self.actions.append(action)

    def end(self) -> None:
        """Refuse everything from now on."""
        self._open = False

    @contextlib.contextmanager
    def _statement(self) -> Generator[None]:
        self._check()
        self.waits = True
        try:
            with translating():
                yield
        finally:
            self.waits = False

    def _check(self) -> None:
        if not self._open:
            raise RuntimeError("this transaction has ended; a Tx lives as long as its piece of work")
        if not self._conn.in_transaction:  # a full disk can make SQLite roll back everything by itself
            raise StoreUnavailable("the database has rolled this transaction back")


@dataclass(slots=True, eq=False)
class Piece(Generic[T]):
    """One piece of work on its way through the writer."""

    work: Callable[[SqliteTx], Awaitable[T]]
    future: asyncio.Future[T]
    begun: bool = False
    error: BaseException | None = None
    results: list[T] = field(default_factory=list)
    actions: list[Callable[[], None]] = field(default_factory=list)

    def settle(self, loop: asyncio.AbstractEventLoop) -> None:
        """Tell the caller; what was to happen after the commit happens before it goes on."""
        if self.error is None:
            for action in self.actions:
                loop.call_soon(action)
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.results[0])
        elif isinstance(self.error, asyncio.CancelledError):
            self.future.cancel()
        else:
            self.future.set_exception(self.error)


class Writer:
    """Runs pieces of work on `conn`, which is its alone.

    `work_limit_s` bounds one piece of work: a statement that takes longer loses its turn (`StoreUnavailable`).
    """

    def __init__(self, conn: aiosqlite.Connection, *, work_limit_s: float) -> None:
        self._conn = conn
        self._work_limit_s = work_limit_s
        self._queue: asyncio.Queue[Piece[Any] | None] = asyncio.Queue()
        self._closed = False
        self._task = asyncio.create_task(self._run(), name="store writer")

    async def transact(self, work: Callable[[SqliteTx], Awaitable[T]]) -> T:
        """Queue `work` and wait until it is committed. Cancelled before its turn, it is never begun."""
        if self._closed:
            raise StoreUnavailable("the store is closed")
        piece = Piece(work, asyncio.get_running_loop().create_future())
        self._queue.put_nowait(piece)
        try:
            return await asyncio.shield(piece.future)
        except asyncio.CancelledError:
            if not piece.begun:
                piece.future.cancel()
            raise

    async def close(self) -> None:
        """Finish what is queued, then stop."""
        if not self._closed:
            self._closed = True
            self._queue.put_nowait(None)
        await asyncio.wait({self._task})

    async def _run(self) -> None:
        try:
            while batch := await self._next_batch():
                await self._commit(batch)
        finally:
            self._closed = True
            while not self._queue.empty():
                if (piece := self._queue.get_nowait()) is not None:
                    piece.error = StoreUnavailable("the store is closed")
                    piece.settle(asyncio.get_running_loop())

    async def _next_batch(self) -> list[Piece[Any]]:
        """Everything that waits, at least one piece; empty when the writer is to stop."""
        batch: list[Piece[Any]] = []
        while not batch or (len(batch) < BATCH and not self._queue.empty()):
            piece = await self._queue.get()
            if piece is None:
                self._queue.put_nowait(None)  # seen again once what came before it is committed
                break
            if not piece.future.cancelled():
                batch.append(piece)
        return batch

    async def _commit(self, batch: list[Piece[Any]]) -> None:
        """Run `batch` in one transaction and tell every caller. If it cannot be kept, nothing of it is."""
        failure: BaseException | None = StoreUnavailable("the writer was stopped")
        try:
            await self._transaction(batch)
            failure = None
        except (sqlite3.Error, StoreUnavailable) as error:
            failure = error
        finally:
            await self._undo()
            loop = asyncio.get_running_loop()
            for piece in batch:
                if failure is not None and piece.error is None:
                    piece.error = StoreUnavailable(str(failure))
                    piece.error.__cause__ = failure
                piece.settle(loop)

    async def _transaction(self, batch: list[Piece[Any]]) -> None:
        await self._undo()
        await self._conn.execute("BEGIN IMMEDIATE")
        alone = len(batch) == 1
        for piece in batch:
            if piece.future.cancelled():
                continue
            if not alone:
                await self._conn.execute("SAVEPOINT piece")
            await self._attempt(piece)
            if not self._conn.in_transaction:
                raise StoreUnavailable("the database has rolled the transaction back") from piece.error
            if alone and piece.error is not None:
                return
            if piece.error is not None:
                await self._conn.execute("ROLLBACK TO piece")
            if not alone:
                await self._conn.execute("RELEASE piece")
        await self._conn.execute("COMMIT")

    async def _attempt(self, piece: Piece[Any]) -> None:
        """Run one piece of work; whatever it raises belongs to its caller and to nobody else."""
        piece.begun = True
        tx = SqliteTx(self._conn)
        limit = asyncio.timeout(self._work_limit_s)
        try:
            async with limit:
                piece.results.append(await _only_on(tx, _call(piece.work, tx)))
        except BaseException as error:  # noqa: BLE001 - handed to the caller by `Piece.settle`
            piece.error = error
            if limit.expired():
                piece.error = StoreUnavailable(f"a piece of work took longer than {self._work_limit_s:g} s")
                piece.error.__cause__ = error
        finally:
            tx.end()
        piece.actions = tx.actions
        task = asyncio.current_task()
        if task is not None and task.cancelling():  # not the work: the writer itself is being stopped
            piece.error = None
            raise asyncio.CancelledError

    async def _undo(self) -> None:
        """Leave no transaction open. Should even that fail, the next batch tries again before it begins."""
        if self._conn.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                await self._conn.rollback()


async def _call(work: Callable[[SqliteTx], Awaitable[T]], tx: SqliteTx) -> T:
    return await work(tx)


@types.coroutine
def _only_on(tx: SqliteTx, work: Coroutine[Any, Any, T]) -> Generator[Any, Any, T]:
    """Await `work`, which may wait for `tx` and for nothing else.

    Waiting for anything else would hold up every writer of the program, so it is an error at its first moment,
    raised inside the work where it waits.
    """
    step: Callable[[], Any] = partial(work.send, None)
    while True:
        try:
            awaited = step()
        except StopIteration as end:
            result: T = end.value
            return result
        if not tx.waits:
            step = partial(work.throw, RuntimeError("a piece of work may await nothing but its transaction"))
            continue
        try:
            yield awaited
        except BaseException as error:  # noqa: BLE001 - passed on into the work, which is where it belongs
            step = partial(work.throw, error)
        else:
            step = partial(work.send, None)
