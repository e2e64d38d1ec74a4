"""The content that an assistant may have: what PostgreSQL and LangGraph's clients can hold."""

import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from toolkit.errors import ToolkitError

_OBJECTS = ("config", "context", "metadata")
_TEXTS = ("name", "description")
_NOT_FOR_CALLERS = frozenset({"owner", "created_by"})
_DEEPEST = 100
_EXACT_FLOATS = 2**53
_LONGEST_NUMBER = 10**1000


class InvalidAssistantError(ToolkitError, ValueError):
    """A value that an assistant cannot hold."""

    remedy = "correct the value and try again; nothing was written"


def _content(data: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(data, Mapping):
        raise InvalidAssistantError(f"data is of type {type(data).__name__}, expected a mapping")
    content: dict[str, Any] = {}
    if "graph_id" in data:
        content["graph_id"] = _text("graph_id", data["graph_id"])
        if not content["graph_id"].strip():
            raise InvalidAssistantError(f"graph_id is {data['graph_id']!r}, expected the name of a graph")
    for key in _OBJECTS:
        if key in data:
            content[key] = _object(key, data[key])
    for key in _TEXTS:
        if key in data:
            content[key] = None if data[key] is None else _text(key, data[key])
    _check_config(content.get("config", {}))
    return content


def _check_config(config: dict[str, Any]) -> None:
    """Refuse what no LangGraph client can read (https://docs.langchain.com/langsmith/server-api-ref, schema Config)."""
    if not isinstance(config.get("configurable", {}), dict):
        raise InvalidAssistantError(
            f"config.configurable is of type {type(config['configurable']).__name__}, expected an object"
        )
    limit = config.get("recursion_limit", 1)
    if not isinstance(limit, int) or isinstance(limit, bool):
        raise InvalidAssistantError(f"config.recursion_limit is {limit!r}, expected a whole number")
    tags = config.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise InvalidAssistantError(f"config.tags is of type {type(tags).__name__}, expected a list of texts")


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidAssistantError(f"{key} is of type {type(value).__name__}, expected text")
    if not _is_storable(value):
        raise InvalidAssistantError(f"{key} holds a NUL or half a surrogate pair, which PostgreSQL cannot store")
    return value


def _is_storable(text: str) -> bool:
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def _object(key: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidAssistantError(f"{key} is of type {type(value).__name__}, expected an object")
    return {name: _json(entry, path, 1) for name, entry, path in _entries(key, value)}


def _entries(path: str, value: dict[Any, Any]) -> Iterable[tuple[str, Any, str]]:
    for name, entry in value.items():
        yield _text(f"{path[:200]}: a key", name), entry, f"{path}.{name}"


def _json(value: Any, path: str, depth: int) -> Any:
    """Return `value` as JSON that PostgreSQL gives back equal; UUIDs and dates as text, tuples as lists."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(path[:200], value)
    if isinstance(value, (UUID, date)):  # a datetime is a date, too
        return str(value)
    if depth > _DEEPEST:
        raise InvalidAssistantError(f"{path[:200]} is nested deeper than {_DEEPEST} levels")
    if isinstance(value, dict):
        return {name: _json(entry, below, depth + 1) for name, entry, below in _entries(path, value)}
    if isinstance(value, (list, tuple)):
        return [_json(entry, f"{path}[{position}]", depth + 1) for position, entry in enumerate(value)]
    if isinstance(value, int) and abs(value) < _LONGEST_NUMBER:
        return int(value)
    if isinstance(value, float) and math.isfinite(value):
        # jsonb keeps the decimal digits and gives a big float back as an integer: 1e23 would not equal itself.
        return int(value) if abs(value) >= _EXACT_FLOATS else float(value)
    shown = f"{value!r}" if isinstance(value, float) else f"a value of type {type(value).__name__}"
    raise InvalidAssistantError(f"{path[:200]} holds {shown}, which JSON cannot hold")


def _without_owner(metadata: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in metadata.items() if key not in _NOT_FOR_CALLERS}
