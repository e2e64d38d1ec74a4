"""Facts about both databases to know before a repair: server, role, pooler, clock, triggers."""

import time
from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel

from toolkit import sql
from toolkit.catalog import foreign_keys
from toolkit.catalog.foreign_keys import ForeignKey
from toolkit.catalog.places import CATALOG, visible_places
from toolkit.database.addresses import Database, is_practice
from toolkit.database.connection import Connection, Pair, connect

_LARGEST_SKEW = 5.0  # seconds

_WRITTEN_TABLES: dict[str, tuple[str, ...]] = {
    "supabase": ("public.agents",),
    "langgraph": ("langgraph_server.assistants", *dict.fromkeys(place.table.relation for place in CATALOG)),
}
"""The tables that a repair writes, by side."""


class Fact(BaseModel, frozen=True):
    """A fact about a side, found before the comparison."""

    side: Literal["supabase", "langgraph", "both"]
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
    found = [Fact(side="both", name="topology", value=topology)]
    sides: list[tuple[Literal["supabase", "langgraph"], Connection, Database]] = [
        ("supabase", pair.supabase, pair.supabase_database),
        ("langgraph", pair.langgraph, pair.langgraph_database),
    ]
    for side, connection, database in sides:
        found.extend(_server(side, connection, database))
        found.extend(_side_effects(side, connection))
    found.extend(_foreign_key("langgraph", key) for key in foreign_keys.onto_assistants(pair.langgraph))
    found.extend(_foreign_key("langgraph", key) for _, key in foreign_keys.onto_moved(pair.langgraph))
    found.extend(_foreign_key("supabase", key) for key in foreign_keys.onto_write_backs(pair.supabase))
    hidden = visible_places(pair.langgraph)[1]
    if hidden:
        value = f"{', '.join(hidden)}: their part of the blast radius is unknown, and a repair is refused"
        found.append(Fact(side="langgraph", name="hidden from this role", value=value, is_warning=True))
    known = {"known": list(_WRITTEN_TABLES["langgraph"])}
    for row in pair.langgraph.execute(sql.statement("unknown_columns"), known):
        value = f"{row['place']} is named like one, and not known to the toolkit: look whether old ids stand there"
        found.append(Fact(side="langgraph", name="unknown place of assistant ids", value=value, is_warning=True))
    return tuple(found)


def databases_read(found: Iterable[Fact]) -> list[str]:
    """Return one sentence for each database in the facts, with its reference and address, without secrets."""
    sides: dict[str, list[str]] = {}
    for fact in found:
        if fact.name == "database":
            sides.setdefault(fact.value, []).append(fact.side)
    return [f"Read as {' and '.join(names)}: {value}." for value, names in sides.items()]


def _server(side: Any, connection: Connection, database: Database) -> Iterable[Fact]:
    asked = time.time()
    server = connection.execute(sql.statement("server")).fetchone() or {}
    skew = server["epoch"] - (asked + time.time()) / 2
    place = f"{connection.info.host}:{connection.info.port}/{connection.info.dbname}"
    place = "practice, on this machine" if is_practice(database.reference) else place
    value = f"{database.reference} ({place}), PostgreSQL {server['version'] // 10000}, role {server['role']}"
    yield Fact(side=side, name="database", value=value)
    pooled = _is_behind_transaction_pooler(connection, database)
    way = "through a transaction pooler" if pooled else "direct, or a session pooler"
    yield Fact(side=side, name="connection", value=way)
    if abs(skew) > _LARGEST_SKEW:
        yield Fact(side=side, name="clock", value=f"{skew:+.0f} s against this machine's", is_warning=True)


def _is_behind_transaction_pooler(connection: Connection, database: Database) -> bool:
    """Return whether the next transaction may run on another server process.

    The second client opens a transaction. A transaction pooler gives it our last server process, and gives us another.
    In a session, the process stays the same.
    """

    def process(asked: Connection) -> int:
        return int((asked.execute(sql.statement("server")).fetchone() or {})["process"])

    with connect(database) as second:
        before = process(connection)
        with second.transaction():
            return process(second) == before or process(connection) != before


def _side_effects(side: Any, connection: Connection) -> Iterable[Fact]:
    tables = {"tables": list(_WRITTEN_TABLES[side])}
    for row in connection.execute(sql.statement("set_off_by_writes"), tables):
        value, is_warning = f"{row['name']} on {row['place']}", row["what"] == "trigger"
        yield Fact(side=side, name=row["what"], value=value, is_warning=is_warning)


def _foreign_key(side: Literal["supabase", "langgraph"], key: ForeignKey) -> Fact:
    value = f"{key}: while it is there, a repair that meets it is refused"
    return Fact(side=side, name="foreign key", value=value, is_warning=True)
