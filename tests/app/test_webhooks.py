"""fal's calls, over real sockets: in order and out of it, and everybody who is not fal, or not about us."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.domain.job import Event, Job, Reason, State
from bot.sandbox.webhook import Signer
from tests.app.hooked import BODY_BYTES, OLD, SECRET, Hooked, hooked, ticket_of

STRANGER = Signer(b"s" * 32, "sandbox")


async def untouched(scene: Hooked, job: Job) -> bool:
    """Whether nothing at all was written of this Job."""
    return await scene.here.job(job.id) == job


async def rendering(scene: Hooked) -> Job:
    """A Job at fal that is not done, so that fal does not call by itself."""
    scene.faults("stuck:1")
    return await scene.sent()


async def finished(scene: Hooked) -> Job:
    """A Job that is done at fal, of which fal does not call by itself."""
    scene.faults("webhook-lost")
    job = await scene.sent()
    await scene.ended()
    return job


# --- as it should be ------------------------------------------------------------------------------------------------


async def test_a_call_brings_the_reel_without_one_status_call(scene: Hooked) -> None:
    job = await scene.sent()
    await scene.called()
    job = await scene.here.job(job.id)
    assert (job.state, job.hinted) == (State.SUBMITTED, ticket_of(job).request_id)
    job = await scene.here.watched(job)
    assert job.state is State.COMPLETED
    assert job.cost_microusd == job.order.quote.cost_microusd
    assert (scene.deliveries, scene.calls.get("status", 0), scene.calls["submit"]) == ([204], 0, 1)


async def test_the_address_given_to_fal_names_the_job_and_proves_that_we_made_it(scene: Hooked) -> None:
    job = await scene.sent()
    (taken,) = scene.local.sandbox.queue.everything()
    assert taken.webhook_url == f"{scene.url}{scene.path(job.id)}"
    assert job.id in taken.webhook_url


async def test_what_the_body_says_is_not_believed(scene: Hooked) -> None:
    job = await finished(scene)
    payload = {"video": {"url": "https://evil.example/reel.mp4"}}
    body = json.dumps({"request_id": ticket_of(job).request_id, "status": "OK", "payload": payload}).encode()
    assert await scene.call(job.id, ticket_of(job).request_id, body=body) == 204
    job = await scene.here.watched(job)
    assert job.result is not None
    assert job.result.video_url.startswith(scene.local.url)


async def test_a_failure_is_read_from_the_result_and_not_from_the_call(scene: Hooked) -> None:
    job = await scene.sent("/video sandbox:422:content_policy_violation --model pixverse-4.5 --resolution 360p")
    await scene.called()
    job = await scene.here.watched(job)
    assert (job.state, job.failure) == (State.FAILED, "content_policy_violation")
    assert job.cost_microusd == 0


# --- lost, late, doubled, reordered ---------------------------------------------------------------------------------


async def test_a_lost_call_is_caught_by_the_net_and_calls_are_not_relied_on_until_one_comes(scene: Hooked) -> None:
    scene.faults("webhook-lost:1", "stuck:2")
    job = await scene.sent()
    await scene.ended()
    scene.go_on(seconds=90)
    job = await scene.here.watched(job)
    assert (job.state, scene.calls["status"]) == (State.COMPLETED, 1)

    other = await scene.sent()
    assert (await scene.here.watch.advance(other) or 0) < 20, "looked at as often as without webhooks"
    await scene.call(other.id, ticket_of(other).request_id)
    third = await scene.sent("/video a second boat --model pixverse-4.5 --resolution 360p", who="ben")
    assert (await scene.here.watch.advance(third) or 0) >= 60, "calls are relied on again"


async def test_while_fal_calls_us_a_request_is_looked_at_once_and_then_left_alone(scene: Hooked) -> None:
    scene.faults("stuck")
    job = await scene.sent()
    assert await scene.here.watch.advance(job) == 2.0
    scene.go_on(seconds=2)
    waits_s = []
    for _ in range(4):
        waits_s.append(await scene.here.watch.advance(job) or 0)
        scene.go_on(seconds=waits_s[-1])
    assert waits_s[0] >= 60
    assert scene.calls["status"] == 4


async def test_a_late_call_about_a_finished_job_changes_nothing(scene: Hooked) -> None:
    job = await finished(scene)
    scene.go_on(seconds=90)
    job = await scene.here.watched(job)
    assert job.state is State.COMPLETED
    assert await scene.call(job.id, ticket_of(job).request_id) == 204
    assert await untouched(scene, job)


async def test_a_doubled_call_is_answered_and_looked_at_once(scene: Hooked) -> None:
    scene.faults("webhook-doubled")
    job = await scene.sent()
    await scene.called(2)
    hinted = await scene.here.job(job.id)
    assert (scene.deliveries, hinted.version) == ([204, 204], job.version + 1)
    job = await scene.here.watched(hinted)
    assert job.state is State.COMPLETED
    assert {kind for _, kind, _ in await scene.here.money(job)} == {"settle"}


async def test_a_call_that_overtakes_the_answer_to_the_submit_is_kept_until_that_has_come(scene: Hooked) -> None:
    ahead = await finished(scene)
    job = await scene.here.admitted()
    posting = await scene.here.jobs.record(job, Event.PICKED, sent={"prompt": "a paper boat"})
    assert posting is not None
    other = scene.local.sandbox.new_id()
    assert await scene.call(job.id, other) == 204
    ticket = scene.here.client.ticket("fal-ai/pixverse/v4.5/text-to-video", other)
    await scene.here.jobs.record(await scene.here.job(job.id), Event.ACCEPTED, ticket=ticket)
    assert (await scene.here.job(job.id)).hinted == other
    await scene.call(ahead.id, ticket_of(ahead).request_id)
    assert (await scene.here.watched(ahead)).state is State.COMPLETED, "the order of calls is nobody's business"


# --- a submit without an answer -------------------------------------------------------------------------------------


async def in_doubt(scene: Hooked, text: str = "/video a paper boat --model pixverse-4.5 --resolution 360p") -> Job:
    """A Job that fal has and of which we do not know."""
    scene.faults("drop-after:submit")
    job = await scene.sent(text)
    scene.local.sandbox.faults.clear()
    assert job.state is State.UNCERTAIN
    return job


async def test_a_lost_answer_is_found_by_the_call_and_the_post_is_not_repeated(scene: Hooked) -> None:
    job = await in_doubt(scene)
    await scene.called()
    job = await scene.here.watched(job)
    (taken,) = scene.local.sandbox.queue.everything()
    assert (job.state, ticket_of(job).request_id) == (State.SUBMITTED, taken.id)
    job = await scene.here.watched(job)
    assert (job.state, scene.calls["submit"], scene.calls.get("history", 0)) == (State.COMPLETED, 1, 0)


async def test_it_is_found_even_by_a_key_that_may_not_see_the_history(scene: Hooked) -> None:
    job = await in_doubt(scene)
    scene.faults("503:history")
    assert (await scene.here.watched(job)).state is State.UNCERTAIN
    await scene.called()
    assert (await scene.here.watched(job)).state is State.SUBMITTED


async def test_a_named_request_that_fal_does_not_show_to_our_key_is_not_believed(scene: Hooked) -> None:
    scene.faults("webhook-lost")
    job = await in_doubt(scene)
    assert await scene.call(job.id, "ffffffff-0000-4000-8000-000000000000") == 204
    await scene.ended()
    scene.faults("503:history:1")
    job = await scene.here.watched(job)
    assert (job.state, job.hinted) == (State.UNCERTAIN, "")
    job = await scene.here.watched(job)
    (taken,) = scene.local.sandbox.queue.everything()
    assert ticket_of(job).request_id == taken.id, "the history is still asked"


async def test_a_named_request_that_is_another_jobs_is_not_believed(scene: Hooked) -> None:
    other = await finished(scene)
    job = await in_doubt(scene, "/video another boat --model pixverse-4.5 --resolution 360p")
    await scene.ended(2)
    assert await scene.call(job.id, ticket_of(other).request_id) == 204
    job = await scene.here.watched(job)
    assert ticket_of(job).request_id != ticket_of(other).request_id


async def given_up(scene: Hooked) -> Job:
    """A Job given up as unknown, whose request fal has all the same."""
    scene.faults("webhook-lost")
    job = await in_doubt(scene)
    await scene.ended()
    scene.faults("503:history")
    scene.go_on(hours=24)
    job = await scene.here.watched(job)
    assert (job.state, job.reason) == (State.FAILED, Reason.UNKNOWN)
    return job


async def test_a_late_result_of_a_job_given_up_comes_back_and_its_money_stays_as_it_is(scene: Hooked) -> None:
    job = await given_up(scene)
    before = await scene.here.money(job)
    (taken,) = scene.local.sandbox.queue.everything()
    assert await scene.call(job.id, taken.id) == 204
    hinted = await scene.here.job(job.id)
    assert job.id in [open_id for open_id, *_ in await scene.here.jobs.open_ids()], "a restart would not forget it"
    await scene.here.watch.late(hinted)
    job = await scene.here.job(job.id)
    assert (job.state, ticket_of(job).request_id) == (State.COMPLETED, taken.id)
    assert await scene.here.money(job) == before
    assert (await scene.here.delivered(job)).state is State.DELIVERED


async def test_a_late_call_that_leads_to_nothing_is_forgotten(scene: Hooked) -> None:
    job = await given_up(scene)
    await scene.call(job.id, "ffffffff-0000-4000-8000-000000000000")
    assert await scene.here.watch.late(await scene.here.job(job.id)) is None
    job = await scene.here.job(job.id)
    assert (job.state, job.hinted) == (State.FAILED, "")
    assert job.id not in [open_id for open_id, *_ in await scene.here.jobs.open_ids()]


async def test_a_late_call_while_fal_is_away_is_looked_into_again(scene: Hooked) -> None:
    job = await given_up(scene)
    (taken,) = scene.local.sandbox.queue.everything()
    await scene.call(job.id, taken.id)
    scene.faults("503:result")
    assert await scene.here.watch.late(await scene.here.job(job.id))
    assert (await scene.here.job(job.id)).hinted == taken.id


# --- who is not fal, or not about us --------------------------------------------------------------------------------


async def test_a_forger_with_the_right_address_is_refused(scene: Hooked) -> None:
    job = await rendering(scene)
    assert await scene.call(job.id, ticket_of(job).request_id, signer=STRANGER) == 403
    assert await untouched(scene, job)


async def test_a_changed_body_is_refused(scene: Hooked) -> None:
    job = await rendering(scene)
    headers, body = scene.signed(ticket_of(job).request_id)
    assert await scene.post(scene.path(job.id), headers, body + b" ") == 403
    assert await untouched(scene, job)


@pytest.mark.parametrize("age_s", [301, -302, 86_400])
async def test_a_call_from_another_time_is_refused(scene: Hooked, age_s: float) -> None:
    job = await rendering(scene)
    assert await scene.call(job.id, ticket_of(job).request_id, age_s=age_s) == 403
    assert await untouched(scene, job)


async def test_a_call_signed_for_another_customer_of_fal_is_refused(scene: Hooked) -> None:
    job = await rendering(scene)
    assert await scene.call(job.id, ticket_of(job).request_id, account="somebody-else") == 403
    assert await untouched(scene, job)


@pytest.mark.parametrize("secret", [b"another secret", b""])
async def test_an_address_that_we_did_not_make_is_refused_before_anything_is_asked(
    scene: Hooked, secret: bytes
) -> None:
    job = await rendering(scene)
    headers, body = scene.signed(ticket_of(job).request_id)
    assert await scene.post(scene.path(job.id, secret=secret), headers, body) == 404
    assert await untouched(scene, job)
    assert scene.calls.get("jwks", 0) == 0


async def test_the_address_of_one_job_is_not_good_for_another(scene: Hooked) -> None:
    job = await rendering(scene)
    other = await scene.here.admitted(who="ben")
    headers, body = scene.signed(ticket_of(job).request_id)
    assert await scene.post(scene.path(job.id).replace(job.id, other.id), headers, body) == 404


async def test_while_the_secret_rotates_addresses_made_with_the_old_one_are_good(scene: Hooked) -> None:
    job = await rendering(scene)
    headers, body = scene.signed(ticket_of(job).request_id)
    assert await scene.post(scene.path(job.id, secret=OLD), headers, body) == 204
    assert (await scene.here.job(job.id)).hinted


async def test_a_replayed_call_is_answered_and_not_acted_on(scene: Hooked) -> None:
    job = await rendering(scene)
    headers, body = scene.signed(ticket_of(job).request_id)
    assert await scene.post(scene.path(job.id), headers, body) == 204
    await scene.here.jobs.note(job.id, hinted="")
    before = await scene.here.job(job.id)
    shouted = {**headers, "X-Fal-Webhook-Signature": headers["X-Fal-Webhook-Signature"].upper()}
    for again in (headers, shouted):
        assert await scene.post(scene.path(job.id), again, body) == 204
        assert await untouched(scene, before)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"])
async def test_nothing_but_a_post_is_a_call(scene: Hooked, method: str) -> None:
    job = await rendering(scene)
    headers, body = scene.signed(ticket_of(job).request_id)
    assert await scene.post(scene.path(job.id), headers, body, method=method) == 405
    assert await untouched(scene, job)


async def test_a_call_larger_than_is_read_is_refused_however_well_signed(scene: Hooked) -> None:
    job = await rendering(scene)
    request_id = ticket_of(job).request_id
    fits = json.dumps({"request_id": request_id}).encode().ljust(BODY_BYTES)
    assert await scene.call(job.id, request_id, body=fits + b" ") == 413
    assert await untouched(scene, job)
    assert await scene.call(job.id, request_id, body=fits) == 204


@pytest.mark.parametrize("missing", ["Request-Id", "User-Id", "Timestamp", "Signature"])
async def test_a_call_without_one_of_its_headers_is_refused(scene: Hooked, missing: str) -> None:
    job = await rendering(scene)
    headers, body = scene.signed(ticket_of(job).request_id)
    del headers[f"X-Fal-Webhook-{missing}"]
    assert await scene.post(scene.path(job.id), headers, body) == 403


@pytest.mark.parametrize("request_id", ["../../../storage", "a/b", " ", "x" * 129, "é"])
async def test_a_request_that_could_not_stand_in_a_url_is_refused(scene: Hooked, request_id: str) -> None:
    job = await rendering(scene)
    headers, body = scene.signed("r-1", body=json.dumps({"request_id": request_id}).encode())
    assert await scene.post(scene.path(job.id), headers, body) == 403


# --- fal's keys -----------------------------------------------------------------------------------------------------


async def test_without_fals_keys_nobody_is_believed_and_fal_is_told_to_come_again(scene: Hooked) -> None:
    job = await rendering(scene)
    scene.faults("503:jwks")
    assert await scene.call(job.id, ticket_of(job).request_id) == 503
    assert await untouched(scene, job)
    scene.local.sandbox.faults.clear()
    assert await scene.call(job.id, ticket_of(job).request_id) == 503, "asked within the last minute"
    scene.go_on(minutes=1)
    assert await scene.call(job.id, ticket_of(job).request_id) == 204
    assert scene.calls["jwks"] == 2


async def test_forgers_cannot_make_us_hammer_fal(scene: Hooked) -> None:
    job = await rendering(scene)
    for _ in range(12):
        assert await scene.call(job.id, "r-1", signer=STRANGER) == 403
        scene.go_on(seconds=10)
    assert scene.calls["jwks"] == 2


async def test_a_new_key_of_fals_is_asked_for_when_it_is_first_seen(scene: Hooked) -> None:
    first = await rendering(scene)
    assert await scene.call(first.id, ticket_of(first).request_id) == 204
    scene.go_on(minutes=1)
    fresh = Signer(b"n" * 32, "sandbox")
    scene.local.sandbox.signer = fresh
    second = await scene.sent("/video another boat --model pixverse-4.5 --resolution 360p", who="ben")
    assert await scene.call(second.id, ticket_of(second).request_id, signer=fresh) == 204
    assert scene.calls["jwks"] == 2


async def test_keys_are_kept_a_day_and_no_longer(scene: Hooked) -> None:
    job = await rendering(scene)
    await scene.call(job.id, "r-1")
    scene.go_on(hours=23)
    await scene.call(job.id, "r-2")
    assert scene.calls["jwks"] == 1
    scene.faults("503:jwks")
    scene.go_on(hours=1)
    assert await scene.call(job.id, "r-3") == 503


# --- around it ------------------------------------------------------------------------------------------------------


async def test_a_hint_that_cannot_be_kept_is_not_acknowledged_and_is_good_when_it_comes_again(scene: Hooked) -> None:
    job = await rendering(scene)
    headers, body = scene.signed(ticket_of(job).request_id)
    scene.here.database.refuses = 1
    assert await scene.post(scene.path(job.id), headers, body) == 503
    assert await scene.post(scene.path(job.id), headers, body) == 204
    assert (await scene.here.job(job.id)).hinted == ticket_of(job).request_id


async def test_a_call_about_a_job_that_is_not_here_is_answered_so_that_it_ends(scene: Hooked) -> None:
    assert await scene.call("0Zk3Qw8RtYxUvLmNpAbCdE", "r-1") == 204


async def test_while_our_account_is_unknown_a_call_is_a_hint_all_the_same(
    tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    async with hooked(tmp_path, pool, secrets=[SECRET], user_id="") as scene:
        job = await finished(scene)
        assert await scene.call(job.id, ticket_of(job).request_id, account="somebody-else") == 204
        assert (await scene.here.watched(job)).state is State.COMPLETED
