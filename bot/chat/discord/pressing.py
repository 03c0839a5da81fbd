"""Buttons, forms and message menus. Who may is decided by the permission table, on every press."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.chat.discord import messages, options
from bot.chat.discord.asking import Asking
from bot.chat.discord.door import Interaction, refuse
from bot.chat.discord.files import kept_handle
from bot.chat.discord.forms import Kinds, Sheet, filled_in, form, uploaded
from bot.chat.discord.front import FindJob, Front
from bot.chat.discord.keyboard import keyboard
from bot.chat.discord.options import Asked
from bot.chat.discord.owners import Owners
from bot.chat.discord.place import DISCORD, receipt_of, spot_of
from bot.chat.discord.who import account_of, group_of, spot_of_interaction
from bot.domain.ask import Attachment, Wish
from bot.domain.courtesies import gone_notice, no_picture_notice, not_ours_notice
from bot.domain.job import Job
from bot.domain.notice import Action

ANIMATE = "animate"
EXTEND = "extend"
VIDEO = "video"

REMEMBERED = 1000
"""Files of messages, kept until their form comes back; where the bot is no member it cannot look them up again."""


_Press = Callable[[Interaction, str], Awaitable[None]]


class Pressing:
    """What each press leads to."""

    def __init__(self, *, front: Front, asking: Asking, owners: Owners, job: FindJob) -> None:
        self._front = front
        self._asking = asking
        self._owners = owners
        self._job = job
        self._files: OrderedDict[str, Attachment] = OrderedDict()
        self._presses: Mapping[Action, _Press] = {
            Action.AGAIN: asking.again,
            Action.CHANGE: self._open_change,
            Action.EXTEND: self._open_extend,
            Action.DELETE: self._delete,
            Action.REPORT: self.report,
            Action.DELIVER: self._deliver,
            Action.OPEN: self._open_group,
            Action.SHUT: self._shut_group,
            Action.GO_ON: self._go_on,
            Action.TAKE_BACK: self._take_back,
        }

    async def press(self, interaction: Interaction, action: Action, subject: str) -> None:
        """A button. Raises Refused, StoreUnavailable."""
        await self._presses.get(action, self._plainly(action))(interaction, subject)

    def _plainly(self, action: Action) -> _Press:
        """What needs nothing but the store."""

        async def press(interaction: Interaction, subject: str) -> None:
            account = account_of(interaction, self._owners)
            await refuse(interaction, await self._front.press(action, subject, account, group=group_of(interaction)))

        return press

    async def submit(self, interaction: Interaction, kind: Kinds, about: str) -> None:
        """A form came back. Raises Refused, StoreUnavailable."""
        data: dict[str, Any] = dict(interaction.data or {})
        values = options.submitted(data.get("components", ()))
        files = self._uploaded(values, data)
        match kind:
            case Kinds.CHANGE:
                job = await self._job(about)
                if job is None or not job.ask.wish.command:
                    await refuse(interaction, gone_notice())
                else:
                    await self._asking.change(interaction, job.id, self._asked(job.ask.wish.command, values, files))
            case Kinds.EXTEND:
                clip = self._recalled(about, name="reel.mp4", option=VIDEO)
                await self._asking.take(interaction, self._asked(EXTEND, values, (clip,)))
            case Kinds.ANIMATE:
                picture = self._recalled(about, name="picture")
                await self._asking.take(interaction, self._asked(ANIMATE, values, (picture,)))

    async def animate(self, interaction: Interaction) -> None:
        """The message menu: the first picture of a message, and a form for the rest."""
        message = _target(interaction)
        found = _picture(message)
        if found is None or ANIMATE not in self._front.catalogue.commands:
            await refuse(interaction, no_picture_notice())
            return
        key, picture = found
        self._remember(key, picture)
        sheet = Sheet(kind=Kinds.ANIMATE, about=key, title="Animate this", wish=Wish(command=ANIMATE))
        await interaction.response.send_modal(form(sheet, self._front.catalogue))

    async def report_message(self, interaction: Interaction) -> None:
        """The message menu: a reel of ours is known by its author and its file."""
        message = _target(interaction)
        own = interaction.client.user
        is_ours = own is not None and str(message.get("author", {}).get("id")) == str(own.id)
        files = [str(one.get("filename", "")) for one in message.get("attachments", ())] if is_ours else []
        names = [name.removeprefix("SPOILER_") for name in files]
        job = next((name[len("reel-") : -len(".mp4")] for name in names if name.startswith("reel-")), "")
        if not job:
            await refuse(interaction, not_ours_notice())
        else:
            await self.report(interaction, job)

    async def report(self, interaction: Interaction, job: str) -> None:
        """Somebody thinks that a reel should not be there."""
        account = account_of(interaction, self._owners)
        await refuse(interaction, await self._front.press(Action.REPORT, job, account, group=group_of(interaction)))

    def _remember(self, about: str, file: Attachment) -> None:
        self._files[about] = file
        while len(self._files) > REMEMBERED:
            self._files.popitem(last=False)

    def _recalled(self, about: str, *, name: str, option: str = "") -> Attachment:
        """The file a form is about: as it was seen, or by the ids in the form, which outlive a restart."""
        looked_up = Attachment(platform=DISCORD, handle=about.replace(":", "/"), name=name, option=option)
        return self._files.get(about, looked_up)

    def _asked(self, command: str, values: dict[str, Any], files: tuple[Attachment, ...]) -> Asked:
        wish, more = filled_in(Wish(command=command), values, self._front.catalogue)
        return options.with_more(Asked(wish=wish, attachments=files), more, self._front.catalogue)

    def _uploaded(self, values: dict[str, Any], data: dict[str, Any]) -> tuple[Attachment, ...]:
        known = data.get("resolved", {}).get("attachments", {})
        return tuple(options.attachment(known[one]) for one in uploaded(values) if one in known)

    async def _open_change(self, interaction: Interaction, subject: str) -> None:
        job = await self._job(subject)
        if job is None or job.ask.wish.command not in self._front.catalogue.commands:
            await refuse(interaction, gone_notice())
            return
        endpoint = self._front.catalogue.commands[job.ask.wish.command].endpoint(job.order.endpoint)
        wish = Wish(
            command=job.ask.wish.command,
            options=job.ask.wish.options,
            model=endpoint.model if endpoint else job.ask.wish.model,
        )
        sheet = Sheet(
            kind=Kinds.CHANGE, about=job.id, title="Change and run again", wish=wish, asks_file=bool(job.order.media)
        )
        await interaction.response.send_modal(form(sheet, self._front.catalogue))

    async def _open_extend(self, interaction: Interaction, subject: str) -> None:
        message = interaction.message
        clip = next((one for one in message.attachments if one.filename.endswith(".mp4")), None) if message else None
        if message is None or clip is None or EXTEND not in self._front.catalogue.commands:
            await refuse(interaction, gone_notice())
            return
        job = await self._job(subject)
        prompt = job.ask.wish.options.get("prompt", "") if job else ""
        wish = Wish(command=EXTEND, options={"prompt": prompt} if prompt else {})
        about = kept_handle(message.channel.id, message.id, clip.id).replace("/", ":")
        self._remember(about, Attachment(platform=DISCORD, handle=clip.url, name=clip.filename, option=VIDEO))
        sheet = Sheet(kind=Kinds.EXTEND, about=about, title="What happens next?", wish=wish)
        await interaction.response.send_modal(form(sheet, self._front.catalogue))

    async def _delete(self, interaction: Interaction, subject: str) -> None:
        """Answered first: the message the button stands on goes with it."""
        account, group = account_of(interaction, self._owners), group_of(interaction)
        told = await self._front.press(Action.DELETE, subject, account, group=group)
        if interaction.message is None:
            await refuse(interaction, told)
        elif spot_of_interaction(interaction, "").by_bot:
            await refuse(interaction, told)
            await interaction.message.delete()
        else:
            await interaction.response.defer()
            await interaction.delete_original_response()

    async def _deliver(self, interaction: Interaction, subject: str) -> None:
        """Where it is asked for now, when that is not where it was to be."""
        job = await self._job(subject)
        here = spot_of_interaction(interaction, "")
        place = None if job is None or here.channel in _channels(job) else here.place()
        account = account_of(interaction, self._owners)
        group = group_of(interaction)
        await refuse(interaction, await self._front.press(Action.DELIVER, subject, account, place=place, group=group))

    async def _open_group(self, interaction: Interaction, subject: str) -> None:
        await self._decide(interaction, Action.OPEN, subject)

    async def _shut_group(self, interaction: Interaction, subject: str) -> None:
        await self._decide(interaction, Action.SHUT, subject)

    async def _go_on(self, interaction: Interaction, subject: str) -> None:
        await self._decide(interaction, Action.GO_ON, subject)

    async def _take_back(self, interaction: Interaction, subject: str) -> None:
        """What is left stands where the button was."""
        told = await self._front.press(Action.TAKE_BACK, subject, account_of(interaction, self._owners))
        await interaction.response.edit_message(content=messages.content(told), view=keyboard(told.buttons))

    async def _decide(self, interaction: Interaction, action: Action, subject: str) -> None:
        """The answer stands below the question, so that it can still be told later to what it was one."""
        told = await self._front.press(action, subject, account_of(interaction, self._owners))
        asked = interaction.message.content if interaction.message else ""
        answered = messages.cut(f"{asked}\n\n{messages.content(told)}".strip(), messages.CONTENT)
        await interaction.response.edit_message(content=answered, view=None)


def _channels(job: Job) -> set[int]:
    """Where a Job is at home; nowhere, when it was asked for on another platform by an account joined to this one."""
    if job.place.platform != DISCORD or not job.place.address:
        return set()
    receipt = receipt_of(job.receipt)
    return {spot_of(job.place).channel, *((receipt.channel, receipt.thread) if receipt else ())}


def _target(interaction: Interaction) -> dict[str, Any]:
    """The message a menu was opened on, as Discord described it."""
    data: dict[str, Any] = dict(interaction.data or {})
    found: dict[str, Any] = data.get("resolved", {}).get("messages", {}).get(str(data.get("target_id")), {})
    return found


def _picture(message: dict[str, Any]) -> tuple[str, Attachment] | None:
    """The first picture of a message, and the key under which its form remembers it."""
    where = f"{message.get('channel_id')}:{message.get('id')}"
    for one in message.get("attachments", ()):
        if str(one.get("content_type") or "").startswith("image/"):
            return f"{where}:{one['id']}", options.attachment(one)
    for number, embed in enumerate(message.get("embeds", ())):
        shown = embed.get("image") or embed.get("thumbnail")
        if shown and shown.get("url"):
            return f"{where}:e{number}", Attachment(platform="url", handle=str(shown["url"]), name="picture")
    return None


def is_form(custom_id: str) -> bool:
    """Whether this is one of our forms."""
    return custom_id.partition(":")[0] in set(Kinds)
