"""The Bot API's machine-readable description as a validator: from a request or an object to what is wrong with it.

A request's parameters are text, and JSON in it; what an object says is JSON already. Of a union the branch with the
same `type` (`status`, `source`) is reported, so that the words help.
https://github.com/PaulSonOfLars/telegram-bot-api-spec
"""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

ARRAY = "Array of "
ATTACH = "attach://"
LITERAL = re.compile(r"(?:must be|always) [“\"]?(\w+)[”\"]?")
KINDS = ("type", "status", "source")
SCALARS = {"Integer", "String", "Boolean", "Float", "InputFile"}
WRITTEN = {
    "String": re.compile(""),
    "Integer": re.compile(r"-?\d+$"),
    "Float": re.compile(r"-?\d+(\.\d+)?$"),
    "Boolean": re.compile(r"(?i:true|false)$"),
    "InputFile": re.compile(ATTACH),
}
"""How a scalar is written in a request; a file that is uploaded under the parameter's own name is no text."""
Json = dict[str, Any]


class Document:
    """The description, read once. `newer` tells which fields of a type only a newer version knows."""

    def __init__(self, path: Path, newer: Callable[[str], Collection[str]] = lambda _: ()) -> None:
        read: Json = json.loads(path.read_text(encoding="utf-8"))
        self._newer = newer
        self._methods: dict[str, Json] = read["methods"]
        self._types: dict[str, Json] = read["types"]

    # --- requests ---

    def request(
        self, method: str, arguments: Mapping[str, str], files: Collection[str], also: Collection[str] = ()
    ) -> list[str]:
        """What is wrong with a request. `files` are its parts' names, `also` parameters of a newer version."""
        known = self._methods.get(method)
        if known is None:
            return ["no such method"]
        fields = {one["name"]: one for one in known.get("fields", [])}
        given = {**dict.fromkeys(files, ""), **arguments}
        named = {raw.removeprefix(ATTACH) for raw in re.findall(rf"{ATTACH}[^\"\s\\]+", " ".join(arguments.values()))}
        found = [f"unknown parameter {name}" for name in arguments if name not in fields and name not in also]
        found += [f"{name} is missing" for name, one in fields.items() if one["required"] and name not in given]
        found += [f"the file {name} is named by nothing" for name in files if name not in fields and name not in named]
        found += [f"the file {name} is named and not sent" for name in named if name not in files]
        for name, raw in arguments.items():
            if name in fields:
                found += self._any(name, lambda kind, raw=raw: self._text(kind, raw), fields[name]["types"])
        return found

    def _text(self, kind: str, raw: str) -> list[str]:
        """What is wrong with a parameter's text as one of this type."""
        if kind in WRITTEN:
            return [] if WRITTEN[kind].match(raw) else [f"{raw!r:.80} is no {kind}"]
        try:
            value = json.loads(raw)
        except ValueError:
            return [f"{raw!r} is no JSON"]
        return self.wrong(kind, value)

    def _any(self, at: str, check: Any, kinds: list[str]) -> list[str]:
        """One of several types must fit; else what is wrong with the one that comes nearest."""
        failures = []
        for kind in kinds:
            errors = check(kind)
            if not errors:
                return []
            failures.append(errors)
        return [f"{at}: {each}" for each in min(failures, key=len)]

    # --- objects ---

    def answer(self, method: str, result: Any) -> list[str]:
        """What is wrong with a method's result."""
        known = self._methods.get(method)
        if known is None:
            return ["no such method"]
        return self._any("result", lambda kind: self.wrong(kind, result), known["returns"])

    def wrong(self, kind: str, value: Any) -> list[str]:
        """What is wrong with a value as one of this type."""
        if kind.startswith(ARRAY):
            if not isinstance(value, list):
                return [f"{value!r:.80} is no {kind}"]
            inner = kind.removeprefix(ARRAY)
            return [f"[{n}]{each}" for n, one in enumerate(value) for each in self.wrong(inner, one)]
        if kind in SCALARS:
            return [] if fits(kind, value) else [f"{value!r:.80} is no {kind}"]
        if not isinstance(value, dict):
            return [f"{value!r:.80} is no {kind}"]
        known = self._types[kind]
        if "subtypes" in known:
            return self._branch(kind, value)
        return list(self._object(kind, known.get("fields", []), value))

    def _branch(self, kind: str, value: Json) -> list[str]:
        """The branch a union's value says it is, or the one that comes nearest."""
        branches: list[str] = self._types[kind]["subtypes"]
        same = [one for one in branches if self._says(one, value)]
        return min((self.wrong(one, value) for one in same or branches), key=len)

    def _says(self, kind: str, value: Json) -> bool:
        fields = {one["name"]: one for one in self._types[kind].get("fields", [])}
        for name in KINDS:
            literal = name in fields and LITERAL.search(fields[name]["description"])
            if literal:
                return bool(value.get(name) == literal.group(1))
        return all(name in fields for name in value)

    def _object(self, kind: str, known: list[Json], value: Json) -> Iterator[str]:
        fields = {one["name"]: one for one in known}
        for name, one in fields.items():
            if one["required"] and name not in value:
                yield f".{name} is missing in {kind}"
            elif name in value:
                types = one["types"]
                yield from self._any(f".{name}", lambda each, given=value[name]: self.wrong(each, given), types)
        for name in value:
            if name not in fields and name not in self._newer(kind):
                yield f".{name} is unknown in {kind}"


def fits(kind: str, value: Any) -> bool:
    """Whether a value is a scalar of this type."""
    match kind:
        case "Integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "Float":
            return isinstance(value, (int, float)) and not isinstance(value, bool)
        case "Boolean":
            return isinstance(value, bool)
        case _:
            return isinstance(value, str)
