"""Transactions, with the settings that our statements rely on, whatever the defaults of role and database are."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, LiteralString, Self

import psycopg
from psycopg import sql as compose
from psycopg.pq import TransactionStatus
from psycopg.rows import Row

from toolkit import sql
from toolkit.store.connections import READ_COMMITTED, pinned, set_all

Connection = psycopg.Connection[dict[str, Any]]
_ALWAYS: tuple[LiteralString, ...] = (
    "LOCAL row_security = off",  # a table with hidden rows raises an error
    "LOCAL jit = off",
)
_READING: tuple[LiteralString, ...] = (*_ALWAYS, "TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
_WRITING: tuple[LiteralString, ...] = (
    *_ALWAYS,
    READ_COMMITTED,
    "LOCAL assistant_toolkit.guard = 'off'",  # a repair and its undo set every id themselves
    "LOCAL lock_timeout = '500ms'",
    "LOCAL statement_timeout = '60s'",
    "LOCAL max_parallel_workers_per_gather = 0",  # other clients need the other cores
)

IN_BULK: tuple[LiteralString, ...] = (
    "LOCAL enable_mergejoin = off",
    "LOCAL work_mem = '64MB'",
    "LOCAL parallel_tuple_cost = 0",
)
"""The settings for joins that read a million rows at once.

A merge join would sort both sides first. With more memory, fewer hash tables spill to disk; at a million agents some
still do. Without a tuple cost, parallel workers build the configs. At 100,000 agents on a busy machine, the three
settings together saved about an eighth of the time.
"""

NO_TIMEOUT: LiteralString = "LOCAL statement_timeout = 0"
"""The setting for a statement that reads whole tables, or writes rows that no other client waits for."""


class PinnedCursor(psycopg.ClientCursor[Row]):
    """A cursor that runs statements with our settings: those outside a transaction in a read-only one of their own."""

    def execute(self, query: Any, *arguments: Any, **options: Any) -> Self:
        told = self.connection.info
        _refuse_if_streaming(self.connection)
        if told.transaction_status != TransactionStatus.IDLE:
            return super().execute(query, *arguments, **options)
        # The server parses a message before it runs it, and psycopg reads the result after the transaction.
        defaults = [told.parameter_status(name) for name in ("standard_conforming_strings", "DateStyle")]
        if defaults != ["on", "ISO, MDY"]:
            with reading(self.connection):
                return super().execute(query, *arguments, **options)
        # One message is one transaction, and saves three round trips.
        query = query if isinstance(query, compose.Composable) else compose.SQL(query)
        super().execute(
            compose.SQL(set_all(*pinned(self.connection), *_READING) + ";\n") + query, *arguments, **options
        )
        while self.nextset():
            pass
        return self

    def stream(self, *arguments: Any, **options: Any) -> Iterator[Row]:
        is_alone = self.connection.info.transaction_status == TransactionStatus.IDLE
        with reading(self.connection) if is_alone else nullcontext():
            yield from super().stream(*arguments, **options)


def row(connection: Connection, statement: LiteralString, **parameters: Any) -> dict[str, Any]:
    """Return the one row of a named statement."""
    return connection.execute(sql.statement(statement), parameters).fetchone() or {}


def reading(connection: Connection, *settings: LiteralString) -> AbstractContextManager[None]:
    """Hold one repeatable-read, read-only snapshot, in which row security raises instead of hiding rows.

    `settings` are further ones of the transaction, as `SET` takes them; a later one overrides an earlier one.
    """
    return _transaction(connection, *_READING, *settings)


def writing(connection: Connection, *settings: LiteralString) -> AbstractContextManager[None]:
    """Hold one writing transaction, which waits at most 0.5 s for a lock and 60 s for a statement.

    `settings` are as in `reading`.
    """
    return _transaction(connection, *_WRITING, *settings)


@contextmanager
def _transaction(connection: Connection, *settings: LiteralString) -> Iterator[None]:
    _refuse_if_streaming(connection)
    with connection.transaction():
        try:
            connection.execute(set_all(*pinned(connection), *settings))
            yield
        finally:
            if _is_streaming(connection):
                connection.close()


def _is_streaming(connection: psycopg.Connection[Any]) -> bool:
    """Return whether a stream is half read: it holds psycopg's lock, and the end of a transaction would wait for it."""
    return connection.info.transaction_status == TransactionStatus.ACTIVE


def _refuse_if_streaming(connection: psycopg.Connection[Any]) -> None:
    if _is_streaming(connection):
        raise psycopg.ProgrammingError("a stream is still being read on this connection")
