"""How Telegram says no: a code, its own words, and sometimes what to do about it.

The words are those of Telegram's own server, https://github.com/tdlib/telegram-bot-api, or seen from api.telegram.org.
"""

from collections.abc import Mapping

from tests.emulators.telegram.things import Json

PREFIXES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}

QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_SET = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


class Refusal(Exception):
    """A no of the emulator."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, int] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = dict(parameters or {})

    def body(self) -> Json:
        """As it is sent."""
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def refuse(words: str, code: int = 400, parameters: Mapping[str, int] | None = None) -> Refusal:
    """A no with the prefix of its code."""
    return Refusal(code, f"{PREFIXES[code]}: {words}", parameters)


def too_many(retry_after: int) -> Refusal:
    """429."""
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


def unauthorized() -> Refusal:
    """A token of nobody."""
    return Refusal(401, "Unauthorized")
