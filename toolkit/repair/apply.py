"""Application of a plan, and the resumption of an interrupted run.

The journal holds all steps of a run before the first change. Each batch is recorded in its own transaction, so an
interrupted run resumes where it stopped. A crash may leave a row too many, never one too few.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from pydantic import BaseModel

from toolkit import sql
from toolkit.catalog import foreign_keys
from toolkit.catalog.places import moving_places
from toolkit.database.connection import Pair, server_message
from toolkit.errors import RefusedError, ToolkitError
from toolkit.progress import Progress
from toolkit.repair import journal, lease, phases
from toolkit.repair.batches import HeldTableError
from toolkit.repair.context import RunContext
from toolkit.repair.lease import Lease, LostLeaseError
from toolkit.repair.plan import Left, Plan
from toolkit.repair.planfile import UnusablePlanError


class StoppedRunError(ToolkitError):
    """A repair run that stopped before its end."""

    remedy = "what is done is kept: go on with `repair --resume RUN`, or take it back with `undo --run RUN --apply`"


class UnwritableError(RefusedError):
    """A database or role that a repair cannot write with."""

    remedy = "give the role its grants (README, Grants), or let the database accept writes; nothing was changed"


class NotResumableError(RefusedError):
    """A run with nothing left to finish."""

    remedy = "there is nothing to finish; nothing was changed"


class Outcome(BaseModel, frozen=True):
    """Result of one repair run."""

    run_id: str
    counts: dict[str, int]
    """Steps done, by kind, and `move`, the references moved. A resumed run counts from its beginning."""
    left: tuple[Left, ...]
    """Agents left alone, with the reason: a row changed since the plan, or a lock was not available."""
    resumed: str | None = None
    """Id of the interrupted run that was finished first, or that this run is."""


def apply(
    pair: Pair, plan: Plan, progress: Progress = lambda phase, done, total: None, journal_owner: str = ""
) -> Outcome:
    """Apply a plan in journaled batches.

    Finish an interrupted run first, and skip its agents in the plan. Leave alone and report an agent whose rows or
    write-back changed since the plan, or whose rows stay locked for three attempts of half a second.

    Raises:
        UnusablePlanError: if the plan was made for other databases; nothing is changed.
        BusyError: if another repair or undo is running; nothing is changed.
        ForeignJournalError: if the schema `assistant_repair` is not this toolkit's; nothing is changed.
        UntrustedJournalError: if it is neither this role's nor that of `journal_owner`; nothing is changed.
        UnwritableError: if a grant is missing or the journal cannot be created; nothing is changed.
        ForeignKeyError: if a foreign key stands against the plan's steps; nothing is changed.
        StoppedRunError: if the run was interrupted or a database stopped it; it can be resumed.
    """
    for side in ("supabase", "langgraph"):
        if getattr(plan, f"{side}_fingerprint") != getattr(pair, f"{side}_fingerprint"):
            place = getattr(pair, f"{side}_database").place
            raise UnusablePlanError(f"the plan was made for another {side} database than {place}")
    foreign_keys.refuse(pair, plan.counts, plan.places)
    _check_grants(pair)
    open_journal(pair, journal_owner)
    with lease.taken(pair.langgraph, progress) as run_lease:
        interrupted = journal.unfinished(pair.langgraph)
        if interrupted is None:
            return _finish(pair, journal.begin(pair, plan, ()), run_lease, progress)
        first = _finish(pair, interrupted, run_lease, progress).model_copy(update={"resumed": interrupted})
        agents = pair.langgraph.execute(sql.statement("agents_of_run"), {"run_id": interrupted})
        done = {row["agent_id"] for row in agents}
        if all(agent.agent_id in done for agent in plan.agents()):
            return first
        second = _finish(pair, journal.begin(pair, plan, done), run_lease, progress)
        return second.model_copy(update={"left": (*first.left, *second.left), "resumed": interrupted})


def resume(
    pair: Pair, run_id: str, progress: Progress = lambda phase, done, total: None, journal_owner: str = ""
) -> Outcome:
    """Finish an interrupted run.

    Raises:
        UnknownRunError: if these databases have no such run.
        NotResumableError: if the run is finished, or its undo has begun.
        BusyError, ForeignKeyError, StoppedRunError: as `apply`.
        ForeignJournalError, UntrustedJournalError, UnwritableError: as `apply`.
    """
    run = journal.run_called(pair, run_id, journal_owner)
    if run.state != "not finished":
        raise NotResumableError(f"{run_id} is {run.state}")
    foreign_keys.refuse(pair)
    open_journal(pair, journal_owner)
    with lease.taken(pair.langgraph, progress) as run_lease:
        return _finish(pair, run_id, run_lease, progress).model_copy(update={"resumed": run_id})


def _check_grants(pair: Pair) -> None:
    """Check the role's grants on all tables that a repair writes."""
    needed = [(pair.supabase, "public.agents", "UPDATE")]
    tables = sorted({place.table.relation for place in moving_places(pair.langgraph)})
    needed += [(pair.langgraph, table, "UPDATE") for table in tables]
    needed += [(pair.langgraph, "langgraph_server.assistants", name) for name in ("INSERT", "UPDATE", "DELETE")]
    for connection, table, privilege in needed:
        row = connection.execute(sql.statement("may_write"), {"table": table, "privilege": privilege}).fetchone() or {}
        if not row["may"]:
            raise UnwritableError(f"role {row['role']!r} has no {privilege} on {table}")


def open_journal(pair: Pair, journal_owner: str) -> None:
    """Create, upgrade and close the journal; raise `UnwritableError` where the database does not let this role."""
    try:
        journal.prepare(pair, journal_owner)
    except psycopg.Error as error:
        if isinstance(error, psycopg.OperationalError) or not error.sqlstate:
            raise  # the server is gone: no grant would help
        raise UnwritableError(f"the journal cannot be created: {server_message(error)}") from None


def _finish(pair: Pair, run_id: str, run_lease: Lease, progress: Progress) -> Outcome:
    with stopping(run_id):
        run = RunContext(pair, run_id, run_lease, progress)
        phases.finish(run)
    done = {row["kind"]: row["count"] for row in run.execute(sql.statement("counts_of_run"))}
    left = tuple(Left(**row) for row in run.execute(sql.statement("left_by_run")))
    return Outcome(run_id=run_id, counts=done, left=left)


@contextmanager
def stopping(run_id: str) -> Iterator[None]:
    """Name the run in the error when something stops it; the transaction of the current batch was rolled back."""
    try:
        yield
    except KeyboardInterrupt:
        raise StoppedRunError(f"{run_id} was interrupted") from None
    except (HeldTableError, LostLeaseError, psycopg.Error) as error:
        reason = server_message(error) if isinstance(error, psycopg.Error) else error
        raise StoppedRunError(f"{run_id} stopped: {reason}") from None
