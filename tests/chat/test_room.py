"""The Room's API on real sockets and a real store."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from bot.domain.ask import Place
from bot.domain.errors import PlaceGone, Problem, Refused, Slug, StoreUnavailable
from bot.domain.notice import Action, Button, Notice, Tone
from tests.chat.room_harness import Harness, new_id, picture, room


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncIterator[Harness]:
    async with room(tmp_path) as running:
        yield running


def jpeg() -> bytes:
    data = io.BytesIO()
    picture().save(data, "JPEG")
    return data.getvalue()


async def upload(client: httpx.AsyncClient) -> dict[str, object]:
    answer = await client.post("/api/uploads", content=jpeg(), headers={"x-file-name": "me%20and%20you.jpg"})
    assert answer.status_code == 201
    found: dict[str, object] = answer.json()
    return found


async def ask(client: httpx.AsyncClient, event: str, **more: object) -> httpx.Response:
    body = {"id": event, "text": "/effect Kiss Me AI", "attachments": [await upload(client)], **more}
    return await client.post("/api/asks", json=body)


def place(thread: str) -> Place:
    return Place(platform="room", address=thread)


async def test_an_upload_is_staged_under_its_hash_with_its_name(harness: Harness) -> None:
    async with harness.browser() as client:
        attachment = await upload(client)
        assert attachment["name"] == "me and you.jpg"
        preview = await client.get(f"/staged/{attachment['handle']}")
    assert preview.content == jpeg()
    assert preview.headers["content-type"] == "image/jpeg"


async def test_an_empty_upload_is_refused_with_a_sentence(harness: Harness) -> None:
    async with harness.browser() as client:
        answer = await client.post("/api/uploads?name=nothing.jpg", content=b"")
    assert answer.status_code == 422
    assert "nothing.jpg" in answer.json()["notice"]["text"]


async def test_an_ask_opens_a_thread_and_is_received(harness: Harness) -> None:
    async with harness.browser() as client:
        answer = await ask(client, "event-0001")
        thread = (await client.get(f"/api/threads/{answer.json()['thread']}")).json()
    assert answer.status_code == 202
    (received,) = harness.front.received
    assert received.id == answer.json()["ask"]
    assert received.place == place(answer.json()["thread"])
    assert received.account.is_owner
    assert received.wish.options == {"effect": "Kiss Me AI"}
    assert [line["kind"] for line in thread["lines"]] == ["ask"]
    assert thread["thread"]["title"] == "/effect Kiss Me AI"


async def test_a_question_about_ones_own_things_is_answered_in_its_thread_and_starts_nothing(harness: Harness) -> None:
    async with harness.browser() as client:
        draft = await client.post("/api/draft", json={"text": "/quota"})
        answer = await client.post("/api/asks", json={"id": "event-0001", "text": "/quota"})
        thread = (await client.get(f"/api/threads/{answer.json()['thread']}")).json()
    assert draft.json()["notice"]["text"] == "What you may still spend, and when it refills"
    assert answer.status_code == 202
    assert [line["kind"] for line in thread["lines"]] == ["ask", "say"]
    assert thread["lines"][1]["notice"]["text"] == "you asked /quota"
    assert harness.front.received == []


async def test_what_is_usually_wanted_is_in_the_price_and_in_the_ask_where_nothing_is_said(harness: Harness) -> None:
    harness.front.usual = {"aspect": "9:16"}
    async with harness.browser() as client:
        for event, text in (("event-0001", "/animate a boat"), ("event-0002", "/animate a boat --aspect 1:1")):
            await ask(client, event, text=text)
        bad = {"text": "/animate a boat", "attachments": [await upload(client)]}
        harness.front.usual = {"aspect": "7:7"}
        drafted = await client.post("/api/draft", json=bad)
    assert [one.wish.options["aspect"] for one in harness.front.received] == ["9:16", "1:1"]
    assert "7:7" in drafted.json()["notice"]["text"]


async def test_what_is_for_one_pair_of_eyes_is_answered_and_written_nowhere(harness: Harness) -> None:
    async with harness.browser() as client:
        answer = await client.post("/api/asks", json={"id": "event-0001", "text": "/link"})
        threads = (await client.get("/api/threads")).json()["threads"]
    assert answer.status_code == 200
    assert answer.json()["notice"]["text"] == "you asked /link"
    assert threads == []


async def test_what_an_owner_says_behind_admin_is_answered_and_written_nowhere(harness: Harness) -> None:
    async with harness.browser() as client:
        draft = await client.post("/api/draft", json={"text": "/admin status"})
        answer = await client.post("/api/asks", json={"id": "event-0001", "text": "/admin status"})
        threads = (await client.get("/api/threads")).json()["threads"]
    assert draft.json()["notice"]["text"].startswith("For moderators and the owner")
    assert answer.json()["notice"]["text"] == "you asked /admin status by event-0001"
    assert threads == []


async def test_again_is_asked_in_the_thread_it_was_typed_in_wherever_the_latest_was(harness: Harness) -> None:
    async with harness.browser() as client:
        refused = await client.post("/api/asks", json={"id": "event-0001", "text": "/again"})
        first = (await ask(client, "event-0002")).json()
        elsewhere = Place(platform="telegram", address="{}")
        (before,) = harness.front.received
        harness.front.latest = replace(before, wish=replace(before.wish, model="long gone"))
        gone = await client.post("/api/asks", json={"id": "event-0004", "text": "/again"})
        harness.front.latest = replace(before, group="-100", place=elsewhere)
        body = {"id": "event-0003", "text": " /Again", "thread": first["thread"]}
        answers = [await client.post("/api/asks", json=body) for _ in range(2)]
        thread = (await client.get(f"/api/threads/{first['thread']}")).json()
    assert refused.status_code == gone.status_code == 422
    assert answers[0].json() == answers[1].json()
    _, again = harness.front.received
    assert (again.id, again.event_id) == (answers[0].json()["ask"], "event-0003")
    assert (again.place, again.group, again.account.is_owner) == (place(first["thread"]), "", True)
    assert [line["text"] for line in thread["lines"]] == ["/effect Kiss Me AI", "/Again"]


async def test_a_press_says_in_which_thread_it_was(harness: Harness) -> None:
    async with harness.browser() as client:
        for more in ({}, {"thread": "a-thread"}):
            await client.post("/api/press", json={"action": "deliver", "subject": "job-1", **more})
    assert harness.front.pressed_at == [None, place("a-thread")]


async def test_the_same_event_again_is_the_same_ask(harness: Harness) -> None:
    async with harness.browser() as client:
        first = await ask(client, "event-0001")
        second = await ask(client, "event-0001")
        threads = (await client.get("/api/threads")).json()["threads"]
    assert first.json() == second.json()
    assert len(harness.front.received) == len(threads) == 1


async def test_an_ask_inside_a_thread_stays_there(harness: Harness) -> None:
    async with harness.browser() as client:
        first = (await ask(client, "event-0001")).json()
        second = (await ask(client, "event-0002", thread=first["thread"])).json()
    assert second["thread"] == first["thread"]
    assert second["ask"] != first["ask"]


async def test_an_ask_in_a_thread_nobody_knows_is_not_found(harness: Harness) -> None:
    async with harness.browser() as client:
        answer = await ask(client, "event-0001", thread="nowhere")
    assert answer.status_code == 404
    assert harness.front.received == []


async def test_every_problem_of_an_ask_is_named_and_nothing_is_written(harness: Harness) -> None:
    async with harness.browser() as client:
        answer = await client.post("/api/asks", json={"id": "event-0001", "text": "/effect Kis Mee --duration 9"})
        threads = (await client.get("/api/threads")).json()["threads"]
    assert answer.status_code == 422
    assert len(answer.json()["notice"]["text"].splitlines()) >= 3
    assert threads == []


@pytest.mark.parametrize(
    ("refusal", "status"),
    [(Refused([Problem(slug=Slug.DENIED_WORD, about="prompt")]), 422), (StoreUnavailable("full"), 503)],
)
async def test_an_ask_that_is_not_received_leaves_no_thread(harness: Harness, refusal: Exception, status: int) -> None:
    harness.front.refuse_with = refusal
    async with harness.browser() as client:
        answer = await ask(client, "event-0001")
        threads = (await client.get("/api/threads")).json()["threads"]
    assert answer.status_code == status
    assert answer.json()["notice"]["text"]
    assert threads == []


@pytest.mark.parametrize(
    "body", ["{}", "no json", '{"id": "short", "text": "/effect"}', '{"id": "event-0001", "x": 1}']
)
async def test_a_body_of_another_shape_is_a_bad_request(harness: Harness, body: str) -> None:
    async with harness.browser() as client:
        assert (await client.post("/api/asks", content=body)).status_code == 400


async def test_a_wish_without_text_is_shown_as_the_text_that_means_it(harness: Harness) -> None:
    async with harness.knock() as client:
        wish = {"command": "effect", "options": {"effect": "Anything, Robot", "duration": "8"}}
        answer = await client.post(
            "/api/asks", json={"id": "event-0001", "wish": wish, "attachments": [await upload(client)]}
        )
        thread = (await client.get(f"/api/threads/{answer.json()['thread']}")).json()
    assert harness.front.received[0].wish.options == wish["options"]
    assert thread["lines"][0]["text"].startswith("/effect Anything, Robot")


async def test_a_draft_says_the_price_or_what_is_missing(harness: Harness) -> None:
    async with harness.browser() as client:
        file = {"handle": "", "name": "me.jpg", "content_type": "image/jpeg"}
        whole = await client.post("/api/draft", json={"text": "/effect Hug", "attachments": [file]})
        lacking = await client.post("/api/draft", json={"text": "/effect Hug"})
    assert whole.json()["draft"]["price"] == "$0.20"
    assert lacking.status_code == 200
    assert "attach a picture" in lacking.json()["notice"]["text"]


async def test_a_press_goes_to_the_front_as_the_owner(harness: Harness) -> None:
    async with harness.browser() as client:
        answer = await client.post("/api/press", json={"action": "cancel", "subject": "job-1"})
    assert answer.json()["notice"]["text"] == "Stopping it."
    ((action, subject, account),) = harness.front.pressed
    assert (action, subject, account.is_owner) == (Action.CANCEL, "job-1", True)


async def test_a_status_is_one_line_however_often_it_is_said(harness: Harness) -> None:
    async with harness.browser() as client:
        thread = (await ask(client, "event-0001")).json()["thread"]
        notice = Notice(
            text="Waiting", tone=Tone.WAITING, buttons=(Button(action=Action.CANCEL, subject="job-1", label="Cancel"),)
        )
        receipt = await harness.chat.announce(place(thread), notice, job="job-1", receipt="")
        again = await harness.chat.announce(
            place(thread), Notice(text="Half", tone=Tone.WORKING, progress=0.5), job="job-1", receipt=receipt
        )
        lines = (await client.get(f"/api/threads/{thread}")).json()["lines"]
        (listed,) = (await client.get("/api/threads")).json()["threads"]
    assert receipt == again
    assert [line["kind"] for line in lines] == ["ask", "status"]
    assert lines[1]["notice"]["progress"] == 0.5
    assert listed["tone"] == "working"


async def test_a_reel_is_delivered_once_and_can_be_played_in_pieces(harness: Harness) -> None:
    async with harness.browser() as client:
        thread = (await ask(client, "event-0001")).json()["thread"]
        parcel = harness.parcel("job-1", picture())
        first = await harness.chat.deliver(place(thread), parcel, in_doubt=False)
        second = await harness.chat.deliver(place(thread), parcel, in_doubt=True)
        lines = (await client.get(f"/api/threads/{thread}")).json()["lines"]
        sha256 = lines[-1]["reel"]["sha256"]
        piece = await client.get(f"/reels/{sha256}.mp4", headers={"range": "bytes=4-7"})
        poster = await client.get(f"/thumbnails/{sha256}.jpg")
    assert first == second
    assert [line["kind"] for line in lines] == ["ask", "reel"]
    assert (piece.status_code, piece.content) == (206, b"ftyp")
    assert "immutable" in piece.headers["cache-control"]
    assert poster.headers["content-type"] == "image/jpeg"


@pytest.mark.parametrize("path", ["/reels/../room.sqlite3", "/reels/x.mp4", f"/reels/{'0' * 64}.mp4", "/staged/door"])
async def test_a_file_without_a_hash_or_gone_is_not_found(harness: Harness, path: str) -> None:
    async with harness.browser() as client:
        assert (await client.get(path)).status_code == 404


async def test_an_upload_no_browser_should_show_is_only_offered_for_saving(harness: Harness) -> None:
    async with harness.browser() as client:
        page = await client.post("/api/uploads?name=a.html", content=b"<script>alert(1)</script>")
        shown = await client.get(f"/staged/{page.json()['handle']}")
    assert shown.headers["content-type"] == "application/octet-stream"
    assert shown.headers["content-disposition"].startswith("attachment")


async def test_saying_where_no_thread_is_says_the_place_is_gone(harness: Harness) -> None:
    with pytest.raises(PlaceGone):
        await harness.chat.say(place("nowhere"), Notice(text="Hello"), key="k")
    with pytest.raises(PlaceGone):
        await harness.chat.deliver(place("nowhere"), harness.parcel("job-1", picture()), in_doubt=False)


async def test_threads_come_newest_first_and_page_by_page(harness: Harness) -> None:
    async with harness.browser() as client:
        for number in range(43):
            await harness.rows.open_ask(f"event-{number:04}", new_id(), "", f"ask {number}", '{"text": ""}')
        first = (await client.get("/api/threads")).json()
        rest = (await client.get(f"/api/threads?before={first['threads'][-1]['number']}")).json()
    assert [thread["title"] for thread in first["threads"][:2]] == ["ask 42", "ask 41"]
    assert (first["more"], rest["more"]) == (True, False)
    assert len(first["threads"] + rest["threads"]) == 43


async def read_events(lines: AsyncIterator[str], count: int) -> list[tuple[int, str]]:
    """The next events as (id, text of the notice)."""
    found: list[tuple[int, str]] = []
    event = 0
    async with asyncio.timeout(10):
        async for line in lines:
            if line.startswith("id: "):
                event = int(line[4:])
            elif line.startswith("data: "):
                found.append((event, json.loads(line[6:]).get("notice", {}).get("text", "")))
                if len(found) == count:
                    break
    return found


async def test_the_stream_resumes_with_nothing_lost_and_nothing_doubled(harness: Harness) -> None:
    async with harness.browser() as client:
        opened = (await ask(client, "event-0001")).json()
        where = place(opened["thread"])
        seen: list[tuple[int, str]] = []
        for turn in range(5):
            for part in range(3):
                await harness.chat.say(where, Notice(text=f"{turn}.{part}"), key=f"{turn}.{part}")
            headers = {"last-event-id": str(seen[-1][0])} if seen else {}
            url = f"/api/events?after={opened['after']}"
            # the stream is broken off in the middle of what was said, and taken up again there
            async with client.stream("GET", url, headers=headers) as stream:
                seen += await read_events(stream.aiter_lines(), 2)
        async with client.stream("GET", "/api/events", headers={"last-event-id": str(seen[-1][0])}) as stream:
            seen += await read_events(stream.aiter_lines(), 6)
    said = [text for _, text in seen]
    assert said == ["", *(f"{turn}.{part}" for turn in range(5) for part in range(3))]


async def test_the_stream_tells_news_at_once_and_beats_when_there_are_none(tmp_path: Path) -> None:
    async with room(tmp_path, heartbeat_s=0.01) as harness, harness.knock() as client:
        opened = (await ask(client, "event-0001")).json()
        async with client.stream("GET", f"/api/events?thread={opened['thread']}") as stream:
            lines = stream.aiter_lines()
            async with asyncio.timeout(10):
                async for line in lines:
                    if line == ": still here":
                        break
            await harness.chat.say(place(opened["thread"]), Notice(text="news"), key="k")
            assert [text for _, text in await read_events(lines, 1)] == ["news"]


async def test_stopping_ends_open_streams_at_once(harness: Harness) -> None:
    async with harness.browser() as client, client.stream("GET", "/api/events") as stream:
        lines = stream.aiter_lines()
        assert (await anext(lines)).startswith("retry")
        async with asyncio.timeout(5):
            await harness.listener.stop()
            assert [line async for line in lines if line.startswith("data")] == []


async def test_the_catalogue_offers_what_completion_needs(harness: Harness) -> None:
    async with harness.browser() as client:
        found = (await client.get("/api/catalogue")).json()
    effect = found["commands"][0]
    assert (effect["name"], effect["lead"]) == ("effect", "effect")
    assert "Anything, Robot" in effect["options"][0]["choices"]
    assert [model["price"] for model in effect["models"]] == ["$0.20", "$0.28"]
