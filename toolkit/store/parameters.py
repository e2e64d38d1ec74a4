"""Parameters of the store's statements, from what callers give."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, LiteralString, TypedDict

from pydantic import BaseModel
from pydantic_core import to_json

from toolkit import identifiers, sql
from toolkit.errors import InvalidAssistantError
from toolkit.store import content, models

Id = str | uuid.UUID


class Filters(TypedDict, total=False):
    """Filters of `list` and `count`: an assistant fits if it fits all; None filters nothing."""

    assistant_id: Id | None
    graph_id: str | None
    name: str | None
    description: str | None
    version: int | None
    metadata: Mapping[str, Any] | None
    """Contained in the assistant's; each of the columns above is equal."""
    name_contains: str | None
    """A part of the name, in upper or lower case."""
    organizations: Iterable[Id] | None
    """As in `get`."""


def created(data: Mapping[str, Any], owner_id: str, model: type[BaseModel]) -> dict[str, Any]:
    """Return the parameters of the statements that create a row that `model` holds."""
    values = content.checked(data)
    if "graph_id" not in values:
        raise InvalidAssistantError("graph_id is required")
    given = data.get("assistant_id")
    assistant_id = identifiers.generate() if given is None or given == "" else identifiers.canonical(given)
    values["metadata"] = {**values.get("metadata", {}), "owner": owner(owner_id)}
    models.refuse_unreadable(model, {**values, "assistant_id": assistant_id})
    return {
        **dict.fromkeys(content.TEXTS),
        **values,
        **{key: to_json(values.get(key, {})).decode() for key in content.OBJECTS},
        "assistant_id": assistant_id,
        "spellings": [given if isinstance(given, str) and given else assistant_id],
    }


def updated(data: Mapping[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    """Return the parameters of the statement that updates: the new values, which `model` holds."""
    values = content.checked(data)
    models.refuse_unreadable(model, {key: values[key] for key in values if key != "metadata"})  # that is merged
    return {
        **dict.fromkeys(("graph_id", *content.OBJECTS, *content.TEXTS)),
        "metadata": "{}",
        **{key: to_json(value).decode() if key in content.OBJECTS else value for key, value in values.items()},
        **{f"sets_{key}": key in values for key in content.TEXTS},
    }


def owner(owner_id: Any) -> str:
    """Return the owner's id if it is one."""
    if text := content.text("owner_id", owner_id):
        return text
    raise InvalidAssistantError("owner_id is empty")


def reader(owner_id: str, organizations: Iterable[Id] | None) -> dict[str, Any]:
    """Return the parameters that say who reads, and the system's rows of which organizations."""
    if organizations is None:
        return {"owner_id": owner(owner_id), "organizations": None}
    given = organizations if isinstance(organizations, Iterable) and not isinstance(organizations, str) else [""]
    ids = dict.fromkeys(identifiers.parse_uuid(str(each)) for each in given)
    if None in ids:
        raise InvalidAssistantError(f"organizations is {organizations!r:.80}, expected UUIDs")
    return {"owner_id": owner(owner_id), "organizations": list(map(str, ids))}


def found(owner_id: str, filters: Filters) -> dict[str, Any]:
    """Return the parameters of a statement over the assistants found."""
    if unknown := sorted(filters.keys() - Filters.__annotations__.keys()):
        raise InvalidAssistantError(f"{unknown[0]} is no filter, known are {', '.join(Filters.__annotations__)}")
    parameters: dict[str, Any] = dict.fromkeys(("spellings", *Filters.__annotations__))
    for key, value in filters.items():
        if value is None:
            continue
        if key == "assistant_id":
            parameters["spellings"] = _spellings(value)
        elif key == "version":
            parameters[key] = _amount(key, value)
        elif key == "metadata":
            contained = content.json_object(key, value)  # an empty object fits every row
            parameters[key] = to_json(contained).decode() if contained else None
        elif key != "organizations":
            parameters[key] = content.text(key, value)
    return {**parameters, **reader(owner_id, filters.get("organizations"))}


def page(limit: int | None, offset: int) -> dict[str, int | None]:
    """Return the parameters of a list's page."""
    first = _amount("offset", offset)
    if limit is None:
        return {"limit": None, "offset": first, "most": None}
    return {"limit": _amount("limit", limit), "offset": first, "most": min(limit + first, 2**63 - 1)}


def _amount(key: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        raise InvalidAssistantError(f"{key} is {value!r}, expected a whole number from 0")
    return value


def wanted(name: str, assistant_id: Any) -> tuple[LiteralString, dict[str, Any]]:
    """Return the statement for this id, and its parameters; an id of one spelling needs no choice between rows."""
    if len(spellings := _spellings(assistant_id)) == 1:
        return sql.statement(name, wanted_id="given_assistant_id"), {"assistant_id": spellings[0]}
    return sql.statement(name, wanted_id="stored_assistant_id"), {"spellings": spellings}


def _spellings(assistant_id: Any) -> list[str]:
    """Return the spellings in which a row may have this id; a row of an older server may have an invalid id."""
    try:
        canonical = identifiers.canonical(assistant_id)
    except identifiers.InvalidIdentifierError:
        if not isinstance(assistant_id, str):
            raise
        return [assistant_id] if content.is_storable(assistant_id) else []
    return list(dict.fromkeys([str(assistant_id), canonical]))
