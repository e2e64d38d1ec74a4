"""The application of a plan: a crash leaves a row too many and never one too few.

The journal holds what a run will do before it begins. Each batch marks itself done in its own transaction, so an
interrupted run goes on where it was.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from pydantic import BaseModel

from toolkit import sql
from toolkit.catalog import foreign_keys
from toolkit.catalog.places import visible_places
from toolkit.database.connection import Pair, what_server_said
from toolkit.errors import RefusedError, ToolkitError
from toolkit.progress import Progress
from toolkit.repair import journal, lease
from toolkit.repair.batches import HeldTableError
from toolkit.repair.lease import Lease, LostLeaseError
from toolkit.repair.phases import Phases
from toolkit.repair.plan import Left, Plan
from toolkit.repair.planning import UnusablePlanError
from toolkit.repair.sitting import Sitting


class StoppedRunError(ToolkitError):
    """what is done is kept, and the rest can wait: finish the run with `repair --resume RUN`, or take it back with
    `undo --run RUN --apply`"""


class UnwritableError(RefusedError):
    """give the role what a repair writes with (README, Grants), or let the database be written again; nothing was changed"""


class NotResumableError(RefusedError):
    """there is nothing to finish; nothing was changed"""


class Outcome(BaseModel, frozen=True):
    """What one repair run did."""

    run_id: str
    counts: dict[str, int]
    """Steps done, by kind, and references moved; of all sittings of the run."""
    left: tuple[Left, ...]
    """Agents that were left alone, and why: they changed since the plan, or a lock was not to be had."""
    resumed: str | None = None
    """The interrupted run that was finished first, or that this is."""


def apply(pair: Pair, plan: Plan, progress: Progress = lambda phase, done, total: None) -> Outcome:
    """Apply a plan, journaled, in batches; an interrupted run is finished first, and its agents are not done twice.

    An agent whose rows or write-back changed since the plan is left alone and reported; so is one whose lock is
    not to be had, thrice, each time within half a second. The others go on.

    Raises:
        UnusablePlanError: if the plan was made for other databases; nothing is changed.
        BusyError: if somebody else repairs or undoes these databases; nothing is changed.
        ForeignJournalError: if the schema `assistant_repair` is somebody else's; nothing is changed.
        UnwritableError: if the journal cannot be made; nothing is changed.
        ForeignKeyError: if somebody hung a table on the assistants since the plan was made; nothing is changed.
        StoppedRunError: if the run was interrupted, or a database refused to go on; it can be resumed.
    """
    for side in ("supabase", "langgraph"):
        if getattr(plan, f"{side}_fingerprint") != getattr(pair, f"{side}_fingerprint"):
            raise UnusablePlanError(
                f"the plan was made for another {side} database than {getattr(pair, f'{side}_database').place}"
            )
    foreign_keys.refuse(pair, plan.counts, plan.places)
    _prepare(pair)
    with lease.taken(pair.langgraph, progress) as ours:
        interrupted = journal.unfinished(pair.langgraph)
        if interrupted is None:
            return _finish(pair, journal.begin(pair, plan, ()), ours, progress)
        first = _finish(pair, interrupted, ours, progress).model_copy(update={"resumed": interrupted})
        done = journal.agents_of(pair.langgraph, interrupted)
        if all(agent.agent_id in done for agent in plan.agents()):
            return first
        second = _finish(pair, journal.begin(pair, plan, done), ours, progress)
        return second.model_copy(update={"left": (*first.left, *second.left), "resumed": interrupted})


def resume(pair: Pair, run_id: str, progress: Progress = lambda phase, done, total: None) -> Outcome:
    """Finish an interrupted run, and nothing else.

    Raises:
        UnknownRunError: if these databases have no such run.
        NotResumableError: if it is finished, or somebody began to take it back.
        BusyError, ForeignKeyError, StoppedRunError: as `apply`.
    """
    run = journal.run_called(pair, run_id)
    if run.state != "not finished":
        raise NotResumableError(f"{run_id} is {run.state}")
    foreign_keys.refuse(pair)
    with lease.taken(pair.langgraph, progress) as ours:
        return _finish(pair, run_id, ours, progress).model_copy(update={"resumed": run_id})


def _prepare(pair: Pair) -> None:
    """Make the journal, once it is sure that this role may write what a repair writes."""
    tables = sorted({place.relation for place in visible_places(pair.langgraph)[0] if place.moves})
    wanted = [(pair.supabase, "public.agents", "UPDATE")]
    wanted += [(pair.langgraph, table, "UPDATE") for table in tables]
    wanted += [
        (pair.langgraph, "langgraph_server.assistants", privilege) for privilege in ("INSERT", "UPDATE", "DELETE")
    ]
    for connection, table, privilege in wanted:
        row = connection.execute(sql.statement("may_write"), {"table": table, "privilege": privilege}).fetchone() or {}
        if not row["may"]:
            raise UnwritableError(f"role {row['role']!r} has no {privilege} on {table}")
    try:
        journal.prepare(pair)
    except psycopg.Error as error:
        if isinstance(error, psycopg.OperationalError) or not error.sqlstate:
            raise  # the server is gone, which is another matter
        raise UnwritableError(f"the journal cannot be made: {what_server_said(error)}") from None


def _finish(pair: Pair, run_id: str, ours: Lease, progress: Progress) -> Outcome:
    with stopping(run_id):
        Phases(Sitting(pair, run_id, ours, progress)).finish()
    parameters = {"run_id": run_id}
    counts = pair.langgraph.execute(sql.statement("counts_of_run"), parameters).fetchall()
    left = pair.langgraph.execute(sql.statement("left_by_run"), parameters).fetchall()
    return Outcome(
        run_id=run_id, counts={row["kind"]: row["count"] for row in counts}, left=tuple(Left(**row) for row in left)
    )


@contextmanager
def stopping(run_id: str) -> Iterator[None]:
    """Say of whatever stops a run which run it was, and that it can go on; the batch under way was rolled back."""
    try:
        yield
    except KeyboardInterrupt:
        raise StoppedRunError(f"{run_id} was interrupted") from None
    except (HeldTableError, LostLeaseError) as error:
        raise StoppedRunError(f"{run_id} stopped: {error}") from None
    except psycopg.Error as error:
        raise StoppedRunError(f"{run_id} stopped: {what_server_said(error)}") from None
