"""Phases of a repair: expand, write back, move, contract.

Every statement reads the run's steps from the journal. Each batch is one transaction. It begins with the renewal of the
lease and ends with the record of the batch.
"""

from collections.abc import Callable, Sequence, Set
from functools import partial
from typing import Any, LiteralString

import psycopg
from psycopg.types.json import Jsonb

from toolkit import sql
from toolkit.catalog.places import over_places
from toolkit.database.copy import Copied
from toolkit.database.transactions import IN_BULK, NO_TIMEOUT, Connection, writing
from toolkit.repair import changes, journal
from toolkit.repair.batches import cut, without, work_off
from toolkit.repair.context import RunContext
from toolkit.repair.moving import move
from toolkit.repair.plan import MAKES, Changes

_AGENTS = 1000
"""Agents in one batch."""

_AGENTS_LOOKED_UP = 50_000
"""Agents whose remaining references are looked up at once: a look-up reads all places."""

NOW = Copied(
    "now_copy",
    "agent_id text, write_back text, name text, graph_id text, config jsonb, metadata jsonb, hash text",
    analyzed=None,
)
"""The rows of the statement `agents_now`, of one batch."""

NAMED = Copied("named_copy", "id text, place text")
"""The rows of the statement `named_in_place`."""

_Done = tuple[set[int], dict[str, int]]
"""What a phase did to a batch: the numbers of the agents whose rows are locked, to be retried, and steps by kind."""

_NOTING = "noting what names them already"
_MAKING = "making assistants under their agents' ids"
_WRITING_BACK = "writing ids back to Supabase"
_REMOVING = "removing old copies"


def finish(run: RunContext) -> Changes:
    """Do the phases of a run that are not done yet, record it as finished, and return what it changed."""
    if run.kinds & {"rekey", "create"} and run.open_batches("know"):
        _note_references(run)
    _in_batches(run, _MAKING, _expand)
    if "write_back" in run.kinds:
        _free_write_backs(run)
        _in_batches(run, _WRITING_BACK, _write_back)
    if run.kinds & {"rekey", "remove", "move", "reroute"}:
        move(run)
    if run.kinds & {"rekey", "remove"}:
        _remove(run)
    found = changes.of_run(run.pair, run.run_id)
    told = {"changes": Jsonb(found.model_dump()), "rows": sum(each.rows for each in found.tables)}
    journal.mark(run.pair, run.run_id, sql.statement("finish_run"), **told)
    return found


def try_again(run: RunContext) -> None:
    """Open a finished run again for the agents that it left alone: they get new numbers, after all others.

    Agents whose assistants the run made come first, and are recorded as made. All rows are searched for references
    again. The LangGraph side's transaction ends last: before that, the run is as it was.
    """
    agents = run.execute(sql.statement("agents_left")).fetchall()
    made = range(run.agents, run.agents + sum(agent["is_made"] for agent in agents))
    rest = range(made.stop, run.agents + len(agents))
    retried = {"agent_ids": [agent["agent_id"] for agent in agents], "first": made.start, "agents": rest.stop}
    with run.batch(NO_TIMEOUT):
        journal.mark(run.pair, run.run_id, sql.statement("try_again"), NO_TIMEOUT, **retried)
        run.record(_MAKING, [made] if made else [])
        for place in run.moving_places:
            run.execute(place.filled(sql.statement("know_references")), rest)


def _in_batches(
    run: RunContext, phase: str, work: Callable[[RunContext, range, bool], _Done], within: range | None = None
) -> None:
    """Do the batches of a phase, each in a transaction that also records it as done."""
    open_batches = run.open_batches(phase, run.agents, _AGENTS)
    done = run.agents - sum(map(len, open_batches))

    def work_on(batch: range, is_last: bool) -> list[range]:
        with run.batch():
            held, counts = work(run, batch, is_last)
            rest = [range(number, number + 1) for number in sorted(held)]
            run.record(phase, without(batch, rest), counts)
        return rest

    def give_up(batch: range, error: psycopg.Error) -> None:
        reason = run.reason(error, "public.agents" if phase == _WRITING_BACK else "langgraph_server.assistants")
        with run.batch():
            agents = [row["agent_id"] for row in run.execute(sql.statement("batch"), batch)]
            run.leave(dict.fromkeys(agents, reason))
            run.record(phase, [batch])

    run.progress(phase, done, run.agents)
    pieces = cut(within, _AGENTS) if within else open_batches
    work_off(pieces, work_on, give_up, lambda more: run.progress(phase, done + more, run.agents))


def _note_references(run: RunContext) -> None:
    """Note which rows already name the assistants to be made; undo must not take them for newer than the run."""
    total = len(run.moving_places)
    with run.batch(NO_TIMEOUT):
        for done, place in enumerate(run.moving_places):
            run.progress(_NOTING, done, total)
            run.execute(place.filled(sql.statement("know_references")), range(run.agents))
        run.record("know", [range(1)])
    run.progress(_NOTING, total, total)


