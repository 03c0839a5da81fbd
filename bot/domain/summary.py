"""What figures say in words: beneath a plot, with a picture in chat, and for those who cannot see either."""

from bot.domain.notice import Notice
from bot.domain.phrases import about_time
from bot.domain.price import dollars
from bot.domain.statistics import Month, Statistics


def spending_words(statistics: Statistics) -> str:
    """What was spent, and on which day most."""
    total = sum(day.spent_microusd for day in statistics.days)
    says = f"{dollars(total)} spent in {len(statistics.days)} days"
    if not total:
        return f"{says}."
    most = max(statistics.days, key=lambda day: day.spent_microusd)
    return f"{says}, most on {most.day.day} {most.day:%B}: {dollars(most.spent_microusd)}."


def made_words(statistics: Statistics) -> str:
    """How many videos were made, and by what most."""
    total = sum(one.made for one in statistics.made)
    says = f"{total} {'video' if total == 1 else 'videos'} in {len(statistics.days)} days"
    return f"{says}, most of them by {statistics.made[0].name}." if total else f"{says}."


def waits_words(statistics: Statistics) -> str:
    """How long people waited."""
    waits = statistics.waits
    if not waits.count:
        return "No reel has been made yet."
    return (
        f"Half of the last {waits.count} reels came within {about_time(waits.median_s)}, "
        f"nine in ten within {about_time(waits.p90_s)}."
    )


def month_words(month: Month) -> str:
    """What this month has cost, where that leads, and how far it may go."""
    says = f"{dollars(month.used_microusd)} this month"
    if month.projected_microusd is not None:
        says += f"; going on like this, {dollars(month.projected_microusd)} by its end"
    return f"{says}, of {dollars(month.limit_microusd)} allowed." if month.limit_microusd is not None else f"{says}."


def statistics_notice(statistics: Statistics) -> Notice:
    """With the picture, or instead of it."""
    lines = (spending_words(statistics), made_words(statistics), waits_words(statistics))
    return Notice(text="\n".join(lines), detail=month_words(statistics.month))
