"""What a person usually wants of a command, kept in the store: their model and their resolution."""

from bot.domain.ask import Account, Wish
from bot.domain.catalogue import Catalogue
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.linking import account_scope
from bot.domain.match import shortened
from bot.domain.models import MODEL, meant, options, under, unknown_model
from bot.domain.notice import Notice
from bot.ports.linking import Others
from bot.ports.people import Memory

RESOLUTION = "resolution"
KEPT = (MODEL, RESOLUTION)
NONE = "none"
"""What takes a default away."""


class Defaults:
    """`/settings animate model=kling-2.1 resolution=720p`; `model=none` takes it away; nothing behind it shows all.

    Each account has its own; what is changed on one is changed on those it is joined with (`others`).
    """

    def __init__(self, *, memory: Memory, catalogue: Catalogue, others: Others | None = None) -> None:
        self._memory = memory
        self._catalogue = catalogue
        self._others = others

    async def reply(self, text: str, account: Account) -> Notice:
        """Change what is said, and show what is kept. Raises Refused."""
        command, *pairs = text.split() or [""]
        if command and command not in self._catalogue.commands:
            facts = {"given": shortened(command)}
            raise Refused([Problem(slug=Slug.UNKNOWN_COMMAND, facts=facts)])
        for name, value in (pair.partition("=")[::2] for pair in pairs):
            self._check(command, name, value)
            await self._keep(account, f"default:{command}:{name}", "" if value == NONE else value)
        return await self._shown(account)

    async def apply(self, wish: Wish, account: Account) -> Wish:
        """The wish with the defaults where it says nothing; one that its model does not have is left out."""
        model = wish.model or await self._kept(account, wish.command, MODEL)
        resolution = "" if RESOLUTION in wish.options else await self._kept(account, wish.command, RESOLUTION)
        endpoints = meant(under(self._catalogue, wish.command), model)
        if not endpoints:
            model, endpoints = wish.model, meant(under(self._catalogue, wish.command), wish.model)
        known = endpoints[0].option(RESOLUTION) if endpoints else None
        if known is None or resolution not in known.choices:
            return Wish(command=wish.command, options=wish.options, model=model)
        return Wish(command=wish.command, options={**wish.options, RESOLUTION: resolution}, model=model)

    async def _keep(self, account: Account, key: str, value: str) -> None:
        for one in (account, *(await self._others(account) if self._others else ())):
            await self._memory.keep_setting(account_scope(one), key, value)

    def _check(self, command: str, name: str, value: str) -> None:
        family = under(self._catalogue, command)
        if value == NONE and name in KEPT:
            return
        if name == MODEL and not meant(family, value):
            raise Refused([unknown_model(family, value)])
        offered = {choice for option in options(family, name) for choice in option.choices}
        if name not in KEPT or (name == RESOLUTION and value not in offered):
            facts = {"given": shortened(value), "choices": ", ".join(sorted(offered))}
            raise Refused([Problem(slug=Slug.UNKNOWN_CHOICE, about=name, facts=facts)])

    async def _shown(self, account: Account) -> Notice:
        lines = []
        for command in self._catalogue.commands:
            kept = {name: await self._kept(account, command, name) for name in KEPT}
            said = ", ".join(f"{name} {value}" for name, value in kept.items() if value)
            lines += [f"/{command}: {said}"] if said else []
        if not lines:
            return Notice(text="You have no defaults yet. Set one with /settings and a command.", private=True)
        return Notice(text="\n".join(["What you usually want:", *lines]), private=True)

    async def _kept(self, account: Account, command: str, name: str) -> str:
        return await self._memory.setting(account_scope(account), f"default:{command}:{name}") or ""
