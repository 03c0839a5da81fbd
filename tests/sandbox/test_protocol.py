"""The queue, spoken to over a real socket."""

import json
from concurrent.futures import ProcessPoolExecutor

import pytest

from bot.sandbox.settings import SandboxSettings
from tests.sandbox.harness import APP, EFFECT, KEY, WORDS, Local, ManualClock, a_sandbox, png, running

SMALL = {"prompt": "a paper boat", "resolution": "360p"}


async def test_a_picture_goes_in_and_a_video_comes_out(local: Local) -> None:
    url = await local.upload(png())
    taken = await local.submit(EFFECT, {"effect": "Kiss Me AI", "image_url": url, "resolution": "360p"})
    result = await local.result(taken)
    assert result.status_code == 200, result.text
    video = result.json()["video"]
    assert result.headers["x-fal-request-id"] == taken["request_id"]
    assert result.headers["x-fal-billable-units"]
    fetched = await local.http.get(video["url"])
    assert fetched.headers["content-type"] == "video/mp4"
    assert len(fetched.content) == video["file_size"]
    assert fetched.content[4:8] == b"ftyp"


async def test_a_submit_is_answered_with_links_of_the_application_on_the_callers_own_address(local: Local) -> None:
    taken = await local.submit(WORDS, SMALL)
    base = f"{local.url}/{APP}/requests/{taken['request_id']}"
    assert taken["status"] == "IN_QUEUE"
    assert (taken["response_url"], taken["status_url"], taken["cancel_url"]) == (
        base,
        f"{base}/status",
        f"{base}/cancel",
    )


async def test_links_lead_back_through_the_host_that_was_named(local: Local) -> None:
    response = await local.http.post(f"/{WORDS}", json=SMALL, headers={"Host": "queue.fal.run"})
    assert response.json()["status_url"].startswith(f"http://queue.fal.run/{APP}/requests/")


@pytest.mark.parametrize("owner", [APP, WORDS])
@pytest.mark.parametrize("tail", ["", "/", "/response", "/response/"])
async def test_a_result_is_found_by_either_form_of_the_id(local: Local, owner: str, tail: str) -> None:
    taken = await local.submit(WORDS, SMALL)
    await local.result(taken)
    response = await local.http.get(f"/{owner}/requests/{taken['request_id']}{tail}")
    assert response.json()["video"]["content_type"] == "video/mp4"


async def test_a_request_belongs_to_its_application(local: Local) -> None:
    taken = await local.submit(WORDS, SMALL)
    response = await local.http.get(f"/fal-ai/wan-i2v/requests/{taken['request_id']}/status")
    assert (response.status_code, response.json()) == (404, {"status": "NOT_FOUND"})


async def test_a_request_that_never_was_is_not_found(local: Local) -> None:
    for method, tail in [("GET", ""), ("GET", "/status"), ("PUT", "/cancel")]:
        response = await local.http.request(method, f"/{APP}/requests/nothing{tail}")
        assert (response.status_code, response.json()) == (404, {"status": "NOT_FOUND"})


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("fal-ai/no-such-thing", 'Application "no-such-thing" not found'),
        ("fal-ai/pixverse/v9/effects", "Path /v9/effects not found"),
    ],
)
async def test_an_unknown_application_is_refused_at_once(local: Local, path: str, detail: str) -> None:
    response = await local.http.post(f"/{path}", json={})
    assert (response.status_code, response.json()) == (404, {"detail": detail})


async def test_the_line_moves_on_and_only_two_run_at_once(pool: ProcessPoolExecutor) -> None:
    clock = ManualClock()
    async with running(a_sandbox(SandboxSettings(), clock=clock, pool=pool, draws=lambda: 0.0)) as local:
        taken = [await local.submit(WORDS, SMALL | {"seed": seed}) for seed in range(4)]
        await clock.pass_time(0)
        seen = [(await local.http.get(one["status_url"])).json() for one in taken]
        assert [one["status"] for one in seen] == ["IN_PROGRESS", "IN_PROGRESS", "IN_QUEUE", "IN_QUEUE"]
        assert [one.get("queue_position") for one in seen] == [None, None, 0, 1]
        assert (await local.http.put(taken[0]["cancel_url"])).status_code == 202
        await clock.pass_time(0)
        last = await local.http.get(taken[3]["status_url"])
        assert (last.status_code, last.json()["queue_position"]) == (202, 0)


async def test_a_position_counts_down_though_nobody_of_ours_is_before(pool: ProcessPoolExecutor) -> None:
    clock = ManualClock()
    async with running(a_sandbox(SandboxSettings(), clock=clock, pool=pool, draws=lambda: 0.99)) as local:
        taken = await local.submit(WORDS, SMALL)
        positions = []
        for _ in range(60):
            status = (await local.http.get(taken["status_url"])).json()
            if "queue_position" not in status:
                break
            positions.append(status["queue_position"])
            await clock.pass_time(0.5)
        assert list(dict.fromkeys(positions)) == [2, 1, 0]


