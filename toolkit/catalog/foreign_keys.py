"""Foreign keys that stand against what a repair writes.

No place of the catalog has one, as the server makes its tables. Somebody may have added a table that refers to assistants.
"""

from collections.abc import Collection, Container, Iterator
from typing import Any, LiteralString

from pydantic import BaseModel

from toolkit import sql
from toolkit.catalog.places import CATALOG, CONVERSATIONS
from toolkit.database.connection import Connection, Pair
from toolkit.errors import RefusedError

_ACTIONS = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
_ALL = ("rekey", "remove", "write_back")


class ForeignKeyError(RefusedError):
    """with it, rows would go or change that no journal holds, or the work would stop halfway: drop the constraint, go on, change
    by id_map.csv what still names old ids in its column, and add it again; nothing was changed"""


class ForeignKey(BaseModel, frozen=True):
    """A foreign key that leads to a column which a repair and its undo write."""

    name: str
    table: str
    columns: tuple[str, ...]
    target: str
    action: str
    """What becomes of its rows, as `ON DELETE CASCADE`."""

    def __str__(self) -> str:
        return f"{self.name} of {self.table} ({', '.join(self.columns)}), {self.action}, on {self.target}"


def onto_assistants(connection: Connection) -> Iterator[ForeignKey]:
    """Tell the keys that meet what is deleted from `langgraph_server.assistants`.

    A key that only forbids is no better: where its rows stand in a table that no repair knows, the repair would stop at
    its last phase, and an undo puts references back before the rows that they name.
    """
    for row in _leading_to(connection, "langgraph_server", "assistants", "id"):
        yield ForeignKey(**row, action=f"ON DELETE {_ACTIONS[row['on_delete']]}")


def onto_write_backs(connection: Connection) -> Iterator[ForeignKey]:
    """Tell the keys that meet a write-back."""
    for row in _leading_to(connection, "public", "agents", "langgraph_assistant_id"):
        yield ForeignKey(**row, action=f"ON UPDATE {_ACTIONS[row['on_update']]}")


def onto_moved(connection: Connection) -> Iterator[tuple[str, ForeignKey]]:
    """Tell, with the place, the keys that meet a reference which moves and is part of its own row's key.

    LangGraph's `store_vectors` has one on `store`. One that follows, ON UPDATE CASCADE, follows an undo, too.
    """
    for place in CATALOG:
        if place.moves and not place.path and place.column in place.key:
            for row in _leading_to(connection, place.schema, place.table, place.column):
                if row["on_update"] != "c":
                    yield (
                        place.name,
                        ForeignKey(
                            **row, action=f"ON UPDATE {_ACTIONS[row['on_update']]} (with CASCADE it would follow)"
                        ),
                    )


def _leading_to(
    connection: Connection, schema: LiteralString, table: LiteralString, column: LiteralString
) -> list[dict[str, Any]]:
    return connection.execute(
        sql.statement("foreign_keys"), {"schema": schema, "table": table, "column": column}
    ).fetchall()


def refuse(pair: Pair, kinds: Container[str] = _ALL, places: Collection[str] = ()) -> None:
    """Refuse steps of these kinds, and moves in these places, where a foreign key stands against them.

    `conversations` is any place: with conversations their memories move, wherever these stand.

    Raises:
        ForeignKeyError: naming every such constraint.
    """
    found: list[ForeignKey] = []
    if "rekey" in kinds or "remove" in kinds:
        found += onto_assistants(pair.langgraph)
    if "write_back" in kinds:
        found += onto_write_backs(pair.supabase)
    if met := list(onto_moved(pair.langgraph)):
        found += [key for place, key in met if place in places or CONVERSATIONS in places]
    if found:
        raise ForeignKeyError("foreign key " + "; ".join(map(str, found)))
