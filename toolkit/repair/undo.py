"""Undo: every row of a repair as it was before."""

import heapq
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import groupby
from typing import Any, LiteralString

import psycopg
from psycopg import sql as compose
from pydantic import BaseModel

from toolkit import sql
from toolkit.catalog import foreign_keys
from toolkit.catalog.places import Place, visible_places
from toolkit.database.connection import AT_LEISURE, IN_BULK, Connection, Pair, writing
from toolkit.database.spool import Spool
from toolkit.errors import RefusedError
from toolkit.progress import Progress
from toolkit.repair import journal, lease
from toolkit.repair.apply import stopping
from toolkit.repair.batches import Batch, work_off
from toolkit.repair.journal import Run
from toolkit.repair.lease import Lease

_AGENTS = 20_000
"""In large batches: each reads all that could name an assistant which goes away."""

_ALL = {"first": "", "last": "~"}
_UNDOING = "taking the repair back"

_CHANGED = (
    "changed since the repair, by the server's sync or by hand, and going back would lose that: leave this agent repaired,"
    " or give its row the content that the repair gave it, and undo again"
)

_SUPPRESSED = "the database let {} be: a trigger or rule suppressed what undo writes there; mend that and undo again"


class ForgottenRunError(RefusedError):
    """A run whose before-images were deleted, or may not be deleted yet."""

    remedy = "what undo needs was given up with `undo --forget`, or is needed still; nothing was changed"


class _SuppressedError(Exception):
    """Some agents' rows were not written, though nothing stood against it; nothing of their batch may be kept."""

    def __init__(self, reasons: dict[str, str]) -> None:
        super().__init__()
        self.reasons = reasons


class AgentRestoration(BaseModel, frozen=True):
    """What undoing one agent's repair restores."""

    agent_id: str
    made: int = 0
    """Spool that the run made and that go away."""
    changed: int = 0
    """Spool and write-backs that get their old content."""
    removed: int = 0
    """Spool that come back."""
    references: int = 0
    """References that go back to their old ids."""
    refused: str | None = None
    """Why this agent is left as it is, or None."""


class Restoration(BaseModel, frozen=True, arbitrary_types_allowed=True):
    """What undoing a run restores, agent by agent. Its rows are not held in memory: iterate over them."""

    run: Run
    agents: Spool[AgentRestoration]
    """In the order of their ids."""

    @property
    def refused(self) -> tuple[AgentRestoration, ...]:
        """Agents that are left as they are."""
        return tuple(agent for agent in self.agents if agent.refused)


def restoration(pair: Pair, run_id: str) -> Restoration:
    """Tell what undoing a run would restore, and which agents it refuses, by name and with the reason.

    Refused are agents whose rows changed since the repair, and agents whose assistant the repair made and that
    rows name which the journal does not know: a conversation begun since would be stranded. So are those that a newer
    run repaired again. A run that was interrupted is taken back as far as it came.

    Raises:
        UnknownRunError: if these databases have no such run.
        ForgottenRunError: if what undo needs was given up.
    """
    run = _run(pair, run_id)
    parameters = {"run_id": run_id, **_ALL, "refused": []}
    refused = _refused_beside(pair.langgraph, _moved_places(pair), parameters) | _refused_write_backs(
        pair.supabase, parameters
    )
    return _told(pair, run, refused)


def _told(pair: Pair, run: Run, refused: dict[str, str]) -> Restoration:
    with ExitStack() as cursors:
        sides = [
            cursors.enter_context(connection.cursor()).stream(sql.statement("run_agents"), {"run_id": run.run_id})
            for connection in journal.sides(pair)
        ]
        by_agent = groupby(heapq.merge(*sides, key=_agent_id), key=_agent_id)
        return Restoration(
            run=run, agents=Spool(AgentRestoration, (_restored(id, list(rows), refused) for id, rows in by_agent))
        )


def _agent_id(row: dict[str, Any]) -> str:
    return str(row["agent_id"])


def _restored(agent_id: str, rows: Sequence[dict[str, Any]], refused: dict[str, str]) -> AgentRestoration:
    counts = {name: sum(row[name] for row in rows) for name in ("made", "changed", "removed", "references")}
    return AgentRestoration(agent_id=agent_id, **counts, refused=refused.get(agent_id))


def _run(pair: Pair, run_id: str) -> Run:
    run = journal.run_called(pair, run_id)
    if run.forgotten_at:
        raise ForgottenRunError(f"{run_id} was forgotten on {run.forgotten_at:%Y-%m-%d}")
    return run


def _moved_places(pair: Pair) -> list[Place]:
    return [place for place in visible_places(pair.langgraph)[0] if place.moves]


def _refused_beside(connection: Connection, places: Sequence[Place], parameters: dict[str, Any]) -> dict[str, str]:
    """Tell which agents cannot go back, and why, by what stands on the LangGraph side: of each the first reason."""

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
    return {
        row["agent_id"]: "its write-back changed since the repair"
        for row in _rows(connection, "changed_write_backs", parameters)
    }


