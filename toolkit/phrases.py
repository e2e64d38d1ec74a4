"""Phrases for people: counts, short lists, moments."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import islice

SHOWN_ROWS = 10
"""A longer table is cut to so many."""


def fit(total: int, limit: int = SHOWN_ROWS) -> int:
    """Tell how many of `total` to show: a third more than the limit at most, since to cut off one or two saves nothing."""
    return total if total <= limit + limit // 3 else limit


def named(names: Iterable[str], total: int, limit: int) -> str:
    """List the first of so many names, and how many more there are."""
    shown_names = fit(total, limit)
    more = f" and {total - shown_names:,} more" if total > shown_names else ""
    return ", ".join(islice(names, shown_names)) + more


def moment(time: datetime) -> str:
    """Write a moment, in UTC, to the second."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def counted(count: int, one: str, many: str | None = None) -> str:
    """Write a number of things, `1 agent`, `2 agents`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
