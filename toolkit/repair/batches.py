"""Batches of work, halved until a failure stands alone."""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import psycopg

from toolkit.errors import ToolkitError

ATTEMPTS = 3
_PAUSE = 0.4
_MOST_FAILURES = 30
"""Failures in a row after which the work stops: a lock on a whole table fails every batch."""

_REASONS: dict[type[psycopg.Error], str] = {
    psycopg.errors.LockNotAvailable: "another transaction holds its rows",
    psycopg.errors.UniqueViolation: "its id was taken meanwhile",
    psycopg.errors.DeadlockDetected: "another transaction and this one waited for each other",
    psycopg.errors.QueryCanceled: "it took longer than a minute",
}


class HeldTableError(ToolkitError):
    """A table lock that another session holds."""

    remedy = "another session locks a whole table, such as a migration, VACUUM FULL or a dump: wait until it ends"


@dataclass(frozen=True)
class Batch:
    """Part of a numbered sequence, from `first` to before `last`."""

    first: int
    last: int

    @property
    def size(self) -> int:
        """How many numbers the batch holds."""
        return self.last - self.first

    def halves(self) -> tuple["Batch", "Batch"]:
        """Return both halves."""
        middle = (self.first + self.last) // 2
        return Batch(self.first, middle), Batch(middle, self.last)

    def without(self, parts: Iterable["Batch"]) -> Iterator["Batch"]:
        """Yield the gaps that `parts` leave in the batch, in order."""
        start = self.first
        for part in sorted(parts, key=lambda part: part.first):
            if start < part.first:
                yield Batch(start, min(part.first, self.last))
            start = max(start, part.last)
        if start < self.last:
            yield Batch(start, self.last)

    def cut(self, size: int) -> Iterator["Batch"]:
        """Yield the batch in pieces of at most `size`."""
        for first in range(self.first, self.last, size):
            yield Batch(first, min(first + size, self.last))


def work_off(
    pieces: Iterable[Batch],
    work: Callable[[Batch, bool], Sequence[Batch]],
    give_up: Callable[[Batch, str], None],
    progress: Callable[[int], None],
) -> None:
    """Do every piece, and halve each that fails on a lock, a unique key, a deadlock or a time limit.

    Retry failed pieces of size 1, and the parts that `work` returns, after all others and a pause. Give up a piece
    after `ATTEMPTS` attempts.

    Args:
        work: does a piece in its own transaction and returns the parts to retry. Its second argument is True in the
            last attempt.
        give_up: records a piece of size 1 that failed in the last attempt, and the reason.
        progress: called with the size of all pieces done, in the first attempt only.

    Raises:
        HeldTableError: after 30 failures in a row.
    """
    waiting = list(pieces)
    for attempt in range(1, ATTEMPTS + 1):
        if attempt > 1:
            time.sleep(_PAUSE * attempt * random.uniform(0.5, 1.5))  # noqa: S311 - spreads retries
        stack, waiting, failures, done = waiting[::-1], [], 0, 0
        while stack:
            batch = stack.pop()
            try:
                waiting += work(batch, attempt == ATTEMPTS)
                failures = 0
            except tuple(_REASONS) as error:
                failures += 1
                if failures == _MOST_FAILURES:
                    raise HeldTableError(f"{failures} batches in a row failed: {reason(error)}") from None
                if batch.size > 1:
                    stack += reversed(batch.halves())
                    continue
                if attempt == ATTEMPTS:
                    give_up(batch, reason(error))
                else:
                    waiting.append(batch)
            done += batch.size
            if attempt == 1:
                progress(done)
        if not waiting:
            return


def reason(error: psycopg.Error) -> str:
    """Return in words why a piece failed."""
    return next(text for kind, text in _REASONS.items() if isinstance(error, kind))
