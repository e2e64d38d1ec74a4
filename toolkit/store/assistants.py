"""The store of assistants that a LangGraph-compatible server imports in place of its own.

Needs psycopg and pydantic alone.
"""

import asyncio
import json
import logging
import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Generic, Literal, LiteralString, TypedDict, TypeVar, Unpack, overload

import psycopg
from pydantic import BaseModel
from pydantic_core import to_json

from toolkit import identifiers, sql
from toolkit.errors import ToolkitError
from toolkit.store import content
from toolkit.store.connections import GetConnection, Pool, Rows, connecting, run_alone, writing
from toolkit.store.content import InvalidAssistantError
from toolkit.store.models import Assistant

IfExists = Literal["raise", "do_nothing", "update"]
Id = str | uuid.UUID
Model = TypeVar("Model", bound=BaseModel)
Many = list  # in the class, `list` is the method

_UNINDEXED = ("name", "name_contains", "description", "version")
_PATIENCE: LiteralString = "LOCAL statement_timeout = '5s'"
_SMALL = 100_000
"""Characters of JSON that are read in a millisecond or two."""
_TOO_LARGE = ("22", "54")
"""Classes of SQLSTATE of a value, or a row, that PostgreSQL cannot hold."""

_log = logging.getLogger(__name__)

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
    server prepares none of them, so a transaction pooler may stand between. A write that waits two seconds for a
    lock raises `psycopg.errors.LockNotAvailable`, unless its session has a `lock_timeout` of its own.
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
        self._knows_indexes = False

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
        # In another thread: megabytes of content take long, and the server's other requests wait for this one.
        parameters = await asyncio.to_thread(_created, data, owner_id)
        if (made := await self._write(sql.statement(_CREATE[if_exists]), parameters)) is None:
            raise AssistantConflictError(f"assistant_id {parameters['assistant_id']!r} exists")
        return made

    async def get(self, resource_id: Id, owner_id: str, *, organizations: Iterable[Id] | None = None) -> Model | None:
        """Return the assistant with this id, as given or in its canonical spelling; None if the owner sees none.

        `organizations` (UUIDs) narrows the system's rows to those of these organizations; None sees all.

        Raises:
            InvalidIdentifierError: if the id is neither text nor a `uuid.UUID`.
        """
        readable = "readable_everywhere" if organizations is None else "readable_in_organizations"
        statement, wanted = _wanted("get_assistant", resource_id, readable=readable)
        rows = await run_alone(self._get_connection, statement, {**wanted, **_reader(owner_id, organizations)})
        return next(iter(await self._read(rows)), None)

    async def list(
        self, owner_id: str, *, limit: int | None = None, offset: int = 0, **filters: Unpack[Filters]
    ) -> Many[Model]:
        """Return at most `limit` of the assistants that the owner sees, newest first, after the first `offset`.

        With the indexes of `assistant-toolkit indexes`, the time depends on `limit` and `offset`, not on the table:
        for all that the owner sees, one graph, a list of organizations, or metadata that few rows have. `name`,
        `name_contains`, `description` and `version` read up to every row, for at most five seconds.

        Raises:
            InvalidAssistantError: on a filter that is unknown or of another type.
            psycopg.errors.QueryCanceled: after five seconds.
        """
        page = {"limit": None if limit is None else _amount("limit", limit), "offset": _amount("offset", offset)}
        page["most"] = None if limit is None else min(limit + offset, 2**63 - 1)
        return await self._read(await self._find("list_assistants", owner_id, filters, **page))

    async def update(self, resource_id: Id, data: Mapping[str, Any], owner_id: str) -> Model | None:
        """Change the owner's assistant and count its version up; return None if the owner has none with this id.

        `metadata` is merged; every other key given replaces what is there. An `assistant_id` in `data` is ignored.

        Raises:
            InvalidAssistantError, InvalidIdentifierError: before anything is written. Each is a `ValueError`.
        """
        statement, wanted = _wanted("update_assistant", resource_id)
        parameters = await asyncio.to_thread(_updated, data)
        return await self._write(statement, {**parameters, **wanted, "owner_id": _owner(owner_id)})

    async def delete(self, resource_id: Id, owner_id: str) -> bool:
        """Remove the owner's assistant; return whether there was one.

        Raises:
            InvalidIdentifierError: if the id is neither text nor a `uuid.UUID`.
        """
        statement, wanted = _wanted("delete_assistant", resource_id)
        return bool(await run_alone(self._get_connection, statement, {**wanted, "owner_id": _owner(owner_id)}))

    async def count(self, owner_id: str, **filters: Unpack[Filters]) -> int:
        """Count the assistants that the owner sees; filters as in `list`.

        The time grows with the number: without `organizations` these are all of the system's rows, read in an index.
        """
        return int((await self._find("count_assistants", owner_id, filters))[0]["assistants"])

    async def clear(self) -> None:
        """Remove every assistant of every owner: for a test's database."""
        async with writing(self._get_connection) as connection:
            await connection.execute(sql.statement("clear_assistants"), prepare=False)

    async def _write(self, statement: LiteralString, parameters: dict[str, Any]) -> Model | None:
        try:
            rows = await run_alone(self._get_connection, statement, parameters)
        except psycopg.Error as error:
            if (error.sqlstate or "")[:2] not in _TOO_LARGE:
                raise
            raise InvalidAssistantError(f"PostgreSQL cannot hold the row ({error.diag.message_primary})") from None
        return next(iter(await self._read(rows)), None)

    async def _find(self, name: LiteralString, owner_id: str, filters: Filters, **page: int | None) -> Rows:
        parameters = {**_found(owner_id, filters), **page, "counts": not page}
        parameters["reads_all"] = any(parameters[key] is not None for key in _UNINDEXED)
        settings = [_PATIENCE] if parameters["reads_all"] else []
        if not self._knows_indexes:
            self._knows_indexes = True
            needed = {"names": re.findall(r"EXISTS (\w+)", sql.statement("index_assistants"))}
            missing = await run_alone(self._get_connection, sql.statement("missing_indexes"), needed)
            if names := ", ".join(each["name"] for each in missing):
                _log.warning("searches read the whole table; `assistant-toolkit indexes` prints what makes %s", names)
        return await run_alone(self._get_connection, sql.statement(name), parameters, *settings)

    async def _read(self, rows: Rows) -> Many[Model]:
        def read() -> Many[Model]:
            return [self._model(**{**row, **{key: _object(row[key]) for key in content.OBJECTS}}) for row in rows]

        if sum(len(row[key]) for row in rows for key in content.OBJECTS) < _SMALL:
            return read()
        return await asyncio.to_thread(read)


