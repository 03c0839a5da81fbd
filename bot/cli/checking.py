"""`check`: everything that can be wrong with the configuration, at once; with `--live` also what others say."""

import json
from pathlib import Path

import typer

from bot.app import clock
from bot.app.parts import Plan, fal_client
from bot.chat.discord.examination import examine as examine_discord
from bot.chat.telegram.examination import examine as examine_telegram
from bot.cli.planning import plan_of
from bot.domain.errors import ChatError, ConfigInvalid, ConfigProblem, FalError, FalLocked, PlatformOff


async def check_all(config: Path, *, live: bool, as_json: bool) -> None:
    """Say what is wrong, or that all is well. Raises ConfigInvalid."""
    plan = plan_of(config, Path())
    warnings = [*_unpriced(plan), *_webhooks(plan, live=live), *(await _told(plan) if live else [])]
    commands = len(plan.catalogue.commands)
    if as_json:
        typer.echo(json.dumps({"endpoints": len(plan.catalogue.endpoints), "warnings": warnings}, indent=2))
        return
    for warning in warnings:
        typer.echo(f"note: {warning}")
    typer.echo(f"All is well: {len(plan.catalogue.endpoints)} endpoints under {commands} commands.")


async def _told(plan: Plan) -> list[str]:
    """What fal and the platforms say themselves. Raises ConfigInvalid with all that is wrong, not only the first."""
    warnings: list[str] = []
    problems: list[ConfigProblem] = []
    for ask in (_live, _discord, _telegram):
        try:
            warnings += await ask(plan)
        except ConfigInvalid as error:
            problems += error.problems
    if problems:
        raise ConfigInvalid(problems)
    return warnings


def _unpriced(plan: Plan) -> list[str]:
    off = [one.slug for one in plan.catalogue.everything if one.price is None or one.retired]
    return [f"off against fal (no price, or retired): {', '.join(off)}"] if off else []


def _webhooks(plan: Plan, *, live: bool) -> list[str]:
    """What keeps fal from calling us, or us from believing it."""
    url = plan.settings.webhook.public_url
    if not url:
        return ["webhooks are off: webhook.public_url is not set, so fal is asked again and again"] if live else []
    notes = [] if url.startswith("https://") else ["webhook.public_url is no https address: fal may not call it"]
    if live and not plan.settings.fal.user_id:
        notes.append(
            "fal.user_id is not set: webhooks of every fal account are taken as hints (the log shows the account of "
            "the first one)"
        )
    return notes


async def _discord(plan: Plan) -> list[str]:
    """What Discord itself says: whether the token works, and every permission that is missing."""
    token, discord = plan.settings.discord_token, plan.settings.discord
    if token is None:
        return ["Discord is off: DISCORD_TOKEN is not set"]
    try:
        found = await examine_discord(
            token.get_secret_value(), api_url=discord.api_url, gateway_url=discord.gateway_url, cdn_url=discord.cdn_url
        )
    except PlatformOff as error:
        raise ConfigInvalid([ConfigProblem(file="environment", key="DISCORD_TOKEN", reason=str(error))]) from error
    except ChatError as error:
        raise ConfigInvalid([ConfigProblem(file="bot.toml", key="discord.api_url", reason=str(error))]) from error
    lacking = [f"Discord, missing in {line}" for line in found.missing]
    servers = "1 server" if found.servers == 1 else f"{found.servers} servers"
    return [f"{found.name} is in {servers} on Discord; invite it with {found.invitation}", *lacking]


async def _telegram(plan: Plan) -> list[str]:
    """What Telegram itself says: whether the token works, and what its settings mean."""
    token, telegram = plan.settings.telegram_token, plan.settings.telegram
    if token is None:
        return ["Telegram is off: TELEGRAM_TOKEN is not set"]
    try:
        found = await examine_telegram(
            token.get_secret_value(), api_url=telegram.api_url, has_owners=bool(telegram.owners)
        )
    except PlatformOff as error:
        raise ConfigInvalid([ConfigProblem(file="environment", key="TELEGRAM_TOKEN", reason=str(error))]) from error
    except ChatError as error:
        raise ConfigInvalid([ConfigProblem(file="bot.toml", key="telegram.api_url", reason=str(error))]) from error
    invited = f"{found.name} is here; invite it with {found.invitation}"
    return [invited, *(f"{found.name}: {note}" for note in found.notes)]


async def _live(plan: Plan) -> list[str]:
    """What fal itself says: whether the key works, and prices that differ from the files."""
    if plan.settings.fal_key is None:
        raise ConfigInvalid([ConfigProblem(file="environment", key="FAL_KEY", reason="not set")])
    client = fal_client(plan)
    ids = [one.id for one in plan.catalogue.everything if not one.retired]
    try:
        prices = await client.pricing(ids)
    except FalLocked as error:
        reason = f"fal refuses this key or has locked its account ({error.kind})"
        raise ConfigInvalid([ConfigProblem(file="environment", key="FAL_KEY", reason=reason)]) from error
    except FalError as error:
        reason = f"fal did not answer at {clock.now():%H:%M} UTC: {error}"
        raise ConfigInvalid([ConfigProblem(file="bot.toml", key="fal.api_url", reason=reason)]) from error
    finally:
        await client.close()
    listed = {price.endpoint_id: price.microusd for price in prices}
    return [
        f"{one.slug}: fal's unit price is {listed[one.id]} micro-dollars, the file says {one.price.unit_price_microusd}"
        for one in plan.catalogue.everything
        if one.price and one.price.unit_price_microusd and one.id in listed
        if listed[one.id] != one.price.unit_price_microusd
    ]
