"""Does every agent have its assistant, and does the agent know?

What a LangGraph-compatible server calls at startup and before it serves an agent; needs psycopg and pydantic alone.
The work is done where the rows are: in one database by SQL alone, across two by COPY, without a config ever being
built or read here.
"""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, LiteralString, TypedDict
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from toolkit import sql
from toolkit.errors import ToolkitError
from toolkit.records import Agent, Record, Scope
from toolkit.store import AssistantConflictError, GetConnection, writing

SCOPE_VARIABLE = "AGENT_SYNC_SCOPE"
FRESH_FOR = timedelta(minutes=5)

_FIRST_ID, _LAST_ID = UUID(int=0), UUID(int=2**128 - 1)
_ONE_AGENTS_FAULT = frozenset({"22", "23", "40", "44", "54", "55", "P0"})
"""Classes of SQLSTATE that one agent's row can cause (https://www.postgresql.org/docs/current/errcodes-appendix.html)."""
_MOST_FAULTS = 100
"""So many agents may fail alone; one more, and it is the database that is at fault."""
_COPY_BLOCK = 1 << 16


class AgentNotActiveError(ToolkitError):
    """there is no active agent with this id: check the id, or activate the agent"""


class AgentNotSyncedError(ToolkitError):
    """this agent's row cannot be made an assistant: correct the agent, then sync it again"""


class Refusal(Record):
    """An agent that the sync could not take, and why."""

    agent_id: UUID
    name: str
    reason: str


class SyncSummary(TypedDict):
    """What a sync did, or would do: `total` agents, each created, updated, skipped or failed."""

    total: int
    created: int
    updated: int
    skipped: int
    failed: int
    """Conflicts and failures together."""
    write_backs: int
    """Agents whose langgraph_assistant_id was set right, whatever became of their assistant."""
    orphans: int
    """Assistants of the system whose agent is deleted, disabled or unknown; left where they are."""
    conflicts: list[Refusal]
    """Agents whose id somebody else's row has; the repair resolves them when they are named."""
    failures: list[Refusal]


class Change(Record):
    """What a sync would do for one agent."""

    agent_id: UUID
    name: str
    outcome: Literal["created", "updated", "skipped", "conflict", "failed"]
    writes_back: bool
    reason: str | None


@dataclass(frozen=True)
class SyncPlan:
    """What a startup sync would do, without doing it."""

    summary: SyncSummary
    changes: tuple[Change, ...]
    """Agents that are not left as they are, by outcome, then id; as many as were asked for."""


class AgentSync(Record):
    """What became of one agent's assistant."""

    assistant_id: str
    outcome: Literal["created", "updated", "skipped"]


@dataclass(frozen=True)
class _Selection:
    organizations: tuple[UUID, ...] | None
    on_demand: bool = False
    agent_id: UUID | None = None
    first: UUID = _FIRST_ID
    last: UUID = _LAST_ID

    @property
    def subject(self) -> str:
        """What a lock is taken on, so that no two syncs of it compare and write at the same time."""
        return "all" if self.agent_id is None else str(self.agent_id)

    @property
    def fit(self) -> LiteralString:
        """How the transaction is set up for it."""
        return "for_many_rows" if self.agent_id is None else "for_one_row"

    @property
    def is_part(self) -> bool:
        return (self.agent_id, self.first, self.last) != (None, _FIRST_ID, _LAST_ID)

    @property
    def parameters(self) -> dict[str, Any]:
        organizations = None if self.organizations is None else list(self.organizations)
        return {**vars(self), "organizations": organizations}


@dataclass(frozen=True)
class _Side:
    """One connection within its transaction; values are bound by the client, nothing is prepared on the server."""

    connection: psycopg.AsyncConnection[Any]

    def cursor(self) -> psycopg.AsyncClientCursor[dict[str, Any]]:
        return psycopg.AsyncClientCursor(self.connection, row_factory=dict_row)

    async def rows(self, name: LiteralString, parameters: dict[str, Any], **choices: str) -> list[dict[str, Any]]:
        async with self.cursor() as cursor:
            await cursor.execute(sql.statement(name, **choices), parameters)
            return await cursor.fetchall()

    async def row(self, name: LiteralString, parameters: dict[str, Any], **choices: str) -> dict[str, Any]:
        return (await self.rows(name, parameters, **choices))[0]

    async def do(self, name: LiteralString, parameters: dict[str, Any] | None = None, **choices: str) -> None:
        async with self.cursor() as cursor:
            await cursor.execute(sql.statement(name, **choices), parameters)


