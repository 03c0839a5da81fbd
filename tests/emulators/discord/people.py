"""A person's hands: everything somebody at a screen could do, and what they see of it.

Whatever their Discord would not let them do (a command not offered there, a disabled button, a value that is no
choice) raises `NotOffered` instead of reaching the bot.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.emulators.bell import Bell
from tests.emulators.discord.asking import Filling, NotOffered, interaction, message_here, offered
from tests.emulators.discord.forms import filled
from tests.emulators.discord.interactions import Interaction, Interactions, Kind
from tests.emulators.discord.permissions import Permission
from tests.emulators.discord.posting import Press, Upload
from tests.emulators.discord.seen import Exchange, Sent
from tests.emulators.discord.things import Channel, Json, Message, User
from tests.emulators.discord.world import World

CHAT_COMMAND, USER_COMMAND, MESSAGE_COMMAND = 1, 2, 3


class Person:
    """Somebody at `place`, where everything they do happens; `go` elsewhere to act there."""

    def __init__(
        self, world: World, press: Press, interactions: Interactions, bell: Bell, user: User, at: Channel | None
    ) -> None:
        self.user = user
        self.place = at or world.direct(user, world.bot)
        self._world = world
        self._press = press
        self._interactions = interactions
        self._bell = bell

    @property
    def id(self) -> int:
        """Their account's."""
        return self.user.id

    @property
    def mention(self) -> str:
        """As a text names them."""
        return self.user.mention

    def go(self, place: Channel | None = None) -> "Person":
        """To another channel, thread or post; without one, into their direct channel with the bot."""
        self.place = place or self._world.direct(self.user, self._world.bot)
        return self

    @property
    def offered(self) -> set[str]:
        """The names of the commands that are offered to them here, context menus included."""
        return {one["name"] for one in offered(self._world, self.user, self.place)}

    # --- asking the bot ---

    def slash(self, command: str, /, **options: Any) -> Sent:
        """A slash command; subcommands after a space (`"admin budget"`). Pictures as bytes or `Upload`."""
        found, path, offers = self._command(command)
        filling = self._filling()
        data = {**found, "options": nested(path, filling.options(offers, options))}
        return self._send(Kind.COMMAND, with_resolved(data, filling))

    def autocomplete(self, command: str, option: str, typed: Any = "", /, **options: Any) -> Sent:
        """The suggestions while they type into `option`, `options` being filled already."""
        found, path, offers = self._command(command)
        offer = next((one for one in offers if one["name"] == option), None)
        if offer is None or not offer.get("autocomplete"):
            raise NotOffered(f"{option} of {command} does not complete")
        filling = self._filling()
        given = {**options, option: typed}
        data = {**found, "options": nested(path, filling.options(offers, given, focused=option))}
        return self._send(Kind.AUTOCOMPLETE, with_resolved(data, filling))

    def context_menu(self, command: str, target: "Message | User | Person", /) -> Sent:
        """An entry of the menu on a message, or on a person."""
        kind = MESSAGE_COMMAND if isinstance(target, Message) else USER_COMMAND
        found = self._offer(command, kind)
        filling = self._filling()
        if isinstance(target, Message):
            message_here(self.user, target)
            self.place = target.channel
            filling.resolved["messages"] = {str(target.id): self._press.payload(target)}
            return self._send(Kind.COMMAND, with_resolved(found | {"target_id": str(target.id)}, filling))
        user = target.user if isinstance(target, Person) else target
        return self._send(Kind.COMMAND, with_resolved(found | {"target_id": filling.user(user)}, filling))

    def press(self, message: Message, button: str, /) -> Sent:
        """A button, by its label or its custom id."""
        buttons = [one for one in message.pieces if one["type"] == 2]
        found = next((one for one in buttons if button in {one.get("label"), one.get("custom_id")}), None)
        found = found or message.buttons.get(button)
        if found is None or found.get("disabled") or not found.get("custom_id"):
            raise NotOffered(f"there is no button {button!r} to press; there are {list(message.buttons)}")
        return self._touch(message, {"custom_id": found["custom_id"], "component_type": 2, "id": found["id"]})

    def select(self, message: Message, custom_id: str, /, *values: str) -> Sent:
        """Values of a menu under a message, by value or label."""
        menus = [one for one in message.pieces if one.get("custom_id") == custom_id and one["type"] == 3]
        if not menus or menus[0].get("disabled"):
            raise NotOffered(f"there is no menu {custom_id!r}")
        options = menus[0]["options"]
        chosen = [one["value"] for one in options if {one["value"], one["label"]} & set(values)]
        if len(chosen) != len(values):
            raise NotOffered(f"{values} are not all offered")
        body = {"custom_id": custom_id, "component_type": menus[0]["type"], "id": menus[0]["id"], "values": chosen}
        return self._touch(message, body)

    def submit_modal(self, exchange: Exchange, values: Mapping[str, Any] | None = None, /) -> Sent:
        """The form that opened, with `values` by custom id or label; what is prefilled stays as it is."""
        opened = exchange.interaction
        filling = self._filling()
        components = filled(exchange.modal, dict(values or {}), filling)
        data = {"custom_id": exchange.modal["custom_id"], "components": components}
        behind = {
            "id": str(opened.id),
            "type": int(opened.kind),
            "user": (opened.payload.get("member") or opened.payload)["user"],
            "authorizing_integration_owners": opened.payload["authorizing_integration_owners"],
        }
        if opened.kind is Kind.COMMAND:
            behind |= {"name": opened.payload["data"]["name"], "command_type": opened.payload["data"]["type"]}
        elif opened.source is not None:
            behind["interacted_message_id"] = str(opened.source.id)
        return self._send(Kind.MODAL, with_resolved(data, filling), source=opened.source, behind=behind)

    # --- talking ---

    def type(self, text: str = "", /, *, files: Sequence[Upload] = (), reply_to: Message | None = None) -> Message:
        """A message of their own, here."""
        wanted = Permission.SEND_MESSAGES_IN_THREADS if self.place.is_thread else Permission.SEND_MESSAGES
        if not self._world.permissions(self.user, self.place) & wanted:
            raise NotOffered("they may not write here")
        body = {"content": text, "attachments": [{"id": n, "filename": one.filename} for n, one in enumerate(files)]}
        extra: Json = {"reference": reply_to, "type": 19} if reply_to else {}
        return self._press.create(self.place, self.user, body, dict(enumerate(files)), extra=extra)

    def post(self, forum: Channel, title: str, text: str, /, *, files: Sequence[Upload] = ()) -> Channel:
        """A forum's post, with its first message; they stand in it afterwards."""
        made = self._world.open_thread(forum, self.user, title)
        body = {"content": text, "attachments": [{"id": n, "filename": one.filename} for n, one in enumerate(files)]}
        self._press.create(made, self.user, body, dict(enumerate(files)), message_id=made.id)
        self.place = made
        return made

    # --- looking ---

    def sees(self, place: Channel | None = None) -> list[Message]:
        """The messages of a channel that they can see, oldest first."""
        where = place or self.place
        if not self._world.permissions(self.user, where):
            return []
        there = [one for one in where.messages.values() if not one.deleted and one.only_for in {None, self.user}]
        return sorted(there, key=lambda one: one.id)

    @property
    def pings(self) -> list[Message]:
        """Every message that notified them: a mention, a reply, a direct message."""
        found = [one for where in self._world.channels.values() for one in where.messages.values()]
        return sorted((one for one in found if self.user in one.pinged or self._direct(one)), key=lambda one: one.id)

    def _direct(self, message: Message) -> bool:
        here = message.channel.guild is None and self.user in message.channel.recipients
        return here and message.author is not self.user and not message.ephemeral

    # --- how ---

    def _filling(self) -> Filling:
        return Filling(self._world, self._press, self.user, self.place)

    def _offer(self, name: str, kind: int) -> Json:
        known = offered(self._world, self.user, self.place)
        found = next((one for one in known if (one["name"], one["type"]) == (name, kind)), None)
        if found is None:
            raise NotOffered(f"{name!r} is not offered to {self.user.name} here; {sorted(self.offered)} are")
        body: Json = {"id": found["id"], "name": name, "type": kind}
        if found.get("guild_id"):
            body["guild_id"] = found["guild_id"]
        return body

    def _command(self, command: str) -> tuple[Json, list[tuple[str, int]], list[Json]]:
        name, *path = command.split(" ")
        body = self._offer(name, CHAT_COMMAND)
        known = offered(self._world, self.user, self.place)
        offers = next(one for one in known if one["id"] == body["id"]).get("options") or []
        steps = []
        for step in path:
            inner = next((one for one in offers if one["name"] == step and one["type"] in {1, 2}), None)
            if inner is None:
                raise NotOffered(f"there is no subcommand {step!r} in {command!r}")
            steps.append((step, inner["type"]))
            offers = inner.get("options") or []
        if any(one["type"] in {1, 2} for one in offers):
            raise NotOffered(f"{command!r} wants a subcommand: {[one['name'] for one in offers]}")
        return body, steps, offers

    def _touch(self, message: Message, data: Json) -> Sent:
        message_here(self.user, message)
        self.place = message.channel
        return self._send(Kind.COMPONENT, data, source=message)

    def _send(self, kind: Kind, data: Json, **more: Any) -> Sent:
        made: Interaction = interaction(self._world, self.user, self.place, kind, data, **more)
        if made.source is not None:
            made.payload["message"] = self._press.payload(made.source)
        self._interactions.add(made)
        self._world.told("INTERACTION_CREATE", made.payload, made.channel.guild)
        return Sent(made, self._world.clock, self._bell)


def nested(path: list[tuple[str, int]], options: list[Json]) -> list[Json]:
    """Options inside the subcommands that lead to them."""
    for name, kind in reversed(path):
        options = [{"name": name, "type": kind, "options": options}]
    return options


def with_resolved(data: Json, filling: Filling) -> Json:
    """The data with whatever it refers to."""
    return data | ({"resolved": filling.resolved} if filling.resolved else {})
