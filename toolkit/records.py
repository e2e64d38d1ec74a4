"""What crosses the borders between our modules?"""

import uuid
from datetime import datetime
from typing import Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict

from toolkit.errors import ParameterError
from toolkit.identifiers import parse_uuid


class Record(BaseModel):
    """A value that is checked when it is made, and never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Scope(Record):
    """Which agents: those of some organizations, of all (`organizations` is None), or of none."""

    text: str
    organizations: tuple[uuid.UUID, ...] | None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a scope as AGENT_SYNC_SCOPE and the notebooks have it.

        Args:
            text: `none`, `all`, or `org:<uuid>[,org:<uuid>…]`; empty means `none`.

        Raises:
            ParameterError: naming the entry that is none of these.
        """
        stripped = text.strip() or "none"
        if stripped in ("none", "all"):
            return cls(text=stripped, organizations=None if stripped == "all" else ())
        organizations = []
        for entry in stripped.split(","):
            form, _, spelled = entry.strip().partition(":")
            organization = parse_uuid(spelled) if form == "org" else None
            if organization is None:
                raise ParameterError(f"got {entry.strip()!r} in scope {text!r}; expected none, all or org:<uuid>[,org:<uuid>…]")
            organizations.append(organization)
        return cls(text=stripped, organizations=tuple(organizations))

    @property
    def parameters(self) -> dict[str, list[uuid.UUID] | None]:
        """The parameter `organizations` of every statement over `desired_assistants`."""
        return {"organizations": None if self.organizations is None else list(self.organizations)}

Kind = Literal[
    "conflict", "hidden", "wrong_id", "missing", "duplicate", "not_written_back", "stray", "dangling_reference",
    "drift", "orphan", "misrouted",
]  # fmt: skip
"""The kinds of findings; each fact counts once, under the first that fits."""

KINDS: tuple[Kind, ...] = get_args(Kind)


class Finding(Record):
    """One mismatch, of one kind, with its evidence."""

    kind: Kind
    is_open: bool
    """Somebody has to act; else it is noted: history, no evidence, or the operator's choice."""
    agent_id: str | None
    organization_id: str | None
    agent_name: str | None
    assistant_id: str | None
    count: int = 1
    """How many of what this kind counts: rows, references or conversations."""
    evidence: dict[str, Any]


class Reference(Record):
    """How often an id that is not the right one stands in one place."""

    place: str
    assistant_id: str
    agent_id: str | None
    agent_name: str | None
    organization_id: str | None
    rows: int
    since: datetime | None
    is_dangling: bool
    in_scope: bool


StepKind = Literal["rekey", "create", "adopt", "update", "write_back", "remove"]


class Step(Record):
    """One thing the repair would do to one row."""

    kind: StepKind
    agent_id: str
    agent_name: str
    assistant_id: str | None
    """The row as it is now: the copy that is kept, the row that is removed; None where there is none yet."""
    canonical_id: str
    expects: str | None
    """Hash of the row as the plan saw it (the write-back itself for `write_back`); another one is stale."""


class Assistant(Record):
    """A row of langgraph_server.assistants."""

    assistant_id: str
    graph_id: str
    config: dict[str, Any]
    context: dict[str, Any]
    metadata: dict[str, Any]
    name: str | None
    description: str | None
    version: int
    created_at: datetime
    updated_at: datetime


class Agent(Record):
    """A row of public.agents, with the assistant it ought to have."""

    agent_id: uuid.UUID
    organization_id: uuid.UUID
    name: str
    graph_id: str
    config: dict[str, Any]
    metadata: dict[str, Any]
    write_back: str | None
    at_startup: bool
    """The startup sync makes its assistant; without, that is done on demand."""
    problem: str | None
    """Why no JSON can hold its content; such an agent is not synced."""
