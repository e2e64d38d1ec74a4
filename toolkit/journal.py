"""What does undo need, and where is it kept?

Schema `assistant_repair`, on both sides: before-images, moved references, the id map. Each is written in the
transaction that makes the change.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from toolkit import sql
from toolkit.database import Connection, Pair, writing
from toolkit.errors import RefusedError
from toolkit.plan import Plan
from toolkit.records import Record


class UnknownRunError(RefusedError):
    """name a run as the repair did (`undo` without --run lists them); nothing was changed"""


class Run(Record):
    """One application of a plan."""

    run_id: str
    scope: str
    digest: str
    started_at: datetime
    finished_at: datetime | None
    undone_at: datetime | None
    supabase_fingerprint: str
    langgraph_fingerprint: str
    agents: int
    rows: int
    moves: int


def sides(pair: Pair) -> Iterator[Connection]:
    """Yield each database of the pair once, the LangGraph side first."""
    yield pair.langgraph
    if not pair.is_one_database:
        yield pair.supabase


def begin(pair: Pair, plan: Plan) -> str:
    """Make the journal where it is missing, write the run down on both sides, and return its id.

    Ids count upwards over both sides: `run-1`, `run-2`, …
    """
    numbers = []
    for connection in sides(pair):
        with writing(connection):
            connection.execute(sql.statement("make_journal"))
            numbers.append((connection.execute(sql.statement("next_run_number")).fetchone() or {})["number"])
    run_id = f"run-{max(numbers)}"
    values: dict[str, Any] = {
        **plan.model_dump(include={"scope", "toolkit_version", "supabase_fingerprint", "langgraph_fingerprint"}),
        "run_id": run_id,
        "digest": plan.digest,
    }
    for connection in sides(pair):
        with writing(connection):
            connection.execute(sql.statement("begin_run"), values)
    return run_id


def finish(pair: Pair, run_id: str) -> None:
    """Write down that everything of a run is done."""
    for connection in sides(pair):
        with writing(connection):
            connection.execute(sql.statement("finish_run"), {"run_id": run_id})


def runs(pair: Pair) -> tuple[Run, ...]:
    """List the repairs of this pair of databases, oldest first; empty where none was made."""
    if not pair.has_journal:
        return ()
    return _listed(pair.langgraph)


def _listed(connection: Connection) -> tuple[Run, ...]:
    return tuple(Run(**row) for row in connection.execute(sql.statement("runs")).fetchall())


def run_called(pair: Pair, run_id: str) -> Run:
    """Return the run with this id.

    Raises:
        UnknownRunError: if this pair of databases has no such run; the message lists those it has.
    """
    known = runs(pair)
    for run in known:
        if run.run_id == run_id:
            if not pair.is_one_database and (run_id, run.digest) not in {(each.run_id, each.digest) for each in _listed(pair.supabase)}:
                raise UnknownRunError(f"{pair.supabase_database.reference} has no journal of {run_id}: is it the other side of this pair?")
            return run
    listed = ", ".join(run.run_id for run in known) or "none"
    raise UnknownRunError(f"got run {run_id!r}; runs of these databases: {listed}")
