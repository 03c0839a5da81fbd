"""The storage's calls: upload tokens, uploads in one piece and in parts as both of fal's clients do them, and reading.

The Python client takes a token and posts to `/files/upload`; the JavaScript client initiates and puts. Parts are
answered with an ETag header and with a JSON body, so that either client finds what it looks for.
"""

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.addressing import base_url
from bot.sandbox.faults import Where
from bot.sandbox.routes.gate import refusal, strikes, through_wire
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.storage import OCTETS, BadUpload, StoredFile


class StorageRoutes:
    """Handlers over one sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._storage = sandbox.storage

    def routes(self) -> list[Route]:
        """Every path of rest.fal.ai's storage and of the CDN."""
        file = "/files/b/{file_id}/{name}"
        return [
            Route("/storage/auth/token", self.token, methods=["POST"]),
            Route("/storage/upload/initiate", self.initiate, methods=["POST"]),
            Route("/storage/upload/initiate-multipart", self.initiate, methods=["POST"]),
            Route("/storage/put/{file_id}/{name}", self.put, methods=["PUT"]),
            Route("/storage/put/{file_id}/{name}/complete", self.complete, methods=["POST"]),
            Route("/storage/put/{file_id}/{name}/{number:int}", self.put_part, methods=["PUT"]),
            Route("/files/upload", self.upload, methods=["POST"]),
            Route("/files/upload/multipart", self.open_multipart, methods=["POST"]),
            Route(f"{file}/multipart/{{upload_id}}/complete", self.complete, methods=["POST"]),
            Route(f"{file}/multipart/{{upload_id}}/{{number:int}}", self.put_part, methods=["PUT"]),
            Route(file, self.read, methods=["GET", "HEAD"]),
        ]

    async def token(self, request: Request) -> Response:
        """A short-lived token for the CDN. Its expiry has a time zone: the Python client compares it with now."""
        self._sandbox.counted["token"] += 1
        refused = refusal(self._sandbox, request)
        if refused is not None:
            return refused

        async def act() -> Response:
            token = self._sandbox.new_id()
            expires_at = self._sandbox.now() + timedelta(seconds=self._sandbox.settings.upload_token_s)
            self._sandbox.tokens[token] = expires_at
            body = {"token": token, "token_type": "Bearer", "base_url": base_url(request)}
            return JSONResponse(body | {"expires_at": expires_at.isoformat()})

        return await through_wire(strikes(self._sandbox, request, Where.UPLOAD), act)

    async def upload(self, request: Request) -> Response:
        """A file in one piece."""
        self._sandbox.counted["upload"] += 1
        refused = self._untrusted(request)
        if refused is not None:
            return refused

        async def act() -> Response:
            stored = await self._storage.write(self._announced(request), request.stream())
            return JSONResponse({"access_url": base_url(request) + stored.route})

        return await through_wire(strikes(self._sandbox, request, Where.UPLOAD), act)

    async def open_multipart(self, request: Request) -> Response:
        """The Python client's upload in parts begins."""
        refused = self._untrusted(request)
        if refused is not None:
            return refused
        stored = self._announced(request)
        return JSONResponse({"access_url": base_url(request) + stored.route, "uploadId": stored.id})

    async def initiate(self, request: Request) -> Response:
        """A place for a file, with a URL to put it to that needs no key."""
        self._sandbox.counted["upload"] += 1
        refused = refusal(self._sandbox, request)
        if refused is not None:
            return refused
        body = await _json(request)
        name, content_type = str(body.get("file_name", "")), str(body.get("content_type", ""))

        async def act() -> Response:
            stored = self._storage.announce(name, content_type, _lifecycle(request))
            base = base_url(request)
            put = f"{base}/storage/put/{stored.id}/{stored.name}?signature={stored.id}"
            return JSONResponse({"upload_url": put, "file_url": base + stored.route})

        return await through_wire(strikes(self._sandbox, request, Where.UPLOAD), act)

    async def put(self, request: Request) -> Response:
        """The bytes of an initiated upload."""
        stored = self._place(request)
        if stored is None:
            return _no_file()
        await self._storage.write(stored, request.stream())
        return Response(status_code=200)

    async def put_part(self, request: Request) -> Response:
        """One part of an upload."""
        stored = self._place(request)
        if stored is None:
            return _no_file()
        number = int(request.path_params["number"])
        try:
            etag = await self._storage.write_part(stored, number, request.stream())
        except BadUpload as error:
            return JSONResponse({"detail": str(error)}, 400)
        return JSONResponse({"partNumber": number, "etag": etag}, headers={"ETag": etag})

    async def complete(self, request: Request) -> Response:
        """All parts are there; they are named in any order."""
        stored = self._place(request)
        if stored is None:
            return _no_file()
        parts = (await _json(request)).get("parts")
        try:
            await self._storage.join_parts(stored, parts if isinstance(parts, list) else [])
        except BadUpload as error:
            return JSONResponse({"detail": str(error)}, 400)
        return JSONResponse({"access_url": base_url(request) + stored.route})

    async def read(self, request: Request) -> Response:
        """A file, whole or in ranges; public unless its own rules forbid."""
        stored = self._storage.get(request.path_params["file_id"], request.path_params["name"])
        if stored is None or stored.lifecycle.access == "hide":
            return _no_file()
        if stored.lifecycle.access == "forbid":
            return JSONResponse({"detail": "Access denied"}, 403)
        return FileResponse(stored.path, media_type=stored.content_type)

    def _announced(self, request: Request) -> StoredFile:
        content_type = request.headers.get("content-type", OCTETS)
        return self._storage.announce(request.headers.get("x-fal-file-name", ""), content_type, _lifecycle(request))

    def _place(self, request: Request) -> StoredFile | None:
        stored = self._storage.announced(request.path_params["file_id"])
        return stored if stored is not None and stored.name == request.path_params["name"] else None

    def _untrusted(self, request: Request) -> Response | None:
        """The CDN takes its own tokens, not keys."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        expires_at = self._sandbox.tokens.get(token)
        if expires_at is None or expires_at <= self._sandbox.now():
            return JSONResponse({"detail": "Invalid or expired token"}, 401)
        return None


def _no_file() -> Response:
    return JSONResponse({"detail": "File not found"}, 404)


def _lifecycle(request: Request) -> str:
    headers = request.headers
    return headers.get("x-fal-object-lifecycle", headers.get("x-fal-object-lifecycle-preference", ""))


async def _json(request: Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
