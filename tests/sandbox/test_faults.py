"""Every fault, as a client meets it; and how faults are named."""

import asyncio
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import ConfigInvalid
from bot.sandbox.answers import INFRA_ERRORS, MODEL_ERRORS
from bot.sandbox.faults import Fault, FaultBook, Kind, Rule, Where, parse_fault, parse_rule, wished
from bot.sandbox.settings import SandboxSettings
from tests.sandbox.harness import ROOT, WORDS, Local, ManualClock, a_sandbox, running

SMALL = {"prompt": "a paper boat", "resolution": "360p"}


def wishing(fault: str) -> dict[str, Any]:
    return {"prompt": f"a paper boat sandbox:{fault}", "resolution": "360p"}


async def taken(local: Local) -> int:
    count: int = (await local.http.get("/sandbox/requests")).json()["count"]
    return count


@pytest.mark.parametrize("kind", sorted(MODEL_ERRORS))
async def test_every_documented_model_error_comes_at_the_result(local: Local, kind: str) -> None:
    result = await local.run(WORDS, wishing(f"422:{kind}"))
    (flaw,) = result.json()["detail"]
    assert result.status_code == MODEL_ERRORS[kind].status
    assert (flaw["type"], flaw.get("ctx", {})) == (kind, dict(MODEL_ERRORS[kind].ctx))
    assert result.headers["x-fal-billable-units"] == "0"
    assert result.headers["x-fal-request-id"]


@pytest.mark.parametrize("kind", sorted(INFRA_ERRORS))
async def test_every_documented_request_error_is_told_by_the_status_and_the_result(local: Local, kind: str) -> None:
    accepted = await local.submit(WORDS, wishing(f"infra:{kind}"))
    result = await local.result(accepted)
    status = (await local.http.get(accepted["status_url"])).json()
    assert (status["status"], status["error_type"]) == ("COMPLETED", kind)
    assert status["error"]
    assert (result.status_code, result.json()["error_type"]) == (INFRA_ERRORS[kind], kind)
    assert result.headers["x-fal-error-type"] == kind


async def test_500_is_the_models_own_crash(local: Local) -> None:
    result = await local.run(WORDS, wishing("500"))
    assert (result.status_code, result.json()) == (500, {"detail": "Internal Server Error"})
    assert result.headers["x-fal-request-id"]


async def test_504_is_the_callers_own_start_deadline(local: Local) -> None:
    result = await local.run(WORDS, wishing("504"))
    assert (result.status_code, result.headers["x-fal-request-timeout-type"]) == (504, "user")


@pytest.mark.parametrize(("fault", "status"), [("502", 502), ("503", 503)])
async def test_an_ingress_error_is_html_without_a_request_id_and_takes_nothing(
    local: Local, fault: str, status: int
) -> None:
    response = await local.http.post(f"/{WORDS}", json=wishing(fault))
    assert response.status_code == status
    assert "nginx" in response.text
    assert "x-fal-request-id" not in response.headers
    assert await taken(local) == 0
    again = await local.http.post(f"/{WORDS}", json=wishing(fault))
    assert again.status_code == 200, "words in an input strike its submit once"


async def test_a_connection_dropped_before_the_submit_was_taken(local: Local) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        await local.http.post(f"/{WORDS}", json=wishing("drop-before"))
    assert await taken(local) == 0


async def test_a_connection_dropped_after_the_submit_was_taken(local: Local) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        await local.http.post(f"/{WORDS}", json=wishing("drop-after"))
    assert await taken(local) == 1


@pytest.mark.parametrize(("where", "link"), [("status", "status_url"), ("result", "response_url")])
async def test_a_fault_of_the_wire_strikes_the_call_it_names_once(local: Local, where: str, link: str) -> None:
    accepted = await local.submit(WORDS, wishing(f"502:{where}"))
    first, second = [await local.http.get(accepted[link]) for _ in range(2)]
    assert first.status_code == 502
    assert second.status_code != 502


