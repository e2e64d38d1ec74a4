"""Connections that a server lends to the store and the sync."""

import inspect
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any, LiteralString, Protocol

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row

from toolkit import sql

GetConnection = Callable[[], AbstractAsyncContextManager[psycopg.AsyncConnection[Any]]]
Rows = list[dict[str, Any]]

READ_COMMITTED: LiteralString = "TRANSACTION ISOLATION LEVEL READ COMMITTED"
PINNED: tuple[LiteralString, ...] = (
    "LOCAL statement_timeout = '1h'",  # the first one: a role's own may be short
    "LOCAL idle_in_transaction_session_timeout = '1h'",  # one side waits while the other works
    "LOCAL search_path = pg_catalog, pg_temp",  # unnamed, pg_temp comes first
    "LOCAL client_encoding = 'UTF8'",  # COPY carries one side's bytes to the other; and names are of any language
    "LOCAL standard_conforming_strings = on",
    "LOCAL DateStyle = 'ISO, MDY'",
    "LOCAL IntervalStyle = postgres",
    "LOCAL TimeZone = 'UTC'",
    "LOCAL extra_float_digits = 1",
    "LOCAL bytea_output = hex",
    "LOCAL array_nulls = on",
    "LOCAL quote_all_identifiers = off",
    "LOCAL transform_null_equals = off",
)
"""The settings of a transaction that decide what its statements call, how values read, and how long it may last.

With another search_path, a function in schema public that fits a call's types exactly comes before PostgreSQL's own.
"""

_KEPT = (
    *re.findall(r"LOCAL (\w+)", " ".join(PINNED)),
    *("lock_timeout", "jit", "work_mem", "enable_nestloop", "parallel_tuple_cost"),
)
"""The settings that a transaction of ours changes, those of a sync included."""


class Pool(Protocol):
    """A pool of connections, such as psycopg_pool.AsyncConnectionPool."""

    def connection(self) -> AbstractAsyncContextManager[psycopg.AsyncConnection[Any]]:
        """Yield a connection."""


def connecting(given: GetConnection | Pool) -> GetConnection:
    """Return a pool's method `connection`, and another callable as it is."""
    found = given.connection if hasattr(given, "connection") else given
    if not callable(found):
        expected = "expected a callable that yields connections, or a pool"
        raise TypeError(f"get_connection is of type {type(given).__name__}, {expected}")
    if inspect.iscoroutinefunction(found) or inspect.isasyncgenfunction(found):
        raise TypeError(
            "get_connection is an async function, expected one with contextlib.asynccontextmanager above it"
        )
    return found


@asynccontextmanager
async def writing(
    get_connection: GetConnection, *settings: LiteralString
) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    """Hold a connection in one transaction, autocommit or not, with the settings that our statements rely on."""
    async with get_connection() as connection:
        # A transaction that the caller began keeps its isolation level, and gets its settings back.
        is_callers = _is_in_transaction(connection)
        ours = PINNED if is_callers else (*pinned(connection), READ_COMMITTED)
        async with connection.transaction():
            names = {"names": list(_KEPT)}
            kept = await run(connection, sql.statement("settings_now"), names) if is_callers else []
            await connection.execute(set_all(*ours, *settings), prepare=False)
            yield connection
            if kept:
                await run(
                    connection, sql.statement("set_settings"), {**names, "values": [each["value"] for each in kept]}
                )


def _is_in_transaction(connection: psycopg.AsyncConnection[Any]) -> bool:
    return connection.info.transaction_status != TransactionStatus.IDLE


def pinned(connection: psycopg.AsyncConnection[Any] | psycopg.Connection[Any]) -> tuple[LiteralString, ...]:
    """Return `PINNED`, and the end of a limit that only PostgreSQL 17 and later have."""
    return (*PINNED, *(["LOCAL transaction_timeout = 0"] if connection.info.server_version >= 170000 else []))


def set_all(*settings: LiteralString) -> LiteralString:
    """Return one query that applies all settings, each as `SET` takes it."""
    return "; ".join(["SET " + each for each in settings])


async def run_alone(
    get_connection: GetConnection, statement: LiteralString, parameters: dict[str, Any], *settings: LiteralString
) -> Rows:
    """Run one statement as `run` does; where the default isolation level makes it fail, run it with a lower one.

    The settings hold for the statement alone. In a transaction that the caller began, the caller's own hold.
    """
    async with get_connection() as connection:
        is_in_transaction = _is_in_transaction(connection)
        try:
            # autocommit saves two round trips
            is_bare = connection.autocommit and (is_in_transaction or not settings)
            async with nullcontext() if is_bare else connection.transaction():
                if settings and not is_in_transaction:
                    await connection.execute(set_all(*settings), prepare=False)
                return await run(connection, statement, parameters)
        except psycopg.errors.SerializationFailure:
            if is_in_transaction:
                raise
        async with connection.transaction():
            await connection.execute(set_all(READ_COMMITTED, *settings), prepare=False)
            return await run(connection, statement, parameters)


async def run(connection: psycopg.AsyncConnection[Any], statement: LiteralString, parameters: dict[str, Any]) -> Rows:
    """Run a statement that the server does not prepare; return its rows, in binary, which no DateStyle changes."""
    # Not connection.cursor(), which makes the server's own kind: some take no named parameters, or no binary.
    async with psycopg.AsyncCursor(connection, row_factory=dict_row) as cursor:
        await cursor.execute(statement, parameters, prepare=False, binary=True)
        return await cursor.fetchall()
