"""Commands about one's own things: always between the person and us, in the words of their own server."""

from tests.chat.discord.harness import CATALOGUE, REEL_S, Scene, everywhere, photo, reels
from tests.emulators.discord.permissions import Permission


async def test_cancel_stops_what_was_asked_for_last(scene: Scene) -> None:
    asked = await scene.ada.slash("video", prompt="sandbox:slow a paper boat")
    status = asked.original
    assert status is not None
    await scene.discord.until(lambda: "Cancel" in status.buttons, REEL_S)
    stopped = await scene.ada.slash("cancel")
    assert stopped.private
    assert "I'm cancelling it" in stopped.text
    await scene.says(status, "Cancelled, as you wished. Nothing was charged.")
    assert "Cancel" not in status.buttons
    assert "nothing in the making" in (await scene.ada.slash("cancel")).text
    assert everywhere(scene.discord) == []


async def test_cancel_touches_nobody_elses(scene: Scene) -> None:
    asked = await scene.ada.slash("video", prompt="a paper boat")
    ben = scene.discord.person("Ben", at=scene.channel)
    assert "nothing in the making" in (await ben.slash("cancel")).text
    assert asked.original is not None
    await scene.says(asked.original, "Here it is")


async def test_before_the_first_ask_everything_has_a_kind_answer(scene: Scene) -> None:
    answers = {name: (await scene.ada.slash(name)) for name in ("jobs", "quota", "again", "cancel", "settings")}
    assert all(answer.private for answer in answers.values())
    assert "Try /effect Kiss Me AI" in answers["jobs"].text
    assert "Try /effect Kiss Me AI" in answers["again"].text
    assert "left of your $3.00 per day" in answers["quota"].text
    assert "no defaults yet" in answers["settings"].text


async def test_jobs_lead_to_where_each_reel_stands(scene: Scene) -> None:
    status = await scene.asked()
    reel = await scene.reel(await scene.thread(status))
    await scene.says(status, "Here it is")
    listed = await scene.ada.slash("jobs")
    assert listed.private
    assert f"https://discord.com/channels/{scene.guild.id}/{reel.channel.id}/{reel.id}" in listed.text
    assert listed.text.startswith("Done: Kiss Me AI")
    assert "$2.80 left of your $3.00 per day" in (await scene.ada.slash("quota")).text


async def test_again_makes_the_latest_once_more(scene: Scene) -> None:
    status = await scene.asked()
    await scene.says(status, "Here it is")
    again = await scene.ada.slash("again")
    assert again.original is not None
    assert not again.private
    assert "Kiss Me AI" in (await scene.reel(await scene.thread(again.original))).content


async def test_help_and_models_fit_a_message_and_name_everything(scene: Scene) -> None:
    helped = (await scene.ada.slash("help")).text
    for command in scene.ada.offered - {"Animate this", "Report"}:
        assert f"/{command}" in helped
    assert not helped.endswith("…")
    models = await scene.ada.slash("models", command="effect")
    assert models.private
    assert "pixverse-4.5" in models.text
    assert "$0.20" in models.text


async def test_the_models_of_no_command_are_cut_off(scene: Scene) -> None:
    for command in set(CATALOGUE.commands) - {"custom"}:
        assert "…" not in (await scene.ada.slash("models", command=command)).text


async def test_what_one_usually_wants_is_kept_and_used(scene: Scene) -> None:
    kept = await scene.ada.slash("settings", command="effect", resolution="360p")
    assert "/effect: resolution 360p" in kept.text
    status = await scene.asked()
    reel = await scene.reel(await scene.thread(status))
    assert "360p" in reel.content
    assert "$0.15" in reel.content
    gone = await scene.ada.slash("settings", command="effect", resolution="none")
    assert "no defaults yet" in gone.text


async def test_where_reels_go_is_for_moderators_to_say(scene: Scene) -> None:
    refused = await scene.ada.slash("settings", answers="reply")
    assert refused.private
    assert refused.text == "Only a moderator can do that."
    moderator = scene.discord.role(scene.guild, "Mod", Permission.MANAGE_MESSAGES)
    mo = scene.discord.person("Mo", at=scene.channel)
    scene.discord.world.join(scene.guild, mo.user, moderator)
    assert "right in the channel" in (await mo.slash("settings", answers="Answers in the channel")).text
    status = await scene.asked()
    reel = await scene.reel(scene.channel)
    assert reel.reference is status
    assert status.thread is None


async def test_where_nobody_else_is_there_is_nothing_to_say_about_reels(scene: Scene) -> None:
    assert "it is for groups" in (await scene.ada.go().slash("settings", answers="reply")).text


async def test_one_thread_per_person_takes_all_their_reels(scene: Scene) -> None:
    mo = scene.discord.person("Mo", at=scene.channel)
    scene.discord.world.join(scene.guild, mo.user, scene.discord.role(scene.guild, "Mod", Permission.MANAGE_GUILD))
    await mo.slash("settings", answers="personal")
    thread = await scene.thread(await scene.asked())
    await scene.reel(thread)
    second = await scene.asked()
    await scene.says(second, "Here it is")
    assert len(reels(thread)) == 2
    assert second.thread is None
    await mo.slash("effect", effect="Kiss Me AI", image=photo())
    await scene.discord.until(lambda: len(everywhere(scene.discord)) == 3, REEL_S)
    assert len(reels(thread)) == 2


async def test_a_personal_thread_that_was_locked_or_deleted_is_replaced(scene: Scene) -> None:
    mo = scene.discord.person("Mo", at=scene.channel)
    scene.discord.world.join(scene.guild, mo.user, scene.discord.role(scene.guild, "Mod", Permission.MANAGE_GUILD))
    await mo.slash("settings", answers="personal")
    first = await scene.thread(await scene.asked())
    await scene.reel(first)
    scene.discord.lock(first)
    second = await scene.thread(await scene.asked())
    await scene.reel(second)
    scene.discord.world.remove(second)
    third = await scene.thread(await scene.asked())
    await scene.reel(third)
    assert len({first.id, second.id, third.id}) == 3