@pytest.mark.parametrize(
    ("where", "path"),
    [("history", f"/v1/models/requests/by-endpoint?endpoint_id={WORDS}"), ("jwks", "/.well-known/jwks.json")],
)
async def test_a_call_beside_the_queue_can_be_struck_too(local: Local, where: str, path: str) -> None:
    local.sandbox.faults.add(f"503:{where}:1")
    assert [(await local.http.get(path)).status_code for _ in range(2)] == [503, 200]
    assert local.sandbox.counted[where] == 2


async def test_a_header_strikes_its_own_call(local: Local) -> None:
    accepted = await local.submit(WORDS, SMALL)
    wish = {"x-sandbox-fault": "503:status"}
    assert (await local.http.get(accepted["status_url"], headers=wish)).status_code == 503
    assert (await local.http.get(accepted["status_url"])).status_code in {200, 202}
    token = "/storage/auth/token"
    assert (await local.http.post(token, headers={"x-sandbox-fault": "502:upload"})).status_code == 502


async def test_a_full_queue_takes_nothing(local: Local) -> None:
    response = await local.http.post(f"/{WORDS}", json=wishing("queue-full"))
    assert response.status_code == 429
    assert await taken(local) == 0


async def test_slow_is_ten_times_as_long(pool: ProcessPoolExecutor) -> None:
    async def took_s(local: Local, arguments: dict[str, Any]) -> float:
        accepted = await local.submit(WORDS, arguments)
        await local.result(accepted)
        status = (await local.http.get(accepted["status_url"])).json()
        return float(status["metrics"]["inference_time"])

    async with running(a_sandbox(SandboxSettings(speed=2), pool=pool)) as local:
        usual, slow = await took_s(local, SMALL), await took_s(local, wishing("slow"))
        typical_s = next(one.typical_s for one in local.sandbox.catalogue.endpoints if one.id == WORDS)
        assert usual == pytest.approx(typical_s / 2)
        assert slow == pytest.approx(typical_s * 5)


async def test_stuck_never_ends(pool: ProcessPoolExecutor) -> None:
    clock = ManualClock()
    async with running(a_sandbox(SandboxSettings(), clock=clock, pool=pool, draws=lambda: 0.0)) as local:
        accepted = await local.submit(WORDS, wishing("stuck"))
        await clock.pass_time(7 * 24 * 3600)
        assert (await local.http.get(accepted["status_url"])).json()["status"] == "IN_PROGRESS"


async def test_a_run_may_finish_after_its_cancel_and_is_billed(pool: ProcessPoolExecutor) -> None:
    clock = ManualClock()
    async with running(a_sandbox(SandboxSettings(), clock=clock, pool=pool, draws=lambda: 0.0)) as local:
        accepted = await local.submit(WORDS, wishing("finish-after-cancel"))
        await clock.pass_time(0)
        assert (await local.http.put(accepted["cancel_url"])).status_code == 202
        waiting = asyncio.create_task(local.result(accepted))
        await clock.pass_time(600)
        result = await waiting
        assert (result.status_code, result.headers["x-fal-billable-units"] != "0") == (200, True)


async def test_a_failure_may_be_billed(local: Local) -> None:
    result = await local.run(WORDS, wishing("billed-failure"))
    assert result.status_code == 422
    assert result.headers["x-fal-billable-units"] not in {"", "0"}


async def test_a_result_may_be_gone(local: Local) -> None:
    result = await local.run(WORDS, wishing("expired"))
    assert (result.status_code, result.json()) == (404, {"status": "NOT_FOUND"})


async def test_a_locked_account_is_refused_everywhere_until_it_is_open_again(local: Local) -> None:
    accepted = await local.submit(WORDS, SMALL)
    await local.http.post("/sandbox/faults", json={"locked": True})
    calls = [
        await local.http.post(f"/{WORDS}", json=SMALL),
        await local.http.get(accepted["status_url"]),
        await local.http.get(accepted["response_url"]),
        await local.http.put(accepted["cancel_url"]),
        await local.http.post("/storage/auth/token"),
        await local.http.get("/v1/models/pricing", params={"endpoint_id": WORDS}),
    ]
    assert {one.status_code for one in calls} == {403}
    assert "Exhausted balance" in calls[0].json()["detail"]
    await local.http.post("/sandbox/faults", json={"locked": False})
    assert (await local.http.get(accepted["status_url"])).status_code in {200, 202}


