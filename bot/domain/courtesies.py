"""What is said between an ask and its first state: received, busy, too late, stumbled, a stranger at the door."""

from collections.abc import Mapping

from bot.domain.ask import Ask, Wish
from bot.domain.notice import Action, Button, Notice, Tone
from bot.domain.order import Draft
from bot.domain.sentences import spoken

TITLE = 80


def title_of(wish: Wish) -> str:
    """What an ask is called: its effect, its words, or its command."""
    named = wish.options.get("effect") or wish.options.get("prompt") or wish.options.get("text") or wish.command
    line = " ".join(spoken(named).split() if "effect" in wish.options else named.split())
    return line if len(line) <= TITLE else f"{line[: TITLE - 1]}…"


def received_notice(wish: Wish, draft: Draft) -> Notice:
    """At once, before anything was looked at."""
    looking = " I'm looking at what you sent." if any(draft.files.values()) else ""
    return Notice(text=f"Got it.{looking}", detail=f"/{wish.command} {title_of(wish)}", tone=Tone.WAITING)


def busy_notice() -> Notice:
    """What was asked could not be written down in time."""
    return Notice(
        text="I'm very busy just now and couldn't take this down. Nothing was charged; please try again in a minute.",
        tone=Tone.BAD,
        private=True,
    )


def leaving_notice() -> Notice:
    """The program is being stopped."""
    return Notice(text="I'm just restarting. Please try again in a minute.", tone=Tone.BAD, private=True)


def stumbled_notice() -> Notice:
    """Our own mistake; the log has the rest."""
    return Notice(
        text="Something went wrong on my side, and I've written it down for the owner. Please try again.",
        tone=Tone.BAD,
        private=True,
    )


def twice_notice() -> Notice:
    """The same press once more."""
    return Notice(text="That's on its way already.", private=True)


def gone_notice() -> Notice:
    """Something a button needs is no longer kept."""
    return Notice(text="I no longer know enough about this one. Please ask anew.", tone=Tone.BAD, private=True)


def no_picture_notice() -> Notice:
    """The menu "Animate this" on a message without a picture."""
    return Notice(text="I see no picture in that message. Pick one that has a picture.", tone=Tone.BAD, private=True)


def not_ours_notice() -> Notice:
    """The menu "Report" on a message that holds no reel of ours."""
    return Notice(
        text="There is no reel of mine in that message, so I have nothing to pass on.", tone=Tone.BAD, private=True
    )


def petition_notice(ask: Ask, group: str) -> Notice:
    """To the owner: somebody in a group, or somebody alone, that nobody has opened the bot for."""
    who = ask.account.name or "Somebody"
    where = f"in a group you have not opened me for ({ask.group_name or group})" if ask.group else "in private"
    return Notice(
        text=f"{who} would like to use me {where}. Until you say yes, nothing is spent there.",
        detail=f"/{ask.wish.command}",
        tone=Tone.WAITING,
        buttons=(
            Button(action=Action.OPEN, subject=group, label="Open it"),
            Button(action=Action.SHUT, subject=group, label="Keep it closed"),
        ),
    )


def opened_notice(*, opened: bool) -> Notice:
    """To the owner who decided about a group."""
    text = "They can use me now, within their budget." if opened else "It stays closed, and I won't ask again."
    return Notice(text=text, tone=Tone.GOOD if opened else Tone.PLAIN, private=True)


def reported_notice() -> Notice:
    """To the person who reported a reel."""
    return Notice(text="Thank you. Those who look after this place will see it.", private=True)


def deleted_notice() -> Notice:
    """To the person who removed a reel."""
    return Notice(text="Removed.", private=True)


ANSWERED: Mapping[str, str] = {
    "thread": "From now on, every request here gets a thread of its own, and the reel stands in it.",
    "reply": "From now on, reels answer right in the channel here.",
    "personal": "From now on, everybody has one thread in each channel here, for all their reels.",
}
"""Where reels go, by the value of the setting."""


def answers_notice(way: str) -> Notice:
    """To the moderator who said where reels go."""
    return Notice(text=ANSWERED[way], tone=Tone.GOOD, private=True)


def dropped_notice() -> Notice:
    """Somebody thought better of a request that was being put together."""
    return Notice(text="All right, I've let it go. Nothing was charged.")


def hint_notice() -> Notice:
    """To somebody who says something that is no request, in private."""
    return Notice(text="Send me a photo and I'll ask what to make of it, or see /help for all I can do.")


def welcome_notice() -> Notice:
    """To somebody who has just begun a chat with the bot."""
    return Notice(
        text="Hello! Send me a photo and I'll turn it into a video.\n"
        "For a start, give it the caption /effect Kiss Me AI\n"
        "/help shows all the rest, /quota what you may spend."
    )
