"""How pages are written: templates filled in on the server, with everything escaped and nothing inline.

Every answer may be seen by its visitor alone, so none is kept by a browser.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.domain.badge import Badge
from bot.domain.errors import Problem
from bot.domain.phrases import refusal_notice

HERE = Path(__file__).parent

HEADERS: Mapping[str, str] = {"referrer-policy": "same-origin"}
"""With "no-referrer" a browser sends `Origin: null` with a form, and nobody could tell whose form it was:
https://fetch.spec.whatwg.org/#append-a-request-origin-header"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request by somebody with a badge. `token` goes into every form."""

    request: Request
    badge: Badge
    token: str

    @property
    def here(self) -> str:
        """The page's place in the navigation: "/jobs" for that page and all below it, "" for the overview."""
        step = self.request.url.path.removeprefix("/console/").partition("/")[0]
        return f"/{step}" if self.request.url.path.startswith("/console/") else ""

    def wanted(self, name: str) -> str:
        """What the address asks for by this name, "" when nothing."""
        return self.request.query_params.get(name, "").strip()


class Paper:
    """The templates."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def page(self, name: str, visit: Visit, *, status: HTTPStatus = HTTPStatus.OK, **values: object) -> Response:
        """A whole page for a visitor."""
        return self._html(name, status, visit=visit, badge=visit.badge, token=visit.token, here=visit.here, **values)

    def lobby(self, *, over: bool = False) -> Response:
        """For who has no badge; `over`: the link they came with is not good (any more)."""
        status = HTTPStatus.FORBIDDEN if over else HTTPStatus.UNAUTHORIZED
        return self._html("lobby.html", status, over=over)

    def invitation(self, badge: Badge, key: str) -> Response:
        """For who comes with a good link: the button that uses it."""
        return self._html("invitation.html", HTTPStatus.OK, badge=badge, key=key)

    def nothing(self, status: int) -> Response:
        """For an address that leads nowhere, or a request nobody can read; it is the same for everybody."""
        return self._html("nothing.html", HTTPStatus(status))

    def stale(self, visit: Visit) -> Response:
        """For a form that was not written for this session."""
        return self.page("stale.html", visit, status=HTTPStatus.FORBIDDEN)

    def refusal(self, visit: Visit, problems: Sequence[Problem], status: HTTPStatus) -> Response:
        """For what cannot be done: a sentence for every reason."""
        if status is HTTPStatus.FORBIDDEN:
            return self.page("forbidden.html", visit, status=status)
        lines = refusal_notice(problems).text.splitlines()
        return self.page("refusal.html", visit, status=status, lines=lines)

    def _html(self, name: str, status: HTTPStatus, **values: object) -> Response:
        return HTMLResponse(self._templates.get_template(name).render(**values), status, headers=dict(HEADERS))
