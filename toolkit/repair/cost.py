"""Cost of a plan in WAL, journal and disk, and the backups known to the servers."""

from typing import Any

from pydantic import BaseModel

from toolkit import sql
from toolkit.database.addresses import Database
from toolkit.database.connection import Pair
from toolkit.database.shapes import AGENTS, ASSISTANTS
from toolkit.repair.journal import sides
from toolkit.repair.plan import Plan

_STEP_BYTES = 400
"""A step in the journal and its row of the id map, with their indexes."""

_MOVE_BYTES = 350
"""A moved reference in the journal, with its index."""

_ROWS_A_SECOND = 4000
"""Rows that a repair changes in a second on a small machine, measured 8,000 on two cores that others kept busy."""

_MAKING_BYTES = 700_000
"""WAL bytes of the journal's schema, where the repair makes it; measured with PostgreSQL 18."""

_PAGE_IMAGES = 1.5
"""WAL bytes for each changed byte, measured 1.2 to 1.7: a page is logged whole at its first change."""


class Forecast(BaseModel, frozen=True):
    """Estimated cost of one plan, in bytes over both sides, and the known backups."""

    wal_bytes: int
    journal_bytes: int
    disk_bytes: int
    """Growth of the databases until VACUUM: new row versions and the journal."""
    seconds: int
    """Duration of the repair on a small machine that has nothing else to do."""
    backups: tuple[str, ...]
    """One sentence for each database: the time up to which its server archived WAL, if it did."""


def forecast(pair: Pair, plan: Plan) -> Forecast:
    """Estimate the cost of a plan; write nothing.

    The plan does not hold the forecast: sizes change with every VACUUM, and equal rows must give an equal digest.
    """
    tables = plan.changes.tables
    asked = {"tables": [AGENTS, ASSISTANTS, *(each.table for each in tables)]}
    servers = [side.execute(sql.statement("sizes"), asked).fetchone() or {} for side in sides(pair)]
    row_bytes: dict[str, int] = {**servers[0]["row_bytes"], AGENTS: servers[-1]["row_bytes"][AGENTS]}
    own = plan.changes.of(ASSISTANTS)
    rows = sum((each.changed + each.made) * row_bytes[each.table] for each in tables)
    journal = len(plan.steps) * _STEP_BYTES + plan.counts.get("move", 0) * _MOVE_BYTES
    journal += (own.changed + own.removed) * row_bytes[ASSISTANTS]
    return Forecast(
        wal_bytes=int((rows + journal + own.removed * 100) * _PAGE_IMAGES) + (not pair.has_journal) * _MAKING_BYTES,
        journal_bytes=journal,
        disk_bytes=rows + journal,
        seconds=duration(sum(each.rows for each in tables)),
        backups=tuple(map(_backup, servers, (pair.langgraph_database, pair.supabase_database))),
    )


def duration(rows: int) -> int:
    """Return about how many seconds it takes to change these rows."""
    return 1 + rows // _ROWS_A_SECOND


def _backup(server: dict[str, Any], database: Database) -> str:
    if last := server["last_archived"]:
        return (
            f"The server of {database.reference} archives its WAL, last at {last:%Y-%m-%d %H:%M:%S %Z}. With that"
            " archive and its base backups, the database can be restored to any moment up to then."
        )
    return (
        f"No backup of {database.reference} is known to its server, which archives no WAL. Confirm one before you"
        " approve. The dumps of the README's step 5 count. Supabase lists its own under Database, Backups: without"
        " point-in-time recovery, the last daily one."
    )
