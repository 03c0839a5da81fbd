"""How Discord says no: status, code and words, as clients know them.

Codes: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
"""

from collections.abc import Iterable, Mapping
from typing import Any

Problem = tuple[str, str, str]
"""Where (dotted), Discord's code for it, and its words."""

KNOWN: Mapping[int, tuple[int, str]] = {
    10002: (404, "Unknown Application"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10014: (404, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    20009: (400, "Explicit content cannot be sent to the desired recipient(s)"),
    30015: (400, "Maximum number of attachments in a message reached (10)"),
    30032: (400, "Maximum number of application commands reached"),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged."),
    40094: (403, "This application reached the maximum number of follow-up messages for this interaction"),
    50001: (403, "Missing Access"),
    50003: (403, "Cannot execute action on a DM channel"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50021: (403, "Cannot execute action on a system message"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50068: (400, "Invalid message type"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    50278: (403, "Cannot send messages to this user due to having no mutual guilds"),
    160004: (400, "A thread has already been created for this message"),
    160005: (400, "Thread is locked"),
    160006: (400, "Maximum number of active threads reached"),
    200000: (400, "Message was blocked by automatic moderation"),
    200001: (400, "Title was blocked by automatic moderation"),
    240000: (400, "Message blocked by harmful links filter"),
}


class Refusal(Exception):
    """An answer that is an error. `code` 0 is Discord's "general error"."""

    def __init__(self, status: int, code: int, message: str, errors: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{status}, {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def body(self) -> dict[str, Any]:
        """The JSON that says so."""
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        if self.errors:
            body["errors"] = dict(self.errors)
        return body


def refuse(code: int) -> Refusal:
    """The refusal that Discord knows by this code."""
    status, message = KNOWN[code]
    return Refusal(status, code, message)


def unauthorized() -> Refusal:
    """No token, or a wrong one."""
    return Refusal(401, 0, "401: Unauthorized")


def nowhere() -> Refusal:
    """A route that Discord (or this emulator) does not have."""
    return Refusal(404, 0, "404: Not Found")


def invalid(problems: Iterable[Problem]) -> Refusal:
    """Invalid Form Body, each problem at its place."""
    tree: dict[str, Any] = {}
    for where, code, words in problems:
        node = tree
        for step in where.split("."):
            node = node.setdefault(step, {})
        node.setdefault("_errors", []).append({"code": code, "message": words})
    status, message = KNOWN[50035]
    return Refusal(status, 50035, message, tree)


class Problems:
    """What is wrong with one body, gathered so that all of it is said at once."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, where: str, code: str, words: str) -> None:
        """One more."""
        self.found.append((where, code, words))

    def required(self, where: str) -> None:
        """Something is not there."""
        self.add(where, "BASE_TYPE_REQUIRED", "This field is required")

    def length(self, where: str, value: object, low: int, high: int) -> None:
        """A text of `low` to `high` characters, or anything with a length."""
        size = len(value) if isinstance(value, (str, list, tuple)) else -1
        if isinstance(value, str) and size > high:
            self.add(where, "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")
        elif not low <= size <= high:
            self.add(where, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")

    def raise_any(self) -> None:
        """Refuse if there was anything.

        Raises:
            Refusal: 50035, with the whole tree.
        """
        if self.found:
            raise invalid(self.found)
