"""Application of a plan, and the resumption of an interrupted run.

The journal holds all steps of a run before the first change. Each batch is recorded in its own transaction, so an
interrupted run resumes where it stopped. A crash may leave a row too many, never one too few.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from pydantic import BaseModel

from toolkit import sql
from toolkit.catalog import foreign_keys, grants
from toolkit.catalog.places import refuse_unread
from toolkit.database import shapes
from toolkit.database.connection import Pair, server_message
from toolkit.database.shapes import LANGGRAPH, RELIED, SUPABASE, refuse_writes
from toolkit.diagnosis.diagnose import diagnose
from toolkit.errors import RefusedError, ToolkitError
from toolkit.progress import Progress
from toolkit.repair import changes, journal, lease, phases, planning
from toolkit.repair.batches import HeldTableError
from toolkit.repair.confirmation import UNCONFIRMED, refuse_foreign, refuse_undone
from toolkit.repair.context import RunContext
from toolkit.repair.journal import Run
from toolkit.repair.lease import LostLeaseError
from toolkit.repair.plan import Changes, Left, Plan


class StoppedRunError(ToolkitError):
    """A repair run that stopped before its end."""

    remedy = "what is done is kept: go on with `repair --resume RUN`, or take it back with `undo --run RUN --apply`"


class UnwritableError(RefusedError):
    """A database or role that a repair cannot write with."""

    remedy = (
        "run what `assistant-toolkit grants repairer` prints, or let the database accept writes; nothing was changed"
    )


class NotResumableError(RefusedError):
    """A run with nothing left to finish."""

    remedy = (
        "--resume finishes a repair that is not finished; an undo goes on with `undo --run RUN --apply`; nothing was"
        " changed"
    )


class Outcome(BaseModel, frozen=True):
    """Result of one repair run."""

    run_id: str | None
    """None where there was nothing to do, and no run was made."""
    counts: dict[str, int]
    """Steps done, by kind, and `move`, the references moved. A resumed run counts from its beginning."""
    changes: Changes = Changes()
    """Rows that the run changed, by table; of a repeated run those that it changed before."""
    left: tuple[Left, ...]
    """Agents left alone, with the reason: a row changed since the plan, or a lock was not available."""
    run: Run | None = None
    """The run as the journal has it: who made it, when, and how the plan was approved."""
    resumed: str | None = None
    """Id of the interrupted run that was finished first, or that this run is."""
    is_repeated: bool = False
    """True where this run had applied the plan before, and nothing was changed now."""


def apply(pair: Pair, plan: Plan, progress: Progress = lambda phase, done, total: None, approved: str = "") -> Outcome:
    """Apply a plan in journaled batches.

    Finish an interrupted run first, and skip its agents in the plan. Leave alone and report an agent whose rows or
    write-back changed since the plan, or whose rows stay locked for three attempts of half a second. A plan that a
    run has applied before is not applied again: that run tries the agents that it left. The journal keeps how the plan
    was `approved`.

    Raises:
        UnusablePlanError: if the plan was made for other databases, its run was undone, or it has a step that could
            never be made; nothing is changed.
        UnfinishedUndoError: if a run is being undone; nothing is changed.
        BusyError: if another repair or undo is running; nothing is changed.
        ForeignJournalError: if the schema `assistant_repair` is not this toolkit's; nothing is changed.
        UntrustedJournalError: if it is neither this role's nor that of `pair.journal_owner`; nothing is changed.
        UnwritableError: if a grant is missing or the journal cannot be created; nothing is changed.
        ShapeError: if a table cannot be written as it is; nothing is changed.
        ForeignKeyError: if a foreign key stands against the plan's steps; nothing is changed.
        StoppedRunError: if the run was interrupted or a database stopped it; it can be resumed.
    """
    refuse_foreign(pair, plan)
    refuse_undone(pair, plan)
    if not plan.is_confirmed or journal.run_of_plan(pair, plan.digest):  # its run may have done all of it
        plan = planning.confirmed(pair, diagnose(pair, plan.agents_in_scope, for_plan=True), plan)
    unconfirmed = tuple(row for row in plan.left if row.reason == UNCONFIRMED)
    refuse_writes(pair.supabase, pair.langgraph)
    foreign_keys.refuse(pair, plan.counts, plan.places)
    if not plan.touched and not journal.runs(pair):
        return Outcome(run_id=None, counts={}, left=unconfirmed)
    _check_grants(pair)
    open_journal(pair)
    with lease.taken(pair.langgraph, progress) as holder:
        outcome = _apply(pair, plan, holder, progress, approved)
    return outcome.model_copy(update={"left": (*outcome.left, *unconfirmed)})


def _apply(pair: Pair, plan: Plan, holder: str, progress: Progress, approved: str) -> Outcome:
    first, done = Outcome(run_id=None, counts={}, left=()), set[str]()
    if interrupted := journal.unfinished(pair):
        run_id = journal.run_called(pair, interrupted).run_id
        first = _finish(pair, run_id, holder, progress).model_copy(update={"resumed": interrupted})
        done = journal.agents_of(pair, interrupted)
    run = journal.run_of_plan(pair, plan.digest)
    if run and run.run_id != interrupted:
        left = {row.agent_id for row in _left_by(pair, run.run_id)}
        if all(agent.agent_id in left | done for agent in plan.agents()):
            return _again(pair, run, holder, progress).model_copy(update={"resumed": interrupted})
    if all(agent.agent_id in done for agent in plan.agents()):
        return first
    second = _finish(pair, journal.begin(pair, plan, done, approved), holder, progress)
    return second.model_copy(update={"left": (*first.left, *second.left), "resumed": interrupted})


def _again(pair: Pair, run: Run, holder: str, progress: Progress) -> Outcome:
    """Try the agents that a finished run left alone; change nothing where it left none, or was forgotten."""
    if run.forgotten_at or not (left := _left_by(pair, run.run_id)):
        changed = changes.of_run(pair, run.run_id)
        return Outcome(run_id=run.run_id, counts={}, changes=changed, left=left, run=run, is_repeated=True)
    refuse_obstacles(pair)
    with running(pair, run.run_id, holder, progress) as again:
        phases.try_again(again)
    return _finish(pair, run.run_id, holder, progress)


def resume(pair: Pair, run_id: str, progress: Progress = lambda phase, done, total: None) -> Outcome:
    """Finish an interrupted run.

    Raises:
        UnknownRunError, DividedRunError: as `journal.run_called`.
        NotResumableError: if the run is finished, or its undo has begun.
        BusyError, ShapeError, ForeignKeyError, StoppedRunError: as `apply`.
        ForeignJournalError, UntrustedJournalError, UnwritableError: as `apply`.
    """
    run = journal.run_called(pair, run_id)
    if run.state != "not finished":
        raise NotResumableError(f"{run_id} is {run.state}")
    refuse_obstacles(pair)
    open_journal(pair)
    with lease.taken(pair.langgraph, progress) as holder:
        return _finish(pair, run_id, holder, progress).model_copy(update={"resumed": run_id})


def refuse_obstacles(pair: Pair) -> None:
    """Refuse what stands against a run whatever its steps: a table's shape, hidden rows, a key, a foreign journal."""
    refuse_writes(pair.supabase, pair.langgraph)
    refuse_unread(pair.langgraph)
    foreign_keys.refuse(pair)
    journal.check_writable(pair)


