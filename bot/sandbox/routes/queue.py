"""The queue's calls: submit, status, status stream, result, cancel; and the direct run.

Both forms of the id are taken (application alone, or the full endpoint id), with and without `/response`; what we
return is always application alone. Source: https://fal.ai/docs/documentation/model-apis/inference/queue.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.domain.catalogue import Endpoint
from bot.sandbox import answers
from bot.sandbox.addressing import DIRECT, base_url
from bot.sandbox.faults import HEADER, Kind, Where
from bot.sandbox.queue import Cancelled, Status, Submission, app_of, result_gone
from bot.sandbox.routes.gate import LOCKED, refusal, replay, strikes, through_wire
from bot.sandbox.sandbox import Sandbox

NOT_FOUND = {"status": "NOT_FOUND"}
_ACTIONS = {"": "result", "response": "result", "status": "status", "status/stream": "stream", "cancel": "cancel"}
_METHODS = {"result": "GET", "status": "GET", "stream": "GET", "cancel": "PUT"}
_WHERE = {"result": Where.RESULT, "status": Where.STATUS, "stream": Where.STATUS, "cancel": Where.CANCEL}


@dataclass(frozen=True, slots=True)
class Address:
    """A path of the queue: whose it is, and for a request which and what."""

    owner: str
    request_id: str = ""
    action: str = ""


def parse(path: str) -> Address | None:
    """What a path of the queue means; None for a path that fal does not have."""
    parts = path.strip("/").split("/")
    if "requests" not in parts[1:]:
        return Address("/".join(parts)) if len(parts) > 1 else None
    at = parts.index("requests", 1)
    action = _ACTIONS.get("/".join(parts[at + 2 :]))
    if action is None or len(parts) < at + 2:
        return None
    return Address("/".join(parts[:at]), parts[at + 1], action)


def wants_logs(request: Request) -> bool:
    """Whether log lines were asked for: clients say 1, true and True."""
    return request.query_params.get("logs", "").lower() in {"1", "true", "yes"}


def status_of(sandbox: Sandbox, submission: Submission, *, logs: bool, from_line: int = 0) -> dict[str, Any]:
    """The status as fal writes it; `logs` is there even when it is null."""
    url = submission.url
    body: dict[str, Any] = {
        "status": submission.status,
        "request_id": submission.id,
        "response_url": url,
        "status_url": f"{url}/status",
        "cancel_url": f"{url}/cancel",
    }
    if submission.status is Status.IN_QUEUE:
        return body | {"queue_position": sandbox.queue.position(submission)}
    body["logs"] = [line.as_json() for line in submission.logs[from_line:]] if logs else None
    if submission.status is Status.COMPLETED:
        took_s = submission.inference_s()
        body["metrics"] = {} if took_s is None else {"inference_time": took_s}
        body |= {"error": submission.error} if submission.error else {}
        body |= {"error_type": submission.error_type} if submission.error_type else {}
    return body


class QueueRoutes:
    """Handlers over one sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def routes(self) -> list[Route]:
        """Must come last: the queue owns every path that nobody else has."""
        return [
            Route(f"/{DIRECT}/{{path:path}}", self.direct, methods=["POST"]),
            Route("/{path:path}", self.any, methods=["GET", "POST", "PUT"]),
        ]

    async def any(self, request: Request) -> Response:
        """Tell submits from the calls about a request."""
        address = parse(request.path_params["path"])
        if address is None:
            return JSONResponse({"detail": "Not Found"}, 404)
        if not address.request_id:
            return await self._submit(request, address.owner)
        if request.method != _METHODS[address.action]:
            return JSONResponse({"detail": "Method Not Allowed"}, 405)
        refused = refusal(self._sandbox, request, app_of(address.owner))
        if refused is not None:
            return refused
        return await self._about(request, address)

    async def direct(self, request: Request) -> Response:
        """Run at once and answer with the model's own answer; no more at a time than the account may."""
        sandbox = self._sandbox
        sandbox.counted["direct"] += 1
        made = await self._made(request, request.path_params["path"], direct=True)
        if isinstance(made, Response):
            return made
        if sandbox.queue.is_full():
            body = {"detail": "Concurrent requests limit reached", "error_type": "concurrent_requests_limit"}
            return JSONResponse(body, 429, {"X-Fal-needs-retry": "1", "X-Fal-Error-Type": "concurrent_requests_limit"})
        sandbox.submit(made)
        while made.status is not Status.COMPLETED and not sandbox.stopping:
            await sandbox.changes.wait()
        return replay(made.answer or answers.infra_error("internal_error"), made.id)

    async def _submit(self, request: Request, endpoint_id: str) -> Response:
        sandbox = self._sandbox
        if request.method != "POST":
            return JSONResponse({"detail": "Method Not Allowed"}, 405)
        sandbox.counted["submit"] += 1
        made = await self._made(request, endpoint_id)
        if isinstance(made, Response):
            return made
        header = request.headers.get(HEADER, "")
        faults = sandbox.faults_for(Where.SUBMIT, endpoint_id, header, made.arguments)

        async def take() -> Response:
            longest = request.query_params.get("fal_max_queue_length", "")
            waiting = sandbox.queue.waiting_for(endpoint_id)
            if made.fault(Kind.QUEUE_FULL) or (longest.isdigit() and waiting > int(longest)):
                return JSONResponse({"detail": "The queue of this endpoint is full"}, 429)
            if made.fault(Kind.LOCKED):
                return JSONResponse({"detail": LOCKED}, 403)
            sandbox.submit(made)
            shown = status_of(sandbox, made, logs=False)
            return JSONResponse(shown, headers={"x-fal-request-id": made.id})

        return await through_wire(faults, take)

    async def _made(self, request: Request, endpoint_id: str, *, direct: bool = False) -> Submission | Response:
        sandbox = self._sandbox
        refused = refusal(sandbox, request, app_of(endpoint_id))
        if refused is not None:
            return refused
        endpoint = next((one for one in sandbox.catalogue.everything if one.id == endpoint_id), None)
        if endpoint is None:
            return self._unknown(endpoint_id)
        try:
            arguments = json.loads(await request.body())
        except ValueError:
            return JSONResponse({"detail": "The body is not valid JSON", "error_type": "bad_request"}, 400)
        return self._submission(request, endpoint, arguments, direct=direct)

    def _submission(self, request: Request, endpoint: Endpoint, arguments: Any, *, direct: bool) -> Submission:
        headers, sandbox = request.headers, self._sandbox
        return Submission(
            id=sandbox.new_id(),
            endpoint=endpoint,
            arguments=arguments,
            base_url=base_url(request),
            submitted_at=sandbox.now(),
            low_priority=headers.get("x-fal-queue-priority", "") == "low",
            direct=direct,
            webhook_url=request.query_params.get("fal_webhook", ""),
            start_within_s=_seconds(headers.get("x-fal-request-start-timeout", headers.get("x-fal-request-timeout"))),
            lifecycle=headers.get("x-fal-object-lifecycle-preference", ""),
            faults=sandbox.faults_of_run(endpoint.id, headers.get(HEADER, ""), arguments),
        )

    def _unknown(self, endpoint_id: str) -> Response:
        app = app_of(endpoint_id)
        if any(app_of(one.id) == app for one in self._sandbox.catalogue.everything):
            path = endpoint_id.removeprefix(app) or "/"
            return JSONResponse({"detail": f"Path {path} not found"}, 404, {"x-fal-billable-units": "0"})
        return JSONResponse({"detail": f'Application "{app.split("/")[-1]}" not found'}, 404)

    async def _about(self, request: Request, address: Address) -> Response:
        sandbox = self._sandbox
        sandbox.counted[address.action] += 1
        submission = sandbox.queue.get(address.request_id)
        if submission is None or address.owner not in {submission.app, submission.endpoint.id}:
            return JSONResponse(NOT_FOUND, 404)
        where = _WHERE[address.action]
        own = submission.strike(where)
        faults = strikes(sandbox, request, where, submission.endpoint.id) + ((own,) if own else ())

        async def answer() -> Response:
            match address.action:
                case "status":
                    return self._status(request, submission)
                case "stream":
                    return self._stream(request, submission)
                case "cancel":
                    return self._cancel(submission)
                case _:
                    return self._result(submission)

        return await through_wire(faults, answer)

    def _status(self, request: Request, submission: Submission) -> Response:
        body = status_of(self._sandbox, submission, logs=wants_logs(request))
        ended = submission.status is Status.COMPLETED
        return JSONResponse(body, 200 if ended else 202, {"x-fal-request-id": submission.id})

    def _stream(self, request: Request, submission: Submission) -> Response:
        events = self._events(submission, logs=wants_logs(request))
        headers = {"x-fal-request-id": submission.id, "cache-control": "no-cache"}
        return StreamingResponse(events, media_type="text/event-stream", headers=headers)

    async def _events(self, submission: Submission, *, logs: bool) -> AsyncIterator[str]:
        """An event whenever the status changes; each has only the log lines since the last."""
        told, last = 0, ""
        while not self._sandbox.stopping:
            body = status_of(self._sandbox, submission, logs=logs, from_line=told)
            ended = submission.status is Status.COMPLETED
            told = len(submission.logs) if "logs" in body else told
            text = json.dumps(body)
            if text != last or ended:
                yield f"data: {text}\n\n"
            if ended:
                return
            last = json.dumps(body | ({"logs": [] if logs else None} if "logs" in body else {}))
            await self._sandbox.changes.wait()

    def _cancel(self, submission: Submission) -> Response:
        outcome = self._sandbox.cancel(submission)
        status = {Cancelled.OK: 200, Cancelled.REQUESTED: 202, Cancelled.TOO_LATE: 400}[outcome]
        return JSONResponse({"status": outcome}, status, {"x-fal-request-id": submission.id})

    def _result(self, submission: Submission) -> Response:
        settings = self._sandbox.settings
        if submission.answer is None:
            headers = {"x-fal-request-id": submission.id}
            return JSONResponse({"detail": "Request is still in progress"}, 400, headers)
        is_large = len(submission.answer.body) >= settings.large_result_bytes
        retention_s = settings.large_result_retention_s if is_large else settings.result_retention_s
        if result_gone(submission, self._sandbox.now(), retention_s=retention_s):
            return JSONResponse(NOT_FOUND, 404)
        return replay(submission.answer, submission.id)


def _seconds(header: str | None) -> float | None:
    try:
        return float(header) if header else None
    except ValueError:
        return None
