"""What is said about a reel that was reported or taken down: to moderators, on their card, and to whoever asked."""

from bot.domain.after import After, Exposure, Outcome
from bot.domain.cards import texts_of
from bot.domain.catalogue import Endpoint
from bot.domain.job import Job
from bot.domain.notice import Action, Button, Notice, Tone
from bot.domain.phrases import order_words
from bot.domain.price import dollars

HIDDEN = {
    Exposure.OPEN: "It still stands there.",
    Exposure.COVERED: "It is behind a spoiler until one of you decides.",
    Exposure.GONE: "I've taken it away until one of you decides.",
}
"""What became of a reported reel meanwhile."""

UNREACHED = "I can't reach its message any more, so it may still be seen there."


def reported_card_notice(job: Job, endpoint: Endpoint | None, after: After, where: str, by: str) -> Notice:
    """The card of a reel somebody reported, or a moderator took down. `where` links to it, `by` is who decided."""
    who = job.ask.account.name or "Somebody"
    lines = [f"{who}'s reel {_reported(after)}.", *texts_of(job, endpoint), *_meanwhile(after, by)]
    if where and (after.stands is not Exposure.GONE or not after.is_reached):
        lines.append(where)
    return Notice(
        text="\n".join(lines),
        detail=order_words(job.order, endpoint),
        tone=Tone.WAITING if after.outcome is Outcome.NONE else Tone.PLAIN,
        buttons=_buttons(job, after),
    )


def gone_reel_notice() -> Notice:
    """Where a reel stood that was taken away."""
    return Notice(text="The reel that stood here was removed.")


def kept_notice() -> Notice:
    """To the moderator who let it stay."""
    return Notice(text="All right, it stays, and reports won't hide it again.", tone=Tone.GOOD, private=True)


def taken_down_notice(job: Job, *, with_strike: bool) -> Notice:
    """To the moderator who took it down. Nothing is given back unless they say so."""
    struck = f" {job.ask.account.name or 'They'} got a strike." if with_strike else ""
    buttons = (_give_back(job),) if job.cost_microusd else ()
    return Notice(text=f"Taken down, and its file with it.{struck}", tone=Tone.GOOD, private=True, buttons=buttons)


def given_back_notice(job: Job, amount_microusd: int) -> Notice:
    """To the moderator who gave the money back."""
    who = job.ask.account.name or "They"
    if not amount_microusd:
        return Notice(text=f"{who} had paid nothing for it.", private=True)
    return Notice(text=f"{who} got {dollars(amount_microusd)} back.", tone=Tone.GOOD, private=True)


def _reported(after: After) -> str:
    if not after.reports:
        return "was taken down"
    return "was reported" if after.reports == 1 else f"was reported by {after.reports} people"


def _meanwhile(after: After, by: str) -> list[str]:
    said = _decided(after, by or "Somebody") or HIDDEN[after.wanted]
    return [said] if after.is_reached else [said, UNREACHED]


def _decided(after: After, by: str) -> str:
    if after.outcome is Outcome.NONE:
        return ""
    if after.outcome is Outcome.KEPT:
        return f"{by} said it may stay."
    return f"{by} took it down.{' The money was given back.' if after.refunded else ''}"


def _buttons(job: Job, after: After) -> tuple[Button, ...]:
    if after.outcome is Outcome.TAKEN_DOWN:
        return (_give_back(job),) if job.cost_microusd and not after.refunded else ()
    if after.outcome is Outcome.KEPT:
        return ()
    return (
        Button(action=Action.KEEP, subject=job.id, label="It may stay"),
        Button(action=Action.TAKE_DOWN, subject=job.id, label="Take down"),
        Button(action=Action.TAKE_DOWN_STRIKE, subject=job.id, label="Take down and strike"),
    )


def _give_back(job: Job) -> Button:
    return Button(action=Action.GIVE_BACK, subject=job.id, label="Give the money back")
