"""A message comes into being or changes: checked, its files put on the CDN, its mentions counted, everybody told.

One place for bot-token messages, answers to interactions and what people type.
"""

import mimetypes
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image, UnidentifiedImageError

from tests.emulators.discord import payloads
from tests.emulators.discord.composing import embedded, medium, numbered
from tests.emulators.discord.message_limits import check_envelope, check_message
from tests.emulators.discord.refusals import Problems, refuse
from tests.emulators.discord.things import (
    COMPONENTS_V2,
    EPHEMERAL,
    LOADING,
    SILENT,
    Attachment,
    Channel,
    Json,
    Message,
    User,
)
from tests.emulators.discord.world import World

SUPPRESS_EMBEDS = 1 << 2
SETTABLE = SUPPRESS_EMBEDS | SILENT | COMPONENTS_V2
EDITABLE = SUPPRESS_EMBEDS | COMPONENTS_V2
EVERYONE_PARSED = ("users", "roles", "everyone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it was sent."""

    filename: str
    data: bytes


class Press:
    """Makes and changes messages. `signed` gives a file's address on the CDN."""

    def __init__(self, world: World, signed: Callable[[Attachment], str]) -> None:
        self.world = world
        self.signed = signed

    def payload(self, message: Message) -> Json:
        """As Discord writes it."""
        return payloads.message(message, self.signed)

    def attach(
        self, upload: Upload, folder: str, *, description: str | None = None, ephemeral: bool = False
    ) -> Attachment:
        """Put a file on the CDN. Its type comes from its name, as Discord does it, whatever the upload said."""
        guessed = mimetypes.guess_type(upload.filename, strict=False)[0] or "application/octet-stream"
        one = Attachment(
            id=self.world.clock.snowflake(),
            filename=re.sub(r"[^\w.\-]", "_", upload.filename) or "unknown",
            data=upload.data,
            content_type=guessed,
            folder=folder,
            description=description,
            ephemeral=ephemeral,
            size=measured(upload.data) if guessed.startswith("image/") else None,
        )
        self.world.attachments[one.id] = one
        return one

    def check(self, body: Mapping[str, Any], files: Mapping[int, Upload], limit_bytes: int) -> None:
        """Size first, as Discord does, then form.

        Raises:
            Refusal: 40005, 30015, 50035.
        """
        if any(len(each.data) > limit_bytes for each in files.values()):
            raise refuse(40005)
        problems = Problems()
        check_envelope(body, files, problems)
        names = [each.filename for each in files.values()]
        check_message({**body, "filenames": [re.sub(r"[^\w.\-]", "_", name) for name in names]}, problems)

    def automod(self, channel: Channel, text: str, code: int = 200000) -> None:
        """A server's blocked words stop bots too.

        Raises:
            Refusal: 200000, or 200001 for a title.
        """
        if channel.guild and any(word.lower() in text.lower() for word in channel.guild.blocked):
            raise refuse(code)

    def create(
        self,
        channel: Channel,
        author: User,
        body: Mapping[str, Any],
        files: Mapping[int, Upload],
        *,
        only_for: User | None = None,
        extra: Mapping[str, Any] | None = None,
        parsed: tuple[str, ...] = EVERYONE_PARSED,
        message_id: int | None = None,
    ) -> Message:
        """A new message. `extra`: fields of `Message`. `parsed`: which mentions count when nothing is said.

        Raises:
            Refusal: 50006 for an empty one, 200000 for a blocked one.
        """
        if not any(body.get(key) for key in ("content", "embeds", "components", "sticker_ids", "poll")) and not files:
            raise refuse(50006)
        message = Message(
            id=message_id or self.world.clock.snowflake(),
            channel=channel,
            author=author,
            content=body.get("content") or "",
            flags=(body.get("flags") or 0) & SETTABLE | (EPHEMERAL if only_for else 0),
            only_for=only_for,
            nonce=body.get("nonce"),
            **(extra or {}),
        )
        self._fill(message, body, files)
        self.automod(channel, message.text)
        self._mention(message, body.get("allowed_mentions"), parsed)
        if not message.flags & SILENT:
            message.pinged = [each for each in message.mentions if each is not author]
        self._stand(message)
        return message

    def placeholder(self, channel: Channel, author: User, only_for: User | None, extra: Mapping[str, Any]) -> Message:
        """The "thinking…" of a deferred answer."""
        flags = LOADING | (EPHEMERAL if only_for else 0)
        message = Message(
            id=self.world.clock.snowflake(), channel=channel, author=author, flags=flags, only_for=only_for, **extra
        )
        self._stand(message)
        return message

    def edit(self, message: Message, body: Mapping[str, Any], files: Mapping[int, Upload], *, limit_bytes: int) -> None:
        """Change what the request names and leave the rest.

        Raises:
            Refusal: 40005, 50035, 50006, 200000; nothing has changed then.
        """
        if any(len(each.data) > limit_bytes for each in files.values()):
            raise refuse(40005)
        flags = (
            message.flags if body.get("flags") is None else message.flags & ~SUPPRESS_EMBEDS | body["flags"] & EDITABLE
        )
        kept = [each for each in message.attachments if keeps(body, each)]
        names = [each.filename for each in kept] + [each.filename for each in files.values()]
        after: Json = {
            "content": body.get("content") if "content" in body else message.content,
            "embeds": body.get("embeds") if "embeds" in body else message.embeds,
            "components": body.get("components") if "components" in body else [],
            "flags": flags,
            "filenames": [re.sub(r"[^\w.\-]", "_", name) for name in names],
        }
        problems = Problems()
        check_envelope(body, files, problems)
        check_message(after, problems)
        components = body.get("components") if "components" in body else message.components
        if not any([after["content"], after["embeds"], components, kept, files]):
            raise refuse(50006)
        self.automod(message.channel, str(after["content"] or ""))
        message.flags = flags & ~LOADING
        message.content = after["content"] or ""
        self._fill(message, body, files, kept)
        self._mention(message, body.get("allowed_mentions"), EVERYONE_PARSED)
        message.edited = self.world.clock.now()
        message.edits += 1
        self.changed(message)

    def changed(self, message: Message) -> None:
        """Tell whoever may see it."""
        self.world.told("MESSAGE_UPDATE", message, message.channel.guild)

    def delete(self, message: Message) -> None:
        """It is gone, for its author too."""
        message.deleted = True
        self.world.told("MESSAGE_DELETE", message, message.channel.guild)

    def _stand(self, message: Message) -> None:
        message.channel.messages[message.id] = message
        if message.channel.archived and not message.only_for:
            message.channel.archived = False
            self.world.told("THREAD_UPDATE", message.channel, message.channel.guild)
        self.world.told("MESSAGE_CREATE", message, message.channel.guild)

    def _fill(
        self,
        message: Message,
        body: Mapping[str, Any],
        files: Mapping[int, Upload],
        kept: list[Attachment] | None = None,
    ) -> None:
        """Attachments first, since embeds and components name them."""
        described = {str(one.get("id")): one for one in body.get("attachments") or []}
        message.attachments = list(kept or [])
        for number, upload in files.items():
            entry = described.get(str(number), {})
            named = Upload(filename=entry.get("filename") or upload.filename, data=upload.data)
            one = self.attach(
                named,
                f"attachments/{message.channel.id}",
                description=entry.get("description"),
                ephemeral=message.ephemeral,
            )
            message.attachments.append(one)
        if "embeds" in body:
            message.embeds = [embedded(message, one, self._medium) for one in body["embeds"] or []]
        if "components" in body:
            message.components = numbered(message, body["components"] or [], self._medium)

    def _medium(self, message: Message, url: str) -> Json:
        return medium(message, url, self.signed, self.world.clock.snowflake())

    def _mention(self, message: Message, allowed: Json | None, parsed: tuple[str, ...]) -> None:
        rules = {"parse": list(parsed)} if allowed is None else allowed
        parse, text = rules.get("parse") or [], message.text
        named = [self.world.users.get(int(one)) for one in re.findall(r"<@!?(\d+)>", text)]
        chosen = {int(one) for one in rules.get("users") or []}
        message.mentions = list(dict.fromkeys(one for one in named if one and ("users" in parse or one.id in chosen)))
        replied = message.reference
        wants = allowed is None or rules.get("replied_user", False)
        if replied is not None and wants and replied.author not in message.mentions:
            message.mentions.append(replied.author)
        roles = {int(one) for one in re.findall(r"<@&(\d+)>", text)}
        message.mention_roles = [
            one for one in roles if "roles" in parse or str(one) in [str(each) for each in rules.get("roles") or []]
        ]
        message.mention_everyone = "everyone" in parse and bool(re.search(r"@(everyone|here)\b", text))


def keeps(body: Mapping[str, Any], one: Attachment) -> bool:
    """Whether an edit leaves a file where it is: all of them when it does not speak of files."""
    if "attachments" not in body:
        return True
    return str(one.id) in {str(each.get("id")) for each in body["attachments"] or []}


def measured(data: bytes) -> tuple[int, int] | None:
    """A picture's width and height; none when it is none."""
    try:
        with Image.open(BytesIO(data)) as picture:
            return picture.size
    except (UnidentifiedImageError, OSError):
        return None
