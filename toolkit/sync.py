"""Does every agent have its assistant, and does the agent know?

What a LangGraph-compatible server calls at startup and before it serves an agent; needs psycopg and pydantic alone.
The work is done where the rows are: in one database by SQL alone, across two by COPY, without a config ever being
built or read here.
"""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, LiteralString, TypedDict, get_args
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from toolkit import sql
from toolkit.errors import ToolkitError
from toolkit.records import Agent, Record, Scope
from toolkit.store import AssistantConflictError, GetConnection, writing

SCOPE_VARIABLE = "AGENT_SYNC_SCOPE"
FRESH_FOR = timedelta(minutes=5)

Outcome = Literal["created", "updated", "skipped", "conflict", "failed"]

_IN_PLACE = {"present": "present_in_place", "content_differs": "content_in_place_differs"}
_COPIED = {"present": "present_copied", "content_differs": "content_copied_differs"}
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
    outcome: Outcome
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
    def which(self) -> LiteralString:
        """The condition that selects it; one statement for both would hide from the planner how many rows there are."""
        return "range_of_agents" if self.agent_id is None else "one_agent"

    def over(self, present: dict[str, str]) -> dict[str, str]:
        """Choose the includes of a statement: where the assistants stand, and which agents are meant."""
        return {**present, "which": self.which}

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

    async def do(self, name: LiteralString, parameters: dict[str, Any] | None = None, **choices: str) -> int:
        """Run a statement; return how many rows it wrote."""
        async with self.cursor() as cursor:
            await cursor.execute(sql.statement(name, **choices), parameters)
            return cursor.rowcount


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
        present = _IN_PLACE
        if not _is_one(get_supabase_connection, get_langgraph_connection):
            present = _COPIED
            async with writing(get_langgraph_connection) as other:
                await _copy_present(_Side(other), supabase, selection)
        await supabase.do("read_only")
        summary = await _summary(supabase, selection, present)
        changes = await supabase.rows("sync_changes", {**selection.parameters, "shown": shown}, **selection.over(present))
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
        rows = await _Side(connection).rows("active_agents", selection.parameters, which=selection.which)
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
    """Synchronise, and once more where a row came in between the comparison and the insert."""
    try:
        return await _compare_and_write(get_supabase_connection, get_langgraph_connection, selection)
    except psycopg.errors.UniqueViolation:
        return await _compare_and_write(get_supabase_connection, get_langgraph_connection, selection)


async def _compare_and_write(
    get_supabase_connection: GetConnection, get_langgraph_connection: GetConnection | None, selection: _Selection
) -> SyncSummary:
    async with writing(get_supabase_connection) as connection:
        supabase = _Side(connection)
        await supabase.do("lock_sync", {"subject": selection.subject})
        await supabase.do(selection.fit)
        if _is_one(get_supabase_connection, get_langgraph_connection):
            summary = await _summary(supabase, selection, _IN_PLACE)
            summary = await _write(supabase, selection, summary)
        else:
            # Committed before any write-back: a crash between leaves a row that nothing names, never a name without a row.
            async with writing(get_langgraph_connection) as other:
                langgraph = _Side(other)
                await langgraph.do(selection.fit)
                await _copy_present(langgraph, supabase, selection)
                summary = await _summary(supabase, selection, _COPIED)
                summary = await _write_across(supabase, langgraph, selection, summary)
        if summary["write_backs"]:
            refused = [each.agent_id for each in summary["conflicts"] + summary["failures"]]
            await supabase.do("write_back", {**selection.parameters, "refused": refused}, which=selection.which)
    return summary


