"""An interaction's token: three seconds, one first answer, fifteen minutes, and what it can never do."""

import pytest

from tests.emulators.discord.interactions import State
from tests.emulators.discord.permissions import Permission
from tests.emulators.discord.things import COMPONENTS_V2, EPHEMERAL
from tests.emulators.raw import COMMAND, Raw, raw

USER_COMMAND = COMMAND | {"integration_types": [0, 1], "contexts": [0, 1, 2]}
MODAL = {
    "custom_id": "change",
    "title": "Change it",
    "components": [
        {"type": 18, "label": "Prompt", "component": {"type": 4, "custom_id": "prompt", "style": 1, "value": "a horse"}}
    ],
}
BUTTON = {"type": 1, "components": [{"type": 2, "style": 2, "label": "Cancel", "custom_id": "job:1:cancel"}]}


async def test_an_answer_after_three_seconds_comes_too_late_and_the_person_sees_that() -> None:
    async with raw() as one:
        sent = one.ada.slash("effect")
        one.discord.clock.advance(3.1)
        assert (await sent).state is State.FAILED
        assert (await one.answer(sent.interaction, 5)).error == (404, 10062)


async def test_an_answer_within_three_seconds_is_in_time() -> None:
    async with raw() as one:
        asked = one.asked()
        one.discord.clock.advance(2.9)
        assert (await one.answer(asked, 5)).status == 204
        one.discord.clock.advance(60)
        assert (await one.edit(asked, {"content": "done"})).status == 200


async def test_there_is_one_first_answer() -> None:
    async with raw() as one:
        asked = one.asked()
        assert (await one.answer(asked, 4, {"content": "hello"})).status == 204
        assert (await one.answer(asked, 4, {"content": "again"})).error == (400, 40060)


async def test_an_unknown_interaction_is_unknown() -> None:
    async with raw() as one:
        assert (await one.call("POST", "/interactions/1/nothing/callback", {"type": 5})).error == (404, 10062)


async def test_after_fifteen_minutes_the_token_opens_nothing_and_the_bots_own_token_still_does() -> None:
    async with raw() as one:
        asked = one.asked()
        told = await one.call(
            "POST", f"/interactions/{asked.id}/{asked.token}/callback?with_response=true", {"type": 5}
        )
        message = told.body["interaction"]["response_message_id"]
        one.discord.clock.advance(15 * 60 + 1)
        assert (await one.edit(asked, {"content": "late"})).error == (401, 50027)
        assert (await one.follow(asked, {"content": "late"})).error == (401, 50027)
        own = await one.call("PATCH", f"/channels/{one.channel.id}/messages/{message}", {"content": "still here"})
        assert (own.status, own.body["content"]) == (200, "still here")


async def test_nothing_can_follow_before_the_first_answer() -> None:
    async with raw() as one:
        assert (await one.follow(one.asked(), {"content": "early"})).error == (404, 10015)


async def test_a_deferred_answer_takes_no_flag_but_ephemeral() -> None:
    async with raw(strict=False) as one:
        assert (await one.answer(one.asked(), 5, {"flags": COMPONENTS_V2})).error == (400, 50035)
        assert (await one.answer(one.asked(), 5, {"flags": EPHEMERAL})).status == 204


async def test_what_is_deferred_in_public_stays_public_and_what_is_private_no_bot_token_reaches() -> None:
    async with raw() as one:
        public, private = one.asked(), one.asked()
        await one.answer(public, 5)
        await one.edit(public, {"content": "for all"})
        await one.answer(private, 5, {"flags": EPHEMERAL})
        await one.edit(private, {"content": "for one"})
        assert public.original is not None
        assert private.original is not None
        assert (public.original.ephemeral, private.original.ephemeral) == (False, True)
        path = f"/channels/{one.channel.id}/messages/{private.original.id}"
        assert (await one.call("GET", path)).error == (404, 10008)
        assert (await one.call("PATCH", path, {"content": "x"})).error == (404, 10008)
        assert (await one.call("POST", f"{path}/threads", {"name": "x"})).error == (400, 50068)


async def test_the_first_follow_up_after_a_deferral_takes_the_placeholders_place() -> None:
    async with raw() as one:
        asked = one.asked()
        await one.answer(asked, 5)
        await one.follow(asked, {"content": "instead"})
        assert asked.original is not None
        assert (asked.original.content, asked.follow_ups) == ("instead", [])


@pytest.mark.parametrize("kind", [6, 7, 8, 10, 99])
async def test_a_command_is_not_answered_like_a_button_or_a_completion(kind: int) -> None:
    async with raw(strict=False) as one:
        assert (await one.answer(one.asked(), kind, {"content": "x"})).error == (400, 50035)


