"""Phrases for people: counts, short lists, points in time."""

import difflib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice

SHOWN_ROWS = 10
"""The rows that a longer table shows."""

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def fit(total: int, limit: int = SHOWN_ROWS) -> int:
    """Return how many of `total` to show: all, up to a third over `limit`; else `limit`."""
    return total if total <= limit + limit // 3 else limit


def named(names: Iterable[str], total: int, limit: int) -> str:
    """Return the first names and the count of the others: `Research, Support and 3 more`."""
    shown = fit(total, limit)
    more = f" and {total - shown:,} more" if total > shown else ""
    return ", ".join(islice(names, shown)) + more


def moment(time: datetime) -> str:
    """Return a time in UTC, to the second: `2026-01-31 12:00:00 UTC`."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def lasting(time: timedelta, rounded: Callable[[float], int] = round) -> str:
    """Return a duration in its largest unit: `4 seconds`, `3 hours`, `2 days`; at least a second."""
    seconds = max(round(time.total_seconds()), 1)
    size, unit = next(each for each in _UNITS if seconds >= 2 * each[0] or each[0] == 1)
    return counted(rounded(seconds / size), unit)


def elapsed(time: timedelta) -> str:
    """Return how many whole units have passed: `10 days` until the eleventh is over."""
    return lasting(time, int)


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun: `1 agent`, `2,000 agents`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def megabytes(size: int) -> str:
    """Return a size in bytes: `under 1 MB`, `1,200 MB`."""
    return f"{size / 1e6:,.0f} MB" if size >= 1e6 else "under 1 MB"


def closest(name: str, known: Sequence[str]) -> str:
    """Return a hint at the right spelling: `did you mean 'scope'?`, or all that are known."""
    close = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"known are {', '.join(known)}"
