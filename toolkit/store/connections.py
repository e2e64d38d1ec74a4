"""Connections that a server lends to the store and the sync."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, LiteralString, Protocol

import psycopg
from psycopg.rows import dict_row

from toolkit import sql

GetConnection = Callable[[], AbstractAsyncContextManager[psycopg.AsyncConnection[Any]]]
Rows = list[dict[str, Any]]


class Pool(Protocol):
    """A pool of connections, such as psycopg_pool.AsyncConnectionPool."""

    def connection(self) -> AbstractAsyncContextManager[psycopg.AsyncConnection[Any]]:
        """Yield a connection."""


def connecting(given: GetConnection | Pool) -> GetConnection:
    """Return a pool's method `connection`, and anything else as it is."""
    return given.connection if hasattr(given, "connection") else given


@asynccontextmanager
async def writing(get_connection: GetConnection) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    """Hold a connection in one transaction, whether or not it is autocommit."""
    async with get_connection() as connection, connection.transaction():
        yield connection


async def run(connection: psycopg.AsyncConnection[Any], name: LiteralString, parameters: dict[str, Any]) -> Rows:
    """Run a statement that the server does not prepare; return its rows."""
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(sql.statement(name), parameters, prepare=False)
        return await cursor.fetchall()
