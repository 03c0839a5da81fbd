"""The terminal against a Room on a real Unix socket."""

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.chat.terminal.client import Decide, Rendered, Terminal, decline
from bot.chat.terminal.progress import shown
from bot.domain.ask import Wish
from bot.domain.errors import ChatUnavailable, NoReel
from bot.domain.notice import Action, Button, Notice, Tone
from tests.chat.room_harness import Harness, new_id, picture, room, until

WORKING = Notice(text="Rendering", tone=Tone.WORKING, progress=0.5)


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncIterator[Harness]:
    async with room(tmp_path) as running:
        yield running


async def no_sleep(_seconds: float) -> None:
    await asyncio.sleep(0)  # noqa: TID251 - lets the loop turn, no time passes


def terminal(harness: Harness, *, decide: Decide = decline) -> Terminal:
    return Terminal(harness.door, new_id=new_id, sleep=no_sleep, decide=decide)


@dataclass(slots=True)
class Caller:
    """Somebody at the terminal, and the test as the pipeline behind the Room."""

    harness: Harness
    target: Path
    said: list[str] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, notice: Notice) -> None:
        self.said.append(notice.text)
        self.heard.set()

    def photo(self) -> Path:
        path = self.target.parent / "me.jpg"
        picture().save(path)
        return path

    def render(self, at: Terminal, wanted: str | Wish = "/effect Hug") -> asyncio.Task[Rendered]:
        return asyncio.create_task(at.render(wanted, [self.photo()], self.target, on_progress=self.hear))

    async def received(self) -> str:
        """The id of the one ask."""
        await until(self.harness.front.taken)
        return self.harness.front.received[0].id

    async def announce(self, notice: Notice) -> str:
        job = await self.received()
        place = self.harness.front.received[0].place
        await self.harness.chat.announce(place, notice, job=job, receipt="")
        return job

    async def until_heard(self) -> None:
        await until(self.heard)


@pytest.fixture
def caller(harness: Harness, tmp_path: Path) -> Caller:
    return Caller(harness, tmp_path / "kiss.mp4")


async def test_a_reel_is_asked_for_followed_and_written_to_the_file(caller: Caller) -> None:
    async with terminal(caller.harness) as at:
        task = caller.render(at)
        job = await caller.announce(WORKING)
        parcel = caller.harness.parcel(job, picture())
        await caller.harness.chat.deliver(caller.harness.front.received[0].place, parcel, in_doubt=False)
        made = await task
    assert made.path.read_bytes() == parcel.path.read_bytes()
    assert (made.width_px, made.height_px) == (320, 240)
    assert "Rendering" in caller.said
    assert [path.name for path in made.path.parent.glob(".*.part")] == []


async def test_a_wish_keeps_its_options_and_its_file_the_option_it_is_for(caller: Caller) -> None:
    wish = Wish(command="effect", options={"effect": "Anything, Robot", "duration": "8"})
    async with terminal(caller.harness) as at:
        task = asyncio.create_task(at.render(wish, [("image", caller.photo())], caller.target, on_progress=caller.hear))
        await caller.announce(Notice(text="No.", tone=Tone.BAD))
        with pytest.raises(NoReel, match=r"No\."):
            await task
    (ask,) = caller.harness.front.received
    assert ask.wish == wish
    assert ask.attachments[0].option == "image"


async def test_a_refusal_names_every_problem(caller: Caller) -> None:
    async with terminal(caller.harness) as at:
        with pytest.raises(NoReel) as refused:
            await at.render("/effect Kis Mee --duration 9", [], caller.target, on_progress=caller.hear)
    assert len(str(refused.value).splitlines()) >= 3
    assert caller.harness.front.received == []


async def test_what_is_said_after_the_ask_was_taken_ends_it_too(caller: Caller) -> None:
    async with terminal(caller.harness) as at:
        task = caller.render(at)
        await caller.received()
        place = caller.harness.front.received[0].place
        await caller.harness.chat.say(place, Notice(text="That picture is empty.", tone=Tone.BAD), key="k")
        with pytest.raises(NoReel, match="empty"):
            await task
    assert not caller.target.exists()


async def test_a_file_that_is_not_there_or_too_large_is_named_before_anything_is_asked(caller: Caller) -> None:
    large = caller.target.with_name("large.jpg")
    large.write_bytes(b"x" * 1_000_001)
    async with terminal(caller.harness) as at:
        for path, word in ((caller.target.with_name("none.jpg"), "none.jpg"), (large, "too large")):
            with pytest.raises(NoReel, match=word):
                await at.render("/effect Hug", [path], caller.target, on_progress=caller.hear)
    assert caller.harness.front.received == []


async def test_without_a_folder_for_the_reel_nothing_is_asked(caller: Caller, tmp_path: Path) -> None:
    async with terminal(caller.harness) as at:
        with pytest.raises(NoReel, match="no folder"):
            await at.render("/effect Hug", [], tmp_path / "none" / "reel.mp4", on_progress=caller.hear)


async def test_interrupting_tells_the_bot_that_the_reel_is_not_wanted(caller: Caller) -> None:
    async with terminal(caller.harness) as at:
        task = caller.render(at)
        job = await caller.announce(WORKING)
        await caller.until_heard()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert [(action, subject) for action, subject, _ in caller.harness.front.pressed] == [(Action.CANCEL, job)]


def answering(answer: bool) -> Callable[[Notice], Awaitable[bool]]:  # noqa: FBT001 - the answer is yes or no
    async def decide(_notice: Notice) -> bool:
        return answer

    return decide


@pytest.mark.parametrize(("answer", "action"), [(True, Action.CONFIRM), (False, Action.DECLINE)])
async def test_a_question_is_put_to_the_person_once(caller: Caller, answer: bool, action: Action) -> None:  # noqa: FBT001
    buttons = (
        Button(action=Action.CONFIRM, subject="job", label="Yes"),
        Button(action=Action.DECLINE, subject="job", label="No"),
    )
    async with terminal(caller.harness, decide=answering(answer)) as at:
        task = caller.render(at)
        await caller.announce(Notice(text="This may cost $3.", tone=Tone.WAITING, buttons=buttons))
        await caller.until_heard()
        await caller.announce(Notice(text="This may cost $3. Really.", tone=Tone.WAITING, buttons=buttons))
        await caller.announce(Notice(text="Cancelled.", tone=Tone.PLAIN))
        with pytest.raises(NoReel, match="Cancelled"):
            await task
    assert [pressed[0] for pressed in caller.harness.front.pressed] == [action]


async def test_without_a_bot_it_says_so(tmp_path: Path) -> None:
    async with Terminal(tmp_path / "door", new_id=new_id, sleep=no_sleep) as at:
        with pytest.raises(ChatUnavailable, match="no bot is running"):
            await at.login_link()


async def test_a_login_link_leads_into_the_room(harness: Harness) -> None:
    async with terminal(harness) as at:
        link = await at.login_link()
    assert link.startswith(f"{harness.base_url}/login?key=")


def test_without_a_terminal_each_new_thing_is_one_line() -> None:
    out = io.StringIO()
    with shown(out) as tell:
        tell(Notice(text="You're next."))
        tell(WORKING)
        tell(Notice(text="Rendering", progress=0.7))
    assert out.getvalue().splitlines() == ["You're next.", "Rendering"]
