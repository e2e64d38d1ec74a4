"""Active agents of Supabase, each with the assistant it ought to have."""

import os
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from toolkit.identifiers import parse_uuid
from toolkit.scope import Scope
from toolkit.store.connections import GetConnection, writing
from toolkit.sync.sides import Selection, rows


class Agent(BaseModel, frozen=True):
    """A row of public.agents, with the assistant it ought to have."""

    agent_id: UUID
    organization_id: UUID
    name: str
    graph_id: str
    config: dict[str, Any]
    metadata: dict[str, Any]
    mcp_tools: list[dict[str, Any]]
    """Its tools, each as `{tool_id, tool_name, endpoint_url, is_builtin, auth_required}`."""
    write_back: str | None
    at_startup: bool
    """The startup sync makes its assistant; if false, the agent is synced on demand."""
    problem: str | None
    """Why JSON cannot hold its content; the sync refuses such an agent."""


SCOPE_VARIABLE = "AGENT_SYNC_SCOPE"


def scope_of(given: Scope | str | None) -> Scope:
    """Return the scope given, or that of AGENT_SYNC_SCOPE; text is read as `Scope.read` does."""
    scope = os.environ.get(SCOPE_VARIABLE, "") if given is None else given
    return Scope.read(scope) if isinstance(scope, str) else scope


async def fetch_active_agents(get_supabase_connection: GetConnection, scope: Scope | str | None = None) -> list[Agent]:
    """Return the active agents in scope, by id. `scope` defaults to AGENT_SYNC_SCOPE.

    All of them are held in memory; the sync itself works without this list.
    """
    return await _agents(get_supabase_connection, Selection(scope_of(scope).parameters["organizations"]))


async def fetch_active_agent_by_id(get_supabase_connection: GetConnection, agent_id: UUID) -> Agent | None:
    """Return the active agent with this id, also one that startup leaves out, or None."""
    if (known_id := parse_uuid(str(agent_id))) is None:  # None would select all
        return None
    found = await _agents(get_supabase_connection, Selection(agent_id=known_id))
    return found[0] if found else None


async def _agents(get_connection: GetConnection, selection: Selection) -> list[Agent]:
    async with writing(get_connection) as connection:
        return [Agent(**row) for row in await rows(connection, "active_agents", vars(selection))]