def _rows(connection: Connection, statement: LiteralString, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    return connection.execute(sql.statement(statement), parameters).fetchall()


def undo(pair: Pair, run_id: str, progress: Progress = lambda phase, done, total: None) -> Restoration:
    """Take a run back, both sides, in batches of agents; what is refused stays as it is, whole.

    Each batch is compared and restored under the same locks. An undo that was interrupted goes on when it is asked
    for again. What a trigger of the database's owner wrote beside, `updated_at` of a moved row, is not taken back.

    Returns what was restored and refused.

    Raises:
        UnknownRunError, ForgottenRunError: as `restoration`.
        BusyError: if somebody else repairs or undoes these databases; nothing is changed.
        ForeignKeyError: if somebody hung a table on the assistants; nothing is changed.
        StoppedRunError: if it was interrupted, or a database refused to go on.
    """
    run = _run(pair, run_id)
    foreign_keys.refuse(pair)
    with lease.taken(pair.langgraph, progress) as ours:
        told = _told(pair, run, {})
        with stopping(run_id):
            with writing(pair.langgraph):
                pair.langgraph.execute(sql.statement("begin_undo"), {"run_id": run_id})
                pair.langgraph.execute(sql.statement("analyze_journal"))
            refused = _Undoing(pair, run_id, ours).undo(progress)
            for connection in reversed(list(journal.sides(pair))):
                with writing(connection):
                    connection.execute(sql.statement("mark_undone"), {"run_id": run_id})
    agents = (agent.model_copy(update={"refused": refused.get(agent.agent_id)}) for agent in told.agents)
    return Restoration(run=run, agents=Spool(AgentRestoration, agents))


class _Undoing:
    def __init__(self, pair: Pair, run_id: str, ours: Lease) -> None:
        self._pair = pair
        self._connection = pair.langgraph
        self._run_id = run_id
        self._lease = ours
        self._places = _moved_places(pair)
        self._agents = sorted(
            {agent_id for connection in journal.sides(pair) for agent_id in _to_undo(connection, run_id)}
        )
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
        """Restore some agents, without those of which a trigger or rule lets something be as it is: undone is all or nothing."""
        suppressed: dict[str, str] = {}
        while True:
            try:
                self._refused |= self._restore(batch, suppressed)
                return []
            except _SuppressedError as error:
                suppressed |= error.reasons

    def _restore(self, batch: Batch, suppressed: dict[str, str]) -> dict[str, str]:
        """Lock, compare and restore some agents; Supabase's transaction ends within that of the LangGraph side."""
        agents = {"first": self._agents[batch.first], "last": self._agents[batch.last - 1]}
        parameters: dict[str, Any] = {"run_id": self._run_id, **agents, "refused": list(suppressed)}
        connection, supabase = self._connection, self._pair.supabase
        with writing(connection, AT_LEISURE, *IN_BULK):
            self._lease.renew()
            _rows(connection, "hold_assistants", parameters)
            for place in self._places:
                connection.execute(place.filled(sql.statement("hold_references")), parameters)
            refused = suppressed | _refused_beside(connection, self._places, parameters)
            with writing(supabase):
                _rows(supabase, "hold_write_backs", parameters)
                refused |= _refused_write_backs(supabase, parameters)
                parameters["refused"] = list(refused)
                _written("public.agents", supabase.execute(sql.statement("put_back_write_backs"), parameters))
                for place in reversed(self._places):  # a later place's key is as the earlier place's move left it
                    _written(
                        place.name, connection.execute(place.put_back(sql.statement("put_back_references")), parameters)
                    )
                for statement in (sql.statement("take_away"), self._put_back):
                    _written("langgraph_server.assistants", connection.execute(statement, parameters))
                connection.execute(sql.statement("forget_ids"), parameters)
        return refused


def _to_undo(connection: Connection, run_id: str) -> Iterator[str]:
    with connection.cursor() as cursor:
        for row in cursor.stream(sql.statement("agents_to_undo"), {"run_id": run_id}):
            yield row["agent_id"]


def _written(where: str, missed: psycopg.Cursor[dict[str, Any]]) -> None:
    """See that all was written that had to be; `missed` are the agents of which something was not."""
    reasons = {row["agent_id"]: _SUPPRESSED.format(where) for row in missed}
    if reasons:
        raise _SuppressedError(reasons)


def forget(pair: Pair, run_id: str, progress: Progress = lambda phase, done, total: None) -> Run:
    """End a run's retention: its before-images go, and it cannot be taken back any more. The id map stays, as a link.

    Raises:
        UnknownRunError: if these databases have no such run.
        ForgottenRunError: if it was forgotten before, or is not finished.
        BusyError: if somebody else repairs or undoes these databases; nothing is changed.
    """
    run = _run(pair, run_id)
    if run.state not in ("done", "undone"):
        raise ForgottenRunError(f"{run_id} is {run.state}: finish that first")
    with lease.taken(pair.langgraph, progress):
        for connection in reversed(list(journal.sides(pair))):
            with writing(connection, AT_LEISURE):
                connection.execute(sql.statement("forget_run"), {"run_id": run_id})
    return journal.run_called(pair, run_id)
