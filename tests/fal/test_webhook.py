"""Who may tell us that a request is done: calls signed with keys made here, and every way to get it wrong."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import FalUnavailable, WebhookRefused
from bot.fal.exchange import Response
from bot.fal.hosts import FalHosts
from bot.fal.webhook import jwks_request, read_jwks, read_webhook_path, verify, webhook_url

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
FAL = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
BODY = b'{"request_id": "r-1", "gateway_request_id": "r-0", "status": "OK", "payload": null}'


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def signed(
    body: bytes = BODY, *, key: Ed25519PrivateKey = FAL, user: str = "us", at: datetime = NOW, request: str = "r-1"
) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    message = "\n".join((request, user, stamp, hashlib.sha256(body).hexdigest())).encode()
    return {
        "x-fal-webhook-request-id": request,
        "x-fal-webhook-user-id": user,
        "x-fal-webhook-timestamp": stamp,
        "x-fal-webhook-signature": key.sign(message).hex(),
    }


def refusal(headers: dict[str, str], body: bytes = BODY, *, jwks: tuple[bytes, ...] | None = None) -> str:
    with pytest.raises(WebhookRefused) as raised:
        verify(headers, body, (public(FAL),) if jwks is None else jwks, NOW, user_id="us")
    return raised.value.reason


def test_a_call_signed_by_fal_for_our_account_names_its_request() -> None:
    call = verify(signed(), BODY, [public(FAL)], NOW, user_id="us")
    assert (call.request_id, call.user_id, call.is_ok) == ("r-1", "us", True)


def test_the_request_is_the_ticket_s_and_not_that_of_the_gateways_last_attempt() -> None:
    assert verify(signed(request="r-0"), BODY, [public(FAL)], NOW, user_id="us").request_id == "r-1"


def test_a_body_that_is_no_json_is_named_by_its_signed_header() -> None:
    assert verify(signed(b"<html>"), b"<html>", [public(FAL)], NOW, user_id=None).request_id == "r-1"


@pytest.mark.parametrize("named", ["../../x", "a/b", " r", "x" * 129, "é", "?"])
def test_a_request_that_could_not_stand_in_a_url_is_refused(named: str) -> None:
    body = json.dumps({"request_id": named}).encode()
    assert refusal(signed(body), body) == "bad_request_id"


def test_the_same_call_has_the_same_digest_however_its_signature_is_written() -> None:
    plain = signed()
    shouted = plain | {"x-fal-webhook-signature": plain["x-fal-webhook-signature"].upper()}
    first, second = (verify(one, BODY, [public(FAL)], NOW, user_id="us") for one in (plain, shouted))
    other = verify(signed(at=NOW + timedelta(seconds=1)), BODY, [public(FAL)], NOW, user_id="us")
    assert first.digest == second.digest != other.digest


def test_a_failed_run_is_marked() -> None:
    body = json.dumps({"request_id": "r-1", "status": "ERROR", "error": "Invalid status code: 422"}).encode()
    assert verify(signed(body), body, [public(FAL)], NOW, user_id="us").is_ok is False


def test_every_published_key_is_tried() -> None:
    assert verify(signed(), BODY, [public(STRANGER), b"short", public(FAL)], NOW, user_id="us").request_id == "r-1"


def test_the_wrong_key_is_refused() -> None:
    assert refusal(signed(key=STRANGER)) == "bad_signature"


def test_a_changed_body_is_refused() -> None:
    assert refusal(signed(), BODY + b" ") == "bad_signature"


@pytest.mark.parametrize("name", ["request-id", "timestamp"])
def test_a_changed_header_is_refused(name: str) -> None:
    headers = signed()
    headers[f"x-fal-webhook-{name}"] = {"request-id": "r-2", "timestamp": str(int(NOW.timestamp()) + 1)}[name]
    assert refusal(headers) == "bad_signature"


@pytest.mark.parametrize("offset_s", [-301, 301, -90_000])
def test_a_call_from_another_time_is_refused_however_well_signed(offset_s: int) -> None:
    assert refusal(signed(at=NOW + timedelta(seconds=offset_s))) == "stale"


@pytest.mark.parametrize("offset_s", [-300, 0, 300])
def test_five_minutes_either_way_are_fresh(offset_s: int) -> None:
    verify(signed(at=NOW + timedelta(seconds=offset_s)), BODY, [public(FAL)], NOW, user_id="us")


def test_another_customer_of_fal_cannot_call_us() -> None:
    assert refusal(signed(user="them")) == "other_account"


def test_while_our_account_is_unknown_any_account_passes() -> None:
    assert verify(signed(user="them"), BODY, [public(FAL)], NOW, user_id=None).user_id == "them"


def test_without_keys_nobody_is_believed() -> None:
    assert refusal(signed(), jwks=()) == "no_keys"


@pytest.mark.parametrize("name", ["request-id", "user-id", "timestamp", "signature"])
def test_a_missing_header_is_refused(name: str) -> None:
    headers = signed()
    del headers[f"x-fal-webhook-{name}"]
    assert refusal(headers) == "missing_header"


@given(
    st.dictionaries(
        st.sampled_from([f"x-fal-webhook-{name}" for name in ("request-id", "user-id", "timestamp", "signature")]),
        st.text(st.characters(codec=None), max_size=20)
        | st.sampled_from(["us", str(int(NOW.timestamp())), "ab" * 64, "٣"]),
    ),
    st.binary(max_size=40),
)
def test_garbage_is_refused_and_nothing_else_happens(headers: dict[str, str], body: bytes) -> None:
    with pytest.raises(WebhookRefused):
        verify(headers, body, [public(FAL)], NOW, user_id="us")


def jwk(key: bytes, **more: str) -> dict[str, str]:
    x = base64.urlsafe_b64encode(key).decode().rstrip("=")
    return {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": "1"} | more


def test_the_published_keys_are_read_and_other_kinds_skipped() -> None:
    keys = [jwk(public(FAL)), jwk(b"short"), jwk(public(STRANGER), crv="X25519"), {"kty": "RSA"}, "x", jwk(b"", x="é")]
    assert read_jwks(Response(status=200, body=json.dumps({"keys": keys}).encode())) == (public(FAL),)


@pytest.mark.parametrize("status", [200, 401, 404, 500])
def test_no_keys_are_a_question_to_ask_again(status: int) -> None:
    with pytest.raises(FalUnavailable):
        read_jwks(Response(status=status, body=b'{"keys": []}'))


def test_the_keys_are_asked_for_without_our_own() -> None:
    assert jwks_request(FalHosts()).url == "https://rest.fal.ai/.well-known/jwks.json"
    assert jwks_request(FalHosts()).keyed is False


JOB = "0Zk3Qw8RtYxUvLmNpAbCdE"


@pytest.mark.parametrize("base", ["https://bot.example", "https://bot.example/", "https://bot.example/reelroom"])
def test_the_url_we_give_to_fal_leads_back_to_its_job(base: str) -> None:
    url = webhook_url(base, JOB, b"key")
    assert read_webhook_path(url.removeprefix("https://bot.example"), [b"key"]) == JOB


def test_while_the_secret_rotates_the_previous_key_still_opens() -> None:
    path = webhook_url("", JOB, b"old")
    assert read_webhook_path(path, [b"new", b"old"]) == JOB


@pytest.mark.parametrize(
    "path",
    [
        webhook_url("", JOB, b"other"),
        webhook_url("", JOB, b"key").replace(JOB, JOB[::-1]),
        webhook_url("", JOB, b"key")[:-1],
        webhook_url("", JOB, b"key") + "/",
        "/hooks/fal",
        "",
    ],
)
def test_a_path_that_we_did_not_make_is_refused(path: str) -> None:
    with pytest.raises(WebhookRefused, match="wrong_path"):
        read_webhook_path(path, [b"key"])
