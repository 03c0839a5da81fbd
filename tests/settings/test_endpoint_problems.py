"""A broken endpoint file yields file, key and reason; all problems of all files come at once."""

import copy
from pathlib import Path
from typing import Any

import pytest

from bot.domain.errors import ConfigInvalid, ConfigProblem
from bot.settings.endpoints import load_catalogue, read_endpoint
from tests.settings.endpoint_material import image_file, write_file

NAME = "demo-image-to-video.toml"
BROKEN_BY_DEFAULT = {
    "kind": "only_with",
    "when": {"resolution": ["720p"]},
    "then": {"duration": ["8"]},
    "text": "720p is only possible with 8 seconds",
}


def _problems(folder: Path) -> list[ConfigProblem]:
    with pytest.raises(ConfigInvalid) as caught:
        load_catalogue(folder)
    return list(caught.value.problems)


def _changed(path: str, value: Any) -> dict[str, Any]:
    """The sound file with the value at a dotted path replaced, a number being a place in a list; None takes it out."""
    content = copy.deepcopy(image_file())
    *parents, last = (int(part) if part.isdigit() else part for part in path.split("."))
    inner: Any = content
    for part in parents:
        inner = inner[part]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return content


def test_the_file_the_other_tests_break_is_sound(tmp_path: Path) -> None:
    write_file(tmp_path, NAME, image_file())

    catalogue = load_catalogue(tmp_path)

    assert [endpoint.slug for endpoint in catalogue.endpoints] == ["demo-image-to-video"]
    assert list(catalogue.commands) == ["animate", "custom"]


