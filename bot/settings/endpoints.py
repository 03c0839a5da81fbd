"""Loads `config/endpoints`: every problem of every file is said at once, and nothing is loaded by halves."""

import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import ValidationError

from bot.domain.catalogue import SCREEN, Catalogue, Endpoint
from bot.domain.errors import ConfigInvalid, ConfigProblem
from bot.settings.catalogue_checks import check_catalogue
from bot.settings.commands import build_commands, in_order
from bot.settings.endpoint_checks import check_endpoint
from bot.settings.endpoint_errors import plain_reasons
from bot.settings.endpoint_file import EndpointFile

_SUFFIX = ".toml"


def load_catalogue(folder: Path) -> Catalogue:
    """The catalogue of all endpoint files in `folder`, checked one by one and together.

    Raises:
        ConfigInvalid: With all problems of all files.
    """
    problems: list[ConfigProblem] = []
    endpoints: dict[Path, Endpoint] = {}
    for path in _files_in(folder):
        try:
            endpoints[path] = _parse(path)
        except ConfigInvalid as invalid:
            problems.extend(invalid.problems)
        else:
            problems.extend(_problems(path, check_endpoint(endpoints[path])))
    files = {endpoint.slug: path for path, endpoint in endpoints.items()}
    for endpoint, finding in check_catalogue(tuple(endpoints.values())):
        problems.extend(_problems(files[endpoint.slug], [finding]))
    if problems:
        raise ConfigInvalid(sorted(problems, key=lambda problem: problem.file))
    return catalogue_of(tuple(endpoints.values()))


def catalogue_of(endpoints: Sequence[Endpoint]) -> Catalogue:
    """The catalogue of endpoints that were checked already, in the order people see them."""
    ordered = in_order(one for one in endpoints if one.command != SCREEN)
    judges = in_order(one for one in endpoints if one.command == SCREEN)
    return Catalogue(endpoints=ordered, commands=build_commands(ordered), judges=judges)


def read_endpoint(path: Path) -> Endpoint:
    """One endpoint file, checked by itself.

    Raises:
        ConfigInvalid: With all problems of the file.
    """
    endpoint = _parse(path)
    problems = _problems(path, check_endpoint(endpoint))
    if problems:
        raise ConfigInvalid(problems)
    return endpoint


def _files_in(folder: Path) -> list[Path]:
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix == _SUFFIX and not path.name.startswith("."))
    except OSError as error:
        raise ConfigInvalid([_problem(folder, "", f"cannot be read: {error.strerror}")]) from error
    if not found:
        raise ConfigInvalid([_problem(folder, "", "holds no endpoint file (*.toml)")])
    return found


def _parse(path: Path) -> Endpoint:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return EndpointFile.model_validate(raw).endpoint(path.stem)
    except OSError as error:
        reasons = [("", f"cannot be read: {error.strerror}")]
    except UnicodeDecodeError:
        reasons = [("", "is not UTF-8 text")]
    except tomllib.TOMLDecodeError as error:
        reasons = [("", f"is not valid TOML: {error}")]
    except ValidationError as error:
        reasons = list(plain_reasons(error))
    raise ConfigInvalid(_problems(path, reasons))


def _problems(path: Path, findings: Iterable[tuple[str, str]]) -> list[ConfigProblem]:
    return [_problem(path, key, reason) for key, reason in findings]


def _problem(path: Path, key: str, reason: str) -> ConfigProblem:
    return ConfigProblem(file=path.as_posix(), key=key, reason=reason)
