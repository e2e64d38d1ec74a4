"""Facts about both databases that somebody must know before a repair: server, role, pooler, clock, triggers."""

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

_SKEW_SECONDS = 5.0

_WRITTEN: dict[str, tuple[str, ...]] = {
    "supabase": ("public.agents",),
    "langgraph": ("langgraph_server.assistants", *dict.fromkeys(place.relation for place in CATALOG)),
}
"""The tables a repair writes."""


class Fact(BaseModel, frozen=True):
    """One thing that was found before anything was compared."""

    side: Literal["supabase", "langgraph", "both"]
    name: str
    value: str
    is_warning: bool = False
    """Somebody should know of it before a repair."""


def facts(pair: Pair) -> tuple[Fact, ...]:
    """Tell what both sides are: server, role, pooler, clock, and what a repair's writes would set off.

    That the read can be believed at all was checked when the pair was connected. Reads only; opens one further
    connection a side for a moment, to tell a transaction pooler from a direct connection.
    """
    topology = "one database" if pair.is_one_database else "two databases"
    found = [Fact(side="both", name="topology", value=topology)]
    sides: list[tuple[Literal["supabase", "langgraph"], Connection, Database]] = [
        ("supabase", pair.supabase, pair.supabase_database),
        ("langgraph", pair.langgraph, pair.langgraph_database),
    ]
    for side, connection, database in sides:
        found.extend(_server(side, connection, database))
        found.extend(_set_off(side, connection))
    found.extend(_key("langgraph", key) for key in foreign_keys.onto_assistants(pair.langgraph))
    found.extend(_key("langgraph", key) for _, key in foreign_keys.onto_moved(pair.langgraph))
    found.extend(_key("supabase", key) for key in foreign_keys.onto_write_backs(pair.supabase))
    hidden = visible_places(pair.langgraph)[1]
    if hidden:
        value = f"{', '.join(hidden)}: their part of the blast radius is unknown, and a repair is refused"
        found.append(Fact(side="langgraph", name="hidden from this role", value=value, is_warning=True))
    for row in pair.langgraph.execute(
        sql.statement("unknown_columns"), {"known": list(_WRITTEN["langgraph"])}
    ).fetchall():
        value = f"{row['place']} is named like one, and not known to the toolkit: look whether old ids stand there"
        found.append(Fact(side="langgraph", name="unknown place of assistant ids", value=value, is_warning=True))
    return tuple(found)


def read_from(found: Iterable[Fact]) -> list[str]:
    """Say which databases were read, each once: by their references and where these lead, never a secret."""
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
    yield Fact(
        side=side, name="connection", value="through a transaction pooler" if pooled else "direct, or a session pooler"
    )
    if abs(skew) > _SKEW_SECONDS:
        yield Fact(side=side, name="clock", value=f"{skew:+.0f} s against this machine's", is_warning=True)


def _is_behind_transaction_pooler(connection: Connection, database: Database) -> bool:
    """Tell whether the next transaction may run on another server process.

    While a second client holds a transaction, a transaction pooler has given it the server connection that it last
    used for us, and ours moves on; a session of our own stays where it is.
    """

    def process(asked: Connection) -> int:
        return int((asked.execute(sql.statement("server")).fetchone() or {})["process"])

    with connect(database) as second:
        before = process(connection)
        with second.transaction():
            return process(second) == before or process(connection) != before


def _set_off(side: Any, connection: Connection) -> Iterable[Fact]:
    rows = connection.execute(sql.statement("set_off_by_writes"), {"tables": list(_WRITTEN[side])}).fetchall()
    for row in rows:
        yield Fact(
            side=side, name=row["what"], value=f"{row['name']} on {row['place']}", is_warning=row["what"] == "trigger"
        )


def _key(side: Literal["supabase", "langgraph"], key: ForeignKey) -> Fact:
    return Fact(
        side=side,
        name="foreign key",
        value=f"{key}: while it is there, a repair that meets it is refused",
        is_warning=True,
    )
