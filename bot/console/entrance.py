"""Who comes in, and as what. Every route of the console is made by `look` or `change`, which ask for a badge first.

A one-time link is used by a button on the page it leads to and not by opening it: chat networks open every link they
show, and would use it up.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.console.front import Badges
from bot.console.paper import HOME, Paper, Visit
from bot.domain.ask import Account
from bot.domain.badge import EVERYWHERE, Badge, Rank
from bot.domain.errors import Problem, Refused, Slug, StoreUnavailable

log = logging.getLogger(__name__)

LOGIN_PATH = f"{HOME}/login"
LINKS_PATH = "/console-links"
"""Served behind the door alone."""

COOKIE = "reelroom-console"
TOKEN = "token"  # noqa: S105  the name of a field
"""The field of every form that proves it was written by us."""

TERMINAL = "terminal"

FORBIDDEN = frozenset({Slug.NOT_YOURS, Slug.OWNER_ALONE, Slug.MODERATOR_ALONE, Slug.ASKER_ALONE, Slug.ASKED_ALONE})
"""What only others may do."""

Look = Callable[[Visit], Awaitable[Response]]
Change = Callable[[Visit, FormData], Awaitable[Response]]
Names = Callable[[Sequence[str]], Awaitable[Mapping[str, str]]]
"""What groups are called, by "discord:123"; those without a name are absent."""

Endpoint = Callable[[Request], Awaitable[Response]]


class LinkIn(BaseModel):
    """`POST /console-links`: for whom a link is; `name` is how the console writes them down."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: Rank = Rank.OWNER
    group: Annotated[str, StringConstraints(pattern=r"^(?:[a-z]+:[\w.-]{1,64})?$")] = EVERYWHERE
    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] = ""


class Entrance:
    """The doorkeeper of the console. `base_url` is where its links lead."""

    def __init__(self, *, badges: Badges, paper: Paper, names: Names, base_url: str) -> None:
        self._badges = badges
        self._paper = paper
        self._names = names
        self._base_url = base_url

    def routes(self) -> list[Route]:
        """In and out."""
        return [
            Route(LOGIN_PATH, self._link, methods=["GET"]),
            Route(LOGIN_PATH, self._enter, methods=["POST"]),
            Route(f"{HOME}/leave", self.change(self._leave, by_viewers=True), methods=["POST"]),
        ]

    def behind_door(self) -> list[Route]:
        """Links for whoever runs the bot."""
        return [Route(LINKS_PATH, self._issue, methods=["POST"])]

    def url(self, badge: Badge) -> str:
        """A new one-time link."""
        return login_url(self._base_url, self._badges.link(badge))

    def is_still_in(self, visit: Visit) -> bool:
        """Whether the session of a visit that lasts is not over yet."""
        return self._badges.badge(_session(visit.request)) is not None

    def look(self, page: Look) -> Endpoint:
        """A page for everybody with a badge."""

        async def answer(request: Request) -> Response:
            visit = await self._visit(request)
            if visit is None:
                return self._paper.lobby()
            try:
                return await page(visit)
            except Refused as refused:
                return self._refusal(visit, refused)
            except StoreUnavailable:
                return self._refusal(visit, Refused([Problem(slug=Slug.STORE_DOWN)]))

        return answer

    def change(self, action: Change, *, by_viewers: bool = False) -> Endpoint:
        """Something done by a form of ours, for who may do more than look."""

        async def checked(visit: Visit) -> Response:
            form = await visit.request.form()
            if not self._badges.is_form_token(_session(visit.request), str(form.get(TOKEN, ""))):
                log.warning("a form without its token was refused", extra={"path": visit.request.url.path})
                return self._paper.stale(visit)
            if visit.badge.rank is Rank.VIEWER and not by_viewers:
                raise Refused([Problem(slug=Slug.NOT_YOURS)])
            return await action(visit, form)

        return self.look(checked)

    async def _visit(self, request: Request) -> Visit | None:
        session = _session(request)
        badge = self._badges.badge(session)
        if badge is None:
            return None
        place = await self._place(badge)
        return Visit(request=request, badge=badge, place=place, token=self._badges.form_token(session))

    async def _place(self, badge: Badge) -> str:
        """What the badge's group is called; a store that cannot be read says nothing."""
        if not badge.group:
            return ""
        try:
            return (await self._names([badge.group])).get(badge.group, badge.group)
        except StoreUnavailable:
            return badge.group

    def _refusal(self, visit: Visit, refused: Refused) -> Response:
        slugs = {problem.slug for problem in refused.problems}
        if slugs & FORBIDDEN:
            status = HTTPStatus.FORBIDDEN
        elif Slug.STORE_DOWN in slugs:
            status = HTTPStatus.SERVICE_UNAVAILABLE
        else:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        return self._paper.refusal(visit, refused.problems, status)

    async def _link(self, request: Request) -> Response:
        key = request.query_params.get("key", "")
        if not key:
            return self._paper.lobby(HTTPStatus.OK)
        badge = self._badges.badge_of_link(key)
        if badge is None:
            return self._paper.lobby(HTTPStatus.FORBIDDEN)
        return self._paper.invitation(badge, await self._place(badge), key)

    async def _enter(self, request: Request) -> Response:
        key = str((await request.form()).get("key", ""))
        badge = self._badges.badge_of_link(key)
        session = self._badges.use_link(key)
        if badge is None or session is None:
            return self._paper.lobby(HTTPStatus.FORBIDDEN)
        log.info("somebody came in", extra={"by": _who(badge), "rank": badge.rank.value, "group": badge.group})
        answer = RedirectResponse(HOME, HTTPStatus.SEE_OTHER)
        answer.set_cookie(
            COOKIE,
            session,
            max_age=int(self._badges.session_life.total_seconds()),
            path=HOME,
            httponly=True,
            samesite="strict",
            secure=self._base_url.startswith("https:"),
        )
        return answer

    async def _leave(self, _visit: Visit, _form: FormData) -> Response:
        answer = RedirectResponse(LOGIN_PATH, HTTPStatus.SEE_OTHER)
        answer.delete_cookie(COOKIE, path=HOME)
        return answer

    async def _issue(self, request: Request) -> Response:
        try:
            wanted = LinkIn.model_validate_json(await request.body())
        except ValidationError as error:
            detail = "; ".join(f"{one['loc'][0]}: {one['msg']}" if one["loc"] else one["msg"] for one in error.errors())
            return JSONResponse({"error": "bad_request", "detail": detail}, HTTPStatus.BAD_REQUEST)
        if wanted.role is Rank.OWNER and wanted.group:
            detail = "an owner owns every group; leave the group out, or make it a moderator or a viewer"
            return JSONResponse({"error": "bad_request", "detail": detail}, HTTPStatus.BAD_REQUEST)
        name = wanted.name or f"the {wanted.role.value} from the terminal"
        badge = Badge(
            account=Account(platform=TERMINAL, id=wanted.name or wanted.role.value, name=name),
            rank=wanted.role,
            group=wanted.group,
        )
        log.info("a link was issued", extra={"by": _who(badge), "rank": badge.rank.value, "group": badge.group})
        return JSONResponse({"url": self.url(badge)}, HTTPStatus.CREATED)


def login_url(base_url: str, key: str) -> str:
    """Where a one-time key is taken to its button."""
    return f"{base_url}{LOGIN_PATH}?key={key}"


def _session(request: Request) -> str:
    return request.cookies.get(COOKIE, "")


def _who(badge: Badge) -> str:
    return f"{badge.account.platform}:{badge.account.id}"
