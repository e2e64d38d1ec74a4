"""Batches: pieces of work, of which one that fails holds up no other."""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import psycopg

from toolkit.errors import ToolkitError

ATTEMPTS = 3
_PAUSE = 0.4
_HOPELESS = 30

_REASONS: dict[type[psycopg.Error], str] = {
    psycopg.errors.LockNotAvailable: "another transaction holds its rows",
    psycopg.errors.UniqueViolation: "its id was taken meanwhile",
    psycopg.errors.DeadlockDetected: "another transaction and this one waited for each other",
    psycopg.errors.QueryCanceled: "it took longer than a minute",
}

_NARROWED = tuple(_REASONS)


class HeldTableError(ToolkitError):
    """A table lock that another session holds."""

    remedy = "somebody holds a lock on a whole table (a migration, VACUUM FULL, a dump?): let that end, and go on"


@dataclass(frozen=True)
class Batch:
    """A piece of something that is numbered: from `first` to before `last`."""

    first: int
    last: int

    @property
    def size(self) -> int:
        """How much it is."""
        return self.last - self.first

    def halves(self) -> tuple["Batch", "Batch"]:
        """Cut it in the middle."""
        middle = (self.first + self.last) // 2
        return Batch(self.first, middle), Batch(middle, self.last)

    def without(self, parts: Iterable["Batch"]) -> Iterator["Batch"]:
        """Yield what is left of it when `parts` are taken out."""
        start = self.first
        for part in sorted(parts, key=lambda each: each.first):
            if start < part.first:
                yield Batch(start, min(part.first, self.last))
            start = max(start, part.last)
        if start < self.last:
            yield Batch(start, self.last)

    def cut(self, size: int) -> Iterator["Batch"]:
        """Yield it in pieces of at most `size`."""
        for first in range(self.first, self.last, size):
            yield Batch(first, min(first + size, self.last))


def work_off(
    pieces: Iterable[Batch],
    work: Callable[[Batch, bool], Sequence[Batch]],
    give_up: Callable[[Batch, str], None],
    progress: Callable[[int], None],
) -> None:
    """Do every piece; halve one that a lock, a unique key, a deadlock or a time limit stands against, and go on.

    What cannot be had alone, or what `work` gives back, comes again at the end, after a pause; then it is given up.

    Args:
        work: does a piece in a transaction of its own, and returns the parts that could not be had; told whether it
            is the last time.
        give_up: writes down why the smallest piece was not done.
        progress: told how much is behind us.

    Raises:
        HeldTableError: if nothing at all goes any more.
    """
    waiting = list(pieces)
    for attempt in range(1, ATTEMPTS + 1):
        if attempt > 1:
            time.sleep(_PAUSE * attempt * random.uniform(0.5, 1.5))  # noqa: S311 - spreads retries
        stack, waiting, failures = waiting[::-1], [], 0
        behind = 0
        while stack:
            batch = stack.pop()
            try:
                waiting += work(batch, attempt == ATTEMPTS)
                failures = 0
            except _NARROWED as error:
                failures += 1
                if failures == _HOPELESS:
                    raise HeldTableError(f"{failures} pieces in a row did not go: {reason(error)}") from None
                if batch.size > 1:
                    stack += reversed(batch.halves())
                    continue
                if attempt == ATTEMPTS:
                    give_up(batch, reason(error))
                else:
                    waiting.append(batch)
            behind += batch.size
            if attempt == 1:
                progress(behind)
        if not waiting:
            return


def reason(error: psycopg.Error) -> str:
    """Say in words what stood against a piece."""
    return next(text for kind, text in _REASONS.items() if isinstance(error, kind))
