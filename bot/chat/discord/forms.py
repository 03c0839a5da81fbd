"""Forms (modals): prefilled, and with all they need in their custom id, so that a restart loses none.

`<kind>:<what it is about>`; the answer comes as any interaction and is read by `options.submitted`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import discord
from discord import ui

from bot.chat.discord.messages import cut
from bot.domain.ask import Wish
from bot.domain.catalogue import Catalogue, Command, Kind, Option
from bot.domain.grammar import written

TITLE = 45
LABEL = 45
VALUE = 4000
CHOICES = 25
CHOICE = 100
"""Discord's limits: https://docs.discord.com/developers/components/reference"""

LEAD, MODEL, MORE, FILE = "lead", "model", "more", "file"


class Kinds(StrEnum):
    """What a form is for."""

    CHANGE = "change"
    EXTEND = "extend"
    ANIMATE = "animate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A form before it is drawn: the command it fills, and what it begins with."""

    kind: Kinds
    about: str
    title: str
    wish: Wish
    asks_file: bool = False


def form(sheet: Sheet, catalogue: Catalogue) -> ui.Modal:
    """The form. It is stopped before it is sent, so that discord.py keeps nothing and our own ids decide."""
    command = catalogue.commands[sheet.wish.command]
    modal = ui.Modal(title=cut(sheet.title, TITLE), custom_id=f"{sheet.kind}:{sheet.about}", timeout=None)
    lead = next((one for one in command.options if one.name == command.lead), None)
    if lead is not None:
        modal.add_item(_lead(lead, sheet.wish))
    if len(command.endpoints) > 1:
        modal.add_item(_models(command, sheet.wish))
    modal.add_item(_more(command, sheet.wish))
    if sheet.asks_file:
        upload = ui.FileUpload[ui.Modal](custom_id=FILE, required=False, min_values=0, max_values=1)
        modal.add_item(ui.Label(text="Another picture", component=upload))
    modal.stop()
    return modal


def filled_in(wish: Wish, values: Mapping[str, object], catalogue: Catalogue) -> tuple[Wish, str]:
    """The wish a form now says, and its further options as typed. What it does not show is not kept."""
    command = catalogue.commands[wish.command]
    lead = str(values.get(LEAD) or "").strip()
    options = {command.lead: lead} if command.lead and lead else {}
    chosen = values.get(MODEL)
    model = str(chosen[0]) if isinstance(chosen, Sequence) and chosen else ""
    return Wish(command=wish.command, options=options, model=model), str(values.get(MORE) or "")


def uploaded(values: Mapping[str, object]) -> tuple[str, ...]:
    """The ids of the files that were uploaded with a form."""
    ids = values.get(FILE)
    return tuple(map(str, ids)) if isinstance(ids, Sequence) and not isinstance(ids, str) else ()


def _lead(option: Option, wish: Wish) -> ui.Label[ui.Modal]:
    long = option.kind is Kind.TEXT
    entry = ui.TextInput[ui.Modal](
        custom_id=LEAD,
        style=discord.TextStyle.paragraph if long else discord.TextStyle.short,
        default=cut(wish.options.get(option.name, ""), VALUE) or None,
        required=option.required,
        max_length=min(option.max_length or VALUE, VALUE),
    )
    return ui.Label(text=cut(option.help or option.name, LABEL), component=entry)


def _models(command: Command, wish: Wish) -> ui.Label[ui.Modal]:
    now = command.endpoint(wish.model) if wish.model else None
    shown = {one.model: one for one in command.endpoints}
    first = [now.model] if now else []
    names = list(dict.fromkeys([*first, *shown]))[:CHOICES]
    select = ui.Select[ui.Modal](
        custom_id=MODEL,
        required=False,
        min_values=0,
        max_values=1,
        options=[
            discord.SelectOption(
                label=cut(name, CHOICE),
                value=name,
                description=cut(shown[name].summary, CHOICE) or None,
                default=now is not None and name == now.model,
            )
            for name in names
        ],
    )
    return ui.Label(text="Model", description="The usual one when left empty", component=select)


def _more(command: Command, wish: Wish) -> ui.Label[ui.Modal]:
    media = {option.name for one in command.endpoints for option in one.options if option.is_media}
    pairs = [
        f"{name}={written(value)}" for name, value in wish.options.items() if name != command.lead and name not in media
    ]
    entry = ui.TextInput[ui.Modal](
        custom_id=MORE,
        style=discord.TextStyle.short,
        default=cut(" ".join(pairs), VALUE) or None,
        required=False,
        max_length=VALUE,
        placeholder="duration=8 resolution=720p",
    )
    return ui.Label(text="Further options", component=entry)
