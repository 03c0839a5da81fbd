"""From the catalogue to what Discord's menus offer: commands, their options, and nothing Discord would refuse. Pure.

A command's main options come by name, those an endpoint insists on first; everything else goes through `more`.
https://docs.discord.com/developers/interactions/application-commands
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from bot.chat.discord.place import Answers
from bot.domain.admin import ADMIN, MAKES, SUBS, Part, Sub, Takes
from bot.domain.catalogue import Catalogue, Command, Kind, Option
from bot.domain.linking import LINK
from bot.domain.models import CUSTOM, MODEL
from bot.domain.privacy import PRIVACY, Wanted
from bot.domain.replies import MENU_COMMANDS, SETTINGS

MORE = "more"
PERSON = "person"
DESCRIPTION = 100
OPTIONS = 25
TEXT = 6000

ANSWERS = "answers"
CODE = "code"
WHAT = "what"

ANIMATE = "Animate this"
REPORT = "Report"


class Type(IntEnum):
    """Discord's option types that we use."""

    STRING = 3
    INTEGER = 4
    BOOLEAN = 5
    USER = 6
    NUMBER = 10
    ATTACHMENT = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One option of a command. `completes`: values are suggested while people type, and never taken on trust.

    `choices` are all there are: what is shown, and what is sent.
    """

    name: str
    description: str
    type: Type
    required: bool = False
    completes: bool = False
    minimum: float | None = None
    maximum: float | None = None
    max_length: int | None = None
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """One slash command. With `subs` it does nothing itself. `moderators`: others are not offered it, as shipped."""

    name: str
    description: str
    fields: tuple[Field, ...] = ()
    subs: tuple["Menu", ...] = ()
    moderators: bool = False


OWN_FIELDS: Mapping[str, tuple[Field, ...]] = {
    "models": (Field(name="command", description="Which command", type=Type.STRING, completes=True),),
    LINK: (Field(name=CODE, description="The code from your other account, or “off”", type=Type.STRING),),
    PRIVACY: (
        Field(
            name=WHAT,
            description="See what it is, have it sent as a file, or have it erased",
            type=Type.STRING,
            choices=(("Show it", Wanted.SHOW), ("Send me all of it", Wanted.EXPORT), ("Erase it", Wanted.ERASE)),
        ),
    ),
    SETTINGS: (
        Field(name="command", description="Which command", type=Type.STRING, completes=True),
        Field(name=MODEL, description="The model you usually want", type=Type.STRING, completes=True),
        Field(name="resolution", description="The resolution you usually want", type=Type.STRING, completes=True),
        Field(
            name=ANSWERS,
            description="Where reels go in this server (moderators)",
            type=Type.STRING,
            choices=(
                ("A thread on each request", Answers.THREAD),
                ("Answers in the channel", Answers.REPLY),
                ("One thread per person", Answers.PERSONAL),
            ),
        ),
    ),
}
"""What the commands about one's own things take."""

PART_TYPES: Mapping[Takes, Type] = {Takes.PERSON: Type.USER, Takes.AMOUNT: Type.NUMBER}
"""How a part of `/admin` is given; the others are words."""

COMPLETED = frozenset({Takes.SPAN, Takes.NAME})

LONGEST_WORDS = 1000

PICTURES = frozenset({Kind.IMAGE, Kind.IMAGES})


def menus(catalogue: Catalogue) -> tuple[Menu, ...]:
    """Every slash command, in the order people should see them."""
    made = [_menu(command) for command in catalogue.commands.values()]
    own = [
        Menu(name=name, description=_described(what), fields=OWN_FIELDS.get(name, ()))
        for name, what in MENU_COMMANDS.items()
    ]
    return (*made, *own, admin_menu())


def admin_menu() -> Menu:
    """`/admin` with its subcommands."""
    subs = tuple(
        Menu(name=one.name, description=_described(one.makes), fields=tuple(map(_part, _ordered(one))))
        for one in SUBS.values()
    )
    return Menu(name=ADMIN, description=_described(MAKES), subs=subs, moderators=True)


