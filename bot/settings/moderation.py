"""`config/moderation.toml`: what may not be asked for, and what faces need."""

from pydantic import Field

from bot.domain.moderation import Faces, Rules
from bot.settings.bot import Section


class ModerationSection(Section):
    """The whole file."""

    faces: Faces = Field(
        default=Faces.DECLARE,
        description="before a first face effect: declare (the person's own word), review (a moderator's) or off",
    )
    denied_words: tuple[str, ...] = Field(default=(), description="whole words no text may contain")
    innocent_phrases: tuple[str, ...] = Field(default=(), description="phrases in which a denied word is fine")
    denied_effects: tuple[str, ...] = Field(default=(), description="effects by name")
    denied_commands: tuple[str, ...] = Field(default=(), description="commands by name")
    denied_endpoints: tuple[str, ...] = Field(default=(), description="endpoints by slug or endpoint id")
    covered: tuple[str, ...] = Field(
        default=(), description="effects, commands or endpoints whose reels are posted covered (a spoiler)"
    )

    def rules(self) -> Rules:
        """What moderation judges by."""
        return Rules(
            words=self.denied_words,
            innocent=self.innocent_phrases,
            effects=self.denied_effects,
            commands=self.denied_commands,
            endpoints=self.denied_endpoints,
            faces=self.faces,
            covered=self.covered,
        )
