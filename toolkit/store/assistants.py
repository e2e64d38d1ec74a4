"""The store of assistants that a LangGraph-compatible server imports in place of its own.

Needs psycopg and pydantic alone.
"""

import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import Any, Literal, LiteralString

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from pydantic import BaseModel

from toolkit import identifiers, sql
from toolkit.errors import ToolkitError
from toolkit.store.content import (
    _OBJECTS,
    _TEXTS,
    InvalidAssistantError,
    _content,
    _is_storable,
    _object,
    _text,
    _without_owner,
)


class Assistant(BaseModel, frozen=True):
    """A row of langgraph_server.assistants."""

    assistant_id: str
    graph_id: str
    config: dict[str, Any]
    context: dict[str, Any]
    metadata: dict[str, Any]
    name: str | None
    description: str | None
    version: int
    created_at: datetime
    updated_at: datetime


GetConnection = Callable[[], AbstractAsyncContextManager[psycopg.AsyncConnection[Any]]]
IfExists = Literal["raise", "do_nothing", "update"]
Assistants = list[Assistant]  # in the class, `list` is the method
Rows = list[dict[str, Any]]

_CREATE: dict[str, LiteralString] = {
    "raise": "create_assistant_or_raise",
    "do_nothing": "create_assistant_or_do_nothing",
    "update": "create_assistant_or_update",
}


class AssistantConflictError(ToolkitError):
    """An assistant id that another owner, or an earlier row, already has."""

    remedy = (
        'the id is taken: use another one, or pass if_exists="do_nothing" or "update" where the assistant is your own'
    )


@asynccontextmanager
async def writing(get_connection: GetConnection) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    """Hold a connection on which what is done is committed at the end, whether or not it is autocommit."""
    async with get_connection() as connection, connection.transaction():
        yield connection


