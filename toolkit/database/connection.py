"""Connections to both sides, their transactions, and the checks that a read can be believed."""

import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from psycopg.rows import dict_row

from toolkit import sql
from toolkit.database.addresses import Database
from toolkit.errors import RefusedError, ToolkitError

Connection = psycopg.Connection[dict[str, Any]]
OLDEST_SERVER = 150000
_BELIEVABLY: tuple[LiteralString, ...] = ("LOCAL row_security = off", "LOCAL jit = off")

_WRITING: tuple[LiteralString, ...] = (
    "LOCAL assistant_toolkit.guard = 'off'",  # where one is installed: a repair and its undo say every id themselves
    "LOCAL lock_timeout = '500ms'",
    "LOCAL statement_timeout = '60s'",
    "LOCAL max_parallel_workers_per_gather = 0",  # one core is enough: the others are for those who work meanwhile
)

IN_BULK: tuple[LiteralString, ...] = (
    "LOCAL enable_mergejoin = off", "LOCAL work_mem = '64MB'", "LOCAL parallel_tuple_cost = 0",
)  # fmt: skip
"""The settings with which a transaction's joins read a million rows at once.

A merge join sorts both sides first. More memory leaves fewer hash tables to the disk; at a million agents some
still go there. Workers build the configs when passing a row on is told to cost nothing. Tried at 100,000 agents
on a busy machine, the three together saved about an eighth.
"""

AT_LEISURE: LiteralString = "LOCAL statement_timeout = 0"
"""The setting for a statement that reads whole tables of any size, or writes rows that nobody waits for."""


class ConnectionRefusedByServerError(RefusedError):
    """check host, port, database and role of this reference, and that the server runs; it was asked once only"""


class EndedByServerError(ToolkitError):
    """the server ended a query or the connection: see that it runs, and that the role's statement_timeout is long enough;
    then run the command again"""


class UnbelievableReadError(RefusedError):
    """what this role can read is not the whole truth, so nothing was compared; connect as a role with BYPASSRLS
    and SELECT on the tables named, to the primary server"""


@dataclass(frozen=True)
class Pair:
    """The Supabase side and the LangGraph side of one platform, connected; one connection where they are one database."""

    supabase: Connection
    langgraph: Connection
    supabase_database: Database
    langgraph_database: Database
    supabase_fingerprint: str
    langgraph_fingerprint: str
    has_journal: bool

    @property
    def is_one_database(self) -> bool:
        """Both references lead to the same database."""
        return self.supabase is self.langgraph


@contextmanager
def connected(supabase: Database, langgraph: Database) -> Iterator[Pair]:
    """Connect both sides and check that each can be believed.

    Raises:
        ConnectionRefusedByServerError: if a server cannot be reached or refuses; a rejected password is not tried again.
        UnbelievableReadError: on a replica, a server older than PostgreSQL 15, a missing table, column or grant,
            or row security that would hide rows from this role.
        EndedByServerError: if a server ends the connection, or a query, of whatever is done with the pair.
    """
    with ExitStack() as connections, _ended_by_server():
        first = connections.enter_context(connect(supabase))
        second = first
        if langgraph.conninfo != supabase.conninfo:
            second = connections.enter_context(connect(langgraph))
        fingerprints = _fingerprint(first), _fingerprint(second)
        if fingerprints[0] == fingerprints[1]:
            second = first
        _check(first, supabase, "unreadable_supabase")
        _check(second, langgraph, "unreadable_langgraph")
        journal = second.execute(sql.statement("has_journal")).fetchone() or {}
        yield Pair(first, second, supabase, langgraph, *fingerprints, has_journal=bool(journal["has_journal"]))


@contextmanager
def _ended_by_server() -> Iterator[None]:
    try:
        yield
    except (
        psycopg.OperationalError,
        psycopg.InternalError,
    ) as error:  # the second: what a pooler makes of a server that went
        raise EndedByServerError(what_server_said(error)) from None


def what_server_said(error: psycopg.Error) -> str:
    """Return the message of a server, without its DETAIL: that may hold a row's content."""
    first = error.diag.message_primary or str(error).strip().splitlines()[0]
    if isinstance(error, psycopg.InternalError) and not error.sqlstate:  # psycopg cannot read what a pooler makes of it
        return f"a pooler lost its server, or closed the connection: {first}"
    return first


