"""All settings together: files first, the environment above them, secrets from nowhere else.

This is the program's only door to the environment. `REELROOM_FAL__QUEUE_URL` sets `fal.queue_url`, and so for every
key; lists are written as JSON. Secrets come from `FAL_KEY`, `DISCORD_TOKEN`, `TELEGRAM_TOKEN`,
`REELROOM_SECRET` and `REELROOM_SECRET_OLD`, or from files of these names in a secrets directory (`REELROOM_SECRETS`,
else /run/secrets where there is one).
"""

import os
import tomllib
from pathlib import Path
from typing import Any, ClassVar

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from typing_extensions import override

from bot.domain.errors import ConfigInvalid, ConfigProblem
from bot.settings.bot import (
    DiscordSection,
    FalSection,
    MediaSection,
    PipelineSection,
    PrivacySection,
    StoreSection,
    TelegramSection,
    WebhookSection,
    WebSection,
)
from bot.settings.moderation import ModerationSection
from bot.settings.quota import QuotaSection

PREFIX = "REELROOM_"
SECRETS_DIR = Path("/run/secrets")
FILES = {"bot.toml": "", "quota.toml": "quota", "moderation.toml": "moderation"}
"""Each file and the section it fills; `bot.toml` has its sections inside."""


OWN_SECTIONS = frozenset({"fal", "web", "media", "pipeline", "store", "privacy", "discord", "telegram", "webhook"})
"""The sections of `bot.toml`; a secret is none of them."""


class Settings(BaseSettings):
    """Every setting, with its default."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, case_sensitive=False
    )

    fal: FalSection = Field(default_factory=FalSection)
    web: WebSection = Field(default_factory=WebSection)
    webhook: WebhookSection = Field(default_factory=WebhookSection)
    media: MediaSection = Field(default_factory=MediaSection)
    pipeline: PipelineSection = Field(default_factory=PipelineSection)
    discord: DiscordSection = Field(default_factory=DiscordSection)
    telegram: TelegramSection = Field(default_factory=TelegramSection)
    store: StoreSection = Field(default_factory=StoreSection)
    privacy: PrivacySection = Field(default_factory=PrivacySection)
    quota: QuotaSection = Field(default_factory=QuotaSection)
    moderation: ModerationSection = Field(default_factory=ModerationSection)
    fal_key: SecretStr | None = Field(default=None, validation_alias=AliasChoices("FAL_KEY"))
    discord_token: SecretStr | None = Field(default=None, validation_alias=AliasChoices("DISCORD_TOKEN"))
    telegram_token: SecretStr | None = Field(default=None, validation_alias=AliasChoices("TELEGRAM_TOKEN"))
    secret: SecretStr | None = Field(default=None, validation_alias=AliasChoices("REELROOM_SECRET"))
    secret_old: SecretStr | None = Field(default=None, validation_alias=AliasChoices("REELROOM_SECRET_OLD"))

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment stands above the secrets directory, and both above the files."""
        return env_settings, file_secret_settings, init_settings


def load_settings(config: Path) -> Settings:
    """Read `config/*.toml` and the environment.

    Raises:
        ConfigInvalid: every problem of every file and variable.
    """
    values, problems = _read_files(config)
    try:
        settings = Settings(_secrets_dir=_secrets_dir(), **values)
    except ValidationError as error:
        problems += [_problem(config, detail) for detail in error.errors()]
    else:
        if not problems:
            return settings
    raise ConfigInvalid(problems)


def environment(name: str) -> str:
    """One variable, "" when it is not set."""
    return os.environ.get(name, "")


def _secrets_dir() -> Path | None:
    named = os.environ.get(f"{PREFIX}SECRETS")
    folder = Path(named) if named else SECRETS_DIR
    return folder if folder.is_dir() else None


def _read_files(config: Path) -> tuple[dict[str, Any], list[ConfigProblem]]:
    values: dict[str, Any] = {}
    problems = []
    for name, section in FILES.items():
        path = config / name
        try:
            read = tomllib.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            problems.append(ConfigProblem(file=str(path), key="", reason=str(error)))
            continue
        strange = () if section else read.keys() - OWN_SECTIONS
        problems += [ConfigProblem(file=str(path), key=key, reason=_why_strange(key)) for key in sorted(strange)]
        values |= {section: read} if section else {key: read[key] for key in read.keys() - strange}
    return values, problems


def _why_strange(key: str) -> str:
    known = key in Settings.model_fields
    return "this has no place in a file of settings; see docs/settings.md" if known else "this key is not known"


def _problem(config: Path, detail: ErrorDetails) -> ConfigProblem:
    where = [str(part) for part in detail["loc"]]
    file = next((name for name, section in FILES.items() if section and where[:1] == [section]), "bot.toml")
    key = ".".join(where[1:] if file != "bot.toml" else where)
    reason = "this key is not known" if detail["type"] == "extra_forbidden" else detail["msg"]
    return ConfigProblem(file=str(config / file), key=key, reason=reason)
