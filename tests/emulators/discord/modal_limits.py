"""What a modal may ask: one to five labelled fields, each within its lengths.

https://docs.discord.com/developers/components/reference
"""

from tests.emulators.discord.message_limits import ROW, SELECTS, STRING_SELECT, TEXT, check_select
from tests.emulators.discord.refusals import Problems
from tests.emulators.discord.things import Json, walk

TITLE = 45
FIELDS = 5
LABEL = 45
DESCRIPTION = 100
WRITTEN = 4000
TEXT_INPUT, LABELLED, FILES, RADIO, CHECKBOXES, CHECKBOX = 4, 18, 19, 21, 22, 23
INPUTS = {TEXT_INPUT, *SELECTS, FILES, RADIO, CHECKBOXES, CHECKBOX}


def check_modal(data: Json) -> None:
    """All of it.

    Raises:
        Refusal: 50035.
    """
    problems = Problems()
    components = data.get("components") or []
    problems.length("data.custom_id", data.get("custom_id"), 1, 100)
    problems.length("data.title", data.get("title"), 1, TITLE)
    problems.length("data.components", components, 1, FIELDS)
    ids = [one["custom_id"] for one in walk(components) if one.get("custom_id")]
    if len(ids) != len(set(ids)):
        problems.add("data.components", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
    for index, one in enumerate(components):
        check_field(one, f"data.components.{index}", problems)
    problems.raise_any()


def check_field(one: Json, at: str, problems: Problems) -> None:
    """A label around an input, a text, or (deprecated) a row with one text input."""
    match one.get("type"):
        case 18:
            problems.length(f"{at}.label", one.get("label"), 1, LABEL)
            if one.get("description"):
                problems.length(f"{at}.description", one["description"], 0, DESCRIPTION)
            check_input(one.get("component") or {}, f"{at}.component", INPUTS, problems)
        case 10:
            problems.length(f"{at}.content", one.get("content"), 1, WRITTEN)
        case 1:
            inner = one.get("components") or []
            problems.length(f"{at}.components", inner, 1, 1)
            for each in inner:
                problems.length(f"{at}.components.0.label", each.get("label"), 1, LABEL)
                check_input(each, f"{at}.components.0", {TEXT_INPUT}, problems)
        case _:
            allowed = [ROW, TEXT, LABELLED]
            problems.add(f"{at}.type", "UNION_TYPE_CHOICES", f"Value of field 'type' must be one of {allowed}.")


def check_input(one: Json, at: str, allowed: set[int], problems: Problems) -> None:
    """What people fill in."""
    if one.get("type") not in allowed:
        problems.add(f"{at}.type", "UNION_TYPE_CHOICES", f"Value of field 'type' must be one of {sorted(allowed)}.")
        return
    problems.length(f"{at}.custom_id", one.get("custom_id"), 1, 100)
    if one["type"] in {RADIO, CHECKBOXES}:
        problems.length(f"{at}.options", one.get("options"), 2 if one["type"] == RADIO else 1, 10)
    if one["type"] == STRING_SELECT:
        check_select(one, at, problems)
    if one["type"] == FILES and not 0 <= (one.get("max_values") or 1) <= 10:
        problems.add(f"{at}.max_values", "NUMBER_TYPE_MAX", "int value should be less than or equal to 10.")
    if one["type"] == TEXT_INPUT:
        check_text(one, at, problems)


def check_text(one: Json, at: str, problems: Problems) -> None:
    """A line or a paragraph, with what already stands in it."""
    low, high = one.get("min_length") or 0, one.get("max_length") or WRITTEN
    if not 0 <= low <= WRITTEN or not 1 <= high <= WRITTEN or low > high:
        problems.add(f"{at}.max_length", "NUMBER_TYPE_MAX", f"lengths must be within {WRITTEN} and in order")
    if one.get("placeholder"):
        problems.length(f"{at}.placeholder", one["placeholder"], 0, 100)
    if one.get("value"):
        problems.length(f"{at}.value", one["value"], low, high)
    if one.get("style") not in {1, 2}:
        problems.required(f"{at}.style")
