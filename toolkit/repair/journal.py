"""Journal of the repair: runs, their steps, and all that undo needs.

Schema `assistant_repair` on both sides holds steps, before-images, moved references and the id map. Before-images and
moved references are written in the transaction that makes the change.

Whose schema is believed:

- What writes (repair, undo) believes a schema of its own role, or of the role that `Pair.journal_owner` names.
- What reads (diagnosis, list of runs) also believes the schema of a role that may change assistants and write-backs
  itself: a forged journal gives such a role no more than it has.

Each repair and undo revokes the journal from everybody but its owner and the roles in `assistant_repair.readers`. That
protects the images. Their hash, which has no key, only shows that an image was changed by accident, or by a role that
may write some of its columns. It shows neither an image written anew with its hash, nor one that is gone.
"""

import re
from collections.abc import Collection, Iterator
from contextlib import ExitStack, suppress
from datetime import datetime
from itertools import islice
from typing import Any, LiteralString

import psycopg
from psycopg.types.json import Jsonb
from pydantic import BaseModel

from toolkit import sql
from toolkit.database.connection import Pair
from toolkit.database.shapes import refuse_writes
from toolkit.database.transactions import NO_TIMEOUT, Connection, writing
from toolkit.errors import RefusedError
from toolkit.repair import audit
from toolkit.repair.audit import Audit
from toolkit.repair.plan import ASKS_SUPABASE, Plan

_STEPS_AT_ONCE = 5000
"""Steps read from the plan before they are sent. Server and client take turns, so a small machine keeps a core free."""

_TABLE = re.compile(r"^CREATE TABLE assistant_repair\.(?P<name>\w+) \((?P<columns>.*?)^\);", re.MULTILINE | re.DOTALL)
_COLUMN = re.compile(r"^    (?P<name>[a-z_]+)\b", re.MULTILINE)

_UPGRADES: dict[str, LiteralString] = {"readers.role_name": "upgrade_journal", "runs.audit": "add_audit"}
"""Statements that each add to an earlier version's journal, by a column that shows whether one did."""


class UnknownRunError(RefusedError):
    """A run id that the journal does not hold."""

    remedy = "`undo` without --run lists the runs; nothing was changed"


class DividedRunError(RefusedError):
    """A run that was made on one database, of a pair that is two now, or the reverse."""

    remedy = "these lack a part of its journal: name the databases that it was made on; nothing was changed"


class ForeignJournalError(RefusedError):
    """A schema of the journal's name that the toolkit did not make."""

    remedy = (
        "remove what is named, or rename the schema if it is not the toolkit's journal; do not drop it, undo needs the"
        " journal; nothing was changed"
    )


class UntrustedJournalError(RefusedError):
    """A journal of a role that this command does not believe."""

    remedy = (
        "connect as that role, or as a member of it with --journal-owner ROLE; to read it, as one of its readers"
        " (`assistant-toolkit grants reader`); nothing was changed"
    )


class Run(BaseModel, frozen=True):
    """One application of a plan, as the journal records it."""

    run_id: str
    scope: str
    digest: str
    started_at: datetime
    finished_at: datetime | None
    undoing_since: datetime | None
    undone_at: datetime | None
    forgotten_at: datetime | None
    is_of_one_database: bool
    """Whether both sides were one database."""
    hashed: bool
    """Whether each before-image of the run has a hash; the first version gave them none."""
    agents: int
    rows: int
    """Rows that the run changed, made or removed; until it is finished, a row counts for each id that it names."""
    audit: Audit | None
    """Who ran it and what it changed; None: an earlier version's run."""
    stamped: tuple[str, ...]
    """Columns, such as `public.agents.updated_at`, that triggers changed in written rows; undo cannot restore them."""

    @property
    def state(self) -> str:
        """One of `not finished`, `done`, `being undone`, `undone in part`, `undone`, `forgotten`."""
        undoing = "undone in part" if self.audit and self.audit.undone_in_part else "being undone"
        states = "undone", undoing, "forgotten", "done", "not finished"
        since = self.undone_at, self.undoing_since, self.forgotten_at, self.finished_at, self.started_at
        return next(state for state, moment in zip(states, since, strict=True) if moment)


def sides(pair: Pair) -> tuple[Connection, ...]:
    """Return each database of the pair once: the LangGraph side, then the Supabase side if it is another database."""
    return (pair.langgraph,) if pair.is_one_database else (pair.langgraph, pair.supabase)


