"""Objects of the world as Discord writes them. Held to the official OpenAPI document by `judge`.

https://docs.discord.com/developers/reference
"""

from collections.abc import Callable
from typing import Any

from tests.emulators.discord.clock import created, stamp
from tests.emulators.discord.things import (
    FORUMS,
    Attachment,
    Channel,
    ChannelType,
    Json,
    Member,
    Message,
    Role,
    User,
)

Signed = Callable[[Attachment], str]
"""The address at which the CDN gives a file, for a day."""


def user(one: User) -> Json:
    """An account as others see it."""
    return {
        "id": str(one.id),
        "username": one.name.lower().replace(" ", "_"),
        "global_name": None if one.bot else one.name,
        "discriminator": "0001" if one.bot else "0",
        "avatar": f"{one.id:032x}"[-32:] if one.avatar else None,
        "bot": one.bot,
        "flags": 0,
        "public_flags": 0,
        "primary_guild": None,
        "avatar_decoration_data": None,
        "collectibles": None,
        "banner": None,
        "accent_color": None,
    }


def own_user(one: User) -> Json:
    """An account as it sees itself."""
    return user(one) | {"locale": one.locale, "mfa_enabled": True, "verified": True, "email": None, "premium_type": 0}


def member(one: Member, *, with_user: bool = True) -> Json:
    """Somebody in a server."""
    body: Json = {
        "avatar": None,
        "banner": None,
        "communication_disabled_until": None,
        "deaf": False,
        "flags": 0,
        "joined_at": stamp(one.joined_at),
        "mute": False,
        "nick": one.nick,
        "pending": False,
        "premium_since": None,
        "roles": [str(role.id) for role in one.roles],
        "avatar_decoration_data": None,
    }
    return body | {"user": user(one.user)} if with_user else body


def role(one: Role) -> Json:
    """A role."""
    return {
        "id": str(one.id),
        "name": one.name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "flags": 0,
        "hoist": False,
        "icon": None,
        "managed": False,
        "mentionable": False,
        "permissions": str(int(one.permissions)),
        "position": one.position,
        "unicode_emoji": None,
    }


def channel(one: Channel) -> Json:
    """A channel, thread or direct message."""
    if one.is_thread:
        return thread(one)
    last = str(max(one.messages)) if one.messages else None
    if one.guild is None:
        people = [user(person) for person in one.recipients if not person.bot]
        return {"id": str(one.id), "type": int(one.type), "flags": 0, "recipients": people, "last_message_id": last}
    body: Json = {
        "id": str(one.id),
        "type": int(one.type),
        "guild_id": str(one.guild.id),
        "name": one.name,
        "flags": 1 << 4 if one.needs_tag else 0,
        "position": 0,
        "parent_id": None,
        "topic": None,
        "nsfw": one.nsfw,
        "rate_limit_per_user": 0,
        "last_message_id": last,
        "permission_overwrites": [
            {"id": str(key), "type": 0 if key in one.guild.roles else 1, "deny": str(int(no)), "allow": str(int(yes))}
            for key, (no, yes) in one.overwrites.items()
        ],
    }
    if one.type in FORUMS:
        body |= {"available_tags": [tag(*each) for each in one.tags], "default_reaction_emoji": None}
        body |= {"default_sort_order": None, "default_forum_layout": 0}
    return body


def tag(tag_id: int, name: str) -> Json:
    """A forum's tag."""
    return {"id": str(tag_id), "name": name, "moderated": False, "emoji_id": None, "emoji_name": None}


