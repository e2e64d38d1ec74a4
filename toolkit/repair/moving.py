"""Moving phase of a repair: references get the canonical ids, place by place."""

import random
import time
from collections.abc import Callable, Iterable, Sequence
from typing import LiteralString

import psycopg

from toolkit import sql
from toolkit.catalog.places import Place, over_places
from toolkit.database.connection import IN_BULK, NO_TIMEOUT
from toolkit.database.snapshot import SESSIONS
from toolkit.repair.batches import ATTEMPTS, Batch, work_off
from toolkit.repair.context import RunContext

_PAGES = 1024
"""Pages of one piece of work. Its rows are split by hash into parts, and each part is one transaction."""

_PAGES_AT_ONCE = 128
"""Pages whose rows one transaction changes: about 8,000 runs.

A client that needs one of them waits well under a second. A part takes rows from all pages of its piece, so later parts
reuse the space that earlier ones freed. Most new row versions then are heap-only tuples: less WAL, no index entries.
"""

_LAST_PAGE = 2**32 - 1

MOVING_FROM = {"id_map": "replaced_ids", "rerouted": "rerouted_conversations"}
"""What fills the slot `replaced`, by the journal's table that has the old and the new ids."""

_MOVING = "moving conversations, crons and memories"


class Moving:
    """Moves references to old ids, and agents' conversations on users' rows, to the canonical ids."""

    def __init__(self, run: RunContext) -> None:
        self._run = run

    def move(self) -> None:
        """Move all references, place by place, in ranges of the table's pages."""
        if self._run.open_batches("remember", 1):
            with self._run.batch(NO_TIMEOUT):
                for name in ("leave_unmade", "remember_earlier_ids"):
                    self._run.write(name)
                spellings = sql.statement("remember_spellings", places=over_places(self._run.moving_places))
                self._run.connection.execute(spellings, {"run_id": self._run.run_id})
                self._run.connection.execute(sql.statement("analyze_journal"))
                self._run.record("remember", [Batch(0, 1)], {"move": self._conversations()})
        pages = {place: self._pages(place) for place in self._run.moving_places}
        sources: list[LiteralString] = ["id_map", "rerouted"] if "reroute" in self._run.kinds else ["id_map"]
        done, total = 0, sum(pages.values()) * len(sources)
        # places in order: an earlier place may be part of a later one's key
        for place, count in pages.items():
            for replaced in sources:
                self._run.progress(_MOVING, done, total)
                self._move_in(place, replaced, done, count, total)
                done += count
        self._run.progress(_MOVING, total, total)

    def _conversations(self) -> int:
        """Find the conversations on users' rows that belong to agents, and return their number."""
        if "reroute" not in self._run.kinds:
            return 0
        sessions = self._run.beside(SESSIONS, "sessions_in_place")
        statement = sql.statement("find_conversations", sessions=sessions)
        row = self._run.connection.execute(statement, {"run_id": self._run.run_id}).fetchone() or {}
        return int(row["conversations"])

    def _pages(self, place: Place) -> int:
        return int(self._run.row("pages", table=place.relation)["pages"])

    def _move_in(self, place: Place, replaced: LiteralString, done: int, pages: int, total: int) -> None:
        """Move the references of one place; retry locked rows after a pause, then leave their agents alone."""
        moved_phase = f"moved {replaced} {place.name}"
        if not self._run.open_batches(moved_phase, 1):
            return
        phase = f"move {replaced} {place.name}"
        pieces = [piece for batch in self._run.open_batches(phase, pages) for piece in batch.cut(_PAGES)]
        done += pages - sum(piece.size for piece in pieces)
        self._move_pages(place, replaced, phase, pieces, lambda more: self._run.progress(_MOVING, done + more, total))
        for attempt in range(1, ATTEMPTS + 1):
            with self._run.batch(NO_TIMEOUT):
                waiting = self._waiting(place, replaced, "rows_waited_for")
                if not waiting or attempt == ATTEMPTS:
                    free = self._waiting(place, replaced, "rows_passed_over") if waiting else set()
                    reasons = {agent_id: _unmoved(place, is_held=agent_id not in free) for agent_id in waiting}
                    self._run.leave(reasons, "dangling_reference")
                    self._run.record(moved_phase, [Batch(0, 1)])
                    return
            time.sleep(random.uniform(0.2, 0.6) * attempt)  # noqa: S311 - spreads retries
            pieces = list(Batch(0, self._pages(place)).cut(_PAGES))
            self._move_pages(place, replaced, f"again {place.name}", pieces, lambda more: None)

    def _waiting(self, place: Place, replaced: LiteralString, locking: LiteralString) -> set[str]:
        """Return the ids of the agents with references in a place that have not moved."""
        statement = place.moving(
            sql.statement("references_waiting", locking=locking, replaced=MOVING_FROM[replaced]), replaced
        )
        rows = self._run.connection.execute(statement, self._run.parameters(Batch(0, _LAST_PAGE)))
        return {row["agent_id"] for row in rows}

    def _move_pages(
        self,
        place: Place,
        replaced: LiteralString,
        phase: str,
        pieces: Iterable[Batch],
        progress: Callable[[int], None],
    ) -> None:
        def move(batch: Batch, is_last: bool) -> Sequence[Batch]:
            parts = max(batch.size // _PAGES_AT_ONCE, 1)
            for part in range(parts):
                # a low page cost: the planner then looks up a few thousand ids instead of reading the whole map
                with self._run.batch(*IN_BULK, "LOCAL random_page_cost = 1.1"):
                    try:
                        with self._run.connection.transaction():
                            moved = self._moved(place, replaced, batch, part, parts, "rows_waited_for")
                    except psycopg.errors.LockNotAvailable:
                        moved = self._moved(place, replaced, batch, part, parts, "rows_passed_over")
                    counts = {"move": moved} if replaced == "id_map" else {}  # conversations are counted already
                    self._run.record(phase if part == parts - 1 else f"{phase}, in part", [batch], counts)
            return []

        work_off(pieces, move, lambda batch, reason: None, progress)  # `_waiting` finds what is given up

    def _moved(
        self, place: Place, replaced: LiteralString, batch: Batch, part: int, parts: int, locking: LiteralString
    ) -> int:
        statement = place.moving(
            sql.statement("move_references", locking=locking, replaced=MOVING_FROM[replaced]), replaced
        )
        row = self._run.connection.execute(statement, self._run.parameters(batch, part, parts)).fetchone() or {}
        return int(row["rows"])


def _unmoved(place: Place, is_held: bool) -> str:
    if is_held:
        return f"another transaction holds its rows in {place.name}; run the repair again"
    cause = "a trigger or rule suppressed the update; mend that and run the repair again"
    return f"the database let its rows in {place.name} be: {cause}"
