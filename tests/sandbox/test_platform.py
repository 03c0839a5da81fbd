"""The platform API, and the sandbox's own account of itself."""

from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal

import pytest

from bot.domain.catalogue import Endpoint
from bot.domain.price import quote, settle_amount
from bot.sandbox import billing
from bot.sandbox.history import page
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.validate import values_of
from tests.sandbox.harness import EFFECT, WORDS, Local, a_sandbox, catalogue, png, running

SMALL = {"prompt": "a paper boat", "resolution": "360p"}
HISTORY = "/v1/models/requests/by-endpoint"


async def test_the_models_are_listed_page_by_page(local: Local) -> None:
    seen: list[str] = []
    cursor = ""
    while True:
        body = (await local.http.get("/v1/models", params={"limit": 20, "cursor": cursor})).json()
        seen += [one["endpoint_id"] for one in body["models"]]
        if not body["has_more"]:
            break
        cursor = body["next_cursor"]
    assert seen == [one.id for one in local.sandbox.catalogue.everything]


async def test_a_model_is_found_by_id_word_and_status_and_comes_with_its_document(local: Local) -> None:
    wish = {"endpoint_id": EFFECT, "expand": "openapi-3.0"}
    (model,) = (await local.http.get("/v1/models", params=wish)).json()["models"]
    assert f"/{EFFECT}" in model["openapi"]["paths"]
    assert model["metadata"]["status"] == "active"
    retired = (await local.http.get("/v1/models", params={"status": "deprecated"})).json()["models"]
    assert {one["endpoint_id"] for one in retired} == {
        one.id for one in local.sandbox.catalogue.endpoints if one.retired
    }
    found = (await local.http.get("/v1/models", params={"q": "hailuo"})).json()["models"]
    assert found
    assert len(found) < len(local.sandbox.catalogue.endpoints)


async def test_the_openapi_document_stands_where_fal_has_it(local: Local) -> None:
    path = "/api/openapi/queue/openapi.json"
    document = (await local.http.get(path, params={"endpoint_id": EFFECT})).json()
    assert document == local.sandbox.documents(next(e for e in local.sandbox.catalogue.endpoints if e.id == EFFECT))
    assert (await local.http.get(path, params={"endpoint_id": "fal-ai/nothing"})).status_code == 404


async def test_prices_are_those_of_the_catalogue(local: Local) -> None:
    priced = {e.id: e.price for e in local.sandbox.catalogue.endpoints if e.price and e.price.unit_price_microusd}
    shown = (await local.http.get("/v1/models/pricing", params={"endpoint_id": list(priced)})).json()["prices"]
    assert {one["endpoint_id"]: round(one["unit_price"] * 1e6) for one in shown} == {
        name: price.unit_price_microusd for name, price in priced.items()
    }
    assert (await local.http.get("/v1/models/pricing")).status_code == 400


@pytest.mark.parametrize("one", catalogue().everything, ids=lambda one: one.slug)
def test_units_times_the_unit_price_are_the_catalogues_price(one: Endpoint) -> None:
    values = values_of(one, {})
    seconds = {option.name: 7.3 for option in one.options if option.is_media}
    units = billing.units(one, values, seconds)
    asked = quote(one, values, seconds=seconds)
    if one.price and one.price.unit_price_microusd:
        assert settle_amount(one, asked, units) == asked.cost_microusd
        assert Decimal(units) > 0
    else:
        assert units == "1"


async def test_the_history_lists_what_has_ended_with_its_payloads(local: Local) -> None:
    good, bad = await local.submit(WORDS, SMALL), await local.submit(WORDS, {})
    await local.submit(WORDS, {"prompt": "sandbox:stuck"})
    await local.result(good)
    await local.result(bad)
    params = {"endpoint_id": WORDS, "expand": "payloads"}
    items = (await local.http.get(HISTORY, params=params)).json()["items"]
    assert {one["request_id"]: one["status_code"] for one in items} == {good["request_id"]: 200, bad["request_id"]: 422}
    (item,) = (await local.http.get(HISTORY, params=params | {"status": "success"})).json()["items"]
    assert (item["endpoint_id"], item["json_input"]) == (WORDS, SMALL)
    assert item["json_output"]["video"]["content_type"] == "video/mp4"
    assert item["sent_at"] <= item["started_at"] <= item["ended_at"]
    assert item["duration"] > 0
    one_of_them = {"endpoint_id": WORDS, "request_id": bad["request_id"]}
    (plain,) = (await local.http.get(HISTORY, params=one_of_them)).json()["items"]
    assert "json_input" not in plain


