"""An Order against the rules: allow, review, or refuse with the reason. Pure; rules come from settings and store."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.ask import Account, Ask
from bot.domain.catalogue import Endpoint
from bot.domain.consent import Stance, others, refusing, to_be_asked
from bot.domain.denials import denials, is_named, names_of
from bot.domain.errors import Problem, Slug
from bot.domain.house_rules import Faces, Reviews, Rules
from bot.domain.job import Waiting
from bot.domain.order import Order
from bot.domain.screener import Judgings, Screener, judgings_of, pictures_of
from bot.domain.screening import Part

__all__ = ["Circumstances", "Faces", "Reviews", "Rules", "Verdict", "animates_faces", "is_covered", "judge"]


BY_OTHERS = frozenset({Waiting.MODERATOR, Waiting.CONSENT, Waiting.SCREENING})
"""What is somebody else's to give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Moderation's answer. `waiting_for` non-empty is a review, `problems` non-empty a refusal, neither: allow.

    `lasts` is how long others are waited for; None: as long as for a person's own yes. `asked` are those whose consent
    it waits for, `judgings` the pictures that are to be judged first.
    """

    problems: tuple[Problem, ...] = ()
    waiting_for: frozenset[Waiting] = frozenset()
    lasts: timedelta | None = None
    asked: tuple[Account, ...] = ()
    judgings: Judgings | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the rules need to know besides the Order. `confirm_above_microusd` None: no price needs a yes.

    `declared`: the person's word about faces is known here. `reels`: how many they have had here. `stances`: what
    those who are named in it said before. `others_take`: how long a moderator, or somebody named, is waited for.
    `screener` judges its pictures, None: they are not judged.
    """

    declared: bool
    confirm_above_microusd: int | None = None
    reels: int = 0
    stances: Mapping[str, Stance] = field(default_factory=dict)
    others_take: timedelta = timedelta(hours=24)
    screener: Screener | None = None


def judge(ask: Ask, order: Order, endpoint: Endpoint, rules: Sequence[Rules], circumstances: Circumstances) -> Verdict:
    """The verdict of all these rules: the owner's, and the group's where it has some.

    An owner is not asked about faces and waits for nobody; a moderator is asked and waits for nobody. But whoever is
    named in it is asked, whoever asks.
    """
    concerned = others(ask, faces=animates_faces(order, endpoint))
    unwilling = [
        Problem(slug=Slug.NO_CONSENT, facts={"name": one.name}) for one in refusing(concerned, circumstances.stances)
    ]
    problems = (*(problem for some in rules for problem in denials(ask, order, endpoint, some)), *unwilling)
    if problems:
        return Verdict(problems=problems)
    waiting: set[Waiting] = set()
    limit = circumstances.confirm_above_microusd
    agreed = ask.price_seen_microusd is not None and ask.price_seen_microusd >= order.quote.hold_microusd
    if limit is not None and order.quote.hold_microusd > limit and not agreed:
        waiting.add(Waiting.CONFIRMATION)
    if not ask.account.is_owner:
        for some in rules:
            is_new = circumstances.reels < (some.newcomer_reels or rules[0].newcomer_reels)
            waiting.update(_waits(ask, order, endpoint, some, circumstances, is_new=is_new))
    asked = to_be_asked(concerned, circumstances.stances)
    waiting |= {Waiting.CONSENT} if asked else set()
    screener = circumstances.screener
    judgings = judgings_of(pictures_of(order, endpoint), Part.PICTURE, screener) if screener else None
    waiting |= {Waiting.SCREENING} if judgings else set()
    lasts = circumstances.others_take if waiting & BY_OTHERS else None
    return Verdict(waiting_for=frozenset(waiting), lasts=lasts, asked=asked, judgings=judgings)


def _waits(
    ask: Ask, order: Order, endpoint: Endpoint, rules: Rules, circumstances: Circumstances, *, is_new: bool
) -> Iterator[Waiting]:
    """What these rules let somebody wait for, besides their yes to a price."""
    faces = rules.faces if animates_faces(order, endpoint) else Faces.OFF
    whose = rules.review is Reviews.ALWAYS or (rules.review is Reviews.NEWCOMERS and is_new)
    if ask.account.is_moderator:
        faces = Faces.DECLARE if faces is Faces.REVIEW else faces
    elif faces is Faces.REVIEW or whose or is_named(rules.reviewed, names_of(order, endpoint)):
        yield Waiting.MODERATOR
    if faces is Faces.ASK or (faces is Faces.DECLARE and not circumstances.declared):
        yield Waiting.CONFIRMATION


def is_covered(order: Order, endpoint: Endpoint, rules: Rules) -> bool:
    """Whether the reel is to be covered until somebody wants to see it."""
    return is_named(rules.covered, names_of(order, endpoint))


def animates_faces(order: Order, endpoint: Endpoint) -> bool:
    """Whether this Order puts faces in motion: every one of the endpoint, or those with the effects it names."""
    named = not endpoint.face_effects or is_named(endpoint.face_effects, names_of(order, endpoint))
    return endpoint.faces and named
