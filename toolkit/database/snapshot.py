"""Snapshots of both sides, with the agents beside the assistants."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg import sql as compose

from toolkit import sql
from toolkit.database.connection import Pair
from toolkit.database.copy import Copied, pour, unbroken
from toolkit.database.shapes import UnbelievableReadError
from toolkit.database.transactions import IN_BULK, Connection, reading
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
SESSIONS = Copied("sessions_copy", "thread_id text, agent_id uuid, organization_id uuid")
MEMBERS = Copied("members_copy", "user_id text, organization_id uuid")
TOOLS = Copied("tools_copy", "agent_id uuid, tool_id uuid")
"""The rows of the statements `agent_links_in_place`, `sessions_in_place`, `members_in_place` and `tools_in_place`."""

_FEW = 0.5
"""Share of differing buckets up to which their agents are copied; else all are, and no sum is made any more."""

IN_PLACE = {
    "lean_agents": "agents_in_place",
    "agent_links": "agent_links_in_place",
    "sessions": "sessions_in_place",
    "tools": "tools_in_place",
    "own_ids": "own_ids_in_place",
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
        "id_map": "id_map_of_repairs" if pair.has_journal else "none_there",
        "rerouted": "rerouted_of_repairs" if pair.has_journal else "none_there",
        "crons": "crons_in_place" if pair.has_crons else "none_there",
        "memberships": "members_in_place" if pair.has_members else "members_unknown",
    }


@contextmanager
def comparing(pair: Pair, scope: Scope | None, config_hash: LiteralString = "config_read") -> Iterator[dict[str, str]]:
    """Hold one snapshot of each side; yield the fillers for `sql.statement` on the LangGraph connection.

    In one database the agents are read in place. Across two servers the lean rows of agents are copied to temporary
    tables beside the assistants: those of the buckets whose sums differ. All others are known from their assistants.
    Without a scope only the agents' links are copied. PostgreSQL makes temporary tables only before the transaction
    turns read-only.

    Args:
        config_hash: `config_unread` where configs are not compared; to build one costs more than all the rest.

    Raises:
        UnbelievableReadError: if the role lacks a right to read, or no temporary tables can be made.
    """
    choices = present(pair)
    try:
        if pair.is_one_database:
            with reading(pair.langgraph, *IN_BULK):
                yield {**choices, **IN_PLACE}
        else:
            with reading(pair.supabase, *IN_BULK), reading(pair.langgraph, "TRANSACTION READ WRITE", *IN_BULK):
                if scope:
                    differing = _differing(pair, scope, config_hash)
                    parameters = {**scope.parameters, "buckets": differing}
                    agents = sql.statement("agents_of_buckets", lean_agents="agents_in_place", config_hash=config_hash)
                    copy_beside(pair, AGENTS, agents, parameters)
                    copy_beside(pair, TOOLS, sql.statement("tools_in_place"))
                    fillers = _settled(differing)
                else:
                    copy_beside(pair, LINKS, sql.statement("agent_links_in_place"))
                    fillers = {"agent_links": LINKS.rows}
                copy_beside(pair, SESSIONS, sql.statement("sessions_in_place"))
                copy_beside(pair, MEMBERS, sql.statement(choices["memberships"]))
                pair.langgraph.execute("SET TRANSACTION READ ONLY")
                yield {**choices, **COPIED, **fillers}
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.RaiseException) as error:
        raise UnbelievableReadError(str(error.diag.message_primary)) from None


def _differing(pair: Pair, scope: Scope, config_hash: LiteralString) -> list[int] | None:
    """Return the buckets whose sums differ; None: so many that all agents had better be copied.

    The columns without the config come first: where they differ in most buckets, no config is built for a sum.
    """
    differing = set[int]()
    for choice in dict.fromkeys(("config_unread", config_hash)):
        of_agents = sql.statement("sums_of_agents", lean_agents="agents_in_place", config_hash=choice)
        of_rows = sql.statement("sums_of_rows", config_hash=choice)
        with ThreadPoolExecutor(1) as thread:  # both sides at once
            there = thread.submit(_rows, pair.supabase, of_agents, scope.parameters)
            here = _rows(pair.langgraph, of_rows)
        differing = {bucket for bucket, *_ in here ^ there.result()}
        if len(differing) > _FEW * len(here):
            return None
    return sorted(differing)


def _rows(connection: Connection, statement: LiteralString, parameters: dict[str, Any] | None = None) -> set[Any]:
    return {tuple(row.values()) for row in connection.execute(statement, parameters)}


def _settled(differing: Sequence[int] | None) -> dict[str, sql.Text]:
    """Return the fillers of slots where only the agents of the buckets in `differing` are copied."""
    if differing is None:
        return {}
    among = compose.SQL(" = ANY ({}::int[])").format([*differing]).as_string()
    suspected = sql.Text(sql.statement("bucket") + among if differing else "false")
    settled = sql.Text(sql.statement("settled_agents", suspected=suspected))
    agents = sql.Text(AGENTS.rows + "\nUNION ALL\n" + settled)
    return {"lean_agents": agents, "agent_links": agents, "suspected": suspected, "settled": settled}


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
