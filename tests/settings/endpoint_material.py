"""Small endpoint files for tests, as the tables they are read from."""

from pathlib import Path
from typing import Any

import tomlkit


def image_file(**changes: Any) -> dict[str, Any]:
    """A sound file of the command animate; `changes` replace whole top-level keys."""
    return {
        "id": "fal-ai/demo/image-to-video",
        "title": "Demo",
        "summary": "A picture moves",
        "command": "animate",
        "model": "demo",
        "source": "https://fal.ai/models/fal-ai/demo/image-to-video/api",
        "checked": "2026-11-20",
        "options": {
            "image": {"field": "image_url", "kind": "image", "level": "main", "required": True, "help": "Which"},
            "images": {"field": "image_urls", "kind": "images", "max_files": 2, "help": "More of them"},
            "audio": {"field": "audio_url", "kind": "audio"},
            "prompt": {"field": "prompt", "kind": "text", "level": "main", "max_length": 20, "help": "What"},
            "duration": {"field": "duration", "kind": "choice", "choices": ["5", "8"], "default": "5"},
            "resolution": {"field": "resolution", "kind": "choice", "choices": ["720p", "1080p"], "default": "720p"},
            "frames": {"field": "num_frames", "kind": "integer", "minimum": 81, "maximum": 100, "default": 81},
            "loop": {"field": "loop", "kind": "flag", "default": False},
            "safety_checker": {
                "field": "enable_safety_checker",
                "kind": "flag",
                "level": "owner",
                "fixed": True,
            },
        },
        "rules": [
            {
                "kind": "only_with",
                "when": {"resolution": ["1080p"]},
                "then": {"duration": ["5"]},
                "text": "1080p is only possible with 5 seconds",
            },
            {"kind": "one_of", "options": ["prompt", "audio"], "text": "say it or sing it"},
            {"kind": "file_count", "when": {"loop": ["true"]}, "option": "images", "count": 2, "text": "two to loop"},
        ],
        "price": {
            "source": "$0.10 at 720p, $0.20 at 1080p (a made-up page, 2026-11-20)",
            "table": [
                {"when": {"resolution": ["720p"]}, "microusd": 100_000},
                {"when": {"resolution": ["1080p"]}, "microusd": 200_000},
            ],
            "per": [
                {"measure": "option", "option": "frames", "microusd": 1_000, "above": 81},
                {"measure": "input_seconds", "option": "audio", "microusd": 1_000, "at_most": 60},
            ],
            "factors": [{"times": "2", "when": {"duration": ["8"]}}],
            "adds": [{"when": {"loop": ["true"]}, "microusd": 5_000}],
        },
        **changes,
    }


def write_file(folder: Path, name: str, content: dict[str, Any]) -> Path:
    """Write `content` as `folder`/`name`."""
    path = folder / name
    path.write_text(tomlkit.dumps(content), encoding="utf-8")
    return path
