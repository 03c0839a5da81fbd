"""Every rule of a group, set one at a time, and the sentence somebody reads who asks for what it forbids."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.app import clock
from bot.app.program import Program
from bot.domain.decision import Decision, Ruling
from bot.domain.group_rules import Edit, edited
from bot.store.groups import Groups

EFFECT = "Muscle Surge"
PROMPT = "a paper boat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A rule, and what is said to who breaks it. `asks` is the command; `sentence` is how the answer begins."""

    name: str
    key: str
    values: tuple[str, ...]
    sentence: str
    asks: str = "video"


def cases(*, place: str, topic: str, role: str, person: str) -> Sequence[Case]:
    """The table, with this platform's own names for where, as what and by whom it is asked."""
    here = "The rules of this group don't let me make reels in this place. Please ask in another one."
    return (
        Case(
            name="word",
            key="denied_words",
            values=("paper boat",),
            sentence="The word “paper boat” in the prompt is against the rules of this group. Please use another, or "
            "ask its moderators to allow it in such a phrase.",
        ),
        Case(name="place", key="denied_places", values=(place,), sentence=here),
        Case(name="topic", key="denied_places", values=(topic,), sentence=here),
        Case(name="another topic alone", key="allowed_places", values=(f"{topic}0",), sentence=here),
        Case(
            name="role",
            key="denied_roles",
            values=(role,),
            sentence="The rules of this group don't let people with your role ask for reels; its moderators can tell "
            "you more.",
        ),
        Case(
            name="another role alone",
            key="allowed_roles",
            values=("Elders",),
            sentence="The rules of this group let only some people ask for reels: those who are Elders; its moderators "
            "can tell you more.",
        ),
        Case(
            name="person",
            key="denied_people",
            values=(person,),
            sentence="The rules of this group don't let you ask for reels; its moderators can tell you more.",
        ),
        Case(
            name="command",
            key="denied_commands",
            values=("video",),
            sentence="/video is switched off by the rules of this group; /help shows what there is.",
        ),
        Case(
            name="endpoint",
            key="denied_endpoints",
            values=("fal-ai/pixverse/v5.5/text-to-video",),
            sentence="PixVerse 5.5 is switched off by the rules of this group; /models shows what there is.",
        ),
        Case(
            name="effect",
            key="denied_effects",
            values=("muscle surge",),
            asks="effect",
            sentence="“Muscle Surge” is against the rules of this group. Please choose another effect.",
        ),
        Case(
            name="another effect alone",
            key="allowed_effects",
            values=("Kiss Me AI",),
            asks="effect",
            sentence="“Muscle Surge” is against the rules of this group. Please choose another effect.",
        ),
        Case(
            name="age-restricted place",
            key="age_restricted",
            values=("Muscle Surge",),
            asks="effect",
            sentence="The rules of this group keep “Muscle Surge” to age-restricted places. Please ask in one of "
            "those.",
        ),
    )


PAUSE = Case(
    name="cooldown",
    key="cooldown_s",
    values=("3600",),
    sentence="There is a pause of 60 min between two of your reels. You can ask again in ",
)
"""Of who has had a reel a moment ago."""


async def rule(program: Program, platform: str, group: str, key: str, *values: str) -> None:
    """The group sets something; nothing takes it back."""
    groups = Groups(program.kept.database, now=clock.now)
    decision = Decision(who="", what=Ruling.RULES_CHANGED, at=clock.now())
    await groups.change_rules(platform, group, lambda before: edited(before, key, Edit.SET, values), decision)


def read(said: str, case: Case) -> str:
    """As much of what was said as the table knows of it."""
    return said[: len(case.sentence)]
