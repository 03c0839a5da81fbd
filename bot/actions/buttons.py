"""Every button of every platform, and the action it leads to."""

from collections.abc import Awaitable, Callable, Mapping

from bot.actions.after import Aftercare
from bot.actions.budgeting import Budgeting
from bot.actions.consent import Consenting
from bot.actions.doorkeeping import Doorkeeping
from bot.actions.press import Presses
from bot.actions.privacy import Privacy
from bot.actions.review import Reviewing
from bot.actions.taking_back import TakingBack
from bot.domain.ask import Account, Place
from bot.domain.consent import ANSWERS
from bot.domain.notice import Action, Notice

_Press = Callable[[Action, str, Account, str | None], Awaitable[Notice]]


class Buttons:
    """One door for presses; each action begins with the permission table."""

    def __init__(
        self,
        *,
        presses: Presses,
        doorkeeping: Doorkeeping,
        reviewing: Reviewing,
        consenting: Consenting,
        privacy: Privacy,
        budgeting: Budgeting,
        taking_back: TakingBack,
        aftercare: Aftercare,
    ) -> None:
        self.presses = presses
        self.reviewing = reviewing
        self.consenting = consenting
        self.aftercare = aftercare
        self._doorkeeping = doorkeeping
        self._privacy = privacy
        self.budgeting = budgeting
        self._taking_back = taking_back
        self._elsewhere: Mapping[Action, _Press] = {
            Action.OPEN: self._door,
            Action.SHUT: self._door,
            Action.REPORT: self._after,
            Action.KEEP: self._after,
            Action.TAKE_DOWN: self._after,
            Action.TAKE_DOWN_STRIKE: self._after,
            Action.GIVE_BACK: self._after,
            Action.APPROVE: self._review,
            Action.REFUSE: self._review,
            Action.SILENCE: self._review,
            Action.ERASE: self._erase,
            Action.GO_ON: self._go_on,
            Action.TAKE_BACK: self._take_back,
            **dict.fromkeys(ANSWERS, self._consent),
        }

    async def press(
        self, action: Action, subject: str, account: Account, *, place: Place | None = None, group: str | None = None
    ) -> Notice:
        """Do what the button says. `group` is where it was pressed, "" in private, None where the thing itself is.

        Raises:
            Refused: not theirs to press, or its moment has passed.
            StoreUnavailable: nothing was done.
        """
        press = self._elsewhere.get(action)
        if press is None:
            return await self.presses.press(action, subject, account, place=place, group=group)
        return await press(action, subject, account, group)

    async def _door(self, action: Action, subject: str, account: Account, _group: str | None) -> Notice:
        return await self._doorkeeping.decide(action, subject, account)

    async def _after(self, action: Action, subject: str, account: Account, group: str | None) -> Notice:
        """A button on a card counts while nobody has said anything yet."""
        match action:
            case Action.REPORT:
                return await self.aftercare.report(subject, account, group=group)
            case Action.KEEP:
                return await self.aftercare.keep(subject, account, group=group)
            case Action.GIVE_BACK:
                return await self.aftercare.give_back(subject, account, group=group)
            case _:
                strike = action is Action.TAKE_DOWN_STRIKE
                return await self.aftercare.take_down(subject, account, group=group, strike=strike, first=True)

    async def _review(self, action: Action, subject: str, account: Account, group: str | None) -> Notice:
        match action:
            case Action.APPROVE:
                return await self.reviewing.approve(subject, account, group=group)
            case Action.REFUSE:
                return await self.reviewing.refuse(subject, account, group=group)
            case _:
                return await self.reviewing.silence(subject, account, group=group)

    async def _consent(self, action: Action, subject: str, account: Account, group: str | None) -> Notice:
        return await self.consenting.answer(action, subject, account, group=group)

    async def _erase(self, _action: Action, subject: str, account: Account, group: str | None) -> Notice:
        return await self._privacy.erase(subject, account, group=group)

    async def _go_on(self, _action: Action, subject: str, account: Account, _group: str | None) -> Notice:
        return await self.budgeting.go_on(subject, account)

    async def _take_back(self, _action: Action, subject: str, account: Account, _group: str | None) -> Notice:
        return await self._taking_back.take_back(subject, account)
