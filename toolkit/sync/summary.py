"""Summaries of a sync: how many agents were created, updated, skipped or refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypedDict, cast
from uuid import UUID

from pydantic import BaseModel

Written = Literal["created", "updated"]


class Refusal(BaseModel, frozen=True):
    """An agent that the sync could not take, and why."""

    agent_id: UUID
    name: str
    reason: str


class SyncSummary(TypedDict):
    """What a sync did, or would do: `total` agents, each created, updated, skipped or failed."""

    total: int
    created: int
    updated: int
    skipped: int
    failed: int
    """Conflicts and failures together."""
    write_backs: int
    """Agents whose langgraph_assistant_id was set right, whatever became of their assistant."""
    orphans: int
    """Assistants of the system whose agent is deleted, disabled or unknown; they stay."""
    conflicts: list[Refusal]
    """Agents whose id another owner's row has; the repair resolves them when they are named."""
    failures: list[Refusal]


class Change(BaseModel, frozen=True):
    """What a sync would do for one agent."""

    agent_id: UUID
    name: str
    outcome: Literal[Written, "skipped", "conflict", "failed"]
    writes_back: bool
    reason: str | None


@dataclass(frozen=True)
class SyncPlan:
    """What a startup sync would do, without doing it."""

    summary: SyncSummary
    changes: tuple[Change, ...]
    """Agents that do not stay as they are, by outcome, then id; as many as were asked for."""


class AgentSync(BaseModel, frozen=True):
    """What became of one agent's assistant."""

    assistant_id: str
    outcome: Literal[Written, "skipped"]
    wrote_back: bool = False
    """The agent's langgraph_assistant_id was set right."""


def nothing_done() -> SyncSummary:
    """Return the summary of no agents."""
    counts = dict.fromkeys(SyncSummary.__annotations__, 0)
    return cast(SyncSummary, {**counts, "conflicts": [], "failures": []})


def added(one: Mapping[str, Any], other: Mapping[str, Any]) -> SyncSummary:
    """Return the summary of two parts."""
    return cast(SyncSummary, {key: one[key] + other[key] for key in one})
