"""What people do while the program dies under them, and what each of their Jobs may come to."""

from dataclasses import dataclass, replace

from bot.domain.screening import Scrutiny
from tests.crash.doom import Doom, When

PRICE = 150_000
"""Of every reel here, in micro-dollars: 5 seconds at 360p."""

JUDGEMENT = 1_000
"""Of every picture that is judged."""

EFFECT = "/effect Kiss Me AI --resolution 360p"
WORDS = "/video {} --model pixverse-4.5 --resolution 360p"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """`asks` are texts, one Job each; `refused`: none of them becomes one. With `cancels`, Cancel is pressed at fal.

    `alone`: where a platform tells groups and private chats apart it is private, since groups are written to slowly.
    `soon`: whoever died is started again within seconds, and not when the platform has forgotten the last words.
    With `album` two pictures are sent as one, and the second comes once the first was received, whoever dies between.
    With `judged` pictures are judged before anything is made of them, and allowed where nobody does so for a while.
    `past` is how a life before the one in question ended, so that what is struck is the recovery from it;
    `posted_before`: it ended between the posting of the reel and its record, wherever that is on the platform. A
    sample strikes at every name of a commit and a call, or (`steps_alone`) where a Job's state changes and the calls
    do so; of these it takes each `stride`-th.
    """

    name: str
    asks: tuple[str, ...]
    picture: bool = False
    album: bool = False
    alone: bool = False
    soon: bool = False
    cancels: bool = False
    refused: bool = False
    judged: Scrutiny = Scrutiny.OFF
    day_dollars: str = "3.00"
    past: Doom | None = None
    posted_before: bool = False
    steps_alone: bool = True
    stride: int = 1


REEL = Scenario(name="a reel", asks=(EFFECT,), picture=True, steps_alone=False)
THREE = Scenario(name="three at once", asks=(EFFECT, EFFECT, WORDS.format("a paper boat")), picture=True)
UNANSWERED = Scenario(
    name="submit unanswered", asks=(EFFECT,), picture=True, past=Doom(when=When.UNANSWERED, what="submit")
)
UNPOSTED = Scenario(
    name="delivery in doubt",
    asks=(EFFECT,),
    picture=True,
    posted_before=True,
    steps_alone=False,
)
CANCELLED = Scenario(name="cancelled at fal", asks=(WORDS.format("sandbox:slow a paper boat"),), cancels=True)
FAILED = Scenario(name="failed at fal", asks=(WORDS.format("sandbox:422 a paper boat"),))
REFUSED = Scenario(
    name="over the budget",
    asks=(WORDS.format("a paper boat"),),
    refused=True,
    day_dollars="0.10",
    steps_alone=False,
)

ALBUM = Scenario(
    name="an album",
    asks=("/transition the boat sails away --resolution 360p",),
    album=True,
    steps_alone=False,
)

JUDGED = Scenario(name="judged in and out", asks=(EFFECT,), picture=True, judged=Scrutiny.ALL)

ANYTIME = Scenario(name="anytime", asks=(), picture=True, alone=True, soon=True, day_dollars="10000")
"""Grows with every life."""

SCENARIOS = (REEL, THREE, UNANSWERED, UNPOSTED, CANCELLED, FAILED, REFUSED, JUDGED)

SHORT = (replace(REEL, steps_alone=True), UNPOSTED, REFUSED)
"""What differs from platform to platform: how it is asked, how a reel is looked for, and how it is refused."""

SPECIAL = {"telegram": (ALBUM,)}
"""What there is on one platform only."""

HALVES = (
    Doom(when=When.BEFORE_COMMIT, what="UpdateStore.receive"),
    Doom(when=When.AFTER_COMMIT, what="UpdateStore.receive"),
    Doom(when=When.ANSWERED, what="telegram getUpdates"),
    Doom(when=When.UNANSWERED, what="telegram getUpdates", nth=2),
)
"""Deaths when one message of an album was received, or told, and the other was not."""


def short(platform: str) -> tuple[Scenario, ...]:
    """What CI takes of them: the ones that tell platforms apart, and of their moments every second."""
    return tuple(replace(one, steps_alone=platform == "telegram", stride=2) for one in SHORT)
