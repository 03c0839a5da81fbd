"""Links into the console asked for in chat: the rank of who asks, where they ask, and never more."""

import pytest

from bot.actions.invitation import Invitations
from bot.domain.ask import Account
from bot.domain.badge import EVERYWHERE, Badge, Rank
from bot.domain.errors import Refused, Slug
from tests.builders import ANNA, MODERATOR, OWNER

BOTH = Account(platform="room", id="both", is_owner=True, is_moderator=True, roles=("Staff",))


class Printed:
    """The badges that links were made for."""

    def __init__(self) -> None:
        self.badges: list[Badge] = []

    def link(self, badge: Badge) -> str:
        self.badges.append(badge)
        return f"https://example.com/console/login?key={len(self.badges)}"


@pytest.mark.parametrize(
    ("account", "group", "rank", "of"),
    [
        (OWNER, "club", Rank.OWNER, EVERYWHERE),
        (OWNER, "", Rank.OWNER, EVERYWHERE),
        (BOTH, "club", Rank.OWNER, EVERYWHERE),
        (MODERATOR, "club", Rank.MODERATOR, "room:club"),
    ],
)
async def test_a_link_is_for_the_rank_one_has_where_one_asks(account: Account, group: str, rank: Rank, of: str) -> None:
    printed = Printed()
    notice = await Invitations(link=printed.link).console(account, group)
    (badge,) = printed.badges
    assert (badge.rank, badge.group) == (rank, of)
    assert badge.account == Account(platform="room", id=account.id, name=account.name)
    assert notice.private
    assert "https://example.com/console/login?key=1" in notice.text


@pytest.mark.parametrize(("account", "group"), [(ANNA, "club"), (ANNA, ""), (MODERATOR, "")])
async def test_nobody_else_gets_one(account: Account, group: str) -> None:
    printed = Printed()
    with pytest.raises(Refused) as caught:
        await Invitations(link=printed.link).console(account, group)
    assert caught.value.problems[0].slug is Slug.NOT_YOURS
    assert printed.badges == []
