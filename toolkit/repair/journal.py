"""The journal: before-images and everything else that undo needs.

Schema `assistant_repair` on both sides holds what a run will do, before-images, moved references and the id map.
Each is written in the transaction that makes the change.
"""

import re
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from datetime import datetime
from itertools import islice
from typing import Any

import psycopg
from pydantic import BaseModel

from toolkit import sql
from toolkit.database.connection import AT_LEISURE, Connection, Pair, writing
from toolkit.database.copy import InOneGo, unbroken
from toolkit.errors import RefusedError
from toolkit.repair.batches import Batch
from toolkit.repair.plan import AgentPlan, Plan

_BUSY_SECONDS = 300
"""Agents on which something ran within this time are done last."""

_STEPS_AT_ONCE = 5000
"""Read from the plan before they are sent: server and client take turns, which leaves a small machine a core for others."""

_ASKS_SUPABASE = frozenset({"create", "adopt", "update", "write_back"})
_TABLE = re.compile(r"^CREATE TABLE assistant_repair\.(?P<name>\w+) \((?P<columns>.*?)^\);", re.MULTILINE | re.DOTALL)
_COLUMN = re.compile(r"^    (?P<name>[a-z_]+)\b", re.MULTILINE)


class UnknownRunError(RefusedError):
    """A run id that the journal does not hold."""

    remedy = "name a run as the repair did (`undo` without --run lists them); nothing was changed"


class ForeignJournalError(RefusedError):
    """A schema of the journal's name that the toolkit did not make."""

    remedy = (
        "the schema assistant_repair of this database is not this toolkit's journal: look who made it, and rename or "
        "drop it when nobody needs it; nothing was changed"
    )


class Run(BaseModel, frozen=True):
    """One application of a plan."""

    run_id: str
    scope: str
    digest: str
    started_at: datetime
    finished_at: datetime | None
    undoing_since: datetime | None
    undone_at: datetime | None
    forgotten_at: datetime | None
    supabase_fingerprint: str
    langgraph_fingerprint: str
    agents: int
    rows: int
    moves: int

    @property
    def state(self) -> str:
        """How far it is, in words."""
        if self.undone_at:
            return "undone"
        if self.undoing_since:
            return "being undone"
        if self.forgotten_at:
            return "forgotten"
        return "done" if self.finished_at else "not finished"


def sides(pair: Pair) -> Iterator[Connection]:
    """Yield each database of the pair once, the LangGraph side first."""
    yield pair.langgraph
    if not pair.is_one_database:
        yield pair.supabase


def exists(connection: Connection) -> bool:
    """Tell whether this database has a journal.

    Raises:
        ForeignJournalError: if its schema `assistant_repair` is somebody else's, of another version, or half there.
    """
    rows = connection.execute(sql.statement("journal_columns")).fetchall()
    tables = _TABLE.finditer(sql.statement("make_journal"))
    ours = {f"{table['name']}.{column['name']}" for table in tables for column in _COLUMN.finditer(table["columns"])}
    if rows and (missing := ours - {row["place"] for row in rows}):
        raise ForeignJournalError(
            f"database {connection.info.dbname} has a schema assistant_repair without {min(missing)}"
        )
    return bool(rows)


def prepare(pair: Pair) -> None:
    """Make the journal on each side that has none.

    Raises:
        ForeignJournalError: as `exists`.
    """
    for connection in sides(pair):
        if not exists(connection):
            try:
                with writing(connection):
                    connection.execute(sql.statement("make_journal"))
            except (psycopg.errors.DuplicateSchema, psycopg.errors.UniqueViolation):
                pass  # somebody else made it meanwhile; who repairs, the lease says


def begin(pair: Pair, plan: Plan, without: Collection[str]) -> str:
    """Write a run and all its steps down on both sides, and return its id.

    Ids count upwards over both sides: `run-1`, `run-2`, … Agents are numbered in the order they are done: those on
    which something ran just now come last. The LangGraph side's transaction ends last; what it does not know was not begun.

    Args:
        without: agents that are passed over.
    """
    seen = [connection.execute(sql.statement("next_run")).fetchone() or {} for connection in sides(pair)]
    with writing(pair.langgraph, AT_LEISURE):
        busy = {
            row["id"]
            for row in pair.langgraph.execute(sql.statement("busy_assistants"), {"seconds": _BUSY_SECONDS}).fetchall()
        }
    run_id = f"run-{max(row['number'] for row in seen)}"
    values: dict[str, Any] = {
        **plan.model_dump(include={"scope", "toolkit_version", "supabase_fingerprint", "langgraph_fingerprint"}),
        "run_id": run_id,
        "digest": plan.digest,
        "started_at": seen[0]["now"],
    }
    with ExitStack() as transactions:
        for connection in sides(pair):  # the one entered first ends last
            transactions.enter_context(writing(connection, AT_LEISURE))
        agents = 0
        rows = _rows(plan, busy, without)
        while block := list(islice(rows, _STEPS_AT_ONCE)):
            agents = block[-1][0] + 1
            for connection in sides(pair):
                needed = block if connection is pair.langgraph else [row for row in block if row[1] in _ASKS_SUPABASE]
                with (
                    unbroken(),
                    connection.cursor() as cursor,
                    cursor.copy(sql.statement("copy_steps_in"), writer=InOneGo(cursor)) as copy,
                ):
                    for row in needed:
                        copy.write_row((run_id, *row))
        for connection in sides(pair):
            connection.execute(sql.statement("begin_run"), {**values, "agents": agents})
            connection.execute(sql.statement("analyze_steps"))
    return run_id


