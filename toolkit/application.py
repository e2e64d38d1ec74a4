"""What are the phases of a repair, and what does each do to one batch?

Expand, move, contract. The run's steps stand in the journal; every statement reads them there. Each batch is one
transaction, which begins with the lease and ends with the batch marked as done.
"""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, LiteralString

import psycopg
from psycopg import sql as compose
from psycopg.types.json import Jsonb

from toolkit import journal, sql
from toolkit.batches import ATTEMPTS, Batch, work_off
from toolkit.database import AT_LEISURE, IN_BULK, Connection, Pair, copy_across, reading, writing
from toolkit.diagnosis import over_places, visible_places
from toolkit.lease import Lease
from toolkit.records import MAKES, Kind, Progress, Scope
from toolkit.references import Place

_AGENTS = 1000
_AGENTS_LOOKED_UP = 50_000
"""What still names their old rows is looked up for so many at once, since that reads every table that could."""
_PAGES = 1024
_PAGES_AT_ONCE = 128
"""Of so many pages' rows one transaction changes: some eight thousand runs, so that who wants one of them waits for a fraction
of a second. They come from all pages of a piece, in as many parts as that makes: what one part leaves behind the next one fills,
so that most new versions stay on the page of the old ones (PostgreSQL's heap-only tuples), with less of WAL, indexes and time."""
_LAST_PAGE = 2**32 - 1
_FROM_SUPABASE = frozenset({"create", "adopt", "update", "write_back"})
MOVING_FROM: dict[str, dict[str, LiteralString]] = {"id_map": {}, "rerouted": {"moving_references": "moving_conversations"}}
"""By the journal's table that says what gives way to what: the includes of the statements that move."""
_MAKING = "making assistants under their agents' ids"
_WRITING_BACK = "writing ids back to Supabase"
_MOVING = "moving conversations, crons and memories"
_REMOVING = "removing old copies"