def scope_from_environment() -> Scope:
    """Read AGENT_SYNC_SCOPE: `none` (also when unset or empty), `all`, or `org:<uuid>[,org:<uuid>…]`.

    Raises:
        ParameterError: on anything else; the message names the entry.
    """
    return Scope.parse(os.environ.get(SCOPE_VARIABLE, "").strip() or "none")


async def fetch_active_agents(get_supabase_connection: GetConnection, scope: Scope | None = None) -> list[Agent]:
    """Return the active agents in scope, by id, each with the assistant it ought to have.

    `scope` defaults to AGENT_SYNC_SCOPE. All of them are held in memory; the sync itself does without this.
    """
    selection = _Selection((scope or scope_from_environment()).organizations)
    return await _agents(get_supabase_connection, selection)


async def fetch_active_agent_by_id(get_supabase_connection: GetConnection, agent_id: UUID) -> Agent | None:
    """Return the active agent with this id, also one that startup leaves alone; None where there is none."""
    found = await _agents(get_supabase_connection, _Selection(None, agent_id=agent_id))
    return found[0] if found else None


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
        return _nothing()
    selection = _Selection(scope.organizations)
    return await _synchronise_or_narrow_down(get_supabase_connection, get_langgraph_connection, selection)


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
    selection = _Selection(scope.organizations)
    async with writing(get_supabase_connection) as connection:
        supabase = _Side(connection)
        await supabase.do(selection.fit)
        present: LiteralString = "present_in_place"
        if not _is_one(get_supabase_connection, get_langgraph_connection):
            async with writing(get_langgraph_connection) as other:
                present = await _copy_present(_Side(other), supabase, selection)
        await supabase.do("read_only")
        outcomes = await supabase.row("sync_outcomes", selection.parameters, present=present)
        refusals = await supabase.row("sync_refusals", selection.parameters, present=present)
        orphans = (await supabase.row("sync_orphans", {}, present=present))["orphans"]
        changes = await supabase.rows("sync_changes", {**selection.parameters, "shown": shown}, present=present)
    summary = _summary(outcomes, refusals, orphans)
    return SyncPlan(summary=summary, changes=tuple(Change(**each) for each in changes))


async def sync_single_agent(
    get_supabase_connection: GetConnection,
    get_langgraph_connection: GetConnection | None = None,
    *,
    agent_id: UUID,
) -> AgentSync:
    """Make one agent have its assistant, also one that startup leaves alone, and its write-back name it.

    The assistant belongs to the system, whoever asks.

    Raises:
        AgentNotActiveError: if no active agent has this id.
        AgentNotSyncedError: if no JSON can hold the agent's content.
        AssistantConflictError: if a row that is not the system's has its id.
    """
    selection = _Selection(None, on_demand=True, agent_id=agent_id)
    summary = await _synchronise(get_supabase_connection, get_langgraph_connection, selection)
    if summary["total"] == 0:
        raise AgentNotActiveError(f"got agent {agent_id}")
    for failure in summary["failures"]:
        raise AgentNotSyncedError(f"agent {agent_id} ({failure.name!r}): {failure.reason}")
    for conflict in summary["conflicts"]:
        raise AssistantConflictError(f"agent {agent_id} ({conflict.name!r}): {conflict.reason}")
    outcome: Literal["created", "updated", "skipped"] = (
        "created" if summary["created"] else "updated" if summary["updated"] else "skipped"
    )
    return AgentSync(assistant_id=str(agent_id), outcome=outcome)


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
        last = await _Side(connection).rows("last_synced", parameters)
    if last and _is_fresh(last[0]["synced_at"], last[0]["now"], fresh_for):
        return AgentSync(assistant_id=str(agent_id), outcome="skipped")
    synced = await sync_single_agent(get_supabase_connection, get_langgraph_connection, agent_id=agent_id)
    if synced.outcome == "skipped":
        async with writing(get_side) as connection:
            await _Side(connection).do("refresh_synced_at", parameters)
    return synced


def _is_fresh(synced_at: str | None, now: datetime, fresh_for: timedelta) -> bool:
    try:
        return timedelta() <= now - datetime.fromisoformat(synced_at or "") < fresh_for
    except (ValueError, TypeError):  # an older server's spelling, or one without a time zone
        return False


async def _agents(get_connection: GetConnection, selection: _Selection) -> list[Agent]:
    async with writing(get_connection) as connection:
        rows = await _Side(connection).rows("active_agents", selection.parameters)
    return [Agent(**row) for row in rows]


