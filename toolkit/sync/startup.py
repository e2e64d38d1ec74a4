"""The sync of agents to assistants: all at startup, one on demand, and its plan.

The work is done where the rows are: in one database by SQL alone, across two by COPY. No config is built in Python.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast, get_args
from uuid import UUID

import psycopg

from toolkit.errors import ToolkitError
from toolkit.escaping import terminal
from toolkit.identifiers import parse_uuid
from toolkit.scope import Scope
from toolkit.store.assistants import AssistantConflictError
from toolkit.store.connections import GetConnection, set_all, writing
from toolkit.sync.agents import SCOPE_VARIABLE, scope_of
from toolkit.sync.sides import Connection, Selection, Sides, assistants, do, rows, write
from toolkit.sync.summary import AgentSync, Change, Refusal, SyncPlan, SyncSummary, Written, added, nothing_done

log = logging.getLogger(__package__)

FRESH_FOR = timedelta(minutes=5)
_WRITTEN: tuple[Written, ...] = get_args(Written)
_ONE_AGENTS_FAULT = frozenset({"22", "23", "40", "44", "54", "55", "P0"})
"""Classes of SQLSTATE that one agent's row can cause: https://www.postgresql.org/docs/current/errcodes-appendix.html"""

_MOST_FAULTS = 100
"""Agents that may fail alone; if one more fails, the database is at fault."""


class AgentNotActiveError(ToolkitError):
    """An agent id without an active agent."""

    remedy = "there is no active agent with this id: check the id, or activate the agent"


class AgentConflictError(AssistantConflictError):
    """An agent whose id another row holds that is not its assistant."""

    remedy = "look at the row and its owner, then run `assistant-toolkit repair --allow conflict:<agent id>`"


class AgentNotSyncedError(ToolkitError):
    """An agent whose row cannot become an assistant."""

    remedy = "this agent's row cannot be made an assistant: correct the agent, then sync it again"


async def startup_agent_sync(
    get_supabase_connection: GetConnection,
    get_langgraph_connection: GetConnection | None = None,
    *,
    scope: Scope | str | None = None,
) -> SyncSummary:
    """Give every agent in scope its assistant, and set every write-back to the assistant's id.

    Compare first and write only what differs. An agent whose row the database refuses fails alone. Servers that start
    together take turns.

    Args:
        get_supabase_connection: yields connections to the database of public.agents, as the store's does.
        get_langgraph_connection: the same for langgraph_server.assistants; None where both are one database.
        scope: whose agents, such as `all`; defaults to AGENT_SYNC_SCOPE.

    Raises:
        ParameterError: if the scope cannot be read.
        psycopg.Error: if the database as a whole refuses (no connection, no table, no right).
    """
    parameters = scope_of(scope).parameters
    if parameters["organizations"] == []:
        if scope is None:
            log.warning("no agent was synced: %s is unset or none", SCOPE_VARIABLE)
        return nothing_done()
    sides = (get_supabase_connection, get_langgraph_connection)
    summary = await _synchronise_or_narrow_down(sides, Selection(parameters["organizations"]))
    counts = ", ".join(f"{key} {value}" for key, value in summary.items() if isinstance(value, int))
    log.info("synced agents: %s", counts)
    _log_refusals(summary)
    return summary


async def plan_sync(
    get_supabase_connection: GetConnection,
    get_langgraph_connection: GetConnection | None = None,
    *,
    scope: Scope | str,
    shown: int = 1000,
) -> SyncPlan:
    """Return what `startup_agent_sync` would do, by the same decision, in read-only transactions.

    Name at most `shown` agents; the summary counts all.
    """
    selection = Selection(scope_of(scope).parameters["organizations"])
    settings = ("TRANSACTION READ WRITE", *selection.settings)  # for the temporary table
    async with writing(get_supabase_connection, *settings) as supabase:
        sides = (get_supabase_connection, get_langgraph_connection)
        async with assistants(supabase, sides, selection) as (_, present):
            await supabase.execute("SET TRANSACTION READ ONLY", prepare=False)
            summary = await _summary(supabase, selection, present)
            parameters = {**vars(selection), "refused_alone": False, "shown": shown}
            changes = await rows(supabase, "sync_changes", parameters, **present)
    return SyncPlan(summary=summary, changes=tuple(Change(**each) for each in changes))


async def sync_single_agent(
    get_supabase_connection: GetConnection,
    get_langgraph_connection: GetConnection | None = None,
    *,
    agent_id: UUID,
    writes_back: bool = True,
) -> AgentSync:
    """Give one agent its assistant, also one that startup leaves out.

    The assistant belongs to the system. Set the write-back to its id, unless `writes_back` is false.

    Raises:
        AgentNotActiveError: if no active agent has this id.
        AgentNotSyncedError: if JSON cannot hold the agent's content.
        AgentConflictError: a `ValueError`, if a row that is not its assistant has its id.
    """
    known_id = _known(agent_id)
    sides = (get_supabase_connection, get_langgraph_connection)
    summary = await _synchronise(sides, Selection(agent_id=known_id), writes_back)
    _log_refusals(summary)
    if summary["total"] == 0:
        raise AgentNotActiveError(f"got agent {agent_id}")
    for failure in summary["failures"]:
        raise AgentNotSyncedError(f"agent {agent_id} ({failure.name!r}): {failure.reason}")
    for conflict in summary["conflicts"]:
        raise AgentConflictError(f"agent {agent_id} ({conflict.name!r}): {conflict.reason}")
    return AgentSync(
        assistant_id=str(known_id),
        outcome=next((outcome for outcome in _WRITTEN if summary[outcome]), "skipped"),
        wrote_back=writes_back and summary["write_backs"] > 0,
    )