@pytest.mark.parametrize(
    ("path", "value", "key", "reason"),
    [
        # what pydantic finds, in our words
        ("title", None, "title", "is missing"),
        ("title", 5, "title", "must be text in quotes"),
        ("order", "first", "order", "must be a whole number"),
        ("typical_s", "long", "typical_s", "must be a number"),
        ("typical_s", float("nan"), "typical_s", "must be a finite number"),
        ("faces", "yes", "faces", "must be true or false"),
        ("join", "on_top", "join", "must be one of 'none' or 'side_by_side', not 'on_top'"),
        ("notes", "one", "notes", "must be a list"),
        ("checked", "last week", "checked", 'must be a date, like "2026-11-20"'),
        ("options.image", 1, "options.image", "must be a table"),
        ("options.loop.levle", "main", "options.loop.levle", "is not a key known here; did you mean 'level'?"),
        ("options.loop.qqq", "main", "options.loop.qqq", "is not a key known here"),
        ("options.loop.kind", "picture", "options.loop.kind", "'image'"),
        ("options.loop.default", ["x"], "options.loop.default", "must be text, a number, true or false"),
        ("rules.0.kind", "never", "rules[1]", "must be of the kind only_with, one_of or file_count, not 'never'"),
        ("rules.0.kind", None, "rules[1]", "needs a kind: only_with, one_of or file_count"),
        ("rules.0.then", ["5"], "rules[1].then", "must be a table"),
        ("price.table.1.microusd", "free", "price.table[2].microusd", "must be a whole number"),
        ("price.factors.0.times", "twice", "price.factors[1].times", "must be a number, like 2"),
        # the head
        ("id", "fal-ai/other/image-to-video", "id", "must be called other-image-to-video.toml"),
        ("id", "demo", "id", "is not an endpoint id"),
        ("model", "De mo", "model", "1 to 32 small letters"),
        ("command", "dance", "command", "'dance' is not one of effect, animate"),
        ("command", "custom", "command", "'custom' is not one of"),
        ("summary", "x" * 101, "summary", "has 101 characters"),
        ("title", " ", "title", "1 to 100 are possible"),
        ("typical_s", 0, "typical_s", "must be above 0"),
        ("fixed_seconds", 5, "fixed_seconds", "there is an option 'duration' that decides it"),
        ("face_effects", ["Hug"], "face_effects", "needs faces = true and an option 'effect'"),
        # options
        ("options", {}, "options", "has no option at all"),
        ("options.Größe", {"field": "size", "kind": "text"}, "options.Größe", "small letters, digits or underscores"),
        ("options.model", {"field": "model", "kind": "text"}, "options.model", "belongs to the chat itself"),
        ("options.loop.field", "prompt", "options.loop.field", "'prompt' is already the field of 'prompt'"),
        ("options.loop.field", "", "options.loop.field", "is empty"),
        ("options.loop.help", "x" * 101, "options.loop.help", "has 101 characters; 100 is the most"),
        ("options.prompt.help", None, "options.prompt.help", "a main option needs a word of help"),
        ("options.duration.required", True, "options.duration.default", "cannot have a default"),
        ("options.loop.level", "owner", "options.loop.fixed", "is missing; an owner option always has a fixed value"),
        ("options.loop.fixed", True, "options.loop.fixed", "belongs to owner options only"),
        ("options.safety_checker.required", True, "options.safety_checker.required", "is never asked for"),
        ("options.safety_checker.fixed", False, "options.safety_checker.level", "fixed = true"),
        ("options.loop.choices", ["a"], "options.loop.choices", "belong to a choice, and this is flag"),
        ("options.duration.choices", [], "options.duration.choices", "a choice needs at least one"),
        ("options.duration.choices", ["5", "8", "8"], "options.duration.choices", "'8' stands there twice"),
        ("options.duration.choices", ["5", "8", ""], "options.duration.choices", "has 0 characters"),
        ("options.resolution.send", "integer", "options.resolution.choices", "'720p' cannot be sent as integer"),
        ("options.duration.accepts", {"5": "5"}, "options.duration.accepts.5", "is offered as a choice already"),
        ("options.duration.accepts", {"ten": "10"}, "options.duration.accepts.ten", "neither a choice nor the word"),
        ("options.duration.default", "6", "options.duration.default", "'6' is not one of the choices"),
        ("options.duration.default", 5, "options.duration.default", "5 is not one of the choices"),
        ("options.prompt.default", 5, "options.prompt.default", "must be text in quotes"),
        ("options.prompt.default", "x" * 21, "options.prompt.default", "is longer than max_length (20)"),
        ("options.loop.default", "true", "options.loop.default", "must be true or false"),
        ("options.frames.default", True, "options.frames.default", "must be a number"),
        ("options.frames.default", 81.5, "options.frames.default", "must be a whole number"),
        ("options.frames.default", 80, "options.frames.default", "is below the minimum (81)"),
        ("options.frames.default", 101, "options.frames.default", "is above the maximum (100)"),
        ("options.frames.minimum", 101, "options.frames.minimum", "is above the maximum (101 > 100)"),
        ("options.prompt.minimum", 1, "options.prompt.minimum", "bounds belong to numbers, and this is text"),
        ("options.loop.max_length", 5, "options.loop.max_length", "belongs to text, and this is flag"),
        ("options.prompt.max_length", 0, "options.prompt.max_length", "must be at least 1"),
        ("options.image.default", "me.jpg", "options.image.default", "an image cannot have one"),
        ("options.image.maximum", 5, "options.image.minimum", "bounds belong to numbers, and this is image"),
        ("options.image.max_files", 2, "options.image.max_files", "an image is a single file"),
        ("options.images.min_files", 3, "options.images.min_files", "3 to 2 files cannot be"),
        ("options.prompt.max_files", 2, "options.prompt.limits", "belong to files, and this is text"),
        ("options.image.limits", {"formats": ["mp4"]}, "options.image.limits.formats", "'mp4' is not one of jpeg"),
        ("options.image.limits", {"max_bytes": 0}, "options.image.limits.max_bytes", "must be above 0"),
        (
            "options.image.limits",
            {"min_side_px": 900, "max_side_px": 300},
            "options.image.limits.min_side_px",
            "is above max_side_px (900 > 300)",
        ),
        # rules
        ("rules.0.text", " ", "rules[1].text", "people are told the rule in these words"),
        ("rules.0.when", {"size": ["big"]}, "rules[1].when.size", "there is no option 'size'"),
        ("rules.0.when", {"resolution": ["4k"]}, "rules[1].when.resolution", "never has the value '4k'"),
        ("rules.0.when", {"resolution": []}, "rules[1].when.resolution", "names no value"),
        ("rules.0.when", {"prompt": ["hello"]}, "rules[1].when.prompt", "only choices, numbers and flags"),
        ("rules.0.when", {"frames": ["80"]}, "rules[1].when.frames", "never has the value '80'"),
        ("rules.0.when", {"loop": ["yes"]}, "rules[1].when.loop", "never has the value 'yes'"),
        ("rules.0.then", {}, "rules[1].then", "names no option"),
        ("rules.0", BROKEN_BY_DEFAULT, "rules[1]", "the defaults themselves break this rule"),
        ("rules.1.options", ["prompt"], "rules[2].options", "at least two"),
        ("rules.1.options", ["prompt", "song"], "rules[2].options", "there is no option 'song'"),
        ("rules.1.options", ["prompt", "duration"], "rules[2].options", "'duration' always has a value"),
        ("rules.2.option", "songs", "rules[3].option", "there is no option 'songs'"),
        ("rules.2.option", "prompt", "rules[3].option", "'prompt' takes no files"),
        ("rules.2.count", 3, "rules[3].count", "takes 0 to 2 files, not 3"),
        # the price
        ("price.source", None, "price.source", "a price says where it was found"),
        ("price", {"source": "a page"}, "price", "costs nothing"),
        ("price.billing_unit", "videos", "price.billing_unit", "stand together or not at all"),
        ("price.base_microusd", -1, "price.base_microusd", "is negative"),
        ("price.table.0.microusd", -1, "price.table[1].microusd", "is negative"),
        ("price.adds.0.microusd", -1, "price.adds[1].microusd", "is negative"),
        ("price.factors.0.times", "0", "price.factors[1].times", "must be above 0"),
        ("price.factors.0.when", {"length": ["8"]}, "price.factors[1].when.length", "there is no option 'length'"),
        ("price.table.1.when", {"resolution": ["4k"]}, "price.table[2].when.resolution", "never has the value '4k'"),
        ("price.table.0.when", {}, "price.table[2]", "is never reached; row 1 always holds first"),
        ("price.table.1", None, "price.table", "no row for resolution = 1080p"),
        ("price.table", [{"when": {"frames": ["81"]}, "microusd": 1}], "price.table", "for every possible frames"),
        ("price.per.0.option", "length", "price.per[1].option", "there is no option 'length'"),
        ("price.per.0.option", "loop", "price.per[1].option", "'loop' is flag, and option of that"),
        ("price.per.0.step", 0, "price.per[1].step", "must be above 0"),
        ("price.per.1.at_most", None, "price.per[2].at_most", "no upper bound can be held"),
        ("price.per.1.above", 61, "price.per[2].above", "must lie between 0 and at_most"),
    ],
)
def test_a_broken_file_is_told_by_file_key_and_reason(
    tmp_path: Path, path: str, value: Any, key: str, reason: str
) -> None:
    file = write_file(tmp_path, NAME, _changed(path, value))

    found = [problem for problem in _problems(tmp_path) if problem.key == key and reason in problem.reason]

    assert found, "\n".join(map(str, _problems(tmp_path)))
    assert {problem.file for problem in found} == {file.as_posix()}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"id = ", "is not valid TOML: Invalid value (at end of document)"),
        (b"id = 'a'\nid = 'b'\n", "is not valid TOML: Cannot overwrite a value (at line 2"),
        (b"title = '\xff'", "is not UTF-8 text"),
    ],
)
def test_a_file_that_is_not_toml_is_told_with_its_line(tmp_path: Path, content: bytes, reason: str) -> None:
    file = tmp_path / NAME
    file.write_bytes(content)

    (problem,) = _problems(tmp_path)

    assert problem.file == file.as_posix()
    assert problem.key == ""
    assert reason in problem.reason


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()

    (problem,) = _problems(tmp_path)

    assert problem.reason == "cannot be read: Is a directory"


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    (problem,) = _problems(tmp_path / "nowhere")

    assert problem.file.endswith("/nowhere")
    assert problem.reason == "cannot be read: No such file or directory"


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "readme.md").write_text("not an endpoint")
    (tmp_path / ".draft.toml").write_text("not an endpoint either")

    (problem,) = _problems(tmp_path)

    assert problem.reason == "holds no endpoint file (*.toml)"


