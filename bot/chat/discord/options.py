"""From what an interaction carries to a Wish and its files. Pure: `data` is Discord's JSON as it came."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.chat.discord.commands import MORE, PERSON, picture_slots
from bot.chat.discord.place import DISCORD
from bot.domain.ask import Account, Attachment, Wish
from bot.domain.catalogue import Catalogue
from bot.domain.errors import Problem, Slug
from bot.domain.match import shortened
from bot.domain.models import MODEL
from bot.domain.wish import OFF, ON, read_more

AVATAR_PX = 1024
DEFAULT_AVATARS = 6

_MENTION = re.compile(r"<@!?([0-9]{1,20})>")

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asked for; `problems` are those of the text in `more`, `named` whose avatar it is made of."""

    wish: Wish
    attachments: tuple[Attachment, ...] = ()
    problems: tuple[Problem, ...] = ()
    named: tuple[Account, ...] = ()


def asked(data: Data, catalogue: Catalogue, *, cdn_url: str) -> Asked:
    """The Wish of a slash command."""
    command = str(data["name"])
    given = {str(one["name"]): one.get("value") for one in data.get("options", ())}
    known = catalogue.commands.get(command)
    slots = picture_slots(known) if known else ()
    resolved = data.get("resolved", {})
    options: dict[str, str] = {}
    attachments: list[Attachment] = []
    for name, value in given.items():
        if name in {MODEL, MORE, PERSON}:
            continue
        uploaded = resolved.get("attachments", {}).get(str(value)) if value is not None else None
        if uploaded is not None:
            attachments.append(attachment(uploaded, option="" if name in slots else name))
        elif value is not None:
            options[name] = typed(value)
    named: tuple[Account, ...] = ()
    if PERSON in given:
        attachments.append(_avatar(str(given[PERSON]), resolved, cdn_url))
        named = (somebody(str(given[PERSON]), resolved),)
    wish = Wish(command=command, options=options, model=str(given.get(MODEL) or ""))
    one = Asked(wish=wish, attachments=tuple(attachments), named=named)
    return with_more(one, str(given.get(MORE) or ""), catalogue)


def with_more(one: Asked, text: str, catalogue: Catalogue) -> Asked:
    """The same with the further options written in `text`; what is said twice is a problem."""
    if not text.strip():
        return one
    reading = read_more(text, one.wish.command, catalogue, model=one.wish.model)
    twice = [
        Problem(slug=Slug.GIVEN_TWICE, about=name, facts={"given": shortened(value)})
        for name, value in reading.wish.options.items()
        if name in one.wish.options
    ]
    wish = Wish(
        command=one.wish.command,
        options={**reading.wish.options, **one.wish.options},
        model=one.wish.model or reading.wish.model,
    )
    return replace(one, wish=wish, problems=(*one.problems, *reading.problems, *twice))


def mentioned(wish: Wish, data: Data) -> tuple[Account, ...]:
    """People the words of a Wish call by a mention.

    https://docs.discord.com/developers/reference#message-formatting
    """
    resolved = data.get("resolved", {})
    found = [user for text in wish.options.values() for user in _MENTION.findall(text)]
    return tuple(somebody(user, resolved) for user in dict.fromkeys(found))


def attachment(uploaded: Data, *, option: str = "") -> Attachment:
    """A file as Discord describes it. Its address is signed and good for a day; it is fetched at once."""
    return Attachment(
        platform=DISCORD,
        handle=str(uploaded["url"]),
        name=str(uploaded.get("filename", "")),
        content_type=str(uploaded.get("content_type") or ""),
        size_bytes=uploaded.get("size"),
        option=option,
    )


def typed(value: object) -> str:
    """A value as somebody would have typed it."""
    if isinstance(value, bool):
        return ON if value else OFF
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def focused(data: Data) -> tuple[str, str]:
    """The option somebody is typing in, and what is there so far."""
    return next(
        ((str(one["name"]), str(one.get("value") or "")) for one in data.get("options", ()) if one.get("focused")),
        ("", ""),
    )


def filled(data: Data) -> dict[str, str]:
    """What stands in the other options, as typed."""
    return {
        str(one["name"]): typed(one["value"])
        for one in data.get("options", ())
        if not one.get("focused") and one.get("value") is not None
    }


def submitted(components: Sequence[Data]) -> dict[str, Any]:
    """The values of a form by the custom ids of its inputs: a text, or a list of what was chosen or uploaded."""
    found: dict[str, Any] = {}
    for component in components:
        inner = component.get("component")
        for one in [inner] if inner else component.get("components", ()):
            found[str(one["custom_id"])] = one.get("values", one.get("value"))
    return found


def _avatar(user: str, resolved: Data, cdn_url: str) -> Attachment:
    """Somebody's avatar; who has none has one of Discord's own."""
    about = resolved.get("users", {}).get(user, {})
    own = about.get("avatar")
    default = f"{cdn_url}/embed/avatars/{(int(user) >> 22) % DEFAULT_AVATARS}.png"
    url = f"{cdn_url}/avatars/{user}/{own}.png?size={AVATAR_PX}" if own else default
    return Attachment(
        platform=DISCORD, handle=url, name=f"{somebody(user, resolved).name}.png", content_type="image/png"
    )


def somebody(user: str, resolved: Data) -> Account:
    """Somebody as Discord describes them beside an option that names them."""
    about = resolved.get("users", {}).get(user, {})
    return Account(platform=DISCORD, id=user, name=about.get("global_name") or about.get("username") or "somebody")
