"""Foreign keys that a repair's writes would meet.

The server's own tables have none. A user may have added a table that refers to assistants.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Literal

from pydantic import BaseModel

from toolkit import sql
from toolkit.catalog.places import CATALOG, CONVERSATIONS, RELATIONS
from toolkit.database.connection import Pair
from toolkit.database.shapes import AGENTS, ASSISTANTS
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
    side: Literal["supabase", "langgraph"]
    met_by: frozenset[str]
    """The kinds of steps that meet it, such as `rekey`, or the name of the place whose moves do."""

    def __str__(self) -> str:
        return f"{self.name} of {self.table} ({', '.join(self.columns)}), {self.action}, on {self.target}"


def found(pair: Pair) -> Iterator[ForeignKey]:
    """Yield the keys that deletes of assistants meet, then those of write-backs, then those of moved references.

    - To `langgraph_server.assistants`. Keys with NO ACTION or RESTRICT count too. With rows in an unknown table, they
      would stop a repair in its last phase. An undo restores references before the rows that they name.
    - To `agents.langgraph_assistant_id`.
    - To a moved reference that is part of its row's key. LangGraph's `store_vectors` has such a key on `store`.
      ON UPDATE CASCADE is left out: it follows an undo too.
    """
    yield from _leading_to(pair, ASSISTANTS, "id", "on_delete", ("rekey", "remove"))
    yield from _leading_to(pair, AGENTS, "langgraph_assistant_id", "on_update", ("write_back",))
    for place in CATALOG:
        if place.moves and place.is_key:
            for key in _leading_to(pair, place.table.relation, place.column, "on_update", (place.name,)):
                if not key.action.endswith("CASCADE"):
                    yield key.model_copy(update={"action": f"{key.action} (with CASCADE it would follow)"})


def _leading_to(pair: Pair, table: str, column: str, event: str, met_by: Iterable[str]) -> Iterator[ForeignKey]:
    side: Literal["supabase", "langgraph"] = "supabase" if table == AGENTS else "langgraph"
    for row in getattr(pair, side).execute(sql.statement("foreign_keys"), {"table": table, "column": column}):
        action = f"{event.replace('_', ' ').upper()} {_ACTIONS[row[event]]}"
        yield ForeignKey(**row, action=action, side=side, met_by=frozenset(met_by))


def refuse(pair: Pair, kinds: Collection[str] = _ALL_KINDS, places: Collection[str] = ()) -> None:
    """Refuse steps of these kinds, and moves in these places, that meet a foreign key.

    Args:
        pair: both sides.
        kinds: kinds of steps, such as `rekey`; by default all.
        places: names of places; `conversations` stands for all, since memories move with them.

    Raises:
        ForeignKeyError: names every such key.
    """
    meeting = {*kinds, *(RELATIONS if CONVERSATIONS in places else places)}
    if met := [str(key) for key in found(pair) if not key.met_by.isdisjoint(meeting)]:
        raise ForeignKeyError("foreign key " + "; ".join(met))