@contextmanager
def connect(database: Database) -> Iterator[Connection]:
    """Connect to one database, fit for a transaction pooler.

    Autocommit, so that every transaction is opened by name; parameters are bound by the client and nothing is
    prepared, since a pooler in transaction mode gives the next statement to another server process
    (https://www.pgbouncer.org/features.html).

    Raises:
        ConnectionRefusedByServerError: if the server cannot be reached or refuses.
    """
    try:
        connection = psycopg.connect(
            database.conninfo.get_secret_value(),
            autocommit=True,
            prepare_threshold=None,
            cursor_factory=psycopg.ClientCursor,
            row_factory=dict_row,
            connect_timeout=10,
        )
    except psycopg.OperationalError as error:
        reason = [line for line in str(error).strip().splitlines() if not line.startswith("\t")][
            -1
        ]  # libpq's hints are indented
        message = f"no connection to {database.reference} ({database.place}): {reason}{_address_hint(error, database)}"
        raise ConnectionRefusedByServerError(message) from None
    with connection:
        yield connection


def _address_hint(error: psycopg.OperationalError, database: Database) -> str:
    """Say it where the host has an IPv6 address only, as Supabase's direct connection does, and that did not connect."""
    host = psycopg.conninfo.conninfo_to_dict(database.conninfo.get_secret_value()).get("host")
    if error.sqlstate or not host or str(host).startswith("/"):
        return ""
    try:
        families = {address[0] for address in socket.getaddrinfo(str(host), None)}
    except OSError:
        return ""
    if families != {socket.AF_INET6}:
        return ""
    return "; the host has an IPv6 address only, which this network may not reach: use the session pooler's URL"


def connections_to(
    database: Database,
) -> Callable[[], AbstractAsyncContextManager[psycopg.AsyncConnection[dict[str, Any]]]]:
    """Return what the store and the sync take: a function that opens an asynchronous connection for a `with`."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[psycopg.AsyncConnection[dict[str, Any]]]:
        connection = await psycopg.AsyncConnection.connect(
            database.conninfo.get_secret_value(),
            autocommit=True,
            prepare_threshold=None,
            row_factory=dict_row,
            connect_timeout=10,
        )
        async with connection:
            yield connection

    return opened


@contextmanager
def reading(connection: Connection, *settings: LiteralString) -> Iterator[None]:
    """Hold one repeatable-read, read-only snapshot in which row security raises instead of hiding rows; with `settings` besides."""
    with connection.transaction():
        set_for_now(connection, "TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY", *_BELIEVABLY, *settings)
        yield


@contextmanager
def writing(connection: Connection, *settings: LiteralString) -> Iterator[None]:
    """Hold one short writing transaction: it waits half a second for a lock and a minute for a statement.

    Args:
        settings: what else holds until it ends, as `SET` takes it; a later one counts.
    """
    with connection.transaction():
        set_for_now(connection, *_WRITING, *_BELIEVABLY, *settings)
        yield


def set_for_now(connection: Connection, *settings: LiteralString) -> None:
    """Set all at once what a transaction works with: a round trip to a server far away takes longer than many a statement."""
    connection.execute("; ".join(["SET " + each for each in settings]))


def _fingerprint(connection: Connection) -> str:
    row = connection.execute(sql.statement("fingerprint")).fetchone() or {}
    return str(row["fingerprint"])


def _check(connection: Connection, database: Database, unreadable: LiteralString) -> None:
    server = connection.execute(sql.statement("server")).fetchone() or {}
    if server["version"] < OLDEST_SERVER:
        raise UnbelievableReadError(
            f"{database.reference} is PostgreSQL {server['version'] // 10000}, expected 15 or newer"
        )
    if server["is_replica"]:
        raise UnbelievableReadError(f"{database.reference} is a replica, which may lag behind its primary")
    problems = connection.execute(sql.statement(unreadable)).fetchall()
    if problems:
        listed = "; ".join(f"{each['place']}: {each['problem']}" for each in problems)
        raise UnbelievableReadError(
            f"role {server['role']!r} on {database.reference} cannot read what it must: {listed}"
        )
