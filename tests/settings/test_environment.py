"""Files first, the environment above them, secrets from nowhere else; every problem with file, key and reason."""

from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.ask import Account
from bot.domain.errors import ConfigInvalid
from bot.domain.moderation import Faces
from bot.settings.environment import OWN_SECTIONS, Settings, load_settings
from tests.source import ROOT

SECRETS = ("FAL_KEY", "REELROOM_SECRET", "REELROOM_SECRET_OLD", "DISCORD_TOKEN", "REELROOM_SECRETS")


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SECRETS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(name="config")
def _config(tmp_path: Path) -> Path:
    return tmp_path


def problems(config: Path) -> set[tuple[str, str]]:
    """File and key of everything that is wrong."""
    with pytest.raises(ConfigInvalid) as caught:
        load_settings(config)
    assert all(problem.reason for problem in caught.value.problems)
    return {(Path(problem.file).name, problem.key) for problem in caught.value.problems}


def test_without_any_file_every_setting_has_its_default(config: Path) -> None:
    assert load_settings(config) == Settings()


def test_the_shipped_files_are_safe_for_a_strangers_group() -> None:
    settings = load_settings(ROOT / "config")
    policy = settings.quota.policy()
    assert settings.quota.unknown == "ask"
    assert settings.moderation.faces is Faces.DECLARE
    assert "Bikini Up" in settings.moderation.denied_effects
    assert settings.web.host == "127.0.0.1"
    for limits in (policy.everyone.limits, policy.member, policy.group, policy.bot):
        assert limits.day is not None
        assert limits.day <= 20_000_000
    assert policy.confirm_above_microusd == 1_000_000


def test_dollars_are_exact_however_they_are_written(config: Path) -> None:
    (config / "quota.toml").write_text('confirm_above = 0.1\n[person]\nday = 3\nweek = "0.000001"\n', "utf-8")
    policy = load_settings(config).quota.policy()
    assert policy.confirm_above_microusd == 100_000
    assert (policy.everyone.limits.day, policy.everyone.limits.week) == (3_000_000, 1)
    assert load_settings(config).quota.confirm_above == Decimal("0.1")


def test_a_tier_is_had_by_role_and_weighs_what_its_file_says(config: Path) -> None:
    (config / "quota.toml").write_text('[tiers.friend]\nroles = ["Friend"]\npriority = 2\nday = 6\n', "utf-8")
    policy = load_settings(config).quota.policy()
    friend = policy.tier(Account(platform="example", id="1", roles=("Friend",)))
    assert (friend.name, friend.weight, friend.limits.day) == ("friend", 2, 6_000_000)
    assert policy.tier(Account(platform="example", id="2")).name == "everyone"


def test_a_variable_stands_above_the_file(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (config / "bot.toml").write_text("[fal]\nconcurrency = 4\nfile_days = 3\n", "utf-8")
    monkeypatch.setenv("REELROOM_FAL__CONCURRENCY", "6")
    monkeypatch.setenv("REELROOM_QUOTA__UNKNOWN", "welcome")
    monkeypatch.setenv("REELROOM_WEB__HOSTS", '["reelroom.example.org"]')
    settings = load_settings(config)
    assert (settings.fal.concurrency, settings.fal.file_days) == (6, 3)
    assert settings.quota.unknown == "welcome"
    assert settings.web.hosts == ("reelroom.example.org",)


def test_secrets_come_from_variables_or_a_directory_and_are_never_shown(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = config / "secrets"
    folder.mkdir()
    (folder / "FAL_KEY").write_text("from-a-file:0123456789\n", "utf-8")
    monkeypatch.setenv("REELROOM_SECRETS", str(folder))
    monkeypatch.setenv("REELROOM_SECRET", "from-a-variable")
    settings = load_settings(config)
    assert settings.fal_key is not None
    assert settings.fal_key.get_secret_value() == "from-a-file:0123456789"
    assert settings.secret is not None
    assert settings.secret.get_secret_value() == "from-a-variable"
    assert "0123456789" not in repr(settings)
    assert "from-a-variable" not in repr(settings)


def test_a_secret_in_a_file_of_settings_is_a_mistake(config: Path) -> None:
    (config / "bot.toml").write_text('fal_key = "a:b"\n', "utf-8")
    assert problems(config) == {("bot.toml", "fal_key")}


def test_every_section_of_the_file_is_known(config: Path) -> None:
    sections = {name for name, field in Settings.model_fields.items() if field.default_factory is not None}
    assert sections - {"quota", "moderation"} == OWN_SECTIONS


def test_everything_wrong_in_every_file_is_said_at_once(config: Path) -> None:
    (config / "bot.toml").write_text('[fal]\nqueue_url = "not a url"\nconcurency = 3\n', "utf-8")
    (config / "quota.toml").write_text('time_zone = "Mars/Base"\nunknown = "maybe"\n[person]\nday = "lots"\n', "utf-8")
    (config / "moderation.toml").write_text('faces = "perhaps"\n', "utf-8")
    assert problems(config) == {
        ("bot.toml", "fal.queue_url"),
        ("bot.toml", "fal.concurency"),
        ("quota.toml", "time_zone"),
        ("quota.toml", "unknown"),
        ("quota.toml", "person.day"),
        ("moderation.toml", "faces"),
    }


@pytest.mark.parametrize("text", ["x = [", "day = 1\nday = 2", "\x00"])
def test_a_file_that_is_no_toml_is_named(config: Path, text: str) -> None:
    (config / "quota.toml").write_text(text, "utf-8")
    assert problems(config) == {("quota.toml", "")}


@pytest.mark.parametrize("name", ["day", "week", "month"])
def test_negative_money_is_refused(config: Path, name: str) -> None:
    (config / "quota.toml").write_text(f"[bot]\n{name} = -1\n", "utf-8")
    assert problems(config) == {("quota.toml", f"bot.{name}")}


def test_bounds_for_pictures_come_from_the_file_and_doubt_comes_before_refusal(config: Path) -> None:
    (config / "moderation.toml").write_text(
        "screening_doubt = 0.3\nscreening_refuse = 0.7\n[screening_budget]\nday = 0.5\n", "utf-8"
    )
    moderation = load_settings(config).moderation
    bounds = moderation.bounds()
    assert (bounds.doubt_from, bounds.refuse_from, bounds.review_s) == (0.3, 0.7, 86_400)
    assert moderation.screening_budget.limits().day == 500_000
    (config / "moderation.toml").write_text("screening_doubt = 0.9\n", "utf-8")
    assert problems(config) == {("moderation.toml", "")}
