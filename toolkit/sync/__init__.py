"""The sync: what a LangGraph-compatible server calls at startup and before it serves an agent.

Needs psycopg and pydantic alone.
"""

from toolkit.sync.agents import (
    SCOPE_VARIABLE,
    Agent,
    fetch_active_agent_by_id,
    fetch_active_agents,
    scope_from_environment,
)
from toolkit.sync.startup import (
    FRESH_FOR,
    AgentNotActiveError,
    AgentNotSyncedError,
    lazy_sync_agent,
    plan_sync,
    startup_agent_sync,
    sync_single_agent,
)
from toolkit.sync.summary import AgentSync, Change, Refusal, SyncPlan, SyncSummary

__all__ = [
    "FRESH_FOR",
    "SCOPE_VARIABLE",
    "Agent",
    "AgentNotActiveError",
    "AgentNotSyncedError",
    "AgentSync",
    "Change",
    "Refusal",
    "SyncPlan",
    "SyncSummary",
    "fetch_active_agent_by_id",
    "fetch_active_agents",
    "lazy_sync_agent",
    "plan_sync",
    "scope_from_environment",
    "startup_agent_sync",
    "sync_single_agent",
]