def test_all_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    write_file(tmp_path, NAME, {**_changed("options.duration.default", "6"), "summary": "", "model": "Big"})
    (tmp_path / "broken.toml").write_text("= 5", encoding="utf-8")
    write_file(tmp_path, "other.toml", {"id": "fal-ai/other", "speed": 3, "price": {"source": 5}})

    found = {(Path(problem.file).name, problem.key) for problem in _problems(tmp_path)}

    assert found == {
        (NAME, "options.duration.default"),
        (NAME, "summary"),
        (NAME, "model"),
        ("broken.toml", ""),
        ("other.toml", "speed"),
        ("other.toml", "title"),
        ("other.toml", "summary"),
        ("other.toml", "command"),
        ("other.toml", "model"),
        ("other.toml", "price.source"),
    }


def _second(**changes: Any) -> dict[str, Any]:
    return image_file(**{"id": "fal-ai/second", "model": "second", **changes})


def test_two_files_for_one_endpoint_are_told(tmp_path: Path) -> None:
    write_file(tmp_path, NAME, image_file())
    write_file(tmp_path, "copy.toml", image_file(model="copy"))

    found = {(Path(problem.file).name, problem.reason) for problem in _problems(tmp_path)}

    assert (NAME, "fal-ai/demo/image-to-video is described in copy.toml already") in found


