"""Snapshots of both sides in which agents stand beside assistants."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg

from toolkit import sql
from toolkit.database.connection import IN_BULK, Pair, UnbelievableReadError, reading, set_local
from toolkit.database.copy import pour, unbroken
from toolkit.scope import Scope

_FROM_SUPABASE: tuple[LiteralString, ...] = ("agents", "sessions", "tools")
"""What the Supabase side tells, read in place or copied; each has its statements of these names."""


@contextmanager
def comparing(pair: Pair, scope: Scope) -> Iterator[dict[str, LiteralString]]:
    """Hold one snapshot of each side in which the agents stand beside the assistants.

    In one database the agents are read in place. Across two servers their lean rows are copied into temporary
    tables beside the assistants; these are made before the transaction turns read-only, since PostgreSQL takes
    the two only in this order.

    Yields:
        The statements' includes `agents`, `sessions`, `tools` and `id_map`, for `sql.statement` on the LangGraph connection.

    Raises:
        UnbelievableReadError: if the role may not read something after all, or make temporary tables.
    """
    try:
        if pair.is_one_database:
            with reading(pair.langgraph, *IN_BULK):
                yield {
                    "agent_links": "agent_links_in_place",
                    **{relation: f"{relation}_in_place" for relation in _FROM_SUPABASE},
                    **_id_map(pair),
                }
        else:
            with reading(pair.supabase, *IN_BULK), pair.langgraph.transaction():
                # said here, since a role's sessions may be read-only by default
                set_local(pair.langgraph, "TRANSACTION ISOLATION LEVEL REPEATABLE READ READ WRITE", *IN_BULK)
                for relation in _FROM_SUPABASE:
                    pair.langgraph.execute(sql.statement(f"make_{relation}_copy"))
                    outward, inward = sql.statement(f"copy_{relation}_out"), sql.statement(f"copy_{relation}_in")
                    copy_across(pair, outward, inward, scope.parameters)
                    pair.langgraph.execute(sql.statement(f"analyze_{relation}_copy"))
                pair.langgraph.execute("SET TRANSACTION READ ONLY")
                yield {
                    "agent_links": "agent_links_copied",
                    **{relation: f"{relation}_copied" for relation in _FROM_SUPABASE},
                    **_id_map(pair),
                }
    except psycopg.errors.InsufficientPrivilege as error:
        raise UnbelievableReadError(str(error.diag.message_primary)) from None


def _id_map(pair: Pair) -> dict[str, LiteralString]:
    return {"id_map": "id_map_of_repairs" if pair.has_journal else "id_map_empty"}


def copy_across(pair: Pair, outward: LiteralString, inward: LiteralString, parameters: dict[str, Any]) -> None:
    """Carry what `outward` tells on the Supabase side into a table of the LangGraph side."""
    with (
        unbroken(),
        pair.supabase.cursor() as source,
        pair.langgraph.cursor() as target,
        source.copy(outward, parameters) as rows,
        target.copy(inward) as copied,
    ):
        pour(rows, copied)
