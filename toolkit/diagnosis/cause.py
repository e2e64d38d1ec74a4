"""The root cause of the findings, and whether the damage goes on."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import psycopg

from toolkit import guard
from toolkit.catalog.kinds import COPIES, OF_USERS, Kind
from toolkit.database.connection import Pair
from toolkit.database.transactions import row
from toolkit.diagnosis.findings import Diagnosis
from toolkit.diagnosis.verification import Check, troubles, users_reach


class Owner(NamedTuple):
    """A user, with how many rows of a kind are that user's, out of how many."""

    kind: Kind
    owner: str
    rows: int
    total: int


@dataclass(frozen=True)
class Cause:
    """Conclusions from what was found; the pages put them into words."""

    counts: Mapping[Kind, int]
    """Findings by kind, open or noted."""
    missing: int
    """Agents whose assistant a startup sync ought to have made."""
    copies: int
    bare: int
    """Bare assistants that the front end's fallback made."""
    oldest_copy: datetime | None
    newest_copy: datetime | None
    """Times of the copies; None where only a write-back or a spelling ties them to their agents."""
    newest_canonical: datetime | None
    """Time of the newest assistant under its agent's id; None where there is none."""
    users_rows: tuple[tuple[Kind, datetime, datetime], ...]
    """Times of the first and the last row that a user made or got, by kind."""
    makes_copies: bool
    """By the rows' times, every restart of the server still adds a copy of every agent; not with the guard."""
    is_refused: bool
    """The server answered an ordinary user 404 for an assistant that the tables have."""
    is_guarded: bool
    """The guard is there, or what is left of it."""
    bare_users: int = 0
    """Users who own these."""
    restarts: int = 0
    """Restarts that made copies: the most copies that one agent has."""
    owners: tuple[Owner, ...] = ()
    """Users who own most of the rows of a kind."""
    awaits_restart: bool = False
    """Agents have no assistant yet: the next start's sync makes it, and the guard gives it the agent's id."""
    is_answered: bool = False
    """The server answered an ordinary user rightly."""

    @property
    def is_over(self) -> bool:
        """By the rows' times, an assistant was made under its agent's id after the newest copy."""
        copy, canonical = self.newest_copy, self.newest_canonical
        return copy is not None and canonical is not None and canonical >= copy

    @property
    def is_uncertain(self) -> bool:
        """The guard is there: with it, rows cannot show whether the fixed store is deployed, and nobody asked."""
        known = self.makes_copies or self.awaits_restart or self.is_refused or self.is_answered
        return self.is_guarded and not known

    @property
    def deploy_first(self) -> bool:
        """The server still does the damage, or may: a deployment, a restart or the guard's removal comes first."""
        return self.makes_copies or self.awaits_restart or self.is_refused or self.is_uncertain


def explain(pair: Pair, diagnosis: Diagnosis, checks: Sequence[Check] = ()) -> Cause:
    """Return the root cause of what was found; write nothing. `checks`: what the server answered an ordinary user."""
    orphans = [finding.assistant_id for finding in diagnosis.of("orphan")]
    organizations = diagnosis.scope.parameters["organizations"]
    times = row(pair.langgraph, "copy_times", orphans=orphans, organizations=organizations)
    return reason(diagnosis, times, checks, guard.status(pair.langgraph).state)


def still_old(pair: Pair, diagnosis: Diagnosis, checks: Sequence[Check] = ()) -> bool:
    """Return whether the old server still runs, as the rows' times say after a repair; not where it answered a user."""
    if pair.has_journal and users_reach(diagnosis, checks) != "asked":
        with suppress(psycopg.errors.InsufficientPrivilege):  # a role that the journal is closed to
            return bool(row(pair.langgraph, "old_server")["is_old"])
    return False


def reason(
    diagnosis: Diagnosis, times: dict[str, Any], checks: Sequence[Check], guarded: guard.State = "absent"
) -> Cause:
    """Return the conclusions of `explain` from what it read."""
    counts = diagnosis.counts
    copies = sum(counts[kind] for kind in COPIES)
    bare = [row.evidence.get("owner") for row in diagnosis.of("stray") if row.evidence.get("is_empty")]
    # The statement gives times in UTC, without a zone.
    oldest_copy, newest_copy, newest_canonical = (
        times[name] and times[name].replace(tzinfo=UTC) for name in ("oldest_copy", "newest_copy", "newest_canonical")
    )
    lack = any(diagnosis.findings.count(kind, True) for kind in ("wrong_id", "missing"))
    return Cause(
        oldest_copy=oldest_copy,
        newest_copy=newest_copy,
        newest_canonical=newest_canonical,
        counts=counts,
        missing=diagnosis.findings.count("missing", True),
        copies=copies,
        bare=len(bare),
        bare_users=len({*bare} - {None}),
        users_rows=tuple(_users_rows(diagnosis)),
        restarts=times.get("most_copies") or 0,
        owners=tuple(_owners(diagnosis)),
        makes_copies=bool(copies and newest_copy) and times["is_behind"] and guarded != "installed",
        is_refused=troubles(checks)["hidden"] > 0,
        is_guarded=guarded != "absent",
        awaits_restart=guarded == "installed" and times["is_behind"] and lack,
        is_answered=any(check.passed for check in checks),
    )


def _users_rows(diagnosis: Diagnosis) -> Iterator[tuple[Kind, datetime, datetime]]:
    for kind in OF_USERS:
        times = [datetime.fromisoformat(row.evidence["since"]) for row in diagnosis.of(kind) if "since" in row.evidence]
        if times:
            yield kind, min(times), max(times)


def _owners(diagnosis: Diagnosis) -> Iterator[Owner]:
    for kind in OF_USERS:
        owners = Counter(str(row.evidence["owner"]) for row in diagnosis.of(kind) if row.evidence.get("owner"))
        for owner, rows in owners.most_common(1):
            if rows > 1 and rows * 2 > (total := diagnosis.findings.rows(kind)):
                yield Owner(kind, owner, rows, total)
