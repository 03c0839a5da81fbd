"""fal's file storage without a socket, as its own clients speak to it (`fal_client` 1.0.3, `@fal-ai/client` 1.10.1).

The account's key buys a short-lived token at the REST host and goes no further: uploads carry the token, and URLs that
fal hands out to upload to carry nothing.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import quote

from bot.domain.errors import FalError, FalRejected, FalUnavailable
from bot.fal.exchange import Request, Response, mapping, moment, text
from bot.fal.failures import LOCKING, failure, question_failed
from bot.fal.hosts import FalHosts, origin
from bot.fal.protocol import lifecycle

SIMPLE_BYTES = 100 * 1024 * 1024
"""Larger files go up in parts."""

PART_BYTES = 10 * 1024 * 1024

_JSON_TYPE = {"content-type": "application/json"}
_MARGIN = timedelta(seconds=60)
_FOR_GOOD = frozenset({
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """What fal needs to know of a file to keep it."""

    name: str
    content_type: str
    size_bytes: int
    lifetime_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadToken:
    """Leave to upload for a while. `base_url` is where fal says that parts go, "" where it does not say."""

    authorization: str = field(repr=False)
    base_url: str
    expires_at: datetime

    def is_fresh(self, now: datetime) -> bool:
        """Whether it will do for another upload."""
        return now + _MARGIN < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class PartedUpload:
    """A multipart upload under way. `access_url` is where the file will be."""

    access_url: str
    upload_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place to PUT one file to, signed by fal, and where the file will then be."""

    upload_url: str = field(repr=False)
    file_url: str


def token_request(hosts: FalHosts) -> Request:
    """Ask for a token; the only request about files, with `slot_request`, that carries the account's key."""
    url = f"{hosts.rest_url}/storage/auth/token?storage_type=fal-cdn-v3"
    return Request(method="POST", url=url, headers=_JSON_TYPE, content=b"{}")


def read_token(response: Response, now: datetime) -> UploadToken:
    """The token; without a readable expiry it is taken to last five minutes. Raises FalLocked, FalUnavailable."""
    body = mapping(response.json())
    token, kind = text(body.get("token"), limit=8_000), text(body.get("token_type"), limit=40) or "Bearer"
    authorization = f"{kind} {token}"
    if not response.is_success or not token or not (authorization.isascii() and authorization.isprintable()):
        raise _not_granted(response)
    return UploadToken(
        authorization=authorization,
        base_url=_web_url(body.get("base_url")).rstrip("/"),
        expires_at=moment(body.get("expires_at")) or now + timedelta(minutes=5),
    )


def upload_request(hosts: FalHosts, token: UploadToken, file: StoredFile) -> Request:
    """The whole file in one POST to the CDN; its bytes are the shell's to stream."""
    headers = _upload_headers(token, file) | {"content-length": str(file.size_bytes)}
    return Request(method="POST", url=f"{hosts.cdn_url}/files/upload", headers=headers, keyed=False)


def read_upload(response: Response) -> str:
    """The URL of the stored file. Raises FalRejected (refused for good), FalUnavailable."""
    url = _web_url(mapping(response.json()).get("access_url"))
    if not response.is_success or not url:
        raise _not_stored(response)
    return url


def slot_request(hosts: FalHosts, file: StoredFile) -> Request:
    """Ask for a signed place to PUT to: the other way in, when the CDN's upload fails.

    `fal-cdn-v3`, as the JavaScript client has it, rather than the Python client's "gcs": only there a lifecycle holds.
    """
    return Request(
        method="POST",
        url=f"{hosts.rest_url}/storage/upload/initiate?storage_type=fal-cdn-v3",
        headers=_JSON_TYPE | _lifecycle_headers(file),
        content=json.dumps({"file_name": file.name, "content_type": file.content_type}).encode(),
    )


def read_slot(response: Response) -> Slot:
    """Where to PUT. Raises FalRejected, FalLocked, FalUnavailable."""
    body = mapping(response.json())
    upload_url, file_url = _web_url(body.get("upload_url")), _web_url(body.get("file_url"))
    if not response.is_success or not upload_url or not file_url:
        raise _not_granted(response)
    return Slot(upload_url=upload_url, file_url=file_url)


