"""One sitting of a repair run: its connections, its lease, and what it reads and writes in the journal."""

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
from toolkit.repair import journal
from toolkit.repair.batches import Batch
from toolkit.repair.lease import Lease
from toolkit.scope import Scope


class Sitting:
    """A run in the journal, as far as one process works on it; an interrupted run has several sittings."""

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
        self.kinds = {row["kind"] for row in self.rows("batch_kinds", **numbers(Batch(0, self.agents)))}

    def open_batches(self, phase: str, total: int) -> list[Batch]:
        """Return what of a phase is not done yet, out of `total`."""
        return journal.open_batches(self.connection, self.run_id, phase, total)

    @contextmanager
    def batch(self, *settings: LiteralString) -> Iterator[None]:
        with writing(self.connection, *settings):
            self.lease.renew()
            yield

    def record(self, phase: str, done: Iterable[Batch], counts: dict[str, int] | None = None) -> None:
        for batch in done:
            self.rows_written(
                "record_batch",
                phase=phase,
                **numbers(batch),
                counts=Jsonb({k: n for k, n in (counts or {}).items() if n}),
            )
            counts = None

    def leave(self, reasons: dict[str, str], finding: Kind | None = None) -> None:
        if reasons:
            self.rows_written("leave_agents", agent_ids=list(reasons), reasons=list(reasons.values()), finding=finding)

    def parameters(self, batch: Batch, part: int = 0, parts: int = 1) -> dict[str, Any]:
        rows = {"first_row": f"({batch.first},0)", "last_row": f"({batch.last},0)", "part": part, "parts": parts}
        return {**self.scope.parameters, "run_id": self.run_id, **numbers(batch), **rows}

    def execute(self, name: LiteralString, batch: Batch, **slots: str) -> None:
        self.connection.execute(sql.statement(name, **slots), self.parameters(batch))

    def rows_written(self, name: LiteralString, **parameters: Any) -> None:
        self.connection.execute(sql.statement(name), {"run_id": self.run_id, **parameters})

    def rows(self, name: LiteralString, **parameters: Any) -> list[dict[str, Any]]:
        return self.connection.execute(sql.statement(name), {"run_id": self.run_id, **parameters}).fetchall()

    def row(self, name: LiteralString, **parameters: Any) -> dict[str, Any]:
        return self.rows(name, **parameters)[0]

    def beside(self, relation: Copied, in_place: LiteralString, parameters: dict[str, Any] | None = None) -> str:
        """Have what the statement `in_place` reads of Supabase beside the assistants; return what fills a slot with it."""
        if self.pair.is_one_database:
            return in_place
        with reading(self.pair.supabase):  # row security that came after the plan must raise, not hide rows
            copy_beside(self.pair, relation, sql.statement(in_place), parameters)
        return relation.rows


def numbers(batch: Batch) -> dict[str, int]:
    """Return the parameters `first` and `last` of a batch."""
    return {"first": batch.first, "last": batch.last}
