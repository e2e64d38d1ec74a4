"""Undo of a repair, and the end of its retention."""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.types.json import Jsonb
from pydantic import BaseModel

from toolkit import sql
from toolkit.catalog import foreign_keys
from toolkit.catalog.places import Place, moving_places
from toolkit.database.connection import Pair
from toolkit.database.shapes import refuse_writes
from toolkit.database.spool import Spool
from toolkit.database.transactions import IN_BULK, NO_TIMEOUT, Connection, writing
from toolkit.errors import RefusedError
from toolkit.progress import Progress
from toolkit.repair import batches, changes, journal, lease
from toolkit.repair.apply import open_journal, stopping
from toolkit.repair.batches import Batch, work_off
from toolkit.repair.context import Query
from toolkit.repair.journal import Run
from toolkit.repair.lease import Lease
from toolkit.repair.phases import over_columns
from toolkit.repair.plan import Changes, merged

_AGENTS = 20_000
"""Agents in one batch. Batches are large, since each reads all rows that may name an assistant to be removed."""

_UNDOING = "taking the repair back"

_CHANGED = (
    "changed since the repair, by the server's sync or by hand, and undo would lose that change: leave this agent"
    " repaired, or write the content that the repair wrote, and undo again"
)

_CHANGED_IN_PLACE = {
    "used_since": "names its assistant in rows that are newer than the repair",
    "moved_since": "has a row that was changed since the repair to name another assistant",
    "taken_since": "has a newer row under the old key of a moved one",
}
"""Why undo refuses an agent, by the statement that finds it in one place."""

_FORGED = (
    "the journal's image of {} is not what the run wrote, and undo would restore it: leave this agent repaired, or put"
    " the image back from a backup"
)

_SUPPRESSED = "a trigger or rule on {} suppressed what undo writes there: correct it and undo again"


class ForgottenRunError(RefusedError):
    """A run whose before-images were deleted, or may not be deleted yet."""

    remedy = "nothing was changed"


class _SuppressedError(Exception):
    """Writes that a trigger or rule suppressed; its argument has the reasons by agent id. The batch rolls back."""


class AgentRestoration(BaseModel, frozen=True):
    """What undo restores for one agent."""

    agent_id: str
    made: int = 0
    """Rows that the run made and undo removes."""
    changed: int = 0
    """Rows and write-backs that get their old content."""
    removed: int = 0
    """Rows that the run removed and undo restores."""
    references: int = 0
    """References that get their old ids."""
    refused: str | None = None
    """Why undo leaves this agent repaired; None where it does not."""


class Restoration(BaseModel, frozen=True, arbitrary_types_allowed=True):
    """What undo restores for each agent of a run. Its rows may spill to disk: iterate over them."""

    run: Run
    agents: Spool[AgentRestoration]
    """By agent id."""
    changes: Changes
    """Rows that the run changed and undo restores, by table: made ones go, removed ones come back."""
    obstacle: str = ""
    """Why undo would be refused as a whole now."""
    is_repeated: bool = False
    """Whether the run was undone before, and nothing of it is left to undo."""

    @property
    def refused(self) -> tuple[AgentRestoration, ...]:
        """Agents that undo leaves repaired."""
        return tuple(agent for agent in self.agents if agent.refused)


def restoration(pair: Pair, run_id: str) -> Restoration:
    """Return what undo of a run would restore, and the agents that it refuses.

    Refuse an agent with rows that changed since the repair, or that a newer run repaired again. Also refuse an agent
    whose new assistant is named by rows that the journal does not know, such as a conversation begun since. Undo takes
    an interrupted run back as far as it got.

    Raises:
        UnknownRunError, DividedRunError: as `journal.run_called`.
        ForgottenRunError: if the run's before-images were deleted.
        ForeignJournalError, UntrustedJournalError: as `journal.runs`.
    """
    run = _remembered_run(pair, run_id)
    parameters = {"run_id": run_id, "first": "", "last": "~", "refused": []}
    refused = _refused_on_langgraph(pair.langgraph, moving_places(pair.langgraph), parameters)
    refused |= _refused_write_backs(pair.supabase, parameters)
    if run.hashed:  # else the journal may lack the column
        refused |= _forged(pair.langgraph, parameters) | _forged(pair.supabase, parameters, are_write_backs=True)
    try:
        _refuse(pair)
    except RefusedError as error:
        return _restoration(pair, run, refused).model_copy(update={"obstacle": str(error)})
    return _restoration(pair, run, refused)


def _refuse(pair: Pair) -> None:
    refuse_writes(pair.supabase, pair.langgraph)
    foreign_keys.refuse(pair)
    journal.check_writable(pair)