def _check_grants(pair: Pair) -> None:
    """Check the role's grants on all tables that a repair writes."""
    for connection, tables in ((pair.supabase, SUPABASE), (pair.langgraph, LANGGRAPH)):
        for shape in shapes.read(connection, [table.name for table in tables if table.writer]).values():
            for privilege in grants.written("repairer", RELIED[shape.name]):
                if privilege not in shape.grants:
                    role = (connection.execute(sql.statement("server")).fetchone() or {})["role"]
                    raise UnwritableError(f"role {role!r} has no {privilege} on {shape.name}")


def open_journal(pair: Pair) -> None:
    """Create, upgrade and close the journal; raise `UnwritableError` where the database does not let this role."""
    try:
        journal.prepare(pair)
    except psycopg.Error as error:
        if isinstance(error, psycopg.OperationalError) or not error.sqlstate:
            raise  # the server is gone: no grant would help
        raise UnwritableError(f"the journal cannot be created: {server_message(error)}") from None


def _finish(pair: Pair, run_id: str, holder: str, progress: Progress) -> Outcome:
    with running(pair, run_id, holder, progress) as run:
        found = phases.finish(run)
    done = {row["kind"]: row["count"] for row in run.execute(sql.statement("counts_of_run"))}
    made = journal.run_called(pair, run_id)
    return Outcome(run_id=run_id, counts=done, changes=found, left=_left_by(pair, run_id), run=made)


def _left_by(pair: Pair, run_id: str) -> tuple[Left, ...]:
    rows = pair.langgraph.execute(sql.statement("left_by_run"), {"run_id": run_id})
    return tuple(Left(**row) for row in rows)


@contextmanager
def running(
    pair: Pair, run_id: str, holder: str, progress: Progress, stopped: type[ToolkitError] = StoppedRunError
) -> Iterator[RunContext]:
    """Yield a run's context; name the run when something stops it. The current batch's transaction was rolled back."""
    try:
        yield RunContext(pair, run_id, holder, progress)
    except KeyboardInterrupt:
        raise stopped(f"{run_id} was interrupted") from None
    except (HeldTableError, LostLeaseError, psycopg.Error) as error:
        reason = server_message(error) if isinstance(error, psycopg.Error) else error
        raise stopped(f"{run_id} stopped: {reason}") from None
