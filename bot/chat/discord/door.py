"""The one door every callback goes through: discord.py would only log what they raise, and forget their tasks.

Whatever goes wrong, the person reads one warm sentence and the log has the rest.
"""

import asyncio
import io
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import discord

from bot.chat.discord import messages
from bot.chat.discord.keyboard import given, keyboard
from bot.chat.discord.refusals import LOST
from bot.domain.courtesies import leaving_notice, stumbled_notice
from bot.domain.errors import ChatError, Problem, Refused, Slug, StoreUnavailable
from bot.domain.notice import Notice
from bot.domain.phrases import refusal_notice

log = logging.getLogger(__name__)

Interaction = discord.Interaction[Any]

Work = Callable[[], Awaitable[None]]

CHART = "statistics.png"


class Door:
    """Lets interactions in until it is closed, and knows which are still inside."""

    def __init__(self) -> None:
        self._inside: set[asyncio.Task[object]] = set()
        self._closed = False

    async def through(self, interaction: Interaction, work: Work) -> None:
        """Do the work an interaction asks for."""
        task = asyncio.current_task()
        if task is not None:
            self._inside.add(task)
        try:
            if self._closed:
                await refuse(interaction, leaving_notice())
            else:
                await self._guarded(interaction, work)
        finally:
            if task is not None:
                self._inside.discard(task)

    def keep(self, work: Work) -> None:
        """Do something that belongs to no interaction any more, and wait for it when the door is closed."""
        task: asyncio.Task[object] = asyncio.ensure_future(_logged(work))
        self._inside.add(task)
        task.add_done_callback(self._inside.discard)

    async def close(self, *, within_s: float) -> None:
        """Let nobody in any more, and wait until everybody is out, at most so long."""
        self._closed = True
        inside = self._inside - {asyncio.current_task()}
        if inside:
            await asyncio.wait(inside, timeout=within_s)

    async def _guarded(self, interaction: Interaction, work: Work) -> None:
        try:
            await work()
        except Refused as error:
            await refuse(interaction, refusal_notice(error.problems))
        except StoreUnavailable:
            log.exception("the store cannot be used", extra=_who(interaction))
            await refuse(interaction, refusal_notice([Problem(slug=Slug.STORE_DOWN)]))
        except discord.NotFound as error:
            log.warning("an interaction came to nothing", extra={**_who(interaction), "error": str(error)})
        except ChatError as error:
            log.warning("an interaction was not finished", extra={**_who(interaction), "error": str(error)})
            if not interaction.response.is_done():
                await refuse(interaction, stumbled_notice())
        except Exception:
            log.exception("an interaction failed", extra=_who(interaction))
            await refuse(interaction, stumbled_notice())


async def refuse(interaction: Interaction, notice: Notice) -> None:
    """Say something privately, first or after an acknowledgement; a person who is gone is not followed."""
    words, buttons, files = messages.content(notice), given(keyboard(notice.buttons)), _files(notice)
    try:
        if interaction.response.is_done():
            await interaction.followup.send(words, view=buttons, files=files, ephemeral=True)
        else:
            await interaction.response.send_message(words, view=buttons, files=files, ephemeral=True)
    except (discord.HTTPException, *LOST) as error:
        log.warning("somebody could not be answered", extra={**_who(interaction), "error": str(error)})


def _files(notice: Notice) -> list[discord.File]:
    """What is handed over with the words."""
    handed, files = notice.document, []
    if handed is not None:
        files.append(discord.File(io.BytesIO(handed.text.encode()), filename=handed.name))
    if notice.chart:
        described = messages.cut(notice.text, messages.ALT_TEXT)
        files.append(discord.File(io.BytesIO(notice.chart), filename=CHART, description=described))
    return files


async def _logged(work: Work) -> None:
    try:
        await work()
    except (ChatError, StoreUnavailable, Refused, discord.HTTPException, *LOST):
        log.exception("something left behind by an interaction failed")


def _who(interaction: Interaction) -> dict[str, object]:
    data: dict[str, Any] = dict(interaction.data or {})
    what = data.get("custom_id") or data.get("name")
    return {"person": f"discord:{interaction.user.id}", "interaction": interaction.id, "what": what}
