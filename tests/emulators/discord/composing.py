"""Embeds and components as Discord gives them back: whole, numbered, their files behind addresses of the CDN."""

from collections.abc import Callable
from typing import Any

from tests.emulators.discord.things import Attachment, Json, Message, walk

Medium = Callable[[Message, str], Json]
"""From an address in a message, perhaps `attachment://name`, to what Discord makes of it."""

SELECT = {"min_values": 1, "max_values": 1}
DEFAULTS: dict[int, Json] = {
    **dict.fromkeys((3, 5, 6, 7, 8), SELECT),
    11: {"description": None, "spoiler": False},
    13: {"spoiler": False},
    14: {"spacing": 1, "divider": True},
    17: {"accent_color": None, "spoiler": False},
}
FILE = 13
ITEM = {"description": None, "spoiler": False}


def medium(message: Message, url: str, signed: Callable[[Attachment], str], new_id: int) -> Json:
    """A picture or film that is shown: one of the message's own files, or an address of the world's."""
    name = url.removeprefix("attachment://")
    one = next((each for each in message.attachments if each.filename == name and name != url), None)
    if one is None:
        return {"id": str(new_id), "url": url, "proxy_url": url}
    address = signed(one)
    body: Json = {"id": str(one.id), "url": address, "proxy_url": address, "attachment_id": str(one.id)}
    body["content_type"] = one.content_type
    return body | ({"width": one.size[0], "height": one.size[1]} if one.size else {})


def embedded(message: Message, embed: Json, resolve: Medium) -> Json:
    """An embed."""
    done: Json = {"type": "rich"} | {key: value for key, value in embed.items() if value is not None}
    for key in ("image", "thumbnail"):
        if key in done:
            shown = resolve(message, done[key]["url"])
            done[key] = {name: value for name, value in shown.items() if name not in {"id", "attachment_id"}}
    return done


def numbered(message: Message, components: list[Json], resolve: Medium) -> list[Json]:
    """All components, each with an id and with what was left out."""

    def done(value: Any) -> Any:
        if isinstance(value, list):
            return [done(each) for each in value]
        if not isinstance(value, dict):
            return value
        return {
            key: resolve(message, each["url"]) if key in {"media", "file"} else done(each)
            for key, each in value.items()
            if each is not None
        }

    finished: list[Json] = done(components)
    for number, one in enumerate(walk(finished), 1):
        one["id"] = one.get("id") or number
        for key, value in DEFAULTS.get(one["type"], {}).items():
            one.setdefault(key, value)
        if "items" in one:
            one["items"] = [ITEM | item for item in one["items"]]
        if one["type"] == FILE:
            named(message, one)
    return finished


def named(message: Message, one: Json) -> None:
    """A file component tells its file's name and size."""
    shown = next((each for each in message.attachments if str(each.id) == one["file"].get("attachment_id")), None)
    if shown is not None:
        one |= {"name": shown.filename, "size": len(shown.data)}
