"""The commands people type, and what each offers: a command's options follow from its endpoints, never from code."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from bot.domain.catalogue import Command, Endpoint, Kind, Level, MediaLimits, Option

CUSTOM = "custom"
"""The command that reaches every endpoint."""

COMMANDS: Mapping[str, str] = {
    "effect": "a named effect on one or two photos",
    "animate": "a photo moves",
    "video": "words become a video",
    "mimic": "the effect of one video, on your picture",
    "transition": "from one picture to another",
    "blend": "several subjects in one video",
    "extend": "a clip goes on",
    "restyle": "a clip changes its look",
    "reframe": "a clip changes its shape",
    "sound": "a clip gets sound",
    "lipsync": "a clip gets speech",
    CUSTOM: "any model by its name, options as key=value",
}
"""Every command endpoints are offered under and what it makes, in the order people see them."""

_PICTURES = frozenset({Kind.IMAGE, Kind.IMAGES})
_CUSTOM_TEXT = "prompt"


def in_order(endpoints: Iterable[Endpoint]) -> tuple[Endpoint, ...]:
    """The endpoints as people see them: by command, then by their own order, then by slug."""
    places = {name: place for place, name in enumerate(COMMANDS)}
    return tuple(sorted(endpoints, key=lambda one: (places.get(one.command, len(places)), one.order, one.slug)))


def build_commands(endpoints: Sequence[Endpoint]) -> dict[str, Command]:
    """The commands that have an endpoint, in the order of `COMMANDS`; `endpoints` stand in catalogue order.

    In `custom` a model is called by its slug, since short names are unique only within a command; of the options it
    offers the files and the prompt by name, everything else is typed as key=value.
    """
    commands: dict[str, Command] = {}
    for name, makes in COMMANDS.items():
        if name == CUSTOM:
            members = tuple(replace(one, model=one.slug) for one in endpoints)
            options = _custom_options(endpoints)
        else:
            members = tuple(one for one in endpoints if one.command == name)
            options = union_of(members)
        if members:
            commands[name] = Command(name=name, makes=makes, endpoints=members, options=options, lead=_lead_of(options))
    return commands


def union_of(endpoints: Sequence[Endpoint]) -> tuple[Option, ...]:
    """What a command offers by name: the main options of its endpoints merged by common name, required ones first.

    A merged option says what any of the endpoints takes; which endpoint takes what is decided when an Ask meets one,
    so `field` is empty and there are no limits. It is required only if every endpoint requires it, and a picture
    never is: a reply, an earlier reel or somebody's avatar may stand in for an attachment.
    """
    found: dict[str, list[Option]] = {}
    for endpoint in endpoints:
        for option in endpoint.offered(Level.MAIN):
            found.setdefault(option.name, []).append(option)
    merged = [_merge(options, everywhere=len(options) == len(endpoints)) for options in found.values()]
    return tuple(sorted(merged, key=lambda option: not option.required))


def _custom_options(endpoints: Sequence[Endpoint]) -> tuple[Option, ...]:
    found: dict[str, list[Option]] = {}
    for endpoint in endpoints:
        for option in endpoint.offered(Level.MAIN):
            if option.is_media or option.name == _CUSTOM_TEXT:
                found.setdefault(option.name, []).append(option)
    return tuple(_merge(options, everywhere=False) for options in found.values())


def _lead_of(options: Sequence[Option]) -> str:
    return next((option.name for option in options if not option.is_media), "")


def _merge(options: Sequence[Option], *, everywhere: bool) -> Option:
    first = options[0]
    choices, accepts = _merge_choices(options)
    return replace(
        first,
        field="",
        required=everywhere and all(one.required for one in options) and first.kind not in _PICTURES,
        default=first.default if all(one.default == first.default for one in options) else None,
        choices=choices,
        accepts=accepts,
        minimum=_widest([one.minimum for one in options], min),
        maximum=_widest([one.maximum for one in options], max),
        max_length=_longest([one.max_length for one in options]),
        min_files=min(one.min_files for one in options),
        max_files=max(one.max_files for one in options),
        help=next((one.help for one in options if one.help), ""),
        limits=MediaLimits(),
    )


def _merge_choices(options: Sequence[Option]) -> tuple[tuple[str, ...], dict[str, str]]:
    """All choices once; "8s" of one endpoint is left out where another already offers the "8" it also accepts."""
    offered = {choice for option in options for choice in option.choices}
    choices: dict[str, None] = {}
    accepts: dict[str, str] = {}
    for option in options:
        also = {sent for typed, sent in option.accepts.items() if typed != sent and typed in offered}
        choices |= dict.fromkeys(choice for choice in option.choices if choice not in also)
        accepts |= option.accepts
    return tuple(choices), {typed: sent for typed, sent in accepts.items() if typed not in choices}


def _widest(bounds: Sequence[float | None], pick: Callable[[list[float]], float]) -> float | None:
    known = [bound for bound in bounds if bound is not None]
    return pick(known) if len(known) == len(bounds) else None


def _longest(lengths: Sequence[int | None]) -> int | None:
    known = [length for length in lengths if length is not None]
    return max(known) if len(known) == len(lengths) else None
