"""`config/moderation.toml`: what may not be asked for, where and by whom, what waits for a yes, and what faces need."""

from datetime import timedelta
from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.domain.after import Hiding
from bot.domain.moderation import Faces, Reviews, Rules
from bot.domain.sanction import StrikePolicy
from bot.domain.screening import Bounds, Missing, Scrutiny
from bot.settings.bot import Section
from bot.settings.quota import BudgetSection

Names = tuple[str, ...]
Share = Annotated[float, Field(gt=0, le=1)]


def _names(description: str) -> Names:
    found: Names = Field(default=(), description=description)
    return found


class ModerationSection(Section):
    """The whole file. A group adds rules of its own to these; it can take none of them back."""

    faces: Faces = Field(
        default=Faces.DECLARE,
        description="before a first face effect: declare (the person's own word), ask (the same, every time), "
        "review (a moderator's) or off",
    )
    review: Reviews = Field(
        default=Reviews.OFF, description="whose requests wait for a moderator: off, newcomers or always"
    )
    newcomer_reels: int = Field(default=3, ge=0, description="reels after which nobody is a newcomer in a group")
    reviewed: Names = _names("effects, commands or endpoints that wait for a moderator in any case")
    review_hours: float = Field(
        default=24, gt=0, le=24 * 30, description="hours a request waits for a moderator, or for whose face it is"
    )
    consent_days: float = Field(default=180, gt=0, description="days for which a yes to one's own face is remembered")
    cooldown_s: int = Field(default=0, ge=0, description="seconds between two reels of one person")
    strike_days: float = Field(default=30, gt=0, description="days a strike counts")
    strikes_for_timeout: int = Field(default=3, ge=0, description="strikes that lead to a timeout; 0: none do")
    timeout_hours: float = Field(default=24, gt=0, le=24 * 365, description="hours a timeout lasts, if none are named")
    screening: Scrutiny = Field(
        default=Scrutiny.OFF,
        description="what a classifier at fal judges: off, pictures (that go in) or all (a frame of the reel as well)",
    )
    screening_doubt: Share = Field(default=0.5, description="from this probability on a moderator is asked")
    screening_refuse: Share = Field(default=0.85, description="from this probability on a picture is refused")
    screening_missing: Missing = Field(
        default=Missing.REVIEW,
        description="what becomes of a picture that nobody judged in time: review (a moderator is asked) or allow",
    )
    screening_patience_s: float = Field(default=90, gt=0, description="seconds the classifier may take over a picture")
    screening_budget: BudgetSection = Field(default_factory=BudgetSection)
    hide_after_reports: int = Field(
        default=3, ge=0, description="reports by different people that cover a reel until a moderator decides; 0: none"
    )
    remove_after_reports: int = Field(
        default=0, ge=0, description="reports by different people that take a reel away until then; 0: none"
    )
    denied_words: Names = _names("words and phrases no text may contain, in whatever costume")
    innocent_phrases: Names = _names("phrases in which a denied word is fine")
    denied_effects: Names = _names("effects by name")
    allowed_effects: Names = _names("the only effects there are")
    denied_commands: Names = _names("commands by name")
    allowed_commands: Names = _names("the only commands there are")
    denied_endpoints: Names = _names("endpoints by slug or endpoint id")
    allowed_endpoints: Names = _names("the only endpoints there are")
    denied_places: Names = _names("channels, threads and topics (platform:id)")
    allowed_places: Names = _names("the only channels, threads and topics (platform:id)")
    denied_roles: Names = _names("roles by name, or by platform:id")
    allowed_roles: Names = _names("only people with one of these roles")
    denied_people: Names = _names("people (platform:id)")
    allowed_people: Names = _names("only these people (platform:id), besides those with an allowed role")
    age_restricted: Names = _names("effects, commands or endpoints for age-restricted places alone")
    covered: Names = _names("effects, commands or endpoints whose reels are posted covered (a spoiler)")

    @model_validator(mode="after")
    def _doubt_comes_first(self) -> Self:
        if self.screening_doubt > self.screening_refuse:
            raise ValueError("screening_doubt is above screening_refuse")
        return self

    def bounds(self) -> Bounds:
        """Within which bounds pictures are judged."""
        return Bounds(
            doubt_from=self.screening_doubt,
            refuse_from=self.screening_refuse,
            missing=self.screening_missing,
            review_s=self.review_hours * 3600,
        )

    def hiding(self) -> Hiding:
        """What reports lead to, where a group has not set its own."""
        return Hiding(hide_after=self.hide_after_reports, remove_after=self.remove_after_reports)

    def strikes(self) -> StrikePolicy:
        """What strikes lead to."""
        return StrikePolicy(
            lasts=timedelta(days=self.strike_days),
            strikes=self.strikes_for_timeout,
            timeout=timedelta(hours=self.timeout_hours),
        )

    def rules(self) -> Rules:
        """What moderation judges by."""
        return Rules(
            words=self.denied_words,
            innocent=self.innocent_phrases,
            effects=self.denied_effects,
            only_effects=self.allowed_effects,
            commands=self.denied_commands,
            only_commands=self.allowed_commands,
            endpoints=self.denied_endpoints,
            only_endpoints=self.allowed_endpoints,
            places=self.denied_places,
            only_places=self.allowed_places,
            roles=self.denied_roles,
            only_roles=self.allowed_roles,
            people=self.denied_people,
            only_people=self.allowed_people,
            adult=self.age_restricted,
            covered=self.covered,
            cooldown_s=self.cooldown_s,
            faces=self.faces,
            review=self.review,
            newcomer_reels=self.newcomer_reels,
            reviewed=self.reviewed,
            screening=self.screening,
        )
