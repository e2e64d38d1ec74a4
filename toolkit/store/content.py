"""The content that an assistant may have: what PostgreSQL and LangGraph's clients can hold."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from toolkit.errors import InvalidAssistantError

OBJECTS = ("config", "context", "metadata")
TEXTS = ("name", "description")
_NOT_FOR_CALLERS = frozenset({"owner", "created_by"})
_DEEPEST = 100
_EXACT_FLOATS = 2**53
_LONGEST_NUMBER = 10**1000
_CONFIG: dict[str, tuple[Any, str]] = {
    "configurable": (dict, "an object"),
    "recursion_limit": (int, "a whole number"),
    "tags": (list, "a list of texts"),
}
"""What LangGraph's clients can read (https://docs.langchain.com/langsmith/server-api-ref, schema Config)."""


def checked(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content in `data`, as JSON that PostgreSQL gives back equal; leave out keys that callers cannot set.

    Raises:
        InvalidAssistantError: on a value that an assistant cannot hold.
    """
    if not isinstance(data, Mapping):
        raise _of_type("data", data, "a mapping")
    content: dict[str, Any] = {}
    if "graph_id" in data:
        content["graph_id"] = text("graph_id", data["graph_id"])
        if not content["graph_id"].strip():
            raise InvalidAssistantError(f"graph_id is {data['graph_id']!r}, expected the name of a graph")
    content |= {key: json_object(key, data[key]) for key in OBJECTS if key in data}
    content |= {key: data[key] if data[key] is None else text(key, data[key]) for key in TEXTS if key in data}
    for key, (kind, expected) in _CONFIG.items():
        value = content.get("config", {}).get(key, kind())
        if type(value) is not kind or (key == "tags" and not all(isinstance(tag, str) for tag in value)):
            raise _of_type(f"config.{key}", value, expected)
    for key in _NOT_FOR_CALLERS:
        content.get("metadata", {}).pop(key, None)
    return content


def text(key: str, value: Any) -> str:
    """Return `value` if it is text that PostgreSQL can store."""
    if not isinstance(value, str):
        raise _of_type(key, value, "text")
    if not is_storable(value):
        raise InvalidAssistantError(f"{key} holds a NUL or half a surrogate pair, which PostgreSQL cannot store")
    return value


def is_storable(value: str) -> bool:
    """Return whether PostgreSQL can store this text."""
    try:
        return b"\0" not in value.encode()
    except UnicodeEncodeError:
        return False


def json_object(key: str, value: Any) -> dict[str, Any]:
    """Return `value` as a JSON object that PostgreSQL gives back equal."""
    if not isinstance(value, dict):
        raise _of_type(key, value, "an object")
    found: dict[str, Any] = _json(value, key, 0)
    return found


def _json(value: Any, path: str, depth: int) -> Any:
    """Return `value` as JSON: UUIDs and dates as text, tuples as lists."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return text(path[:200], value)
    if isinstance(value, (UUID, date)):  # a datetime is a date, too
        return str(value)
    if depth > _DEEPEST:
        raise InvalidAssistantError(f"{path[:200]} is nested deeper than {_DEEPEST} levels")
    if isinstance(value, dict):
        return {
            text(f"{path[:200]}: a key", name): _json(entry, f"{path}.{name}", depth + 1)
            for name, entry in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_json(entry, f"{path}[{position}]", depth + 1) for position, entry in enumerate(value)]
    if isinstance(value, int) and abs(value) < _LONGEST_NUMBER:
        return int(value)
    if isinstance(value, float) and math.isfinite(value):
        # jsonb keeps the decimal digits and gives a big float back as an integer: 1e23 would not equal itself.
        return int(value) if abs(value) >= _EXACT_FLOATS else float(value)
    shown = f"{value!r}" if isinstance(value, float) else f"a value of type {type(value).__name__}"
    raise InvalidAssistantError(f"{path[:200]} holds {shown}, which JSON cannot hold")


def _of_type(key: str, value: Any, expected: str) -> InvalidAssistantError:
    return InvalidAssistantError(f"{key} is of type {type(value).__name__}, expected {expected}")
