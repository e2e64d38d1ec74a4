"""Audit record of a repair run: who ran it, where, on which databases, approved how, and what it changed."""

import getpass
import os
import socket

from pydantic import BaseModel

from toolkit import sql
from toolkit.database.connection import Pair
from toolkit.repair.plan import Changes


class Audit(BaseModel, frozen=True):
    """What the journal keeps of a run beside its rows."""

    roles: tuple[str, ...]
    """Roles in the databases: of the Supabase side, then of the LangGraph side."""
    user: str
    host: str
    ci: str = ""
    """The CI run, as an address where there is one."""
    databases: tuple[str, ...]
    """References and addresses, of the Supabase side, then of the LangGraph side."""
    approved: str = ""
    """How the plan was approved: `digest 0123456789abcdef`, or `none needed: a practice database`; empty: unknown."""
    changes: Changes | None = None
    """Rows that the run changed, once it is finished."""
    undone_in_part: bool = False
    """True once an undo of the run has ended, and left agents repaired."""

    def __str__(self) -> str:
        ci = f", {self.ci}" if self.ci else ""
        approval = f"; approval: {self.approved}" if self.approved else ""
        return f"{self.user} on {self.host}{ci}, as {' and '.join(dict.fromkeys(self.roles))}{approval}"


def record(pair: Pair, approved: str) -> Audit:
    """Return the record of a run that begins now."""
    sides = pair.supabase, pair.langgraph
    roles = ((side.execute(sql.statement("server")).fetchone() or {})["role"] for side in sides)
    at = {each.reference: each.place for each in (pair.supabase_database, pair.langgraph_database)}
    databases = (name if name == place else f"{name} ({place})" for name, place in at.items())
    return Audit(
        roles=tuple(roles),
        user=_user(),
        host=socket.gethostname(),
        ci=_ci(),
        databases=tuple(databases),
        approved=approved,
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        return f"uid {os.getuid()}"


def _ci() -> str:
    found = os.environ
    if "GITHUB_RUN_ID" in found:
        server, repository = found.get("GITHUB_SERVER_URL", ""), found.get("GITHUB_REPOSITORY", "")
        return f"{server}/{repository}/actions/runs/{found['GITHUB_RUN_ID']} of {found.get('GITHUB_ACTOR', 'unknown')}"
    return found.get("CI_JOB_URL") or ("CI" if found.get("CI") else "")