def _ordered(sub: Sub) -> list[Part]:
    return sorted(sub.parts, key=lambda part: not part.required)


def _part(part: Part) -> Field:
    return Field(
        name=part.name,
        description=_described(part.help),
        type=PART_TYPES.get(part.takes, Type.STRING),
        required=part.required,
        completes=part.takes in COMPLETED,
        minimum=0 if part.takes is Takes.AMOUNT else None,
        max_length=LONGEST_WORDS if part.takes is Takes.WORDS else None,
        choices=tuple((shown, value) for value, shown in part.choices.items()),
    )


def picture_slots(command: Command) -> tuple[str, ...]:
    """Where pictures are attached: `image`, `image2`, … as many as any model of the command takes at once."""
    several = next((one for one in command.options if one.kind is Kind.IMAGES), None)
    if several is None:
        return ()
    return ("image", *(f"image{number}" for number in range(2, several.max_files + 1)))


def _menu(command: Command) -> Menu:
    slots = picture_slots(command)
    fields: dict[str, Field] = {}
    for option in command.options:
        if slots and option.name in {"image", "images"}:
            fields |= {slot: _slot(slot, option) for slot in slots if slot not in fields}
        else:
            fields[option.name] = _field(option)
    ordered = sorted(fields.values(), key=lambda field: not field.required)
    extra = _extra(command)
    return Menu(
        name=command.name,
        description=_described(command.makes),
        fields=(*ordered[: OPTIONS - len(extra)], *extra),
    )


def _extra(command: Command) -> tuple[Field, ...]:
    takes_pictures = any(option.kind in PICTURES for option in command.options)
    is_custom = command.name == CUSTOM
    model = Field(name=MODEL, description="Which model makes it", type=Type.STRING, completes=True, required=is_custom)
    person = Field(name=PERSON, description="Whose avatar is the picture", type=Type.USER)
    more = Field(name=MORE, description="Further options, like seed=5 style=anime", type=Type.STRING, completes=True)
    fields = [*([model] if len(command.endpoints) > 1 else []), *([person] if takes_pictures else []), more]
    return tuple(sorted(fields, key=lambda field: not field.required))


def _slot(name: str, option: Option) -> Field:
    number = name.removeprefix("image")
    text = f"Another picture ({number})" if number else option.help or "The picture"
    return Field(name=name, description=_described(text), type=Type.ATTACHMENT)


def _field(option: Option) -> Field:
    kind, described = option.kind, _described(option.help or option.name)
    match kind:
        case Kind.TEXT:
            most = min(option.max_length or TEXT, TEXT)
            return _with(option, Type.STRING, described, max_length=most)
        case Kind.CHOICE:
            return _with(option, Type.STRING, described, completes=True)
        case Kind.INTEGER:
            return _with(option, Type.INTEGER, described, bounded=True)
        case Kind.NUMBER:
            return _with(option, Type.NUMBER, described, bounded=True)
        case Kind.FLAG:
            return _with(option, Type.BOOLEAN, described)
        case Kind.IMAGE | Kind.IMAGES | Kind.VIDEO | Kind.AUDIO:
            return _with(option, Type.ATTACHMENT, described)


def _with(
    option: Option,
    kind: Type,
    described: str,
    *,
    completes: bool = False,
    bounded: bool = False,
    max_length: int | None = None,
) -> Field:
    return Field(
        name=option.name,
        description=described,
        type=kind,
        required=option.required,
        completes=completes,
        minimum=option.minimum if bounded else None,
        maximum=option.maximum if bounded else None,
        max_length=max_length,
    )


def _described(text: str) -> str:
    """One line that fits."""
    line = " ".join(text.split())
    line = line[:1].upper() + line[1:]
    return line if len(line) <= DESCRIPTION else line[: DESCRIPTION - 1] + "…"