async def test_low_priority_stands_behind_normal(pool: ProcessPoolExecutor) -> None:
    clock = ManualClock()
    settings = SandboxSettings(concurrency=1)
    async with running(a_sandbox(settings, clock=clock, pool=pool, draws=lambda: 0.0)) as local:
        await local.submit(WORDS, {"prompt": "sandbox:stuck"})
        await clock.pass_time(0)
        low = await local.submit(WORDS, SMALL, X_Fal_Queue_Priority="low")
        normal = await local.submit(WORDS, SMALL)
        positions = [(await local.http.get(one["status_url"])).json()["queue_position"] for one in (low, normal)]
        assert positions == [1, 0]


async def test_a_result_asked_for_too_early_is_a_400(local: Local) -> None:
    taken = await local.submit(WORDS, {"prompt": "sandbox:stuck"})
    response = await local.http.get(taken["response_url"])
    assert (response.status_code, response.json()) == (400, {"detail": "Request is still in progress"})


@pytest.mark.parametrize("asked", ["1", "true", "True"])
async def test_logs_are_there_when_asked_for_and_null_when_not(local: Local, asked: str) -> None:
    taken = await local.submit(WORDS, SMALL)
    await local.result(taken)
    without = (await local.http.get(taken["status_url"])).json()
    assert without["logs"] is None
    with_logs = (await local.http.get(taken["status_url"], params={"logs": asked})).json()
    assert with_logs["logs"][0] == {
        "message": "Loading the input",
        "level": "INFO",
        "source": "USER",
        "timestamp": with_logs["logs"][0]["timestamp"],
    }
    assert with_logs["metrics"]["inference_time"] > 0


async def test_the_status_stream_tells_every_change_once_and_ends(local: Local) -> None:
    taken = await local.submit(WORDS, SMALL)
    async with local.http.stream("GET", taken["status_url"] + "/stream", params={"logs": "1"}) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        events = [json.loads(line.removeprefix("data: ")) async for line in response.aiter_lines() if line]
    assert events[-1]["status"] == "COMPLETED"
    polled = (await local.http.get(taken["status_url"], params={"logs": "1"})).json()["logs"]
    assert [line for event in events for line in event.get("logs") or []] == polled


async def test_a_cancel_says_what_it_did(pool: ProcessPoolExecutor) -> None:
    clock = ManualClock()
    settings = SandboxSettings(concurrency=1)
    async with running(a_sandbox(settings, clock=clock, pool=pool, draws=lambda: 0.0)) as local:
        first, second = await local.submit(WORDS, SMALL), await local.submit(WORDS, SMALL)
        await clock.pass_time(0)
        said = [await local.http.put(one["cancel_url"]) for one in (second, first, first)]
        assert [(one.status_code, one.json()["status"]) for one in said] == [
            (200, "OK"),
            (202, "CANCELLATION_REQUESTED"),
            (400, "ALREADY_COMPLETED"),
        ]
        result = await local.http.get(first["response_url"])
        assert (result.status_code, result.json()["error_type"]) == (499, "client_cancelled")


async def test_an_input_is_judged_at_the_result_and_not_before(local: Local) -> None:
    taken = await local.submit(WORDS, {"resolution": "8k"})
    result = await local.result(taken)
    assert result.status_code == 422
    assert result.headers["x-fal-billable-units"] == "0"
    kinds = {tuple(flaw["loc"]): flaw["type"] for flaw in result.json()["detail"]}
    assert kinds == {("body", "prompt"): "missing", ("body", "resolution"): "literal_error"}
    status = await local.http.get(taken["status_url"])
    assert (status.status_code, status.json()["error"]) == (200, "Invalid status code: 422")


@pytest.mark.parametrize(("size", "kept_s"), [(10**6, 3600), (10, 360)])
async def test_a_result_is_kept_an_hour_and_a_large_one_six_minutes(
    pool: ProcessPoolExecutor, size: int, kept_s: int
) -> None:
    clock = ManualClock()
    settings = SandboxSettings(large_result_bytes=size)
    async with running(a_sandbox(settings, clock=clock, pool=pool, draws=lambda: 0.0)) as local:
        taken = await local.submit(WORDS, {})
        await clock.pass_time(0)
        assert (await local.http.get(taken["response_url"])).status_code == 422
        await clock.pass_time(kept_s - 1)
        assert (await local.http.get(taken["response_url"])).status_code == 422
        await clock.pass_time(2)
        assert (await local.http.get(taken["response_url"])).status_code == 404


