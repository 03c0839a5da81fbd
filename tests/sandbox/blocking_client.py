"""fal's blocking client against a sandbox: submits, follows, fetches, uploads; prints what it got as JSON.

A process of its own, since that client leaves its upload connections open. Usage: `python blocking_client.py URL`.
"""

import json
import sys

import fal_client
import fal_client.client as theirs


def main(url: str) -> None:
    theirs.RUN_URL_FORMAT = f"{url}/fal.run/"
    theirs.QUEUE_URL_FORMAT = f"{url}/"
    theirs.REST_URL = theirs.CDN_URL = url
    client = fal_client.SyncClient(key="made-up:secret")
    small = client.upload(b"hello", "text/plain", "a.txt")
    theirs.MULTIPART_THRESHOLD, theirs.MULTIPART_CHUNK_SIZE = 64 * 1024, 20 * 1024
    large = client.upload(b"x" * 100_000, "text/plain", "b.txt")
    handle = client.submit("fal-ai/pixverse/v4.5/text-to-video", {"prompt": "a paper boat", "resolution": "360p"})
    seen = [type(event).__name__ for event in handle.iter_events(with_logs=True, interval=0.01)]
    video = handle.get()["video"]["url"]
    stuck = client.submit("fal-ai/pixverse/v4.5/text-to-video", {"prompt": "sandbox:stuck"})
    stuck.cancel()
    sys.stdout.write(json.dumps({"small": small, "large": large, "video": video, "last": seen[-1]}))


if __name__ == "__main__":
    main(sys.argv[1])
