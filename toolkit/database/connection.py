"""Connections to both sides, and the checks that reads are complete."""

import json
import os
import secrets
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import set_json_loads

from toolkit.database import shapes
from toolkit.database.addresses import Database
from toolkit.database.attempts import AskedOnce, naming
from toolkit.database.shapes import AGENTS, ASSISTANTS, CRONS, ID_MAP, ShapeError, UnbelievableReadError
from toolkit.database.transactions import Connection, PinnedCursor, reading, row
from toolkit.errors import RefusedError, ToolkitError
from toolkit.store.connections import GetConnection

OLDEST_SERVER = 150000
SUPABASE_URL, LANGGRAPH_URL = "SUPABASE_DB_URL", "LANGGRAPH_DB_URL"
"""The variables of the two sides, where no database is named."""
_PLATFORM = ("public.assistant", "public.assistant_versions")
_OPTIONS: dict[str, Any] = {
    "autocommit": True,
    "prepare_threshold": None,
    "connect_timeout": 10,
    "client_encoding": "utf8",  # a role's or an environment's default may hold no emoji
}


class EndedByServerError(ToolkitError):
    """A query or connection that the server ended."""

    remedy = "the server ended a query or the connection: see that it runs, then run the command again"


class UnfitServerError(RefusedError):
    """A database in another encoding than UTF-8, or a pooler that holds no transaction."""

    remedy = "the toolkit cannot work with it: name another one, or another way to it; nothing was changed"


@dataclass(frozen=True)
class Pair:
    """The connected Supabase and LangGraph sides of one platform; one connection if they are one database."""

    supabase: Connection
    langgraph: Connection
    supabase_database: Database
    langgraph_database: Database
    supabase_fingerprint: str
    langgraph_fingerprint: str
    supabase_origin: tuple[str, ...]
    """The server's address as it was named, and when it started."""
    langgraph_origin: tuple[str, ...]
    has_journal: bool
    has_crons: bool
    has_members: bool
    """Whether this role can read which organizations a user belongs to."""
    journal_owner: str = ""
    """The role whose journal is believed beside this one's own."""

    @property
    def is_one_database(self) -> bool:
        """Whether both references lead to the same database."""
        return self.supabase is self.langgraph


@contextmanager
def connected(
    supabase: Database, langgraph: Database, journal_owner: str = "", *, to_sync: bool = False
) -> Iterator[Pair]:
    """Connect both sides, and check that reads on each are complete; `to_sync`: reads of what a sync needs.

    Raises:
        ConnectionRefusedByServerError: if a server is unreachable or refuses; a rejected password is not tried again.
        UnbelievableReadError: on a replica, a server older than PostgreSQL 15, a missing grant, or row security that
            would hide rows from this role.
        WrongDatabaseError: if a side lacks the table that it is known by.
        ShapeError: if a table or column is missing, or a column has another type.
        UnfitServerError: as `connect`.
        EndedByServerError: if a server ends the connection, or a query, inside the block.
    """
    try:
        with ExitStack() as connections:
            first = second = connections.enter_context(connect(supabase))
            if langgraph.conninfo != supabase.conninfo:
                second = connections.enter_context(connect(langgraph))
            one, other = (row(each, "fingerprint") for each in (first, second))
            if one["fingerprint"] == other["fingerprint"] and second is not first and _is_one_database(first, second):
                second = first
            _refuse_unbelievable((first, supabase), (second, langgraph), to_sync=to_sync)
            there = shapes.readable(second, CRONS, ID_MAP)
            yield Pair(
                first, second, supabase, langgraph, one["fingerprint"], other["fingerprint"],
                (supabase.place, one["started"]), (langgraph.place, other["started"]),
                has_journal=ID_MAP in there and _is_believable(row(second, "journal_state")),
                has_crons=CRONS in there,
                has_members=bool(shapes.readable(first, "public.organization_members")),
                journal_owner=journal_owner,
            )  # fmt: skip
    # psycopg raises InternalError when a pooler loses its server.
    except (psycopg.OperationalError, psycopg.InternalError) as error:
        raise EndedByServerError(server_message(error)) from None


def server_message(error: psycopg.Error) -> str:
    """Return a server's error message, without the DETAIL, which may show a row's content."""
    first = error.diag.message_primary or str(error).strip().splitlines()[0]
    if isinstance(error, psycopg.InternalError) and not error.sqlstate:  # psycopg could not read a pooler's reply
        return f"a pooler lost its server, or closed the connection: {first}"
    return first


@contextmanager
def connect(database: Database) -> Iterator[Connection]:
    """Connect to one database, also through a transaction pooler.

    The connection prepares no statement, and binds parameters in the client. A statement outside `reading` and
    `writing` has a read-only transaction of its own. A pooler in transaction mode gives the next transaction to another
    server process (https://www.pgbouncer.org/features.html).

    Raises:
        ConnectionRefusedByServerError: if the server is unreachable or refuses.
        UnfitServerError: if the database is not in UTF-8, or a pooler holds no transaction.
    """
    with naming(database) as conninfo:
        connection = _Connection.connect(conninfo, cursor_factory=PinnedCursor, row_factory=dict_row, **_OPTIONS)
    # psycopg's own end of a connection waits for a stream that is left half read
    with closing(connection), _fitting(database, connection):
        yield connection


