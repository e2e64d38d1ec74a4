"""The sync under the names, signatures and answers of fractal-agents-runtime's module `agent_sync`.

Stands in place of the server's own: `from toolkit.agent_sync import startup_agent_sync, …`. Needs psycopg and pydantic
alone. The work is that of `toolkit.sync`, where both sides are one database.

| function | the server passes | it gets |
|---|---|---|
| `parse_agent_sync_scope` | the text of AGENT_SYNC_SCOPE, or None | `AgentSyncScope`; `ValueError` on other text |
| `fetch_active_agents` | get_connection, scope | a list of `AgentSyncData`; `RuntimeError` on scope none |
| `fetch_active_agent_by_id` | get_connection, UUID | `AgentSyncData`, or None |
| `sync_single_agent` | get_connection, storage, agent=, owner_id= | `AgentSyncResult`; an error says why not |
| `startup_agent_sync` | get_connection, storage, scope=, owner_id="system" | a dict of counts: total, created, … |
| `lazy_sync_agent` | get_connection, storage, agent_id=, owner_id= a user's | the assistant's id, or None |

`get_connection` is a callable that yields connections, or a pool of them. `storage` is not used: the rows are written
in their database. `owner_id` is not used either: a synced assistant is the system's, whoever asks.
"""

import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Literal, Protocol, Self
from uuid import UUID

from pydantic import BaseModel

from toolkit import sync
from toolkit.errors import ParameterError
from toolkit.scope import Scope
from toolkit.store.assistants import GetConnection, Pool, connecting

log = logging.getLogger("toolkit.sync")


class AgentSyncMcpTool(BaseModel):
    """A tool that an agent was given."""

    tool_id: UUID | None = None
    tool_name: str | None = None
    endpoint_url: str | None = None
    is_builtin: bool | None = None
    auth_required: bool | None = None


class AgentSyncData(BaseModel):
    """An active agent, as the server's sync reads it."""

    agent_id: UUID
    organization_id: UUID | None = None
    name: str | None = None
    system_prompt: str | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    sampling_params: dict[str, Any] = {}
    assistant_tool_ids: list[UUID] = []
    runtime_model_name: str | None = None
    graph_id: str | None = None
    langgraph_assistant_id: str | None = None
    mcp_tools: list[AgentSyncMcpTool] = []


class AgentSyncScope(BaseModel):
    """Whose agents a startup sync takes."""

    type: Literal["none", "all", "org"]
    organization_ids: list[UUID] = []

    @classmethod
    def none(cls) -> Self:
        """Return the scope of no agents."""
        return cls(type="none")

    @classmethod
    def all(cls) -> Self:
        """Return the scope of all agents."""
        return cls(type="all")

    @classmethod
    def orgs(cls, organization_ids: Iterable[UUID]) -> Self:
        """Return the scope of these organizations' agents."""
        return cls(type="org", organization_ids=list(dict.fromkeys(organization_ids)))


class AgentSyncResult(BaseModel, frozen=True):
    """What became of one agent's assistant."""

    assistant_id: str
    action: Literal["created", "updated", "skipped"]
    wrote_back_assistant_id: bool = False


class Named(Protocol):
    """What is used of an `AgentSyncData`."""

    agent_id: UUID


def parse_agent_sync_scope(raw_scope: str | None) -> AgentSyncScope:
    """Read the text of AGENT_SYNC_SCOPE; log a warning where it names no agents.

    Raises:
        ValueError: on other text; the message names the entry.
    """
    try:
        organizations = Scope.read(raw_scope or "").organizations
    except ParameterError as error:
        raise ValueError(str(error)) from None
    if organizations is None:
        return AgentSyncScope.all()
    if not organizations:
        log.warning("no agent is synced at startup: %s is unset or none", sync.SCOPE_VARIABLE)
        return AgentSyncScope.none()
    return AgentSyncScope.orgs(organizations)