async def pressed(one: Raw) -> str:
    posted = await one.post({"content": "reel", "components": [BUTTON]})
    return str(posted.body["id"])


async def test_a_button_updates_its_own_message() -> None:
    async with raw() as one:
        message = one.channel.messages[int(await pressed(one))]
        press = one.ada.press(message, "Cancel").interaction
        assert (await one.answer(press, 7, {"content": "cancelled", "components": []})).status == 204
        assert (message.content, message.buttons) == ("cancelled", {})


async def test_a_modal_opens_is_filled_in_and_opens_no_other() -> None:
    async with raw(strict=False) as one:
        sent = one.ada.slash("effect")
        assert (await one.answer(sent.interaction, 9, MODAL)).status == 204
        opened = await sent
        assert opened.state is State.MODAL
        submitted = one.ada.submit_modal(opened, {"Prompt": "two horses"}).interaction
        (label,) = submitted.payload["data"]["components"]
        assert label["component"]["value"] == "two horses"
        assert (await one.answer(submitted, 9, MODAL)).error == (400, 50035)
        assert (await one.answer(submitted, 4, {"content": "two horses it is"})).status == 204


async def test_a_modal_does_not_come_after_a_deferral() -> None:
    async with raw() as one:
        asked = one.asked()
        await one.answer(asked, 5)
        assert (await one.answer(asked, 9, MODAL)).error == (400, 40060)


async def test_suggestions_are_twenty_five_at_most_and_nothing_else_answers_a_completion() -> None:
    async with raw(strict=False) as one:
        option = {"name": "effect", "description": "which", "type": 3, "autocomplete": True}
        await one.register(COMMAND | {"options": [option]})
        many = [{"name": str(number), "value": str(number)} for number in range(26)]
        typing = one.ada.autocomplete("effect", "effect", "k").interaction
        assert (await one.answer(typing, 5)).error == (400, 50035)
        assert (await one.answer(typing, 8, {"choices": many})).error == (400, 50035)
        assert (await one.answer(typing, 8, {"choices": many[:25]})).status == 204


async def test_a_user_installed_command_has_five_follow_ups_and_no_bot_beside_it() -> None:
    async with raw() as one:
        elsewhere = one.discord.text(one.discord.guild("Elsewhere", with_bot=False), "general")
        await one.register(USER_COMMAND)
        ben = one.discord.person("Ben", at=elsewhere, installed=True)
        asked = ben.slash("effect").interaction
        assert asked.payload["authorizing_integration_owners"] == {"1": str(ben.id)}
        await one.answer(asked, 4, {"content": "on it"})
        codes = [(await one.follow(asked, {"content": str(number)})).code for number in range(6)]
        assert codes == [None] * 5 + [40094]
        assert (await one.post({"content": "x"}, to=elsewhere)).error == (403, 50001)


async def test_where_external_apps_are_not_wanted_their_answers_are_private() -> None:
    async with raw() as one:
        elsewhere = one.discord.guild("Elsewhere", with_bot=False)
        elsewhere.everyone.permissions &= ~Permission.USE_EXTERNAL_APPS
        await one.register(USER_COMMAND)
        ben = one.discord.person("Ben", at=one.discord.text(elsewhere, "general"), installed=True)
        sent = ben.slash("effect")
        await one.answer(sent.interaction, 4, {"content": "for all?"})
        assert (await sent).private


async def test_an_answers_upload_limit_is_the_better_of_the_servers_and_the_persons() -> None:
    async with raw() as one:
        one.ada.user.upload_bytes = 50 * 1024 * 1024
        asked = one.asked()
        assert asked.payload["attachment_size_limit"] == 50 * 1024 * 1024
        await one.answer(asked, 5)
        eleven = {"reel.mp4": bytes(11 * 1024 * 1024)}
        assert (await one.edit(asked, {}, files=eleven)).status == 200
        assert (await one.post({}, files=eleven)).error == (413, 40005)


async def test_a_first_answer_brings_its_files_along() -> None:
    async with raw() as one:
        data = {"content": "here", "attachments": [{"id": 0, "filename": "reel.mp4"}]}
        asked = one.asked()
        body = {"type": 4, "data": data}
        path = f"/interactions/{asked.id}/{asked.token}/callback?with_response=true"
        told = await one.call("POST", path, body, files={"reel.mp4": b"film"})
        assert told.body["resource"]["message"]["attachments"][0]["filename"] == "reel.mp4"
        assert asked.original is not None
        assert asked.original.attachments[0].data == b"film"
        again = one.asked()
        assert (await one.answer(again, 4, data, files={"reel.mp4": bytes(11 * 1024 * 1024)})).error == (413, 40005)
        assert (await one.answer(again, 4, {"content": "a link instead"})).status == 204
