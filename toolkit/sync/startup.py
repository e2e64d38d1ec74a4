"""The sync of agents to assistants: all at startup, one on demand, and its plan.

The work is done where the rows are: in one database by SQL alone, across two by COPY. No config is built or read here.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import get_args
from uuid import UUID

import psycopg

from toolkit.errors import ToolkitError
from toolkit.scope import Scope
from toolkit.store.assistants import AssistantConflictError, GetConnection, writing
from toolkit.sync.agents import SCOPE_VARIABLE, scope_from_environment
from toolkit.sync.sides import IN_PLACE, Selection, Side, copy_present, write_across, write_in_place
from toolkit.sync.summary import (
    AgentSync,
    Change,
    Outcome,
    Refusal,
    SyncPlan,
    SyncSummary,
    Written,
    added,
    as_written,
    nothing_done,
)

log = logging.getLogger("toolkit.sync")

FRESH_FOR = timedelta(minutes=5)
_ONE_AGENTS_FAULT = frozenset({"22", "23", "40", "44", "54", "55", "P0"})
"""Classes of SQLSTATE that one agent's row can cause (https://www.postgresql.org/docs/current/errcodes-appendix.html)."""

_MOST_FAULTS = 100
"""So many agents may fail alone; one more, and it is the database that is at fault."""


class AgentNotActiveError(ToolkitError):
    """An agent id without an active agent."""

    remedy = "there is no active agent with this id: check the id, or activate the agent"


class AgentNotSyncedError(ToolkitError):
    """An agent whose row cannot become an assistant."""

    remedy = "this agent's row cannot be made an assistant: correct the agent, then sync it again"


async def startup_agent_sync(
    get_supabase_connection: GetConnection,
    get_langgraph_connection: GetConnection | None = None,
    *,
    scope: Scope | None = None,
) -> SyncSummary:
    """Make every agent in scope have its assistant, and every write-back name it.

    Compares first and writes only what differs; an unchanged agent is not written. Where an agent's row makes the
    database refuse, that agent alone fails. Several servers may start together: they take turns.

    Args:
        get_supabase_connection: yields connections to the database of public.agents, as the store's does.
        get_langgraph_connection: yields connections to the one of langgraph_server.assistants; None where both are one.
        scope: whose agents; by default as AGENT_SYNC_SCOPE says.

    Raises:
        ParameterError: if AGENT_SYNC_SCOPE cannot be read.
        psycopg.Error: if the database as a whole refuses (no connection, no table, no right).
    """
    scope = scope or scope_from_environment()
    if scope.organizations == ():
        log.warning("no agent was synced: %s is unset or none", SCOPE_VARIABLE)
        return nothing_done()
    selection = Selection(scope.organizations)
    summary = await _synchronise_or_narrow_down(get_supabase_connection, get_langgraph_connection, selection)
    log.info(
        "synced agents: %s", ", ".join(f"{key} {value}" for key, value in summary.items() if isinstance(value, int))
    )
    _log_refusals(summary)
    return summary


async def plan_sync(
    get_supabase_connection: GetConnection,
    get_langgraph_connection: GetConnection | None = None,
    *,
    scope: Scope,
    shown: int = 1000,
) -> SyncPlan:
    """Tell what `startup_agent_sync` would do, by the same decision, in read-only transactions.

    Args:
        get_supabase_connection: as there.
        get_langgraph_connection: as there.
        scope: whose agents.
        shown: how many agents to name at most; the summary counts all.
    """
    selection = Selection(scope.organizations)
    async with writing(get_supabase_connection) as connection:
        supabase = Side(connection)
        await supabase.do(selection.fit)
        present = IN_PLACE
        if get_other := _second(get_supabase_connection, get_langgraph_connection):
            async with writing(get_other) as other:
                present = await copy_present(Side(other), supabase, selection)
        await supabase.do("read_only")
        summary = await _summary(supabase, selection, present)
        changes = await supabase.rows(
            "sync_changes", {**selection.parameters, "shown": shown}, **selection.over(present)
        )
    return SyncPlan(summary=summary, changes=tuple(Change(**each) for each in changes))