async def _synchronise_or_narrow_down(
    get_supabase_connection: GetConnection, get_langgraph_connection: GetConnection | None, everything: _Selection
) -> SyncSummary:
    """Synchronise in one go; where an agent makes the database refuse, halve until it stands alone, and go on."""
    done = _nothing()
    ranges = [everything]
    while ranges:
        selection = ranges.pop()
        try:
            done = _added(done, await _synchronise(get_supabase_connection, get_langgraph_connection, selection))
        except psycopg.Error as error:
            if (error.sqlstate or "")[:2] not in _ONE_AGENTS_FAULT or len(done["failures"]) >= _MOST_FAULTS:
                raise
            async with writing(get_supabase_connection) as connection:
                middle = await _Side(connection).row("middle_agent", selection.parameters)
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
    get_supabase_connection: GetConnection, get_langgraph_connection: GetConnection | None, selection: _Selection
) -> SyncSummary:
    async with writing(get_supabase_connection) as connection:
        supabase = _Side(connection)
        await supabase.do("lock_sync", {"subject": selection.subject})
        await supabase.do(selection.fit)
        lost: list[dict[str, Any]] = []
        if _is_one(get_supabase_connection, get_langgraph_connection):
            present = "present_in_place"
            written = await supabase.row("write_assistants", selection.parameters, wanted="assistants_to_write", present=present)
        else:
            # Committed before any write-back: a crash between leaves a row that nothing names, never a name without a row.
            async with writing(get_langgraph_connection) as other:
                langgraph = _Side(other)
                await langgraph.do(selection.fit)
                present = await _copy_present(langgraph, supabase, selection)
                written, lost = await _write_across(supabase, langgraph, selection, present)
        refusals = await supabase.row("sync_refusals", selection.parameters, present=present)
        if refusals["write_backs"]:
            await supabase.do("write_back", selection.parameters, present=present)
        orphans = 0 if selection.is_part else (await supabase.row("sync_orphans", {}, present=present))["orphans"]
    return _summary(written, {**refusals, "conflicts": refusals["conflicts"] + lost}, orphans)


async def _copy_present(langgraph: _Side, supabase: _Side, selection: _Selection) -> LiteralString:
    """Have what is compared of the assistants beside the agents; return the statement that reads it there."""
    await supabase.do("make_present_copy")
    statement = sql.statement("copy_present_out", present="present_in_place")
    async with langgraph.cursor() as source, source.copy(statement, selection.parameters) as rows:
        await _pour(aiter(rows), supabase, "copy_present_in")
    return "present_copied"


async def _write_across(
    supabase: _Side, langgraph: _Side, selection: _Selection, present: LiteralString
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    statement = sql.statement("copy_incoming_out", present=present)
    async with supabase.cursor() as source, source.copy(statement, selection.parameters) as rows:
        blocks = aiter(rows)
        first = await anext(blocks, None)
        if first is None:  # nothing differs: nothing is made on the other side
            return {"created": 0, "updated": 0}, []
        await langgraph.do("make_incoming")
        await _pour(blocks, langgraph, "copy_incoming_in", bytes(first))
    written = await langgraph.row("write_assistants", {}, wanted="assistants_incoming")
    return written, await langgraph.rows("incoming_lost", {})


async def _pour(blocks: AsyncIterator[Any], into: _Side, name: LiteralString, first: bytes = b"") -> None:
    """Pass COPY's rows on in blocks: a write for every row would cost more than the rows."""
    async with into.cursor() as cursor, cursor.copy(sql.statement(name)) as copy:
        buffer = bytearray(first)
        async for block in blocks:
            buffer += block
            if len(buffer) >= _COPY_BLOCK:
                await copy.write(bytes(buffer))
                buffer.clear()
        await copy.write(bytes(buffer))


def _is_one(get_supabase_connection: GetConnection, get_langgraph_connection: GetConnection | None) -> bool:
    return get_langgraph_connection is None or get_langgraph_connection == get_supabase_connection


def _nothing() -> SyncSummary:
    return SyncSummary(
        total=0, created=0, updated=0, skipped=0, failed=0, write_backs=0, orphans=0, conflicts=[], failures=[]
    )


def _added(done: SyncSummary, part: SyncSummary) -> SyncSummary:
    return SyncSummary(**{key: done[key] + part[key] for key in done})  # type: ignore[literal-required, typeddict-item]


def _summary(written: dict[str, Any], refusals: dict[str, Any], orphans: int) -> SyncSummary:
    conflicts = [Refusal(**each) for each in refusals["conflicts"]]
    failures = [Refusal(**each) for each in refusals["failures"]]
    failed = len(conflicts) + len(failures)
    return SyncSummary(
        total=refusals["total"],
        created=written["created"],
        updated=written["updated"],
        skipped=refusals["total"] - written["created"] - written["updated"] - failed,
        failed=failed,
        write_backs=refusals["write_backs"],
        orphans=orphans,
        conflicts=conflicts,
        failures=failures,
    )
