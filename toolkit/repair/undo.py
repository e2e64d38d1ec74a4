"""Undo of a repair, and the end of its retention."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import psycopg
from pydantic import BaseModel

from toolkit import sql
from toolkit.catalog.places import Place, moving_places
from toolkit.database.connection import Pair
from toolkit.database.shapes import AGENTS, ASSISTANTS
from toolkit.database.transactions import IN_BULK, NO_TIMEOUT, Connection, writing
from toolkit.errors import RefusedError
from toolkit.progress import Progress
from toolkit.repair import changes, journal, lease
from toolkit.repair.apply import StoppedRunError, open_journal, refuse_obstacles, running
from toolkit.repair.batches import cut, work_off
from toolkit.repair.context import Query, RunContext
from toolkit.repair.journal import Run
from toolkit.repair.phases import columns_of_assistants
from toolkit.repair.plan import Changes

_AGENTS = 20_000
"""Agents in one batch. Batches are large, since each reads all rows that may name an assistant to be removed."""

_UNDOING = "taking the repair back"

_CHANGED = (
    "changed since the repair, by the server's sync or by hand, and undo would lose that change: leave this agent"
    " repaired, or write the content that the repair wrote, and undo again"
)

_FORGED = (
    "the journal's image of {id} is not what the run wrote, and undo would restore it: leave this agent repaired, or"
    " put the image back from a backup"
)

_SUPPRESSED = "a trigger or rule on {} suppressed what undo writes there: correct it and undo again"


class ForgottenRunError(RefusedError):
    """A run whose before-images were deleted, or may not be deleted yet."""

    remedy = "nothing was changed"


class StoppedUndoError(StoppedRunError):
    """An undo that stopped before its end."""

    remedy = "what is taken back stays so: the same command goes on with the rest"


class _SuppressedError(Exception):
    """Writes that a trigger or rule suppressed; its argument has the reasons by agent id. The batch rolls back."""


class RefusedAgent(BaseModel, frozen=True):
    """An agent that undo leaves repaired."""

    agent_id: str
    name: str
    """The agent's name; its id where Supabase has no such agent."""
    refused: str
    """Why."""


class Restoration(BaseModel, frozen=True):
    """What undo restores of a run."""

    run: Run
    agents: tuple[str, ...]
    """Ids of the agents with something left to undo, sorted."""
    refused: tuple[RefusedAgent, ...]
    """Those that undo leaves repaired."""
    changes: Changes
    """Rows that the run changed and undo restores, by table: made ones go, removed ones come back."""
    obstacle: str = ""
    """Why undo would be refused as a whole now."""
    is_repeated: bool = False
    """Whether the run was undone before, and nothing of it is left to undo."""


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
    # the journal of a run without hashes may lack their column
    refused = _refused(pair, moving_places(pair.langgraph), parameters, has_hashes=run.hashed)
    obstacle = ""
    try:
        refuse_obstacles(pair)
    except RefusedError as error:
        obstacle = str(error)
    return _restoration(pair, run, refused).model_copy(update={"obstacle": obstacle})


def _restoration(pair: Pair, run: Run, refused: dict[str, str]) -> Restoration:
    statement = sql.statement("agents_to_undo")
    rows = (row for side in journal.sides(pair) for row in side.cursor().stream(statement, {"run_id": run.run_id}))
    agents = tuple(sorted({row["agent_id"] for row in rows}))
    return Restoration(
        run=run,
        agents=agents,
        refused=_named(pair, agents, refused),
        changes=changes.of_run(pair, run.run_id, refused),
        is_repeated=run.state == "undone",
    )


def _named(pair: Pair, agents: Iterable[str], refused: Mapping[str, str]) -> tuple[RefusedAgent, ...]:
    rows = pair.supabase.execute(sql.statement("agent_names"), {"agent_ids": list(refused)})
    names = {row["agent_id"]: row["name"] for row in rows}
    return tuple(
        RefusedAgent(agent_id=each, name=names.get(each) or each, refused=refused[each])
        for each in agents
        if each in refused
    )


def _remembered_run(pair: Pair, run_id: str) -> Run:
    run = journal.run_called(pair, run_id)
    if run.forgotten_at:
        raise ForgottenRunError(
            f"{run_id} was forgotten on {run.forgotten_at:%Y-%m-%d}, so undo has no before-images of it"
        )
    return run