def _expand(run: RunContext, batch: range, is_last: bool) -> _Done:
    """Make the canonical rows, so that the front end finds its ids."""
    now = run.beside(NOW, "agents_now", batch)
    for statement in expanding(run.connection, run.kinds_of(batch), now).values():
        run.execute(statement, batch, is_last=is_last)
    run.execute(sql.statement("leave_unwritten"), batch)
    run.execute(sql.statement("remember_ids"), batch)
    made = run.execute(sql.statement("count_done"), batch, kinds=list(MAKES)).fetchall()
    return _held(run, batch), {row["kind"]: row["steps"] for row in made}


def _free_write_backs(run: RunContext) -> None:
    """Set a write-back NULL where a unique key holds it, and another agent of the run is to get that id."""
    held = run.pair.supabase.execute(sql.statement("write_backs_to_free"), run.parameters()).fetchall()

    def free(one: list[dict[str, Any]], is_last: bool) -> None:
        with run.batch(), writing(run.pair.supabase):
            parameters = run.parameters(agent_id=one[0]["agent_id"])
            run.pair.supabase.execute(sql.statement("free_write_back"), parameters)

    # where one cannot be NULL, the agent that is to get the id is left
    work_off(cut(held, 1), free, lambda one, error: None, lambda done: None)


def _write_back(run: RunContext, batch: range, is_last: bool) -> _Done:
    """Set the write-backs that still equal the plan's.

    Supabase's transaction ends first. After a crash between the two commits the batch runs again, and finds its own
    write-backs set.
    """
    if "write_back" not in run.kinds_of(batch):  # a generated column takes no UPDATE, whatever the rows
        return set(), {}
    left = [row["agent_id"] for row in run.execute(sql.statement("left_of_batch"), batch)]
    with writing(run.pair.supabase):
        parameters = run.parameters(batch, left_alone=left)
        rows = run.pair.supabase.execute(sql.statement("set_write_backs"), parameters).fetchall()
    missed = [row for row in rows if row["reason"]]
    run.leave({row["agent_id"]: row["reason"] for row in missed if is_last or not row["is_held"]})
    run.record_stamped(rows[0]["stamped"] if rows else ())
    held = {row["number"] for row in missed if row["is_held"] and not is_last}
    return held, {"write_back": len(rows) - len(missed)}


def _remove(run: RunContext) -> None:
    """Remove the old rows in short transactions: after a long one, a client's COMMIT would flush more WAL."""
    for many in run.open_batches(_REMOVING, run.agents, _AGENTS_LOOKED_UP):
        run.progress(_REMOVING, many.start, run.agents)
        # no nested loops: the planner takes tens of thousands of rows for few
        with run.batch(NO_TIMEOUT, *IN_BULK, "LOCAL enable_nestloop = off"):
            named = run.beside(NAMED, "named_in_place")
            statement = sql.statement("still_named", named=named, places=over_places(run.places))
            still_named = run.execute(statement, many).fetchall()
        _in_batches(run, _REMOVING, partial(_contract, still_named), many)


def _contract(still_named: Sequence[dict[str, Any]], run: RunContext, batch: range, is_last: bool) -> _Done:
    """Remove the old rows, except those that something still names: `number` of the agent, `id` and `place` of each."""
    named = [row for row in still_named if row["number"] in batch]
    ids = {"named_ids": [row["id"] for row in named], "named_in": [row["place"] for row in named]}
    statement = sql.statement("remove", **columns_of_assistants(run.connection))
    (done,) = run.execute(statement, batch, is_last=is_last, **ids)
    return _held(run, batch), {"remove": done["removed"]}


def _held(run: RunContext, batch: range) -> set[int]:
    """Return the agents whose rows are locked, to be retried; in the last attempt they are left alone."""
    return {row["number"] for row in run.execute(sql.statement("let_held_wait"), batch)}


def expanding(connection: Connection, kinds: Set[str], now: str) -> dict[str, LiteralString]:
    """Return the statements that make the canonical rows, by name, for steps of these kinds; `now` fills their slot."""
    slots = {"now": now, **columns_of_assistants(connection)}
    makers: dict[str, Set[str]] = {"rekey": {"rekey"}, "create": {"create"}, "overwrite": {"adopt", "update"}}
    needed = ["leave_stale", *(name for name, made in makers.items() if made & kinds)]
    return {name: sql.statement(name, **slots) for name in needed}


def columns_of_assistants(connection: Connection) -> dict[str, sql.Text]:
    """Return what fills the slots for the assistants' writable columns: see the statement `writable_columns`."""
    slots = connection.execute(sql.statement("writable_columns")).fetchone() or {}
    # a name may hold what begins a parameter
    return {slot: sql.Text(text.replace("%", "%%")) for slot, text in slots.items()}
