"""Who may do what, and where: every role with every action in every place."""

from dataclasses import replace

import pytest

from bot.domain.admin import SUBS, Sub
from bot.domain.ask import Account
from bot.domain.errors import Slug
from bot.domain.notice import Action
from bot.domain.permission import MAY, About, Deed, Doing, Presser, Role, Where, about, may, refusal, role_of, where
from tests.builders import ANNA, BEN, MODERATOR, OWNER, a_job, an_ask

TABLE = """
               asked banned_asker banned asker owner moderator viewer stranger member
cancel         -     hpe          -      hpe   hpe   h         -      -        -
confirm        -     -            -      hpe   -     -         -      -        -
decline        -     hpe          -      hpe   hpe   h         -      -        -
still          -     -            -      hpe   -     -         -      -        -
drop           -     hpe          -      hpe   hpe   h         -      -        -
again          h     -            -      hpe   hpe   h         h      -        h
change         h     -            -      hpe   hpe   h         h      -        h
extend         h     -            -      hpe   hpe   h         h      -        h
deliver        -     -            -      hpe   hpe   h         -      -        -
show           -     -            -      hpe   hpe   h         -      -        -
delete         -     hpe          -      hpe   hpe   h         -      -        -
report         hpe   -            -      hpe   hpe   h         h      h        h
open           -     -            -      -     hpe   -         -      -        -
shut           -     -            -      -     hpe   -         -      -        -
pause          -     -            -      -     hpe   -         -      -        -
resume         -     -            -      -     hpe   -         -      -        -
console        -     -            -      -     hpe   h         -      -        -
approve        -     -            -      -     hpe   h         -      -        -
refuse         -     -            -      -     hpe   h         -      -        -
silence        -     -            -      -     hpe   h         -      -        -
allow_once     hpe   -            -      -     -     -         -      -        -
allow_them     hpe   -            -      -     -     -         -      -        -
allow_all      hpe   -            -      -     -     -         -      -        -
forbid_once    hpe   -            -      -     -     -         -      -        -
forbid         hpe   -            -      -     -     -         -      -        -
take_back      hpe   -            -      -     -     -         -      -        -
take_down      -     -            -      -     hpe   h         -      -        -
take_down_strike -   -            -      -     hpe   h         -      -        -
give_back      -     -            -      -     hpe   h         -      -        -
keep           -     -            -      -     hpe   h         -      -        -
erase          -     hpe          -      hpe   -     -         -      -        -
go_on          -     -            -      -     hpe   -         -      -        -
rules          -     -            -      -     hpe   h         -      -        -
strike         -     -            -      -     hpe   h         -      -        -
time_out       -     -            -      -     hpe   h         -      -        -
ban            -     -            -      -     hpe   h         -      -        -
ban_everywhere -     -            -      -     hpe   -         -      -        -
lift           -     -            -      -     hpe   h         -      -        -
revoke         -     -            -      -     hpe   h         -      -        -
refund         -     -            -      -     hpe   h         -      -        -
raise          -     -            -      -     hpe   -         -      -        -
lower          -     -            -      -     hpe   h         -      -        -
grant          -     -            -      -     hpe   -         -      -        -
pause_group    -     -            -      -     hpe   h         -      -        -
resume_group   -     -            -      -     hpe   h         -      -        -
pause_bot      -     -            -      -     hpe   -         -      -        -
look           -     -            -      -     hpe   h         h      -        -
look_at_all    -     -            -      -     hpe   -         -      -        -
"""
"""The whole table, written down a second time: here, in private, elsewhere."""

HEAD, *LINES = [line.split() for line in TABLE.strip("\n").splitlines()]
ROWS = {line[0]: dict(zip(HEAD, line[1:], strict=True)) for line in LINES}
DOINGS: tuple[Doing, ...] = (*Action, *Deed)
THEIRS = About(platform="room", group="club", asker=ANNA)
PRESSERS = {
    Role.ASKED: Presser(account=BEN),
    Role.BANNED_ASKER: Presser(account=ANNA, banned=True),
    Role.BANNED: Presser(account=BEN, banned=True),
    Role.ASKER: Presser(account=ANNA),
    Role.OWNER: Presser(account=OWNER),
    Role.MODERATOR: Presser(account=MODERATOR),
    Role.VIEWER: Presser(account=BEN, views=True),
    Role.STRANGER: Presser(account=BEN, is_open=False),
    Role.MEMBER: Presser(account=BEN),
}
STANDS = {Where.HERE: "club", Where.PRIVATE: "", Where.ELSEWHERE: "another"}


SAID = """
         asked banned_asker banned asker owner moderator viewer stranger member
status   -     -            -      -     hpe   h         h      -        -
budget   -     -            -      -     hpe   h         h      -        -
grant    -     -            -      -     hpe   -         -      -        -
tier     -     -            -      -     hpe   h         -      -        -
review   -     -            -      -     hpe   h         h      -        -
rules    -     -            -      -     hpe   h         h      -        -
ban      -     -            -      -     hpe   h         -      -        -
timeout  -     -            -      -     hpe   h         -      -        -
log      -     -            -      -     hpe   h         h      -        -
stats    -     -            -      -     hpe   h         h      -        -
console  -     -            -      -     hpe   h         -      -        -
help     -     -            -      -     hpe   h         h      -        -
"""
"""Who is let in to each subcommand of /admin; what it then does asks the table once more."""