async def sync_single_agent(
    get_supabase_connection: GetConnection,
    get_langgraph_connection: GetConnection | None = None,
    *,
    agent_id: UUID,
    writes_back: bool = True,
) -> AgentSync:
    """Make one agent have its assistant, also one that startup leaves alone, and its write-back name it.

    The assistant belongs to the system, whoever asks. `writes_back` false leaves the write-back as it is.

    Raises:
        AgentNotActiveError: if no active agent has this id.
        AgentNotSyncedError: if no JSON can hold the agent's content.
        AssistantConflictError: if a row that is not the system's has its id.
    """
    selection = Selection(None, on_demand=True, agent_id=agent_id, writes_back=writes_back)
    summary = await _synchronise(get_supabase_connection, get_langgraph_connection, selection)
    _log_refusals(summary)
    if summary["total"] == 0:
        raise AgentNotActiveError(f"got agent {agent_id}")
    for failure in summary["failures"]:
        raise AgentNotSyncedError(f"agent {agent_id} ({failure.name!r}): {failure.reason}")
    for conflict in summary["conflicts"]:
        raise AssistantConflictError(f"agent {agent_id} ({conflict.name!r}): {conflict.reason}")
    return AgentSync(
        assistant_id=str(agent_id),
        outcome=next(iter(_written(summary)), "skipped"),
        wrote_back=writes_back and summary["write_backs"] > 0,
    )


async def lazy_sync_agent(
    get_supabase_connection: GetConnection,
    get_langgraph_connection: GetConnection | None = None,
    *,
    agent_id: UUID,
    fresh_for: timedelta = FRESH_FOR,
) -> AgentSync:
    """Sync one agent unless that was done a moment ago; a sync that finds nothing to do counts, too.

    Within `fresh_for` (five minutes) of metadata.synced_at the Supabase side is not asked.

    Raises:
        AgentNotActiveError, AgentNotSyncedError, AssistantConflictError: as `sync_single_agent` does.
    """
    get_side = get_langgraph_connection or get_supabase_connection
    parameters = {"assistant_id": str(agent_id)}
    async with writing(get_side) as connection:
        last = await Side(connection).rows("last_synced", parameters)
    if last and _is_fresh(last[0]["synced_at"], last[0]["now"], fresh_for):
        return AgentSync(assistant_id=str(agent_id), outcome="skipped")
    synced = await sync_single_agent(get_supabase_connection, get_langgraph_connection, agent_id=agent_id)
    if synced.outcome == "skipped":
        async with writing(get_side) as connection:
            await Side(connection).do("refresh_synced_at", parameters)
    return synced


def _is_fresh(synced_at: str | None, now: datetime, fresh_for: timedelta) -> bool:
    try:
        return timedelta() <= now - datetime.fromisoformat(synced_at or "") < fresh_for
    except (ValueError, TypeError):  # an older server's spelling, or one without a time zone
        return False


async def _synchronise_or_narrow_down(
    get_supabase_connection: GetConnection, get_langgraph_connection: GetConnection | None, everything: Selection
) -> SyncSummary:
    """Synchronise in one go; where an agent makes the database refuse, halve until it stands alone, and go on."""
    done = nothing_done()
    ranges = [everything]
    while ranges:
        selection = ranges.pop()
        try:
            done = added(done, await _synchronise(get_supabase_connection, get_langgraph_connection, selection))
        except psycopg.Error as error:
            if (error.sqlstate or "")[:2] not in _ONE_AGENTS_FAULT or len(done["failures"]) >= _MOST_FAULTS:
                raise
            async with writing(get_supabase_connection) as connection:
                middle = await Side(connection).row("middle_agent", selection.parameters)
            if middle["agents"] > 1:
                ranges.append(replace(selection, last=middle["agent_id"]))
                ranges.append(replace(selection, first=UUID(int=middle["agent_id"].int + 1)))
            else:
                reason = error.diag.message_primary or type(error).__name__
                refusal = Refusal(agent_id=middle["agent_id"], name=middle["name"], reason=reason)
                done["failures"].append(refusal)
                done["failed"] += 1
                done["total"] += 1
    return done


