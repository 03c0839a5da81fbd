"""Every sentence a person can read, in tables: warm, exact, and never a word of the machine's.

`{about}` is the option or file meant; the other names are the facts of a Problem. A fact in square brackets is left
out together with its bracket when it is not known.
"""

import re
from collections.abc import Mapping

from bot.domain.errors import Problem, Slug
from bot.domain.job import Reason
from bot.domain.typed import one_line

PROBLEMS: Mapping[Slug, str] = {
    Slug.UNKNOWN_COMMAND: "I don't know the command “{given}”.[ Did you mean /{suggestion}?]",
    Slug.UNKNOWN_OPTION: "There is no option “{given}” here.[ Did you mean “{suggestion}”?][ You can set {choices}.]",
    Slug.UNKNOWN_MODEL: "I don't know a model “{given}” for this.[ Did you mean {suggestion}?][ It can be {choices}.]",
    Slug.UNKNOWN_CHOICE: "{about} cannot be “{given}”.[ Did you mean “{suggestion}”?][ It can be {choices}.]",
    Slug.NOT_IN_MODEL: "There is no “{option}” with {model}.[ You can have it with {models}.]",
    Slug.OWNER_OPTION: "{about} is set by the owner of this bot.",
    Slug.GIVEN_TWICE: "{about} is given twice; once is enough.",
    Slug.OPEN_QUOTE: "A quotation mark in {about} is never closed.",
    Slug.NO_VALUE: "“{option}” needs a value after it.",
    Slug.MISSING_OPTION: "I still need {about}.",
    Slug.MISSING_MEDIA: "Please attach {kind}[ as {place}].",
    Slug.MISSING_ONE_OF: "{rule}.",
    Slug.NOT_A_NUMBER: "{about} takes a number, and “{given}” is none.",
    Slug.NOT_WHOLE: "{about} takes a whole number, and “{given}” is none.",
    Slug.NOT_A_FLAG: "{about} is either on or off; I can't read “{given}”.",
    Slug.BELOW_MINIMUM: "{about} must be at least {minimum}; you asked for {given}.",
    Slug.ABOVE_MAXIMUM: "{about} can be at most {maximum}; you asked for {given}.",
    Slug.TOO_LONG: "{about} is {length} long, and at most {maximum} fit.",
    Slug.RULE_BROKEN: "{rule}.",
    Slug.TOO_MANY_FILES: "I got {given_files} for {about}[, and at most {maximum} can be used]"
    "[, and {needed} can be used].[ {rule}.]",
    Slug.TOO_FEW_FILES: "I need {needed_files} for {about}, and got {given}.[ {rule}.]",
    Slug.FILE_UNUSED: "I have no use for {file} here.",
    Slug.EMPTY_FILE: "{file} is empty.",
    Slug.WRONG_FILE_KIND: "{file} is {given}[, and I need {wanted}].",
    Slug.UNREADABLE_FILE: "I can't read {file}; it may be damaged or cut short. Could you send it again?",
    Slug.TOO_MANY_BYTES: "{file} is too large[: {given}][, and at most {limit} are possible].",
    Slug.TOO_MANY_PIXELS: "{file} has too many pixels[: {given}][, and at most {limit} are possible].",
    Slug.TOO_FEW_PIXELS: "{file} is too small[: {given}][, and each side needs at least {limit}].",
    Slug.WRONG_RATIO: "{file} has an unusual shape[: {given}][, and I can take {limit}].",
    Slug.TOO_SHORT: "{file} is too short[: {given}][, and at least {limit} are needed].",
    Slug.TOO_LONG_CLIP: "{file} is too long[: {given}][, and at most {limit} are possible].",
    Slug.FILE_GONE: "I couldn't get the file any more. Please attach it again.",
    Slug.NO_PORTRAIT: "I can't see a profile photo of {given}. Send me a picture instead, or answer one.",
    Slug.URL_REFUSED: "I can only take a public https link[ for {place}], and “{given}” is none I may open.",
    Slug.ENDPOINT_OFF: "The model {model} is switched off here[: {reason}].",
    Slug.ENDPOINT_PAUSED: "{name} is paused for now. The owner knows.",
    Slug.OVER_BUDGET: "This takes {needs}, and {left} of {whose} {period} budget is left. It refills {refills}.",
    Slug.ALL_PAUSED: "I make no reels for now; the owner has paused me. Nothing was charged.",
    Slug.GROUP_PAUSED: "I make no reels in this group for now; a moderator has paused me here. Nothing was charged.",
    Slug.BUDGET_PAUSED: "So much of the bot's {period} budget is spent that I've paused. It refills {refills}, or the "
    "owner lets me go on.",
    Slug.OVER_PRICE_NOW: "The price has changed: it is {now} now, and it was {seen} when you asked.",
    Slug.JOBS_AT_ONCE: "You have {most} in the making already; the next can start as soon as there is room again.",
    Slug.JOBS_PER_HOUR: "That would be more than {most} within an hour. Give it a few minutes.",
    Slug.GROUP_UNKNOWN: "The owner of this bot has not opened it for {whom} yet.",
    Slug.DENIED_WORD: "The word “{word}” in {about} is against the rules of {by}. Please use another, or ask {whom} "
    "to allow it in such a phrase.",
    Slug.DENIED_EFFECT: "“{name}” is against the rules of {by}. Please choose another effect.",
    Slug.DENIED_COMMAND: "/{name} is switched off by the rules of {by}; /help shows what there is.",
    Slug.DENIED_ENDPOINT: "{name} is switched off by the rules of {by}; /models shows what there is.",
    Slug.DENIED_PLACE: "The rules of {by} don't let me make reels in this place. Please ask in another one.",
    Slug.DENIED_ROLE: "The rules of {by} don't let people with your role ask for reels; {whom} can tell you more.",
    Slug.DENIED_PERSON: "The rules of {by} don't let you ask for reels; {whom} can tell you more.",
    Slug.ONLY_ROLES: "The rules of {by} let only some people ask for reels[: those who are {roles}]; {whom} can tell "
    "you more.",
    Slug.ADULTS_ONLY: "The rules of {by} keep “{name}” to age-restricted places. Please ask in one of those.",
    Slug.COOLDOWN: "There is a pause of {pause} between two of your reels. You can ask again in {left}.",
    Slug.NO_CONSENT: "{name} doesn't want to be in reels. Please choose another picture.",
    Slug.BANNED: "You can't ask for reels {here} any more[: {why}].",
    Slug.TIMED_OUT: "A moderator gave you a break {here} until {until}[: {why}].",
    Slug.ASKED_ALONE: "Only the person I asked can answer that.",
    Slug.STORE_DOWN: "I can't write anything down just now, so I won't start anything that costs money. Nothing was "
    "charged. Please try again in a few minutes.",
    Slug.NOT_YOURS: "Only the person who asked for this, or a moderator, can do that.",
    Slug.ASKER_ALONE: "Only the person who asked for this can say yes to it.",
    Slug.MODERATOR_ALONE: "Only a moderator can do that.",
    Slug.OWNER_ALONE: "Only the owner of this bot can decide that.",
    Slug.GROUPS_ONLY: "There are no others here to set that for; it is for groups.",
    Slug.NOTHING_TO_PRESS: "That was already settled; there is nothing left to press.",
    Slug.NOT_ASKED: "I'm not waiting for words just now; please press one of the buttons.",
    Slug.NOTHING_TO_CANCEL: "You have nothing in the making that could be cancelled.",
    Slug.NOTHING_YET: "You have not asked for anything yet. Try /effect Kiss Me AI with a picture.",
    Slug.FORGOTTEN: "I no longer know enough about this one. Please ask anew.",
}

