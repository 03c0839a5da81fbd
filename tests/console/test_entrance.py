"""Who gets into the console, as what, and what each of them cannot do."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.routing import Route

from bot.domain.badge import Badge
from tests.console.harness import HERE, MIA, MODERATOR, OWNER, TOKEN, VIEWER, Harness

COOKIE = "reelroom-console"
FREE = {"/console/login"}
"""Answers for itself: it is where one comes in."""


async def enter(client: httpx.AsyncClient, link: str) -> httpx.Response:
    """Open a link and press the button on its page."""
    page = await client.get(link)
    assert page.status_code == 200, page.text
    key = parse_qs(urlsplit(link).query)["key"][0]
    assert f'value="{key}"' in page.text
    return await client.post("/console/login", data={"key": key})


async def pressed(client: httpx.AsyncClient, key: str) -> httpx.Response:
    """The button of a login page, with any key."""
    return await client.post("/console/login", data={"key": key})


# --- coming in ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("badge", [OWNER, MODERATOR, VIEWER])
async def test_a_link_lets_in_once_and_says_as_what(at: Harness, badge: Badge) -> None:
    link = at.console.url(badge)
    async with at.stranger() as browser:
        entered = await enter(browser, link)
        assert (entered.status_code, entered.headers["location"]) == (303, "/console")
        page = (await browser.get("/console")).text
        assert badge.account.name in page
        assert badge.rank.value in page
        assert badge.group in page
    async with at.stranger() as another:
        refused = await another.get(link)
        assert refused.status_code == 403
        assert "no longer good" in refused.text
        again = await pressed(another, parse_qs(urlsplit(link).query)["key"][0])
        assert again.status_code == 403
        assert "set-cookie" not in again.headers
        assert (await another.get("/console")).status_code == 401


async def test_a_chat_network_that_opens_the_link_to_show_it_does_not_use_it_up(at: Harness) -> None:
    link = at.console.url(OWNER)
    async with at.stranger() as crawler, at.stranger() as browser:
        for _ in range(3):
            await crawler.head(link)
            opened = await crawler.get(link)
            assert opened.status_code == 200
            assert "set-cookie" not in opened.headers
        assert (await enter(browser, link)).status_code == 303


async def test_the_cookie_is_kept_from_scripts_and_from_other_sites_and_pages(at: Harness) -> None:
    async with at.stranger() as browser:
        entered = await enter(browser, at.console.url(OWNER))
    parts = {part.strip().lower() for part in entered.headers["set-cookie"].split(";")}
    assert {"httponly", "samesite=strict", "path=/console", "max-age=43200"} <= parts


async def test_an_expired_link_is_refused(at: Harness) -> None:
    link = at.console.url(OWNER)
    at.kept.clock.forward(timedelta(minutes=10).total_seconds())
    async with at.stranger() as browser:
        assert (await browser.get(link)).status_code == 403
        assert (await pressed(browser, parse_qs(urlsplit(link).query)["key"][0])).status_code == 403


@pytest.mark.parametrize("key", ["made.up", "x" * 300, "ä.ö"])
async def test_a_forged_link_is_refused(at: Harness, key: str) -> None:
    async with at.stranger() as browser:
        for answer in (await browser.get("/console/login", params={"key": key}), await pressed(browser, key)):
            assert answer.status_code == 403
            assert "set-cookie" not in answer.headers


async def test_a_session_is_over_after_twelve_hours_and_by_leaving(at: Harness) -> None:
    async with at.browser() as early, at.browser() as leaving:
        left = await leaving.send_form("/console/leave")
        assert left.status_code == 303
        assert left.headers["set-cookie"].startswith(f'{COOKIE}=""')
        assert (await early.get("/console")).status_code == 200
        at.kept.clock.forward(timedelta(hours=12).total_seconds())
        assert (await early.get("/console")).status_code == 401


async def test_the_login_page_without_a_link_lets_nobody_in(at: Harness) -> None:
    async with at.stranger() as browser:
        page = await browser.get("/console/login")
        assert (page.status_code, "You have left" in page.text) == (200, True)
        assert (await pressed(browser, "")).status_code == 403
        assert (await browser.get("/console")).status_code == 401


async def test_a_newer_link_changes_who_one_is(at: Harness) -> None:
    async with at.stranger() as browser:
        await enter(browser, at.console.url(VIEWER))
        await enter(browser, at.console.url(OWNER))
        assert "Olga" in (await browser.get("/console")).text


# --- the Room is another house --------------------------------------------------------------------------------------


async def test_the_rooms_session_does_not_open_the_console_nor_the_consoles_the_room(at: Harness) -> None:
    async with at.stranger(cookie=f"reelroom={at.room.cookie()}; {COOKIE}={at.room.cookie()}") as of_the_room:
        assert (await of_the_room.get("/")).text == "the Room"
        assert (await of_the_room.get("/console")).status_code == 401
    async with at.browser(OWNER) as of_the_console:
        assert (await of_the_console.get("/console")).status_code == 200
        assert (await of_the_console.get("/")).status_code == 401
        of_the_console.cookies.set("reelroom", of_the_console.cookies[COOKIE])
        assert (await of_the_console.get("/")).status_code == 401


async def test_links_are_made_behind_the_door_and_nowhere_else(at: Harness) -> None:
    async with at.browser(OWNER, **{"x-reelroom": "1"}) as browser:
        browser.cookies.set("reelroom", at.room.cookie())
        assert (await browser.post("/console-links", json={})).status_code == 404
    async with at.knock() as knocking:
        assert (await knocking.get("/console")).status_code == 404
        made = await knocking.post("/console-links", json={"role": "moderator", "group": HERE, "name": "Mia"})
    assert made.status_code == 201
    async with at.stranger() as browser:
        assert (await enter(browser, made.json()["url"])).status_code == 303
        assert "moderator of discord:1" in (await browser.get("/console")).text


async def test_a_group_is_called_by_its_name_where_it_has_one(at: Harness) -> None:
    await at.kept.admitted("a", account=MIA, group="1", group_name="Reel lovers")
    async with at.stranger() as browser:
        link = at.console.url(MODERATOR)
        assert "moderator of Reel lovers" in (await browser.get(link)).text
        await enter(browser, link)
        assert "moderator of Reel lovers" in (await browser.get("/console")).text


async def test_a_link_asked_for_without_a_word_is_the_owners(at: Harness) -> None:
    async with at.knock() as knocking, at.stranger() as browser:
        await enter(browser, (await knocking.post("/console-links", json={})).json()["url"])
        assert "the owner from the terminal" in (await browser.get("/console")).text


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ({"role": "king"}, "role"),
        ({"role": "owner", "group": HERE}, "owns every group"),
        ({"role": "viewer", "group": "no colon"}, "group"),
        ({"rank": "owner"}, "rank"),
        ({"name": "x" * 81}, "name"),
    ],
)
async def test_a_link_for_nobody_is_not_made(at: Harness, wanted: dict[str, str], why: str) -> None:
    async with at.knock() as knocking:
        refused = await knocking.post("/console-links", json=wanted)
    assert refused.status_code == 400
    assert why in refused.json()["detail"]


# --- every route asks ------------------------------------------------------------------------------------------------


def paths(at: Harness, method: str) -> list[str]:
    """Every route of the console by its method, with something in the place of its parameters."""
    routes = [route for route in at.console.routes() if isinstance(route, Route)]
    found = [route.path for route in routes if method in (route.methods or ())]
    return [path.replace("{", "").replace("}", "") for path in found if path not in FREE]


async def test_without_a_session_no_page_is_shown(at: Harness) -> None:
    made_up = f"{COOKIE}={at.badges.link(OWNER)}"
    async with at.stranger() as nobody, at.stranger(cookie=made_up) as forger:
        for path in paths(at, "GET"):
            assert (path, (await nobody.get(path)).status_code) == (path, 401)
            assert (path, (await forger.get(path)).status_code) == (path, 401)


async def test_without_a_session_nothing_is_done(at: Harness) -> None:
    async with at.stranger() as nobody:
        for path in paths(at, "POST"):
            assert (path, (await nobody.post(path)).status_code) == (path, 401)


async def test_no_form_is_taken_without_its_token_or_with_that_of_another_session(at: Harness) -> None:
    async with at.browser() as browser, at.browser() as another:
        foreign = TOKEN.search((await another.get("/console")).text)
        assert foreign
        for path in paths(at, "POST"):
            for token in ("", "0" * 64, foreign[1]):
                refused = await browser.post(path, data={"token": token})
                assert (path, refused.status_code) == (path, 403)
                assert "written for another visit" in refused.text
        assert (await browser.get("/console")).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "", "sec-fetch-site": "cross-site"},
        {"origin": "", "sec-fetch-site": "same-site"},
        {"origin": ""},
    ],
)
async def test_no_form_is_taken_from_another_site(at: Harness, headers: dict[str, str]) -> None:
    async with at.browser() as browser:
        token = TOKEN.search((await browser.get("/console")).text)
        assert token
        given = {name: value for name, value in {"origin": at.url, **headers}.items() if value}
        async with at.stranger() as elsewhere:
            elsewhere.headers = httpx.Headers(given)
            elsewhere.cookies.set(COOKIE, browser.cookies[COOKIE])
            for path in [*paths(at, "POST"), "/console/login"]:
                data = {"token": token[1], "key": at.badges.link(OWNER)}
                assert (path, (await elsewhere.post(path, data=data)).status_code) == (path, 403)


async def test_a_browser_that_only_says_same_origin_may_send_forms(at: Harness) -> None:
    async with at.browser() as browser:
        browser.headers = httpx.Headers({"sec-fetch-site": "same-origin"})
        assert (await browser.send_form("/console/leave")).status_code == 303


async def test_a_viewer_changes_nothing(at: Harness) -> None:
    async with at.browser(VIEWER) as viewer:
        for path in paths(at, "POST"):
            if path == "/console/leave":
                continue
            assert (path, (await viewer.send_form(path)).status_code) == (path, 403)
        assert (await viewer.send_form("/console/leave")).status_code == 303


async def test_every_answer_allows_nothing_inline_and_is_kept_by_nobody(at: Harness) -> None:
    async with at.browser() as browser, at.stranger() as nobody:
        answers = [await browser.get("/console"), await nobody.get("/console"), await browser.get("/console/nowhere")]
    assert [answer.status_code for answer in answers] == [200, 401, 404]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "<style" not in answer.text
        assert " style=" not in answer.text
        assert re.search(r"<[^>]* on\w+=", answer.text) is None


async def test_what_a_badge_is_called_is_text_and_nothing_else(at: Harness) -> None:
    async with at.knock() as knocking, at.stranger() as browser:
        made = await knocking.post("/console-links", json={"name": "<script>alert(1)</script>", "role": "viewer"})
        page = await browser.get(made.json()["url"])
        assert "<script" not in page.text
        assert "&lt;script&gt;" in page.text
