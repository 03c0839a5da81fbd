"""Every sentence and label of a wizard, and how options and what was chosen are spoken of."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from bot.domain import files
from bot.domain.ask import Attachment
from bot.domain.catalogue import Command, Endpoint, Kind, Option, Value
from bot.domain.match import shortened
from bot.domain.models import CUSTOM
from bot.domain.order import Order, Quote
from bot.domain.phrases import order_words, quote_words
from bot.domain.rules import written
from bot.domain.sentences import capital, spoken
from bot.domain.values import ranged
from bot.domain.wizard import Wizard
from bot.domain.wizard_standing import Standing

LABEL = 40
"""The most letters of a label: what a phone shows on a button that has a row to itself."""

CANCEL = "Cancel"
BACK = "‹ Back"  # noqa: RUF001  an arrow, as every chat bot draws it
BEFORE = "‹"  # noqa: RUF001  an arrow
AFTER = "›"  # noqa: RUF001  an arrow
ALL = "Show all"
MORE = "More …"
ENOUGH = "That's all"
KEEP = "Keep it as it is"
ANEW = "Take them away"
LEAVE_OUT = "Leave it out"
AS_USUAL = "As usual"
ON_WORDS: Mapping[bool, str] = {True: "on", False: "off"}
CHOSEN = "✓ "

WHICH_COMMAND = "What shall I make?"
WHICH_COMMAND_OF = "What shall I make of it?"
WHICH_MODEL = "Which model?"
WHICH_MORE = "What would you like to change?"
READY = "Shall I make it?"
JOINED = "The two pictures will be put side by side."
SEARCH = "Choose one, or type a part of its name."
CHOOSE = "Choose one."
FOUND = "What comes near to “{text}”:"
NONE_LEFT = "Nothing of it goes with what you have chosen."
TYPE_IT = "Type it."
ONE_MORE = "One more, or is that all?"
FULL = "There is no room for more."

_TITLES: Mapping[str, str] = {
    "image": "Picture",
    "images": "Pictures",
    "end_image": "Last picture",
    "video": "Clip",
    "audio": "Sound file",
    "negative": "Not in it",
    "fps": "Frame rate",
}
_MEDIA: Mapping[str, tuple[str, str]] = {
    "image": ("picture", "pictures"),
    "video": ("clip", "clips"),
    "audio": ("sound", "sounds"),
    "file": ("file", "files"),
}
_CLEAR = frozenset({"effect", "duration", "resolution", "style"})
"""Choices that say by themselves what they are."""

_ASKS = re.compile(r"(?:What|Which|How|Whose)\b")
_NAMES_IT = re.compile(r"(?:The|A|An|One)\b")
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six")


def cut(text: str) -> str:
    """The text as a label."""
    line = " ".join(text.split())
    return line if len(line) <= LABEL else f"{line[: LABEL - 1]}…"


def title(option: Option) -> str:
    """An option as a label: "Duration", "Last picture"."""
    return _TITLES.get(option.name, capital(spoken(option.name)))


def value_words(option: Option, value: Value) -> str:
    """A value as people say it: "5 s", "heart gesture", "on"."""
    if isinstance(value, bool):
        return ON_WORDS[value]
    text = written(value)
    if option.kind is Kind.TEXT:
        return f"“{shortened(text)}”"
    unit = f" {option.unit}" if option.unit and text.replace(".", "", 1).lstrip("-").isdigit() else ""
    return f"{spoken(text)}{unit}"


def said_words(option: Option, value: Value) -> str:
    """A value in a line of others, with its name where it says too little by itself: "seed 7", "sound on"."""
    words = value_words(option, value)
    return words if option.kind is Kind.TEXT or option.name in _CLEAR else f"{spoken(option.name)} {words}"


def command_words(command: Command) -> str:
    """A command in the menu, and what it makes."""
    return f"/{command.name}: {command.makes}"


def model_words(endpoint: Endpoint, command: str) -> str:
    """An endpoint by its short name; under `custom` by its title, and by what it is for: titles are no names."""
    return f"/{endpoint.command} {endpoint.title}" if command == CUSTOM else endpoint.model


def model_label(endpoint: Endpoint, command: str, quote: Quote) -> str:
    """A model and its price for what is wished."""
    price = "" if quote.unpriced else f" · {quote_words(quote)}"
    name = model_words(endpoint, command)
    room = LABEL - len(price)
    return f"{name if len(name) <= room else name[: room - 1] + '…'}{price}"


def model_search(endpoint: Endpoint) -> str:
    """What a model is found by."""
    return f"{endpoint.model} {endpoint.title} {endpoint.summary}"


def make_label(quote: Quote) -> str:
    """What is pressed to begin."""
    return "Make it" if quote.unpriced else cut(f"Make it · {quote_words(quote)}")


def set_label(option: Option, value: Value | None, count: int) -> str:
    """An option and what it is now, as a label of the summary."""
    if option.is_media:
        return cut(f"{title(option)}: {count}") if count else f"{title(option)} …"
    return (
        f"{title(option)} …" if value is None or value == "" else cut(f"{title(option)}: {value_words(option, value)}")
    )


def files_words(counts: Mapping[str, int]) -> str:
    """How many files of which medium: "2 pictures and 1 clip"."""
    said = [f"{count} {_MEDIA[medium][count != 1]}" for medium, count in counts.items() if count]
    return " and ".join(said)


def question(option: Option) -> str:
    """What an option is for, as a question where its help is one: "What should happen?"."""
    first, *rest = re.split(r"\s*[;:]\s*", spoken(option.help or title(option)).rstrip("."), maxsplit=1)
    mark = "?" if _ASKS.match(first) else "."
    return " ".join([f"{first}{mark}", *(f"{capital(one)}." for one in rest)])


def number_words(option: Option) -> str:
    """What number may be typed."""
    bounds = ranged(option)
    kind = "a whole number" if option.kind is Kind.INTEGER else "a number"
    if len(bounds) == len(("minimum", "maximum")):
        return f"Type {kind} from {bounds['minimum']} to {bounds['maximum']}."
    if "minimum" in bounds:
        return f"Type {kind}, {bounds['minimum']} or more."
    if "maximum" in bounds:
        return f"Type {kind}, {bounds['maximum']} at most."
    return f"Type {kind}."


def send_words(option: Option, *, has: int, needed: int, room: bool) -> str:
    """Which file to send now: the first, one more, another."""
    one, several = _MEDIA[files.medium_of(option)]
    if not has:
        return f"Send me {number_word(needed)} {several}." if needed > 1 else _first_words(option, one)
    if needed > has:
        return f"I have {has}. Send me {number_word(needed - has)} more."
    if room:
        return f"I have {has}. {ONE_MORE}"
    if has > 1 or option.kind is Kind.IMAGES:
        return f"I have {has}. {FULL}"
    return f"Send me another {one}, and it takes the place of this one."


def _first_words(option: Option, one: str) -> str:
    """By the option's own help where that says what to send: "Send me the picture that starts to move."."""
    if _NAMES_IT.match(option.help):
        return f"Send me {option.help[0].lower()}{option.help[1:].rstrip('.')}."
    return f"Send me the {one}. {question(option)}" if option.help else f"Send me the {one}."


