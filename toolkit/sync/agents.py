"""Active agents of Supabase, each with the assistant it ought to have."""

import os
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from toolkit.scope import Scope
from toolkit.store.assistants import GetConnection, writing
from toolkit.sync.sides import Selection, Side


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
    """The startup sync makes its assistant; without, that is done on demand."""
    problem: str | None
    """Why no JSON can hold its content; such an agent is not synced."""


SCOPE_VARIABLE = "AGENT_SYNC_SCOPE"


def scope_from_environment() -> Scope:
    """Read AGENT_SYNC_SCOPE: `none` (also when unset or empty), `all`, or `org:<uuid>[,org:<uuid>…]`, in any case.

    Raises:
        ParameterError: on anything else; the message names the entry.
    """
    return Scope.read(os.environ.get(SCOPE_VARIABLE, ""))


async def fetch_active_agents(get_supabase_connection: GetConnection, scope: Scope | None = None) -> list[Agent]:
    """Return the active agents in scope, by id, each with the assistant it ought to have.

    `scope` defaults to AGENT_SYNC_SCOPE. All of them are held in memory; the sync itself does without this.
    """
    selection = Selection((scope or scope_from_environment()).organizations)
    return await _agents(get_supabase_connection, selection)


async def fetch_active_agent_by_id(get_supabase_connection: GetConnection, agent_id: UUID) -> Agent | None:
    """Return the active agent with this id, also one that startup leaves alone; None where there is none."""
    found = await _agents(get_supabase_connection, Selection(None, agent_id=agent_id))
    return found[0] if found else None


async def _agents(get_connection: GetConnection, selection: Selection) -> list[Agent]:
    async with writing(get_connection) as connection:
        rows = await Side(connection).rows("active_agents", selection.parameters, **selection.of_agents)
    return [Agent(**row) for row in rows]