async def test_an_endpoint_may_be_locked_alone(pool: ProcessPoolExecutor) -> None:
    async with running(a_sandbox(SandboxSettings(fail=("locked:*/pixverse/*",)), pool=pool)) as local:
        assert (await local.http.post(f"/{WORDS}", json=SMALL)).status_code == 403
        assert (await local.http.post("/fal-ai/wan-i2v", json={})).status_code == 200


async def test_rules_are_put_in_force_and_cleared_while_it_runs(local: Local) -> None:
    rule = {"rules": [f"422:no_media_generated:{WORDS}:2"]}
    assert (await local.http.post("/sandbox/faults", json=rule)).status_code == 200
    statuses = [(await local.run(WORDS, SMALL | {"seed": seed})).status_code for seed in range(3)]
    assert statuses == [200, 422, 200]
    shown = (await local.http.get("/sandbox/faults")).json()
    assert shown["rules"][0] | {"matched": 3} == shown["rules"][0]
    assert (await local.http.delete("/sandbox/faults")).json()["rules"] == []
    assert (await local.http.post("/sandbox/faults", json={"rules": ["nonsense"]})).status_code == 400


async def test_a_rule_with_a_probability_asks_the_dice(pool: ProcessPoolExecutor) -> None:
    numbers = iter([0.9, 0.1])
    book = FaultBook(["502:0.5"], lambda: next(numbers))
    assert [len(book.of_call(Where.SUBMIT, WORDS)) for _ in range(2)] == [0, 1]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("502", Rule(fault=Fault(kind=Kind.NGINX_502, detail="submit"))),
        ("422:image_too_small", Rule(fault=Fault(kind=Kind.REJECTED, detail="image_too_small"))),
        ("slow:fal-ai/wan-i2v:3", Rule(fault=Fault(kind=Kind.SLOW), endpoint="fal-ai/wan-i2v", nth=3)),
        ("drop-after:*:0.25", Rule(fault=Fault(kind=Kind.DROP_AFTER, detail="submit"), probability=0.25)),
        ("503:status:fal-ai/*", Rule(fault=Fault(kind=Kind.INGRESS_503, detail="status"), endpoint="fal-ai/*")),
    ],
)
def test_a_rule_says_what_where_and_how_often(text: str, rule: Rule) -> None:
    assert parse_rule(text) == rule


@pytest.mark.parametrize("text", ["", "oops", "422:no_such_type", "slow:much", "infra:lost", "502:everywhere"])
def test_a_rule_that_is_none_is_refused_with_what_there_is(text: str) -> None:
    with pytest.raises(ConfigInvalid) as caught:
        parse_rule(text)
    assert caught.value.problems[0].file == "--fail"


@given(st.sampled_from(Kind), st.text(alphabet="abc (),.", max_size=9))
def test_a_fault_is_found_among_other_words(kind: Kind, around: str) -> None:
    assert wished("", {"deep": [{"prompt": f"{around} sandbox:{kind} {around}"}]}) == (parse_fault(kind),)


@given(
    st.recursive(
        st.text() | st.none() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_an_ordinary_input_wishes_for_nothing_and_breaks_nothing(arguments: Any) -> None:
    assert all(isinstance(fault, Fault) for fault in wished("", arguments))


def test_the_page_of_the_sandbox_names_every_fault() -> None:
    page = (ROOT / "docs" / "sandbox.md").read_text(encoding="utf-8")
    rows = page.partition("| kind |")[2].partition("\n\n")[0]
    assert [kind for kind in Kind if f"`{kind}" not in rows] == []
