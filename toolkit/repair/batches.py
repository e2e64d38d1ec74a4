"""Batches of work, halved until a failure stands alone."""

import random
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, TypeVar

import psycopg

from toolkit import sql
from toolkit.database.connection import server_message
from toolkit.database.transactions import Connection
from toolkit.errors import ToolkitError

ATTEMPTS = 3
_PAUSE = 0.4
_MOST_FAILURES = 30
"""Failures in a row after which the work stops: a lock on a whole table fails every batch."""

_MOST_FAULTS = 1000
"""Faults in a row after which the work stops: a trigger that always raises would cost a large repair hours."""

_PASSING: dict[type[psycopg.Error], str] = {
    psycopg.errors.LockNotAvailable: "another transaction holds its rows",
    psycopg.errors.DeadlockDetected: "another transaction and this one waited for each other",
    psycopg.errors.QueryCanceled: "it took longer than a minute",
}
"""Why a piece failed, where it may succeed later."""

_OF_ROWS = frozenset({"09", "21", "22", "23", "27", "38", "39", "44", "54", "P0"})
"""Classes of errors that rows, constraints and triggers raise."""

_UNFOUND = (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedFunction, psycopg.errors.UndefinedObject)

_OF_DEFAULTS = (psycopg.errors.GeneratedAlways, psycopg.errors.UndefinedObject)
"""Errors of generated columns, and of defaults that read a setting."""

_OF_SERVERS = frozenset({"08", "25", "53", "57", "58", "XX"})
"""Classes of errors that no row is the cause of, such as a lost connection or a full disk."""


class HeldTableError(ToolkitError):
    """A table lock that another session holds."""

    remedy = "another session locks a whole table, such as a migration, VACUUM FULL or a dump: wait until it ends"


Piece = TypeVar("Piece", range, list[Any], tuple[Any, ...])
"""A sequence whose slices are of its own type."""


def cut(whole: Piece, size: int) -> Iterator[Piece]:
    """Yield a sequence in pieces of at most `size`."""
    for start in range(0, len(whole), size):
        yield whole[start : start + size]


def without(whole: range, parts: Iterable[range]) -> Iterator[range]:
    """Yield the gaps that `parts` leave in a range, in order."""
    start = whole.start
    for part in sorted(parts, key=lambda part: part.start):
        if start < part.start:
            yield range(start, min(part.start, whole.stop))
        start = max(start, part.stop)
    if start < whole.stop:
        yield range(start, whole.stop)


def work_off(
    pieces: Iterable[Piece],
    work: Callable[[Piece, bool], Iterable[Piece] | None],
    give_up: Callable[[Piece, psycopg.Error], None],
    progress: Callable[[int], None],
) -> None:
    """Do every piece, and halve each that fails on a lock, a deadlock, a time limit, or a fault of its rows.

    Retry failed pieces of size 1, and the parts that `work` returns, after all others and a pause. Give up a piece
    after `ATTEMPTS` attempts; at once where its fault does not pass by itself.

    Args:
        work: does a piece in its own transaction and returns the parts to retry, if any. Its second argument is True
            in the last attempt.
        give_up: records a piece of size 1 that failed in the last attempt, and the error.
        progress: called with the size of all pieces done, in the first attempt only.

    Raises:
        HeldTableError: after 30 locks in a row.
        psycopg.Error: any other error, and the last of 1,000 faults in a row.
    """
    waiting = list(pieces)
    for attempt in range(1, ATTEMPTS + 1):
        if attempt > 1:
            time.sleep(_PAUSE * attempt * random.uniform(0.5, 1.5))  # noqa: S311 - spreads retries
        stack, waiting, failures, done = waiting[::-1], [], 0, 0
        while stack:
            piece = stack.pop()
            try:
                waiting += work(piece, attempt == ATTEMPTS) or ()
                failures = 0
            except psycopg.Error as error:
                failures += 1
                passing = _PASSING.get(type(error))
                if passing and failures >= _MOST_FAILURES:
                    raise HeldTableError(f"{failures} batches in a row failed: {passing}") from None
                if not passing and (failures == _MOST_FAULTS or not is_fault(error)):
                    raise
                if len(piece) > 1:
                    middle = len(piece) // 2
                    stack += piece[middle:], piece[:middle]
                    continue
                # who took a key meanwhile shows at the next attempt
                if attempt < ATTEMPTS and (passing or isinstance(error, psycopg.errors.UniqueViolation)):
                    waiting.append(piece)
                else:
                    give_up(piece, error)
            done += len(piece)
            if attempt == 1:
                progress(done)
        if not waiting:
            return


def is_fault(error: psycopg.Error) -> bool:
    """Return whether a row, a constraint, a column's default or a trigger's function raised the error."""
    state = error.sqlstate or "XX000"
    is_in_function = bool(error.diag.context) and state[:2] not in _OF_SERVERS
    return state[:2] in _OF_ROWS or isinstance(error, _OF_DEFAULTS) or is_in_function


def reason(error: psycopg.Error, sides: Iterable[Connection], tables: Collection[str], again: str) -> str:
    """Return in words why a piece that writes `tables` failed, and what to do `again`, such as `undo the run again`.

    A trigger of these tables whose function the error names is looked up on `sides`.
    """
    if passing := _PASSING.get(type(error)):
        return f"{passing}; {again}"
    asked = {"context": error.diag.context or "", "tables": list(tables)}
    found = [row["name"] for side in sides for row in side.execute(sql.statement("triggers_in_context"), asked)]
    triggers = f"trigger {', '.join(found)}: " if found else ""
    cure = "its function has to name schemas, or SET search_path" if isinstance(error, _UNFOUND) else "correct that"
    return f"{triggers}{server_message(error)}; {cure}, and {again}"
