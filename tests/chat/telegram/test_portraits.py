"""Somebody's profile photo as the picture, by `person:` and their name."""

from tests.chat.telegram.harness import Scene, called, jobs, photo

EFFECT = "/effect@reelroom_bot Kiss Me AI"


async def test_ones_own_photo_and_those_of_people_telegram_names_become_reels(scene: Scene) -> None:
    ben = scene.telegram.person("Ben", at=scene.group)
    for person in (scene.ada, ben):
        scene.telegram.picture(person.user, photo())
    mine = await scene.reel(scene.ada.type(f"{EFFECT} person:me"))
    asked = scene.ada.type(f"{EFFECT} person:Ben", naming={"Ben": ben})
    await ben.press(await called(scene, ben), "Yes, this once")
    bens = await scene.reel(asked)
    assert [(one.caption or "").splitlines()[0] for one in (mine, bens)] == ["Kiss Me AI", "Kiss Me AI"]
    handles = [one.handle for job in await jobs(scene) for one in job.ask.attachments]
    assert handles == [f"portrait:{scene.ada.id}", f"portrait:{ben.id}"]


async def test_a_username_is_known_where_its_owner_is_answered_and_else_it_is_said(scene: Scene) -> None:
    cora = scene.telegram.person("Cora", at=scene.group, username="cora_example")
    scene.telegram.picture(cora.user, photo())
    words = f"{EFFECT} person:@Cora_Example"
    refused = await scene.status(scene.ada.type(words))
    await scene.says(refused, "I can't see a profile photo of @")
    assert await jobs(scene) == []
    scene.ada.type(words, reply_to=cora.type("hello"))
    assert "would like to make a reel with your picture" in (await called(scene, cora)).words


async def test_who_shows_no_photo_is_named_and_nothing_is_spent(scene: Scene) -> None:
    status = await scene.status(scene.ada.type(f"{EFFECT} person:me"))
    await scene.says(status, "I can't see a profile photo of Ada.")
    assert await scene.program.kept.database.read("SELECT * FROM ledger") == []


async def test_the_word_person_before_anything_else_stays_in_a_prompt(scene: Scene) -> None:
    reel = await scene.reel(scene.ada.type("/video@reelroom_bot a person: tall, in a boat"))
    assert "a person: tall, in a boat" in (reel.caption or "")