async def fetch_active_agents(get_connection: GetConnection | Pool, scope: AgentSyncScope) -> list[AgentSyncData]:
    """Return the agents that a startup sync of this scope takes, by organization, name and id.

    Raises:
        RuntimeError: if the scope is none.
    """
    if scope.type == "none":
        raise RuntimeError("scope is none, of which no agents are fetched")
    agents = await sync.fetch_active_agents(connecting(get_connection), _scope(scope))
    agents.sort(key=lambda agent: (str(agent.organization_id), agent.name.lower(), agent.agent_id))
    return [_data(agent) for agent in agents if agent.at_startup]


async def fetch_active_agent_by_id(get_connection: GetConnection | Pool, agent_id: UUID) -> AgentSyncData | None:
    """Return the active agent with this id, also one that startup leaves alone; None where there is none."""
    agent = await sync.fetch_active_agent_by_id(connecting(get_connection), agent_id)
    return None if agent is None else _data(agent)


async def sync_single_agent(
    get_connection: GetConnection | Pool,
    storage: object,
    *,
    agent: Named,
    owner_id: str,
    write_back_assistant_id: bool = True,
) -> AgentSyncResult:
    """Make an agent have its assistant, of the content that the database has now; `agent` names it.

    Raises:
        AgentNotActiveError, AgentNotSyncedError, AssistantConflictError: as `toolkit.sync.sync_single_agent` does.
    """
    synced = await sync.sync_single_agent(
        connecting(get_connection), agent_id=agent.agent_id, writes_back=write_back_assistant_id
    )
    return AgentSyncResult(
        assistant_id=synced.assistant_id, action=synced.outcome, wrote_back_assistant_id=synced.wrote_back
    )


async def startup_agent_sync(
    get_connection: GetConnection | Pool, storage: object, *, scope: AgentSyncScope, owner_id: str
) -> dict[str, int]:
    """Make every agent in scope have its assistant; return how many were created, updated, skipped, failed, in total.

    Agents that fail are logged, and fail alone; so do those whose id somebody else's row has.
    """
    summary = await sync.startup_agent_sync(connecting(get_connection), scope=_scope(scope))
    return {
        "total": summary["total"],
        "created": summary["created"],
        "updated": summary["updated"],
        "skipped": summary["skipped"],
        "failed": summary["failed"],
    }


async def lazy_sync_agent(
    get_connection: GetConnection | Pool,
    storage: object,
    *,
    agent_id: UUID,
    owner_id: str,
    cache_ttl: timedelta = sync.FRESH_FOR,
) -> str | None:
    """Make one agent have its assistant, unless that was done within `cache_ttl`; return the assistant's id.

    None means that no active agent has this id.

    Raises:
        AgentNotSyncedError, AssistantConflictError: as `toolkit.sync.lazy_sync_agent` does.
    """
    try:
        synced = await sync.lazy_sync_agent(connecting(get_connection), agent_id=agent_id, fresh_for=cache_ttl)
    except sync.AgentNotActiveError:
        return None
    return synced.assistant_id


def _scope(scope: AgentSyncScope) -> Scope:
    organizations = {"none": (), "all": None, "org": tuple(scope.organization_ids)}
    return Scope(organizations=organizations[scope.type])


def _data(agent: sync.Agent) -> AgentSyncData:
    """Take the fields out of the desired config; what is left in it are sampling parameters."""
    rest = dict(agent.config["configurable"])
    for key in ("supabase_organization_id", "mcp_config"):
        rest.pop(key, None)
    numbers = {key: rest[key] for key in ("temperature", "max_tokens") if isinstance(rest.get(key), (int, float))}
    return AgentSyncData(
        agent_id=agent.agent_id,
        organization_id=agent.organization_id,
        name=agent.name,
        system_prompt=rest.pop("system_prompt", None),
        runtime_model_name=rest.pop("model_name"),
        assistant_tool_ids=rest.pop("agent_tools", []),
        sampling_params=rest,
        graph_id=agent.graph_id,
        langgraph_assistant_id=agent.write_back,
        mcp_tools=[AgentSyncMcpTool(**tool) for tool in agent.mcp_tools],
        **numbers,
    )
