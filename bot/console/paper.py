"""How pages are written: templates filled in on the server, with everything escaped and nothing inline.

Every answer may be seen by its visitor alone, so none is kept by a browser.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote, unquote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.console.words import Words
from bot.domain.badge import Badge
from bot.domain.errors import Problem
from bot.domain.notice import Notice
from bot.domain.phrases import refusal_notice

HERE = Path(__file__).parent
HOME = "/console"

HEADERS: Mapping[str, str] = {"referrer-policy": "same-origin"}
"""With "no-referrer" a browser sends `Origin: null` with a form, and nobody could tell whose form it was:
https://fetch.spec.whatwg.org/#append-a-request-origin-header"""

SAID = "reelroom-said"
"""The cookie that carries a sentence from what was done to the page that is shown next, once."""

SAID_LASTS_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request by somebody with a badge. `place` is what its group is called; `token` goes into every form."""

    request: Request
    badge: Badge
    place: str
    token: str

    @property
    def here(self) -> str:
        """The page's place in the navigation: "/jobs" for that page and all below it, "" for the overview."""
        step = self.request.url.path.removeprefix(f"{HOME}/").partition("/")[0]
        return f"/{step}" if self.request.url.path.startswith(f"{HOME}/") else ""

    @property
    def said(self) -> str:
        """What was said about what was done just before."""
        return unquote(self.request.cookies.get(SAID, ""))

    def wanted(self, name: str) -> str:
        """What the address asks for by this name, "" when nothing."""
        return self.request.query_params.get(name, "").strip()

    def group(self) -> str:
        """The group whose things are shown: the badge's own, or the one an address asks for, "" for all."""
        return self.badge.group or self.wanted("group")


class Paper:
    """The templates, and the words they use."""

    def __init__(self, words: Words) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(words.filters())

    def text(self, template: str, /, **values: object) -> str:
        """A part of a page."""
        return self._templates.get_template(template).render(**values)

    def page(self, template: str, visit: Visit, /, *, status: HTTPStatus = HTTPStatus.OK, **values: object) -> Response:
        """A whole page for a visitor."""
        given = {"visit": visit, "badge": visit.badge, "token": visit.token, "here": visit.here, "said": visit.said}
        answer = self._html(template, status, **given, **values)
        if visit.said:
            answer.delete_cookie(SAID, path=HOME)
        return answer

    def lobby(self, status: HTTPStatus = HTTPStatus.UNAUTHORIZED) -> Response:
        """For who has no badge: FORBIDDEN when the link they came with is not good (any more), OK when they left."""
        return self._html("lobby.html", status, over=status is HTTPStatus.FORBIDDEN, left=status is HTTPStatus.OK)

    def invitation(self, badge: Badge, place: str, key: str) -> Response:
        """For who comes with a good link: the button that uses it."""
        return self._html("invitation.html", HTTPStatus.OK, badge=badge, place=place, key=key)

    def nothing(self, status: int = HTTPStatus.NOT_FOUND) -> Response:
        """For an address that leads nowhere, or a request nobody can read; it is the same for everybody."""
        return self._html("nothing.html", HTTPStatus(status))

    def done(self, path: str, notice: Notice) -> Response:
        """Back to a page after something was done, with what is to be said about it."""
        answer = RedirectResponse(f"{HOME}{path}", HTTPStatus.SEE_OTHER)
        answer.set_cookie(SAID, quote(notice.text), max_age=SAID_LASTS_S, path=HOME, httponly=True, samesite="strict")
        return answer

    def stale(self, visit: Visit) -> Response:
        """For a form that was not written for this session."""
        return self.page("stale.html", visit, status=HTTPStatus.FORBIDDEN)

    def refusal(self, visit: Visit, problems: Sequence[Problem], status: HTTPStatus) -> Response:
        """For what cannot be done: a sentence for every reason."""
        if status is HTTPStatus.FORBIDDEN:
            return self.page("forbidden.html", visit, status=status)
        lines = refusal_notice(problems).text.splitlines()
        return self.page("refusal.html", visit, status=status, lines=lines)

    def _html(self, template: str, status: HTTPStatus, /, **values: object) -> Response:
        return HTMLResponse(self.text(template, **values), status, headers=dict(HEADERS))
