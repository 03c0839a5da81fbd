"""An Order against the owner's rules: allow, review, or refuse with the reason. Pure; rules come from settings."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ask import Ask
from bot.domain.catalogue import Endpoint, Kind
from bot.domain.errors import Problem, Slug
from bot.domain.job import Waiting
from bot.domain.order import Order


class Faces(StrEnum):
    """What is asked of people before an effect animates faces."""

    DECLARE = "declare"
    REVIEW = "review"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What may not be asked for. Names are compared without case; words by whole words, accents aside."""

    words: tuple[str, ...] = ()
    innocent: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()
    faces: Faces = Faces.DECLARE


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
    if endpoint.faces and not ask.account.is_owner:
        if rules.faces is Faces.REVIEW:
            waiting.add(Waiting.MODERATOR)
        elif rules.faces is Faces.DECLARE and not circumstances.declared:
            waiting.add(Waiting.CONFIRMATION)
    return Verdict(waiting_for=frozenset(waiting))


def _denied_names(order: Order, endpoint: Endpoint, rules: Rules) -> tuple[Problem, ...]:
    problems = []
    if order.command in rules.commands:
        problems.append(Problem(slug=Slug.DENIED_COMMAND, facts={"name": order.command}))
    if {endpoint.slug, endpoint.id} & set(rules.endpoints):
        problems.append(Problem(slug=Slug.DENIED_ENDPOINT, facts={"name": endpoint.title}))
    denied = {plain(effect) for effect in rules.effects}
    for option in endpoint.options:
        value = order.values.get(option.name)
        if option.kind is Kind.CHOICE and isinstance(value, str) and plain(value) in denied:
            problems.append(Problem(slug=Slug.DENIED_EFFECT, about=option.name, facts={"name": value}))
    return tuple(problems)


def _denied_words(order: Order, endpoint: Endpoint, rules: Rules) -> tuple[Problem, ...]:
    problems = []
    for option in endpoint.options:
        value = order.values.get(option.name)
        if option.kind is Kind.TEXT and isinstance(value, str):
            found = denied_word(value, rules)
            if found:
                problems.append(Problem(slug=Slug.DENIED_WORD, about=option.name, facts={"word": found}))
    return tuple(problems)


def denied_word(text: str, rules: Rules) -> str:
    """The first denied word of `text`, "" when there is none; phrases of `innocent` are taken out first."""
    clean = plain(text)
    for phrase in rules.innocent:
        clean = re.sub(rf"\b{re.escape(plain(phrase))}\b", " ", clean)
    return next((word for word in rules.words if re.search(rf"\b{re.escape(plain(word))}\b", clean)), "")


def plain(text: str) -> str:
    """Case, accents and runs of space put aside."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(letters.split())
