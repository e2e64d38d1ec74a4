"""Snapshots of both sides, with the agents beside the assistants."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg

from toolkit import sql
from toolkit.database.connection import Pair
from toolkit.database.copy import Copied, pour, unbroken
from toolkit.database.shapes import UnbelievableReadError
from toolkit.database.transactions import IN_BULK, reading
from toolkit.scope import Scope

AGENTS = Copied(
    "agents_copy",
    "agent_id uuid, organization_id uuid, name text, graph_id text, config_hash bigint,"
    " write_back text, active boolean, in_scope boolean, at_startup boolean, problem text",
    analyzed="(agent_id)",
    form="(FORMAT binary)",
)
"""The rows of the statement `agents_in_place`."""

LINKS = Copied("links_copy", "agent_id uuid, organization_id uuid, write_back text")
"""The rows of the statement `agent_links_in_place`."""

SESSIONS = Copied("sessions_copy", "thread_id text, agent_id uuid, organization_id uuid")
"""The rows of the statement `sessions_in_place`."""

MEMBERS = Copied("members_copy", "user_id text, organization_id uuid")
"""The rows of the statement `members_in_place`."""

TOOLS = Copied("tools_copy", "agent_id uuid, tool_id uuid")
"""The rows of the statement `tools_in_place`."""

IN_PLACE = {
    "lean_agents": "agents_in_place",
    "agent_links": "agent_links_in_place",
    "sessions": "sessions_in_place",
    "tools": "tools_in_place",
}

COPIED = {
    "lean_agents": AGENTS.rows,
    "agent_links": AGENTS.rows,
    "sessions": SESSIONS.rows,
    "tools": TOOLS.rows,
    "memberships": MEMBERS.rows,
}
"""Fillers of the slots of statements over the agents, in one database and across two."""


def present(pair: Pair) -> dict[str, LiteralString]:
    """Return the fillers of slots for tables that may not exist, or not be readable."""
    return {
        "id_map": "id_map_of_repairs" if pair.has_journal else "id_map_empty",
        "rerouted": "rerouted_of_repairs" if pair.has_journal else "rerouted_empty",
        "crons": "crons_in_place" if pair.has_crons else "crons_unknown",
        "memberships": "members_in_place" if pair.has_members else "members_unknown",
    }


@contextmanager
def comparing(pair: Pair, scope: Scope | None) -> Iterator[dict[str, str]]:
    """Hold one snapshot of each side; yield the fillers for `sql.statement` on the LangGraph connection.

    In one database the agents are read in place. Across two servers their lean rows are copied to temporary tables
    beside the assistants; without a scope only their links. PostgreSQL makes these only before the transaction turns
    read-only.

    Raises:
        UnbelievableReadError: if the role lacks a right to read, or to make temporary tables.
    """
    choices = present(pair)
    try:
        if pair.is_one_database:
            with reading(pair.langgraph, *IN_BULK):
                yield {**choices, **IN_PLACE}
        else:
            with reading(pair.supabase, *IN_BULK), reading(pair.langgraph, "TRANSACTION READ WRITE", *IN_BULK):
                if scope:
                    copy_beside(pair, AGENTS, lean_agents(), scope.parameters)
                    copy_beside(pair, TOOLS, sql.statement("tools_in_place"))
                else:
                    copy_beside(pair, LINKS, sql.statement("agent_links_in_place"))
                copy_beside(pair, SESSIONS, sql.statement("sessions_in_place"))
                copy_beside(pair, MEMBERS, sql.statement(choices["memberships"]))
                pair.langgraph.execute("SET TRANSACTION READ ONLY")
                yield {**choices, **COPIED, "agent_links": (AGENTS if scope else LINKS).rows}
    except psycopg.errors.InsufficientPrivilege as error:
        raise UnbelievableReadError(str(error.diag.message_primary)) from None


def lean_agents(**slots: str) -> LiteralString:
    """Return the statement that fills `AGENTS`; OFFSET 0 lets parallel workers build the configs."""
    return sql.statement("agents_in_place", **slots) + "\nOFFSET 0"


def copy_beside(pair: Pair, relation: Copied, select: LiteralString, parameters: dict[str, Any] | None = None) -> None:
    """Copy the rows of `select` on the Supabase side to a temporary table of the LangGraph side."""
    pair.langgraph.execute(relation.make)
    with (
        unbroken(),
        pair.supabase.cursor() as source,
        pair.langgraph.cursor() as target,
        source.copy(relation.out(select), parameters) as rows,
        target.copy(relation.into) as copied,
    ):
        pour(rows, copied)
    if relation.analyzed is not None:
        pair.langgraph.execute(relation.analyze)
