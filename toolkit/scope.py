"""Scope: the organizations whose agents a command or a sync is about."""

from typing import Self
from uuid import UUID

from pydantic import BaseModel

from toolkit.errors import ParameterError
from toolkit.identifiers import parse_uuid


class Scope(BaseModel, frozen=True):
    """The agents of some organizations, of all, or none."""

    organizations: tuple[UUID, ...] | None
    """The organizations in the order named, each once; empty for `none`, None for `all`."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `none`, `all`, or `org:<uuid>[,org:<uuid>…]`, the value of --scope.

        Raises:
            ParameterError: on other text; the message names the entry.
        """
        if text.strip() in ("none", "all"):
            return cls(organizations=() if text.strip() == "none" else None)
        return cls(organizations=tuple(dict.fromkeys(_organization(entry.strip()) for entry in text.split(","))))

    @classmethod
    def read(cls, text: str) -> Self:
        """Read AGENT_SYNC_SCOPE as the server does: as `parse`, in any case, with spaces or a comma at the end.

        Empty text means `none`.
        """
        entries = (":".join(part.strip() for part in entry.split(":")) for entry in text.lower().split(","))
        return cls.parse(",".join(entry for entry in entries if entry) or "none")

    @property
    def parameters(self) -> dict[str, list[UUID] | None]:
        """The parameter `organizations` of every statement over `desired_assistants`."""
        return {"organizations": None if self.organizations is None else list(self.organizations)}


def _organization(entry: str) -> UUID:
    form, _, organization = entry.partition(":")
    if form == "org" and (found := parse_uuid(organization)):
        return found
    raise ParameterError(f"got scope entry {entry!r}, expected none, all, or org:<uuid>[,org:<uuid>…]")
