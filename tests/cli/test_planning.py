"""From settings to a Plan: what a demo and a single reel must never carry along."""

from pathlib import Path

from pydantic import SecretStr

from bot.app.parts import Plan
from bot.cli.planning import on_port, sandboxed
from bot.settings.endpoints import load_catalogue
from bot.settings.environment import Settings
from tests.source import ROOT


def a_plan(data: Path) -> Plan:
    """The shipped catalogue with a key for everything."""
    settings = Settings().model_copy(
        update={"fal_key": SecretStr("real:key"), "discord_token": SecretStr("example-token")}
    )
    return Plan(settings=settings, catalogue=load_catalogue(ROOT / "config" / "endpoints"), data=data)


def test_a_single_reel_opens_no_chat_network(tmp_path: Path) -> None:
    plan = on_port(a_plan(tmp_path), 0)
    assert plan.settings.discord_token is None
    assert plan.settings.web.port == 0
    assert plan.settings.fal_key is not None


async def test_a_sandboxed_plan_reaches_nothing_real_and_keeps_nothing(tmp_path: Path) -> None:
    real = a_plan(tmp_path)
    async with sandboxed(real, 100.0) as plan:
        settings = plan.settings
        assert settings.discord_token is None
        assert settings.fal_key is not None
        assert settings.fal_key.get_secret_value() != "real:key"
        urls = {settings.fal.queue_url, settings.fal.rest_url, settings.fal.cdn_url, settings.fal.api_url}
        assert len(urls) == 1
        assert urls.pop().startswith("http://127.0.0.1:")
        assert plan.data != tmp_path
        folder = plan.data
    assert not folder.exists()
