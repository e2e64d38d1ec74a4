"""Context of a running repair: connections, lease, progress, and access to the journal."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

from psycopg.types.json import Jsonb

from toolkit import sql
from toolkit.catalog.kinds import Kind
from toolkit.catalog.places import visible_places
from toolkit.database.connection import Pair, reading, writing
from toolkit.database.copy import Copied
from toolkit.database.snapshot import copy_beside
from toolkit.progress import Progress
from toolkit.repair.batches import Batch
from toolkit.repair.lease import Lease
from toolkit.scope import Scope


class RunContext:
    """What the phases of a run share in one process; a resumed run has a new context."""

    def __init__(self, pair: Pair, run_id: str, lease: Lease, progress: Progress) -> None:
        self.pair = pair
        self.connection = pair.langgraph
        self.run_id = run_id
        self.lease = lease
        self.progress = progress
        run = self.row("run_in_journal")
        self.agents: int = run["agents"]
        self.scope = Scope.parse(run["scope"])
        self.places = visible_places(pair.langgraph)[0]
        self.moving_places = [place for place in self.places if place.moves]
        self.kinds = {row["kind"] for row in self.rows("batch_kinds", **numbers(Batch(0, self.agents)))}

    def open_batches(self, phase: str, total: int) -> list[Batch]:
        """Return the batches of a phase, out of `total` agents or pages, that are not recorded yet."""
        rows = self.rows("done_batches", phase=phase)
        return list(Batch(0, total).without(Batch(row["first"], row["last"]) for row in rows))

    @contextmanager
    def batch(self, *settings: LiteralString) -> Iterator[None]:
        """Hold one writing transaction that begins with the renewal of the lease."""
        with writing(self.connection, *settings):
            self.lease.renew()
            yield

    def record(self, phase: str, done: Iterable[Batch], counts: dict[str, int] | None = None) -> None:
        """Record batches of a phase as done, and `counts` of steps by kind once for all of them."""
        recorded = {kind: count for kind, count in (counts or {}).items() if count}
        for batch in done:
            self.write("record_batch", phase=phase, **numbers(batch), counts=Jsonb(recorded))
            recorded = {}

    def leave(self, reasons: dict[str, str], finding: Kind | None = None) -> None:
        """Leave agents alone, with `reasons` by agent id. Without `finding` each reports the finding of its step."""
        if reasons:
            self.write("leave_agents", agent_ids=list(reasons), reasons=list(reasons.values()), finding=finding)

    def parameters(self, batch: Batch, part: int = 0, parts: int = 1) -> dict[str, Any]:
        """Return the parameters of a statement about a batch of agents, or about one of `parts` of a batch of pages."""
        rows = {"first_row": f"({batch.first},0)", "last_row": f"({batch.last},0)", "part": part, "parts": parts}
        return {**self.scope.parameters, "run_id": self.run_id, **numbers(batch), **rows}

    def execute(self, name: LiteralString, batch: Batch, **slots: str) -> None:
        """Execute a statement about a batch of agents."""
        self.connection.execute(sql.statement(name, **slots), self.parameters(batch))

    def write(self, name: LiteralString, **parameters: Any) -> None:
        """Execute a statement about the run that returns nothing."""
        self.connection.execute(sql.statement(name), {"run_id": self.run_id, **parameters})

    def rows(self, name: LiteralString, **parameters: Any) -> list[dict[str, Any]]:
        """Return the rows of a statement about the run."""
        return self.connection.execute(sql.statement(name), {"run_id": self.run_id, **parameters}).fetchall()

    def row(self, name: LiteralString, **parameters: Any) -> dict[str, Any]:
        """Return the first row of a statement about the run."""
        return self.rows(name, **parameters)[0]

    def beside(self, relation: Copied, in_place: LiteralString, parameters: dict[str, Any] | None = None) -> str:
        """Copy the rows of the statement `in_place` beside the assistants; return what fills a slot with them."""
        if self.pair.is_one_database:
            return in_place
        # row security that was enabled since the plan must raise, not hide rows
        with reading(self.pair.supabase):
            copy_beside(self.pair, relation, sql.statement(in_place), parameters)
        return relation.rows


def numbers(batch: Batch) -> dict[str, int]:
    """Return the parameters `first` and `last` of a batch."""
    return {"first": batch.first, "last": batch.last}
