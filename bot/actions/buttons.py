"""Every button of every platform, and the action it leads to."""

from bot.actions.doorkeeping import Doorkeeping
from bot.actions.press import Presses
from bot.actions.review import Reviewing
from bot.domain.ask import Account, Place
from bot.domain.notice import Action, Notice


class Buttons:
    """One door for presses; each action begins with the permission table."""

    def __init__(self, *, presses: Presses, doorkeeping: Doorkeeping, reviewing: Reviewing) -> None:
        self.presses = presses
        self.reviewing = reviewing
        self._doorkeeping = doorkeeping

    async def press(
        self, action: Action, subject: str, account: Account, *, place: Place | None = None, group: str | None = None
    ) -> Notice:
        """Do what the button says. `group` is where it was pressed, "" in private, None where the thing itself is.

        Raises:
            Refused: not theirs to press, or its moment has passed.
            StoreUnavailable: nothing was done.
        """
        match action:
            case Action.OPEN | Action.SHUT:
                return await self._doorkeeping.decide(action, subject, account)
            case Action.APPROVE:
                return await self.reviewing.approve(subject, account, group=group)
            case Action.REFUSE:
                return await self.reviewing.refuse(subject, account, group=group)
            case Action.SILENCE:
                return await self.reviewing.silence(subject, account, group=group)
            case Action.REPORT:
                return await self._doorkeeping.report(subject, account)
            case _:
                return await self.presses.press(action, subject, account, place=place, group=group)
