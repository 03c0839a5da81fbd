"""An Endpoint as a complete OpenAPI document in fal's shape: what a local fal serves and our own readers understand.

The shape, its habits included (`logs` called an object, status paths with the full id), is that of fal's documents.
"""

from typing import Any

from bot.domain.catalogue import SCREEN, Endpoint, Kind, Option, Send, Value
from bot.fal.schema import schema_name

_JSON = "application/json"
_REFERENCE = "#/components/schemas/"
_TYPES = {
    Kind.TEXT: "string",
    Kind.CHOICE: "string",
    Kind.INTEGER: "integer",
    Kind.NUMBER: "number",
    Kind.FLAG: "boolean",
    Kind.IMAGE: "string",
    Kind.IMAGES: "array",
    Kind.VIDEO: "string",
    Kind.AUDIO: "string",
}
_HINTS = {Kind.IMAGE: "image", Kind.IMAGES: "image", Kind.VIDEO: "video", Kind.AUDIO: "audio"}
_FILE = {
    "url": ("string", "The URL where the file can be downloaded from."),
    "content_type": ("string", "The mime type of the file."),
    "file_name": ("string", "The name of the file."),
    "file_size": ("integer", "The size of the file in bytes."),
}
_PROBABILITY: dict[str, Any] = {
    "nsfw_probability": {
        "title": "Nsfw Probability",
        "type": "number",
        "description": "The probability of the image being NSFW.",
    }
}
_QUEUE_STATUS: dict[str, Any] = {
    "type": "object",
    "required": ["status", "request_id"],
    "properties": {
        "status": {"type": "string", "enum": ["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]},
        "request_id": {"type": "string", "description": "The request id."},
        "response_url": {"type": "string", "description": "The response url."},
        "status_url": {"type": "string", "description": "The status url."},
        "cancel_url": {"type": "string", "description": "The cancel url."},
        "logs": {"type": "object", "description": "The logs.", "additionalProperties": True},
        "metrics": {"type": "object", "description": "The metrics.", "additionalProperties": True},
        "queue_position": {"type": "integer", "description": "The queue position."},
    },
}


def document_from_endpoint(endpoint: Endpoint) -> dict[str, Any]:
    """The queue's OpenAPI document of an endpoint, from what our file says of it."""
    stem = schema_name(endpoint.id)
    return {
        "openapi": "3.0.4",
        "info": {
            "title": f"Queue OpenAPI for {endpoint.id}",
            "version": "1.0.0",
            "description": f"The OpenAPI schema for the {endpoint.id} queue.",
            "x-fal-metadata": {
                "endpointId": endpoint.id,
                "category": _category(endpoint),
                "playgroundUrl": f"https://fal.ai/models/{endpoint.id}",
                "documentationUrl": f"https://fal.ai/models/{endpoint.id}/api",
            },
        },
        "components": {
            "securitySchemes": {
                "apiKeyAuth": {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Fal Key"}
            },
            "schemas": {
                "QueueStatus": _QUEUE_STATUS,
                f"{stem}Input": _input(endpoint),
                f"{stem}Output": _output(endpoint),
                "File": _file(),
            },
        },
        "paths": _paths(endpoint.id, stem),
        "servers": [{"url": "https://queue.fal.run"}],
        "security": [{"apiKeyAuth": []}],
    }


def _category(endpoint: Endpoint) -> str:
    kinds = {option.kind for option in endpoint.options}
    if endpoint.command == SCREEN:
        return "vision"
    if Kind.VIDEO in kinds:
        return "video-to-video"
    return "image-to-video" if kinds & {Kind.IMAGE, Kind.IMAGES} else "text-to-video"


def _input(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "title": f"{schema_name(endpoint.id)}Input",
        "type": "object",
        "x-fal-order-properties": [option.field for option in endpoint.options],
        "properties": {option.field: _property(option) for option in endpoint.options},
        "required": [option.field for option in endpoint.options if option.required],
    }


def _output(endpoint: Endpoint) -> dict[str, Any]:
    made = _PROBABILITY if endpoint.command == SCREEN else {"video": {"$ref": f"{_REFERENCE}File"}}
    properties: dict[str, Any] = dict(made)
    if any(option.field == "seed" for option in endpoint.options):
        properties["seed"] = {"type": "integer", "title": "Seed", "description": "The seed used for generation"}
    return {
        "title": f"{schema_name(endpoint.id)}Output",
        "type": "object",
        "x-fal-order-properties": list(properties),
        "properties": properties,
        "required": list(made),
    }


def _file() -> dict[str, Any]:
    properties = {name: {"type": kind, "description": text} for name, (kind, text) in _FILE.items()}
    return {
        "title": "File",
        "type": "object",
        "x-fal-order-properties": list(_FILE),
        "properties": properties,
        "required": ["url"],
    }


def _property(option: Option) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "title": option.field.replace("_", " ").title(),
        "type": _TYPES[option.kind] if option.send is Send.STRING else option.send.value,
        "description": option.help,
    }
    if option.default is not None:
        schema["default"] = _sent(option, option.default)
    if option.kind is Kind.CHOICE:
        values = dict.fromkeys([*option.choices, *option.accepts.values()])
        schema["enum"] = [_sent(option, value) for value in values]
    if option.is_media:
        schema["ui"] = {"field": _HINTS[option.kind], "important": True}
    if option.kind is Kind.IMAGES:
        schema |= {"items": {"type": "string"}, "minItems": option.min_files, "maxItems": option.max_files}
    bounds = {"minimum": option.minimum, "maximum": option.maximum, "maxLength": option.max_length}
    return schema | {name: bound for name, bound in bounds.items() if bound is not None}


def _sent(option: Option, value: Value) -> Value:
    match option.send:
        case Send.STRING:
            return value
        case Send.INTEGER:
            return int(value)
        case Send.NUMBER:
            return float(value)


def _paths(endpoint_id: str, stem: str) -> dict[str, Any]:
    request_id = {
        "name": "request_id",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "description": "Request ID"},
    }
    logs = {
        "name": "logs",
        "in": "query",
        "required": False,
        "schema": {
            "type": "number",
            "description": "Whether to include logs (`1`) in the response or not (`0`).",
        },
    }
    status = {"$ref": f"{_REFERENCE}QueueStatus"}
    success = {"type": "object", "properties": {"success": {"type": "boolean"}}}
    body = {"required": True, "content": {_JSON: {"schema": {"$ref": f"{_REFERENCE}{stem}Input"}}}}
    one = f"/{endpoint_id}/requests/{{request_id}}"
    result = _answers("Result of the request.", {"$ref": f"{_REFERENCE}{stem}Output"})
    return {
        f"{one}/status": {"get": {"parameters": [request_id, logs], **_answers("The request status.", status)}},
        f"{one}/cancel": {"put": {"parameters": [request_id], **_answers("The request was cancelled.", success)}},
        f"/{endpoint_id}": {"post": {"requestBody": body, **_answers("The request status.", status)}},
        one: {"get": {"parameters": [request_id], **result}},
    }


def _answers(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"responses": {"200": {"description": description, "content": {_JSON: {"schema": schema}}}}}
