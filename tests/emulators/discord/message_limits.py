"""What a message may hold. The numbers the official document knows, and those it does not.

https://docs.discord.com/developers/resources/message · https://docs.discord.com/developers/components/reference
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tests.emulators.discord.refusals import Problems, refuse
from tests.emulators.discord.things import COMPONENTS_V2, Json, walk

CONTENT = 2000
EMBEDS = 10
EMBED_TOTAL = 6000
FILES = 10
ALT = 1024
NONCE = 25
V2_TOTAL = 40
V2_TEXT = 4000
LABEL = 80
ID = 100
PLACEHOLDER = 150
URL = 512
GALLERY = 10
ROWS = 5

ROW, BUTTON, STRING_SELECT, SECTION, TEXT, THUMBNAIL, GALLERY_TYPE, FILE, SEPARATOR, CONTAINER = (
    1, 2, 3, 9, 10, 11, 12, 13, 14, 17,
)  # fmt: skip
SELECTS = {3, 5, 6, 7, 8}
TOP_V2 = {ROW, SECTION, TEXT, GALLERY_TYPE, FILE, SEPARATOR, CONTAINER}
IN_CONTAINER = TOP_V2 - {CONTAINER}
LINK, PREMIUM = 5, 6

EMBED_TEXTS = {"title": 256, "description": 4096}


def check_message(after: Mapping[str, Any], problems: Problems) -> None:
    """A message as it would be: `content`, `embeds`, `components`, `flags` and `filenames` after the request."""
    content, embeds = after.get("content") or "", after.get("embeds") or []
    components, flags = after.get("components") or [], after.get("flags") or 0
    if isinstance(content, str) and len(content) > CONTENT:
        problems.length("content", content, 0, CONTENT)
    if flags & COMPONENTS_V2:
        for name in ("content", "embeds", "sticker_ids", "poll"):
            if after.get(name):
                words = "The 'content', 'embeds', 'poll' and 'stickers' fields cannot be used with IS_COMPONENTS_V2"
                problems.add(name, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", words)
    check_embeds(embeds, problems)
    check_components(components, problems, v2=bool(flags & COMPONENTS_V2))
    names = set(after.get("filenames", ()))
    for where, url in [*media(components, "components"), *pictures(embeds)]:
        if url.startswith("attachment://") and url.removeprefix("attachment://") not in names:
            problems.add(where, "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", "The attachment was not found")
    problems.raise_any()


def check_envelope(body: Mapping[str, Any], files: Mapping[int, Any], problems: Problems) -> None:
    """What comes with a request: `attachments`, files that are in it, alt texts, the nonce, the mentions."""
    listed = body.get("attachments") or []
    if len(listed) > FILES or len(files) > FILES:
        raise refuse(30015)
    for index, one in enumerate(listed):
        if one.get("description"):
            problems.length(f"attachments.{index}.description", one["description"], 0, ALT)
    unnamed = set(files) - {int(one["id"]) for one in listed if str(one.get("id", "")).isdigit()}
    if listed and unnamed:
        problems.add("attachments", "ATTACHMENT_NOT_LISTED", f"files {sorted(unnamed)} have no entry in attachments")
    if isinstance(body.get("nonce"), str):
        problems.length("nonce", body["nonce"], 0, NONCE)
    mentions = body.get("allowed_mentions") or {}
    for kind in ("users", "roles"):
        if kind in (mentions.get("parse") or []) and mentions.get(kind):
            words = f"parse:['{kind}'] and {kind}: [ids...] are mutually exclusive."
            problems.add("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", words)


def check_embeds(embeds: list[Json], problems: Problems) -> None:
    """Ten embeds, each within its lengths, all together within 6,000 characters."""
    if len(embeds) > EMBEDS:
        problems.length("embeds", embeds, 0, EMBEDS)
    total = 0
    for index, embed in enumerate(embeds):
        at, fields = f"embeds.{index}", embed.get("fields") or []
        texts = [(f"{at}.{key}", embed.get(key), limit) for key, limit in EMBED_TEXTS.items()]
        texts.append((f"{at}.footer.text", (embed.get("footer") or {}).get("text"), 2048))
        texts.append((f"{at}.author.name", (embed.get("author") or {}).get("name"), 256))
        for number, one in enumerate(fields):
            texts.append((f"{at}.fields.{number}.name", one.get("name"), 256))
            texts.append((f"{at}.fields.{number}.value", one.get("value"), 1024))
        if len(fields) > 25:
            problems.length(f"{at}.fields", fields, 0, 25)
        for where, value, limit in texts:
            total += len(value or "")
            if value:
                problems.length(where, value, 1, limit)
        check_moment(f"{at}.timestamp", embed.get("timestamp"), problems)
    if total > EMBED_TOTAL:
        problems.add("embeds", "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {EMBED_TOTAL}")


def check_moment(where: str, value: object, problems: Problems) -> None:
    """A time as ISO 8601 writes it."""
    if value is not None:
        try:
            datetime.fromisoformat(str(value))
        except ValueError:
            problems.add(where, "DATE_TIME_TYPE_PARSE", f"Could not parse {value}. Should be ISO8601.")


def check_components(components: list[Json], problems: Problems, *, v2: bool) -> None:
    """Rows of buttons and selects, or (`v2`) everything that can stand in a message."""
    everything = list(walk(components))
    if not v2 and len(components) > ROWS:
        problems.length("components", components, 0, ROWS)
    if v2 and len(everything) > V2_TOTAL:
        problems.add("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", f"at most {V2_TOTAL} components")
    written = sum(len(one.get("content") or "") for one in everything if one.get("type") == TEXT)
    if written > V2_TEXT:
        problems.add("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", f"at most {V2_TEXT} characters of text")
    ids = [one["custom_id"] for one in everything if one.get("custom_id")]
    if len(ids) != len(set(ids)):
        problems.add("components", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
    allowed = TOP_V2 if v2 else {ROW}
    for index, one in enumerate(components):
        check_component(one, f"components.{index}", allowed, problems)


def check_component(one: Json, at: str, allowed: set[int], problems: Problems) -> None:
    """One component at a place where only some types may stand."""
    kind, inner = one.get("type"), one.get("components") or []
    if kind not in allowed:
        problems.add(f"{at}.type", "UNION_TYPE_CHOICES", f"Value of field 'type' must be one of {sorted(allowed)}.")
        return
    within: set[int] = set()
    if kind == ROW:
        selects = [each for each in inner if each.get("type") in SELECTS]
        if not 1 <= len(inner) <= (1 if selects else 5):
            problems.length(f"{at}.components", [*inner, *([None] * 5)] if selects else inner, 1, 5)
        within = {BUTTON, *SELECTS}
    elif kind == CONTAINER:
        within = IN_CONTAINER
    elif kind == SECTION:
        problems.length(f"{at}.components", inner, 1, 3)
        within = {TEXT}
        if not one.get("accessory"):
            problems.required(f"{at}.accessory")
        else:
            check_component(one["accessory"], f"{at}.accessory", {BUTTON, THUMBNAIL}, problems)
    else:
        check_leaf(one, at, problems)
    for index, each in enumerate(inner):
        check_component(each, f"{at}.components.{index}", within, problems)


def check_leaf(one: Json, at: str, problems: Problems) -> None:
    """A component that holds no others."""
    match one["type"]:
        case 2:
            check_button(one, at, problems)
        case 10:
            problems.length(f"{at}.content", one.get("content"), 1, V2_TEXT)
        case 12:
            problems.length(f"{at}.items", one.get("items"), 1, GALLERY)
        case 13 if not str((one.get("file") or {}).get("url", "")).startswith("attachment://"):
            problems.add(f"{at}.file.url", "URL_TYPE_INVALID_SCHEME", "Scheme must be 'attachment'.")
        case kind if kind in SELECTS:
            check_select(one, at, problems)
        case _:
            pass


def check_button(one: Json, at: str, problems: Problems) -> None:
    """A label or emoji; an id, an address or a product, by its style."""
    style = one.get("style")
    if one.get("label"):
        problems.length(f"{at}.label", one["label"], 0, LABEL)
    if style == LINK:
        problems.length(f"{at}.url", one.get("url"), 1, URL)
        if one.get("custom_id"):
            problems.add(at, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "a link has no custom id")
    elif style != PREMIUM:
        problems.length(f"{at}.custom_id", one.get("custom_id"), 1, ID)
        if not one.get("label") and not one.get("emoji"):
            problems.required(f"{at}.label")
        if one.get("url"):
            problems.add(at, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "a custom id has no url")


def check_select(one: Json, at: str, problems: Problems) -> None:
    """One to twenty-five options with values of their own, and bounds that fit."""
    problems.length(f"{at}.custom_id", one.get("custom_id"), 1, ID)
    if one.get("placeholder"):
        problems.length(f"{at}.placeholder", one["placeholder"], 0, PLACEHOLDER)
    if one["type"] != STRING_SELECT:
        return
    options = one.get("options") or []
    problems.length(f"{at}.options", options, 1, 25)
    if len({each.get("value") for each in options}) != len(options):
        problems.add(f"{at}.options", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "option values must be unique")
    for index, each in enumerate(options):
        problems.length(f"{at}.options.{index}.label", each.get("label"), 1, 100)
        problems.length(f"{at}.options.{index}.value", each.get("value"), 1, 100)
        if each.get("description"):
            problems.length(f"{at}.options.{index}.description", each["description"], 0, 100)
    if not (one.get("min_values") or 0) <= (one.get("max_values") or 1) <= max(25, len(options)):
        problems.add(at, "SELECT_COMPONENT_MAX_VALUES", "min_values and max_values do not fit")


def media(components: list[Json], at: str) -> list[tuple[str, str]]:
    """Where components show files, with the addresses they name."""
    found = []
    for one in walk(components):
        shown = [one.get("media"), one.get("file"), *(item.get("media") for item in one.get("items") or [])]
        found += [(at, str(each["url"])) for each in shown if isinstance(each, dict) and each.get("url")]
    return found


def pictures(embeds: list[Json]) -> list[tuple[str, str]]:
    """Where embeds show pictures."""
    return [
        (f"embeds.{index}.{key}.url", str(embed[key].get("url", "")))
        for index, embed in enumerate(embeds)
        for key in ("image", "thumbnail")
        if embed.get(key)
    ]