def _columns(pair: Pair, connection: Connection, *, to_write: bool = False) -> set[str]:
    """Return the columns of this database's journal, such as `runs.run_id`; none where there is no journal."""
    state = connection.execute(sql.statement("journal_state")).fetchone()
    if state is None:
        return set()
    database, role, owner = f"database {connection.info.dbname}", state["role"], state["owner"]
    if not (owner in (role, pair.journal_owner) or (state["could_repair"] and not to_write)):
        raise UntrustedJournalError(f"{database} has a schema assistant_repair of role {owner!r}, got role {role!r}")
    if not state["may_act" if to_write else "may_read"]:
        lacking = "is not a member of it" if to_write else "is not one of its readers"
        raise UntrustedJournalError(f"{database} has a journal of role {owner!r}, and role {role!r} {lacking}")
    if state["odd"]:
        raise ForeignJournalError(f"{database} has a schema assistant_repair whose {state['odd']}")
    tables = _TABLE.finditer(sql.statement("make_journal"))
    needed = {f"{table['name']}.{column['name']}" for table in tables for column in _COLUMN.finditer(table["columns"])}
    if missing := needed - set(state["columns"]):
        raise ForeignJournalError(f"{database} has a schema assistant_repair without {min(missing)}")
    return set(state["columns"])


def prepare(pair: Pair) -> None:
    """Create the journal on each side that has none, upgrade an earlier version's, and close it to other roles.

    Raises:
        ForeignJournalError, UntrustedJournalError: as `runs`; nothing is changed.
    """
    for connection in sides(pair):
        # another process may do the same meanwhile; the lease decides which of them repairs
        raced = suppress(psycopg.errors.DuplicateSchema, psycopg.errors.DuplicateColumn, psycopg.errors.UniqueViolation)
        with raced, writing(connection, NO_TIMEOUT, "LOCAL lock_timeout = '10s'"):
            columns = _columns(pair, connection, to_write=True)
            if not columns:
                connection.execute(sql.statement("make_journal"))
            for column, upgrade in _UPGRADES.items():
                if column not in columns:
                    connection.execute(sql.statement(upgrade))
            connection.execute(sql.statement("close_journal"))
            _columns(pair, connection, to_write=True)  # something may have come in before it was closed


def begin(pair: Pair, plan: Plan, without: Collection[str], approved: str) -> str:
    """Write a run and all its steps to both sides, and return its id, such as `run-2`.

    Number the agents in the order of their repair. The transaction on the LangGraph side ends last: a run that is
    missing there has not begun.

    Args:
        without: ids of agents to skip.
        approved: how the plan was approved.

    Raises:
        ShapeError: if a table became one that cannot be written; no run has begun.
    """
    latest = [connection.execute(sql.statement("next_run")).fetchone() or {} for connection in sides(pair)]
    run_id = f"run-{max(row['number'] for row in latest)}"
    values = plan.model_dump(include={"scope", "toolkit_version", "supabase_fingerprint", "langgraph_fingerprint"})
    values |= {"run_id": run_id, "digest": plan.digest, "started_at": latest[0]["now"]}
    if plan.supabase_fingerprint == plan.langgraph_fingerprint and not pair.is_one_database:
        values["langgraph_fingerprint"] += " on another server"  # a copy of the other one's data directory
    values["audit"] = Jsonb(audit.record(pair, approved).model_dump(mode="json", exclude_none=True))
    with ExitStack() as transactions:
        for connection in sides(pair):  # the transaction entered first ends last
            transactions.enter_context(writing(connection, NO_TIMEOUT))
        refuse_writes(pair.supabase, pair.langgraph)  # the last look before the first change
        agents = 0
        steps = _numbered_steps(plan, without)
        while block := list(islice(steps, _STEPS_AT_ONCE)):
            agents = block[-1]["number"] + 1
            for connection in sides(pair):
                needed = [row for row in block if connection is pair.langgraph or row["kind"] in ASKS_SUPABASE]
                connection.execute(sql.statement("record_steps"), {"run_id": run_id, "steps": Jsonb(needed)})
        for connection in sides(pair):
            connection.execute(sql.statement("begin_run"), {**values, "agents": agents})
            connection.execute(sql.statement("analyze_steps"))
    return run_id


