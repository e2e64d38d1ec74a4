"""The phases of a repair: expand, write back, move, contract.

The journal holds the run's steps, and every statement reads them there. Each batch is one transaction: it begins with
the lease and ends with the batch marked as done.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from psycopg import sql as compose

from toolkit import sql
from toolkit.catalog.places import over_places
from toolkit.database.connection import AT_LEISURE, IN_BULK, Connection, writing
from toolkit.database.copy import Copied
from toolkit.repair import journal
from toolkit.repair.batches import Batch, work_off
from toolkit.repair.moving import Moving
from toolkit.repair.plan import MAKES
from toolkit.repair.sitting import Sitting, numbers

_AGENTS = 1000
_AGENTS_LOOKED_UP = 50_000
"""What still names their old rows is looked up for so many at once, since that reads every table that could."""

NOW = Copied(
    "now_copy",
    "agent_id text, write_back text, name text, graph_id text, config jsonb, metadata jsonb, hash text",
    analyzed=None,
)
"""The rows of the statement `agents_now`, of one batch."""

NAMED = Copied("named_copy", "id text, place text")
"""The rows of the statement `named_in_place`."""

_FROM_SUPABASE = frozenset({"create", "adopt", "update", "write_back"})

_MAKING = "making assistants under their agents' ids"

_WRITING_BACK = "writing ids back to Supabase"

_REMOVING = "removing old copies"


class Phases:
    """The phases of one run, from wherever it is to its end."""

    def __init__(self, run: Sitting) -> None:
        self._run = run

    def finish(self) -> None:
        """Do all that is not done yet."""
        self._know()
        self._in_batches(_MAKING, self._expand)
        if "write_back" in self._run.kinds:
            self._in_batches(_WRITING_BACK, self._write_back)
        if self._run.kinds & {"rekey", "remove", "move", "reroute"}:
            Moving(self._run).move()
        if self._run.kinds & {"rekey", "remove"}:
            self._remove()
        journal.finish(self._run.pair, self._run.run_id)

    def _in_batches(
        self, phase: str, work: Callable[[Batch, bool], Sequence[Batch]], within: Batch | None = None
    ) -> None:
        open_batches = self._run.open_batches(phase, self._run.agents)
        done = self._run.agents - sum(batch.size for batch in open_batches)
        self._run.progress(phase, done, self._run.agents)
        pieces = [piece for batch in ([within] if within else open_batches) for piece in batch.cut(_AGENTS)]
        work_off(
            pieces,
            work,
            partial(self._give_up, phase),
            lambda more: self._run.progress(phase, done + more, self._run.agents),
        )

    def _know(self) -> None:
        """Remember what names the assistants that this run will make: undo must not take it for newer than the run."""
        if not self._run.kinds & {"rekey", "create"} or not self._run.open_batches("know", 1):
            return
        places = [place for place in self._run.places if place.moves]
        with self._run.batch(AT_LEISURE):
            for done, place in enumerate(places):
                self._run.progress("noting what names them already", done, len(places))
                self._run.connection.execute(
                    place.filled(sql.statement("know_references")), {"run_id": self._run.run_id}
                )
            self._run.record("know", [Batch(0, 1)])
        self._run.progress("noting what names them already", len(places), len(places))

    def _expand(self, batch: Batch, is_last: bool) -> Sequence[Batch]:
        """Make the canonical rows; from here on the front end's id answers."""
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
        """Have what Supabase says of a batch beside the assistants; return what fills the slot `now`."""
        if not kinds & _FROM_SUPABASE:
            return "now_unasked"
        return self._run.beside(NOW, "agents_now", self._run.parameters(batch))

    def _write_back(self, batch: Batch, is_last: bool) -> Sequence[Batch]:
        """Tell Supabase the ids, where the write-back still is what the plan saw.

        Supabase's transaction ends first. Where a crash comes between, the batch is done again, and finds its own
        write-backs done.
        """
        with self._run.batch():
            left = [row["agent_id"] for row in self._run.rows("left_of_batch", **numbers(batch))]
            with writing(self._run.pair.supabase):
                statement = sql.statement("set_write_backs")
                rows = self._run.pair.supabase.execute(
                    statement, {**self._run.parameters(batch), "left_alone": left}
                ).fetchall()
            missed = [row for row in rows if row["reason"]]
            held = [Batch(row["number"], row["number"] + 1) for row in missed if row["is_held"] and not is_last]
            final = {row["agent_id"]: row["reason"] for row in missed if is_last or not row["is_held"]}
            self._run.leave(final)
            self._run.record(_WRITING_BACK, batch.without(held), {"write_back": len(rows) - len(missed)})
        return held

    def _remove(self) -> None:
        """Remove the old rows, in transactions as short as the others': a client's COMMIT also writes what a longer one left in the WAL."""
        for many in [
            part
            for batch in self._run.open_batches(_REMOVING, self._run.agents)
            for part in batch.cut(_AGENTS_LOOKED_UP)
        ]:
            self._run.progress(_REMOVING, many.first, self._run.agents)
            self._in_batches(_REMOVING, partial(self._contract, self._still_named(many)), many)

    def _still_named(self, batch: Batch) -> list[dict[str, Any]]:
        """Find the old rows that something names yet, which stay: `number` of the agent, `id`, `place`."""
        with self._run.batch(
            AT_LEISURE, *IN_BULK, "LOCAL enable_nestloop = off"
        ):  # tens of thousands of rows, taken for few
            named = self._run.beside(NAMED, "named_in_place")
            statement = sql.statement("still_named", named=named, places=over_places(self._run.places))
            return self._run.connection.execute(statement, self._run.parameters(batch)).fetchall()

    def _contract(self, still_named: Sequence[dict[str, Any]], batch: Batch, is_last: bool) -> Sequence[Batch]:
        """Remove the old rows that nothing names any more."""
        named = [row for row in still_named if batch.first <= row["number"] < batch.last]
        ids = {"named_ids": [row["id"] for row in named], "named_in": [row["place"] for row in named]}
        with self._run.batch():
            removed = (
                self._run.connection.execute(sql.statement("remove"), {**self._run.parameters(batch), **ids}).fetchone()
                or {}
            )["removed"]
            held = self._held(batch, is_last)
            self._run.record(_REMOVING, batch.without(held), {"remove": removed})
        return held

    def _held(self, batch: Batch, is_last: bool) -> list[Batch]:
        """Return the agents of a batch that come again at the end, since others hold their rows."""
        if is_last:
            self._run.rows_written("leave_held", **numbers(batch))
            return []
        return [
            Batch(number, number + 1)
            for number in sorted({row["number"] for row in self._run.rows("let_held_wait", **numbers(batch))})
        ]

    def _give_up(self, phase: str, batch: Batch, reason: str) -> None:
        with self._run.batch():
            self._run.rows_written("leave_batch", **numbers(batch), reason=f"{reason}; run the repair again")
            self._run.record(phase, [batch])


def rekey(connection: Connection) -> compose.Composed:
    """Fill the statement that stores kept rows under their canonical ids with the columns this database's assistants have."""
    rows = connection.execute(sql.statement("writable_columns")).fetchall()
    names = [row["name"] for row in rows if not row["is_number"]]
    columns = compose.SQL(", ").join(compose.Identifier(name) for name in names)
    kept = compose.SQL(", ").join(compose.Identifier("kept", name) for name in names)
    return compose.SQL(sql.statement("rekey")).format(columns=columns, kept_columns=kept)
