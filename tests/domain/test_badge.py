"""What a badge shows and how it acts: every rank, in its group, in another, and in none."""

import pytest

from bot.domain.ask import Account
from bot.domain.badge import EVERYWHERE, Badge, Rank
from bot.domain.errors import Refused, Slug
from bot.domain.permission import Presser, Role, about, role_of
from tests.builders import ANNA, an_ask

MIA = Account(platform="discord", id="7", name="Mia", roles=("Supporter",), is_owner=True, is_moderator=True)
"""Whatever the account says of itself, the badge decides."""

HERE = "discord:1"
THERE = "discord:2"


@pytest.mark.parametrize("rank", Rank)
@pytest.mark.parametrize(
    ("group", "of", "sees"),
    [
        (EVERYWHERE, HERE, True),
        (EVERYWHERE, EVERYWHERE, True),
        (HERE, HERE, True),
        (HERE, THERE, False),
        (HERE, EVERYWHERE, False),
        (HERE, "discord:11", False),
    ],
)
def test_a_badge_shows_its_group_and_no_other(rank: Rank, group: str, of: str, sees: bool) -> None:  # noqa: FBT001
    assert Badge(account=MIA, rank=rank, group=group).sees(of) is sees


@pytest.mark.parametrize(("rank", "role"), [(Rank.OWNER, Role.OWNER), (Rank.MODERATOR, Role.MODERATOR)])
def test_it_acts_with_its_rank_and_nothing_else_of_the_account(rank: Rank, role: Role) -> None:
    acting = Badge(account=MIA, rank=rank, group=HERE).acting(HERE)
    assert role_of(Presser(account=acting), about(an_ask())) is role
    assert (acting.platform, acting.id, acting.name, acting.roles) == ("discord", "7", "Mia", ())


@pytest.mark.parametrize(
    ("badge", "of"),
    [
        (Badge(account=MIA, rank=Rank.MODERATOR, group=HERE), THERE),
        (Badge(account=MIA, rank=Rank.MODERATOR, group=HERE), EVERYWHERE),
        (Badge(account=MIA, rank=Rank.VIEWER, group=HERE), HERE),
        (Badge(account=MIA, rank=Rank.VIEWER), HERE),
        (Badge(account=ANNA, rank=Rank.VIEWER), EVERYWHERE),
    ],
)
def test_it_does_not_act_elsewhere_and_a_viewers_does_not_act_at_all(badge: Badge, of: str) -> None:
    with pytest.raises(Refused) as refused:
        badge.acting(of)
    assert [problem.slug for problem in refused.value.problems] == [Slug.NOT_YOURS]
