"""The JSON of the Room's API (docs/room.md): what comes in, checked by pydantic; what goes out, built here."""

import json
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

from bot.domain.ask import STAGED, Attachment, Wish
from bot.domain.catalogue import Catalogue, Command, Endpoint, Level, Option
from bot.domain.job import Reel
from bot.domain.notice import Action, Notice
from bot.domain.order import Draft
from bot.domain.price import dollars, quote
from bot.domain.replies import MENU_COMMANDS
from bot.domain.room import Line, Thread

TITLE_LENGTH = 120

EventId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^(?:[0-9a-f]{64})?$")]
Text = Annotated[str, StringConstraints(max_length=20_000)]
Name = Annotated[str, StringConstraints(max_length=300)]


class _Incoming(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class File(_Incoming):
    """An attachment as `POST /api/uploads` answered it; `handle` is "" in a draft while it is still uploading."""

    handle: Sha256
    name: Name = ""
    content_type: Name = ""
    size_bytes: int | None = None
    option: Name = ""

    def attachment(self) -> Attachment:
        """The same in the words of the domain."""
        return Attachment(
            platform=STAGED,
            handle=self.handle,
            name=self.name,
            content_type=self.content_type,
            size_bytes=self.size_bytes,
            option=self.option,
        )


class WishIn(_Incoming):
    """A wish that is no text (from a program)."""

    command: Name
    options: dict[str, Text] = {}
    model: Name = ""

    def wish(self) -> Wish:
        """The same in the words of the domain."""
        return Wish(command=self.command, options=self.options, model=self.model)


class AskIn(_Incoming):
    """`POST /api/asks`: a text, or a wish; `id` is made by the sender, and the same id is the same ask."""

    id: EventId
    text: Text = ""
    wish: WishIn | None = None
    thread: Name | None = None
    attachments: list[File] = []
    price_seen_microusd: int | None = None


class DraftIn(_Incoming):
    """`POST /api/draft`."""

    text: Text
    attachments: list[File] = []


class PressIn(_Incoming):
    """`POST /api/press`. `thread` is where it was pressed: a reel kept for somebody is posted there."""

    action: Action
    subject: Name
    thread: Name = ""


def attachment_json(attachment: Attachment) -> dict[str, Any]:
    """An attachment, in the form `File` reads."""
    return {
        "handle": attachment.handle,
        "name": attachment.name,
        "content_type": attachment.content_type,
        "size_bytes": attachment.size_bytes,
        "option": attachment.option,
    }


def notice_json(notice: Notice) -> dict[str, Any]:
    """A notice."""
    document = notice.document
    return {
        "text": notice.text,
        "detail": notice.detail,
        "tone": notice.tone.value,
        "progress": notice.progress,
        "buttons": [
            {"action": button.action.value, "subject": button.subject, "label": button.label}
            for button in notice.buttons
        ],
        "document": None if document is None else {"name": document.name, "text": document.text},
    }


def ask_body(text: str, files: list[File]) -> str:
    """The body of an `ask` line."""
    return json.dumps({"text": text, "attachments": [file.model_dump() for file in files]})


def notice_body(notice: Notice) -> str:
    """The body of a `say` or `status` line."""
    return json.dumps({"notice": notice_json(notice)})


def reel_body(notice: Notice, reel: Reel, file_name: str) -> str:
    """The body of a `reel` line."""
    facts = {
        "sha256": reel.sha256,
        "width_px": reel.width_px,
        "height_px": reel.height_px,
        "seconds": reel.seconds,
        "size_bytes": reel.size_bytes,
        "has_audio": reel.has_audio,
    }
    return json.dumps({"notice": notice_json(notice), "reel": facts, "file_name": file_name})


def line_json(line: Line) -> dict[str, Any]:
    """A line with its body unpacked."""
    return {
        "key": line.key,
        "thread": line.thread,
        "number": line.number,
        "seq": line.seq,
        "kind": line.kind,
        "subject": line.subject,
        "at": line.created_at.isoformat(),
        **json.loads(line.body),
    }


def thread_json(thread: Thread) -> dict[str, Any]:
    """A thread of the list."""
    return {
        "id": thread.id,
        "number": thread.number,
        "title": thread.title,
        "tone": thread.tone,
        "poster": thread.poster,
        "at": thread.created_at.isoformat(),
    }


def draft_json(draft: Draft, catalogue: Catalogue) -> dict[str, Any]:
    """What an ask would be, and its price as far as it is known without its files."""
    endpoint = catalogue.endpoint(draft.endpoint)
    return {
        "endpoint": draft.endpoint,
        "title": endpoint.title if endpoint else draft.endpoint,
        "command": draft.command,
        "cost_microusd": draft.quote.cost_microusd,
        "price": "" if draft.quote.unpriced else dollars(draft.quote.cost_microusd),
        "estimated": draft.quote.estimated,
        "unpriced": draft.quote.unpriced,
        "joined": draft.joined,
    }


def catalogue_json(catalogue: Catalogue, *, upload_bytes: int) -> dict[str, Any]:
    """Everything completion needs; options of the owner's level are not offered."""
    return {
        "commands": [_command_json(command) for command in catalogue.commands.values()],
        "own": [{"name": name, "makes": makes} for name, makes in MENU_COMMANDS.items()],
        "upload_bytes": upload_bytes,
    }


def _command_json(command: Command) -> dict[str, Any]:
    return {
        "name": command.name,
        "makes": command.makes,
        "lead": command.lead,
        "options": [_option_json(option) for option in command.options],
        "models": [_model_json(endpoint) for endpoint in command.endpoints],
    }


def _model_json(endpoint: Endpoint) -> dict[str, Any]:
    defaults = {option.name: option.default for option in endpoint.options if option.default is not None}
    usual = quote(endpoint, defaults, seconds=None)
    return {
        "model": endpoint.model,
        "slug": endpoint.slug,
        "title": endpoint.title,
        "summary": endpoint.summary,
        "price": "" if usual.unpriced else dollars(usual.cost_microusd),
        "options": [_option_json(option) for option in endpoint.options if option.level is not Level.OWNER],
    }


def _option_json(option: Option) -> dict[str, Any]:
    return {
        "name": option.name,
        "kind": option.kind.value,
        "media": option.is_media,
        "required": option.required,
        "default": option.default,
        "choices": list(option.choices),
        "minimum": option.minimum,
        "maximum": option.maximum,
        "unit": option.unit,
        "help": option.help,
        "max_files": option.max_files if option.is_media else 0,
    }
