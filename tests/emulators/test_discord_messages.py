"""What the bot's own token may post, where, how large, and what Discord says otherwise."""

from typing import Any

import pytest

from tests.emulators.discord.permissions import Permission
from tests.emulators.discord.posting import Upload
from tests.emulators.discord.things import COMPONENTS_V2, SILENT
from tests.emulators.raw import Raw, raw

MIB = 1024 * 1024
GALLERY = {"type": 12, "items": [{"media": {"url": "attachment://reel.mp4"}}]}
LISTED = {"attachments": [{"id": 0, "filename": "reel.mp4", "description": "a horse"}]}


def row(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": [{"type": 2, "style": 2, **one} for one in buttons]}


def text(content: str) -> dict[str, Any]:
    return {"type": 10, "content": content}


INVALID: dict[str, dict[str, Any]] = {
    "2,001 characters": {"content": "x" * 2001},
    "a long embed title": {"embeds": [{"title": "x" * 257}]},
    "a long embed description": {"embeds": [{"description": "x" * 4097}]},
    "6,001 characters of embeds": {"embeds": [{"description": "x" * 3001}, {"description": "x" * 3000}]},
    "eleven embeds": {"embeds": [{"title": "x"}] * 11},
    "a time that is none": {"embeds": [{"title": "x", "timestamp": "yesterday"}]},
    "a long button label": {"components": [row({"label": "x" * 81, "custom_id": "a"})]},
    "a long custom id": {"components": [row({"label": "x", "custom_id": "x" * 101})]},
    "a custom id twice": {"components": [row({"label": "x", "custom_id": "a"}, {"label": "y", "custom_id": "a"})]},
    "a button without anything": {"components": [row({"custom_id": "a"})]},
    "six buttons in a row": {"components": [row(*({"label": "x", "custom_id": str(n)} for n in range(6)))]},
    "six rows": {"components": [row({"label": "x", "custom_id": str(n)}) for n in range(6)]},
    "26 options": {
        "components": [
            {
                "type": 1,
                "components": [
                    {"type": 3, "custom_id": "a", "options": [{"label": str(n), "value": str(n)} for n in range(26)]}
                ],
            }
        ]
    },
    "V2 components without the flag": {"components": [text("hello")]},
    "V2 and content": {"flags": COMPONENTS_V2, "content": "x", "components": [text("hello")]},
    "V2 and embeds": {"flags": COMPONENTS_V2, "embeds": [{"title": "x"}], "components": [text("hello")]},
    "41 components": {"flags": COMPONENTS_V2, "components": [text("x")] * 41},
    "4,001 characters of V2 text": {"flags": COMPONENTS_V2, "components": [text("x" * 4000), text("y")]},
    "a file that is not there": {"flags": COMPONENTS_V2, "components": [GALLERY]},
    "a picture that is not there": {"embeds": [{"image": {"url": "attachment://gone.png"}}]},
    "a nonce of 26": {"content": "x", "nonce": "x" * 26},
    "mentions said twice": {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
}


@pytest.mark.parametrize("body", INVALID.values(), ids=INVALID.keys())
async def test_a_message_that_breaks_a_limit_is_an_invalid_form(body: dict[str, Any]) -> None:
    async with raw(strict=False) as one:
        reply = await one.post(body)
        assert reply.error == (400, 50035)
        assert reply.body["errors"]
        assert not one.channel.messages


@pytest.mark.parametrize("body", [{}, {"content": ""}, {"content": None, "embeds": []}])
async def test_an_empty_message_is_refused(body: dict[str, Any]) -> None:
    async with raw(strict=False) as one:
        assert (await one.post(body)).error == (400, 50006)


async def test_no_json_is_no_request() -> None:
    async with raw(strict=False) as one:
        url = f"{one.discord.api_url}/channels/{one.channel.id}/messages"
        headers = {"Authorization": f"Bot {one.discord.token}", "Content-Type": "application/json"}
        async with one.http.post(url, data=b"{", headers=headers) as response:
            assert (response.status, (await response.json())["code"]) == (400, 50109)


async def test_without_the_right_token_nobody_is_let_in() -> None:
    async with raw() as one:
        assert (await one.call("GET", "/users/@me", token="wrong")).error == (401, 0)


async def test_a_place_that_is_not_there_or_not_seen_or_not_for_writing() -> None:
    async with raw() as one:
        hidden, silent, bare = (one.discord.text(one.guild, name) for name in ("hidden", "silent", "bare"))
        one.discord.deny(hidden, Permission.VIEW_CHANNEL)
        one.discord.deny(silent, Permission.SEND_MESSAGES)
        one.discord.deny(bare, Permission.ATTACH_FILES)
        assert (await one.call("POST", "/channels/1/messages", {"content": "x"})).error == (404, 10003)
        assert (await one.post({"content": "x"}, to=hidden)).error == (403, 50001)
        assert (await one.post({"content": "x"}, to=silent)).error == (403, 50013)
        assert (await one.post(LISTED, to=bare, files={"reel.mp4": b"x"})).error == (403, 50013)
        assert (await one.post({"content": "x"}, to=one.discord.forum(one.guild, "ideas"))).error == (400, 50008)


@pytest.mark.parametrize(("tier", "fits_mib"), [(0, 10), (1, 10), (2, 50), (3, 100)])
async def test_a_file_may_weigh_what_the_servers_boosts_allow(tier: int, fits_mib: int) -> None:
    async with raw() as one:
        one.guild.tier = tier
        assert (await one.post(LISTED, files={"reel.mp4": bytes(fits_mib * MIB)})).status == 200
        assert (await one.post(LISTED, files={"reel.mp4": bytes(fits_mib * MIB + 1)})).error == (413, 40005)


async def test_eleven_files_are_too_many() -> None:
    async with raw(strict=False) as one:
        assert (await one.post({}, files={f"{n}.png": b"x" for n in range(11)})).error == (400, 30015)


async def test_a_gallery_shows_the_messages_own_file() -> None:
    async with raw() as one:
        body = LISTED | {"flags": COMPONENTS_V2, "components": [GALLERY]}
        reply = await one.post(body, files={"reel.mp4": b"film"})
        (item,) = reply.body["components"][0]["items"]
        assert item["media"]["url"] == reply.body["attachments"][0]["url"]
        assert reply.body["attachments"][0]["content_type"] == "video/mp4"
        assert reply.body["attachments"][0]["description"] == "a horse"


async def test_the_same_nonce_gives_the_first_message_back_for_a_few_minutes() -> None:
    async with raw() as one:
        body = {"content": "reel", "nonce": "job-1", "enforce_nonce": True}
        first, second = await one.post(body), await one.post(body)
        assert first.body["id"] == second.body["id"]
        other = await one.post(body | {"enforce_nonce": False})
        one.discord.clock.advance(6 * 60)
        late = await one.post(body)
        assert len({first.body["id"], other.body["id"], late.body["id"]}) == 3


async def test_blocked_words_stop_bots_too_in_messages_and_in_titles() -> None:
    async with raw() as one:
        one.guild.blocked.append("kiss")
        assert (await one.post({"content": "Kiss me"})).error == (400, 200000)
        path = f"/channels/{one.channel.id}/threads"
        assert (await one.call("POST", path, {"name": "Kiss Me AI", "type": 11})).error == (400, 200001)


async def mentioned(one: Raw, allowed: dict[str, Any] | None, flags: int = 0) -> bool:
    body: dict[str, Any] = {"content": f"for {one.ada.mention}", "flags": flags}
    await one.post(body if allowed is None else body | {"allowed_mentions": allowed})
    return bool(one.ada.pings)


@pytest.mark.parametrize(
    ("allowed", "flags", "pings"),
    [(None, 0, True), ({"parse": []}, 0, False), ({"parse": ["users"]}, 0, True), (None, SILENT, False)],
)
async def test_a_mention_pings_when_it_is_allowed_to(
    allowed: dict[str, Any] | None, flags: int, *, pings: bool
) -> None:
    async with raw() as one:
        assert await mentioned(one, allowed, flags) is pings


async def test_an_edit_pings_nobody() -> None:
    async with raw() as one:
        posted = await one.post({"content": "waiting"})
        path = f"/channels/{one.channel.id}/messages/{posted.body['id']}"
        edited = await one.call("PATCH", path, {"content": f"for {one.ada.mention}"})
        assert edited.body["mentions"][0]["id"] == str(one.ada.id)
        assert one.ada.pings == []


async def test_a_reply_to_what_is_gone_is_refused_unless_it_may_go_without() -> None:
    async with raw() as one:
        target = one.ada.type("look")
        reference = {"message_id": str(target.id)}
        answered = await one.post({"content": "nice", "message_reference": reference})
        assert (answered.body["type"], answered.body["referenced_message"]["id"]) == (19, str(target.id))
        one.discord.press.delete(target)
        assert (await one.post({"content": "nice", "message_reference": reference})).error == (400, 50035)
        soft = reference | {"fail_if_not_exists": False}
        assert (await one.post({"content": "nice", "message_reference": soft})).status == 200


async def test_only_ones_own_messages_are_edited_and_others_deleted_by_permission() -> None:
    async with raw() as one:
        path = f"/channels/{one.channel.id}/messages/{one.ada.type('mine').id}"
        assert (await one.call("PATCH", path, {"content": "x"})).error == (403, 50005)
        one.discord.deny(one.channel, Permission.MANAGE_MESSAGES)
        assert (await one.call("DELETE", path)).error == (403, 50013)
        one.discord.allow(one.channel, Permission.MANAGE_MESSAGES)
        assert (await one.call("DELETE", path)).status == 204
        assert (await one.call("GET", path)).error == (404, 10008)


async def test_an_edit_keeps_the_files_it_names_and_adds_new_ones() -> None:
    async with raw() as one:
        posted = await one.post({"content": "two"}, files={"a.png": b"a", "b.png": b"b"})
        kept = posted.body["attachments"][1]["id"]
        path = f"/channels/{one.channel.id}/messages/{posted.body['id']}"
        listed = {"attachments": [{"id": kept}, {"id": 0, "filename": "c.png"}]}
        edited = await one.call("PATCH", path, listed, files={"c.png": b"c"})
        assert [each["filename"] for each in edited.body["attachments"]] == ["b.png", "c.png"]


async def test_the_v2_flag_never_goes_again() -> None:
    async with raw(strict=False) as one:
        posted = await one.post({"flags": COMPONENTS_V2, "components": [text("hello")]})
        path = f"/channels/{one.channel.id}/messages/{posted.body['id']}"
        assert (await one.call("PATCH", path, {"content": "plain", "flags": 0})).error == (400, 50035)


async def test_a_direct_message_reaches_those_who_take_one() -> None:
    async with raw() as one:
        opened = await one.call("POST", "/users/@me/channels", {"recipient_id": str(one.ada.id)})
        again = await one.call("POST", "/users/@me/channels", {"recipient_id": str(one.ada.id)})
        assert opened.body["id"] == again.body["id"]
        place = one.discord.direct(one.ada.user)
        assert (await one.post({"content": "psst"}, to=place)).status == 200
        assert [each.content for each in one.ada.pings] == ["psst"]
        one.ada.user.accepts_direct = False
        assert (await one.post({"content": "psst"}, to=place)).error == (403, 50007)


async def test_a_channels_history_is_found_by_page() -> None:
    async with raw() as one:
        ids = [str(one.ada.type(str(number)).id) for number in range(5)]
        path = f"/channels/{one.channel.id}/messages"
        assert [each["id"] for each in (await one.call("GET", f"{path}?limit=2")).body] == ids[:2:-1]
        assert [each["id"] for each in (await one.call("GET", f"{path}?after={ids[1]}&limit=2")).body] == ids[3:1:-1]
        assert [each["id"] for each in (await one.call("GET", f"{path}?before={ids[1]}")).body] == ids[:1]


async def test_what_somebody_types_carries_their_files() -> None:
    async with raw() as one:
        typed = one.ada.type("look", files=[Upload(filename="me.jpg", data=b"jpeg")])
        assert typed.attachments[0].content_type == "image/jpeg"


async def test_a_menu_is_chosen_from_by_label_or_value() -> None:
    async with raw() as one:
        options = [{"label": "Small", "value": "s"}, {"label": "Large", "value": "l"}]
        menu = {"type": 3, "custom_id": "size", "options": options, "max_values": 2}
        posted = await one.post({"content": "which?", "components": [{"type": 1, "components": [menu]}]})
        message = one.channel.messages[int(posted.body["id"])]
        chosen = one.ada.select(message, "size", "Small", "l").interaction
        assert chosen.payload["data"]["values"] == ["s", "l"]
        assert chosen.payload["message"]["id"] == posted.body["id"]


async def test_a_reaction_stands_until_it_is_taken_back() -> None:
    async with raw() as one:
        message = one.ada.type("look")
        path = f"/channels/{one.channel.id}/messages/{message.id}"
        assert (await one.call("PUT", f"{path}/reactions/👍/@me")).status == 204
        assert (await one.call("GET", path)).body["reactions"][0]["count"] == 1
        assert (await one.call("DELETE", f"{path}/reactions/👍/@me")).status == 204
        assert "reactions" not in (await one.call("GET", path)).body
