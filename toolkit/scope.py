"""Scope: the organizations whose agents a command or a sync is about."""

from typing import Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel

from toolkit.errors import ParameterError
from toolkit.identifiers import parse_uuid

StartupSync = Literal["", "all", "global", "none"]
"""Agents whose assistants the server's startup sync makes: all, those with `is_global`, or none.

Empty: those with `is_global`, if the rows show a startup sync.
"""


class Scope(BaseModel, frozen=True):
    """The agents of some organizations, of all, or none."""

    organizations: tuple[UUID, ...] | None
    """The organizations in the order named, each once; empty for `none`, None for `all`."""
    startup_sync: StartupSync = ""

    @classmethod
    def parse(cls, text: str, startup_sync: StartupSync = "") -> Self:
        """Read `none`, `all`, or `org:<uuid>[,org:<uuid>…]`, the value of --scope.

        Raises:
            ParameterError: on other text; the message names the entry.
        """
        if text.strip() in ("none", "all"):
            return cls(organizations=() if text.strip() == "none" else None, startup_sync=startup_sync)
        organizations = dict.fromkeys(_organization(entry.strip()) for entry in text.split(","))
        return cls(organizations=tuple(organizations), startup_sync=startup_sync)

    @classmethod
    def read(cls, text: str) -> Self:
        """Read AGENT_SYNC_SCOPE as the server does: as `parse`, in any case, with spaces or a comma at the end.

        Empty text means `none`.
        """
        entries = (":".join(part.strip() for part in entry.split(":")) for entry in text.lower().split(","))
        return cls.parse(",".join(entry for entry in entries if entry) or "none")

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of every statement over `desired_assistants`."""
        organizations = None if self.organizations is None else list(self.organizations)
        return {"organizations": organizations, "startup_sync": self.startup_sync}


def _organization(entry: str) -> UUID:
    form, _, organization = entry.partition(":")
    if form == "org" and (found := parse_uuid(organization)):
        return found
    raise ParameterError(
        f"got scope entry {entry!r}, expected all, or org:<uuid>[,org:<uuid>…] with the ids of organizations,"
        " which `diagnosis.organizations` lists; a server also takes none"
    )