NAMES: Mapping[str, str] = {
    "image": "the picture",
    "images": "the pictures",
    "end_image": "the last picture",
    "video": "the clip",
    "audio": "the sound",
    "negative": "the negative prompt",
    "effect": "the effect's name",
    "keep_sound": "keeping the sound",
    "camera_fixed": "the fixed camera",
    "multi_clip": "cutting into several clips",
    "loop": "looping",
    "enhance": "enhancing the prompt",
    "frames": "the number of frames",
    "steps": "the number of steps",
    "sampling_steps": "the number of sampling steps",
    "fps": "the frame rate",
    "": "this",
}
"""What people call an option, where it is not simply "the" and its name."""

PLAIN_PLACES = frozenset({"image", "images", "video", "audio"})
"""Places for files of which there is one of a kind, so that a file for them needs no further word."""

ENDS: Mapping[Reason, str] = {
    Reason.NONE: "This did not work out.",
    Reason.BY_PERSON: "Cancelled, as you wished.",
    Reason.BY_MODERATOR: "A moderator declined this.",
    Reason.BY_RULE: "The rules of this group do not allow this.",
    Reason.NO_CONSENT: "The person in the picture would rather not, so I let this go.",
    Reason.EXPIRED: "Nobody answered in time, so I let this go.",
    Reason.MEDIA_LOST: "I couldn't hand your file to the video service. Please ask again.",
    Reason.FAL_SAID_NO: "The video service made no video of this.",
    Reason.UNKNOWN: "I never learned whether the video service took this. Please ask again.",
    Reason.LOST: "The video service lost this on its way. Please ask again.",
    Reason.NOWHERE: "There is nowhere left to post this.",
    Reason.DOUBT: "The reel was made, and nobody can tell whether it arrived.",
    Reason.TOO_LARGE: "This is too large to be posted here.",
    Reason.NOT_FETCHED: "The video service does not hand this over.",
    Reason.WITHHELD: "This was withheld.",
    Reason.SCREENED: "I can't use this picture: it looks too revealing for a reel here. Another one will do.",
    Reason.EMPTY: "The video service returned nothing.",
    Reason.TAKEN_DOWN: "A moderator took this reel down.",
    Reason.GIVEN_BACK: "A moderator took this reel down.",
}
"""Why a Job ended without a reel; what it cost is said after it."""