@pytest.mark.parametrize(
    ("header", "detail"),
    [
        ("", f'Cannot access application "{APP}". Authentication is required to access this application.'),
        ("Key nothing", "Invalid Key Authorization header format. Expected '<key_id>:<key_secret>'."),
        ("Key a:b", "No user found for Key ID and Secret"),
    ],
)
async def test_a_wrong_key_is_told_apart(pool: ProcessPoolExecutor, header: str, detail: str) -> None:
    async with running(a_sandbox(SandboxSettings(key="right:one"), pool=pool)) as local:
        response = await local.http.post(f"/{WORDS}", json=SMALL, headers={"Authorization": header})
        assert (response.status_code, response.json()) == (401, {"detail": detail})
        right = {"Authorization": "Key right:one"}
        assert (await local.http.post(f"/{WORDS}", json=SMALL, headers=right)).status_code == 200


async def test_a_start_deadline_ends_what_has_not_started(pool: ProcessPoolExecutor) -> None:
    clock = ManualClock()
    settings = SandboxSettings(concurrency=1)
    async with running(a_sandbox(settings, clock=clock, pool=pool, draws=lambda: 0.0)) as local:
        await local.submit(WORDS, {"prompt": "sandbox:stuck"})
        await clock.pass_time(0)
        taken = await local.submit(WORDS, SMALL, X_Fal_Request_Timeout="30.0")
        await clock.pass_time(29)
        assert (await local.http.get(taken["status_url"])).status_code == 202
        await clock.pass_time(2)
        result = await local.http.get(taken["response_url"])
        assert (result.status_code, result.headers["x-fal-request-timeout-type"]) == (504, "user")


@pytest.mark.parametrize("path", [f"/fal.run/{WORDS}", f"/{WORDS}"])
async def test_a_direct_run_answers_with_the_video(local: Local, path: str) -> None:
    host = {} if path.startswith("/fal.run") else {"Host": "fal.run"}
    response = await local.http.post(path, json=SMALL, headers=host)
    assert response.status_code == 200, response.text
    assert response.json()["video"]["content_type"] == "video/mp4"


async def test_a_direct_run_over_the_limit_is_refused(pool: ProcessPoolExecutor) -> None:
    clock = ManualClock()
    async with running(a_sandbox(SandboxSettings(concurrency=1), clock=clock, pool=pool, draws=lambda: 0.0)) as local:
        await local.submit(WORDS, {"prompt": "sandbox:stuck"})
        await clock.pass_time(0)
        response = await local.http.post(f"/fal.run/{WORDS}", json=SMALL)
        assert (response.status_code, response.json()["error_type"]) == (429, "concurrent_requests_limit")
        assert response.headers["x-fal-needs-retry"] == "1"


async def test_a_call_may_come_through_the_javascript_clients_proxy_header(local: Local) -> None:
    target = {"x-fal-target-url": f"https://queue.fal.run/{WORDS}?fal_max_queue_length=9"}
    response = await local.http.post("/api/fal/proxy", json=SMALL, headers=target)
    assert response.json()["status"] == "IN_QUEUE"


async def test_a_queue_longer_than_the_caller_wants_is_a_429(pool: ProcessPoolExecutor) -> None:
    clock = ManualClock()
    async with running(a_sandbox(SandboxSettings(concurrency=1), clock=clock, pool=pool, draws=lambda: 0.0)) as local:
        for _ in range(3):
            await local.submit(WORDS, {"prompt": "sandbox:stuck"})
        await clock.pass_time(0)
        refused = await local.http.post(f"/{WORDS}", params={"fal_max_queue_length": 1}, json=SMALL)
        taken = await local.http.post(f"/{WORDS}", params={"fal_max_queue_length": 2}, json=SMALL)
        assert (refused.status_code, taken.status_code) == (429, 200)


async def test_a_body_that_is_no_json_is_not_taken(local: Local) -> None:
    response = await local.http.post(f"/{WORDS}", content=b"{", headers=KEY)
    assert response.status_code == 400
    assert (await local.http.get("/sandbox/requests")).json()["count"] == 0


async def test_streams_end_when_the_sandbox_stops(pool: ProcessPoolExecutor) -> None:
    sandbox = a_sandbox(SandboxSettings(), pool=pool)
    async with running(sandbox) as local:
        taken = await local.submit(WORDS, {"prompt": "sandbox:stuck"})
        async with local.http.stream("GET", taken["status_url"] + "/stream") as response:
            assert response.status_code == 200
            await sandbox.stop()
            assert isinstance(await response.aread(), bytes)


async def test_the_front_page_names_every_endpoint(local: Local) -> None:
    page = (await local.http.get("/")).text
    assert all(endpoint.id in page for endpoint in local.sandbox.catalogue.endpoints)
