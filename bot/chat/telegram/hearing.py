"""What people say: commands that make something, commands about one's own things, and the rest."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from telegram import Message

from bot.chat.telegram.administering import Administering
from bot.chat.telegram.asking import Asking, Given, Request
from bot.chat.telegram.chat import TelegramChat
from bot.chat.telegram.front import Front
from bot.chat.telegram.line import Line
from bot.chat.telegram.place import link_of
from bot.chat.telegram.portraits import portrait
from bot.chat.telegram.pressing import is_with_telegram
from bot.chat.telegram.privately import PRIVATELY, Privately
from bot.chat.telegram.reading import Heard, album_of, files_of, heard, spot_of_message
from bot.chat.telegram.who import Who
from bot.chat.telegram.wizardry import Wizardry
from bot.domain.admin import ADMIN
from bot.domain.ask import Wish
from bot.domain.courtesies import hint_notice, welcome_notice
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.notice import Notice
from bot.domain.replies import STATS, Elsewhere
from bot.domain.wish import Reading

START = "start"
AGAIN = "again"
ELSEWHERE = Elsewhere(link=link_of, shows=is_with_telegram)


class Hearing:
    """Takes what was said, in one message or the several of an album."""

    def __init__(
        self,
        *,
        front: Front,
        asking: Asking,
        wizardry: Wizardry,
        chat: TelegramChat,
        line: Line,
        who: Who,
        administering: Administering,
    ) -> None:
        self._front = front
        self._asking = asking
        self._wizardry = wizardry
        self._chat = chat
        self._line = line
        self._who = who
        self._administering = administering
        self._privately = Privately(front=front, chat=chat, line=line)

    async def hear(self, album: Sequence[Message], numbers: tuple[int, ...]) -> None:
        """Do what was said. Raises Refused, StoreUnavailable, ChatError's subclasses."""
        me = self._line.connected.me
        found = [(message, one) for message in album if (one := heard(message, me)) is not None]
        if not found:
            return
        message, said = next(((message, one) for message, one in found if one.is_command), found[0])
        files = tuple(file for each in album for file in files_of(each))
        given = Given(files=files, answered=said.answered)
        if said.is_command:
            await self._command(message, said, given, numbers)
        else:
            await self._words(message, said, given, numbers)

    def answering(self, message: Message) -> Callable[[Notice], Awaitable[None]]:
        """How to answer a message; again with the same message's key, by changing what was answered."""

        async def answer(notice: Notice) -> None:
            await self._chat.say(spot_of_message(message).place(), notice, key=_event(message))

        return answer

    async def _command(self, message: Message, said: Heard, given: Given, numbers: tuple[int, ...]) -> None:
        if not self._front.is_known(said.command) and said.command != START:
            if said.directed:
                raise Refused(self._front.read(said.text).problems)
            return
        request = await self._request(message, numbers)
        if said.command == AGAIN:
            await self._asking.again(request, "")
        elif not await self._replied(message, said, request):
            await self._make(request, said, given)

    async def _replied(self, message: Message, said: Heard, request: Request) -> bool:
        """Answer a command that makes nothing; whether it is one."""
        started = said.rest.strip() if said.command == START else ""
        if said.command in PRIVATELY or started in PRIVATELY:
            words = "" if started else said.rest
            await self._answer(message, await self._privately.reply(started or said.command, request, words))
        elif said.command == START:
            await self.answering(message)(welcome_notice())
        elif said.command == ADMIN:
            await self._answer(message, await self._administering.answer(message, request))
        elif said.command == STATS:
            await self._answer(message, await self._front.stats(request.account, request.group, dark=False))
        else:
            answer = await self._front.reply(
                f"/{said.command} {said.rest}", request.account, request.group, elsewhere=ELSEWHERE
            )
            return await self._answer(message, answer)
        return True

    async def _make(self, request: Request, said: Heard, given: Given) -> None:
        """What a command asks for; what it lacks is asked for in turn."""
        reading = self._front.read(said.text)
        given = await self._with_people(request, said, given)
        lacking = self._asking.lacks(reading.wish, given, reading.problems)
        if lacking is None:
            await self._asking.take(request, reading.wish, given, reading.problems)
        else:
            wish = await self._front.with_defaults(replace(reading.wish, options=_said(reading)), request.account)
            unsaid = tuple(problem.about for problem in reading.problems)
            await self._wizardry.begin(request, wish, lacking, wanted=unsaid, mentioned=given.mentioned)

    async def _with_people(self, request: Request, said: Heard, given: Given) -> Given:
        """With the portraits it wants, and those it mentions that are known. Raises Refused(NO_PORTRAIT)."""
        wanted = [(one, await self._who.meant(one, request.group)) for one in said.portraits]
        unknown = [one for one, found in wanted if found is None]
        if unknown:
            raise Refused([Problem(slug=Slug.NO_PORTRAIT, facts={"given": str(name)}) for name in unknown])
        mentioned = [await self._who.meant(one, request.group) for one in said.mentioned]
        return replace(
            given,
            files=(*(portrait(found) for _, found in wanted if found is not None), *given.files),
            mentioned=tuple(one for one in mentioned if one is not None),
        )

    async def _words(self, message: Message, said: Heard, given: Given, numbers: tuple[int, ...]) -> None:
        """No command: more of what was begun, or in private the beginning of something."""
        request = await self._request(message, numbers)
        if given.files and await self._wizardry.give(request, given.files):
            return
        if said.rest.strip() and await self._wizardry.write(request, said.rest):
            return
        if not request.spot.is_private:
            return
        if given.files:
            await self._wizardry.begin(request, Wish(command=""), given.files)
        else:
            await self.answering(message)(hint_notice())

    async def _answer(self, message: Message, answer: Notice | None) -> bool:
        if answer is not None:
            await self.answering(message)(answer)
        return answer is not None

    async def _request(self, message: Message, numbers: tuple[int, ...]) -> Request:
        spot = spot_of_message(message)
        user = message.from_user
        return Request(
            event=_event(message),
            account=await self._who.wrote(message),
            group="" if spot.is_private else await self._line.group(spot.chat),
            group_name="" if spot.is_private else message.chat.title or "",
            spot=spot,
            numbers=numbers,
            locale=(user.language_code if user else None) or "en",
            at=message.date,
        )


def _said(reading: Reading) -> Mapping[str, str]:
    """The options that say something: one that was named without a value is still to be asked for."""
    lacking = {problem.about for problem in reading.problems}
    return {name: value for name, value in reading.wish.options.items() if name not in lacking}


def _event(message: Message) -> str:
    """What was done, however often Telegram tells of it."""
    album = album_of(message)
    return f"album:{album}" if album else f"{message.chat_id}:{message.message_id}"