def _restoration(pair: Pair, run: Run, refused: dict[str, str]) -> Restoration:
    def restored(agent_id: str, rows: Sequence[dict[str, Any]]) -> AgentRestoration:
        counts = {name: sum(row[name] for row in rows) for name in ("made", "changed", "removed", "references")}
        return AgentRestoration(agent_id=agent_id, **counts, refused=refused.get(agent_id))

    sides = (side.cursor().stream(sql.statement("run_agents"), {"run_id": run.run_id}) for side in journal.sides(pair))
    by_agent = merged(*sides, key=lambda row: str(row["agent_id"]))
    agents = Spool(AgentRestoration, (restored(*agent) for agent in by_agent))
    undone = changes.of_run(pair, run.run_id, refused)
    return Restoration(run=run, agents=agents, changes=undone, is_repeated=run.state == "undone")


def _remembered_run(pair: Pair, run_id: str) -> Run:
    run = journal.run_called(pair, run_id)
    if run.forgotten_at:
        raise ForgottenRunError(
            f"{run_id} was forgotten on {run.forgotten_at:%Y-%m-%d}, so undo has no before-images of it"
        )
    return run


def _refused_on_langgraph(
    connection: Connection, places: Sequence[Place], parameters: dict[str, Any]
) -> dict[str, str]:
    """Return the agents that undo refuses because of rows on the LangGraph side, each with the first reason."""
    reasons: dict[str, str] = {}
    for row in connection.execute(sql.statement("repaired_since"), parameters):
        reasons.setdefault(row["agent_id"], f"run-{row['number']} repaired it again: undo that first")
    for row in connection.execute(sql.statement("changed_assistants"), parameters):
        reasons.setdefault(row["agent_id"], f"assistant {row['id']} {_CHANGED}")
    for place in places:
        for name, reason in _CHANGED_IN_PLACE.items():
            for row in connection.execute(place.put_back(sql.statement(name)), parameters):
                reasons.setdefault(row["agent_id"], f"{place.name} {reason}")
    return reasons


def _refused_write_backs(connection: Connection, parameters: dict[str, Any]) -> dict[str, str]:
    rows = connection.execute(sql.statement("changed_write_backs"), parameters)
    return {row["agent_id"]: "its write-back changed since the repair" for row in rows}


def _forged(connection: Connection, parameters: dict[str, Any], *, are_write_backs: bool = False) -> dict[str, str]:
    rows = connection.execute(sql.statement("changed_images"), {**parameters, "are_write_backs": are_write_backs})
    return {row["agent_id"]: _FORGED.format(row["id"]) for row in rows}


def undo(pair: Pair, run_id: str, progress: Progress = lambda phase, done, total: None) -> Restoration:
    """Restore both sides in batches of agents, and return what was restored and refused.

    Leave refused agents as they are. Compare and restore each batch under the same locks. Resume an undo that was
    interrupted. What triggers changed in written rows, such as `updated_at`, is not restored: see `Run.stamped`.

    Raises:
        UnknownRunError, DividedRunError, ForgottenRunError: as `restoration`.
        ForeignJournalError, UntrustedJournalError, UnwritableError: as `apply`; nothing is changed.
        BusyError: if another repair or undo is running; nothing is changed.
        ShapeError: if a table cannot be written as it is; nothing is changed.
        ForeignKeyError: if a foreign key refers to the assistants; nothing is changed.
        StoppedRunError: if the undo was interrupted or a database stopped it; it can be resumed.
    """
    run = _remembered_run(pair, run_id)
    _refuse(pair)
    open_journal(pair)
    with lease.taken(pair.langgraph, progress) as undo_lease:
        possible = _restoration(pair, run, {})
        with stopping(run_id):
            with writing(pair.langgraph):
                pair.langgraph.execute(sql.statement("begin_undo"), {"run_id": run_id})
                pair.langgraph.execute(sql.statement("analyze_journal"))
            refused = _undo_in_batches(pair, run_id, undo_lease, progress)
            journal.mark(pair, run_id, sql.statement("mark_undone"))
    agents = (agent.model_copy(update={"refused": refused.get(agent.agent_id)}) for agent in possible.agents)
    restored = possible.changes.without(changes.of_run(pair, run_id)) if refused else possible.changes
    fresh = {"run": journal.run_called(pair, run_id), "agents": Spool(AgentRestoration, agents), "changes": restored}
    return possible.model_copy(update=fresh)


