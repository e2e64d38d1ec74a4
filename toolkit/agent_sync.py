"""The sync under the names, signatures and answers of fractal-agents-runtime's module `agent_sync`.

It stands in place of the server's own: `from toolkit.agent_sync import startup_agent_sync, …`. It needs psycopg and
pydantic alone. `toolkit.sync` does the work, with both sides in one database.

| function | the server passes | it gets |
|---|---|---|
| `parse_agent_sync_scope` | the text of AGENT_SYNC_SCOPE, or None | `AgentSyncScope`; `ValueError` on other text |
| `fetch_active_agents` | get_connection, scope | a list of `AgentSyncData`; `RuntimeError` on scope none |
| `fetch_active_agent_by_id` | get_connection, UUID | `AgentSyncData`, or None |
| `sync_single_agent` | get_connection, storage, agent=, owner_id= | `AgentSyncResult`; an error says why not |
| `startup_agent_sync` | get_connection, storage, scope=, owner_id="system" | a dict of counts: total, created, … |
| `lazy_sync_agent` | get_connection, storage, agent_id=, owner_id= a user's | its id, or None; a conflict raises |

`get_connection` is a callable that yields connections, or a pool of them. `storage` and `owner_id` are not used: the
rows are written in their database, and a synced assistant is the system's. A scope may also be its text, such as
`all`. Errors are those of `toolkit.sync`.
"""

import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel

from toolkit import sync
from toolkit.errors import ParameterError
from toolkit.scope import Scope
from toolkit.store.connections import GetConnection, Pool, connecting

log = logging.getLogger(sync.__name__)


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
    """The agents that a startup sync takes: those of all organizations, of some, or none."""

    type: Literal["none", "all", "org"]
    organization_ids: list[UUID] = []

    @classmethod
    def none(cls) -> Self:
        return cls(type="none")

    @classmethod
    def all(cls) -> Self:
        return cls(type="all")

    @classmethod
    def orgs(cls, organization_ids: Iterable[UUID]) -> Self:
        return cls(type="org", organization_ids=list(dict.fromkeys(organization_ids)))


class AgentSyncResult(BaseModel, frozen=True):
    """What became of one agent's assistant."""

    assistant_id: str
    action: Literal["created", "updated", "skipped"]
    wrote_back_assistant_id: bool = False


def parse_agent_sync_scope(raw_scope: str | None) -> AgentSyncScope:
    """Read the text of AGENT_SYNC_SCOPE; log a warning if it names no agents."""
    try:
        organizations = Scope.read(raw_scope or "").organizations
    except ParameterError as error:
        raise ValueError(f"{sync.SCOPE_VARIABLE}: {error.detail}") from None
    if organizations == ():
        log.warning("no agent is synced at startup: %s is unset or none", sync.SCOPE_VARIABLE)
        return AgentSyncScope.none()
    return AgentSyncScope.all() if organizations is None else AgentSyncScope.orgs(organizations)


async def fetch_active_agents(
    get_connection: GetConnection | Pool, scope: AgentSyncScope | str | None
) -> list[AgentSyncData]:
    """Return the agents that a startup sync of this scope takes, by organization, name and id."""
    if (chosen := _scope(scope)).organizations == ():
        raise RuntimeError("scope is none: expected all, or organizations")
    agents = await sync.fetch_active_agents(connecting(get_connection), chosen)
    agents.sort(key=lambda agent: (str(agent.organization_id), agent.name.lower(), agent.agent_id))
    return [_data(agent) for agent in agents if agent.at_startup]


async def fetch_active_agent_by_id(get_connection: GetConnection | Pool, agent_id: UUID) -> AgentSyncData | None:
    """Return the active agent with this id, also one that startup leaves out, or None."""
    agent = await sync.fetch_active_agent_by_id(connecting(get_connection), agent_id)
    return _data(agent) if agent else None


async def sync_single_agent(
    get_connection: GetConnection | Pool,
    storage: object,
    *,
    agent: AgentSyncData,
    owner_id: str,
    write_back_assistant_id: bool = True,
) -> AgentSyncResult:
    """Give an agent its assistant; of `agent` only the id is used, and the content is read again."""
    synced = await sync.sync_single_agent(
        connecting(get_connection), agent_id=agent.agent_id, writes_back=write_back_assistant_id
    )
    return AgentSyncResult(
        assistant_id=synced.assistant_id, action=synced.outcome, wrote_back_assistant_id=synced.wrote_back
    )


async def startup_agent_sync(
    get_connection: GetConnection | Pool, storage: object, *, scope: AgentSyncScope | str | None, owner_id: str
) -> dict[str, int]:
    """Give every agent in scope its assistant; return the counts. An agent that fails is logged, and fails alone."""
    summary = await sync.startup_agent_sync(connecting(get_connection), scope=_scope(scope))
    counted = ("total", "created", "updated", "skipped", "failed")
    return {key: value for key, value in summary.items() if key in counted and isinstance(value, int)}


async def lazy_sync_agent(
    get_connection: GetConnection | Pool,
    storage: object,
    *,
    agent_id: UUID | str,
    owner_id: str,
    cache_ttl: timedelta = sync.FRESH_FOR,
) -> str | None:
    """Give one agent its assistant, unless it was synced within `cache_ttl`; return the assistant's id.

    Return None for an id that no active agent has, also one that is no UUID.

    Raises:
        AgentConflictError: a `ValueError`, if a row that is not its assistant has the id.
        AgentNotSyncedError: if JSON cannot hold the agent's content.
    """
    try:
        synced = await sync.lazy_sync_agent(connecting(get_connection), agent_id=agent_id, fresh_for=cache_ttl)
    except sync.AgentNotActiveError:
        return None
    return synced.assistant_id


def _scope(given: AgentSyncScope | str | None) -> Scope:
    scope = given if isinstance(given, AgentSyncScope) else parse_agent_sync_scope(given)
    organizations = {"none": (), "all": None, "org": tuple(scope.organization_ids)}
    return Scope(organizations=organizations[scope.type])


def _data(agent: sync.Agent) -> AgentSyncData:
    """Take the fields out of the desired config; the rest of it are sampling parameters."""
    rest = agent.config["configurable"].copy()
    for key in ("supabase_organization_id", "mcp_config"):
        rest.pop(key, None)
    numbers = {key: rest[key] for key in ("temperature", "max_tokens") if isinstance(rest.get(key), (int, float))}
    return AgentSyncData(
        **agent.model_dump(include={"agent_id", "organization_id", "name", "graph_id", "mcp_tools"}),
        **numbers,
        langgraph_assistant_id=agent.write_back,
        system_prompt=rest.pop("system_prompt", None),
        runtime_model_name=rest.pop("model_name"),
        assistant_tool_ids=rest.pop("agent_tools", []),
        sampling_params=rest,
    )
