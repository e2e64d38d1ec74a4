"""The store of assistants: create, get, list, update, delete, count."""

import asyncio
import json
import logging
import re
from collections.abc import Iterable, Mapping
from typing import Any, Generic, Literal, LiteralString, TypeVar, Unpack, overload

import psycopg
from pydantic import BaseModel, ValidationError

from toolkit import sql
from toolkit.errors import InvalidAssistantError, ToolkitError
from toolkit.store import content, models, parameters
from toolkit.store.connections import GetConnection, Pool, Rows, connecting, run_alone, writing
from toolkit.store.models import Assistant
from toolkit.store.parameters import Filters, Id

IfExists = Literal["raise", "do_nothing", "update"]
Model = TypeVar("Model", bound=BaseModel)
Many = list  # in the class, `list` is the method

_WITHOUT_INDEX = ("name", "name_contains", "description", "version")
_PATIENCE: LiteralString = "LOCAL statement_timeout = '5s'"
_SMALL = 100_000
"""Characters of JSON that are read in a millisecond or two."""
_TOO_LARGE = ("22", "54")
"""Classes of SQLSTATE of a value, or a row, that PostgreSQL cannot hold."""

_LACKS_INDEXES = (
    "searches read the whole table, which lacks %s:"
    " where the toolkit's commands are installed, `assistant-toolkit indexes` prints the SQL"
)

_log = logging.getLogger(__name__)

_IF_EXISTS = {"raise": "raise_if_exists", "do_nothing": "do_nothing_if_exists", "update": "update_if_exists"}


class AssistantConflictError(ToolkitError, ValueError):
    """An assistant id that another owner, or an earlier row, already has."""

    remedy = "use another id"


