"""Guides a person step by step to a request: each press and each word is one turn of their Wizard, made once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain.ask import Account, Attachment
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.wizard import Dropped, Finished, Shelf, Step, Wizard
from bot.domain.wizard_answers import given, typed
from bot.domain.wizard_keys import CANCEL
from bot.domain.wizard_moves import begin, choose, nothing
from bot.domain.wizard_screens import Screen, view
from bot.ports.wizards import Wizards


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Where a Wizard has come to: another screen, its end, or (neither) nowhere, since the person dropped it."""

    wizard: Wizard
    screen: Screen | None = None
    finished: Finished | None = None


class Guide:
    """Raises of every method: Refused when it cannot be as wished, StoreUnavailable."""

    def __init__(self, *, wizards: Wizards, shelf: Shelf) -> None:
        self._wizards = wizards
        self._shelf = shelf

    async def begin(self, wizard: Wizard) -> Turn:
        """A request that lacks something, or is to be looked at once more before it is made; once for each event."""
        begun = await self._wizards.of(wizard.account, wizard.group)
        if begun is not None and begun.event == wizard.event:
            return self._shown(begun)
        first = begin(wizard, self._shelf)
        await self._wizards.begin(first)
        return self._shown(first)

    async def press(self, wizard_id: str, version: int, token: str, account: Account) -> Turn:
        """A button; one of an earlier screen shows where things stand. Refused, too, when another presses."""
        wizard = await self._wizards.get(wizard_id)
        if wizard is None:
            raise nothing()
        if (wizard.account.platform, wizard.account.id) != (account.platform, account.id):
            raise Refused([Problem(slug=Slug.NOT_YOURS)])
        if wizard.version != version and token != CANCEL:
            return self._shown(wizard)
        return await self._turn(wizard, lambda: choose(wizard, token, self._shelf))

    async def write(self, account: Account, group: str, text: str) -> Turn | None:
        """Something was written by somebody; None when they have begun nothing there."""
        wizard = await self._wizards.of(account, group)
        return None if wizard is None else await self._turn(wizard, lambda: typed(wizard, text, self._shelf))

    async def give(self, account: Account, group: str, files: Sequence[Attachment]) -> Turn | None:
        """Files came from somebody; None when they have begun nothing there."""
        wizard = await self._wizards.of(account, group)
        return None if wizard is None else await self._turn(wizard, lambda: given(wizard, files, self._shelf))

    async def end(self, wizard: Wizard) -> None:
        """What it led to is kept elsewhere by now."""
        await self._wizards.end(wizard.id)

    async def _turn(self, before: Wizard, step: Callable[[], Step]) -> Turn:
        match step():
            case Dropped():
                await self._wizards.end(before.id)
                return Turn(wizard=before)
            case Finished() as finished:
                return Turn(wizard=before, finished=finished)
            case Wizard() as after:
                if after is not before and not await self._wizards.turn(before, after):
                    raise nothing()
                return self._shown(after)

    def _shown(self, wizard: Wizard) -> Turn:
        return Turn(wizard=wizard, screen=view(wizard, self._shelf))