def thread(one: Channel) -> Json:
    """A thread, or a forum's post."""
    if one.guild is None or one.owner is None:
        raise AssertionError("a thread lives in a server and has an owner")
    written = len([each for each in one.messages.values() if not each.deleted and each.type != 21])
    count = max(0, written - 1) if one.parent and one.parent.type in FORUMS else written
    body: Json = {
        "id": str(one.id),
        "type": int(one.type),
        "guild_id": str(one.guild.id),
        "parent_id": str(one.parent.id) if one.parent else None,
        "owner_id": str(one.owner.id),
        "name": one.name,
        "flags": 0,
        "last_message_id": str(max(one.messages)) if one.messages else None,
        "message_count": count,
        "total_message_sent": count,
        "member_count": min(len(one.inside), 50),
        "rate_limit_per_user": 0,
        "thread_metadata": {
            "archived": one.archived,
            "archive_timestamp": stamp(one.touched or created(one.id)),
            "auto_archive_duration": one.auto_archive,
            "locked": one.locked,
            "create_timestamp": stamp(created(one.id)),
        },
    }
    if one.type is ChannelType.PRIVATE_THREAD:
        body["thread_metadata"]["invitable"] = one.invitable
    if one.parent and one.parent.type in FORUMS:
        body["applied_tags"] = [str(each) for each in one.applied]
    return body


def thread_member(one: Channel, who: User, joined: str) -> Json:
    """Somebody inside a thread."""
    return {"id": str(one.id), "user_id": str(who.id), "join_timestamp": joined, "flags": 0}


def attachment(one: Attachment, signed: Signed) -> Json:
    """A file, with an address that is good for a day."""
    url = signed(one)
    body: Json = {
        "id": str(one.id),
        "filename": one.filename,
        "size": len(one.data),
        "url": url,
        "proxy_url": url,
        "content_type": one.content_type,
    }
    if one.description is not None:
        body["description"] = one.description
    if one.ephemeral:
        body["ephemeral"] = True
    if one.size:
        body |= {"width": one.size[0], "height": one.size[1]}
    return body


def message(one: Message, signed: Signed) -> Json:
    """A message with everything in it."""
    body: Json = {
        "id": str(one.id),
        "channel_id": str(one.channel.id),
        "type": one.type,
        "author": user(one.author),
        "content": one.content,
        "timestamp": stamp(created(one.id)),
        "edited_timestamp": stamp(one.edited) if one.edited else None,
        "flags": one.flags,
        "tts": False,
        "pinned": False,
        "mention_everyone": one.mention_everyone,
        "mentions": [user(each) for each in one.mentions],
        "mention_roles": [str(each) for each in one.mention_roles],
        "embeds": one.embeds,
        "components": shown(one, signed),
        "attachments": [attachment(each, signed) for each in one.attachments],
    }
    if one.nonce is not None:
        body["nonce"] = one.nonce
    if one.by_webhook:
        body |= {"application_id": str(one.author.id), "webhook_id": str(one.author.id)}
    if one.metadata is not None:
        body["interaction_metadata"] = one.metadata
    if one.reactions:
        body["reactions"] = [reaction(name, who) for name, who in one.reactions.items()]
    if one.thread is not None:
        body["thread"] = thread(one.thread)
    return body | reference(one, signed)


def reference(one: Message, signed: Signed) -> Json:
    """What a message answers to: the message itself, null when it was deleted."""
    if one.reference is None:
        return {}
    target = one.reference
    pointer = {"type": 0, "channel_id": str(target.channel.id), "message_id": str(target.id)}
    if target.channel.guild:
        pointer["guild_id"] = str(target.channel.guild.id)
    inner = None if target.deleted else message(target, signed)
    if inner:
        inner.pop("referenced_message", None)
    return {"message_reference": pointer, "referenced_message": inner}


def reaction(name: str, who: list[User]) -> Json:
    """How often one emoji stands under a message."""
    return {
        "emoji": {"id": None, "name": name},
        "count": len(who),
        "count_details": {"burst": 0, "normal": len(who)},
        "me": any(each.bot for each in who),
        "me_burst": False,
        "burst_colors": [],
    }


def shown(one: Message, signed: Signed) -> list[Json]:
    """Components with fresh addresses where they show the message's own files."""

    def fresh(value: Any) -> Any:
        if isinstance(value, list):
            return [fresh(each) for each in value]
        if not isinstance(value, dict):
            return value
        done = {key: fresh(each) for key, each in value.items()}
        mine = [each for each in one.attachments if str(each.id) == value.get("attachment_id")]
        return done | {"url": signed(mine[0]), "proxy_url": signed(mine[0])} if mine else done

    components: list[Json] = fresh(one.components)
    return components