def _refused(
    pair: Pair, places: Sequence[Place], parameters: dict[str, Any], *, has_hashes: bool = True
) -> dict[str, str]:
    """Return the agents that undo refuses, each with the first reason."""
    langgraph = pair.langgraph
    questions: list[tuple[Connection, Query, str]] = [
        *((side, sql.statement("changed_images"), _FORGED) for side in journal.sides(pair) if has_hashes),
        (pair.supabase, sql.statement("changed_write_backs"), "its write-back changed since the repair"),
        (langgraph, sql.statement("repaired_since"), "run-{number} repaired it again: undo that first"),
        (langgraph, sql.statement("changed_assistants"), f"{{what}} {_CHANGED}"),
        *(
            (langgraph, place.put_back(sql.statement("changed_in_place")), f"{place.name} {{reason}}")
            for place in places
        ),
    ]
    reasons: dict[str, str] = {}
    for connection, statement, reason in questions:
        for row in connection.execute(statement, parameters):
            reasons.setdefault(row["agent_id"], reason.format(**row))
    return reasons


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
        StoppedUndoError: if the undo was interrupted or a database stopped it; it can be resumed.
    """
    run = _remembered_run(pair, run_id)
    refuse_obstacles(pair)
    open_journal(pair)
    with lease.taken(pair.langgraph, progress) as holder:
        possible = _restoration(pair, run, {})
        with running(pair, run_id, holder, progress, StoppedUndoError) as context:
            with writing(pair.langgraph):
                pair.langgraph.execute(sql.statement("begin_undo"), {"run_id": run_id})
                pair.langgraph.execute(sql.statement("analyze_journal"))
            refused = _undo_in_batches(context, possible.agents)
            journal.mark(pair, run_id, sql.statement("mark_undone"))
    restored = possible.changes.without(changes.of_run(pair, run_id)) if refused else possible.changes
    fresh = {
        "run": journal.run_called(pair, run_id),
        "refused": _named(pair, possible.agents, refused),
        "changes": restored,
    }
    return possible.model_copy(update=fresh)


def _undo_in_batches(run: RunContext, agents: tuple[str, ...]) -> dict[str, str]:
    """Restore the agents of a run; return those that undo refuses, each with the reason."""
    put_back = sql.statement("put_back", **columns_of_assistants(run.connection))
    refused: dict[str, str] = {}

    def restore(batch: tuple[str, ...], is_last: bool) -> None:
        suppressed: dict[str, str] = {}
        while True:
            try:
                parameters = run.parameters(first=batch[0], last=batch[-1], refused=list(suppressed))
                with run.batch(NO_TIMEOUT, *IN_BULK):
                    left = _restore(run, put_back, parameters)
                refused.update(suppressed | left)
                return
            except _SuppressedError as error:  # refuse its agents, and restore the others again
                suppressed |= error.args[0]

    tables = (AGENTS, ASSISTANTS, *(place.table.relation for place in run.moving_places))

    def give_up(batch: tuple[str, ...], error: psycopg.Error) -> None:
        refused[batch[0]] = run.reason(error, *tables, again="undo the run again")

    total = len(agents)
    run.progress(_UNDOING, 0, total)
    work_off(cut(agents, _AGENTS), restore, give_up, lambda done: run.progress(_UNDOING, done, total))
    run.progress(_UNDOING, total, total)
    return refused


def _restore(run: RunContext, put_back: Query, parameters: dict[str, Any]) -> dict[str, str]:
    """Lock, compare and restore some agents; return the refused ones. Supabase's transaction ends inside the other."""
    langgraph, supabase, places = run.pair.langgraph, run.pair.supabase, run.moving_places
    langgraph.execute(sql.statement("hold_assistants"), parameters)
    for place in places:
        langgraph.execute(place.filled(sql.statement("hold_references")), parameters)
    with writing(supabase):
        has_write_backs = supabase.execute(sql.statement("hold_write_backs"), parameters).fetchone()
        refused = _refused(run.pair, places, parameters)
        parameters = {**parameters, "refused": [*parameters["refused"], *refused]}
        references = sql.statement("put_back_references")
        put_back_write_backs = [sql.statement("free_old_write_backs"), sql.statement("put_back_write_backs")]
        writes: list[tuple[str, Connection, Query]] = [
            # a generated column takes no UPDATE, whatever the rows
            *((AGENTS, supabase, each) for each in put_back_write_backs if has_write_backs),
            # an earlier place may be part of a later one's key
            *((place.name, langgraph, place.put_back(references)) for place in reversed(places)),
            (ASSISTANTS, langgraph, sql.statement("take_away")),
            (ASSISTANTS, langgraph, put_back),
        ]
        stamped: set[str] = set()
        for where, connection, statement in writes:
            found = connection.execute(statement, parameters).fetchall()
            if missed := [row["agent_id"] for row in found if row["agent_id"]]:
                raise _SuppressedError(dict.fromkeys(missed, _SUPPRESSED.format(where)))
            stamped |= {row["stamped"] for row in found}
        langgraph.execute(sql.statement("forget_ids"), parameters)
        run.record_stamped(stamped)
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
