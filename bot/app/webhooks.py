"""fal's calls, put together: the address we give for each Job, and the hook that fal calls.

A call is answered as soon as its hint is in the store; whoever advances the Job then looks with our own key.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus

from bot.app import clock
from bot.app.parts import Kept, Plan, World
from bot.domain.errors import StoreError, WebhookRefused
from bot.fal.caller import Caller, FalKeys
from bot.fal.webhook import webhook_url
from bot.log import about
from bot.pipeline.watch import Watch
from bot.web.session import derived

log = logging.getLogger(__name__)

HOOK = "fal"
"""The hook's name below `/hooks/`."""

PURPOSE = "fal-webhook"

ANSWERS: Mapping[str, HTTPStatus] = {
    "wrong_path": HTTPStatus.NOT_FOUND,
    "no_keys": HTTPStatus.SERVICE_UNAVAILABLE,  # so that fal calls again when its keys can be had
}


class FalHook:
    """Fits `bot.web.site.Hook`. `counted` is told what became of each call: taken, echo, not_kept, why refused."""

    def __init__(self, caller: Caller, watch: Watch, *, user_id: str, counted: Callable[[str], None]) -> None:
        self._caller = caller
        self._watch = watch
        self._user_id = user_id
        self._counted = counted

    async def __call__(self, path: str, headers: Mapping[str, str], body: bytes) -> int:
        """2xx when the call is fal's and its hint is kept; else what says whether calling again can help."""
        try:
            proved = await self._caller.proved(path, headers, body)
            self._tell_account(proved.call.user_id)
            if not proved.is_echo:
                with about(job=proved.job):
                    await self._watch.hint(proved.job, proved.call.request_id)
                self._caller.taken(proved)
            self._counted("echo" if proved.is_echo else "taken")
        except WebhookRefused as refused:
            self._counted(refused.reason)
            level = logging.DEBUG if refused.reason == "wrong_path" else logging.WARNING
            log.log(level, "a call to our webhook was refused", extra={"reason": refused.reason})
            return ANSWERS.get(refused.reason, HTTPStatus.FORBIDDEN)
        except StoreError as error:
            self._counted("not_kept")
            log.warning("a call of fal's could not be kept; it comes again", extra={"error": str(error)})
            return HTTPStatus.SERVICE_UNAVAILABLE
        return HTTPStatus.NO_CONTENT

    def _tell_account(self, user_id: str) -> None:
        if not self._user_id:
            log.info("fal calls us; if this account is yours, set fal.user_id", extra={"user_id": user_id})
            self._user_id = user_id


class Webhooks:
    """What one secret signs and reads. `secrets`: the present one first, then, while rotating, the one before."""

    def __init__(self, public_url: str, secrets: Sequence[bytes]) -> None:
        self._public_url = public_url
        self.keys = tuple(derived(secret, PURPOSE) for secret in secrets)

    def url(self, job_id: str) -> str:
        """Where fal shall call about a Job. Fits `bot.ports.queue.WebhookUrl`."""
        return webhook_url(self._public_url, job_id, self.keys[0])


def build_webhooks(plan: Plan, kept: Kept) -> Webhooks | None:
    """None while `webhook.public_url` is not set."""
    public_url = plan.settings.webhook.public_url
    if not public_url:
        log.info("webhooks are off: webhook.public_url is not set")
        return None
    old = plan.settings.secret_old
    return Webhooks(public_url, [kept.secret, *([old.get_secret_value().encode()] if old else [])])


def build_hook(plan: Plan, kept: Kept, world: World, webhooks: Webhooks, watch: Watch) -> FalHook:
    """What fal calls."""
    user_id = plan.settings.fal.user_id
    keys = FalKeys(world.fal.jwks, now=clock.now)
    caller = Caller(keys=keys, url_keys=webhooks.keys, user_id=user_id or None, now=clock.now)
    return FalHook(caller, watch, user_id=user_id, counted=kept.metrics.called)