def number_word(number: int) -> str:
    """Small numbers in letters."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else str(number)


def wished(wizard: Wizard, standing: Standing) -> str:
    """What was said so far, in one line."""
    said = [f"/{wizard.wish.command}"]
    counts: Counter[str] = Counter()
    for option in standing.endpoint.options:
        value = standing.tried.draft.values.get(option.name)
        if option.is_media:
            counts[files.medium_of(option)] += len(standing.files(option.name))
        elif option.name in wizard.wish.options and value not in {None, ""}:
            said.append(said_words(option, value))
    said.append(files_words(counts))
    if wizard.wish.model:
        said.append(model_words(standing.endpoint, wizard.wish.command))
    return " · ".join(filter(None, said))


def small(standing: Standing) -> str:
    """What it would be, in small print: the model, the size, the length, the price."""
    draft = standing.tried.draft
    order = Order(endpoint=draft.endpoint, command=draft.command, values=draft.values, quote=draft.quote)
    return order_words(order, standing.endpoint, captioned=True)


def brought(attachments: Sequence[Attachment]) -> str:
    """The files before any command says what they are for."""
    counts = Counter(files.claimed(one) or "file" for one in attachments)
    return f"{capital(words)}." if (words := files_words(counts)) else ""


def lines(*said: str) -> str:
    """One line per thought; what says nothing has none."""
    return "\n".join(one for one in said if one)
