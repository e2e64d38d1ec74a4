"""Moving phase of a repair: references get the canonical ids, place by place."""

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg

from toolkit import sql
from toolkit.catalog.places import Place, over_places
from toolkit.database.snapshot import LINKS, MEMBERS, SESSIONS, present
from toolkit.database.transactions import IN_BULK, NO_TIMEOUT
from toolkit.repair.batches import ATTEMPTS, cut, is_fault, work_off
from toolkit.repair.context import RunContext

_PAGES = 1024
"""Pages of one piece of work. Its rows are split by hash into parts, and each part is one transaction."""

_PAGES_AT_ONCE = 128
"""Pages whose rows one transaction changes: about 8,000 runs.

A client that needs one of them waits well under a second. A part takes rows from all pages of its piece, so later parts
reuse the space that earlier ones freed. Most new row versions then are heap-only tuples: less WAL, no index entries.
"""

_ALL_PAGES = range(2**32 - 1)

_FEW_IDS: tuple[LiteralString, ...] = (*IN_BULK, "LOCAL random_page_cost = 1.1")
"""Settings with a low page cost: the planner then looks up a few thousand ids instead of reading the whole map."""

MOVING_FROM = {"id_map": "replaced_ids", "rerouted": "rerouted_conversations"}
"""What fills the slot `replaced`, by the journal's table that has the old and the new ids."""

_MOVING = "moving conversations, crons and memories"

_HELD = "another transaction holds its rows in {}; run the repair again"
_SUPPRESSED = "a trigger or rule suppressed the update of its rows in {}; correct it and run the repair again"


def move(run: RunContext) -> None:
    """Move references to old ids, and agents' conversations on users' rows, to the canonical ids."""
    if run.open_batches("remember"):
        with run.batch(NO_TIMEOUT):
            run.execute(sql.statement("leave_unmade"))
            run.execute(sql.statement("remember_earlier_ids"))
            run.execute(sql.statement("remember_spellings", places=over_places(run.moving_places)))
            run.execute(sql.statement("analyze_journal"))
            counts = {}
            if "reroute" in run.kinds:
                (found,) = run.execute(_find_conversations(run))
                counts = {"move": found["conversations"]}
            run.record("remember", [range(1)], counts)
    pages = {place: _pages(run, place) for place in run.moving_places}
    sources: list[LiteralString] = ["id_map", "rerouted"] if "reroute" in run.kinds else ["id_map"]
    done, total = 0, sum(pages.values()) * len(sources)
    # places in order: an earlier place may be part of a later one's key
    for place, count in pages.items():
        for replaced in sources:
            run.progress(_MOVING, done, total)
            _Moving(run, place, replaced).move(done, count, total)
            done += count
    run.progress(_MOVING, total, total)


def _find_conversations(run: RunContext) -> LiteralString:
    choices = present(run.pair)
    slots = {
        "sessions": run.beside(SESSIONS, "sessions_in_place"),
        "agent_links": run.beside(LINKS, "agent_links_in_place"),
        "memberships": run.beside(MEMBERS, choices["memberships"]),
        "crons": choices["crons"],
    }
    return sql.statement("find_conversations", **slots)


def _pages(run: RunContext, place: Place) -> int:
    (found,) = run.execute(sql.statement("pages"), table=place.table.relation)
    return int(found["pages"])


@dataclass(frozen=True)
class _Moving:
    """Move of one place's references, in ranges of its table's pages."""

    run: RunContext
    place: Place
    replaced: LiteralString
    """The journal's table that has the old and the new ids: `id_map` or `rerouted`."""

    def move(self, done: int, pages: int, total: int) -> None:
        """Move the references; retry locked rows after a pause, then leave their agents alone."""
        run, moved_phase = self.run, f"moved {self.replaced} {self.place.name}"
        if not run.open_batches(moved_phase):
            return
        phase = f"move {self.replaced} {self.place.name}"
        pieces = run.open_batches(phase, pages, _PAGES)
        done += pages - sum(map(len, pieces))
        self._move_pages(phase, pieces, lambda more: run.progress(_MOVING, done + more, total))
        for attempt in range(1, ATTEMPTS + 1):
            with run.batch(NO_TIMEOUT):
                waiting = self._waiting("rows_waited_for")
                if not waiting or attempt == ATTEMPTS:
                    free = self._waiting("rows_passed_over") if waiting else set()
                    reasons = {each: _SUPPRESSED if each in free else _HELD for each in waiting}
                    run.leave({each: reasons[each].format(self.place.name) for each in waiting}, "dangling_reference")
                    run.record(moved_phase, [range(1)])
                    return
            time.sleep(random.uniform(0.2, 0.6) * attempt)  # noqa: S311 - spreads retries
            pieces = list(cut(range(_pages(run, self.place)), _PAGES))
            self._move_pages(f"again {self.place.name}", pieces, lambda more: None)

    def _move_pages(self, phase: str, pieces: Iterable[range], progress: Callable[[int], None]) -> None:
        def move(batch: range, is_last: bool) -> None:
            parts = max(len(batch) // _PAGES_AT_ONCE, 1)
            for part in range(parts):
                self._move_part(phase if part == parts - 1 else f"{phase}, in part", batch, part=part, parts=parts)

        def give_up(page: range, error: psycopg.Error) -> None:
            if is_fault(error):  # else the page is locked, and `_waiting` finds what has not moved
                self._move_by_agent(f"{phase}, in part", page)

        work_off(pieces, move, give_up, progress)

    def _move_by_agent(self, phase: str, page: range) -> None:
        """Move the references on a page agent by agent, and leave those agents that cause a fault."""
        with self.run.batch(*_FEW_IDS):
            agents = sorted(self._waiting("rows_waited_for", page))

        def move(one: list[str], is_last: bool) -> None:
            self._move_part(phase, page, only=one[0])

        def leave(one: list[str], error: psycopg.Error) -> None:
            reason = self.run.reason(error, self.place.table.relation)
            with self.run.batch():
                self.run.leave({one[0]: reason}, "dangling_reference")

        work_off(cut(agents, 1), move, leave, lambda done: None)

    def _move_part(self, phase: str, pages: range, **which: Any) -> None:
        with self.run.batch(*_FEW_IDS):
            try:
                with self.run.connection.transaction():
                    (moved,) = self._rows("move_references", "rows_waited_for", pages, **which)
            except psycopg.errors.LockNotAvailable:
                (moved,) = self._rows("move_references", "rows_passed_over", pages, **which)
            if moved["is_altered"]:
                said = f"a trigger on {self.place.table.relation} stored another value in {self.place.name}"
                raise psycopg.errors.TriggeredDataChangeViolation(said)
            # conversations are counted already
            counts = {"move": int(moved["rows"])} if self.replaced == "id_map" else {}
            self.run.record(phase, [pages], counts)
            self.run.record_stamped(moved["stamped"])

    def _waiting(self, locking: str, pages: range = _ALL_PAGES) -> set[str]:
        """Return the ids of the agents with references that have not moved."""
        return {row["agent_id"] for row in self._rows("references_waiting", locking, pages)}

    def _rows(self, name: str, locking: str, pages: range, **which: Any) -> list[dict[str, Any]]:
        """Return the rows of a statement about one of `parts` of some pages, about one agent where `only` names it."""
        statement = sql.statement(name, locking=locking, replaced=MOVING_FROM[self.replaced])
        rows = {"first_row": f"({pages.start},0)", "last_row": f"({pages.stop},0)"}
        asked = {"part": 0, "parts": 1, "only": None, **rows, **which}
        return self.run.execute(self.place.moving(statement, self.replaced), **asked).fetchall()
