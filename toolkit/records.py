"""What crosses the border between two modules?"""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from toolkit.errors import ParameterError
from toolkit.identifiers import parse_uuid


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
