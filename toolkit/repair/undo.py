"""Undo of a repair, and the end of its retention."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any, LiteralString

import psycopg
from psycopg import sql as compose
from pydantic import BaseModel

from toolkit import sql
from toolkit.catalog import foreign_keys
from toolkit.catalog.places import Place, visible_places
from toolkit.database.connection import IN_BULK, NO_TIMEOUT, Connection, Pair, writing
from toolkit.database.spool import Spool
from toolkit.errors import RefusedError
from toolkit.progress import Progress
from toolkit.repair import journal, lease
from toolkit.repair.apply import stopping
from toolkit.repair.batches import Batch, work_off
from toolkit.repair.journal import Run
from toolkit.repair.lease import Lease
from toolkit.repair.plan import merged

_AGENTS = 20_000
"""Agents in one batch. Batches are large, since each reads all rows that may name an assistant to be removed."""

_ALL = {"first": "", "last": "~"}
_UNDOING = "taking the repair back"

_CHANGED = (
    "changed since the repair, by the server's sync or by hand, and going back would lose that: leave this agent"
    " repaired, or give its row the content that the repair gave it, and undo again"
)

_SUPPRESSED = "the database let {} be: a trigger or rule suppressed what undo writes there; mend that and undo again"


class ForgottenRunError(RefusedError):
    """A run whose before-images were deleted, or may not be deleted yet."""

    remedy = "what undo needs was given up with `undo --forget`, or is needed still; nothing was changed"


class _SuppressedError(Exception):
    """A trigger or rule suppressed writes for some agents, so the transaction of their batch must roll back."""

    def __init__(self, reasons: dict[str, str]) -> None:
        super().__init__()
        self.reasons = reasons


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
        UnknownRunError: if these databases have no such run.
        ForgottenRunError: if the run's before-images were deleted.
    """
    run = _remembered_run(pair, run_id)
    parameters = {"run_id": run_id, **_ALL, "refused": []}
    refused = _refused_on_langgraph(pair.langgraph, _moving_places(pair), parameters)
    refused |= _refused_write_backs(pair.supabase, parameters)
    return _restoration(pair, run, refused)


def _restoration(pair: Pair, run: Run, refused: dict[str, str]) -> Restoration:
    def restored(agent_id: str, rows: Sequence[dict[str, Any]]) -> AgentRestoration:
        counts = {name: sum(row[name] for row in rows) for name in ("made", "changed", "removed", "references")}
        return AgentRestoration(agent_id=agent_id, **counts, refused=refused.get(agent_id))

    with ExitStack() as cursors:
        sides = [
            cursors.enter_context(connection.cursor()).stream(sql.statement("run_agents"), {"run_id": run.run_id})
            for connection in journal.sides(pair)
        ]
        by_agent = merged(*sides, key=lambda row: str(row["agent_id"]))
        return Restoration(run=run, agents=Spool(AgentRestoration, (restored(*agent) for agent in by_agent)))


def _remembered_run(pair: Pair, run_id: str) -> Run:
    run = journal.run_called(pair, run_id)
    if run.forgotten_at:
        raise ForgottenRunError(f"{run_id} was forgotten on {run.forgotten_at:%Y-%m-%d}")
    return run


def _moving_places(pair: Pair) -> list[Place]:
    return [place for place in visible_places(pair.langgraph)[0] if place.moves]


def _refused_on_langgraph(
    connection: Connection, places: Sequence[Place], parameters: dict[str, Any]
) -> dict[str, str]:
    """Return the agents that undo refuses because of rows on the LangGraph side, each with the first reason."""

    def found() -> Iterator[tuple[str, str]]:
        for row in _rows(connection, "repaired_since", parameters):
            yield row["agent_id"], f"run-{row['number']} repaired it again: undo that first"
        for row in _rows(connection, "changed_assistants", parameters):
            yield row["agent_id"], f"assistant {row['id']} {_CHANGED}"
        for place in places:
            for name, reason in (
                ("used_since", "names its assistant in rows that are newer than the repair"),
                ("moved_since", "has a row that names another assistant since the repair"),
                ("taken_since", "has a newer row where an old one was"),
            ):
                for row in connection.execute(place.put_back(sql.statement(name)), parameters).fetchall():
                    yield row["agent_id"], f"{place.name} {reason}"

    reasons: dict[str, str] = {}
    for agent_id, reason in found():
        reasons.setdefault(agent_id, reason)
    return reasons


def _refused_write_backs(connection: Connection, parameters: dict[str, Any]) -> dict[str, str]:
    rows = _rows(connection, "changed_write_backs", parameters)
    return {row["agent_id"]: "its write-back changed since the repair" for row in rows}


