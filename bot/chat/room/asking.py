"""What people do in the Room: upload, draft, ask, press. Refusals are answered 422 with every problem's sentence."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from urllib.parse import unquote

from pydantic import ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.chat.room.chat import OWNER, ROOM
from bot.chat.room.front import Front, Keep, Rows
from bot.chat.room.wire import (
    TITLE_LENGTH,
    AskIn,
    DraftIn,
    File,
    PressIn,
    ask_body,
    attachment_json,
    draft_json,
    notice_body,
    notice_json,
)
from bot.domain.admin import ADMIN, MAKES, typed
from bot.domain.ask import Ask, Place, Wish
from bot.domain.errors import Problem, Refused, Slug, StoreUnavailable
from bot.domain.notice import Notice
from bot.domain.order import Draft
from bot.domain.phrases import refusal_notice
from bot.domain.replies import MENU_COMMANDS
from bot.domain.room import Opening
from bot.domain.sentences import capital
from bot.domain.wish import render

Handler = Callable[[Request], Awaitable[Response]]

AGAIN = "again"

UPLOADS_PATH = "/api/uploads"


class Asking:
    """The routes that change something."""

    def __init__(
        self, *, front: Front, keep: Keep, rows: Rows, now: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self._front = front
        self._keep_file = keep
        self._rows = rows
        self._now = now
        self._new_id = new_id

    def routes(self) -> list[Route]:
        """The POSTs of the API."""
        return [
            Route(UPLOADS_PATH, self._answering(self._upload), methods=["POST"]),
            Route("/api/draft", self._answering(self._draft), methods=["POST"]),
            Route("/api/asks", self._answering(self._ask), methods=["POST"]),
            Route("/api/press", self._answering(self._press), methods=["POST"]),
        ]

    def _answering(self, handler: Handler) -> Handler:
        async def answer(request: Request) -> Response:
            try:
                return await handler(request)
            except Refused as refused:
                return _refusal(refused, HTTPStatus.UNPROCESSABLE_ENTITY)
            except StoreUnavailable:
                down = Refused([Problem(slug=Slug.STORE_DOWN)])
                return _refusal(down, HTTPStatus.SERVICE_UNAVAILABLE)
            except ValidationError as error:
                return JSONResponse({"error": "bad_request", "detail": str(error)}, HTTPStatus.BAD_REQUEST)

        return answer

    async def _upload(self, request: Request) -> Response:
        name = unquote(request.headers.get("x-file-name", "")) or request.query_params.get("name", "")
        attachment = await self._keep_file(_body(request), name=name)
        return JSONResponse(attachment_json(attachment), HTTPStatus.CREATED)

    async def _draft(self, request: Request) -> Response:
        wanted = DraftIn.model_validate_json(await request.body())
        own = {**MENU_COMMANDS, ADMIN: MAKES}.get(_own(wanted.text))
        if own is not None:
            return JSONResponse({"notice": notice_json(Notice(text=capital(own)))})
        try:
            _, draft = await self._understood(wanted.text, wanted.attachments)
        except Refused as refused:
            # a half-typed line is no mistake: the answer is 200, so that the browser's console stays quiet
            return JSONResponse({"notice": notice_json(refusal_notice(refused.problems))})
        return JSONResponse({"draft": draft_json(draft, self._front.catalogue)})

    async def _ask(self, request: Request) -> Response:
        wanted = AskIn.model_validate_json(await request.body())
        own = _own(wanted.text) if wanted.wish is None else ""
        if own == ADMIN:
            return await self._administer(wanted)
        if own in MENU_COMMANDS:
            return await (self._again(wanted) if own == AGAIN else self._reply(wanted))
        text, wish = await self._wanted(wanted)
        return await self._keep(wanted, text, lambda opening: self._ask_of(wanted, opening, wish))

    async def _administer(self, wanted: AskIn) -> Response:
        """The Room is the owner's own: what they ask is about the whole bot."""
        _, _, behind = wanted.text.strip().partition(" ")
        notice = await self._front.administer(typed(behind, account=OWNER, group="", event=wanted.id))
        return JSONResponse({"notice": notice_json(notice)})

    async def _again(self, wanted: AskIn) -> Response:
        """The latest once more: here, wherever that was asked for."""
        before = await self._front.again("", OWNER, Place(platform=ROOM, address=""))
        self._front.draft(before.wish, before.attachments)

        def ask(opening: Opening) -> Ask:
            here = Place(platform=ROOM, address=opening.thread)
            return replace(before, id=opening.ask, event_id=wanted.id, group="", place=here)

        return await self._keep(wanted, wanted.text.strip(), ask)

    async def _keep(self, wanted: AskIn, text: str, ask: Callable[[Opening], Ask]) -> Response:
        """Write what was asked into its thread, and take it."""
        body = ask_body(text, wanted.attachments)
        opening = await self._rows.open_ask(
            wanted.id, self._new_id(), wanted.thread or "", text[:TITLE_LENGTH].strip(), body
        )
        if opening is None:
            return JSONResponse({"error": "no_such_thread"}, HTTPStatus.NOT_FOUND)
        try:
            await self._front.receive(ask(opening))
        except (Refused, StoreUnavailable):
            if opening.created:
                await self._rows.withdraw_ask(opening.ask)
            raise
        answer = {"ask": opening.ask, "thread": opening.thread, "after": opening.after}
        return JSONResponse(answer, HTTPStatus.ACCEPTED)

    async def _reply(self, wanted: AskIn) -> Response:
        """A question about one's own things is answered at once, in a thread like everything else.

        What only one person should see is said once and written nowhere.
        """
        reply = await self._front.reply(wanted.text, OWNER, "")
        if reply is not None and reply.private:
            return JSONResponse({"notice": notice_json(reply)})
        text = wanted.text.strip()
        opening = await self._rows.open_ask(
            wanted.id, self._new_id(), wanted.thread or "", text[:TITLE_LENGTH], ask_body(text, [])
        )
        if opening is None or reply is None:
            return JSONResponse({"error": "no_such_thread"}, HTTPStatus.NOT_FOUND)
        await self._rows.put(f"say:{opening.ask}", opening.thread, "say", opening.ask, notice_body(reply))
        answer = {"ask": opening.ask, "thread": opening.thread, "after": opening.after}
        return JSONResponse(answer, HTTPStatus.ACCEPTED)

    async def _wanted(self, wanted: AskIn) -> tuple[str, Wish]:
        """The text to show and the wish meant; every pure check has passed. Raises Refused."""
        if wanted.wish is None:
            wish, _ = await self._understood(wanted.text, wanted.attachments)
            return wanted.text.strip(), wish
        wish = wanted.wish.wish()
        self._front.draft(wish, [file.attachment() for file in wanted.attachments])
        command = self._front.catalogue.commands.get(wish.command)
        return render(wish, lead=command.lead if command else ""), wish

    async def _understood(self, text: str, files: Sequence[File]) -> tuple[Wish, Draft]:
        """What a text asks for, with what is usually wanted, and what that would be. Raises Refused."""
        reading = self._front.read(text)
        wish = await self._front.with_defaults(reading.wish, OWNER)
        return wish, self._front.draft(wish, [file.attachment() for file in files], reading.problems)

    def _ask_of(self, wanted: AskIn, opening: Opening, wish: Wish) -> Ask:
        return Ask(
            id=opening.ask,
            event_id=wanted.id,
            account=OWNER,
            group="",
            place=Place(platform=ROOM, address=opening.thread),
            wish=wish,
            attachments=tuple(file.attachment() for file in wanted.attachments),
            received_at=self._now(),
            price_seen_microusd=wanted.price_seen_microusd,
        )

    async def _press(self, request: Request) -> Response:
        pressed = PressIn.model_validate_json(await request.body())
        place = Place(platform=ROOM, address=pressed.thread) if pressed.thread else None
        notice = await self._front.press(pressed.action, pressed.subject, OWNER, place=place)
        return JSONResponse({"notice": notice_json(notice)})


def _refusal(refused: Refused, status: HTTPStatus) -> Response:
    return JSONResponse({"notice": notice_json(refusal_notice(refused.problems))}, status)


def _own(text: str) -> str:
    """The command a text begins with, "" when it begins with none."""
    first, *_ = text.split(maxsplit=1) or [""]
    return first.removeprefix("/").casefold() if first.startswith("/") else ""


async def _body(request: Request) -> AsyncIterator[bytes]:
    """The body in pieces; a sender who leaves half-way has sent nothing."""
    try:
        async for piece in request.stream():
            if piece:
                yield piece
    except ClientDisconnect as error:
        raise Refused([Problem(slug=Slug.FILE_GONE)]) from error
