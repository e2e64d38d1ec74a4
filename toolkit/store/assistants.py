"""The store of assistants that a LangGraph-compatible server imports in place of its own.

Needs psycopg and pydantic alone.
"""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Generic, Literal, LiteralString, TypedDict, TypeVar, Unpack, overload

from psycopg.types.json import Jsonb
from pydantic import BaseModel

from toolkit import identifiers, sql
from toolkit.errors import ToolkitError
from toolkit.store import content
from toolkit.store.connections import GetConnection, Pool, connecting, run_alone, writing
from toolkit.store.content import InvalidAssistantError
from toolkit.store.models import Assistant

IfExists = Literal["raise", "do_nothing", "update"]
Id = str | uuid.UUID
Model = TypeVar("Model", bound=BaseModel)
Many = list  # in the class, `list` is the method

_CREATE: dict[str, LiteralString] = {
    "raise": "create_assistant_or_raise",
    "do_nothing": "create_assistant_or_do_nothing",
    "update": "create_assistant_or_update",
}


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


class AssistantConflictError(ToolkitError, ValueError):
    """An assistant id that another owner, or an earlier row, already has."""

    remedy = 'the id is taken: use another one, or pass if_exists="do_nothing" or "update" if the assistant is yours'


class PostgresAssistantStore(Generic[Model]):
    """Assistants in langgraph_server.assistants, each under the id its creator gave it.

    Reads see the owner's rows and the system's; writes touch the owner's rows only. Every method is one statement. The
    server prepares none of them, so a transaction pooler may stand between.
    """

    @overload
    def __init__(self: "PostgresAssistantStore[Assistant]", get_connection: GetConnection | Pool) -> None: ...

    @overload
    def __init__(self, get_connection: GetConnection | Pool, model: type[Model]) -> None: ...

    def __init__(self, get_connection: GetConnection | Pool, model: Any = Assistant) -> None:
        """Keep how to connect, and the model of the rows.

        Args:
            get_connection: an async context manager that yields a `psycopg.AsyncConnection`, autocommit or not; or a
                pool of such connections.
            model: a pydantic model with the fields of `Assistant`, such as the server's own. Its types and defaults
                hold for what is returned. No default is written to a row.
        """
        self._get_connection = connecting(get_connection)
        self._model: type[Model] = model

    async def create(self, data: Mapping[str, Any], owner_id: str, *, if_exists: IfExists = "update") -> Model:
        """Store an assistant of `owner_id` under the id given.

        Args:
            data: `graph_id` (required), `assistant_id`, `config`, `context`, `metadata`, `name`, `description`; other
                keys are ignored. Without an `assistant_id` (absent, None, empty) the id is 32 random hex digits. A
                UUID in any spelling is stored in lower case with dashes, unless a row has it exactly as given.
                `metadata.owner` becomes `owner_id`; an `owner` or `created_by` in `data` is left out.
            owner_id: the owner.
            if_exists: what happens if the owner has this id already. `update` replaces the content, and counts the
                version up if it differs. `do_nothing` returns the row unchanged. `raise` refuses. A route that does
                not pass its client's `if_exists` on gets `update`: parallel POSTs of one id by one user all succeed,
                on one row, and the last content stays. Pass `if_exists="raise"` to refuse all but one.

        Raises:
            InvalidAssistantError, InvalidIdentifierError: before anything is written. Each is a `ValueError`.
            AssistantConflictError: if another owner has the id, or if it is taken and `if_exists` is `raise`. Also a
                `ValueError`. The row is neither returned nor touched.
        """
        if if_exists not in _CREATE:
            raise InvalidAssistantError(f"if_exists is {if_exists!r}, expected one of {', '.join(_CREATE)}")
        values = content.checked(data)
        if "graph_id" not in values:
            raise InvalidAssistantError("graph_id is required")
        given = data.get("assistant_id")
        assistant_id = identifiers.generate() if given is None or given == "" else identifiers.canonical(given)
        values["metadata"] = {**values.get("metadata", {}), "owner": _owner(owner_id)}
        parameters = {
            **dict.fromkeys(content.TEXTS),
            **values,
            **{key: Jsonb(values.get(key, {})) for key in content.OBJECTS},
            "assistant_id": assistant_id,
            "spellings": [given if isinstance(given, str) and given else assistant_id],
        }
        if (made := await self._first(_CREATE[if_exists], parameters)) is None:
            raise AssistantConflictError(f"assistant_id {assistant_id!r} exists")
        return made

    async def get(self, resource_id: Id, owner_id: str, *, organizations: Iterable[Id] | None = None) -> Model | None:
        """Return the assistant with this id, as given or in its canonical spelling; None if the owner sees none.

        `organizations` (UUIDs) narrows the system's rows to those of these organizations; None sees all.

        Raises:
            InvalidIdentifierError: if the id is neither text nor a `uuid.UUID`.
        """
        parameters = {"spellings": _spellings(resource_id), **_reader(owner_id, organizations)}
        return await self._first("get_assistant", parameters)

    async def list(
        self, owner_id: str, *, limit: int | None = None, offset: int = 0, **filters: Unpack[Filters]
    ) -> Many[Model]:
        """Return at most `limit` of the assistants that the owner sees, newest first, after the first `offset`.

        Raises:
            InvalidAssistantError: on a filter that is unknown or of another type.
        """
        page = {"limit": None if limit is None else _amount("limit", limit), "offset": _amount("offset", offset)}
        rows = await run_alone(self._get_connection, "list_assistants", {**_found(owner_id, filters), **page})
        return [self._model(**row) for row in rows]

    async def update(self, resource_id: Id, data: Mapping[str, Any], owner_id: str) -> Model | None:
        """Change the owner's assistant and count its version up; return None if the owner has none with this id.

        `metadata` is merged; every other key given replaces what is there. An `assistant_id` in `data` is ignored.

        Raises:
            InvalidAssistantError, InvalidIdentifierError: before anything is written. Each is a `ValueError`.
        """
        values = content.checked(data)
        parameters = {
            **dict.fromkeys(("graph_id", *content.OBJECTS, *content.TEXTS)),
            "metadata": Jsonb({}),
            **{key: Jsonb(value) if key in content.OBJECTS else value for key, value in values.items()},
            **{f"sets_{key}": key in values for key in content.TEXTS},
            "spellings": _spellings(resource_id),
            "owner_id": _owner(owner_id),
        }
        return await self._first("update_assistant", parameters)

    async def delete(self, resource_id: Id, owner_id: str) -> bool:
        """Remove the owner's assistant; return whether there was one.

        Raises:
            InvalidIdentifierError: if the id is neither text nor a `uuid.UUID`.
        """
        parameters = {"spellings": _spellings(resource_id), "owner_id": _owner(owner_id)}
        return bool(await run_alone(self._get_connection, "delete_assistant", parameters))

    async def count(self, owner_id: str, **filters: Unpack[Filters]) -> int:
        """Count the assistants that the owner sees; filters as in `list`."""
        rows = await run_alone(self._get_connection, "count_assistants", _found(owner_id, filters))
        return int(rows[0]["assistants"])

    async def clear(self) -> None:
        """Remove every assistant of every owner: for a test's database."""
        async with writing(self._get_connection) as connection:
            await connection.execute(sql.statement("clear_assistants"), prepare=False)

    async def _first(self, name: LiteralString, parameters: dict[str, Any]) -> Model | None:
        rows = await run_alone(self._get_connection, name, parameters)
        return self._model(**rows[0]) if rows else None


