"""Channels and threads: look, change, open a thread on a message, without one, or as a forum's post.

https://docs.discord.com/developers/resources/channel · https://docs.discord.com/developers/topics/threads
"""

from tests.emulators.discord import access, payloads
from tests.emulators.discord.calls import NOTHING, Answer, Call, Route
from tests.emulators.discord.clock import created, stamp
from tests.emulators.discord.permissions import Permission
from tests.emulators.discord.refusals import Problems, invalid, refuse
from tests.emulators.discord.things import DIRECTS, FORUMS, Channel, ChannelType, Json, User

ARCHIVE_MINUTES = {60, 1440, 4320, 10080}
TAGS = 5
REPLYABLE = {0, 19, 20, 23}


def get(call: Call) -> Answer:
    """One channel."""
    return Answer(body=payloads.channel(access.channel(call)))


def change(call: Call) -> Answer:
    """Rename, archive, lock. A locked or archived thread takes no other change first."""
    where, body = access.channel(call), call.given
    if not where.is_thread:
        access.allow(call, where, Permission.MANAGE_CHANNELS)
        where.name = body.get("name", where.name)
        call.world.told("CHANNEL_UPDATE", where, where.guild)
        return Answer(body=payloads.channel(where))
    manages = access.may(call, where, Permission.MANAGE_THREADS)
    mine = where.owner is call.world.bot
    if not manages and (("locked" in body) or where.locked or not (mine or set(body) <= {"archived"})):
        raise refuse(50013)
    if where.archived and body.get("archived", True):
        raise refuse(50083)
    check_thread(body, needs_name="name" in body)
    where.name = body.get("name", where.name)
    where.locked = body.get("locked", where.locked)
    where.auto_archive = body.get("auto_archive_duration", where.auto_archive)
    where.applied = [int(each) for each in body.get("applied_tags", where.applied)]
    if body.get("archived", where.archived) != where.archived:
        where.archived, where.touched = body["archived"], call.world.clock.now()
    call.world.told("THREAD_UPDATE", where, where.guild)
    return Answer(body=payloads.channel(where))


def delete(call: Call) -> Answer:
    """Close for ever."""
    where = access.channel(call)
    if where.type not in DIRECTS:
        needed = Permission.MANAGE_THREADS if where.is_thread else Permission.MANAGE_CHANNELS
        access.allow(call, where, needed)
        remove(call, where)
    return Answer(body=payloads.channel(where))


def remove(call: Call, where: Channel) -> None:
    """It is gone; its first message knows it no more."""
    call.world.remove(where)


def on_message(call: Call) -> Answer:
    """A thread whose id is its message's."""
    where = access.channel(call)
    if where.type not in {ChannelType.TEXT, ChannelType.ANNOUNCEMENT}:
        raise refuse(50024)
    message = call.world.message(where, call.id("message"))
    if message is not None and message.ephemeral:
        raise refuse(50068)
    access.allow(call, where, Permission.CREATE_PUBLIC_THREADS, Permission.READ_MESSAGE_HISTORY)
    if message is None:
        raise refuse(10008)
    if message.type not in REPLYABLE:
        raise refuse(50068)
    check_thread(call.given)
    if message.thread is not None or message.id in call.world.channels:
        raise refuse(160004)
    made = opened(call, where, ChannelType.PUBLIC_THREAD, call.given, message.id)
    message.thread, message.flags = made, message.flags | 1 << 5
    call.press.changed(message)
    return Answer(body=payloads.thread(made) | {"member": member_of(made, call.world.bot)}, status=201)


def without_message(call: Call) -> Answer:
    """A thread on nothing, or a forum's post with its first message."""
    where, body = access.channel(call), call.given
    if where.type in FORUMS:
        return forum_post(call, where, body)
    if where.type is not ChannelType.TEXT:
        raise refuse(50024)
    kind = ChannelType(body.get("type") or ChannelType.PRIVATE_THREAD)
    public = kind is ChannelType.PUBLIC_THREAD
    access.allow(call, where, Permission.CREATE_PUBLIC_THREADS if public else Permission.CREATE_PRIVATE_THREADS)
    check_thread(body)
    made = opened(call, where, kind, body, call.world.clock.snowflake())
    return Answer(body=payloads.thread(made) | {"member": member_of(made, call.world.bot)}, status=201)


def forum_post(call: Call, where: Channel, body: Json) -> Answer:
    """A post: the thread and its first message share one id."""
    access.allow(call, where, Permission.SEND_MESSAGES)
    message = body.get("message")
    if not isinstance(message, dict):
        problems = Problems()
        problems.required("message")
        raise invalid(problems.found)
    check_thread(body, tags=where)
    call.press.check(message, call.files, access.upload_bytes(where))
    made = opened(call, where, ChannelType.PUBLIC_THREAD, body, call.world.clock.snowflake())
    first = call.press.create(made, call.world.bot, message, call.files, message_id=made.id)
    member = {"member": member_of(made, call.world.bot), "message": call.press.payload(first)}
    return Answer(body=payloads.thread(made) | member, status=201)


