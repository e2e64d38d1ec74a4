"""Facts about both databases to know before a repair: server, role, pooler, clock, triggers."""

import time
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from pydantic import BaseModel

from toolkit import sql
from toolkit.catalog import foreign_keys
from toolkit.catalog.places import RELATIONS
from toolkit.catalog.places import unread as unread_places
from toolkit.database import shapes
from toolkit.database.addresses import Database, is_practice
from toolkit.database.connection import Pair
from toolkit.database.transactions import Connection, row

_LARGEST_SKEW = 5.0  # seconds
_NAMES = "public.organizations"
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

    This only reads. `connected` has already checked that reads are complete.
    """
    topology = "one database" if pair.is_one_database else "two databases"
    return (
        Fact(side="both", name="topology", value=topology),
        *(fact for side in _sides(pair) for fact in _of_a_side(*side)),
        *_warnings(pair),
    )


def _sides(pair: Pair) -> tuple[tuple[Side, Connection, Database], ...]:
    return ("supabase", pair.supabase, pair.supabase_database), ("langgraph", pair.langgraph, pair.langgraph_database)


def databases_read(found: Sequence[Fact]) -> list[str]:
    """Return one sentence for each database in the facts: its reference, address and encryption, without secrets."""
    encryption = {fact.side: f"; {fact.value}" for fact in found if fact.name == "encryption"}
    sides: dict[str, list[str]] = {}
    for fact in found:
        if fact.name == "database":
            sides.setdefault(fact.value + encryption.get(fact.side, ""), []).append(fact.side)
    return [f"Read as {' and '.join(names)}: {value}." for value, names in sides.items()]


def real_databases(pair: Pair) -> tuple[str, ...]:
    """Return the sentences of `databases_read` for the sides that are no practice database."""
    real = (side for side in _sides(pair) if not is_practice(side[2].reference))
    return tuple(databases_read([fact for side in real for fact in _read(*side, row(side[1], "server"))]))


def unread(pair: Pair, found: Sequence[shapes.Problem]) -> tuple[str, ...]:
    """Return a sentence for each table of either side that is there, and that this role does not read as a whole.

    `found` are the problems of the LangGraph side's tables.
    """
    named = [each for each in shapes.problems(pair.supabase, [shapes.RELIED[_NAMES]]) if each.stops == "hidden"]
    reasons: dict[str, list[str]] = {}
    for each in (*named, *unread_places(found)):
        reasons.setdefault(each.table, []).append(each.words)
    unknown = "its rows are unknown and not counted, and a repair is refused"
    return tuple(
        f"{table}: {', '.join(words)}; {'their names are not shown' if table == _NAMES else unknown}"
        for table, words in reasons.items()
    )


def encryption(connection: Connection, database: Database) -> str:
    """Return whether the live connection is encrypted, and what of the server was verified."""
    if not connection.pgconn.ssl_in_use:
        return (
            "encrypted: no, it stays on this machine" if database.is_local else "encrypted: no, as its sslmode allows"
        )
    mode = next(option.val for option in connection.pgconn.info if option.keyword == b"sslmode")
    verified = {b"verify-full": "yes", b"verify-ca": "its certificate, not its name"}.get(mode or b"", "no")
    return f"encrypted: yes, server verified: {verified}"


def _of_a_side(side: Side, connection: Connection, database: Database) -> Iterator[Fact]:
    asked = time.time()
    server = row(connection, "server")
    skew = server["epoch"] - (asked + time.time()) / 2
    yield from _read(side, connection, database, server)
    way = "direct" if connection.info.backend_pid == server["process"] else "through a pooler"  # that makes its own up
    yield Fact(side=side, name="connection", value=way)
    if abs(skew) > _LARGEST_SKEW:
        yield Fact(side=side, name="clock", value=f"{skew:+.0f} s against this machine's", is_warning=True)
    tables = shapes.SUPABASE if side == "supabase" else shapes.LANGGRAPH
    found = shapes.read(connection, [table.name for table in tables])
    yield Fact(side=side, name="tables", value=", ".join(found))
    for shape in (shape for name, shape in found.items() if shapes.RELIED[name].writer):
        for what, name in shape.sets_off:
            yield Fact(side=side, name=what, value=f"{name} on {shape.name}", is_warning=what == "trigger")
    for each in shapes.judged(tables, found):
        if each.stops in ("nothing", "repair", "every write"):
            refused = "" if each.stops == "nothing" else "; while it is so, a repair is refused"
            yield Fact(side=side, name="table", value=f"{each}{refused}", is_warning=True)


def _read(side: Side, connection: Connection, database: Database, server: dict[str, Any]) -> Iterator[Fact]:
    address = f"{connection.info.host}:{connection.info.port}/{connection.info.dbname}"
    place = "practice, on this machine" if is_practice(database.reference) else address
    value = f"{database.reference} ({place}), PostgreSQL {server['version'] // 10000}, role {server['role']}"
    yield Fact(side=side, name="database", value=value)
    if not is_practice(database.reference):
        value = encryption(connection, database)
        is_open = not (connection.pgconn.ssl_in_use or database.is_local)
        yield Fact(side=side, name="encryption", value=value, is_warning=is_open)


def _warnings(pair: Pair) -> Iterator[Fact]:
    refused = "while it is there, a repair that meets it is refused"
    for key in foreign_keys.found(pair):
        yield Fact(side=key.side, name="foreign key", value=f"{key}: {refused}", is_warning=True)
    for value in unread(pair, shapes.problems(pair.langgraph, shapes.LANGGRAPH)):
        yield Fact(side="both", name="not read", value=value, is_warning=True)
    for column in pair.langgraph.execute(sql.statement("unknown_columns"), {"known": [*RELATIONS.values()]}):
        value = f"{column['place']} is named like one, and not known to the toolkit: look whether old ids stand there"
        yield Fact(side="langgraph", name="unknown place of assistant ids", value=value, is_warning=True)
