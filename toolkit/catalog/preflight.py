"""Facts about both databases to know before a repair: server, role, pooler, clock, triggers."""

import time
from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import BaseModel

from toolkit import sql
from toolkit.catalog import foreign_keys
from toolkit.catalog.places import CATALOG, visible_places
from toolkit.database import shapes
from toolkit.database.addresses import Database, is_practice
from toolkit.database.connection import Pair, connect
from toolkit.database.shapes import LANGGRAPH, SUPABASE, Relied
from toolkit.database.transactions import Connection, reading

_LARGEST_SKEW = 5.0  # seconds
_KNOWN = ["langgraph_server.assistants", *dict.fromkeys(place.table.relation for place in CATALOG)]
Side = Literal["supabase", "langgraph", "both"]


class Fact(BaseModel, frozen=True):
    """A fact about a side, found before the comparison."""

    side: Side
    name: str
    value: str
    is_warning: bool = False
    """Whether a repair can go wrong because of it."""


def facts(pair: Pair) -> tuple[Fact, ...]:
    """Return the facts of both sides: server, role, pooler, clock, and side effects of a repair's writes.

    This only reads. It opens a second connection to each side, to detect a transaction pooler. `connected` has
    already checked that reads are complete.
    """
    topology = "one database" if pair.is_one_database else "two databases"
    return (
        Fact(side="both", name="topology", value=topology),
        *_of_a_side("supabase", pair.supabase, pair.supabase_database, SUPABASE),
        *_of_a_side("langgraph", pair.langgraph, pair.langgraph_database, LANGGRAPH),
        *_warnings(pair),
    )


def databases_read(found: Sequence[Fact]) -> list[str]:
    """Return one sentence for each database in the facts: its reference, address and encryption, without secrets."""
    encryption = {fact.side: f"; {fact.value}" for fact in found if fact.name == "encryption"}
    sides: dict[str, list[str]] = {}
    for fact in found:
        if fact.name == "database":
            sides.setdefault(fact.value + encryption.get(fact.side, ""), []).append(fact.side)
    return [f"Read as {' and '.join(names)}: {value}." for value, names in sides.items()]


def encryption(connection: Connection, database: Database) -> str:
    """Return whether the live connection is encrypted, and what of the server was verified."""
    if not connection.pgconn.ssl_in_use:
        return (
            "encrypted: no, it stays on this machine" if database.is_local else "encrypted: no, as its sslmode allows"
        )
    mode = next(option.val for option in connection.pgconn.info if option.keyword == b"sslmode")
    verified = {b"verify-full": "yes", b"verify-ca": "its certificate, not its name"}.get(mode or b"", "no")
    return f"encrypted: yes, server verified: {verified}"


def _of_a_side(side: Side, connection: Connection, database: Database, tables: Sequence[Relied]) -> Iterator[Fact]:
    asked = time.time()
    server = connection.execute(sql.statement("server")).fetchone() or {}
    skew = server["epoch"] - (asked + time.time()) / 2
    address = f"{connection.info.host}:{connection.info.port}/{connection.info.dbname}"
    place = "practice, on this machine" if is_practice(database.reference) else address
    value = f"{database.reference} ({place}), PostgreSQL {server['version'] // 10000}, role {server['role']}"
    yield Fact(side=side, name="database", value=value)
    if not is_practice(database.reference):
        value = encryption(connection, database)
        is_open = not (connection.pgconn.ssl_in_use or database.is_local)
        yield Fact(side=side, name="encryption", value=value, is_warning=is_open)
    pooled = _is_behind_transaction_pooler(connection, database)
    way = "through a transaction pooler" if pooled else "direct, or a session pooler"
    yield Fact(side=side, name="connection", value=way)
    if abs(skew) > _LARGEST_SKEW:
        yield Fact(side=side, name="clock", value=f"{skew:+.0f} s against this machine's", is_warning=True)
    for shape in shapes.read(connection, [table.name for table in tables if table.writer]).values():
        for what, name in shape.sets_off:
            yield Fact(side=side, name=what, value=f"{name} on {shape.name}", is_warning=what == "trigger")
    for each in shapes.problems(connection, tables):
        if each.stops in ("nothing", "repair", "every write", "shape"):
            refused = "" if each.stops == "nothing" else "; while it is so, a repair is refused"
            yield Fact(side=side, name="table", value=f"{each}{refused}", is_warning=True)


def _is_behind_transaction_pooler(connection: Connection, database: Database) -> bool:
    """Return whether the next transaction may run on another server process.

    The second client opens a transaction. A transaction pooler gives it our last server process, and gives us another.
    In a session, the process stays the same.
    """

    def process(asked: Connection) -> int:
        return int((asked.execute(sql.statement("server")).fetchone() or {})["process"])

    with connect(database) as second:
        before = process(connection)
        with reading(second):
            return process(second) == before or process(connection) != before


def _warnings(pair: Pair) -> Iterator[Fact]:
    refused = "while it is there, a repair that meets it is refused"
    moved = (key for _, key in foreign_keys.onto_moved(pair.langgraph))
    for key in (*foreign_keys.onto_assistants(pair.langgraph), *moved):
        yield Fact(side="langgraph", name="foreign key", value=f"{key}: {refused}", is_warning=True)
    for key in foreign_keys.onto_write_backs(pair.supabase):
        yield Fact(side="supabase", name="foreign key", value=f"{key}: {refused}", is_warning=True)
    if hidden := visible_places(pair.langgraph)[1]:
        value = f"{', '.join(hidden)}: their part of the blast radius is unknown, and a repair is refused"
        yield Fact(side="langgraph", name="not readable", value=value, is_warning=True)
    for row in pair.langgraph.execute(sql.statement("unknown_columns"), {"known": _KNOWN}):
        value = f"{row['place']} is named like one, and not known to the toolkit: look whether old ids stand there"
        yield Fact(side="langgraph", name="unknown place of assistant ids", value=value, is_warning=True)