def _undo_in_batches(pair: Pair, run_id: str, undo_lease: Lease, progress: Progress) -> dict[str, str]:
    """Restore the agents of a run; return those that undo refuses, each with the reason."""
    places = moving_places(pair.langgraph)
    streams = (
        side.cursor().stream(sql.statement("agents_to_undo"), {"run_id": run_id}) for side in journal.sides(pair)
    )
    agents = sorted({row["agent_id"] for stream in streams for row in stream})
    put_back = over_columns(pair.langgraph, sql.statement("put_back"))
    refused: dict[str, str] = {}

    def restore(batch: Batch, is_last: bool) -> Sequence[Batch]:
        between = {"first": agents[batch.first], "last": agents[batch.last - 1]}
        suppressed: dict[str, str] = {}
        while True:
            parameters = {"run_id": run_id, **between, "refused": list(suppressed)}
            try:
                with writing(pair.langgraph, NO_TIMEOUT, *IN_BULK):
                    undo_lease.renew()
                    left = _restore(pair, places, put_back, parameters)
                refused.update(suppressed | left)
                return []
            except _SuppressedError as error:  # refuse its agents, and restore the others again
                suppressed |= error.args[0]

    tables = {"public.agents", "langgraph_server.assistants", *(place.table.relation for place in places)}

    def give_up(batch: Batch, error: psycopg.Error) -> None:
        refused[agents[batch.first]] = batches.reason(error, journal.sides(pair), tables, "undo the run again")

    total = len(agents)
    progress(_UNDOING, 0, total)
    work_off(Batch(0, total).cut(_AGENTS), restore, give_up, lambda done: progress(_UNDOING, done, total))
    progress(_UNDOING, total, total)
    return refused


def _restore(pair: Pair, places: Sequence[Place], put_back: Query, parameters: dict[str, Any]) -> dict[str, str]:
    """Lock, compare and restore some agents; return the refused ones. Supabase's transaction ends inside the other."""
    langgraph, supabase = pair.langgraph, pair.supabase
    langgraph.execute(sql.statement("hold_assistants"), parameters)
    for place in places:
        langgraph.execute(place.filled(sql.statement("hold_references")), parameters)
    refused = _refused_on_langgraph(langgraph, places, parameters) | _forged(langgraph, parameters)
    with writing(supabase):
        has_write_backs = supabase.execute(sql.statement("hold_write_backs"), parameters).fetchone()
        refused |= _refused_write_backs(supabase, parameters)
        refused |= _forged(supabase, parameters, are_write_backs=True)
        parameters = {**parameters, "refused": [*parameters["refused"], *refused]}
        references = sql.statement("put_back_references")
        stamped: dict[str, int] = {}
        put_back_write_backs = [sql.statement("free_old_write_backs"), sql.statement("put_back_write_backs")]
        writes: list[tuple[str, Connection, Query]] = [
            # a generated column takes no UPDATE, whatever the rows
            *(("public.agents", supabase, each) for each in put_back_write_backs if has_write_backs),
            # an earlier place may be part of a later one's key
            *((place.name, langgraph, place.put_back(references)) for place in reversed(places)),
            ("langgraph_server.assistants", langgraph, sql.statement("take_away")),
            ("langgraph_server.assistants", langgraph, put_back),
        ]
        for where, connection, statement in writes:
            found = connection.execute(statement, parameters).fetchall()
            if missed := [row["agent_id"] for row in found if row["agent_id"]]:
                raise _SuppressedError(dict.fromkeys(missed, _SUPPRESSED.format(where)))
            stamped |= {row["stamped"]: 1 for row in found}
        langgraph.execute(sql.statement("forget_ids"), parameters)
        if stamped:
            record = {"run_id": parameters["run_id"], "phase": "stamped", "first": 0, "last": 1}
            langgraph.execute(sql.statement("record_batch"), {**record, "counts": Jsonb(stamped)})
        langgraph.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is deferred raises before Supabase's part commits
    return refused


def forget(pair: Pair, run_id: str, progress: Progress = lambda phase, done, total: None) -> Run:
    """Delete the before-images of a run, so that it cannot be undone any more; keep the id map as a link.

    Raises:
        UnknownRunError, DividedRunError: as `journal.run_called`.
        ForgottenRunError: if the run was forgotten before, or is not finished.
        ForeignJournalError, UntrustedJournalError, UnwritableError: as `apply`; nothing is changed.
        BusyError: if another repair or undo is running; nothing is changed.
    """
    run = _remembered_run(pair, run_id)
    if run.state not in ("done", "undone"):
        raise ForgottenRunError(f"{run_id} is {run.state}: finish that before you forget it")
    open_journal(pair)
    with lease.taken(pair.langgraph, progress):
        journal.mark(pair, run_id, sql.statement("forget_run"), NO_TIMEOUT)
    return journal.run_called(pair, run_id)