async def _summary(supabase: _Side, selection: _Selection, present: dict[str, str]) -> SyncSummary:
    """Compare, and tell what is to be done."""
    counted = await supabase.rows("sync_outcomes", selection.parameters, **selection.over(present))
    agents = {
        outcome: sum(row["agents"] for row in counted if row["outcome"] == outcome) for outcome in get_args(Outcome)
    }
    failed = agents["conflict"] + agents["failed"]
    refusals = await supabase.rows("sync_refusals", selection.parameters, **selection.over(present)) if failed else []
    named = [(row.pop("is_conflict"), Refusal(**row)) for row in refusals]
    orphans = 0 if selection.is_part else (await supabase.rows("sync_orphans", {}, **present))[0]["orphans"]
    return SyncSummary(
        total=sum(agents.values()),
        created=agents["created"],
        updated=agents["updated"],
        skipped=agents["skipped"],
        failed=failed,
        write_backs=sum(
            row["agents"] for row in counted if row["is_not_written_back"] and row["outcome"] not in ("conflict", "failed")
        ),
        orphans=orphans,
        conflicts=[refusal for is_conflict, refusal in named if is_conflict],
        failures=[refusal for is_conflict, refusal in named if not is_conflict],
    )


async def _write(side: _Side, selection: _Selection, planned: SyncSummary) -> SyncSummary:
    written = {"created": 0, "updated": 0}
    for outcome, statement in (("created", "create_assistants"), ("updated", "update_assistants")):
        if planned[outcome]:
            parameters = {**selection.parameters, "outcome": outcome}
            written[outcome] = await side.do(statement, parameters, wanted="assistants_to_write", **selection.over(_IN_PLACE))
    return _done(planned, **written)


async def _copy_present(langgraph: _Side, supabase: _Side, selection: _Selection) -> None:
    """Have what is compared of the assistants beside the agents."""
    await supabase.do("make_present_copy")
    statement = sql.statement("copy_present_out")
    await _pour(langgraph, statement, selection.parameters, supabase, "copy_present_in")


async def _write_across(supabase: _Side, langgraph: _Side, selection: _Selection, planned: SyncSummary) -> SyncSummary:
    created = updated = 0
    statement = sql.statement("copy_assistants_out", **selection.over(_COPIED))
    if planned["created"]:
        parameters = {**selection.parameters, "outcome": "created"}
        created = await _pour(supabase, statement, parameters, langgraph, "create_assistants_copied")
    if planned["updated"]:
        await langgraph.do("make_incoming")
        parameters = {**selection.parameters, "outcome": "updated"}
        await _pour(supabase, statement, parameters, langgraph, "copy_incoming_in")
        updated = await langgraph.do("update_assistants", wanted="assistants_incoming")
    return _done(planned, created, updated)


def _done(planned: SyncSummary, created: int, updated: int) -> SyncSummary:
    """Count what was written; what another sync wrote since the comparison was left as it is."""
    skipped = planned["skipped"] + planned["created"] - created + planned["updated"] - updated
    return {**planned, "created": created, "updated": updated, "skipped": skipped}


async def _pour(source: _Side, outward: LiteralString, parameters: dict[str, Any], target: _Side, inward: LiteralString) -> int:
    """Pass COPY's rows on, in blocks: a write for every row would cost more than the rows. Return how many there were."""
    async with target.cursor() as writer:
        async with source.cursor() as reader, reader.copy(outward, parameters) as rows, writer.copy(sql.statement(inward)) as copy:
            buffer = bytearray()
            async for row in rows:
                buffer += row
                if len(buffer) >= _COPY_BLOCK:
                    await copy.write(bytes(buffer))
                    buffer.clear()
            await copy.write(bytes(buffer))
        return writer.rowcount


def _is_one(get_supabase_connection: GetConnection, get_langgraph_connection: GetConnection | None) -> bool:
    return get_langgraph_connection is None or get_langgraph_connection == get_supabase_connection


def _nothing() -> SyncSummary:
    return SyncSummary(
        total=0, created=0, updated=0, skipped=0, failed=0, write_backs=0, orphans=0, conflicts=[], failures=[]
    )


def _added(done: SyncSummary, part: SyncSummary) -> SyncSummary:
    return SyncSummary(**{key: done[key] + part[key] for key in done})  # type: ignore[literal-required, typeddict-item]