def connections_to(database: Database) -> GetConnection:
    """Return a function that opens an asynchronous connection, as the store and the sync take it.

    The function raises errors as `connect` does.
    """

    @asynccontextmanager
    async def opened() -> AsyncIterator[psycopg.AsyncConnection[dict[str, Any]]]:
        with naming(database) as conninfo:
            connection = await _AsyncConnection.connect(conninfo, row_factory=dict_row, **_OPTIONS)
        async with connection:
            with _fitting(database, connection):
                yield connection

    return opened


class _Connection(AskedOnce, psycopg.Connection[dict[str, Any]]):
    pass


class _AsyncConnection(AskedOnce, psycopg.AsyncConnection[dict[str, Any]]):
    pass


def _loads(text: str | bytes) -> Any:
    """Return JSON as Python has it, or as text where it has more digits or levels than Python takes."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text if isinstance(text, str) else text.decode()


@contextmanager
def _fitting(database: Database, connection: psycopg.BaseConnection[Any]) -> Iterator[None]:
    if (encoding := connection.info.parameter_status("server_encoding")) not in ("UTF8", None):
        raise UnfitServerError(f"{database} is in {encoding}, expected UTF8")
    set_json_loads(_loads, connection)
    try:
        yield
    except psycopg.errors.ProtocolViolation as error:
        if "statement pooling" not in str(error):
            raise
        raise UnfitServerError(
            f"{database} is a pooler in statement mode, which holds no transaction;"
            " expected transaction or session mode"
        ) from None


def _is_one_database(first: Connection, second: Connection) -> bool:
    """Return whether a lock that one side takes is taken on the other.

    Identifiers do not tell: a restored snapshot, a branch or a copied volume has those of its original.
    """
    key = secrets.randbits(63)
    with reading(first):
        row(first, "take_lock", key=key)
        return not row(second, "take_lock", key=key)["is_taken"]


def _is_believable(journal: dict[str, Any]) -> bool:
    """Return whether the journal is one, of this role or of one that may repair; `toolkit.repair.journal` says why."""
    return not journal["odd"] and (journal["owner"] == journal["role"] or journal["could_repair"])


def _refuse_unbelievable(*sides: tuple[Connection, Database], to_sync: bool) -> None:
    for connection, database in sides:
        server = row(connection, "server")
        if server["version"] < OLDEST_SERVER:
            major = server["version"] // 10000
            raise UnbelievableReadError(f"{database.reference} is PostgreSQL {major}, expected 15 or newer")
        if server["is_replica"]:
            raise UnbelievableReadError(f"{database.reference} is a replica, which may lag behind its primary")
    needs = ("sync",) if to_sync else ("sync", "diagnosis", "if there")
    needed = [[table for table in tables if table.need in needs] for tables in (shapes.SUPABASE, shapes.LANGGRAPH)]
    found = [shapes.problems(connection, tables) for (connection, _), tables in zip(sides, needed, strict=True)]
    missing = [[each.table for each in of_side if each.stops == "no table"] for of_side in found]
    if AGENTS in missing[0] or ASSISTANTS in missing[1]:
        raise shapes.WrongDatabaseError(_why_wrong(sides, missing))
    for (connection, database), of_side in zip(sides, found, strict=True):
        if hidden := "; ".join(str(each) for each in of_side if each.stops == "hidden"):
            role = f"role {row(connection, 'server')['role']!r} on {database.reference}"
            raise UnbelievableReadError(f"{role} cannot read what it must: {hidden}")
        if unlike := "; ".join(str(each) for each in of_side if each.stops in ("no table", "shape")):
            raise ShapeError(f"{database.reference} differs from what is read: {unlike}")


def _why_wrong(sides: Sequence[tuple[Connection, Database]], missing: Sequence[Sequence[str]]) -> str:
    lacking = zip((database.reference for _, database in sides), missing, strict=True)
    words = [f"{reference} has no {', no '.join(tables)}" for reference, tables in lacking if tables]
    (first, supabase), (second, langgraph) = sides
    if ASSISTANTS in shapes.read(first, [ASSISTANTS]) and AGENTS in shapes.read(second, [AGENTS]):
        words.append("the two look swapped")
    elif supabase == langgraph:
        words.append(f"the {'Supabase' if missing[0] else 'LangGraph'} side may be another database")
        if missing[1] and os.environ.get(LANGGRAPH_URL):
            words.append(f"{LANGGRAPH_URL} is set, and not used: add --langgraph env:{LANGGRAPH_URL}")
    if len(shapes.read(second, _PLATFORM)) == len(_PLATFORM):
        words.append(f"{' and '.join(_PLATFORM)} look like Aegra's or LangGraph Platform's layout, which is not read")
    return "; ".join(words)