KEPT: Mapping[Reason, str] = {
    Reason.WITHHELD: "This reel is withheld until a moderator has looked at it.",
    Reason.TOO_LARGE: "Your reel is finished, but too large to be posted here, even when I make it smaller.",
    Reason.NOT_FETCHED: "Your reel was made, but the video service does not hand it over. I can try once more.",
    Reason.DOUBT: "Your reel was on its way when I stumbled. Not there?",
}
"""Why a finished reel does not stand in its thread, where it is not for want of a place."""

NO_PLACE = "Your reel is finished, but I cannot post it here. It is kept for you: /jobs"

_OVERLOADED = "The video service had trouble of its own with this. Trying again often helps."
_CATALOGUE = "The video service no longer takes this the way I asked. The owner can see why in the log."

FAILURES: Mapping[str, str] = {
    "content_policy_violation": "The model's own safety check did not let this through. "
    "Other words or another picture may help.",
    "no_media_generated": "The model returned no video this time. Other words or another picture may help.",
    "image_too_small": "The picture is too small for this model.",
    "image_too_large": "The picture is too large for this model.",
    "image_load_error": "The model could not open the picture.",
    "face_detection_error": "The model found no face in the picture. One that shows it clearly will do.",
    "file_too_large": "The file is too large for this model.",
    "sequence_too_short": "The text is too short for this model.",
    "sequence_too_long": "The text is too long for this model.",
    "audio_duration_too_long": "The sound is too long for this model.",
    "audio_duration_too_short": "The sound is too short for this model.",
    "video_duration_too_long": "The clip is too long for this model.",
    "video_duration_too_short": "The clip is too short for this model.",
    "unsupported_audio_format": "The model does not take this kind of sound file.",
    "unsupported_image_format": "The model does not take this kind of picture.",
    "unsupported_video_format": "The model does not take this kind of clip.",
    "input_value_error": "The model did not accept one of the values.",
    "file_download_error": "The video service could not fetch the file. Please ask again.",
    "greater_than": _CATALOGUE,
    "greater_than_equal": _CATALOGUE,
    "less_than": _CATALOGUE,
    "less_than_equal": _CATALOGUE,
    "multiple_of": _CATALOGUE,
    "one_of": _CATALOGUE,
    "missing_field": _CATALOGUE,
    "feature_not_supported": _CATALOGUE,
    "invalid_archive": _CATALOGUE,
    "archive_file_count_below_minimum": _CATALOGUE,
    "archive_file_count_exceeds_maximum": _CATALOGUE,
    "bad_request": _CATALOGUE,
    "application_not_found": "The video service does not know this model any more. The owner can take it off the list.",
    "endpoint_gone": "This model was taken off the list while your request waited.",
    "media_lost": "The file you gave is gone. Please attach it again.",
    "foreign_url": "The video service answered with an address I do not trust, so I did not follow it.",
    "client_cancelled": "Cancelled, as you wished.",
    "start_timeout": "The video service was too busy to begin in time.",
}


