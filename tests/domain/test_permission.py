"""Who may press what: every role with every action."""

import pytest

from bot.domain.ask import Account
from bot.domain.errors import Slug
from bot.domain.notice import Action
from bot.domain.permission import ANYBODY, MAY, Role, may, refusal, role_of
from tests.builders import ANNA, BEN, MODERATOR, OWNER

TABLE = """
action     asker owner moderator member
cancel     yes   yes   yes       -
confirm    yes   -     -         -
decline    yes   yes   yes       -
still      yes   -     -         -
drop       yes   yes   yes       -
again      yes   yes   yes       yes
change     yes   yes   yes       yes
extend     yes   yes   yes       yes
deliver    yes   yes   yes       -
delete     yes   yes   yes       -
report     yes   yes   yes       yes
open       -     yes   -         -
shut       -     yes   -         -
pause      -     yes   -         -
resume     -     yes   -         -
console    -     yes   yes       -
"""
"""The whole table, written down a second time."""

ROWS = [line.split() for line in TABLE.strip().splitlines()]
PRESSERS = {"asker": ANNA, "owner": OWNER, "moderator": MODERATOR, "member": BEN}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_every_role_may_do_what_the_table_says(action: Action, role: Role) -> None:
    (row,) = [row for row in ROWS[1:] if row[0] == action]
    assert may(PRESSERS[role], action, ANNA) is (row[ROWS[0].index(role)] == "yes")


@pytest.mark.parametrize(
    ("presser", "role"),
    [
        (ANNA, Role.ASKER),
        (Account(platform="room", id="anna", name="Renamed", roles=("x",)), Role.ASKER),
        (Account(platform="room", id="anna", is_owner=True, is_moderator=True), Role.ASKER),
        (Account(platform="telegram", id="anna"), Role.MEMBER),
        (Account(platform="room", id="x", is_owner=True, is_moderator=True), Role.OWNER),
        (MODERATOR, Role.MODERATOR),
        (BEN, Role.MEMBER),
    ],
)
def test_a_role_is_what_somebody_is_to_this_ask(presser: Account, role: Role) -> None:
    assert role_of(presser, ANNA) is role


def test_whoever_may_not_is_told_who_may() -> None:
    said = {action: refusal(action) for action in Action if MAY[action] != ANYBODY}
    alone = {
        Slug.ASKER_ALONE: {Action.CONFIRM, Action.STILL},
        Slug.OWNER_ALONE: {Action.OPEN, Action.SHUT, Action.PAUSE, Action.RESUME},
    }
    assert {slug: {one for one in said if said[one] is slug} for slug in alone} == alone
    assert {said[one] for one in said if one not in set().union(*alone.values())} == {Slug.NOT_YOURS}
