"""What can be set on a sandbox: plain values, every one with the default fal itself has."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxSettings:
    """How this sandbox behaves.

    `speed` divides every simulated wait (queueing, rendering, webhook back-off), never the length of a video.
    `key` is the only valid key ("id:secret"); None takes any non-empty one.
    `fail` are rules for faults, in the words of `faults.parse_rule`.
    `folder` keeps uploads and videos; None means a temporary folder that goes with the sandbox.
    `allowed_hosts` are hosts besides loopback from which input files are fetched.
    `result_retention_s`, and `large_result_retention_s` from `large_result_bytes` up, are fal's own (an hour, six
    minutes from 10 KB; https://fal.ai/docs/inference-api/queue/result).
    `longest_video_s` bounds what is rendered from a sent video.
    """

    concurrency: int = 2
    speed: float = 1.0
    key: str | None = None
    user_id: str = "sandbox"
    fail: tuple[str, ...] = ()
    folder: Path | None = None
    allowed_hosts: tuple[str, ...] = ()
    result_retention_s: float = 3600.0
    large_result_retention_s: float = 360.0
    large_result_bytes: int = 10 * 1024
    upload_token_s: float = 3600.0
    webhook_timeout_s: float = 15.0
    webhook_retries: int = 10
    webhook_first_retry_s: float = 7.0
    render_workers: int = 1
    longest_video_s: float = 60.0

    @property
    def hosts(self) -> frozenset[str]:
        """Every host an input file may be fetched from."""
        return frozenset(self.allowed_hosts) | {"127.0.0.1", "localhost", "::1"}
