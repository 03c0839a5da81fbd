"""What is said by and to those who look after a group: its rules, its cards, and what was decided."""

from collections.abc import Sequence

from bot.domain.notice import Notice, Tone


def rules_notice(lines: Sequence[str]) -> Notice:
    """What a group has set, a key a line."""
    if not lines:
        return Notice(text="This group has no rules of its own; those of the bot hold.", private=True)
    return Notice(text="\n".join(["What this group has set, besides the rules of the bot:", *lines]), private=True)


def rules_changed_notice(lines: Sequence[str]) -> Notice:
    """To the moderator who changed something."""
    return Notice(
        text="\n".join(["Done. What this group has set now:", *(lines or ["nothing"])]), tone=Tone.GOOD, private=True
    )
