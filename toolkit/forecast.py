"""What does a repair cost, what does it run, and to where could a backup go back?"""

from collections import Counter
from datetime import datetime
from typing import Any

from toolkit import sql
from toolkit.application import MOVING_FROM, rekey
from toolkit.database import Connection, Pair
from toolkit.diagnosis import over_places, visible_places
from toolkit.journal import sides
from toolkit.plan import Plan
from toolkit.records import Record

_STEP_BYTES = 400
"""A step in the journal, and its entry in the id map, with their indexes."""
_MOVE_BYTES = 350
"""A moved reference in the journal, with its index."""
_PAGE_IMAGES = 1.5
"""WAL holds the first change of each page after a checkpoint as a whole page: seen 1.2 to 1.7 times the rows' own bytes."""


class Forecast(Record):
    """What one plan costs, roughly, on the side it weighs on, and what there is to go back to."""

    wal_bytes: int
    journal_bytes: int
    disk_bytes: int
    """How much the databases grow until VACUUM: new versions of rows, and the journal."""
    database_bytes: int
    """How large both are now."""
    how: str
    """How these are worked out."""
    backups: tuple[str, ...]
    """To which point in time a backup could go back, database by database, as far as the server itself knows."""


class Statement(Record):
    """One statement of a repair, as it is run."""

    phase: str
    name: str
    text: str
    """With `%(…)s` where the run's id and the batch's numbers are put."""


def forecast(pair: Pair, plan: Plan) -> Forecast:
    """Estimate what a plan costs; nothing is written.

    Not part of the plan: sizes change with every VACUUM, and the same state has to give the same plan.
    """
    counts = plan.counts
    assistant = _row_bytes(pair.langgraph, "langgraph_server.assistants")
    agent = _row_bytes(pair.supabase, "public.agents")
    made = counts.get("rekey", 0) + counts.get("create", 0)
    changed = counts.get("adopt", 0) + counts.get("update", 0)
    removed = counts.get("rekey", 0) + counts.get("remove", 0)
    tables = {place.name: f"{place.schema}.{place.table}" for place in visible_places(pair.langgraph)[0]}
    by_place: Counter[str] = Counter()
    for move in plan.moves:
        by_place[tables.get(move.place, "langgraph_server.runs")] += move.rows
    moved = sum(rows * _row_bytes(pair.langgraph, table) for table, rows in by_place.items())
    journal = len(plan.steps) * _STEP_BYTES + counts.get("move", 0) * _MOVE_BYTES + (removed + changed) * assistant
    rows = (made + changed) * assistant + counts.get("write_back", 0) * agent + moved
    return Forecast(
        wal_bytes=int((rows + journal + removed * 100) * _PAGE_IMAGES),
        journal_bytes=journal,
        disk_bytes=rows + journal,
        database_bytes=sum(int(_one(side, "database_bytes")["bytes"]) for side in sides(pair)),
        how=(
            f"rows made or changed × the table's bytes a row (an assistant {assistant:,}, an agent {agent:,}) + the journal (rows removed or"
            f" changed whole, {_STEP_BYTES} bytes a step, {_MOVE_BYTES} a moved reference); WAL is that × {_PAGE_IMAGES}, since it holds whole pages, too"
        ),
        backups=tuple(
            _backup(database.reference, _one(side, "archiving"))
            for side, database in zip(sides(pair), (pair.langgraph_database, pair.supabase_database), strict=False)
        ),
    )


def _one(connection: Connection, name: Any, **parameters: Any) -> dict[str, Any]:
    return connection.execute(sql.statement(name), parameters).fetchone() or {}


def _row_bytes(connection: Connection, table: str) -> int:
    return int(_one(connection, "row_bytes", table=table)["bytes"])


def _backup(reference: str, archiving: dict[str, Any]) -> str:
    last: datetime | None = archiving["last_archived_time"]
    if archiving["is_on"] and last:
        return (
            f"The server of {reference} archives its WAL, last at {last:%Y-%m-%d %H:%M:%S %Z}: whoever keeps that archive can go back to any"
            " moment up to then that its base backups reach."
        )
    return (
        f"No backup of {reference} is known: confirm one before you approve, for its server archives no WAL that it knows of (Supabase:"
        " Database, Backups; point-in-time recovery is an add-on, without it the last daily backup)."
    )


def statements(pair: Pair, plan: Plan) -> tuple[Statement, ...]:
    """Tell what a plan runs, in order: the statements' own text, filled as the repair fills it. Nothing is run."""
    kinds = {*plan.counts, *(["reroute"] if any(move.assistant_id for move in plan.moves) else [])}
    now = {"now": "agents_now" if pair.is_one_database else "now_copied", "tool_sets": "tool_sets_of_steps"}
    places = visible_places(pair.langgraph)[0]
    found: list[tuple[str, str, str]] = [("expand", "leave_stale", sql.statement("leave_stale", **now))]
    if "rekey" in kinds:
        found.append(("expand", "rekey", rekey(pair.langgraph).as_string(pair.langgraph)))
    if "create" in kinds:
        found.append(("expand", "create", sql.statement("create", **now)))
    if kinds & {"adopt", "update"}:
        found.append(("expand", "overwrite", sql.statement("overwrite", **now)))
    if "write_back" in kinds:
        found.append(("write back", "set_write_backs", sql.statement("set_write_backs")))
    named = {move.place for move in plan.moves if not move.assistant_id}
    for place in (place for place in places if place.moves):
        for replaced in (["id_map"] if place.name in named else []) + (["rerouted"] if "reroute" in kinds else []):
            text = sql.statement("move_references", locking="rows_waited_for", **MOVING_FROM[replaced])
            found.append(("move", place.name, place.moving(text, replaced).as_string(pair.langgraph)))  # type: ignore[arg-type]
    if kinds & {"rekey", "remove"}:
        text = sql.statement("still_named", named="named_in_place" if pair.is_one_database else "named_copied")
        found.append(("contract", "still_named", over_places(places, text).as_string(pair.langgraph)))
        found.append(("contract", "remove", sql.statement("remove")))
    return tuple(Statement(phase=phase, name=name, text=text) for phase, name, text in found)
