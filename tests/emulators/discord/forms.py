"""A modal as a person fills it in, within the lengths and choices that their Discord holds them to."""

from collections.abc import Mapping
from typing import Any

from tests.emulators.discord.asking import Filling, NotOffered
from tests.emulators.discord.things import Json

TEXT, LABELLED, SELECT, FILES, RADIO, CHECKBOXES, CHECKBOX = 4, 18, 3, 19, 21, 22, 23


def filled(modal: Json, values: dict[str, Any], filling: Filling) -> list[Json]:
    """What is submitted, component by component.

    Raises:
        NotOffered: For a value that fits no field, or a field that stays empty and may not.
    """
    done = []
    for number, one in enumerate(modal["components"], 1):
        match one["type"]:
            case 18:
                value = taken(values, one["component"]["custom_id"], one.get("label"))
                inner = answered(one["component"], value, filling)
                done.append({"type": LABELLED, "id": one.get("id", number), "component": inner})
            case 1:
                field = one["components"][0]
                inner = answered(field, taken(values, field["custom_id"], field.get("label")), filling)
                done.append({"type": 1, "id": one.get("id", number), "components": [inner]})
            case _:
                done.append({"type": one["type"], "id": one.get("id", number)})
    if values:
        raise NotOffered(f"the form does not ask for {sorted(values)}")
    return done


def taken(values: dict[str, Any], *names: str | None) -> Any:
    """The value given under one of these names, and no more in `values` then."""
    return next((values.pop(name) for name in names if name in values), None)


def answered(field: Mapping[str, Any], value: Any, filling: Filling) -> Json:
    """One field's answer."""
    body: Json = {"type": field["type"], "id": field.get("id", 1), "custom_id": field["custom_id"]}
    match field["type"]:
        case 4:
            return body | {"value": text(field, value)}
        case 19:
            given = [] if value is None else [value] if not isinstance(value, (list, tuple)) else list(value)
            counted(field, len(given))
            return body | {"values": [filling.upload(one) for one in given]}
        case 23:
            return body | {"value": bool(field.get("default") if value is None else value)}
        case 21:
            picked = picks(field, value)
            return body | {"value": picked[0] if picked else None}
        case _:
            picked = picks(field, value)
            counted(field, len(picked))
            return body | {"values": picked}


def text(field: Mapping[str, Any], value: Any) -> str:
    """A text within its lengths; what was prefilled stands when nothing is given."""
    written = str(field.get("value") or "") if value is None else str(value)
    if not written and field.get("required", True):
        raise NotOffered(f"{field['custom_id']} may not stay empty")
    if written and not (field.get("min_length") or 0) <= len(written) <= (field.get("max_length") or 4000):
        raise NotOffered(f"{field['custom_id']} has {len(written)} characters")
    return written


def picks(field: Mapping[str, Any], value: Any) -> list[str]:
    """The chosen options, by value or label; the defaults when nothing is given."""
    options = field.get("options") or []
    if value is None:
        return [one["value"] for one in options if one.get("default")]
    wanted = {value} if isinstance(value, str) else set(value)
    chosen = [one["value"] for one in options if {one["value"], one["label"]} & wanted]
    if len(chosen) != len(wanted):
        raise NotOffered(f"{sorted(wanted)} are not all offered by {field['custom_id']}")
    return chosen


def counted(field: Mapping[str, Any], number: int) -> None:
    """As many as are asked for."""
    low = field.get("min_values", 1) if field.get("required", True) else 0
    if not low <= number <= (field.get("max_values") or 1):
        raise NotOffered(f"{field['custom_id']} takes {low} to {field.get('max_values') or 1}, not {number}")
