"""Summaries of a sync: how many agents were created, updated, skipped or refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypedDict
from uuid import UUID

from pydantic import BaseModel

Written = Literal["created", "updated"]
Outcome = Literal[Written, "skipped", "conflict", "failed"]


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
    """Assistants of the system whose agent is deleted, disabled or unknown; left where they are."""
    conflicts: list[Refusal]
    """Agents whose id somebody else's row has; the repair resolves them when they are named."""
    failures: list[Refusal]


class Change(BaseModel, frozen=True):
    """What a sync would do for one agent."""

    agent_id: UUID
    name: str
    outcome: Outcome
    writes_back: bool
    reason: str | None


@dataclass(frozen=True)
class SyncPlan:
    """What a startup sync would do, without doing it."""

    summary: SyncSummary
    changes: tuple[Change, ...]
    """Agents that are not left as they are, by outcome, then id; as many as were asked for."""


class AgentSync(BaseModel, frozen=True):
    """What became of one agent's assistant."""

    assistant_id: str
    outcome: Literal[Written, "skipped"]
    wrote_back: bool = False
    """The agent's langgraph_assistant_id was set right."""


def nothing_done() -> SyncSummary:
    """Return the summary of no agents."""
    return SyncSummary(
        total=0, created=0, updated=0, skipped=0, failed=0, write_backs=0, orphans=0, conflicts=[], failures=[]
    )


def added(one: SyncSummary, other: SyncSummary) -> SyncSummary:
    """Return the summary of two parts."""
    return SyncSummary(
        total=one["total"] + other["total"],
        created=one["created"] + other["created"],
        updated=one["updated"] + other["updated"],
        skipped=one["skipped"] + other["skipped"],
        failed=one["failed"] + other["failed"],
        write_backs=one["write_backs"] + other["write_backs"],
        orphans=one["orphans"] + other["orphans"],
        conflicts=one["conflicts"] + other["conflicts"],
        failures=one["failures"] + other["failures"],
    )


def as_written(planned: SyncSummary, written: Mapping[Written, int]) -> SyncSummary:
    """Count what was written; what another sync wrote since the comparison was left as it is."""
    created, updated = written.get("created", 0), written.get("updated", 0)
    skipped = planned["skipped"] + planned["created"] - created + planned["updated"] - updated
    return {**planned, "created": created, "updated": updated, "skipped": skipped}
