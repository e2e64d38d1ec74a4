"""Changes of a repair, table by table: counted when the plan is made, and from the journal."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, LiteralString

from psycopg import sql as compose

from toolkit import sql
from toolkit.catalog.places import CATALOG, Place, moving_places
from toolkit.database.connection import Pair
from toolkit.database.shapes import AGENTS, ASSISTANTS
from toolkit.database.snapshot import comparing
from toolkit.database.transactions import IN_BULK, reading
from toolkit.diagnosis.findings import Diagnosis
from toolkit.repair.journal import sides
from toolkit.repair.plan import Change, Changes, Move, Step, Thread

_SOURCES: tuple[LiteralString, ...] = ("planned_ids", "planned_conversations")
_UNMOVED = frozenset(place.name for place in CATALOG if not place.moves) | {"public.agents.assistant_tool_ids"}
_MOVING: LiteralString = (
    "SELECT hit.relation, hit.row_id, hit.thread_id, hit.user_id, hit.old_id, hit.new_id, hit.target, {moves} AS moves"
    " FROM ({hits}) AS hit"
)
_IS_NEWEST: LiteralString = (
    "hit.new_id IS NOT NULL AND hit.is_free"
    " AND row_number() OVER (PARTITION BY hit.target ORDER BY hit.newest DESC NULLS LAST, hit.own DESC) = 1"
)
"""Of several rows that get one key, the newest moves."""


def planned(pair: Pair, diagnosis: Diagnosis, steps: Iterable[Step], moves: Iterable[Move]) -> Changes:
    """Count the rows that these steps and moves change; write nothing."""
    ids = _Ids(diagnosis, steps, moves)
    rows = list(ids.ask(pair, "rows_by_table"))
    named = {row.assistant_id for row in diagnosis.references if row.place in _UNMOVED}
    named |= set(rows[0]["still_named"]) if rows else set()
    gone = sum(assistant_id not in named for assistant_id in ids.gone)
    assistants = {"changed": len(ids.overwritten - ids.made), "made": len(ids.made), "removed": gone}
    return _changes([{"table": ASSISTANTS, **assistants}, {"table": AGENTS, "changed": ids.write_backs}, *rows])


def planned_threads(pair: Pair, diagnosis: Diagnosis, steps: Iterable[Step], moves: Iterable[Move]) -> Iterator[Thread]:
    """Yield the conversations that these steps and moves give to agents' own assistants."""
    yield from (Thread(**row) for row in _Ids(diagnosis, steps, moves).ask(pair, "threads_that_move"))


def memories(pair: Pair, diagnosis: Diagnosis) -> dict[str, Any]:
    """Count the memories of the scope on users' rows, and those that a repair of everything leaves there.

    `tables` has the counts of each table; the others are those of all, `users` of what stays only. `unread` has the
    tables of memories that this role does not read.
    """
    *tables, total = [*_memories(pair, diagnosis, "memories_by_table")] or [dict.fromkeys(("rows", "stay", "users"), 0)]
    hidden = {
        place.table for place in CATALOG if place.name in diagnosis.unknown and place.table.contents == "memories"
    }
    return {**total, "tables": tables, "unread": sorted(table.shown for table in hidden)}


def memories_by_user(pair: Pair, diagnosis: Diagnosis) -> Iterator[dict[str, Any]]:
    """Yield the users whose memories a repair of everything leaves on users' rows, each with their number."""
    return _memories(pair, diagnosis, "memories_by_user")


def _memories(pair: Pair, diagnosis: Diagnosis, told: LiteralString) -> Iterator[dict[str, Any]]:
    found = _Ids(diagnosis, (), ())
    agents = ((row.assistant_id or "", ("", *row.evidence["conversations_of"])) for row in diagnosis.of("stray"))
    found.rerouted = sorted((agent_id, row_id) for row_id, ids in agents for agent_id in ids)
    return found.ask(pair, told)


def of_run(pair: Pair, run_id: str, without: Collection[str] = ()) -> Changes:
    """Count the rows that a run changed and no undo restored, without those of some agents."""
    parameters = {"run_id": run_id, "refused": list(without)}
    images = (row for side in sides(pair) for row in side.execute(sql.statement("images_by_table"), parameters))
    return _changes([*images, *_journaled(pair, "rows_by_table", parameters)])