def check_thread(body: Json, *, needs_name: bool = True, tags: Channel | None = None) -> None:
    """A name of 1 to 100, a known duration, tags that exist."""
    problems = Problems()
    if needs_name:
        problems.length("name", body.get("name"), 1, 100)
    duration = body.get("auto_archive_duration")
    if duration is not None and duration not in ARCHIVE_MINUTES:
        words = f"Value must be one of {sorted(ARCHIVE_MINUTES)}."
        problems.add("auto_archive_duration", "BASE_TYPE_CHOICES", words)
    applied = body.get("applied_tags") or []
    if len(applied) > TAGS:
        problems.length("applied_tags", applied, 0, TAGS)
    if tags is not None:
        unknown = {int(each) for each in applied} - {each for each, _ in tags.tags}
        if unknown or (tags.needs_tag and not applied):
            problems.add(
                "applied_tags", "FORUM_TAG_INVALID", "A tag is required to create a forum post in this channel"
            )
    problems.raise_any()


def opened(call: Call, parent: Channel, kind: ChannelType, body: Json, thread_id: int) -> Channel:
    """A new thread, told to everybody.

    Raises:
        Refusal: 200001 for its title, 160006 where there are too many.
    """
    call.press.automod(parent, body["name"], 200001)
    guild = parent.guild
    active = [one for one in call.world.channels.values() if one.is_thread and one.guild is guild and not one.archived]
    if guild is not None and len(active) >= guild.active_threads:
        raise refuse(160006)
    return call.world.open_thread(
        parent,
        call.world.bot,
        body["name"],
        kind=kind,
        thread_id=thread_id,
        auto_archive=body.get("auto_archive_duration") or 1440,
        applied=[int(each) for each in body.get("applied_tags") or []],
    )


def member_of(where: Channel, who: User) -> Json:
    """Somebody inside a thread."""
    return payloads.thread_member(where, who, stamp(created(where.id)))


def members(call: Call) -> Answer:
    """Who is inside a thread."""
    where = thread_of(call)
    return Answer(body=[member_of(where, each) for each in where.inside])


def member(call: Call) -> Answer:
    """One of them."""
    where = thread_of(call)
    who = wanted(call)
    if who not in where.inside:
        raise refuse(10007)
    return Answer(body=member_of(where, who))


def join(call: Call) -> Answer:
    """The bot goes in, or takes somebody along."""
    where, who = thread_of(call), wanted(call)
    if where.archived:
        raise refuse(50083)
    if who is not call.world.bot:
        access.to_write(call, where)
        if not call.world.permissions(who, where.parent or where):
            raise refuse(50001)
    if who not in where.inside:
        where.inside.append(who)
        call.world.told("THREAD_MEMBERS_UPDATE", where, where.guild)
    return NOTHING


def leave(call: Call) -> Answer:
    """The bot goes out, or puts somebody out."""
    where, who = thread_of(call), wanted(call)
    if who is not call.world.bot and where.owner is not call.world.bot:
        access.allow(call, where, Permission.MANAGE_THREADS)
    if who in where.inside:
        where.inside.remove(who)
        call.world.told("THREAD_MEMBERS_UPDATE", where, where.guild)
    return NOTHING


def thread_of(call: Call) -> Channel:
    """The thread of the path.

    Raises:
        Refusal: 50024 when it is none.
    """
    where = access.channel(call)
    if not where.is_thread:
        raise refuse(50024)
    return where


def wanted(call: Call) -> User:
    """The person of the path."""
    text = call.arguments["user"]
    found = call.world.bot if text == "@me" else call.world.users.get(int(text))
    if found is None:
        raise refuse(10013)
    return found


INSIDE = "/channels/{channel}/thread-members"

ROUTES = [
    Route(method="GET", path="/channels/{channel}", handler=get),
    Route(method="PATCH", path="/channels/{channel}", handler=change),
    Route(method="DELETE", path="/channels/{channel}", handler=delete),
    Route(method="POST", path="/channels/{channel}/messages/{message}/threads", handler=on_message),
    Route(method="POST", path="/channels/{channel}/threads", handler=without_message),
    Route(method="GET", path=INSIDE, handler=members),
    Route(method="GET", path=f"{INSIDE}/{{user}}", handler=member),
    Route(method="PUT", path=f"{INSIDE}/{{user}}", handler=join),
    Route(method="DELETE", path=f"{INSIDE}/{{user}}", handler=leave),
]
