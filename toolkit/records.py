"""What crosses the border between two modules?"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal, Self, get_args
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from toolkit.errors import ParameterError
from toolkit.identifiers import parse_uuid

Progress = Callable[[str, int, int], None]
"""Called with a phase's name, how much of it is done, and how much there is."""


class Record(BaseModel):
    """A value that nobody changes once it is made."""

    model_config = ConfigDict(frozen=True)


class Scope(Record):
    """Which agents are meant: those of some organizations, of all, or none."""

    organizations: tuple[UUID, ...] | None
    """The organizations in the order named, each once; empty for `none`, None for `all`."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `none`, `all`, or `org:<uuid>[,org:<uuid>…]`, as AGENT_SYNC_SCOPE has it.

        Raises:
            ParameterError: on anything else; the message names the entry.
        """
        if text.strip() == "none":
            return cls(organizations=())
        if text.strip() == "all":
            return cls(organizations=None)
        return cls(organizations=tuple(dict.fromkeys(_organization(entry.strip()) for entry in text.split(","))))

    @property
    def parameters(self) -> dict[str, list[UUID] | None]:
        """The parameter `organizations` of every statement over `desired_assistants`."""
        return {"organizations": None if self.organizations is None else list(self.organizations)}


def _organization(entry: str) -> UUID:
    form, _, organization = entry.partition(":")
    if form == "org" and (found := parse_uuid(organization)):
        return found
    raise ParameterError(f"got scope entry {entry!r}, expected none, all, or org:<uuid>[,org:<uuid>…]")


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

    agent_id: UUID
    organization_id: UUID
    name: str
    graph_id: str
    config: dict[str, Any]
    metadata: dict[str, Any]
    write_back: str | None
    at_startup: bool
    """The startup sync makes its assistant; without, that is done on demand."""
    problem: str | None
    """Why no JSON can hold its content; such an agent is not synced."""


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
MAKES: tuple[StepKind, ...] = ("rekey", "create", "adopt", "update")
"""The steps that leave an assistant under its agent's id."""


class Step(Record):
    """One thing the repair would do to one row."""

    kind: StepKind
    finding: Kind
    """The finding it answers."""
    agent_id: str
    agent_name: str
    assistant_id: str | None
    """The row as it is now: the copy that is kept, or the row that is removed; None where there is none yet."""
    canonical_id: str | None
    """The id that the agent's assistant has; None where an orphan is removed."""
    expects: str | None
    """Hash of what the plan saw, for `write_back` the write-back itself; where it differs, the step is stale."""

    @property
    def replaces(self) -> bool:
        """References move from its assistant's id to the canonical one."""
        return self.kind in ("rekey", "remove") and self.canonical_id is not None


class Move(Record):
    """References of one place that go from old ids to an agent's canonical id, or conversations, counted."""

    place: str
    """A place of the catalog; or `conversations`, wherever their rows stand."""
    agent_id: str
    agent_name: str
    rows: int
    assistant_id: str | None = None
    """The user's row on which these conversations with the agent were held; None: what names the agent's old ids."""


class Left(Record):
    """A finding that is deliberately not repaired, or could not be, and why."""

    finding: Kind
    agent_id: str | None
    agent_name: str | None
    assistant_id: str | None
    reason: str
    is_open: bool = False
    """It stays open: somebody has to act."""
    count: int = 1
    """How many the finding counts."""


class Check(Record):
    """One statement that must hold."""

    name: str
    passed: bool | None
    """None: it could not be made, which is no success and no failure."""
    detail: str