@pytest.mark.parametrize("model", ["demo", "demo-image-to-video"])
def test_a_model_name_that_means_another_endpoint_is_told(tmp_path: Path, model: str) -> None:
    write_file(tmp_path, NAME, image_file())
    write_file(tmp_path, "second.toml", _second(model=model))

    (problem,) = _problems(tmp_path)

    assert (Path(problem.file).name, problem.key) == ("second.toml", "model")
    assert problem.reason == f"{model!r} already means demo-image-to-video in the command animate"


def test_what_judges_pictures_takes_one_and_nothing_a_person_would_have_to_say(tmp_path: Path) -> None:
    judge = _changed("command", "screen")
    write_file(tmp_path, NAME, judge)
    assert [one.command for one in load_catalogue(tmp_path).judges] == ["screen"]
    judge["options"]["image"]["required"] = False
    write_file(tmp_path, NAME, judge)
    assert [(one.key, one.reason.partition(",")[0]) for one in _problems(tmp_path)] == [
        ("options", "what is under 'screen' needs exactly one option"),
    ]


def test_the_same_model_name_in_two_commands_is_fine(tmp_path: Path) -> None:
    write_file(tmp_path, NAME, image_file())
    write_file(tmp_path, "second.toml", _second(model="demo", command="video"))

    assert list(load_catalogue(tmp_path).commands) == ["animate", "video", "custom"]


def test_one_name_for_two_kinds_in_one_command_is_told(tmp_path: Path) -> None:
    options = {"duration": {"field": "duration", "kind": "integer"}}
    write_file(tmp_path, NAME, image_file())
    write_file(tmp_path, "second.toml", _second(options=options, rules=[], price={"source": "x", "base_microusd": 1}))

    (problem,) = _problems(tmp_path)

    assert (Path(problem.file).name, problem.key) == ("second.toml", "options.duration.kind")
    assert problem.reason == "is integer here but choice in demo-image-to-video.toml, of the same command"


def _plain(options: dict[str, Any]) -> dict[str, Any]:
    return image_file(options=options, rules=[], price={"source": "x", "base_microusd": 1})


def test_more_main_options_than_discord_takes_are_told(tmp_path: Path) -> None:
    text = {"kind": "text", "level": "main", "help": "Something"}
    fits = {f"option_{number}": {"field": f"field_{number}", **text} for number in range(22)}
    write_file(tmp_path, NAME, _plain(fits))
    assert len(load_catalogue(tmp_path).commands["animate"].options) == 22

    write_file(tmp_path, NAME, _plain({**fits, "one_more": {"field": "one_more", **text}}))
    (problem,) = _problems(tmp_path)

    assert problem.key == "options"
    assert problem.reason == "the command animate would have 23 main options; 22 fit"


def test_more_characters_than_discord_takes_are_told(tmp_path: Path) -> None:
    def choice(number: int, amount: int) -> dict[str, Any]:
        words = [f"{'x' * 80}{place}" for place in range(amount)]
        return {"field": f"field_{number}", "kind": "choice", "level": "main", "help": "Which", "choices": words}

    write_file(tmp_path, NAME, _plain({f"option_{number}": choice(number, 26) for number in range(3)}))
    assert len(load_catalogue(tmp_path).commands["animate"].options) == 3, "more than 25 choices do not count"

    write_file(tmp_path, NAME, _plain({f"option_{number}": choice(number, 25) for number in range(3)}))
    (problem,) = _problems(tmp_path)

    assert problem.key == "options"
    assert problem.reason == "the command animate would have 12,607 characters; 8,000 fit"


def test_an_effect_with_faces_that_is_not_on_the_list_is_told(tmp_path: Path) -> None:
    effect = {"field": "effect", "kind": "choice", "choices": ["Hug", "Microwave"]}
    content = {**_plain({"effect": effect}), "faces": True, "face_effects": ["Hug", "Kiss"]}
    write_file(tmp_path, NAME, content)

    (problem,) = _problems(tmp_path)

    assert (problem.key, problem.reason) == ("face_effects", "'effect' never has the value 'Kiss'")


def test_one_file_can_be_checked_by_itself(tmp_path: Path) -> None:
    sound = write_file(tmp_path, NAME, image_file())
    assert read_endpoint(sound).model == "demo"

    broken = write_file(tmp_path, NAME, image_file(model="De mo"))
    with pytest.raises(ConfigInvalid, match="model: a model's name"):
        read_endpoint(broken)