def _rows(plan: Plan, busy: Collection[str], without: Collection[str]) -> Iterator[tuple[Any, ...]]:
    number = 0
    for is_late in (False, True) if busy else (False,):
        for agent in plan.agents():
            if agent.agent_id in without or _is_busy(agent, busy) != is_late:
                continue
            for step in agent.steps:
                yield (
                    number,
                    step.kind,
                    step.finding,
                    agent.agent_id,
                    agent.agent_name,
                    step.assistant_id,
                    step.canonical_id,
                    step.expects,
                )
            for assistant_id in sorted({move.assistant_id for move in agent.moves if move.assistant_id}):
                yield number, "reroute", "stray", agent.agent_id, agent.agent_name, assistant_id, agent.agent_id, None
            if any(move.assistant_id is None for move in agent.moves):
                yield number, "move", "dangling_reference", agent.agent_id, agent.agent_name, None, agent.agent_id, None
            number += 1


def _is_busy(agent: AgentPlan, busy: Collection[str]) -> bool:
    return agent.agent_id in busy or any(step.assistant_id in busy for step in agent.steps)


def agents_of(connection: Connection, run_id: str) -> set[str]:
    """Return the ids of the agents that a run is about."""
    return {
        row["agent_id"] for row in connection.execute(sql.statement("agents_of_run"), {"run_id": run_id}).fetchall()
    }


def open_batches(connection: Connection, run_id: str, phase: str, total: int) -> list[Batch]:
    """Return what of a phase is not done yet."""
    rows = connection.execute(sql.statement("done_batches"), {"run_id": run_id, "phase": phase}).fetchall()
    return list(Batch(0, total).without(Batch(row["first"], row["last"]) for row in rows))


def unfinished(connection: Connection) -> str | None:
    """Return the id of the run that was interrupted, if there is one."""
    row = connection.execute(sql.statement("unfinished_run")).fetchone()
    return str(row["run_id"]) if row else None


def finish(pair: Pair, run_id: str) -> None:
    """Write down that everything of a run is done; on the LangGraph side last, which is the one that is asked."""
    for connection in reversed(list(sides(pair))):
        with writing(connection):
            connection.execute(sql.statement("finish_run"), {"run_id": run_id})


def runs(pair: Pair) -> tuple[Run, ...]:
    """List the repairs of this pair of databases, oldest first; empty where none was made.

    Raises:
        ForeignJournalError: as `exists`.
    """
    return _listed(pair.langgraph)


def _listed(connection: Connection) -> tuple[Run, ...]:
    if not exists(connection):
        return ()
    return tuple(Run(**row) for row in connection.execute(sql.statement("runs")).fetchall())


def run_called(pair: Pair, run_id: str) -> Run:
    """Return the run with this id.

    Raises:
        UnknownRunError: if this pair of databases has no such run; the message lists those it has.
        ForeignJournalError: as `exists`.
    """
    known = runs(pair)
    for run in known:
        if run.run_id == run_id:
            if not pair.is_one_database and (run_id, run.digest) not in {
                (each.run_id, each.digest) for each in _listed(pair.supabase)
            }:
                raise UnknownRunError(
                    f"{pair.supabase_database.reference} has no journal of {run_id}: is it the other side of this pair?"
                )
            return run
    listed = ", ".join(run.run_id for run in known) or "none"
    raise UnknownRunError(f"got run {run_id!r}; runs of these databases: {listed}")


def replaced_ids(pair: Pair, run_id: str) -> Iterator[dict[str, str]]:
    """Yield the ids that a run replaced: `old_id`, `new_id`, `agent_id`, by agent."""
    with pair.langgraph.transaction(), pair.langgraph.cursor() as cursor:
        yield from cursor.stream(sql.statement("ids_of_run"), {"run_id": run_id})
