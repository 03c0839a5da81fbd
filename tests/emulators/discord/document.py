"""Discord's official OpenAPI document as a validator: from a request or an answer to what is wrong with it.

Three liberties, for requests: a number and its digits are the same; of several branches one must fit, not exactly
one; and only the branch of the same `type` is reported, so that the words help.
https://github.com/discord/discord-api-spec
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema_rs
from jsonschema import Draft202012Validator, TypeChecker, ValidationError, validators
from referencing import Registry
from referencing.jsonschema import DRAFT202012

NAME = "urn:discord"
UNDOCUMENTED = {"use_nested_fields"}
"""Query arguments that clients send, Discord takes, and the document does not know."""


FIRST_ERROR = 400


def branch(validator: Any, branches: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """One branch must fit; else the errors of the one that comes nearest."""
    del schema
    failures = []
    for index, one in enumerate(branches):
        errors = list(validator.descend(instance, one, schema_path=index))
        if not errors:
            return
        failures.append(errors)
    kin = [errors for errors in failures if not any(list(error.path)[-1:] == ["type"] for error in errors)]
    yield from min(kin or failures, key=len)


def lenient() -> TypeChecker:
    """Ids as numbers or digits, whichever way round."""
    checker = Draft202012Validator.TYPE_CHECKER

    def digits(_: TypeChecker, value: object) -> bool:
        return Draft202012Validator.TYPE_CHECKER.is_type(value, "integer") or (
            isinstance(value, str) and re.fullmatch(r"-?\d+", value) is not None
        )

    def text(_: TypeChecker, value: object) -> bool:
        return isinstance(value, (str, int)) and not isinstance(value, bool)

    redefined: TypeChecker = checker.redefine_many({"integer": digits, "string": text})
    return redefined


def written(keyword: str) -> Any:
    """The rule of `keyword`, minded for what really is a text."""
    usual = Draft202012Validator.VALIDATORS[keyword]

    def rule(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        if isinstance(instance, str):
            yield from usual(validator, value, instance, schema) or ()

    return rule


extended: Any = validators.extend
RULES = {"oneOf": branch, "anyOf": branch}
TEXTS = {each: written(each) for each in ("pattern", "minLength", "maxLength")}
ANSWERS = extended(Draft202012Validator, RULES)
REQUESTS = extended(Draft202012Validator, RULES | TEXTS, type_checker=lenient())


def one_is_enough(value: Any) -> Any:
    """A schema in which several branches may fit."""
    if isinstance(value, dict):
        return {"anyOf" if key == "oneOf" else key: one_is_enough(each) for key, each in value.items()}
    return [one_is_enough(each) for each in value] if isinstance(value, list) else value


class Document:
    """The document, read once.

    What fits it is seen by a validator that is a hundred times faster and takes none of the liberties but the second;
    the slow one is asked about the rest, and finds the words.
    """

    def __init__(self, path: Path) -> None:
        self._document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        self._registry: Registry[Any] = Registry().with_resource(NAME, DRAFT202012.create_resource(self._document))
        self._fast_registry = jsonschema_rs.Registry([(NAME, one_is_enough(self._document))])
        self._fast: dict[str, jsonschema_rs.Draft202012Validator] = {}
        templates = sorted(self._document["paths"], key=lambda each: (each.count("{"), each))
        self._templates = [(re.compile(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(each))), each) for each in templates]
        self._validators: dict[tuple[str, bool], Any] = {}

    def operation(self, method: str, path: str) -> tuple[str, dict[str, Any]] | None:
        """The operation a request means, with where it stands; literal segments win."""
        for shape, template in self._templates:
            found = self._document["paths"][template].get(method.lower())
            if found is not None and shape.fullmatch(path):
                return f"/paths/{template.replace('~', '~0').replace('/', '~1')}/{method.lower()}", found
        return None

    def request(self, method: str, path: str, query: dict[str, str], body: Any, *, multipart: bool) -> list[str]:
        """What is wrong with a request."""
        known = self.operation(method, path)
        if known is None:
            return ["no such operation"]
        at, operation = known
        shared = self._document["paths"][at.split("/")[2].replace("~1", "/").replace("~0", "~")]
        parameters = [*operation.get("parameters", []), *shared.get("parameters", [])]
        names = {each["name"] for each in parameters if each["in"] == "query"}
        found = [f"unknown query argument {each}" for each in query if each not in names | UNDOCUMENTED]
        contents = operation.get("requestBody", {}).get("content", {})
        kind = "multipart/form-data" if multipart else "application/json"
        if body is None:
            return [*found, *(["a body is required"] if operation.get("requestBody", {}).get("required") else [])]
        if kind not in contents:
            return [*found, f"no {kind} is taken"]
        pointer = f"{at}/requestBody/content/{kind.replace('/', '~1')}/schema"
        if "allOf" in contents[kind]["schema"]:
            pointer += "/allOf/0"  # the second holds the files, which are not in payload_json
        return [*found, *self._errors(pointer, body, lenient_ids=True)]

    def answer(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """What is wrong with an answer."""
        known = self.operation(method, path)
        if known is None:
            return ["no such operation"]
        at, operation = known
        name = str(status) if str(status) in operation["responses"] else f"{status // 100}XX"
        declared = operation["responses"].get(name)
        if declared is None:
            return [f"no answer {status} is known"]
        if status >= FIRST_ERROR and isinstance(body, dict):
            # The document says a field's error has a number for its code; it is a word, as the reference shows.
            body = {key: value for key, value in body.items() if key != "errors"}
        pointer = f"{at}/responses/{name}"
        if "$ref" in declared:
            pointer = declared["$ref"].removeprefix("#")
            declared = self._document["components"]["responses"][pointer.rsplit("/", 1)[1]]
        if "content" not in declared:
            return [] if body is None else ["no body is known"]
        return self._errors(f"{pointer}/content/application~1json/schema", body, lenient_ids=False)

    def _errors(self, pointer: str, body: Any, *, lenient_ids: bool) -> list[str]:
        schema = {"$ref": f"{NAME}#{quote(pointer, safe='/~')}"}
        if pointer not in self._fast:
            self._fast[pointer] = jsonschema_rs.Draft202012Validator(schema, registry=self._fast_registry)
        if self._fast[pointer].is_valid(body):
            return []
        key = (pointer, lenient_ids)
        if key not in self._validators:
            kind = REQUESTS if lenient_ids else ANSWERS
            self._validators[key] = kind(schema, registry=self._registry)
        return [f"{error.json_path}: {error.message[:300]}" for error in self._validators[key].iter_errors(body)]