class PostgresAssistantStore(Generic[Model]):
    """Assistants in langgraph_server.assistants, each under the id its creator gave it.

    Reads see the owner's rows and the system's; writes touch the owner's rows only. Every method is one statement. The
    server prepares none of them, so a transaction pooler may stand between. A write that waits two seconds for a
    lock raises `psycopg.errors.LockNotAvailable`, unless its session has a `lock_timeout` of its own. In a transaction
    that the caller began, that limit holds to its end.
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
            model: a pydantic model with the fields of `Assistant`, such as the server's own. It may leave out all but
                `assistant_id`. Its types and defaults hold for what is returned. No default is written to a row.

        Raises:
            TypeError: if `get_connection` cannot be called, or `model` cannot hold a row.
        """
        self._get_connection = connecting(get_connection)
        self._model: type[Model] = models.fitting(model)
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
            InvalidAssistantError: a `ValueError`, before anything is written.
            AssistantConflictError: if another owner has the id, or if it is taken and `if_exists` is `raise`. Also a
                `ValueError`. The row is neither returned nor touched.
        """
        if if_exists not in _IF_EXISTS:
            raise InvalidAssistantError(f"if_exists is {if_exists!r}, expected one of {', '.join(_IF_EXISTS)}")
        # In another thread: megabytes of content take long, and the server's other requests wait for this one.
        values = await asyncio.to_thread(parameters.created, data, owner_id, self._model)
        statement = sql.statement("create_assistant", if_exists=_IF_EXISTS[if_exists])
        if (made := await self._one(statement, values)) is None:
            problem = "exists" if if_exists == "raise" else "is another owner's"
            raise AssistantConflictError(f"assistant_id {values['assistant_id']!r} {problem}")
        return made

    async def get(self, resource_id: Id, owner_id: str, *, organizations: Iterable[Id] | None = None) -> Model | None:
        """Return the assistant with this id, as given or in its canonical spelling; None if the owner sees none.

        `organizations` (UUIDs) narrows the system's rows to those of these organizations; None sees all.

        Raises:
            InvalidAssistantError: if the id is neither text nor a `uuid.UUID`.
        """
        statement, wanted = parameters.wanted("get_assistant", resource_id)
        return await self._one(statement, {**wanted, **parameters.reader(owner_id, organizations)})

    async def list(
        self, owner_id: str, *, limit: int | None = None, offset: int = 0, **filters: Unpack[Filters]
    ) -> Many[Model]:
        """Return at most `limit` of the assistants that the owner sees, newest first, after the first `offset`.

        With the indexes of `assistant-toolkit indexes`, the time depends on `limit` and `offset`, not on the table:
        for all that the owner sees, one graph, a list of organizations, or metadata that few rows have. `name`,
        `name_contains`, `description` and `version` read up to every row, for at most five seconds. A row that the
        model does not hold, such as another program's, is left out and logged.

        Raises:
            InvalidAssistantError: on a filter that is unknown or of another type.
            psycopg.errors.QueryCanceled: after five seconds.
        """
        page = parameters.page(limit, offset)
        return await self._read(await self._find("list_assistants", owner_id, filters, **page), of_many=True)

    async def update(self, resource_id: Id, data: Mapping[str, Any], owner_id: str) -> Model | None:
        """Change the owner's assistant and count its version up; return None if the owner has none with this id.

        `metadata` is merged; every other key given replaces what is there. An `assistant_id` in `data` is ignored.

        Raises:
            InvalidAssistantError: a `ValueError`, before anything is written.
        """
        statement, wanted = parameters.wanted("update_assistant", resource_id)
        values = await asyncio.to_thread(parameters.updated, data, self._model)
        return await self._one(statement, {**values, **wanted, "owner_id": parameters.owner(owner_id)})

    async def delete(self, resource_id: Id, owner_id: str) -> bool:
        """Remove the owner's assistant; return whether there was one.

        Raises:
            InvalidAssistantError: if the id is neither text nor a `uuid.UUID`.
        """
        statement, wanted = parameters.wanted("delete_assistant", resource_id)
        values = {**wanted, "owner_id": parameters.owner(owner_id)}
        return bool(await run_alone(self._get_connection, statement, values))

    async def count(self, owner_id: str, **filters: Unpack[Filters]) -> int:
        """Count the assistants that the owner sees; filters as in `list`.

        The time grows with the number: without `organizations` these are all of the system's rows, read in an index.
        """
        return int((await self._find("count_assistants", owner_id, filters))[0]["assistants"])

    async def clear(self) -> None:
        """Remove every assistant of every owner: for a test's database."""
        async with writing(self._get_connection) as connection:
            await connection.execute(sql.statement("clear_assistants"), prepare=False)

    async def _one(self, statement: LiteralString, values: dict[str, Any]) -> Model | None:
        try:
            rows = await run_alone(self._get_connection, statement, values)
        except psycopg.Error as error:
            if (error.sqlstate or "")[:2] not in _TOO_LARGE:
                raise
            raise InvalidAssistantError(f"PostgreSQL cannot hold the row ({error.diag.message_primary})") from None
        return next(iter(await self._read(rows)), None)

    async def _find(self, name: LiteralString, owner_id: str, filters: Filters, **page: int | None) -> Rows:
        values = {**parameters.found(owner_id, filters), **page, "counts": not page}
        values["reads_all"] = any(values[key] is not None for key in _WITHOUT_INDEX)
        settings = [_PATIENCE] if values["reads_all"] else []
        if not self._knows_indexes:
            self._knows_indexes = True
            needed = {"names": re.findall(r"EXISTS (\w+)", sql.statement("index_assistants"))}
            missing = await run_alone(self._get_connection, sql.statement("missing_relations"), needed)
            if names := ", ".join(each["name"] for each in missing):
                _log.warning(_LACKS_INDEXES, names)
        return await run_alone(self._get_connection, sql.statement(name), values, *settings)

    async def _read(self, rows: Rows, *, of_many: bool = False) -> Many[Model]:
        def read() -> Many[Model]:
            found: Many[Model] = []
            for row in rows:
                try:
                    found.append(self._model(**{**row, **{key: _object(row[key]) for key in content.OBJECTS}}))
                except ValidationError as error:
                    if not of_many:
                        raise
                    fields = ", ".join(".".join(map(str, each["loc"])) for each in error.errors())
                    _log.warning(
                        "left out of a list: assistant %r, which the model does not hold: %s",
                        row["assistant_id"],
                        fields,
                    )
            return found

        if sum(len(row[key]) for row in rows for key in content.OBJECTS) < _SMALL:
            return read()
        return await asyncio.to_thread(read)


def _object(text: str) -> dict[str, Any]:
    """Return a JSON object; where an older server left an array, an empty one."""
    found = {} if text == "{}" else json.loads(text)
    return found if isinstance(found, dict) else {}
