"""The two sides of a sync, and the copies that carry rows between them.

In one database rows stay where they are; across two, COPY carries them.
"""

from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from toolkit import sql
from toolkit.database.copy import Copied, pour_async, unbroken
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
"""Where the assistants stand that the agents are compared with: what fills the slots of statements that compare."""

FIRST_ID, LAST_ID = UUID(int=0), UUID(int=2**128 - 1)


@dataclass(frozen=True)
class Selection:
    """Which agents a sync is about."""

    organizations: tuple[UUID, ...] | None
    on_demand: bool = False
    agent_id: UUID | None = None
    first: UUID = FIRST_ID
    last: UUID = LAST_ID
    writes_back: bool = True

    @property
    def subject(self) -> str:
        """What a lock is taken on, so that no two syncs of it compare and write at the same time."""
        return "all" if self.agent_id is None else str(self.agent_id)

    @property
    def fit(self) -> LiteralString:
        """How the transaction is set up for it."""
        return "for_many_rows" if self.agent_id is None else "for_one_row"

    def over(self, present: dict[str, str]) -> dict[str, str]:
        """Fill the slots of a statement: where the assistants stand, and which agents are meant."""
        return {**present, **self.of_agents}

    @property
    def of_agents(self) -> dict[str, LiteralString]:
        """What fills the slots of a statement over agents alone.

        One statement for both would hide from the planner how many rows there are, and read the tools of every agent.
        """
        if self.agent_id is None:
            return {"which": "range_of_agents"}
        return {"which": "one_agent", "tool_sets": "tool_set_of_one_agent"}

    @property
    def is_part(self) -> bool:
        """It is less than everything in scope."""
        return (self.agent_id, self.first, self.last) != (None, FIRST_ID, LAST_ID)

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of every statement that selects agents."""
        organizations = None if self.organizations is None else list(self.organizations)
        return {**vars(self), "organizations": organizations}


@dataclass(frozen=True)
class Side:
    """One connection within its transaction; values are bound by the client, nothing is prepared on the server."""

    connection: psycopg.AsyncConnection[Any]

    def cursor(self) -> psycopg.AsyncClientCursor[dict[str, Any]]:
        return psycopg.AsyncClientCursor(self.connection, row_factory=dict_row)

    async def rows(self, name: LiteralString, parameters: dict[str, Any], **slots: str) -> list[dict[str, Any]]:
        async with self.cursor() as cursor:
            await cursor.execute(sql.statement(name, **slots), parameters)
            return await cursor.fetchall()

    async def row(self, name: LiteralString, parameters: dict[str, Any], **slots: str) -> dict[str, Any]:
        return (await self.rows(name, parameters, **slots))[0]

    async def do(self, name: LiteralString, parameters: dict[str, Any] | None = None, **slots: str) -> int:
        """Run a statement; return how many rows it wrote."""
        async with self.cursor() as cursor:
            await cursor.execute(sql.statement(name, **slots), parameters)
            return cursor.rowcount


async def copy_present(langgraph: Side, supabase: Side, selection: Selection) -> dict[str, str]:
    """Have what is compared of the assistants beside the agents; return what fills the slots for it.

    Where there are none yet, no config is built to be compared with.
    """
    await supabase.connection.execute(PRESENT.make, prepare=False)
    outward = PRESENT.out(sql.statement("lean_assistants"))
    copied = await _pour(langgraph, outward, selection.parameters, supabase, PRESENT.into)
    await supabase.connection.execute(PRESENT.analyze, prepare=False)
    return COPIED if copied else NONE_COPIED


async def write_in_place(side: Side, selection: Selection, outcome: Written) -> int:
    """Write the rows of one outcome where both sides are one database; return how many."""
    statement: LiteralString = "create_assistants" if outcome == "created" else "update_assistants"
    parameters = {**selection.parameters, "outcome": outcome}
    return await side.do(statement, parameters, wanted="assistants_to_write", **selection.over(IN_PLACE))


async def write_across(
    supabase: Side, langgraph: Side, selection: Selection, present: dict[str, str], outcome: Written
) -> int:
    """Write the rows of one outcome across two; new ones go straight into the table. Return how many."""
    outward = INCOMING.out(sql.statement("assistants_to_write", **selection.over(present)))
    parameters = {**selection.parameters, "outcome": outcome}
    if outcome == "created":
        return await _pour(supabase, outward, parameters, langgraph, sql.statement("create_assistants_copied"))
    await langgraph.connection.execute(INCOMING.make, prepare=False)
    await _pour(supabase, outward, parameters, langgraph, INCOMING.into)
    return await langgraph.do("update_assistants", wanted=INCOMING.rows)


async def _pour(
    source: Side,
    outward: LiteralString,
    parameters: dict[str, Any],
    target: Side,
    inward: LiteralString,
) -> int:
    """Carry what `outward` reads into the other side; return how many rows that were."""
    with unbroken():
        async with target.cursor() as writer, source.cursor() as reader:
            async with reader.copy(outward, parameters) as rows, writer.copy(inward) as copied:
                await pour_async(rows, copied)
            return writer.rowcount