def _owner(owner_id: Any) -> str:
    if owner := content.text("owner_id", owner_id):
        return owner
    raise InvalidAssistantError("owner_id is empty")


def _reader(owner_id: str, organizations: Iterable[Id] | None) -> dict[str, Any]:
    if isinstance(organizations, str):
        raise InvalidAssistantError("organizations is one text, expected several ids")
    try:
        ids = None if organizations is None else [identifiers.canonical(each) for each in organizations]
    except identifiers.InvalidIdentifierError:
        raise InvalidAssistantError(f"organizations is {organizations!r:.80}, expected UUIDs") from None
    return {"owner_id": _owner(owner_id), "organizations": ids}


def _found(owner_id: str, filters: Filters) -> dict[str, Any]:
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
            parameters[key] = Jsonb(content.json_object(key, value))
        elif key != "organizations":
            parameters[key] = content.text(key, value)
    return {**parameters, **_reader(owner_id, filters.get("organizations"))}


def _amount(key: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        raise InvalidAssistantError(f"{key} is {value!r}, expected a whole number from 0")
    return value


def _spellings(assistant_id: Any) -> list[str]:
    """Return the spellings in which a row may have this id; a row of an older server may have an invalid id."""
    try:
        canonical = identifiers.canonical(assistant_id)
    except identifiers.InvalidIdentifierError:
        if not isinstance(assistant_id, str):
            raise
        return [assistant_id] if content.is_storable(assistant_id) else []
    return list(dict.fromkeys([str(assistant_id), canonical]))