def threads_of_run(pair: Pair, run_id: str) -> Iterator[Thread]:
    """Yield the conversations that a run gave to agents' own assistants."""
    rows = _journaled(pair, "threads_that_move", {"run_id": run_id, "refused": []})
    yield from (Thread(**row) for row in rows)


def _changes(rows: Iterable[dict[str, Any]]) -> Changes:
    """Return the changes of rows by table; the one without a table has the conversations and users of all."""
    by_table = {row["table"]: row for row in rows}
    total = by_table.pop(None, {"threads": 0, "users": 0})
    tables = (Change(**by_table[table]) for table in sorted(by_table))
    return Changes(tables=tuple(each for each in tables if each.rows), threads=total["threads"], users=total["users"])


class _Ids:
    """The assistants that a plan makes, overwrites and removes, and the ids that it replaces."""

    def __init__(self, diagnosis: Diagnosis, steps: Iterable[Step], moves: Iterable[Move]) -> None:
        self.organizations = diagnosis.scope.parameters["organizations"]
        self.replaced: dict[str | None, str] = {}
        self.made, self.overwritten = set[str](), set[str]()
        self.gone, self.write_backs = list[str | None](), 0
        moving = {move.agent_id for move in moves if not move.assistant_id}
        for step in steps:
            if step.replaces:
                moving.add(step.agent_id)
                self.replaced[step.assistant_id] = step.agent_id
            if step.kind in ("rekey", "remove"):
                self.gone.append(step.assistant_id)
            self.write_backs += step.kind == "write_back"
            if step.kind in ("rekey", "create"):
                self.made.add(step.agent_id)
            elif step.kind in ("adopt", "update"):
                self.overwritten.add(step.agent_id)
        for each in diagnosis.of("dangling_reference"):
            if each.agent_id in moving:
                self.replaced.setdefault(each.assistant_id, each.agent_id or "")
        rerouted = ((move.agent_id, move.assistant_id) for move in moves if move.assistant_id)
        self.rerouted: list[tuple[str, str]] = sorted(set(rerouted))

    def ask(self, pair: Pair, told: LiteralString) -> Iterator[dict[str, Any]]:
        """Yield what is told of the rows that name these ids and move."""
        if not self.replaced and not self.rerouted:
            return
        parameters: dict[str, Any] = {"old_ids": list(self.replaced), "new_ids": list(self.replaced.values())}
        parameters["organizations"] = self.organizations
        parameters["agent_ids"] = [agent_id for agent_id, _ in self.rerouted]
        parameters["assistant_ids"] = [assistant_id for _, assistant_id in self.rerouted]
        with comparing(pair, None) as choices, pair.langgraph.cursor() as cursor:
            places, sources = moving_places(pair.langgraph), _SOURCES if self.rerouted else _SOURCES[:1]
            if told.startswith("memories"):
                places, sources = [each for each in places if each.table.contents == "memories"], ("planned_memories",)
            hits = _united(_planned_hits(place, sources) for place in places)
            statement = sql.statement("planned_changes", told=told, **choices, hits=hits)
            yield from cursor.stream(statement, parameters)


def _planned_hits(place: Place, sources: Iterable[LiteralString]) -> compose.Composed:
    found = (place.moving(sql.statement("planned_references", replaced=each), "id_map") for each in sources)
    hits = compose.SQL("\nUNION ALL\n").join(found)
    return compose.SQL(_MOVING).format(
        hits=hits, moves=compose.SQL(_IS_NEWEST if place.is_key else "hit.new_id IS NOT NULL")
    )


def _united(hits: Iterable[compose.Composed]) -> sql.Text:
    return sql.Text(compose.SQL("\nUNION ALL\n").join(hits).as_string())


def _journaled(pair: Pair, told: LiteralString, parameters: dict[str, Any]) -> Iterator[dict[str, Any]]:
    with reading(pair.langgraph, *IN_BULK), pair.langgraph.cursor() as cursor:
        places = moving_places(pair.langgraph)
        hits = _united(place.filled(sql.statement("moved_references")) for place in places)
        yield from cursor.stream(sql.statement("journaled_changes", told=told, hits=hits), parameters)