@pytest.mark.parametrize(
    ("params", "count"),
    [
        ({"start": "2026-01-01"}, 1),
        ({"start": "2027-01-01T00:00:00Z"}, 0),
        ({"end": "2026-01-01"}, 0),
        ({"status": "user_error"}, 1),
        ({"status": "error"}, 0),
    ],
)
async def test_the_history_is_filtered(local: Local, params: dict[str, str], count: int) -> None:
    await local.run(WORDS, {})
    items = (await local.http.get(HISTORY, params={"endpoint_id": WORDS} | params)).json()["items"]
    assert len(items) == count


@pytest.mark.parametrize("params", [{}, {"endpoint_id": WORDS, "start": "soon"}, {"endpoint_id": WORDS, "cursor": "?"}])
async def test_a_history_that_cannot_be_asked_for_is_a_400(local: Local, params: dict[str, str]) -> None:
    assert (await local.http.get(HISTORY, params=params)).status_code == 400


async def test_payloads_are_forgotten_and_the_output_file_with_them(local: Local) -> None:
    url = await local.upload(png())
    taken = await local.submit(EFFECT, {"effect": "Hug", "image_url": url, "resolution": "360p"})
    video = (await local.result(taken)).json()["video"]["url"]
    deleted = await local.http.delete(f"/v1/models/requests/{taken['request_id']}/payloads")
    assert deleted.json() == {"cdn_delete_results": [{"link": video, "exception": None}]}
    assert (await local.http.get(video)).status_code == 404
    assert (await local.http.get(url)).status_code == 200
    assert (await local.http.get(taken["response_url"])).status_code == 404
    (item,) = (await local.http.get(HISTORY, params={"endpoint_id": EFFECT, "expand": "payloads"})).json()["items"]
    assert "json_input" not in item
    assert (await local.http.delete("/v1/models/requests/nothing/payloads")).status_code == 404


async def test_the_sandbox_tells_what_it_took_and_how_often_it_was_called(local: Local) -> None:
    taken = await local.submit(WORDS, SMALL)
    await local.submit(EFFECT, {})
    await local.http.get(taken["status_url"])
    body = (await local.http.get("/sandbox/requests", params={"endpoint_id": WORDS})).json()
    assert (body["count"], body["calls"]["submit"], body["calls"]["status"]) == (1, 2, 1)
    (one,) = body["requests"]
    assert (one["request_id"], one["endpoint_id"], one["input"]) == (taken["request_id"], WORDS, SMALL)


async def test_a_token_is_a_json_string_and_needs_a_key(pool: ProcessPoolExecutor) -> None:
    async with running(a_sandbox(SandboxSettings(key="right:one"), pool=pool)) as local:
        assert (await local.http.post("/tokens/", json={})).status_code == 401
        good = await local.http.post("/tokens/", json={}, headers={"Authorization": "Key right:one"})
        assert isinstance(good.json(), str)
    assert (await _meta(pool))["webhook_ip_ranges"] == ["127.0.0.1/32"]


async def _meta(pool: ProcessPoolExecutor) -> dict[str, list[str]]:
    async with running(a_sandbox(SandboxSettings(), pool=pool)) as local:
        body: dict[str, list[str]] = (await local.http.get("/v1/meta")).json()
        return body


def test_a_page_knows_whether_there_is_another() -> None:
    first, cursor = page(range(5), "", 2)
    assert (list(first), cursor is not None) == ([0, 1], True)
    second, cursor = page(range(5), cursor or "", 2)
    third, cursor = page(range(5), cursor or "", 2)
    assert (list(second), list(third), cursor) == ([2, 3], [4], None)
