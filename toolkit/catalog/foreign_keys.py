"""Foreign keys that a repair's writes would meet.

The server's own tables have none. A user may have added a table that refers to assistants.
"""

from collections.abc import Collection, Container, Iterator
from typing import Any, LiteralString

from pydantic import BaseModel

from toolkit import sql
from toolkit.catalog.places import CATALOG, CONVERSATIONS
from toolkit.database.connection import Pair
from toolkit.database.transactions import Connection
from toolkit.errors import RefusedError

_ACTIONS = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
_ALL_KINDS = ("rekey", "remove", "write_back")


class ForeignKeyError(RefusedError):
    """A foreign key that deletes, changes or blocks rows that the journal does not hold."""

    remedy = (
        "it could change rows that the journal lacks, or stop the work halfway: drop the constraint, repair, replace "
        "the old ids in its column by those of id_map.csv, and add it again; nothing was changed"
    )


class ForeignKey(BaseModel, frozen=True):
    """A foreign key to a column that a repair and its undo write."""

    name: str
    table: str
    columns: tuple[str, ...]
    target: str
    action: str
    """The effect on its rows, such as `ON DELETE CASCADE`."""

    def __str__(self) -> str:
        return f"{self.name} of {self.table} ({', '.join(self.columns)}), {self.action}, on {self.target}"


def onto_assistants(connection: Connection) -> Iterator[ForeignKey]:
    """Yield the keys to `langgraph_server.assistants`, which deletes meet.

    Keys with NO ACTION or RESTRICT count too. With rows in an unknown table, they would stop a repair in its last
    phase. An undo restores references before the rows that they name.
    """
    for row in _leading_to(connection, "langgraph_server", "assistants", "id"):
        yield ForeignKey(**row, action=f"ON DELETE {_ACTIONS[row['on_delete']]}")


def onto_write_backs(connection: Connection) -> Iterator[ForeignKey]:
    """Yield the keys to `agents.langgraph_assistant_id`, which a write-back meets."""
    for row in _leading_to(connection, "public", "agents", "langgraph_assistant_id"):
        yield ForeignKey(**row, action=f"ON UPDATE {_ACTIONS[row['on_update']]}")


def onto_moved(connection: Connection) -> Iterator[tuple[str, ForeignKey]]:
    """Yield the place and the key for every moved reference that is part of its row's key.

    LangGraph's `store_vectors` has such a key on `store`. ON UPDATE CASCADE is left out: it follows an undo too.
    """
    for place in CATALOG:
        if place.moves and not place.path and place.column in place.table.key:
            for row in _leading_to(connection, place.table.schema, place.table.name, place.column):
                if row["on_update"] != "c":
                    action = f"ON UPDATE {_ACTIONS[row['on_update']]} (with CASCADE it would follow)"
                    yield place.name, ForeignKey(**row, action=action)


def _leading_to(
    connection: Connection, schema: LiteralString, table: LiteralString, column: LiteralString
) -> list[dict[str, Any]]:
    target = {"schema": schema, "table": table, "column": column}
    return connection.execute(sql.statement("foreign_keys"), target).fetchall()


def refuse(pair: Pair, kinds: Container[str] = _ALL_KINDS, places: Collection[str] = ()) -> None:
    """Refuse steps of these kinds, and moves in these places, that meet a foreign key.

    Args:
        pair: both sides.
        kinds: kinds of steps, such as `rekey`; by default all.
        places: names of places; `conversations` stands for all, since memories move with them.

    Raises:
        ForeignKeyError: names every such key.
    """
    found: list[ForeignKey] = []
    if "rekey" in kinds or "remove" in kinds:
        found += onto_assistants(pair.langgraph)
    if "write_back" in kinds:
        found += onto_write_backs(pair.supabase)
    found += [key for place, key in onto_moved(pair.langgraph) if place in places or CONVERSATIONS in places]
    if found:
        raise ForeignKeyError("foreign key " + "; ".join(map(str, found)))