async def lazy_sync_agent(
    get_supabase_connection: GetConnection,
    get_langgraph_connection: GetConnection | None = None,
    *,
    agent_id: UUID | str,
    fresh_for: timedelta = FRESH_FOR,
) -> AgentSync:
    """Sync one agent, unless metadata.synced_at is younger than `fresh_for`.

    A sync that finds nothing to do sets synced_at, too. Within `fresh_for` the Supabase side is not asked.

    Raises:
        AgentNotActiveError, AgentNotSyncedError, AgentConflictError: as `sync_single_agent` does.
    """
    get_side = get_langgraph_connection or get_supabase_connection
    known_id = _known(agent_id)
    parameters, settings = {"assistant_id": str(known_id)}, Selection(agent_id=known_id).settings
    async with writing(get_side, *settings) as connection:
        last = await rows(connection, "last_synced", parameters)
    if last and _is_fresh(last[0]["synced_at"], last[0]["now"], fresh_for):
        return AgentSync(assistant_id=str(known_id), outcome="skipped")
    synced = await sync_single_agent(get_supabase_connection, get_langgraph_connection, agent_id=known_id)
    if synced.outcome == "skipped":
        async with writing(get_side, *settings) as connection:
            await do(connection, "refresh_synced_at", parameters)
    return synced


def _known(agent_id: UUID | str) -> UUID:
    """Return the id of one agent; refuse None, which would select all, and what is no UUID."""
    if (known_id := parse_uuid(str(agent_id))) is None:
        raise AgentNotActiveError(f"got agent {agent_id!r}")
    return known_id


def _is_fresh(synced_at: str | None, now: datetime, fresh_for: timedelta) -> bool:
    try:
        return timedelta() <= now - datetime.fromisoformat(synced_at or "") < fresh_for
    except (ValueError, TypeError):  # an older server's spelling, or one without a time zone
        return False


async def _synchronise_or_narrow_down(sides: Sides, everything: Selection) -> SyncSummary:
    """Synchronise all agents. Where one makes the database refuse, halve until it stands alone, and go on."""
    done = nothing_done()
    ranges = [everything]
    while ranges:
        selection = ranges.pop()
        try:
            done = added(done, await _synchronise(sides, selection))
        except psycopg.Error as error:
            if (error.sqlstate or "")[:2] not in _ONE_AGENTS_FAULT or len(done["failures"]) >= _MOST_FAULTS:
                raise
            async with writing(sides[0]) as connection:
                found = await rows(connection, "middle_agent", vars(selection))
            if not found:  # no agent is at fault
                raise
            agent_id = found[0]["agent_id"]
            if found[0]["agents"] > 1:
                ranges += replace(selection, last=agent_id), replace(selection, first=UUID(int=agent_id.int + 1))
            else:
                reason = error.diag.message_primary or type(error).__name__
                failure = Refusal(agent_id=agent_id, name=found[0]["name"], reason=reason)
                done = added(done, {**nothing_done(), "total": 1, "failed": 1, "failures": [failure]})
    return done


async def _synchronise(sides: Sides, selection: Selection, writes_back: bool = True) -> SyncSummary:
    """Synchronise, and once more where a row came in between the comparison and the insert."""
    try:
        return await _compare_and_write(sides, selection, writes_back)
    except psycopg.errors.UniqueViolation:
        return await _compare_and_write(sides, selection, writes_back)


async def _compare_and_write(sides: Sides, selection: Selection, writes_back: bool) -> SyncSummary:
    async with writing(sides[0]) as supabase:
        await do(supabase, "lock_subject", {"subject": f"sync {selection.agent_id or 'all'}"})
        await supabase.execute(set_all(*selection.settings), prepare=False)  # other servers' turns take longer
        # Committed before any write-back: a crash in between leaves a row without a name, never a name without a row.
        async with assistants(supabase, sides, selection) as (langgraph, present):
            summary = await _summary(supabase, selection, present)
            for outcome in _WRITTEN:
                if planned := summary[outcome]:
                    summary[outcome] = await write(supabase, langgraph, selection, present, outcome)
                    summary["skipped"] += planned - summary[outcome]  # another sync wrote these since
        if summary["write_backs"] and writes_back:
            refused = [each.agent_id for each in summary["conflicts"] + summary["failures"]]
            await do(supabase, "write_back", {**vars(selection), "refused": refused})
    return summary


def _log_refusals(summary: SyncSummary) -> None:
    for refusal in summary["conflicts"] + summary["failures"]:
        name, reason = terminal(repr(refusal.name)), terminal(refusal.reason)
        log.warning("agent %s (%s) was not synced: %s", refusal.agent_id, name, reason)


async def _summary(supabase: Connection, selection: Selection, present: dict[str, str]) -> SyncSummary:
    """Compare, and return what is to be done."""
    counts = (await rows(supabase, "sync_outcomes", vars(selection), **present))[0]
    owning, orphans = counts.pop("owning"), 0
    if selection == Selection(selection.organizations):  # the whole scope
        orphans = (await rows(supabase, "sync_orphans", {"owning": owning}, **present))[0]["orphans"]
    parameters = {**vars(selection), "refused_alone": True, "shown": None}
    refused = await rows(supabase, "sync_changes", parameters, **present) if counts["failed"] else []
    conflicts, failures = (
        [Refusal(**row) for row in refused if row["outcome"] == outcome] for outcome in ("conflict", "failed")
    )
    return cast(SyncSummary, {**counts, "orphans": orphans, "conflicts": conflicts, "failures": failures})
