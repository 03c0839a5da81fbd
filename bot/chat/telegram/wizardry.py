"""The Wizard as a message: its screen with its buttons, changed at every step, and in the end the status of the Job."""

from collections.abc import Sequence

from bot.actions.guide import Guide, Turn
from bot.chat.telegram import messages
from bot.chat.telegram.asking import Asking, Request
from bot.chat.telegram.keyboard import drawn
from bot.chat.telegram.messages import Key
from bot.chat.telegram.place import spot_of
from bot.chat.telegram.writing import Words, Writing, words_of
from bot.domain.ask import Account, Ask, Attachment, Wish
from bot.domain.courtesies import dropped_notice
from bot.domain.notice import Tone
from bot.domain.wizard import Finished, Wizard
from bot.domain.wizard_screens import Choice, Screen
from bot.ports.clock import NewId, Now

IN_A_GROUP = "Answer this message, so that I hear it."
"""A bot in a group hears only commands, and answers to itself."""

STYLES = {Tone.GOOD: "success", Tone.BAD: "danger"}


class Wizardry:
    """Shows what a Guide says. Raises of every method: Refused, StoreUnavailable, ChatError's subclasses."""

    def __init__(self, *, guide: Guide, writing: Writing, asking: Asking, new_id: NewId, now: Now) -> None:
        self._guide = guide
        self._writing = writing
        self._asking = asking
        self._new_id = new_id
        self._now = now

    async def begin(
        self,
        request: Request,
        wish: Wish,
        files: tuple[Attachment, ...],
        *,
        wanted: tuple[str, ...] = (),
        named: tuple[Account, ...] = (),
        mentioned: tuple[Account, ...] = (),
    ) -> None:
        """Ask for what a request lacks and for what is `wanted`, or show it once more before it is made."""
        wizard = Wizard(
            id=self._new_id(),
            account=request.account,
            group=request.group,
            place=request.spot.place(),
            event=request.event,
            locale=request.locale,
            wish=wish,
            files=files,
            wanted=wanted,
            named=named,
            mentioned=mentioned,
        )
        await self._follow(await self._guide.begin(wizard), request)

    async def press(self, request: Request, wizard: str, version: int, token: str) -> None:
        """A button of a screen."""
        await self._follow(await self._guide.press(wizard, version, token, request.account), request)

    async def write(self, request: Request, text: str) -> bool:
        """Something was written; whether anything had been begun."""
        turn = await self._guide.write(request.account, request.group, text)
        return await self._went(turn, request)

    async def give(self, request: Request, files: Sequence[Attachment]) -> bool:
        """Files came; whether anything had been begun."""
        turn = await self._guide.give(request.account, request.group, files)
        return await self._went(turn, request)

    async def _went(self, turn: Turn | None, request: Request) -> bool:
        if turn is not None:
            await self._follow(turn, request)
        return turn is not None

    async def _follow(self, turn: Turn, request: Request) -> None:
        spot, key = spot_of(turn.wizard.place), _key(turn.wizard)
        if turn.finished is not None:
            await self._finish(turn.wizard, turn.finished, request)
        elif turn.screen is not None:
            await self._writing.put(spot, _words(turn.wizard, turn.screen, in_group=not spot.is_private), key=key)
        else:
            await self._writing.put(spot, words_of(dropped_notice()), key=key)

    async def _finish(self, wizard: Wizard, finished: Finished, request: Request) -> None:
        """The Ask is kept before the Wizard ends, and by an event of its own: two presses are one."""
        ask = Ask(
            id=self._new_id(),
            event_id=_key(wizard),
            account=wizard.account,
            group=wizard.group,
            group_name=request.group_name,
            place=wizard.place,
            wish=finished.wish,
            attachments=finished.files,
            received_at=self._now(),
            locale=wizard.locale,
            price_seen_microusd=finished.seen_microusd,
            named=wizard.named,
            mentioned=wizard.mentioned,
        )
        shown = await self._writing.known(_key(wizard))
        if shown is not None:
            await self._writing.keep(ask.id, shown)
        await self._asking.keep_wish(request, ask)
        await self._guide.end(wizard)


def _key(wizard: Wizard) -> str:
    return f"wizard:{wizard.id}"


def _words(wizard: Wizard, screen: Screen, *, in_group: bool) -> Words:
    hint = f"\n{IN_A_GROUP}" if in_group and (screen.writes or screen.sends) else ""
    rows = tuple(tuple(_drawn(wizard, choice) for choice in row) for row in screen.rows)
    return Words(text=messages.cut(messages.quiet(screen.text) + hint, messages.TEXT), buttons=drawn(rows))


def _drawn(wizard: Wizard, choice: Choice) -> Key:
    data = f"w:{wizard.id}:{wizard.version}:{choice.token}"
    return Key(label=choice.label, data=data, style=STYLES.get(choice.tone, ""))
