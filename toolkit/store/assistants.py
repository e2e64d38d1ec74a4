"""The store of assistants that a LangGraph-compatible server imports in place of its own.

Needs psycopg and pydantic alone.
"""

import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import Annotated, Any, Generic, Literal, LiteralString, Protocol, TypedDict, TypeVar, Unpack, overload

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from pydantic import AfterValidator, BaseModel, GetCoreSchemaHandler

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


class AssistantConfig(dict[str, Any]):
    """The config as its row has it; what LangGraph's clients expect in one can be read as attributes, too."""

    @property
    def tags(self) -> list[str]:
        """The row's, else none."""
        found: list[str] = self.get("tags", [])
        return found

    @property
    def recursion_limit(self) -> int:
        """The row's, else 25."""
        found: int = self.get("recursion_limit", 25)
        return found

    @property
    def configurable(self) -> dict[str, Any]:
        """The row's, else an empty one."""
        found: dict[str, Any] = self.get("configurable", {})
        return found

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> Any:
        """Have pydantic read and dump it as the dict that it is."""
        return handler(Annotated[dict[str, Any], AfterValidator(cls)])


class Assistant(BaseModel, frozen=True):
    """A row of langgraph_server.assistants."""

    assistant_id: str
    graph_id: str
    config: AssistantConfig
    context: dict[str, Any]
    metadata: dict[str, Any]
    name: str | None
    description: str | None
    version: int
    created_at: datetime
    updated_at: datetime


GetConnection = Callable[[], AbstractAsyncContextManager[psycopg.AsyncConnection[Any]]]
IfExists = Literal["raise", "do_nothing", "update"]
Model = TypeVar("Model", bound=BaseModel)
Many = list  # in the class, `list` is the method
Rows = list[dict[str, Any]]


class Pool(Protocol):
    """A pool of connections, such as psycopg_pool.AsyncConnectionPool."""

    def connection(self) -> AbstractAsyncContextManager[psycopg.AsyncConnection[Any]]:
        """Yield a connection."""


class Filters(TypedDict, total=False):
    """Which assistants `list` and `count` mean: all that fit every filter given; None is as good as not given."""

    assistant_id: str | uuid.UUID | None
    graph_id: str | None
    name: str | None
    description: str | None
    version: int | None
    metadata: Mapping[str, Any] | None
    """Contained in the assistant's; each of the columns above is equal."""
    name_contains: str | None
    """A part of the name, upper and lower case alike."""
    organizations: Iterable[str | uuid.UUID] | None
    """As in `get`."""


_CREATE: dict[str, LiteralString] = {
    "raise": "create_assistant_or_raise",
    "do_nothing": "create_assistant_or_do_nothing",
    "update": "create_assistant_or_update",
}


class AssistantConflictError(ToolkitError, ValueError):
    """An assistant id that another owner, or an earlier row, already has."""

    remedy = (
        'the id is taken: use another one, or pass if_exists="do_nothing" or "update" where the assistant is your own'
    )


@asynccontextmanager
async def writing(get_connection: GetConnection) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    """Hold a connection on which what is done is committed at the end, whether or not it is autocommit."""
    async with get_connection() as connection, connection.transaction():
        yield connection


def connecting(given: GetConnection | Pool) -> GetConnection:
    """Return what yields connections: `given` itself, or its method `connection` where it is a pool."""
    return given.connection if hasattr(given, "connection") else given


