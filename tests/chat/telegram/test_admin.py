"""`/admin` on Telegram: for admins of the group, and told to them privately where they have opened a chat."""

from tests.chat.telegram.harness import REEL_S, Scene
from tests.emulators.telegram.people import Person
from tests.emulators.telegram.things import Message

HERE = "/admin@reelroom_bot"
"""As it is said in a group, where a bot in privacy mode hears only what is meant for it."""


def admin(scene: Scene, *, started: bool = True) -> Person:
    """An admin of the group. `started`: they have begun a private chat with the bot."""
    found = scene.telegram.person("Mo", at=scene.group, started=started)
    scene.telegram.promote(scene.group, found.user)
    return found


async def answer(scene: Scene, message: Message) -> str:
    """What answers a message, where it stands."""
    found = await scene.telegram.until(lambda: scene.telegram.replies(message), REEL_S, "an answer")
    return found[0].words


async def told(scene: Scene, person: Person, words: str) -> str:
    """What somebody is told privately about something they said in the group."""
    before = len(scene.telegram.said(person))
    asked = person.type(f"{HERE} {words}")
    found = await scene.telegram.until(lambda: scene.telegram.said(person)[before:], REEL_S, "a private word")
    assert await answer(scene, asked) == "I've written to you privately."
    return found[0].words


async def test_admins_see_at_a_glance_what_goes_on(scene: Scene) -> None:
    scene.ada.type("/video@reelroom_bot sandbox:slow a paper boat")
    mo = admin(scene)
    await scene.telegram.until(lambda: scene.telegram.said(scene.group), REEL_S, "an answer")
    said = await told(scene, mo, "status")
    assert "Today this group has spent $0.00" in said


async def test_who_has_begun_no_private_chat_is_answered_in_the_group(scene: Scene) -> None:
    asked = admin(scene, started=False).type(f"{HERE} status")
    assert "Today this group has spent" in await answer(scene, asked)


async def test_members_are_told_that_it_is_not_theirs(scene: Scene) -> None:
    assert await answer(scene, scene.ada.type(f"{HERE} status")) == "Only a moderator can do that."


async def test_a_ban_keeps_somebody_out_until_it_is_lifted(scene: Scene) -> None:
    mo = admin(scene)
    asked = scene.ada.type("/quota@reelroom_bot")
    await answer(scene, asked)
    banned = mo.type(f"{HERE} ban 7d be kind", reply_to=asked)
    assert await answer(scene, banned) == "I've written to you privately."
    assert "Ada can't ask for reels in this group until" in (scene.telegram.said(mo)[-1].text or "")
    refused = scene.ada.type("/video@reelroom_bot a paper boat")
    await scene.says(await scene.status(refused), "be kind")
    assert "Lifted what held against Ada" in await told(scene, mo, "ban lift @ada")
    await scene.reel(scene.ada.type("/video@reelroom_bot a paper boat"))


async def test_somebody_without_a_username_is_meant_by_a_mention(scene: Scene) -> None:
    mo = admin(scene)
    asked = mo.type(f"{HERE} timeout Ada 12h", naming={"Ada": scene.ada})
    await answer(scene, asked)
    assert "Ada can't ask for reels in this group until" in (scene.telegram.said(mo)[-1].text or "")


async def test_nobody_is_guessed(scene: Scene) -> None:
    mo = admin(scene)
    said = await answer(scene, mo.type(f"{HERE} ban @stranger"))
    assert said.startswith("I know nobody called “stranger” here")


async def test_the_way_into_the_console_is_never_told_in_a_group(scene: Scene) -> None:
    mo = admin(scene, started=False)
    said = await answer(scene, mo.type(f"{HERE} console"))
    assert "https://t.me/reelroom_bot" in said
    assert "key=" not in said
    welcome = mo.start()
    await answer(scene, welcome)
    assert "/console/login?key=" in await told(scene, mo.go(scene.group), "console")


async def test_statistics_come_as_a_picture_to_whoever_asks(scene: Scene) -> None:
    mo = admin(scene)
    await scene.reel(scene.ada.type("/video@reelroom_bot a paper boat"))
    assert "spent in 30 days" in await told(scene, mo, "stats")
    here, alone = scene.ada.type("/stats@reelroom_bot"), scene.ada.go().type("/stats")
    for asked in (here, alone):
        await answer(scene, asked)
        (found,) = scene.telegram.replies(asked)
        assert found.media is not None
        assert found.media.kind == "photo"
        assert "spent in 30 days" in (found.caption or "")


async def test_admins_are_offered_it_and_others_are_not(scene: Scene) -> None:
    mo = admin(scene)
    assert "admin" in " ".join(mo.offered)
    assert "admin" not in " ".join(scene.ada.offered)