def _rows(connection: Connection, statement: LiteralString, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    return connection.execute(sql.statement(statement), parameters).fetchall()


def undo(pair: Pair, run_id: str, progress: Progress = lambda phase, done, total: None) -> Restoration:
    """Restore both sides in batches of agents, and return what was restored and refused.

    Leave refused agents as they are. Compare and restore each batch under the same locks. Resume an undo that was
    interrupted. Do not restore what the database's own triggers wrote, such as `updated_at` of a moved row.

    Raises:
        UnknownRunError, ForgottenRunError: as `restoration`.
        BusyError: if another repair or undo is running; nothing is changed.
        ForeignKeyError: if a foreign key refers to the assistants; nothing is changed.
        StoppedRunError: if the undo was interrupted or a database stopped it; it can be resumed.
    """
    run = _remembered_run(pair, run_id)
    foreign_keys.refuse(pair)
    with lease.taken(pair.langgraph, progress) as undo_lease:
        possible = _restoration(pair, run, {})
        with stopping(run_id):
            with writing(pair.langgraph):
                pair.langgraph.execute(sql.statement("begin_undo"), {"run_id": run_id})
                pair.langgraph.execute(sql.statement("analyze_journal"))
            refused = _Undoing(pair, run_id, undo_lease).undo(progress)
            journal.mark(pair, run_id, sql.statement("mark_undone"))
    agents = (agent.model_copy(update={"refused": refused.get(agent.agent_id)}) for agent in possible.agents)
    return Restoration(run=run, agents=Spool(AgentRestoration, agents))


class _Undoing:
    """Undo of one run, in batches of its agents."""

    def __init__(self, pair: Pair, run_id: str, undo_lease: Lease) -> None:
        self._pair = pair
        self._connection = pair.langgraph
        self._run_id = run_id
        self._lease = undo_lease
        self._places = _moving_places(pair)
        agents = {agent_id for connection in journal.sides(pair) for agent_id in _to_undo(connection, run_id)}
        self._agents = sorted(agents)
        self._refused: dict[str, str] = {}
        names = [row["name"] for row in _rows(self._connection, "writable_columns", {})]
        self._put_back = compose.SQL(sql.statement("put_back")).format(
            columns=compose.SQL(", ").join(compose.Identifier(name) for name in names),
            old_columns=compose.SQL(", ").join(compose.Identifier("old", name) for name in names),
        )

    def undo(self, progress: Progress) -> dict[str, str]:
        total = len(self._agents)
        progress(_UNDOING, 0, total)
        work_off(Batch(0, total).cut(_AGENTS), self._undo, self._give_up, lambda done: progress(_UNDOING, done, total))
        progress(_UNDOING, total, total)
        return self._refused

    def _give_up(self, batch: Batch, reason: str) -> None:
        self._refused[self._agents[batch.first]] = f"{reason}; undo the run again"

    def _undo(self, batch: Batch, is_last: bool) -> Sequence[Batch]:
        """Restore the agents of a batch; refuse those with a suppressed write, and restore the others again."""
        suppressed: dict[str, str] = {}
        while True:
            try:
                self._refused |= self._restore(batch, suppressed)
                return []
            except _SuppressedError as error:
                suppressed |= error.reasons

    def _restore(self, batch: Batch, suppressed: dict[str, str]) -> dict[str, str]:
        """Lock, compare and restore some agents. Supabase's transaction ends inside the one on the LangGraph side."""
        agents = {"first": self._agents[batch.first], "last": self._agents[batch.last - 1]}
        parameters: dict[str, Any] = {"run_id": self._run_id, **agents, "refused": list(suppressed)}
        connection, supabase = self._connection, self._pair.supabase
        with writing(connection, NO_TIMEOUT, *IN_BULK):
            self._lease.renew()
            _rows(connection, "hold_assistants", parameters)
            for place in self._places:
                connection.execute(place.filled(sql.statement("hold_references")), parameters)
            refused = suppressed | _refused_on_langgraph(connection, self._places, parameters)
            with writing(supabase):
                _rows(supabase, "hold_write_backs", parameters)
                refused |= _refused_write_backs(supabase, parameters)
                parameters["refused"] = list(refused)
                _check_written("public.agents", supabase.execute(sql.statement("put_back_write_backs"), parameters))
                for place in reversed(self._places):  # an earlier place may be part of a later one's key
                    statement = place.put_back(sql.statement("put_back_references"))
                    _check_written(place.name, connection.execute(statement, parameters))
                for query in (sql.statement("take_away"), self._put_back):
                    _check_written("langgraph_server.assistants", connection.execute(query, parameters))
                connection.execute(sql.statement("forget_ids"), parameters)
        return refused


def _to_undo(connection: Connection, run_id: str) -> Iterator[str]:
    with connection.cursor() as cursor:
        for row in cursor.stream(sql.statement("agents_to_undo"), {"run_id": run_id}):
            yield row["agent_id"]


def _check_written(where: str, missed: psycopg.Cursor[dict[str, Any]]) -> None:
    """Raise if a statement returned agents for whom a write was suppressed."""
    if reasons := {row["agent_id"]: _SUPPRESSED.format(where) for row in missed}:
        raise _SuppressedError(reasons)


def forget(pair: Pair, run_id: str, progress: Progress = lambda phase, done, total: None) -> Run:
    """Delete the before-images of a run, so that it cannot be undone any more; keep the id map as a link.

    Raises:
        UnknownRunError: if these databases have no such run.
        ForgottenRunError: if the run was forgotten before, or is not finished.
        BusyError: if another repair or undo is running; nothing is changed.
    """
    run = _remembered_run(pair, run_id)
    if run.state not in ("done", "undone"):
        raise ForgottenRunError(f"{run_id} is {run.state}: finish that first")
    with lease.taken(pair.langgraph, progress):
        journal.mark(pair, run_id, sql.statement("forget_run"), NO_TIMEOUT)
    return journal.run_called(pair, run_id)
