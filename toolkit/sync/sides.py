"""The two sides of a sync, and the copies that carry rows between them.

In one database rows stay where they are; across two, COPY carries them.
"""

from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from toolkit import sql
from toolkit.database.copy import pour_async, unbroken
from toolkit.sync.summary import Written

IN_PLACE = {
    "present": "present_in_place",
    "content_differs": "content_in_place_differs",
    "desired": "desired_assistants",
}

COPIED = {"present": "present_copied", "content_differs": "content_copied_differs", "desired": "desired_hashed"}
NONE_COPIED = {**COPIED, "content_differs": "no_content_differs", "desired": "desired_assistants"}
"""Where the assistants stand that the agents are compared with: the includes of every statement that compares."""

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
        """Choose the includes of a statement: where the assistants stand, and which agents are meant."""
        return {**present, **self.of_agents}

    @property
    def of_agents(self) -> dict[str, LiteralString]:
        """The includes of a statement over agents alone.

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

    async def rows(self, name: LiteralString, parameters: dict[str, Any], **choices: str) -> list[dict[str, Any]]:
        async with self.cursor() as cursor:
            await cursor.execute(sql.statement(name, **choices), parameters)
            return await cursor.fetchall()

    async def row(self, name: LiteralString, parameters: dict[str, Any], **choices: str) -> dict[str, Any]:
        return (await self.rows(name, parameters, **choices))[0]

    async def do(self, name: LiteralString, parameters: dict[str, Any] | None = None, **choices: str) -> int:
        """Run a statement; return how many rows it wrote."""
        async with self.cursor() as cursor:
            await cursor.execute(sql.statement(name, **choices), parameters)
            return cursor.rowcount


async def copy_present(langgraph: Side, supabase: Side, selection: Selection) -> dict[str, str]:
    """Have what is compared of the assistants beside the agents; return the includes for it.

    Where there are none yet, no config is built to be compared with.
    """
    await supabase.do("make_present_copy")
    statement = sql.statement("copy_present_out")
    copied = await _pour(langgraph, statement, selection.parameters, supabase, "copy_present_in")
    await supabase.do("analyze_present_copy")
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
    statement = sql.statement("copy_assistants_out", **selection.over(present))
    parameters = {**selection.parameters, "outcome": outcome}
    if outcome == "created":
        return await _pour(supabase, statement, parameters, langgraph, "create_assistants_copied")
    await langgraph.do("make_incoming")
    await _pour(supabase, statement, parameters, langgraph, "copy_incoming_in")
    return await langgraph.do("update_assistants", wanted="assistants_incoming")


async def _pour(
    source: Side, outward: LiteralString, parameters: dict[str, Any], target: Side, inward: LiteralString
) -> int:
    """Carry what `outward` tells into the other side; return how many rows that were."""
    with unbroken():
        async with target.cursor() as writer, source.cursor() as reader:
            async with reader.copy(outward, parameters) as rows, writer.copy(sql.statement(inward)) as copied:
                await pour_async(rows, copied)
            return writer.rowcount
