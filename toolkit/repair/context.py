"""Context of a running repair: connections, lease, progress, and access to the journal."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg import Cursor
from psycopg import sql as compose
from psycopg.types.json import Jsonb

from toolkit import sql
from toolkit.catalog.kinds import Kind
from toolkit.catalog.places import visible_places
from toolkit.database.connection import Pair
from toolkit.database.copy import Copied
from toolkit.database.snapshot import copy_beside
from toolkit.database.transactions import reading, writing
from toolkit.progress import Progress
from toolkit.repair import batches, journal, lease
from toolkit.repair.batches import cut, without
from toolkit.scope import Scope

Query = LiteralString | compose.SQL | compose.Composed


class RunContext:
    """What the phases of a run share in one process; a resumed run has a new context."""

    def __init__(self, pair: Pair, run_id: str, holder: str, progress: Progress) -> None:
        """Read the run from the journal; `holder` is the key of the lease that this process has taken."""
        self.pair = pair
        self.connection = pair.langgraph
        self.run_id = run_id
        self.holder = holder
        self.progress = progress
        run = self.connection.execute(sql.statement("run_in_journal"), {"run_id": run_id}).fetchone() or {}
        self.agents: int = run["agents"]
        self.scope = Scope.parse(run["scope"])
        self.places = visible_places(pair.langgraph)[0]
        self.moving_places = [place for place in self.places if place.moves]
        self.kinds = self.kinds_of(range(self.agents))

    def kinds_of(self, batch: range) -> set[str]:
        """Return the kinds of the steps of a batch."""
        return {row["kind"] for row in self.execute(sql.statement("batch_kinds"), batch)}

    def open_batches(self, phase: str, total: int = 1, size: int = 1) -> list[range]:
        """Return the batches of a phase, out of `total` agents or pages, that are not recorded yet, cut to `size`."""
        done = [range(row["first"], row["last"]) for row in self.execute(sql.statement("done_batches"), phase=phase)]
        return [part for batch in without(range(total), done) for part in cut(batch, size)]

    @contextmanager
    def batch(self, *settings: LiteralString) -> Iterator[None]:
        """Hold one writing transaction that begins with the renewal of the lease."""
        with writing(self.connection, *settings):
            lease.renew(self.connection, self.holder)
            yield

    def record(self, phase: str, done: Iterable[range], counts: dict[str, int] | None = None) -> None:
        """Record batches of a phase as done, and `counts` of steps by kind once for all of them."""
        recorded = {kind: count for kind, count in (counts or {}).items() if count}
        for batch in done:
            self.execute(sql.statement("record_batch"), batch, phase=phase, counts=Jsonb(recorded))
            recorded = {}

    def record_stamped(self, columns: Iterable[str]) -> None:
        """Record the columns that triggers changed in the rows that a batch wrote."""
        if counts := dict.fromkeys(columns, 1):
            self.record("stamped", [range(1)], counts)

    def leave(self, reasons: dict[str, str], finding: Kind | None = None) -> None:
        """Leave agents alone, with `reasons` by agent id. Without `finding` each reports the finding of its step."""
        if reasons:
            agents: dict[str, Any] = {"agent_ids": list(reasons), "reasons": list(reasons.values())}
            self.execute(sql.statement("leave_agents"), **agents, finding=finding)

    def reason(self, error: psycopg.Error, *tables: str, again: str = "run the repair again") -> str:
        """Return in words why a piece that writes `tables` failed, and what to do `again`."""
        return batches.reason(error, journal.sides(self.pair), tables, again)

    def parameters(self, batch: range | None = None, **more: Any) -> dict[str, Any]:
        """Return the parameters of a statement about the run, or about a batch of it."""
        numbers = {} if batch is None else {"first": batch.start, "last": batch.stop}
        return {**self.scope.parameters, "run_id": self.run_id, **numbers, **more}

    def execute(self, statement: Query, batch: range | None = None, **more: Any) -> Cursor[dict[str, Any]]:
        """Execute a statement about the run, or about a batch of it, beside the assistants."""
        return self.connection.execute(statement, self.parameters(batch, **more))

    def beside(self, relation: Copied, in_place: LiteralString, batch: range | None = None) -> str:
        """Copy the rows of the statement `in_place` beside the assistants; return what fills a slot with them."""
        if self.pair.is_one_database:
            return in_place
        # row security that was enabled since the plan must raise, not hide rows
        with reading(self.pair.supabase):
            copy_beside(self.pair, relation, sql.statement(in_place), self.parameters(batch))
        return relation.rows
