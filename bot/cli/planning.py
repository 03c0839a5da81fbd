"""From `--config` and `--data` to a Plan; every problem of every file at once."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bot.app.local_fal import at_sandbox, local_fal, quickened
from bot.app.parts import Plan
from bot.domain.errors import ConfigInvalid, ConfigProblem
from bot.log import set_up_logging
from bot.sandbox.settings import SandboxSettings
from bot.settings.endpoints import load_catalogue
from bot.settings.environment import Settings, environment, load_settings


def plan_of(config: Path, data: Path) -> Plan:
    """What to run, from the settings. Raises ConfigInvalid with everything that is wrong."""
    problems: list[ConfigProblem] = []
    settings, catalogue = None, None
    try:
        settings = load_settings(config)
    except ConfigInvalid as error:
        problems += error.problems
    try:
        catalogue = load_catalogue(config / "endpoints")
    except ConfigInvalid as error:
        problems += error.problems
    if settings is None or catalogue is None:
        raise ConfigInvalid(problems)
    return Plan(settings=settings, catalogue=catalogue, data=data)


def log_as_set(settings: Settings, *, as_json: bool = False, quiet: bool = False) -> None:
    """Logging for a command; `REELROOM_LOG` names another level."""
    secrets = [
        one.get_secret_value()
        for one in (
            settings.fal_key,
            settings.discord_token,
            settings.telegram_token,
            settings.secret,
            settings.secret_old,
        )
        if one
    ]
    level = environment("REELROOM_LOG").upper() or ("WARNING" if quiet else "INFO")
    set_up_logging(level=level, secrets=secrets, as_json=as_json)


def demand_key(plan: Plan) -> None:
    """Raises ConfigInvalid when there is no way to reach fal."""
    if plan.settings.fal_key is None and not plan.sandbox:
        reason = "not set; get a key at fal.ai, or try everything without one: reelroom demo"
        raise ConfigInvalid([ConfigProblem(file="environment", key="FAL_KEY", reason=reason)])


def on_port(plan: Plan, port: int) -> Plan:
    """The same for this machine alone: the Room on another port (0 takes any free one), and no chat network."""
    web = plan.settings.web.model_copy(update={"port": port})
    return replace(
        plan, settings=plan.settings.model_copy(update={"web": web, "discord_token": None, "telegram_token": None})
    )


@asynccontextmanager
async def sandboxed(plan: Plan, speed: float, *, port: int = 0) -> AsyncIterator[Plan]:
    """The same against a local fal and in a temporary folder, so that no real store ever holds a sandbox's jobs."""
    with tempfile.TemporaryDirectory(prefix="reelroom-", ignore_cleanup_errors=True) as folder:
        async with local_fal(plan.catalogue, SandboxSettings(speed=speed)) as url:
            settings = at_sandbox(on_port(plan, port).settings, url)
            yield replace(plan, settings=settings, catalogue=quickened(plan.catalogue, speed), data=Path(folder))
