"""The sync that a LangGraph-compatible server calls at startup and before it serves an agent.

Needs psycopg and pydantic alone.
"""

from toolkit.sync.agents import SCOPE_VARIABLE as SCOPE_VARIABLE
from toolkit.sync.agents import Agent as Agent
from toolkit.sync.agents import fetch_active_agent_by_id as fetch_active_agent_by_id
from toolkit.sync.agents import fetch_active_agents as fetch_active_agents
from toolkit.sync.startup import FRESH_FOR as FRESH_FOR
from toolkit.sync.startup import AgentConflictError as AgentConflictError
from toolkit.sync.startup import AgentNotActiveError as AgentNotActiveError
from toolkit.sync.startup import AgentNotSyncedError as AgentNotSyncedError
from toolkit.sync.startup import lazy_sync_agent as lazy_sync_agent
from toolkit.sync.startup import plan_sync as plan_sync
from toolkit.sync.startup import startup_agent_sync as startup_agent_sync
from toolkit.sync.startup import sync_single_agent as sync_single_agent
from toolkit.sync.summary import AgentSync as AgentSync
from toolkit.sync.summary import Change as Change
from toolkit.sync.summary import Refusal as Refusal
from toolkit.sync.summary import SyncPlan as SyncPlan
from toolkit.sync.summary import SyncSummary as SyncSummary
