"""Servers and the application as Discord writes them, whole, in part, and as the gateway first tells them."""

from typing import Any

from tests.emulators.discord import payloads
from tests.emulators.discord.clock import stamp
from tests.emulators.discord.things import FORUMS, Application, Guild, Json
from tests.emulators.discord.world import World


def guild_reference(one: Guild) -> Json:
    """A server as interactions name it."""
    return {"id": str(one.id), "locale": one.locale, "features": []}


NONE = (
    "afk_channel_id application_id banner description discovery_splash home_header icon incidents_data max_presences "
    "public_updates_channel_id rules_channel_id safety_alerts_channel_id splash system_channel_id vanity_url_code "
    "widget_channel_id"
)
ZERO = (
    "default_message_notifications explicit_content_filter mfa_level nsfw_level system_channel_flags verification_level"
)


def guild(world: World, one: Guild) -> Json:
    """A server as `GET /guilds/{id}` and GUILD_CREATE tell it, without what is in it."""
    has_forum = any(each.guild is one and each.type in FORUMS for each in world.channels.values())
    body: Json = {
        "id": str(one.id),
        "name": one.name,
        "owner_id": str(one.owner.id),
        "roles": [payloads.role(each) for each in one.roles.values()],
        "emojis": [],
        "stickers": [],
        "features": ["COMMUNITY"] if has_forum else [],
        "preferred_locale": one.locale,
        "premium_tier": one.tier,
        "premium_subscription_count": one.tier * 7,
        "premium_progress_bar_enabled": False,
        "region": "deprecated",
        "afk_timeout": 300,
        "nsfw": False,
        "widget_enabled": False,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
    }
    return body | dict.fromkeys(NONE.split()) | dict.fromkeys(ZERO.split(), 0)


def application(one: Application, world: World) -> Json:
    """The application as its own bot sees it."""
    return {
        "id": str(one.id),
        "name": one.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot": payloads.user(one.user),
        "bot_public": True,
        "bot_require_code_grant": False,
        "owner": payloads.user(one.owner),
        "team": team(one) if one.team else None,
        "flags": 0,
        "flags_new": "0",
        "verify_key": "0" * 64,
        "approximate_guild_count": sum(one.user.id in each.members for each in world.guilds.values()),
        "approximate_user_install_count": sum(each.installed for each in world.users.values()),
        "approximate_user_authorization_count": 0,
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "eligible_oauth2_scopes": [],
        "explicit_content_filter": 0,
        "integration_types_config": {"0": {}, "1": {}},
    }


def team(one: Application) -> Json:
    """The team that owns it."""
    return {
        "id": str(one.id + 1),
        "name": f"Team {one.name}",
        "icon": None,
        "owner_user_id": str(one.owner.id),
        "members": [
            {
                "user": payloads.user(each),
                "team_id": str(one.id + 1),
                "membership_state": 2,
                "role": "admin",
                "permissions": ["*"],
            }
            for each in [one.owner, *one.team]
        ],
    }


def of_mine(world: World, one: Guild) -> Json:
    """A server in the list of those the bot is in."""
    return {
        "id": str(one.id),
        "name": one.name,
        "icon": None,
        "banner": None,
        "owner": one.owner is world.bot,
        "permissions": str(int(one.everyone.permissions)),
        "features": [],
    }


def arrival(world: World, one: Guild) -> Json:
    """GUILD_CREATE: the server with its channels, its threads, and the bot among its members."""
    inside = [each for each in world.channels.values() if each.guild is one]
    threads = [payloads.thread(each) for each in inside if each.is_thread and not each.archived]
    body: dict[str, Any] = guild(world, one)
    return body | {
        "joined_at": stamp(one.members[world.bot.id].joined_at),
        "large": False,
        "member_count": len(one.members),
        "members": [payloads.member(one.members[world.bot.id])],
        "channels": [payloads.channel(each) for each in inside if not each.is_thread],
        "threads": threads,
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }
