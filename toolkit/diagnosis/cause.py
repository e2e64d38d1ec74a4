"""The root cause of the findings, whether the damage goes on, and what comes first."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel

from toolkit import guard, sql
from toolkit.catalog.kinds import COPIES, OF_USERS
from toolkit.database.connection import Pair
from toolkit.diagnosis.findings import Diagnosis
from toolkit.diagnosis.verification import Check

DEPLOYING = (
    "In the server's environment: `pip install langgraph-assistant-toolkit`, or `pip install .` in a clone of the toolkit's repository.",
    "In the server's code, wherever it imports its own PostgresStorage and agent sync: `from toolkit.store import PostgresStorage` and"
    " `from toolkit.sync import startup_agent_sync, lazy_sync_agent` instead. `PostgresStorage(get_connection)` is made as before; both syncs"
    " are called with `get_supabase_connection, get_connection` (one database: with the first alone). AGENT_SYNC_SCOPE=all lets the"
    " start sync every agent; unset, it syncs none.",
    "Restart the server, and diagnose again. It has worked when the page says that the copies are left over, and, asked with --api-url,"
    " that agents answer. The way back is the old code; the rows that the new one made are right, and stay.",
    "It cannot be deployed today? `python -m toolkit guard install --help`: it stops the copies, and not the 404s.",
)
"""How the fixed store is deployed, for somebody who has only a page."""


class Cause(BaseModel, frozen=True):
    """The root cause in words, and the order of the day."""

    sentences: tuple[str, ...]
    since: tuple[str, ...]
    """Since when, of the copies and of users' rows apart, and whether it goes on; empty where no row tells."""
    deploy_first: bool
    """The server still does the damage: repaired data would be damaged, or stay hidden, again."""
    makes_copies: bool = False
    """To judge by the rows' times, every restart of the server still adds a copy of every agent."""

    @property
    def advice(self) -> str:
        """What comes first."""
        if self.makes_copies:
            return "Deploy the fixed store first, and do not restart the server before: each restart adds a copy of every agent."
        if self.deploy_first:
            return "Deploy the fixed store first: until then the server hides the right rows from users."
        return "Repair now." if self.sentences else "Nothing to do."


def explain(pair: Pair, diagnosis: Diagnosis, checks: Sequence[Check] = ()) -> Cause:
    """Tell the root cause of what was found.

    Args:
        pair: for when copies and canonical rows appeared; nothing is written.
        diagnosis: what was found.
        checks: what the server answered an ordinary user, where it was asked.
    """
    orphans = [finding.assistant_id for finding in diagnosis.of("orphan")]
    times = pair.langgraph.execute(sql.statement("copy_times"), {"orphans": orphans}).fetchone() or {}
    return reason(diagnosis, times, checks, is_guarded=guard.status(pair.langgraph).state != "absent")


def reason(diagnosis: Diagnosis, times: dict[str, Any], checks: Sequence[Check], *, is_guarded: bool = False) -> Cause:
    """Draw the conclusions of `explain` from what was read."""
    counts = diagnosis.counts
    newest_copy, newest_canonical = times["newest_copy"], times["newest_canonical"]
    copies = sum(counts[kind] for kind in COPIES)
    refused = any(check.passed is False for check in checks)
    goes_on = bool(copies) and (newest_canonical is None or newest_copy > newest_canonical)
    # with the guard even the old server's rows get the right ids, so that only an ordinary user's answers tell it from the fixed one
    hides = is_guarded and not any(check.passed for check in checks)
    sentences: list[str] = []
    if copies and newest_canonical is None:
        sentences.append(
            f"None of the system's rows is stored under its agent's id; {copies} have other ids, the first of {_time(times['oldest_copy'])}, the newest"
            f" of {_time(newest_copy)}: so it looks as if the server ignores the id that its sync passes in, and adds a copy of every agent at each"
            " restart."
        )
    elif goes_on:
        sentences.append(
            f"The server is still making copies, to judge by their times: the newest is of {_time(newest_copy)}, later than the newest assistant"
            f" with its agent's id ({_time(newest_canonical)})."
        )
    elif copies:
        sentences.append(
            f"The copies are left over: they are of {_time(times['oldest_copy'])} to {_time(newest_copy)}, and since {_time(newest_canonical)}"
            " assistants get their agents' ids."
        )
    if hides:
        sentences.append(
            "The guard is installed, so rows get the right ids. Users still get 404 until the fixed store is deployed; then take the"
            " guard away with `guard remove`."
        )
    if refused:
        sentences.append("The server hides assistants from an ordinary user who was allowed to see them.")
    if counts["hidden"]:
        sentences.append(
            f"A user became the owner of {_number(counts['hidden'], 'agent')}, so everybody else gets 404."
        )
    bare = sum(bool(finding.evidence.get("is_empty")) for finding in diagnosis.of("stray"))
    if bare:
        sentences.append(f"The front end's fallback made {_number(bare, 'bare assistant')}.")
    if counts["conflict"]:
        sentences.append(
            f"Somebody else's row holds the id of {_number(counts['conflict'], 'agent')}: look at each before you allow it."
        )
    if counts["missing"]:
        sentences.append(
            f"{_number(counts['missing'], 'agent')} never got an assistant: the sync did not run, or failed for them."
        )
    if counts["not_written_back"]:
        sentences.append(f"The write-back of {_number(counts['not_written_back'], 'agent')} failed, or was changed.")
    since = (*([_since(times, goes_on)] if copies else []), *_users_rows(diagnosis))
    return Cause(
        sentences=tuple(sentences), since=since, deploy_first=goes_on or refused or hides, makes_copies=goes_on
    )


def _since(times: dict[str, Any], goes_on: bool) -> str:
    until = (
        "no row tells that it has ended, so take it that it goes on" if goes_on
        else f"since {_time(times['newest_canonical'])} assistants get their agents' ids"
    )  # fmt: skip
    return f"{_time(times['oldest_copy'])}, the first copy; the newest is of {_time(times['newest_copy'])}; {until}."


def _users_rows(diagnosis: Diagnosis) -> Iterator[str]:
    """Tell when rows that users made or got came to be, kind by kind."""
    for kind in OF_USERS:
        times = [
            datetime.fromisoformat(each.evidence["since"]) for each in diagnosis.of(kind) if "since" in each.evidence
        ]
        if times:
            first, last = (_time(time.astimezone(UTC)) for time in (min(times), max(times)))
            yield f"{kind}: {first}{f', the newest of {last}' if first != last else ''}."


def _number(count: int, thing: str) -> str:
    return f"{count} {thing}" + ("s" if count != 1 else "")


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