def put_request(slot: Slot, file: StoredFile) -> Request:
    """The file to its signed place, with no credential of ours."""
    headers = {"content-type": file.content_type, "content-length": str(file.size_bytes)}
    return Request(method="PUT", url=slot.upload_url, headers=headers, keyed=False)


def read_put(response: Response) -> None:
    """Nothing, when the file was taken. Raises FalRejected, FalUnavailable."""
    if not response.is_success:
        raise _not_stored(response)


def parted_request(hosts: FalHosts, token: UploadToken, file: StoredFile) -> Request:
    """Begin a multipart upload, at the place that came with the token if that is safe to send a token to."""
    base_url = token.base_url if _may_see_token(hosts, token.base_url) else hosts.cdn_url
    headers = _upload_headers(token, file) | {"accept": "application/json"}
    return Request(method="POST", url=f"{base_url}/files/upload/multipart", headers=headers, keyed=False)


def read_parted(response: Response, *, hosts: FalHosts) -> PartedUpload:
    """The upload, if its parts, which carry the token, may be sent to where fal wants them. As `read_upload`."""
    body = mapping(response.json())
    upload_id, access_url = text(body.get("uploadId"), limit=1_000), _web_url(body.get("access_url"))
    if not response.is_success or not upload_id or not _may_see_token(hosts, access_url):
        raise _not_stored(response)
    return PartedUpload(access_url=access_url, upload_id=upload_id)


def part_request(token: UploadToken, upload: PartedUpload, file: StoredFile, part: int, content: bytes) -> Request:
    """One part, counted from 1."""
    url = f"{upload.access_url}/multipart/{quote(upload.upload_id, safe='')}/{part}"
    headers = {
        "authorization": token.authorization,
        "content-type": file.content_type,
        "accept-encoding": "identity",  # a compressed answer may lose its ETag on the way
    }
    return Request(method="PUT", url=url, headers=headers, content=content, keyed=False)


def read_part(response: Response) -> str:
    """The part's ETag. Raises as `read_upload`."""
    etag = response.headers.get("etag", "")
    if not response.is_success or not etag:
        raise _not_stored(response)
    return etag


def parted_end_request(token: UploadToken, upload: PartedUpload, etags: Sequence[str]) -> Request:
    """Put the parts together, in order."""
    parts = [{"partNumber": part, "etag": etag} for part, etag in enumerate(etags, start=1)]
    return Request(
        method="POST",
        url=f"{upload.access_url}/multipart/{quote(upload.upload_id, safe='')}/complete",
        headers=_JSON_TYPE | {"authorization": token.authorization},
        content=json.dumps({"parts": parts}).encode(),
        keyed=False,
    )


def _upload_headers(token: UploadToken, file: StoredFile) -> dict[str, str]:
    return {
        "authorization": token.authorization,
        "content-type": file.content_type,
        "x-fal-file-name": quote(file.name, safe=" "),
        **_lifecycle_headers(file),
    }


def _lifecycle_headers(file: StoredFile) -> dict[str, str]:
    """Both names, as the Python client sends them: without them fal may keep the file for ever."""
    value = lifecycle(file.lifetime_s)
    return {"x-fal-object-lifecycle": value, "x-fal-object-lifecycle-preference": value}


def _may_see_token(hosts: FalHosts, base_url: str) -> bool:
    return base_url.lower().startswith("https://") or (bool(base_url) and origin(base_url) == origin(hosts.cdn_url))


def _web_url(value: object) -> str:
    url = text(value, limit=8_000)
    return url if origin(url) else ""


def _not_granted(response: Response) -> FalError:
    """The REST host, which saw the key, gave neither token nor place."""
    return question_failed(response) if response.status in LOCKING else _not_stored(response)


def _not_stored(response: Response) -> FalError:
    """The file was not taken. A refused token says nothing about the account, nor a 404 about a request."""
    if response.status in _FOR_GOOD:
        return failure(FalRejected, response)
    if response.status in LOCKING:
        return failure(FalUnavailable, response, "not_permitted")
    return failure(FalUnavailable, response, "unreadable_answer" if response.is_success else "")