def problem_sentence(problem: Problem) -> str:
    """What to say about one problem."""
    about = one_line(problem.about)
    given = {name: one_line(text) for name, text in problem.facts.items()}
    told = {name: text if name in _QUOTED else spoken(text) for name, text in given.items()}
    told |= {"rule": capital(told["rule"])} if "rule" in told else {}
    if problem.slug is Slug.UNKNOWN_OPTION:
        told |= {name: _typed(given.get(name, "")) for name in ("suggestion", "choices")}
    facts = {
        "about": called(about),
        "place": "" if about in PLAIN_PLACES or not about else called(about),
        "file": _file(problem),
        "name": about or NAMES[""],
        "model": told.get("name") or about or NAMES[""],
        **{f"{name}_files": _files(told[name]) for name in ("given", "needed") if name in told},
        **told,
        "option": _typed(about),
    }
    return capital(fill(PROBLEMS[problem.slug], facts))


_QUOTED = frozenset({"given", "word"})
"""Facts that repeat what somebody typed, letter by letter."""


def called(option: str) -> str:
    """An option as people call it: "the last picture", "the start frame"."""
    return NAMES.get(option, f"the {spoken(option)}")


def spoken(text: str) -> str:
    """A choice or a rule without the underscores of its machine: "heart gesture"."""
    return text.replace("_", " ")


def _typed(option: str) -> str:
    """An option as it may be typed after two dashes: "end-image"."""
    return option.replace("_", "-")


def _files(number: str) -> str:
    return f"{number} file" if number == "1" else f"{number} files"


def _file(problem: Problem) -> str:
    """A file by its name; one that has none goes by the name of its option, and is simply the file."""
    name = one_line(problem.about)
    nameless = name in {"", problem.facts.get("option")}
    return "the file" if nameless else f"“{name}”"


def failure_sentence(kind: str) -> str:
    """Why fal made no video, for a person; trouble of its own where the kind says nothing a person could use."""
    return FAILURES.get(kind, _OVERLOADED)


def fill(template: str, facts: Mapping[str, str]) -> str:
    """Put facts into a template; a bracket whose fact is missing or empty disappears."""

    def bracket(found: re.Match[str]) -> str:
        inner = found.group(1)
        known = all(facts.get(name) for name in re.findall(r"{(\w+)}", inner))
        return inner if known else ""

    return re.sub(r"\[([^\]]*)\]", bracket, template).format_map(_Facts(facts))


class _Facts(dict[str, str]):
    """A missing fact becomes "this": a sentence must never fail for want of a word."""

    def __missing__(self, key: str) -> str:
        return "this"


def capital(text: str) -> str:
    """The text with its first letter large."""
    return text[:1].upper() + text[1:]