async def _synchronise(
    get_supabase_connection: GetConnection, get_langgraph_connection: GetConnection | None, selection: Selection
) -> SyncSummary:
    """Synchronise, and once more where a row came in between the comparison and the insert."""
    try:
        return await _compare_and_write(get_supabase_connection, get_langgraph_connection, selection)
    except psycopg.errors.UniqueViolation:
        return await _compare_and_write(get_supabase_connection, get_langgraph_connection, selection)


async def _compare_and_write(
    get_supabase_connection: GetConnection, get_langgraph_connection: GetConnection | None, selection: Selection
) -> SyncSummary:
    async with writing(get_supabase_connection) as connection:
        supabase = Side(connection)
        await supabase.do("lock_sync", {"subject": selection.subject})
        await supabase.do(selection.fit)
        get_other = _second(get_supabase_connection, get_langgraph_connection)
        if get_other is None:
            summary = await _summary(supabase, selection, IN_PLACE)
            written = {outcome: await write_in_place(supabase, selection, outcome) for outcome in _written(summary)}
        else:
            # Committed before any write-back: a crash between leaves a row that nothing names, never a name without a row.
            async with writing(get_other) as other:
                langgraph = Side(other)
                await langgraph.do(selection.fit)
                present = await copy_present(langgraph, supabase, selection)
                summary = await _summary(supabase, selection, present)
                written = {
                    outcome: await write_across(supabase, langgraph, selection, present, outcome)
                    for outcome in _written(summary)
                }
        if summary["write_backs"] and selection.writes_back:
            refused = [each.agent_id for each in summary["conflicts"] + summary["failures"]]
            await supabase.do("write_back", {**selection.parameters, "refused": refused}, **selection.of_agents)
    return as_written(summary, written)


def _log_refusals(summary: SyncSummary) -> None:
    for refusal in summary["conflicts"] + summary["failures"]:
        log.warning("agent %s (%r) was not synced: %s", refusal.agent_id, refusal.name, refusal.reason)


def _written(summary: SyncSummary) -> list[Written]:
    outcomes: tuple[Written, ...] = get_args(Written)
    return [outcome for outcome in outcomes if summary[outcome]]


async def _summary(supabase: Side, selection: Selection, present: dict[str, str]) -> SyncSummary:
    """Compare, and tell what is to be done."""
    counted = await supabase.rows("sync_outcomes", selection.parameters, **selection.over(present))
    agents = {
        outcome: sum(row["agents"] for row in counted if row["outcome"] == outcome) for outcome in get_args(Outcome)
    }
    failed = agents["conflict"] + agents["failed"]
    refusals = await supabase.rows("sync_refusals", selection.parameters, **selection.over(present)) if failed else []
    named = [(row.pop("is_conflict"), Refusal(**row)) for row in refusals]
    return SyncSummary(
        total=sum(agents.values()),
        created=agents["created"],
        updated=agents["updated"],
        skipped=agents["skipped"],
        failed=failed,
        write_backs=sum(
            row["agents"]
            for row in counted
            if row["is_not_written_back"] and row["outcome"] not in ("conflict", "failed")
        ),
        orphans=0 if selection.is_part else await _orphans(supabase, present, sum(row["owning"] for row in counted)),
        conflicts=[refusal for is_conflict, refusal in named if is_conflict],
        failures=[refusal for is_conflict, refusal in named if not is_conflict],
    )


async def _orphans(supabase: Side, present: dict[str, str], owned: int) -> int:
    """Count assistants of the system whose agent is not in use; `owned` are known to have theirs."""
    if (await supabase.row("system_assistants", {}, present=present["present"]))["assistants"] == owned:
        return 0
    orphans: int = (await supabase.row("sync_orphans", {}, present=present["present"]))["orphans"]
    return orphans


def _second(
    get_supabase_connection: GetConnection, get_langgraph_connection: GetConnection | None
) -> GetConnection | None:
    """Return what yields connections to the second database; None where both sides are one."""
    return None if get_langgraph_connection == get_supabase_connection else get_langgraph_connection