SAID_HEAD, *SAID_LINES = [line.split() for line in SAID.strip("\n").splitlines()]
SAID_ROWS = {line[0]: dict(zip(SAID_HEAD, line[1:], strict=True)) for line in SAID_LINES}


@pytest.mark.parametrize("place", Where)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("sub", SUBS.values(), ids=lambda sub: sub.name)
def test_every_subcommand_is_for_the_roles_the_table_says(sub: Sub, role: Role, place: Where) -> None:
    to = replace(THEIRS, asked=frozenset({BEN.key})) if role is Role.ASKED else THEIRS
    presser = replace(PRESSERS[role], group=STANDS[place])
    assert may(presser, sub.deed, to) is (place.value[0] in SAID_ROWS[sub.name][role.value])


def test_the_table_has_a_row_for_everything_that_can_be_done() -> None:
    assert set(ROWS) == {doing.value for doing in DOINGS} == {doing.value for doing in MAY}
    assert set(HEAD) == set(Role)


@pytest.mark.parametrize("place", Where)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("doing", DOINGS)
def test_every_role_may_do_what_the_table_says(doing: Doing, role: Role, place: Where) -> None:
    to = replace(THEIRS, asked=frozenset({BEN.key})) if role is Role.ASKED else THEIRS
    presser = replace(PRESSERS[role], group=STANDS[place])
    assert (role_of(presser, to), where(presser, to)) == (role, place)
    assert may(presser, doing, to) is (place.value[0] in ROWS[doing.value][role.value])


@pytest.mark.parametrize(
    ("presser", "role"),
    [
        (Presser(account=ANNA), Role.ASKER),
        (Presser(account=Account(platform="room", id="anna", name="Renamed", roles=("x",))), Role.ASKER),
        (Presser(account=replace(ANNA, is_owner=True, is_moderator=True)), Role.ASKER),
        (Presser(account=replace(ANNA, is_owner=True), banned=True), Role.ASKER),
        (Presser(account=Account(platform="telegram", id="anna")), Role.MEMBER),
        (Presser(account=replace(OWNER, is_moderator=True), banned=True, is_open=False), Role.OWNER),
        (Presser(account=MODERATOR, is_open=False, views=True), Role.MODERATOR),
        (Presser(account=MODERATOR, banned=True), Role.BANNED),
        (Presser(account=BEN), Role.MEMBER),
    ],
)
def test_a_role_is_what_somebody_is_to_this_thing(presser: Presser, role: Role) -> None:
    assert role_of(presser, THEIRS) is role


@pytest.mark.parametrize("presser", [Presser(account=OWNER), Presser(account=MODERATOR), Presser(account=BEN)])
def test_whoever_is_asked_for_their_face_is_only_that(presser: Presser) -> None:
    to = replace(THEIRS, asked=frozenset({presser.account.key}))
    assert role_of(replace(presser, banned=True), to) is Role.ASKED
    assert not may(presser, Action.APPROVE, to)
    assert may(presser, Action.FORBID, to)


def test_nobody_approves_what_they_asked_for_themselves() -> None:
    for anna in (replace(ANNA, is_owner=True), replace(ANNA, is_moderator=True)):
        assert not may(Presser(account=anna, group="club"), Action.APPROVE, THEIRS)


def test_a_moderator_of_another_platforms_group_of_the_same_id_is_elsewhere() -> None:
    moderator = replace(MODERATOR, platform="discord")
    assert where(Presser(account=moderator, group="club"), THEIRS) is Where.ELSEWHERE
    assert not may(Presser(account=moderator, group="club"), Action.APPROVE, THEIRS)


def test_a_thing_stands_where_it_was_asked_for() -> None:
    ask = an_ask(group="club")
    assert about(ask) == about(a_job(ask=ask)) == THEIRS
    assert where(Presser(account=ANNA, group=""), about(an_ask())) is Where.HERE
    assert where(Presser(account=ANNA, group=None), THEIRS) is Where.HERE


@pytest.mark.parametrize("doing", DOINGS)
def test_whoever_may_not_is_told_who_alone_may(doing: Doing) -> None:
    roles = frozenset(MAY[doing])
    expected = {
        frozenset({Role.ASKER}): Slug.ASKER_ALONE,
        frozenset({Role.ASKER, Role.BANNED_ASKER}): Slug.ASKER_ALONE,
        frozenset({Role.OWNER}): Slug.OWNER_ALONE,
        frozenset({Role.ASKED}): Slug.ASKED_ALONE,
        frozenset({Role.OWNER, Role.MODERATOR}): Slug.MODERATOR_ALONE,
        frozenset({Role.OWNER, Role.MODERATOR, Role.VIEWER}): Slug.MODERATOR_ALONE,
    }
    assert refusal(doing) is expected.get(roles, Slug.NOT_YOURS)