def _object(text: str) -> dict[str, Any]:
    """Return a JSON object; where an older server left an array, an empty one."""
    found = json.loads(text)
    return found if isinstance(found, dict) else {}


def _created(data: Mapping[str, Any], owner_id: str) -> dict[str, Any]:
    """Return the parameters of the statements that create."""
    values = content.checked(data)
    if "graph_id" not in values:
        raise InvalidAssistantError("graph_id is required")
    given = data.get("assistant_id")
    assistant_id = identifiers.generate() if given is None or given == "" else identifiers.canonical(given)
    values["metadata"] = {**values.get("metadata", {}), "owner": _owner(owner_id)}
    return {
        **dict.fromkeys(content.TEXTS),
        **values,
        **{key: to_json(values.get(key, {})).decode() for key in content.OBJECTS},
        "assistant_id": assistant_id,
        "spellings": [given if isinstance(given, str) and given else assistant_id],
    }


def _updated(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of the statement that updates: the new values."""
    values = content.checked(data)
    return {
        **dict.fromkeys(("graph_id", *content.OBJECTS, *content.TEXTS)),
        "metadata": "{}",
        **{key: to_json(value).decode() if key in content.OBJECTS else value for key, value in values.items()},
        **{f"sets_{key}": key in values for key in content.TEXTS},
    }


def _owner(owner_id: Any) -> str:
    if owner := content.text("owner_id", owner_id):
        return owner
    raise InvalidAssistantError("owner_id is empty")


def _reader(owner_id: str, organizations: Iterable[Id] | None) -> dict[str, Any]:
    if isinstance(organizations, str):
        raise InvalidAssistantError("organizations is one text, expected several ids")
    try:
        ids = None if organizations is None else list({identifiers.canonical(each): 1 for each in organizations})
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
            wanted = content.json_object(key, value)  # an empty object fits every row
            parameters[key] = to_json(wanted).decode() if wanted else None
        elif key != "organizations":
            parameters[key] = content.text(key, value)
    return {**parameters, **_reader(owner_id, filters.get("organizations"))}


def _amount(key: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        raise InvalidAssistantError(f"{key} is {value!r}, expected a whole number from 0")
    return value


def _wanted(name: str, assistant_id: Any, **slots: str) -> tuple[LiteralString, dict[str, Any]]:
    """Return the statement for this id, and its parameters; an id of one spelling needs no choice between rows."""
    spellings = _spellings(assistant_id)
    if len(spellings) == 1:
        return sql.statement(name, wanted_id="given_assistant_id", **slots), {"assistant_id": spellings[0]}
    return sql.statement(name, wanted_id="stored_assistant_id", **slots), {"spellings": spellings}


def _spellings(assistant_id: Any) -> list[str]:
    """Return the spellings in which a row may have this id; a row of an older server may have an invalid id."""
    try:
        canonical = identifiers.canonical(assistant_id)
    except identifiers.InvalidIdentifierError:
        if not isinstance(assistant_id, str):
            raise
        return [assistant_id] if content.is_storable(assistant_id) else []
    return list(dict.fromkeys([str(assistant_id), canonical]))
