"""An Order against the owner's rules: allow, review, or refuse with the reason. Pure; rules come from settings."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ask import Ask
from bot.domain.catalogue import Endpoint, Kind, Option
from bot.domain.errors import Problem, Slug
from bot.domain.job import Waiting
from bot.domain.order import Order
from bot.domain.words import denied_word, plain


class Faces(StrEnum):
    """What is asked of people before an effect animates faces."""

    DECLARE = "declare"
    REVIEW = "review"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What may not be asked for. Names are compared without case and accents, words as `domain.words` says."""

    words: tuple[str, ...] = ()
    innocent: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()
    faces: Faces = Faces.DECLARE
    covered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Moderation's answer. `waiting_for` non-empty is a review, `problems` non-empty a refusal, neither: allow."""

    problems: tuple[Problem, ...] = ()
    waiting_for: frozenset[Waiting] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the rules need to know besides the Order. `confirm_above_microusd` None: no price needs a yes."""

    declared: bool
    confirm_above_microusd: int | None = None


def judge(ask: Ask, order: Order, endpoint: Endpoint, rules: Rules, circumstances: Circumstances) -> Verdict:
    """The verdict of the owner's rules. The owner's own Room and terminal are not asked about faces."""
    problems = (*_denied_names(order, endpoint, rules), *_denied_words(order, endpoint, rules))
    if problems:
        return Verdict(problems=problems)
    waiting: set[Waiting] = set()
    limit = circumstances.confirm_above_microusd
    agreed = ask.price_seen_microusd is not None and ask.price_seen_microusd >= order.quote.hold_microusd
    if limit is not None and order.quote.hold_microusd > limit and not agreed:
        waiting.add(Waiting.CONFIRMATION)
    if animates_faces(order, endpoint) and not ask.account.is_owner:
        if rules.faces is Faces.REVIEW:
            waiting.add(Waiting.MODERATOR)
        elif rules.faces is Faces.DECLARE and not circumstances.declared:
            waiting.add(Waiting.CONFIRMATION)
    return Verdict(waiting_for=frozenset(waiting))


def is_covered(order: Order, endpoint: Endpoint, rules: Rules) -> bool:
    """Whether the reel is to be covered until somebody wants to see it."""
    covered = _plain(rules.covered)
    names = {plain(name) for name in (order.command, endpoint.command, endpoint.slug, endpoint.id)}
    return bool(covered & names) or any(covered & chosen for _, chosen in _chosen(order, endpoint))


def animates_faces(order: Order, endpoint: Endpoint) -> bool:
    """Whether this Order puts faces in motion: every one of the endpoint, or those with the effects it names."""
    if not endpoint.face_effects:
        return endpoint.faces
    named = {plain(effect) for effect in endpoint.face_effects}
    return endpoint.faces and any(not named.isdisjoint(names) for _, names in _chosen(order, endpoint))


def _denied_names(order: Order, endpoint: Endpoint, rules: Rules) -> tuple[Problem, ...]:
    """Also what `/custom` reaches: a command that is off takes its endpoints with it."""
    off = _plain(rules.commands)
    commands = dict.fromkeys((order.command, endpoint.command))
    problems = [
        Problem(slug=Slug.DENIED_COMMAND, facts={"name": command}) for command in commands if plain(command) in off
    ]
    if not {plain(endpoint.slug), plain(endpoint.id)}.isdisjoint(_plain(rules.endpoints)):
        problems.append(Problem(slug=Slug.DENIED_ENDPOINT, facts={"name": endpoint.title}))
    denied = _plain(rules.effects)
    for option, names in _chosen(order, endpoint):
        if not denied.isdisjoint(names):
            value = str(order.values[option.name])
            problems.append(Problem(slug=Slug.DENIED_EFFECT, about=option.name, facts={"name": value}))
    return tuple(problems)


def _chosen(order: Order, endpoint: Endpoint) -> Iterator[tuple[Option, frozenset[str]]]:
    """Every choice of the Order, as it was typed and as it is sent: an older name must not be a way round a rule."""
    for option in endpoint.options:
        value = order.values.get(option.name)
        if option.kind is Kind.CHOICE and isinstance(value, str):
            yield option, frozenset({plain(value), plain(option.accepts.get(value, value))})


def _plain(names: Iterable[str]) -> frozenset[str]:
    return frozenset(plain(name) for name in names)


def _denied_words(order: Order, endpoint: Endpoint, rules: Rules) -> tuple[Problem, ...]:
    problems = []
    for option in endpoint.options:
        value = order.values.get(option.name)
        if option.kind is Kind.TEXT and isinstance(value, str):
            found = denied_word(value, rules.words, rules.innocent)
            if found:
                problems.append(Problem(slug=Slug.DENIED_WORD, about=option.name, facts={"word": found}))
    return tuple(problems)