class Application:
    """One run, from wherever it is to its end."""

    def __init__(self, pair: Pair, run_id: str, lease: Lease, progress: Progress) -> None:
        self._pair = pair
        self._connection = pair.langgraph
        self._run_id = run_id
        self._lease = lease
        self._progress = progress
        run = self._one("run_in_journal")
        self._agents = run["agents"]
        self._scope = Scope.parse(run["scope"])
        self._places = visible_places(pair.langgraph)[0]
        self._kinds = {row["kind"] for row in self._rows("batch_kinds", **_range(Batch(0, self._agents)))}

    def finish(self) -> None:
        """Do all that is not done yet."""
        self._know()
        self._in_batches(_MAKING, self._expand)
        if "write_back" in self._kinds:
            self._in_batches(_WRITING_BACK, self._write_back)
        if self._kinds & {"rekey", "remove", "move", "reroute"}:
            self._move()
        if self._kinds & {"rekey", "remove"}:
            self._remove()
        journal.finish(self._pair, self._run_id)

    def _in_batches(self, phase: str, work: Callable[[Batch, bool], Sequence[Batch]], within: Batch | None = None) -> None:
        open_batches = self._open(phase)
        done = self._agents - sum(batch.size for batch in open_batches)
        self._progress(phase, done, self._agents)
        pieces = [piece for batch in ([within] if within else open_batches) for piece in batch.cut(_AGENTS)]
        work_off(pieces, work, partial(self._give_up, phase), lambda more: self._progress(phase, done + more, self._agents))

    def _open(self, phase: str) -> list[Batch]:
        return journal.open_batches(self._connection, self._run_id, phase, self._agents)

    @contextmanager
    def _batch(self, *settings: LiteralString) -> Iterator[None]:
        with writing(self._connection, *settings):
            self._lease.renew()
            yield

    def _know(self) -> None:
        """Remember what names the assistants that this run will make: undo must not take it for newer than the run."""
        if not self._kinds & {"rekey", "create"} or not journal.open_batches(self._connection, self._run_id, "know", 1):
            return
        places = [place for place in self._places if place.moves]
        with self._batch(AT_LEISURE):
            for done, place in enumerate(places):
                self._progress("noting what names them already", done, len(places))
                self._connection.execute(place.filled(sql.statement("know_references")), {"run_id": self._run_id})
            self._record("know", [Batch(0, 1)])
        self._progress("noting what names them already", len(places), len(places))

    def _expand(self, batch: Batch, is_last: bool) -> Sequence[Batch]:
        """Make the canonical rows; from here on the front end's id answers."""
        with self._batch():
            kinds = {row["kind"] for row in self._rows("batch_kinds", **_range(batch))}
            now = self._now(batch, kinds)
            self._execute("leave_stale", batch, **now)
            if "rekey" in kinds:
                self._connection.execute(rekey(self._connection), self._parameters(batch))
            if "create" in kinds:
                self._execute("create", batch, **now)
            if kinds & {"adopt", "update"}:
                self._execute("overwrite", batch, **now)
            self._execute("leave_unwritten", batch)
            self._execute("remember_ids", batch)
            made = self._rows("count_done", **_range(batch), kinds=list(MAKES))
            held = self._held(batch, is_last)
            self._record(_MAKING, batch.without(held), {row["kind"]: row["steps"] for row in made})
        return held

    def _now(self, batch: Batch, kinds: set[str]) -> dict[str, LiteralString]:
        """Have what Supabase says of a batch beside the assistants; return the include that reads it."""
        if not kinds & _FROM_SUPABASE:
            return {"now": "now_unasked"}
        tool_sets: dict[str, LiteralString] = {"tool_sets": "tool_sets_of_steps"}
        if self._pair.is_one_database:
            return {"now": "agents_now", **tool_sets}
        self._connection.execute(sql.statement("make_now_copy"))
        self._copy_across(sql.statement("copy_now_out", **tool_sets), sql.statement("copy_now_in"), self._parameters(batch))
        return {"now": "now_copied"}

    def _copy_across(self, outward: LiteralString, inward: LiteralString, parameters: dict[str, Any]) -> None:
        with reading(self._pair.supabase):  # row security that came since the plan is an error, not rows that are missing
            copy_across(self._pair, outward, inward, parameters)

    def _write_back(self, batch: Batch, is_last: bool) -> Sequence[Batch]:
        """Tell Supabase the ids, where the write-back still is what the plan saw.

        Supabase's transaction ends first. Where a crash comes between, the batch is done again, and finds its own
        write-backs done.
        """
        with self._batch():
            left = [row["agent_id"] for row in self._rows("left_of_batch", **_range(batch))]
            with writing(self._pair.supabase):
                statement = sql.statement("set_write_backs")
                rows = self._pair.supabase.execute(statement, {**self._parameters(batch), "left_alone": left}).fetchall()
            missed = [row for row in rows if row["reason"]]
            held = [Batch(row["number"], row["number"] + 1) for row in missed if row["is_held"] and not is_last]
            final = {row["agent_id"]: row["reason"] for row in missed if is_last or not row["is_held"]}
            self._leave(final)
            self._record(_WRITING_BACK, batch.without(held), {"write_back": len(rows) - len(missed)})
        return held

    def _move(self) -> None:
        """Move references to the canonical ids, place by place, each in ranges of its table's pages."""
        if journal.open_batches(self._connection, self._run_id, "remember", 1):
            with self._batch(AT_LEISURE):
                for name in ("leave_unmade", "remember_earlier_ids"):
                    self._rows_written(name)
                places = [place for place in self._places if place.moves]
                spellings = over_places(places, sql.statement("remember_spellings"))
                self._connection.execute(spellings, {"run_id": self._run_id})
                self._connection.execute(sql.statement("analyze_journal"))
                self._record("remember", [Batch(0, 1)], {"move": self._conversations()})
        pages = {place: self._pages(place) for place in self._places if place.moves}
        sources: list[LiteralString] = ["id_map", "rerouted"] if "reroute" in self._kinds else ["id_map"]
        behind, total = 0, sum(pages.values()) * len(sources)
        for place, count in pages.items():  # one place after the other: a later one's key is as the earlier one's move left it
            for replaced in sources:
                self._progress(_MOVING, behind, total)
                self._move_in(place, replaced, behind, count, total)
                behind += count
        self._progress(_MOVING, total, total)

    def _conversations(self) -> int:
        """Find the conversations on users' rows that belong to agents; tell how many."""
        if "reroute" not in self._kinds:
            return 0
        sessions: LiteralString = "sessions_in_place"
        if not self._pair.is_one_database:
            sessions = "sessions_copied"
            self._connection.execute(sql.statement("make_sessions_copy"))
            self._copy_across(sql.statement("copy_sessions_out"), sql.statement("copy_sessions_in"), {})
            self._connection.execute(sql.statement("analyze_sessions_copy"))
        statement = sql.statement("find_conversations", sessions=sessions)
        return int((self._connection.execute(statement, {"run_id": self._run_id}).fetchone() or {})["conversations"])

    def _pages(self, place: Place) -> int:
        return int(self._one("pages", table=f"{place.schema}.{place.table}")["pages"])

    def _move_in(self, place: Place, replaced: LiteralString, behind: int, pages: int, total: int) -> None:
        """Move what stands in one place; what others hold comes again after a pause, and is then left and said."""
        if not journal.open_batches(self._connection, self._run_id, f"moved {replaced} {place.name}", 1):
            return
        phase = f"move {replaced} {place.name}"
        pieces = [piece for batch in journal.open_batches(self._connection, self._run_id, phase, pages) for piece in batch.cut(_PAGES)]
        behind += pages - sum(piece.size for piece in pieces)
        self._move_pages(place, replaced, phase, pieces, lambda more: self._progress(_MOVING, behind + more, total))
        for attempt in range(1, ATTEMPTS + 1):
            with self._batch(AT_LEISURE):
                waiting = self._waiting(place, replaced, "rows_waited_for")
                if not waiting or attempt == ATTEMPTS:
                    free = self._waiting(place, replaced, "rows_passed_over") if waiting else set()
                    self._leave({agent_id: _unmoved(place, is_held=agent_id not in free) for agent_id in waiting}, "dangling_reference")
                    self._record(f"moved {replaced} {place.name}", [Batch(0, 1)])
                    return
            time.sleep(random.uniform(0.2, 0.6) * attempt)
            self._move_pages(place, replaced, f"again {place.name}", Batch(0, self._pages(place)).cut(_PAGES), lambda more: None)

    def _waiting(self, place: Place, replaced: LiteralString, locking: LiteralString) -> set[str]:
        statement = place.moving(sql.statement("references_waiting", locking=locking, **MOVING_FROM[replaced]), replaced)
        return {row["agent_id"] for row in self._connection.execute(statement, self._parameters(Batch(0, _LAST_PAGE)))}

    def _move_pages(self, place: Place, replaced: LiteralString, phase: str, pieces: Iterable[Batch], progress: Callable[[int], None]) -> None:
        def move(batch: Batch, is_last: bool) -> Sequence[Batch]:
            parts = max(batch.size // _PAGES_AT_ONCE, 1)
            for part in range(parts):
                with self._batch(*IN_BULK, "LOCAL random_page_cost = 1.1"):  # look a few thousand ids up, not the whole map
                    try:
                        with self._connection.transaction():
                            moved = self._moved(place, replaced, batch, part, parts, "rows_waited_for")
                    except psycopg.errors.LockNotAvailable:
                        moved = self._moved(place, replaced, batch, part, parts, "rows_passed_over")
                    counts = {"move": moved} if replaced == "id_map" else {}  # conversations were counted as such
                    self._record(phase if part == parts - 1 else f"{phase}, in part", [batch], counts)
            return []

        work_off(pieces, move, lambda batch, reason: None, progress)  # what is given up is found waiting

    def _moved(self, place: Place, replaced: LiteralString, batch: Batch, part: int, parts: int, locking: LiteralString) -> int:
        statement = place.moving(sql.statement("move_references", locking=locking, **MOVING_FROM[replaced]), replaced)
        row = self._connection.execute(statement, self._parameters(batch, part, parts)).fetchone() or {}
        return int(row["rows"])

    def _remove(self) -> None:
        """Remove the old rows, in transactions as short as the others': a client's COMMIT also writes what a longer one left in the WAL."""
        for many in [part for batch in self._open(_REMOVING) for part in batch.cut(_AGENTS_LOOKED_UP)]:
            self._progress(_REMOVING, many.first, self._agents)
            self._in_batches(_REMOVING, partial(self._contract, self._still_named(many)), many)

    def _still_named(self, batch: Batch) -> list[dict[str, Any]]:
        """Find the old rows that something names yet, which stay: `number` of the agent, `id`, `place`."""
        with self._batch(AT_LEISURE, *IN_BULK, "LOCAL enable_nestloop = off"):  # tens of thousands of rows, taken for few
            statement = over_places(self._places, sql.statement("still_named", named=self._named()))
            return self._connection.execute(statement, self._parameters(batch)).fetchall()

    def _named(self) -> LiteralString:
        """Have the ids that Supabase names beside the assistants; return the include that reads them."""
        if self._pair.is_one_database:
            return "named_in_place"
        self._connection.execute(sql.statement("make_named_copy"))
        self._copy_across(sql.statement("copy_named_out"), sql.statement("copy_named_in"), {})
        self._connection.execute(sql.statement("analyze_named_copy"))
        return "named_copied"

    def _contract(self, still_named: Sequence[dict[str, Any]], batch: Batch, is_last: bool) -> Sequence[Batch]:
        """Remove the old rows that nothing names any more."""
        named = [row for row in still_named if batch.first <= row["number"] < batch.last]
        ids = {"named_ids": [row["id"] for row in named], "named_in": [row["place"] for row in named]}
        with self._batch():
            removed = (self._connection.execute(sql.statement("remove"), {**self._parameters(batch), **ids}).fetchone() or {})["removed"]
            held = self._held(batch, is_last)
            self._record(_REMOVING, batch.without(held), {"remove": removed})
        return held

    def _held(self, batch: Batch, is_last: bool) -> list[Batch]:
        """Return the agents of a batch that come again at the end, since others hold their rows."""
        if is_last:
            self._rows_written("leave_held", **_range(batch))
            return []
        return [Batch(number, number + 1) for number in sorted({row["number"] for row in self._rows("let_held_wait", **_range(batch))})]

    def _leave(self, reasons: dict[str, str], finding: Kind | None = None) -> None:
        if reasons:
            self._rows_written("leave_agents", agent_ids=list(reasons), reasons=list(reasons.values()), finding=finding)

    def _give_up(self, phase: str, batch: Batch, reason: str) -> None:
        with self._batch():
            self._rows_written("leave_batch", **_range(batch), reason=f"{reason}; run the repair again")
            self._record(phase, [batch])

    def _record(self, phase: str, done: Iterable[Batch], counts: dict[str, int] | None = None) -> None:
        for batch in done:
            self._rows_written("record_batch", phase=phase, **_range(batch), counts=Jsonb({k: n for k, n in (counts or {}).items() if n}))
            counts = None

    def _parameters(self, batch: Batch, part: int = 0, parts: int = 1) -> dict[str, Any]:
        rows = {"first_row": f"({batch.first},0)", "last_row": f"({batch.last},0)", "part": part, "parts": parts}
        return {**self._scope.parameters, "run_id": self._run_id, **_range(batch), **rows}

    def _execute(self, name: LiteralString, batch: Batch, **includes: LiteralString) -> None:
        self._connection.execute(sql.statement(name, **includes), self._parameters(batch))

    def _rows_written(self, name: LiteralString, **parameters: Any) -> None:
        self._connection.execute(sql.statement(name), {"run_id": self._run_id, **parameters})

    def _rows(self, name: LiteralString, **parameters: Any) -> list[dict[str, Any]]:
        return self._connection.execute(sql.statement(name), {"run_id": self._run_id, **parameters}).fetchall()

    def _one(self, name: LiteralString, **parameters: Any) -> dict[str, Any]:
        return self._rows(name, **parameters)[0]


def rekey(connection: Connection) -> compose.Composed:
    """Fill the statement that stores kept rows under their canonical ids with the columns this database's assistants have."""
    rows = connection.execute(sql.statement("writable_columns")).fetchall()
    names = [row["name"] for row in rows if not row["is_number"]]
    columns = compose.SQL(", ").join(compose.Identifier(name) for name in names)
    kept = compose.SQL(", ").join(compose.Identifier("kept", name) for name in names)
    return compose.SQL(sql.statement("rekey")).format(columns=columns, kept_columns=kept)


def _unmoved(place: Place, is_held: bool) -> str:
    if is_held:
        return f"another transaction holds its rows in {place.name}; run the repair again"
    return f"the database let its rows in {place.name} be: a trigger or rule suppressed the update; mend that and run the repair again"


def _range(batch: Batch) -> dict[str, int]:
    return {"first": batch.first, "last": batch.last}