class PostgresAssistantStore(Generic[Model]):
    """Keep assistants in langgraph_server.assistants, each under the id its creator gave it.

    Reads see the owner's rows and the system's; writes touch the owner's rows only. Every method is one statement,
    none of it prepared on the server, so a transaction pooler may stand between.
    """

    @overload
    def __init__(self: "PostgresAssistantStore[Assistant]", get_connection: GetConnection | Pool) -> None: ...

    @overload
    def __init__(self, get_connection: GetConnection | Pool, model: type[Model]) -> None: ...

    def __init__(self, get_connection: GetConnection | Pool, model: Any = Assistant) -> None:
        """Keep how one connects, and as what rows come back.

        Args:
            get_connection: an async context manager that yields a `psycopg.AsyncConnection`, autocommit or not; or a
                pool of such connections.
            model: a pydantic model with the fields of `Assistant`, such as the server's own, whose types and defaults
                then hold. No default is written to a row.
        """
        self._get_connection = connecting(get_connection)
        self._model: type[Model] = model

    async def create(self, data: Mapping[str, Any], owner_id: str, *, if_exists: IfExists = "update") -> Model:
        """Store an assistant of `owner_id` under the id given.

        Args:
            data: `graph_id` (required), `assistant_id`, `config`, `context`, `metadata`, `name`, `description`; other
                keys are ignored. Absent, None or empty `assistant_id`: 32 random hex digits. A UUID in any spelling
                is stored in lower case with dashes, unless a row has it exactly as given. `metadata.owner` is set
                to `owner_id`; an `owner` or `created_by` of the caller's is left out.
            owner_id: whose it is.
            if_exists: what happens when the owner has this id already: `update` replaces the content and counts
                the version up if it differs, `do_nothing` returns the row as it stands, `raise` refuses. A route
                that does not pass its client's `if_exists` on gets `update`: of parallel POSTs of one id by one
                user, those that pass the route's own look for the id all succeed, on one row, and the last one's
                content stays. To have all but one refused, pass `if_exists="raise"`.

        Raises:
            InvalidAssistantError, InvalidIdentifierError: both `ValueError`; before anything is written.
            AssistantConflictError: also a `ValueError`; if the id is somebody else's, whatever `if_exists` says, or
                taken and `if_exists` is `raise`. The row is neither returned nor touched.
        """
        if if_exists not in _CREATE:
            raise InvalidAssistantError(f"if_exists is {if_exists!r}, expected one of {', '.join(_CREATE)}")
        content = _content(data)
        if "graph_id" not in content:
            raise InvalidAssistantError("graph_id is required")
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
        return self._model(**row)

    async def get(
        self, resource_id: str | uuid.UUID, owner_id: str, *, organizations: Iterable[str | uuid.UUID] | None = None
    ) -> Model | None:
        """Return the assistant with this id, as given or in its canonical spelling; None where the owner sees none.

        `organizations` (UUIDs) narrows the system's rows to those of these organizations; None sees all.

        Raises:
            InvalidIdentifierError: if the id is neither text nor a `uuid.UUID`.
        """
        parameters = {"spellings": _spellings(resource_id), **_reader(owner_id, organizations)}
        return self._read(await self._first("get_assistant", parameters))

    async def list(
        self, owner_id: str, *, limit: int | None = None, offset: int = 0, **filters: Unpack[Filters]
    ) -> Many[Model]:
        """Return the assistants that the owner sees, newest first.

        Args:
            owner_id: the reader.
            limit: how many at most; None for all.
            offset: how many to pass over.
            **filters: `metadata` is contained in the assistant's, `name_contains` in its name; `assistant_id`,
                `graph_id`, `name`, `description` and `version` are equal; `organizations` as in `get`.

        Raises:
            InvalidAssistantError: on a filter that is unknown or of another type.
        """
        page = {"limit": None if limit is None else _amount("limit", limit), "offset": _amount("offset", offset)}
        rows = await self._fetch("list_assistants", {**_found(owner_id, filters), **page})
        return [self._model(**row) for row in rows]

    async def update(self, resource_id: str | uuid.UUID, data: Mapping[str, Any], owner_id: str) -> Model | None:
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
                "spellings": _spellings(resource_id),
                "owner_id": _owner(owner_id),
            },
        )
        return self._read(row)

    async def delete(self, resource_id: str | uuid.UUID, owner_id: str) -> bool:
        """Remove the owner's assistant; say whether there was one.

        Raises:
            InvalidIdentifierError: if the id is neither text nor a `uuid.UUID`.
        """
        parameters = {"spellings": _spellings(resource_id), "owner_id": _owner(owner_id)}
        return await self._first("delete_assistant", parameters) is not None

    async def count(self, owner_id: str, **filters: Unpack[Filters]) -> int:
        """Count the assistants that the owner sees; filters as in `list`."""
        rows = await self._fetch("count_assistants", _found(owner_id, filters))
        return int(rows[0]["assistants"])

    async def clear(self) -> None:
        """Remove every assistant, whoever owns it: for a test's database."""
        async with writing(self._get_connection) as connection:
            await connection.execute(sql.statement("clear_assistants"), prepare=False)

    def _read(self, row: dict[str, Any] | None) -> Model | None:
        return None if row is None else self._model(**row)

    async def _first(self, name: LiteralString, parameters: dict[str, Any]) -> dict[str, Any] | None:
        rows = await self._fetch(name, parameters)
        return rows[0] if rows else None

    async def _fetch(self, name: LiteralString, parameters: dict[str, Any]) -> Rows:
        async with self._get_connection() as connection:
            if connection.autocommit:  # one statement is a transaction of its own, and one round trip
                return await run(connection, name, parameters)
            async with connection.transaction():
                return await run(connection, name, parameters)


async def run(connection: psycopg.AsyncConnection[Any], name: LiteralString, parameters: dict[str, Any]) -> Rows:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(sql.statement(name), parameters, prepare=False)
        return await cursor.fetchall()


def _owner(owner_id: Any) -> str:
    if not _text("owner_id", owner_id):
        raise InvalidAssistantError("owner_id is empty")
    return str(owner_id)


def _reader(owner_id: str, organizations: Iterable[str | uuid.UUID] | None) -> dict[str, Any]:
    if isinstance(organizations, str):
        raise InvalidAssistantError("organizations is one text, expected several ids")
    try:
        ids = None if organizations is None else [identifiers.canonical(each) for each in organizations]
    except identifiers.InvalidIdentifierError:
        raise InvalidAssistantError(f"organizations is {organizations!r:.80}, expected UUIDs") from None
    return {"owner_id": _owner(owner_id), "organizations": ids}


def _found(owner_id: str, filters: Filters) -> dict[str, Any]:
    if unknown := sorted(filters.keys() - Filters.__annotations__.keys()):
        raise InvalidAssistantError(f"{unknown[0]} is no filter, known are {', '.join(Filters.__annotations__)}")
    given: dict[str, Any] = {key: value for key, value in filters.items() if value is not None}
    return {
        **{key: _text(key, given[key]) if key in given else None for key in ("graph_id", *_TEXTS, "name_contains")},
        "spellings": _spellings(given["assistant_id"]) if "assistant_id" in given else None,
        "version": _amount("version", given["version"]) if "version" in given else None,
        "metadata": Jsonb(_object("metadata", given["metadata"])) if "metadata" in given else None,
        **_reader(owner_id, given.get("organizations")),
    }


def _amount(key: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        raise InvalidAssistantError(f"{key} is {value!r}, expected a whole number from 0")
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
