"""What happens to a reel after it was posted: reports, how it is to be seen then, and a moderator's last word. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.group_rules import GroupRules


class Exposure(StrEnum):
    """How a posted reel is seen, from the most to the least."""

    OPEN = "open"
    COVERED = "covered"
    GONE = "gone"


class Outcome(StrEnum):
    """A moderator's word about it; NONE: nobody has said anything yet."""

    NONE = ""
    KEPT = "kept"
    TAKEN_DOWN = "taken_down"


DECIDES = {
    Outcome.KEPT: frozenset({Outcome.NONE}),
    Outcome.TAKEN_DOWN: frozenset({Outcome.NONE, Outcome.KEPT}),
}
"""What may be said after what: what was kept may still be taken down, and what is gone stays gone."""

SEEN = {Outcome.KEPT: Exposure.OPEN, Outcome.TAKEN_DOWN: Exposure.GONE}
"""How the reel is to be seen once that was said."""

_ORDER = list(Exposure)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hiding:
    """So many different people's reports cover a reel, or take it away until a moderator has looked; 0: none do."""

    hide_after: int = 3
    remove_after: int = 0

    def of(self, group: GroupRules) -> "Hiding":
        """The same in a group that may have set its own."""
        return Hiding(
            hide_after=self.hide_after if group.hide_after is None else group.hide_after,
            remove_after=self.remove_after if group.remove_after is None else group.remove_after,
        )

    def exposure(self, reports: int) -> Exposure:
        """How a reel with so many reports is to be seen while no moderator has said anything."""
        if 0 < self.remove_after <= reports:
            return Exposure.GONE
        return Exposure.COVERED if 0 < self.hide_after <= reports else Exposure.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """A reel somebody reported or a moderator decided about.

    `reports` counts the different people. It is `wanted` to be seen in one way, and `stands` in another until that is
    done; `is_reached`: its message could be. `by` is who decided (`Account.key`); `refunded`: they also gave the
    money back. Moderators' card is as old as `carded`; it is written anew while that is not `due`.
    """

    job: str
    reports: int = 0
    wanted: Exposure = Exposure.OPEN
    stands: Exposure = Exposure.OPEN
    is_reached: bool = True
    outcome: Outcome = Outcome.NONE
    by: str = ""
    refunded: bool = False
    due: int = 0
    carded: int = 0

    def hidden_by(self, hiding: Hiding) -> Exposure | None:
        """How reports want it seen from now on, None when they change nothing: a moderator's word ends that."""
        wanted = hiding.exposure(self.reports)
        if self.outcome is not Outcome.NONE or _ORDER.index(wanted) <= _ORDER.index(self.wanted):
            return None
        return wanted
