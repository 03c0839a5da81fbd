"""The gateway: sessions that outlive their sockets, shards by server, everything numbered and replayed on RESUME.

https://docs.discord.com/developers/events/gateway
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

from tests.emulators.bell import Bell
from tests.emulators.discord import payloads
from tests.emulators.discord.events import KNOWN, PRIVILEGED, Events
from tests.emulators.discord.lines import Line, Session
from tests.emulators.discord.streams import stream
from tests.emulators.discord.things import Guild, Json
from tests.emulators.discord.world import World

HEARTBEAT, RECONNECT, INVALID, HELLO, ACK = 1, 7, 9, 10, 11
SENDS, SENDS_WINDOW_S = 120, 60.0
LONGEST = 4096
STARTS = 1000


class Gateway:
    """All sockets and sessions. The lower-case attributes without a leading `_` are a test's to set."""

    def __init__(self, world: World, events: Events, bell: Bell, elapsed: Callable[[], float]) -> None:
        self.url = ""
        self.shards = 1
        self.max_concurrency = 1
        self.identify_spacing_s = 0.0
        """Real: 5. Within it, more than `max_concurrency` per bucket are answered with op 9."""
        self.heartbeat_ms = 41_250
        self.guilds_per_shard = 2500
        self.down = False
        """Refuses every connection with 503."""
        self.deaf = False
        """Acknowledges no heartbeat."""
        self.ready_gate = asyncio.Event()
        self.ready_gate.set()
        self.starts_left = STARTS
        self.sessions: dict[str, Session] = {}
        self.lines: list[Line] = []
        self.packed: list[str] = []
        """How each connection asked to be spoken to."""
        self.identifies: list[Json] = []
        self.resumes = 0
        self.refused: list[int] = []
        """Close codes it ended connections with."""
        self._world = world
        self._events = events
        self._bell = bell
        self._elapsed = elapsed
        self._identified: dict[int, list[float]] = {}
        self._hurrying: set[asyncio.Task[None]] = set()

    def bot_info(self) -> Json:
        """GET /gateway/bot."""
        limit = {"total": STARTS, "remaining": self.starts_left, "reset_after": 86_400_000}
        limit["max_concurrency"] = self.max_concurrency
        return {"url": self.url, "shards": self.shards, "session_start_limit": limit}

    def tell(self, name: str, thing: Any, guild: Guild | None) -> None:
        """A change, to every session whose shard and intents it concerns."""
        for session in self.sessions.values():
            if session.shard == (0 if guild is None else (guild.id >> 22) % session.count):
                payload = self._events.heard(name, thing, session.intents)
                if payload is not None:
                    session.dispatch(name, payload)

    # --- what tests do to it ---

    def connected(self, shards: int = 1) -> bool:
        """Whether so many shards are identified and listening."""
        return len({one.session.shard for one in self.lines if one.session and one.session.log}) >= shards

    def drop(self) -> None:
        """Cut every socket without a word."""
        for one in list(self.lines):
            one.abort()

    def close(self, code: int) -> None:
        """End every socket with a code."""
        for one in list(self.lines):
            self._end(one, code)

    def reconnect(self) -> None:
        """Op 7: please come back."""
        for one in list(self.lines):
            one.send({"op": RECONNECT, "d": None})

    def invalidate(self, *, resumable: bool = False) -> None:
        """Op 9: the session is gone, unless it is `resumable`."""
        for one in list(self.lines):
            if one.session and not resumable:
                self.sessions.pop(one.session.id, None)
            one.send({"op": INVALID, "d": resumable})

    def again(self) -> None:
        """Tell every session its last interaction once more, as if the first time had been lost."""
        for session in self.sessions.values():
            told = [one for one in session.log if one["t"] == "INTERACTION_CREATE"]
            for one in told[-1:]:
                session.dispatch(one["t"], one["d"])

    async def shut(self) -> None:
        """Nobody is served any more."""
        for one in list(self.lines):
            one.close(1001)
        for task in list(self._hurrying):
            task.cancel()

    # --- one connection ---

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """A client, until it or we have had enough."""
        if self.down:
            return web.Response(status=503, text="upstream connect error")
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        packing = request.query.get("compress")
        self.packed.append(packing or "")
        line = Line(socket=socket, stream=stream(packing), abort=lambda: cut(request))
        self.lines.append(line)
        writer = asyncio.create_task(line.write())
        if request.query.get("v") != "10":
            self._end(line, 4012)
        line.send({"op": HELLO, "d": {"heartbeat_interval": self.heartbeat_ms, "_trace": ["[]"]}})
        try:
            async for message in socket:
                if message.type in {WSMsgType.TEXT, WSMsgType.BINARY}:
                    self._received(line, message.data)
        finally:
            self._gone(line)
            line.queue.put_nowait(None)
            await writer
        return socket

    def _gone(self, line: Line) -> None:
        if line in self.lines:
            self.lines.remove(line)
        if line.session is not None and line.session.line is line:
            line.session.line = None
            if line.socket.close_code in {1000, 1001} and not line.ended:
                self.sessions.pop(line.session.id, None)
        self._bell.ring()

    def _end(self, line: Line, code: int) -> None:
        if code >= 4000:
            self.refused.append(code)
        if line.session and code in {4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014}:
            self.sessions.pop(line.session.id, None)
        line.close(code)

    def _received(self, line: Line, raw: str | bytes) -> None:
        now = self._elapsed()
        line.sent_at = [*(at for at in line.sent_at if at > now - SENDS_WINDOW_S), now]
        if len(line.sent_at) > SENDS:
            return self._end(line, 4008)
        try:
            message = json.loads(raw)
            op, data = message["op"], message.get("d")
        except (ValueError, KeyError, TypeError):
            return self._end(line, 4002)
        if len(raw) > LONGEST:
            return self._end(line, 4002)
        return self._obey(line, op, data)

    def _obey(self, line: Line, op: int, data: Any) -> None:
        match op:
            case 1 if not self.deaf:
                line.send({"op": ACK})
            case 2:
                self._identify(line, data)
            case 6:
                self._resume(line, data)
            case 8 if line.session:
                self._members(line.session, data)
            case 1 | 3 | 4 if line.session or op == HEARTBEAT:
                pass
            case 3 | 4 | 8:
                self._end(line, 4003)
            case _:
                self._end(line, 4001)

    def _identify(self, line: Line, data: Json) -> None:
        shard, count = data.get("shard") or [0, 1]
        self.identifies.append(data)
        code = self._wrong(line, data, shard, count)
        if code:
            self._end(line, code)
            return
        if self._too_fast(shard):
            line.send({"op": INVALID, "d": False})
            return
        self.starts_left -= 1
        session = Session(id=f"{self._world.clock.snowflake():032x}", shard=shard, count=count, intents=data["intents"])
        line.session = session
        task = asyncio.create_task(self._welcome(line, session))
        self._hurrying.add(task)
        task.add_done_callback(self._hurrying.discard)

    def _wrong(self, line: Line, data: Json, shard: int, count: int) -> int:
        """The close code that an IDENTIFY deserves; 0 for a good one."""
        intents, guilds = data.get("intents"), len(self._guilds(shard, count)) if count > 0 else 0
        wrong = {
            4005: line.session is not None,
            4004: data.get("token") != self._world.application.token or self.starts_left <= 0,
            4010: not 0 <= shard < count,
            4011: guilds > self.guilds_per_shard,
            4013: not isinstance(intents, int) or bool(intents & ~KNOWN),
        }
        found = next((code for code, is_wrong in wrong.items() if is_wrong), 0)
        lacking = isinstance(intents, int) and intents & PRIVILEGED & ~self._world.application.intents_allowed
        return found or (4014 if lacking else 0)

    def _too_fast(self, shard: int) -> bool:
        now = self._elapsed()
        recent = self._identified.setdefault(shard % self.max_concurrency, [])
        recent[:] = [at for at in recent if at > now - self.identify_spacing_s]
        recent.append(now)
        return self.identify_spacing_s > 0 and len(recent) > 1

    async def _welcome(self, line: Line, session: Session) -> None:
        await self.ready_gate.wait()
        if line.socket.closed:
            return
        session.line = line
        self.sessions[session.id] = session
        guilds = self._guilds(session.shard, session.count)
        ready = {
            "v": 10,
            "user": payloads.own_user(self._world.bot),
            "guilds": [{"id": str(one.id), "unavailable": True} for one in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": f"{self.url}resume/",
            "shard": [session.shard, session.count],
            "application": {"id": str(self._world.application.id), "flags": 0},
            "private_channels": [],
        }
        session.dispatch("READY", ready)
        for one in guilds:
            payload = self._events.heard("GUILD_CREATE", one, session.intents)
            if payload is not None:
                session.dispatch("GUILD_CREATE", payload | {"unavailable": False})  # absent where a server is joined
        self._bell.ring()

    def _resume(self, line: Line, data: Json) -> None:
        session = self.sessions.get(str(data.get("session_id")))
        if data.get("token") != self._world.application.token:
            self._end(line, 4004)
        elif session is None:
            line.send({"op": INVALID, "d": False})
        elif not 0 <= data["seq"] <= len(session.log):
            self._end(line, 4007)
        else:
            self.resumes += 1
            line.session = session
            for missed in session.log[data["seq"] :]:
                line.send(missed)
            session.line = line
            session.dispatch("RESUMED", {"_trace": ["[]"]})
            self._bell.ring()

    def _guilds(self, shard: int, count: int) -> list[Guild]:
        bot = self._world.bot.id
        return [one for one in self._world.guilds.values() if bot in one.members and (one.id >> 22) % count == shard]

    def _members(self, session: Session, data: Json) -> None:
        guild = self._world.guilds.get(int(data["guild_id"]))
        if guild is not None:
            wanted = {int(one) for one in data.get("user_ids") or []}
            people = [one for one in guild.members.values() if not wanted or one.user.id in wanted]
            chunk: Json = {"guild_id": str(guild.id), "members": [payloads.member(one) for one in people]}
            chunk |= {"chunk_index": 0, "chunk_count": 1, "nonce": data.get("nonce")}
            session.dispatch("GUILD_MEMBERS_CHUNK", chunk)


def cut(request: web.Request) -> None:
    """The socket dies without a word."""
    if request.transport is not None:
        request.transport.abort()
