"""The two sides of a sync, and the copies that carry rows between them.

In one database rows stay where they are; across two, COPY carries them.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from toolkit import sql
from toolkit.database.copy import Copied, pour_async, unbroken
from toolkit.store.connections import GetConnection, Rows, writing
from toolkit.sync.summary import Written

IN_PLACE = {
    "present": "present_in_place",
    "content_differs": "content_in_place_differs",
    "desired": "desired_assistants",
}

PRESENT = Copied(
    "sync_present",
    "assistant_id text, is_system boolean, claimed_agent text, claimed_organization text,"
    " name text, graph_id text, content bigint",
    analyzed="(assistant_id)",
    form="(FORMAT binary)",
)
"""The rows of the statement `lean_assistants`, beside the agents."""

INCOMING = Copied("sync_incoming", "id text, graph_id text, config jsonb, metadata jsonb, name text", analyzed=None)
"""The rows of the statement `assistants_to_write`, beside the assistants."""

COPIED = {"present": PRESENT.rows, "content_differs": "content_copied_differs", "desired": "desired_hashed"}
NONE_COPIED = {**COPIED, "content_differs": "no_content_differs", "desired": "desired_assistants"}
"""Fillers of the slots of statements that compare agents with assistants, by where the assistants stand."""


Connection = psycopg.AsyncConnection[Any]
Sides = tuple[GetConnection, GetConnection | None]
"""What yields connections to each database; None where both sides are one."""


_FIRST, _LAST = UUID(int=0), UUID(int=2**128 - 1)
_FOR_ONE: tuple[LiteralString, ...] = ("LOCAL jit = off", "LOCAL lock_timeout = '2s'")
_FOR_ALL: tuple[LiteralString, ...] = (
    *_FOR_ONE,
    "LOCAL work_mem = '64MB'",
    "LOCAL enable_nestloop = off",  # a table that was never analyzed would get a slow plan
    "LOCAL parallel_tuple_cost = 0",
)


@dataclass(frozen=True)
class Selection:
    """The agents that a sync is about; its fields are the parameters of every statement that selects agents."""

    organizations: list[UUID] | None = None
    agent_id: UUID | None = None
    first: UUID = _FIRST
    last: UUID = _LAST

    @property
    def settings(self) -> tuple[LiteralString, ...]:
        """A transaction's settings: it gives up on a lock after 2 seconds; for all agents, it reads tables whole."""
        return _FOR_ALL if self.agent_id is None else _FOR_ONE


async def rows(connection: Connection, name: LiteralString, parameters: dict[str, Any], **slots: str) -> Rows:
    """Run a statement, and return its rows. The client binds the values, and the server prepares nothing."""
    async with _cursor(connection) as cursor:
        await cursor.execute(sql.statement(name, **slots), parameters)
        return await cursor.fetchall()


async def do(connection: Connection, name: LiteralString, parameters: dict[str, Any], **slots: str) -> int:
    """Run a statement as `rows` does, and return how many rows it wrote."""
    async with _cursor(connection) as cursor:
        await cursor.execute(sql.statement(name, **slots), parameters)
        return cursor.rowcount


def _cursor(connection: Connection) -> psycopg.AsyncClientCursor[dict[str, Any]]:
    return psycopg.AsyncClientCursor(connection, row_factory=dict_row)


@asynccontextmanager
async def assistants(
    supabase: Connection, sides: Sides, selection: Selection
) -> AsyncIterator[tuple[Connection, dict[str, str]]]:
    """Yield the side of the assistants in its transaction, and the fillers of statements that compare.

    In one database that side is `supabase`. Where no assistant exists yet, no config is built to compare.
    """
    get_supabase, get_langgraph = sides
    if get_langgraph is None or get_langgraph == get_supabase:
        yield supabase, IN_PLACE
        return
    async with writing(get_langgraph, *selection.settings) as langgraph:
        await supabase.execute(PRESENT.make, prepare=False)
        outward = PRESENT.out(sql.statement("lean_assistants"))
        copied = await _pour(langgraph, outward, vars(selection), supabase, PRESENT.into)
        await supabase.execute(PRESENT.analyze, prepare=False)
        yield langgraph, COPIED if copied else NONE_COPIED


async def write(
    supabase: Connection, langgraph: Connection, selection: Selection, present: dict[str, str], outcome: Written
) -> int:
    """Write the rows of one outcome, new ones straight into the table; return how many."""
    parameters = {**vars(selection), "outcome": outcome}
    if langgraph is supabase:
        statement: LiteralString = "create_assistants" if outcome == "created" else "update_assistants"
        return await do(supabase, statement, parameters, wanted="assistants_to_write", **present)
    outward = INCOMING.out(sql.statement("assistants_to_write", **present))
    if outcome == "created":
        return await _pour(supabase, outward, parameters, langgraph, sql.statement("create_assistants_copied"))
    await langgraph.execute(INCOMING.make, prepare=False)
    await _pour(supabase, outward, parameters, langgraph, INCOMING.into)
    return await do(langgraph, "update_assistants", parameters, wanted=INCOMING.rows)


async def _pour(
    source: Connection, outward: LiteralString, parameters: dict[str, Any], target: Connection, inward: LiteralString
) -> int:
    """Carry the rows that `outward` reads into the other side; return how many."""
    with unbroken():
        async with _cursor(target) as writer, _cursor(source) as reader:
            async with reader.copy(outward, parameters) as rows, writer.copy(inward) as copied:
                await pour_async(rows, copied)
            return writer.rowcount
