"""The moving phase of a repair: references go to the canonical ids, place by place."""

import random
import time
from collections.abc import Callable, Iterable, Sequence
from typing import LiteralString

import psycopg

from toolkit import sql
from toolkit.catalog.places import Place, over_places
from toolkit.database.connection import AT_LEISURE, IN_BULK
from toolkit.database.snapshot import SESSIONS
from toolkit.repair.batches import ATTEMPTS, Batch, work_off
from toolkit.repair.sitting import Sitting

_PAGES = 1024
_PAGES_AT_ONCE = 128
"""Of so many pages' rows one transaction changes: some eight thousand runs, so that who wants one of them waits for a fraction
of a second. They come from all pages of a piece, in as many parts as that makes: what one part leaves behind the next one fills,
so that most new versions stay on the page of the old ones (PostgreSQL's heap-only tuples), with less of WAL, indexes and time."""

_LAST_PAGE = 2**32 - 1

MOVING_FROM = {"id_map": "replaced_ids", "rerouted": "rerouted_conversations"}
"""What fills the slot `replaced`, by the journal's table that has the old and the new ids."""

_MOVING = "moving conversations, crons and memories"


class Moving:
    """Moves what names old ids, or conversations on users' rows, to the agents' canonical ids."""

    def __init__(self, run: Sitting) -> None:
        self._run = run

    def move(self) -> None:
        """Move references to the canonical ids, place by place, each in ranges of its table's pages."""
        if self._run.open_batches("remember", 1):
            with self._run.batch(AT_LEISURE):
                for name in ("leave_unmade", "remember_earlier_ids"):
                    self._run.rows_written(name)
                places = [place for place in self._run.places if place.moves]
                spellings = sql.statement("remember_spellings", places=over_places(places))
                self._run.connection.execute(spellings, {"run_id": self._run.run_id})
                self._run.connection.execute(sql.statement("analyze_journal"))
                self._run.record("remember", [Batch(0, 1)], {"move": self._conversations()})
        pages = {place: self._pages(place) for place in self._run.places if place.moves}
        sources: list[LiteralString] = ["id_map", "rerouted"] if "reroute" in self._run.kinds else ["id_map"]
        behind, total = 0, sum(pages.values()) * len(sources)
        for (
            place,
            count,
        ) in pages.items():  # one place after the other: a later one's key is as the earlier one's move left it
            for replaced in sources:
                self._run.progress(_MOVING, behind, total)
                self._move_in(place, replaced, behind, count, total)
                behind += count
        self._run.progress(_MOVING, total, total)

    def _conversations(self) -> int:
        """Find the conversations on users' rows that belong to agents; tell how many."""
        if "reroute" not in self._run.kinds:
            return 0
        sessions = self._run.beside(SESSIONS, "sessions_in_place")
        statement = sql.statement("find_conversations", sessions=sessions)
        return int(
            (self._run.connection.execute(statement, {"run_id": self._run.run_id}).fetchone() or {})["conversations"]
        )

    def _pages(self, place: Place) -> int:
        return int(self._run.row("pages", table=f"{place.schema}.{place.table}")["pages"])

    def _move_in(self, place: Place, replaced: LiteralString, behind: int, pages: int, total: int) -> None:
        """Move what stands in one place; what others hold comes again after a pause, and is then left and said."""
        if not self._run.open_batches(f"moved {replaced} {place.name}", 1):
            return
        phase = f"move {replaced} {place.name}"
        pieces = [piece for batch in self._run.open_batches(phase, pages) for piece in batch.cut(_PAGES)]
        behind += pages - sum(piece.size for piece in pieces)
        self._move_pages(place, replaced, phase, pieces, lambda more: self._run.progress(_MOVING, behind + more, total))
        for attempt in range(1, ATTEMPTS + 1):
            with self._run.batch(AT_LEISURE):
                waiting = self._waiting(place, replaced, "rows_waited_for")
                if not waiting or attempt == ATTEMPTS:
                    free = self._waiting(place, replaced, "rows_passed_over") if waiting else set()
                    self._run.leave(
                        {agent_id: _unmoved(place, is_held=agent_id not in free) for agent_id in waiting},
                        "dangling_reference",
                    )
                    self._run.record(f"moved {replaced} {place.name}", [Batch(0, 1)])
                    return
            time.sleep(random.uniform(0.2, 0.6) * attempt)
            self._move_pages(
                place, replaced, f"again {place.name}", Batch(0, self._pages(place)).cut(_PAGES), lambda more: None
            )

    def _waiting(self, place: Place, replaced: LiteralString, locking: LiteralString) -> set[str]:
        statement = place.moving(
            sql.statement("references_waiting", locking=locking, replaced=MOVING_FROM[replaced]), replaced
        )
        return {
            row["agent_id"]
            for row in self._run.connection.execute(statement, self._run.parameters(Batch(0, _LAST_PAGE)))
        }

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
                with self._run.batch(
                    *IN_BULK, "LOCAL random_page_cost = 1.1"
                ):  # look a few thousand ids up, not the whole map
                    try:
                        with self._run.connection.transaction():
                            moved = self._moved(place, replaced, batch, part, parts, "rows_waited_for")
                    except psycopg.errors.LockNotAvailable:
                        moved = self._moved(place, replaced, batch, part, parts, "rows_passed_over")
                    counts = {"move": moved} if replaced == "id_map" else {}  # conversations were counted as such
                    self._run.record(phase if part == parts - 1 else f"{phase}, in part", [batch], counts)
            return []

        work_off(pieces, move, lambda batch, reason: None, progress)  # what is given up is found waiting

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
    return f"the database let its rows in {place.name} be: a trigger or rule suppressed the update; mend that and run the repair again"
