"""The menus as discord.py's commands, sent to Discord only when they are no longer what was sent last."""

import hashlib
import inspect
import json
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol, cast

import discord
from discord import app_commands

from bot.chat.discord.commands import ANIMATE, REPORT, Field, Menu, Type
from bot.chat.discord.completion import Suggestion
from bot.ports.people import Memory

SCOPE, KEY = "bot", "discord:commands"

TYPES: dict[Type, Any] = {
    Type.STRING: str,
    Type.INTEGER: int,
    Type.BOOLEAN: bool,
    Type.USER: discord.User,
    Type.NUMBER: float,
    Type.ATTACHMENT: discord.Attachment,
}

Interaction = discord.Interaction[Any]
Payload = dict[str, Any]
Completing = Callable[[Interaction, str], Coroutine[Any, Any, list[app_commands.Choice[str]]]]


class Handlers(Protocol):
    """What the commands lead to."""

    async def on_command(self, interaction: Interaction, /) -> None:
        """A slash command was sent."""

    async def on_completion(self, interaction: Interaction, /) -> tuple[Suggestion, ...]:
        """Somebody is typing."""
        ...

    async def on_animate(self, interaction: Interaction) -> None:
        """The menu "Animate this" was chosen for a message."""

    async def on_report(self, interaction: Interaction) -> None:
        """The menu "Report" was chosen for a message."""


def grow(tree: app_commands.CommandTree[Any], menus: tuple[Menu, ...], handlers: Handlers) -> None:
    """Put every command into the tree."""
    for menu in menus:
        tree.add_command(_group(menu, handlers) if menu.subs else _command(menu, handlers))
    for name, handler in ((ANIMATE, handlers.on_animate), (REPORT, handlers.on_report)):
        tree.add_command(_on_message(name, handler))


async def sync(tree: app_commands.CommandTree[Any], memory: Memory, application: int) -> bool:
    """Send the commands if they changed; whether they did. Raises what discord.py raises."""
    payload = await payloads(tree)
    digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
    key = f"{KEY}:{application}"
    if await memory.setting(SCOPE, key) == digest:
        return False
    await tree.sync()
    await memory.keep_setting(SCOPE, key, digest)
    return True


async def payloads(tree: app_commands.CommandTree[Any]) -> list[Payload]:
    """What Discord is sent, with every language."""
    found: list[Payload] = []
    for command in tree.get_commands():
        if tree.translator is None:
            found.append(command.to_dict(tree))
        else:
            found.append(await command.get_translated_payload(tree, tree.translator))
    return found


def _group(menu: Menu, handlers: Handlers) -> app_commands.Group:
    """A command that is only its subcommands. Whom Discord offers it to is a default that a server may change."""
    group = app_commands.Group(
        name=app_commands.locale_str(menu.name),
        description=app_commands.locale_str(menu.description),
        default_permissions=discord.Permissions(manage_messages=True) if menu.moderators else None,
    )
    for sub in menu.subs:
        group.add_command(_command(sub, handlers))
    return group


def _command(menu: Menu, handlers: Handlers) -> app_commands.Command[Any, ..., None]:
    async def callback(interaction: Interaction, **_values: Any) -> None:
        await handlers.on_command(interaction)

    fields = {field.name: field for field in menu.fields}
    signed = cast("Any", callback)
    signed.__signature__ = inspect.Signature(
        [
            inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Interaction),
            *(_parameter(field) for field in fields.values()),
        ]
    )
    described = {name: app_commands.locale_str(field.description) for name, field in fields.items()}
    signed = app_commands.describe(**described)(signed)
    completing = {name: _completing(handlers) for name, field in fields.items() if field.completes}
    signed = app_commands.autocomplete(**completing)(signed)
    chosen = {name: _choices(field) for name, field in fields.items() if field.choices}
    signed = app_commands.choices(**chosen)(signed)
    return app_commands.Command(
        name=app_commands.locale_str(menu.name), description=app_commands.locale_str(menu.description), callback=signed
    )


def _parameter(field: Field) -> inspect.Parameter:
    kind = TYPES[field.type]
    if field.type in {Type.INTEGER, Type.NUMBER} and (field.minimum, field.maximum) != (None, None):
        whole = int if field.type is Type.INTEGER else float
        bounds = [None if bound is None else whole(bound) for bound in (field.minimum, field.maximum)]
        kind = app_commands.Range[kind, bounds[0], bounds[1]]
    elif field.max_length is not None:
        kind = app_commands.Range[kind, None, field.max_length]
    return inspect.Parameter(
        field.name,
        inspect.Parameter.KEYWORD_ONLY,
        annotation=kind,
        default=inspect.Parameter.empty if field.required else None,
    )


def _choices(field: Field) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=app_commands.locale_str(shown), value=value) for shown, value in field.choices]


def _completing(handlers: Handlers) -> Completing:
    async def complete(interaction: Interaction, _current: str) -> list[app_commands.Choice[str]]:
        found = await handlers.on_completion(interaction)
        return [app_commands.Choice(name=shown, value=value) for shown, value in found]

    return complete


def _on_message(name: str, handler: Callable[[Interaction], Awaitable[None]]) -> app_commands.ContextMenu:
    async def callback(interaction: discord.Interaction[Any], _message: discord.Message) -> None:
        await handler(interaction)

    return app_commands.ContextMenu(name=app_commands.locale_str(name), callback=callback)
