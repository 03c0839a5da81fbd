"""From `--config` and `--data` to a Plan; every problem of every file at once."""

from pathlib import Path

from bot.app.parts import Plan
from bot.domain.errors import ConfigInvalid, ConfigProblem
from bot.log import set_up_logging
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
    secrets = [one.get_secret_value() for one in (settings.fal_key, settings.secret, settings.secret_old) if one]
    level = environment("REELROOM_LOG").upper() or ("WARNING" if quiet else "INFO")
    set_up_logging(level=level, secrets=secrets, as_json=as_json)


def demand_key(plan: Plan) -> None:
    """Raises ConfigInvalid when there is no way to reach fal."""
    if plan.settings.fal_key is None and not plan.sandbox:
        reason = "not set; get a key at fal.ai, or try everything without one: reelroom demo"
        raise ConfigInvalid([ConfigProblem(file="environment", key="FAL_KEY", reason=reason)])