def _numbered_steps(plan: Plan, without: Collection[str]) -> Iterator[dict[str, Any]]:
    """Yield the journal's rows: the plan's steps, `reroute` for each user's row, and `move` for dangling references."""
    agents = (agent for agent in plan.agents() if agent.agent_id not in without)
    for number, agent in enumerate(agents):
        who = {"agent_id": agent.agent_id, "agent_name": agent.agent_name, "canonical_id": agent.agent_id}
        for step in agent.steps:
            yield {"number": number, **step.model_dump()}
        for assistant_id in sorted({move.assistant_id for move in agent.moves if move.assistant_id}):
            yield {"number": number, "kind": "reroute", "finding": "stray", **who, "assistant_id": assistant_id}
        if any(move.assistant_id is None for move in agent.moves):
            yield {"number": number, "kind": "move", "finding": "dangling_reference", **who}


def unfinished(pair: Pair) -> str | None:
    """Return the id of the oldest interrupted run; None where all runs are finished."""
    return next((run.run_id for run in runs(pair) if run.state == "not finished"), None)


def run_of_plan(pair: Pair, digest: str) -> Run | None:
    """Return the newest run of the plan with this digest whose undo has not begun; None where there is none."""
    return next((run for run in reversed(runs(pair)) if run.digest == digest and not run.undoing_since), None)


def begun_agents(pair: Pair, digest: str) -> set[str]:
    """Return the ids of the agents of interrupted runs, and of runs of the plan with this digest, if not undone."""
    going_on = [run for run in runs(pair) if not run.undoing_since and (run.digest == digest or not run.finished_at)]
    return {agent_id for run in going_on for agent_id in agents_of(pair, run.run_id)}


def agents_of(pair: Pair, run_id: str) -> set[str]:
    """Return the ids of the agents of a run."""
    rows = pair.langgraph.execute(sql.statement("agents_of_run"), {"run_id": run_id})
    return {row["agent_id"] for row in rows}


def mark(pair: Pair, run_id: str, statement: LiteralString, *settings: LiteralString, **parameters: Any) -> None:
    """Execute a statement that changes a run's state on both sides; last on the LangGraph side, which decides."""
    for connection in reversed(sides(pair)):
        with writing(connection, *settings):
            connection.execute(statement, {"run_id": run_id, **parameters})


def runs(pair: Pair) -> tuple[Run, ...]:
    """Return the runs of this pair of databases, oldest first; empty where there is no journal.

    Raises:
        ForeignJournalError: if the schema `assistant_repair` is not as the toolkit makes it.
        UntrustedJournalError: if it belongs to a role that is not believed.
    """
    return _listed(pair, pair.langgraph)


def _listed(pair: Pair, connection: Connection) -> tuple[Run, ...]:
    is_there = _columns(pair, connection)
    return tuple(Run(**row) for row in connection.execute(sql.statement("runs"))) if is_there else ()


def run_called(pair: Pair, run_id: str) -> Run:
    """Return the run with this id.

    Raises:
        UnknownRunError: if either side has no such run; the message lists the known ones.
        DividedRunError: if it was made on one database and these are two, or the reverse.
        ForeignJournalError, UntrustedJournalError: as `runs`.
    """
    known = {run.run_id: run for run in runs(pair)}
    if run_id not in known:
        raise UnknownRunError(f"got run {run_id!r}; runs of these databases: {', '.join(known) or 'none'}")
    elsewhere = known if pair.is_one_database else {run.run_id: run for run in _listed(pair, pair.supabase)}
    if run_id not in elsewhere or elsewhere[run_id].digest != known[run_id].digest:
        reference = pair.supabase_database.reference
        raise UnknownRunError(f"{reference} has no journal of {run_id}: is it the other side of this pair?")
    if known[run_id].is_of_one_database != pair.is_one_database:
        made_on = "two databases, got one" if pair.is_one_database else "one database, got two"
        raise DividedRunError(f"{run_id} was made on {made_on}")
    return known[run_id]


def check_writable(pair: Pair) -> None:
    """Check that this role may write the journal; raise as `prepare`."""
    for connection in sides(pair):
        _columns(pair, connection, to_write=True)


def replaced_ids(pair: Pair, run_id: str) -> Iterator[dict[str, str]]:
    """Yield rows of `old_id`, `new_id` and `agent_id` for the ids that a run replaced, by agent."""
    yield from pair.langgraph.cursor().stream(sql.statement("ids_of_run"), {"run_id": run_id})
