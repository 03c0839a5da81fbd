"""What follows from a strike, and every sanction as the decision it is. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.decision import BY_ITSELF, Decision, Ruling
from bot.domain.sanction import Kind, Sanction, StrikePolicy, shutting_out, strikes


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """A strike to be given for a Job, and what so many of them lead to."""

    given: Sanction
    policy: StrikePolicy
    job: str = ""


RULINGS = {Kind.STRIKE: Ruling.STRUCK, Kind.TIMEOUT: Ruling.TIMED_OUT, Kind.BAN: Ruling.BANNED}


def decision_of(one: Sanction, *, job: str = "", detail: str = "") -> Decision:
    """A sanction as it is written down; `job` is the one it was given for."""
    platform, _, group = one.grp.partition(":")
    return Decision(
        who=one.by,
        what=RULINGS[one.kind],
        at=one.at,
        platform=platform,
        group=group,
        whom=one.whom,
        job=job,
        why=one.why,
        detail=detail,
    )


def following(
    policy: StrikePolicy, strike: Sanction, holding: Sequence[Sanction], now: datetime
) -> tuple[Sanction, Decision] | None:
    """The timeout a strike leads to, with its decision; None when it leads to none, or they are kept out for longer.

    `holding` is all that holds with it, itself among them.
    """
    standing = strikes(holding, now)
    if not policy.leads_to_timeout(standing):
        return None
    out, until = shutting_out(holding, now), now + policy.timeout
    if out is not None and (out.until is None or out.until >= until):
        return None
    timeout = Sanction(
        kind=Kind.TIMEOUT, whom=strike.whom, grp=strike.grp, by=BY_ITSELF, at=now, until=until, why=strike.why
    )
    return timeout, decision_of(timeout, detail=f"{standing} strikes")
