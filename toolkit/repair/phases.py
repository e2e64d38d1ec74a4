"""Phases of a repair: expand, write back, move, contract.

Every statement reads the run's steps from the journal. Each batch is one transaction. It begins with the renewal of the
lease and ends with the record of the batch.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from psycopg import sql as compose

from toolkit import sql
from toolkit.catalog.places import over_places
from toolkit.database.connection import IN_BULK, NO_TIMEOUT, Connection, writing
from toolkit.database.copy import Copied
from toolkit.repair import journal
from toolkit.repair.batches import Batch, work_off
from toolkit.repair.context import RunContext, numbers
from toolkit.repair.moving import Moving
from toolkit.repair.plan import ASKS_SUPABASE, MAKES

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

_MAKING = "making assistants under their agents' ids"
_WRITING_BACK = "writing ids back to Supabase"
_REMOVING = "removing old copies"


class Phases:
    """Runs the phases of one run that are not done yet."""

    def __init__(self, run: RunContext) -> None:
        self._run = run

    def finish(self) -> None:
        """Do the rest of the run, and record it as finished."""
        self._note_references()
        self._in_batches(_MAKING, self._expand)
        if "write_back" in self._run.kinds:
            self._in_batches(_WRITING_BACK, self._write_back)
        if self._run.kinds & {"rekey", "remove", "move", "reroute"}:
            Moving(self._run).move()
        if self._run.kinds & {"rekey", "remove"}:
            self._remove()
        journal.mark(self._run.pair, self._run.run_id, sql.statement("finish_run"))

    def _in_batches(
        self, phase: str, work: Callable[[Batch, bool], Sequence[Batch]], within: Batch | None = None
    ) -> None:
        total = self._run.agents
        open_batches = self._run.open_batches(phase, total)
        done = total - sum(batch.size for batch in open_batches)
        self._run.progress(phase, done, total)
        pieces = [piece for batch in ([within] if within else open_batches) for piece in batch.cut(_AGENTS)]
        give_up = partial(self._give_up, phase)
        work_off(pieces, work, give_up, lambda more: self._run.progress(phase, done + more, total))

    def _note_references(self) -> None:
        """Note which rows already name the assistants to be made; undo must not take them for newer than the run."""
        if not self._run.kinds & {"rekey", "create"} or not self._run.open_batches("know", 1):
            return
        places = self._run.moving_places
        with self._run.batch(NO_TIMEOUT):
            for done, place in enumerate(places):
                self._run.progress("noting what names them already", done, len(places))
                statement = place.filled(sql.statement("know_references"))
                self._run.connection.execute(statement, {"run_id": self._run.run_id})
            self._run.record("know", [Batch(0, 1)])
        self._run.progress("noting what names them already", len(places), len(places))

    def _expand(self, batch: Batch, is_last: bool) -> Sequence[Batch]:
        """Make the canonical rows, so that the front end finds its ids."""
        with self._run.batch():
            kinds = {row["kind"] for row in self._run.rows("batch_kinds", **numbers(batch))}
            now = self._now(batch, kinds)
            self._run.execute("leave_stale", batch, now=now)
            if "rekey" in kinds:
                self._run.connection.execute(rekey(self._run.connection), self._run.parameters(batch))
            if "create" in kinds:
                self._run.execute("create", batch, now=now)
            if kinds & {"adopt", "update"}:
                self._run.execute("overwrite", batch, now=now)
            self._run.execute("leave_unwritten", batch)
            self._run.execute("remember_ids", batch)
            made = self._run.rows("count_done", **numbers(batch), kinds=list(MAKES))
            held = self._held(batch, is_last)
            self._run.record(_MAKING, batch.without(held), {row["kind"]: row["steps"] for row in made})
        return held

    def _now(self, batch: Batch, kinds: set[str]) -> str:
        """Copy what Supabase holds for a batch beside the assistants; return what fills the slot `now`."""
        if not kinds & ASKS_SUPABASE:
            return "now_unasked"
        return self._run.beside(NOW, "agents_now", self._run.parameters(batch))

    def _write_back(self, batch: Batch, is_last: bool) -> Sequence[Batch]:
        """Set the write-backs that still equal the plan's.

        Supabase's transaction ends first. After a crash between the two commits the batch runs again, and finds its own
        write-backs set.
        """
        with self._run.batch():
            left = [row["agent_id"] for row in self._run.rows("left_of_batch", **numbers(batch))]
            with writing(self._run.pair.supabase):
                parameters = {**self._run.parameters(batch), "left_alone": left}
                rows = self._run.pair.supabase.execute(sql.statement("set_write_backs"), parameters).fetchall()
            missed = [row for row in rows if row["reason"]]
            held = [Batch(row["number"], row["number"] + 1) for row in missed if row["is_held"] and not is_last]
            final = {row["agent_id"]: row["reason"] for row in missed if is_last or not row["is_held"]}
            self._run.leave(final)
            self._run.record(_WRITING_BACK, batch.without(held), {"write_back": len(rows) - len(missed)})
        return held

    def _remove(self) -> None:
        """Remove the old rows in short transactions: after a long one, a client's COMMIT would flush more WAL."""
        open_batches = self._run.open_batches(_REMOVING, self._run.agents)
        for many in [part for batch in open_batches for part in batch.cut(_AGENTS_LOOKED_UP)]:
            self._run.progress(_REMOVING, many.first, self._run.agents)
            self._in_batches(_REMOVING, partial(self._contract, self._still_named(many)), many)

    def _still_named(self, batch: Batch) -> list[dict[str, Any]]:
        """Return the old rows that a reference still names: `number` of the agent, `id` and `place`."""
        # no nested loops: the planner takes tens of thousands of rows for few
        with self._run.batch(NO_TIMEOUT, *IN_BULK, "LOCAL enable_nestloop = off"):
            named = self._run.beside(NAMED, "named_in_place")
            statement = sql.statement("still_named", named=named, places=over_places(self._run.places))
            return self._run.connection.execute(statement, self._run.parameters(batch)).fetchall()

    def _contract(self, still_named: Sequence[dict[str, Any]], batch: Batch, is_last: bool) -> Sequence[Batch]:
        """Remove the old rows that no reference names."""
        named = [row for row in still_named if batch.first <= row["number"] < batch.last]
        ids = {"named_ids": [row["id"] for row in named], "named_in": [row["place"] for row in named]}
        with self._run.batch():
            parameters = {**self._run.parameters(batch), **ids}
            row = self._run.connection.execute(sql.statement("remove"), parameters).fetchone() or {}
            held = self._held(batch, is_last)
            self._run.record(_REMOVING, batch.without(held), {"remove": row["removed"]})
        return held

    def _held(self, batch: Batch, is_last: bool) -> list[Batch]:
        """Return the agents whose rows are locked, to be retried; in the last attempt leave them alone."""
        if is_last:
            self._run.write("leave_held", **numbers(batch))
            return []
        held = {row["number"] for row in self._run.rows("let_held_wait", **numbers(batch))}
        return [Batch(number, number + 1) for number in sorted(held)]

    def _give_up(self, phase: str, batch: Batch, reason: str) -> None:
        with self._run.batch():
            self._run.write("leave_batch", **numbers(batch), reason=f"{reason}; run the repair again")
            self._run.record(phase, [batch])


def rekey(connection: Connection) -> compose.Composed:
    """Return the statement that stores kept rows under their canonical ids, with the columns of this database."""
    rows = connection.execute(sql.statement("writable_columns")).fetchall()
    names = [row["name"] for row in rows if not row["is_number"]]
    columns = compose.SQL(", ").join(compose.Identifier(name) for name in names)
    kept = compose.SQL(", ").join(compose.Identifier("kept", name) for name in names)
    return compose.SQL(sql.statement("rekey")).format(columns=columns, kept_columns=kept)