class PostgresAssistantStore:
    """Keep assistants in langgraph_server.assistants, each under the id its creator gave it.

    Reads see the owner's rows and the system's; writes touch the owner's rows only. Every method is one statement,
    none of it prepared on the server, so a transaction pooler may stand between.
    """

    def __init__(self, get_connection: GetConnection) -> None:
        """Keep `get_connection()`: an async context manager that yields a `psycopg.AsyncConnection`, autocommit or not."""
        self._get_connection = get_connection

    async def create(self, data: Mapping[str, Any], owner_id: str, *, if_exists: IfExists = "update") -> Assistant:
        """Store an assistant of `owner_id` under the id given.

        Args:
            data: `graph_id` (required), `assistant_id`, `config`, `context`, `metadata`, `name`, `description`; other
                keys are ignored. Absent, None or empty `assistant_id`: 32 random hex digits. A UUID in any spelling
                is stored in lower case with dashes, unless a row has it exactly as given. `metadata.owner` is set
                to `owner_id`; an `owner` or `created_by` of the caller's is left out.
            owner_id: whose it is.
            if_exists: what happens when the owner has this id already: `update` replaces the content and counts
                the version up if it differs, `do_nothing` returns the row as it stands, `raise` refuses.

        Raises:
            InvalidAssistantError, InvalidIdentifierError: both `ValueError`; before anything is written.
            AssistantConflictError: if the id is somebody else's, whatever `if_exists` says, or taken and
                `if_exists` is `raise`. The row is neither returned nor touched.
        """
        if if_exists not in _CREATE:
            raise InvalidAssistantError(f"got if_exists {if_exists!r}, expected one of {', '.join(_CREATE)}")
        content = _content(data)
        if "graph_id" not in content:
            raise InvalidAssistantError("graph_id is missing")
        given = data.get("assistant_id")
        assistant_id = identifiers.generate() if given is None or given == "" else identifiers.canonical(given)
        row = await self._first(
            _CREATE[if_exists],
            {
                "name": None,
                "description": None,
                **content,
                **{key: Jsonb(content.get(key, {})) for key in _OBJECTS},
                "metadata": Jsonb({**_without_owner(content.get("metadata", {})), "owner": _owner(owner_id)}),
                "assistant_id": assistant_id,
                "spellings": [given if isinstance(given, str) and given else assistant_id],
            },
        )
        if row is None:
            raise AssistantConflictError(f"assistant_id {assistant_id!r} exists")
        return Assistant(**row)

    async def get(
        self, assistant_id: str | uuid.UUID, owner_id: str, *, organizations: Iterable[str | uuid.UUID] | None = None
    ) -> Assistant | None:
        """Return the assistant with this id, as given or in its canonical spelling; None where the owner sees none.

        `organizations` (UUIDs) narrows the system's rows to those of these organizations; None sees all.

        Raises:
            InvalidIdentifierError: if the id is neither text nor a `uuid.UUID`.
        """
        parameters = {"spellings": _spellings(assistant_id), **_reader(owner_id, organizations)}
        row = await self._first("get_assistant", parameters)
        return None if row is None else Assistant(**row)

    async def list(
        self,
        owner_id: str,
        *,
        graph_id: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        name: str | None = None,
        organizations: Iterable[str | uuid.UUID] | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> Assistants:
        """Return the assistants that the owner sees, newest first.

        Args:
            owner_id: the reader.
            graph_id: only those of this graph.
            metadata: only those whose metadata contains this.
            name: only those whose name contains this text, upper and lower case alike.
            organizations: as in `get`.
            limit: how many at most; None for all.
            offset: how many to pass over.

        Raises:
            InvalidAssistantError: on a filter of another type.
        """
        filters = {**_filters(graph_id, metadata, name), **_reader(owner_id, organizations)}
        page = {"limit": None if limit is None else _amount("limit", limit), "offset": _amount("offset", offset)}
        rows = await self._fetch("list_assistants", {**filters, **page})
        return [Assistant(**row) for row in rows]

    async def update(self, assistant_id: str | uuid.UUID, data: Mapping[str, Any], owner_id: str) -> Assistant | None:
        """Change the owner's assistant and count its version up; None where the owner has none with this id.

        `metadata` is merged into what is there, every other key given replaces; an `assistant_id` in `data` is ignored.

        Raises:
            InvalidAssistantError, InvalidIdentifierError: both `ValueError`; before anything is written.
        """
        content = _content(data)
        row = await self._first(
            "update_assistant",
            {
                **dict.fromkeys(("graph_id", "name", "description")),
                **content,
                **{key: Jsonb(content[key]) if key in content else None for key in _OBJECTS},
                "metadata": Jsonb(_without_owner(content.get("metadata", {}))),
                **{f"sets_{key}": key in content for key in _TEXTS},
                "spellings": _spellings(assistant_id),
                "owner_id": _owner(owner_id),
            },
        )
        return None if row is None else Assistant(**row)

    async def delete(self, assistant_id: str | uuid.UUID, owner_id: str) -> bool:
        """Remove the owner's assistant; say whether there was one.

        Raises:
            InvalidIdentifierError: if the id is neither text nor a `uuid.UUID`.
        """
        parameters = {"spellings": _spellings(assistant_id), "owner_id": _owner(owner_id)}
        return await self._first("delete_assistant", parameters) is not None

    async def count(
        self,
        owner_id: str,
        *,
        graph_id: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        name: str | None = None,
        organizations: Iterable[str | uuid.UUID] | None = None,
    ) -> int:
        """Count the assistants that the owner sees; filters as in `list`."""
        rows = await self._fetch(
            "count_assistants", {**_filters(graph_id, metadata, name), **_reader(owner_id, organizations)}
        )
        return int(rows[0]["assistants"])

    async def clear(self) -> None:
        """Remove every assistant, whoever owns it: for a test's database."""
        async with writing(self._get_connection) as connection:
            await connection.execute(sql.statement("clear_assistants"), prepare=False)

    async def _first(self, name: LiteralString, parameters: dict[str, Any]) -> dict[str, Any] | None:
        rows = await self._fetch(name, parameters)
        return rows[0] if rows else None

    async def _fetch(self, name: LiteralString, parameters: dict[str, Any]) -> Rows:
        async with self._get_connection() as connection:
            if connection.autocommit:  # one statement is a transaction of its own, and one round trip
                return await _run(connection, name, parameters)
            async with connection.transaction():
                return await _run(connection, name, parameters)


async def _run(connection: psycopg.AsyncConnection[Any], name: LiteralString, parameters: dict[str, Any]) -> Rows:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(sql.statement(name), parameters, prepare=False)
        return await cursor.fetchall()


class PostgresStorage:
    """Bear the assistants of a LangGraph-compatible server, and make its tables."""

    def __init__(self, get_connection: GetConnection) -> None:
        """Keep `get_connection`, as `PostgresAssistantStore` has it."""
        self._get_connection = get_connection
        self.assistants = PostgresAssistantStore(get_connection)

    async def setup(self) -> None:
        """Make the tables of schema `langgraph_server` where they are not there; servers that start together wait in turn."""
        async with writing(self._get_connection) as connection:
            await connection.execute(sql.statement("lock_setup"), prepare=False)
            if not (await _run(connection, "is_set_up", {}))[0]["is_set_up"]:
                await connection.execute(sql.statement("set_up"), prepare=False)


def _owner(owner_id: Any) -> str:
    if not _text("owner_id", owner_id):
        raise InvalidAssistantError("owner_id is empty")
    return str(owner_id)


def _reader(owner_id: str, organizations: Iterable[str | uuid.UUID] | None) -> dict[str, Any]:
    if isinstance(organizations, str):
        raise InvalidAssistantError("got organizations as one text, expected several ids")
    ids = None if organizations is None else [identifiers.canonical(each) for each in organizations]
    return {"owner_id": _owner(owner_id), "organizations": ids}


def _filters(graph_id: str | None, metadata: Mapping[str, Any] | None, name: str | None) -> dict[str, Any]:
    return {
        "graph_id": None if graph_id is None else _text("graph_id", graph_id),
        "metadata": None if metadata is None else Jsonb(_object("metadata", metadata)),
        "name": None if name is None else _text("name", name),
    }


def _amount(key: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        raise InvalidAssistantError(f"got {key} {value!r}, expected a whole number from 0")
    return value


def _spellings(assistant_id: Any) -> list[str]:
    """Return the spellings under which a row may stand; text that can be no id may still be in an older server's row."""
    try:
        canonical = identifiers.canonical(assistant_id)
    except identifiers.InvalidIdentifierError:
        if not isinstance(assistant_id, str):
            raise
        return [assistant_id] if _is_storable(assistant_id) else []
    return list(dict.fromkeys([str(assistant_id), canonical]))
