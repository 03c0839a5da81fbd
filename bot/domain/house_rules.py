"""What is allowed: the owner's rules, and a group's own beside them. A group only ever adds to what holds for all."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.screening import Scrutiny


class Faces(StrEnum):
    """What is asked of people before an effect animates faces, from the least to the most.

    DECLARE: their word, once in a group. ASK: their word, every time. REVIEW: a moderator's.
    """

    OFF = "off"
    DECLARE = "declare"
    ASK = "ask"
    REVIEW = "review"


class Reviews(StrEnum):
    """Whose requests wait for a moderator, from the least to the most; names under review wait in any case."""

    OFF = "off"
    NEWCOMERS = "newcomers"
    ALWAYS = "always"


class By(StrEnum):
    """Whose rules they are."""

    OWNER = "owner"
    GROUP = "group"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """One set of rules. Names are compared without case and accents, words as `domain.words` says.

    `effects`, `commands`, `endpoints`, `places`, `roles` and `people` are denied; of those that begin with `only_`
    nothing else is allowed unless they are empty. Places, roles and people are named by their platform's ids or, for
    rules of every platform, by `platform:id`; roles by their names too. `adult` are effects, commands and endpoints
    for age-restricted places alone. `reviewed` wait for a moderator whatever `review` says; a newcomer is somebody
    who has had fewer than `newcomer_reels` reels here.
    """

    by: By = By.OWNER
    words: tuple[str, ...] = ()
    innocent: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    only_effects: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    only_commands: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()
    only_endpoints: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    only_places: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    only_roles: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    only_people: tuple[str, ...] = ()
    adult: tuple[str, ...] = ()
    covered: tuple[str, ...] = ()
    cooldown_s: int = 0
    faces: Faces = Faces.DECLARE
    review: Reviews = Reviews.OFF
    newcomer_reels: int = 3
    reviewed: tuple[str, ...] = ()
    screening: Scrutiny = Scrutiny.OFF


OF_A_GROUP = Rules(by=By.GROUP, faces=Faces.OFF, newcomer_reels=0)
"""A group that has no rules of its own; without a number of its own, a newcomer is who is one to the owner."""
