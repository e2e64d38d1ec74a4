"""The startup sync, in one database, across two, and through a pooler."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

import toolkit.sync.sides
from tests import constants
from tests.constants import EVERYBODY, ORGANIZATION
from tests.databases import connections
from tests.pgbouncer import pooled, transaction_pooler
from toolkit.errors import ParameterError
from toolkit.scope import Scope
from toolkit.store import AssistantConflictError, GetConnection, PostgresAssistantStore
from toolkit.sync import startup
from toolkit.sync.agents import fetch_active_agent_by_id, fetch_active_agents, scope_of
from toolkit.sync.startup import (
    AgentNotActiveError,
    AgentNotSyncedError,
    SyncSummary,
    lazy_sync_agent,
    plan_sync,
    startup_agent_sync,
    sync_single_agent,
)

AGENTS = [uuid.UUID(each) for each in constants.AGENTS]

AGENT, OTHER = AGENTS[0], AGENTS[1]

DRAFT, DELETED = (uuid.UUID(each) for each in constants.NOT_IN_USE)


@dataclass(frozen=True)
class Sides:
    """The connections of a test, and short ways to look at both databases."""

    get_supabase: GetConnection
    get_langgraph: GetConnection | None
    supabase_conninfo: str
    langgraph_conninfo: str

    @property
    def store(self) -> PostgresAssistantStore:
        return PostgresAssistantStore(self.get_langgraph or self.get_supabase)

    async def sync(self, scope: Scope = EVERYBODY) -> SyncSummary:
        return await startup_agent_sync(self.get_supabase, self.get_langgraph, scope=scope)

    async def single(self, agent_id: uuid.UUID = AGENT) -> Any:
        return await sync_single_agent(self.get_supabase, self.get_langgraph, agent_id=agent_id)

    async def lazy(self, agent_id: uuid.UUID = AGENT, **options: Any) -> Any:
        return await lazy_sync_agent(self.get_supabase, self.get_langgraph, agent_id=agent_id, **options)

    async def plan(self) -> Any:
        return await plan_sync(self.get_supabase, self.get_langgraph, scope=EVERYBODY)

    async def supabase(self, query: str, *values: Any) -> list[Any]:
        return await _execute(self.supabase_conninfo, query, values)

    async def langgraph(self, query: str, *values: Any) -> list[Any]:
        return await _execute(self.langgraph_conninfo, query, values)

    async def write_backs(self) -> dict[str, str | None]:
        rows = await self.supabase("SELECT id::text, langgraph_assistant_id FROM public.agents ORDER BY id")
        return {row["id"]: row["langgraph_assistant_id"] for row in rows}

    async def assistants(self) -> dict[str, dict[str, Any]]:
        rows = await self.langgraph("SELECT *, xmin::text FROM langgraph_server.assistants ORDER BY id")
        return {row["id"]: row for row in rows}


async def _execute(conninfo: str, query: str, values: tuple[Any, ...]) -> list[Any]:
    async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True, row_factory=dict_row) as connection:
        cursor = await connection.execute(query, values)  # type: ignore[arg-type]
        return await cursor.fetchall() if cursor.description else []


@pytest.fixture(params=["one", "two", pooled("one pooled"), pooled("two pooled")])
def make_sides(
    request: pytest.FixtureRequest, clone: Callable[[str], str], pair: Callable[[str], tuple[str, str]]
) -> Iterator[Callable[[str], Sides]]:
    """Both forms of every scenario; directly on autocommit connections, through PgBouncer on the others."""
    is_pooled = "pooled" in request.param
    with ExitStack() as poolers:

        def make(scenario: str) -> Sides:
            direct = (clone(scenario),) if "one" in request.param else pair(scenario)
            reached = [poolers.enter_context(transaction_pooler(each)) if is_pooled else each for each in direct]
            gets = [connections(each, autocommit=not is_pooled) for each in reached]
            return Sides(gets[0], gets[1] if len(gets) == 2 else None, direct[0], direct[-1])

        yield make


@pytest.fixture
def one(clone: Callable[[str], str]) -> Callable[[str], Sides]:
    """For what does not depend on how one is connected."""

    def make(scenario: str) -> Sides:
        conninfo = clone(scenario)
        return Sides(connections(conninfo, autocommit=True), None, conninfo, conninfo)

    return make


def counts(summary: SyncSummary) -> tuple[int, ...]:
    return summary["total"], summary["created"], summary["updated"], summary["skipped"], summary["failed"]


# the round trip


async def test_startup_makes_every_agents_assistant_under_the_agents_id(make_sides: Callable[[str], Sides]) -> None:
    sides = make_sides("healthy")
    await sides.langgraph("DELETE FROM langgraph_server.assistants")
    await sides.supabase("UPDATE public.agents SET langgraph_assistant_id = NULL")
    summary = await sides.sync()
    assert counts(summary) == (5, 5, 0, 0, 0)
    assert summary["write_backs"] == 5
    assert list(await sides.assistants()) == [str(agent) for agent in AGENTS]
    assert await sides.write_backs() == {
        **{str(agent): str(agent) for agent in AGENTS},
        str(DRAFT): None,
        str(DELETED): None,
    }
    for agent in await fetch_active_agents(sides.get_supabase, EVERYBODY):
        assistant = await sides.store.get(agent.agent_id, "user-1")
        assert assistant is not None
        assert (assistant.name, assistant.graph_id, assistant.config) == (agent.name, agent.graph_id, agent.config)
        synced_at = datetime.fromisoformat(assistant.metadata.pop("synced_at"))
        assert datetime.now(UTC) - synced_at < timedelta(minutes=1)
        assert assistant.metadata == agent.metadata
        assert (assistant.context, assistant.description, assistant.version) == ({}, None, 1)


async def test_what_is_written_is_what_the_design_says(one: Callable[[str], Sides]) -> None:
    sides = one("healthy")
    await sides.supabase("DELETE FROM langgraph_server.assistants")
    await sides.sync()
    assistants = await sides.assistants()
    document = {"name": "document-mcp", "url": "http://127.0.0.1:55480/document", "auth_required": True}
    legal = {"name": "legal-mcp", "url": "http://127.0.0.1:55480/legal", "auth_required": False}
    supabase = {"name": "supabase-mcp", "url": "http://127.0.0.1:55480/supabase/mcp", "auth_required": True}
    organization = {"supabase_organization_id": ORGANIZATION}
    assert assistants[str(AGENT)]["config"] == {
        "configurable": {
            **organization,
            "model_name": "openai:gpt-4o-mini",
            "system_prompt": "Du bist ein Dokumenten-Assistent.",
            "mcp_config": {"servers": [document]},
        }
    }
    assert assistants[str(OTHER)]["config"]["configurable"]["mcp_config"] == {"servers": [legal, supabase]}
    assert assistants[str(OTHER)]["config"]["configurable"]["temperature"] == 0.3
    assert assistants[str(AGENTS[3])]["graph_id"] == "research_agent"
    assert assistants[str(AGENTS[3])]["config"]["configurable"] == {
        "supabase_organization_id": "22222222-2222-4222-8222-222222222222",
        "model_name": "openai:gpt-4o",
    }


async def test_a_second_sync_writes_nothing(make_sides: Callable[[str], Sides]) -> None:
    sides = make_sides("healthy")
    await sides.sync()
    before = await sides.assistants()
    agents = await sides.supabase("SELECT id, xmin::text FROM public.agents ORDER BY id")
    summary = await sides.sync()
    assert counts(summary) == (5, 0, 0, 5, 0)
    assert summary["write_backs"] == 0
    assert await sides.assistants() == before
    assert await sides.supabase("SELECT id, xmin::text FROM public.agents ORDER BY id") == agents


async def test_an_unchanged_sync_needs_no_transaction_id(one: Callable[[str], Sides]) -> None:
    sides = one("healthy")
    await sides.sync()
    async with await psycopg.AsyncConnection.connect(sides.supabase_conninfo) as connection:

        @asynccontextmanager
        async def get_connection() -> AsyncIterator[psycopg.AsyncConnection[Any]]:
            yield connection

        async with connection.transaction():
            await startup_agent_sync(get_connection, scope=EVERYBODY)
            assigned = await (await connection.execute("SELECT pg_current_xact_id_if_assigned()")).fetchone()
    assert assigned == (None,)


async def test_the_other_shape_of_the_same_servers_is_no_difference(make_sides: Callable[[str], Sides]) -> None:
    sides = make_sides("healthy")
    assert "tools" in json.dumps((await sides.assistants())[str(OTHER)]["config"])
    await sides.langgraph(
        "UPDATE langgraph_server.assistants SET name = %s WHERE id = %s", "Rechts-Assistent", str(OTHER)
    )
    plan = await sides.plan()
    assert {change.agent_id for change in plan.changes} == set(AGENTS) - {OTHER}
    assert counts(plan.summary) == (5, 0, 4, 1, 0)


async def test_on_the_broken_database_the_sync_adds_the_canonical_rows_and_leaves_the_rest(
    make_sides: Callable[[str], Sides],
) -> None:
    sides = make_sides("broken")
    before = await sides.assistants()
    summary = await sides.sync()
    assert counts(summary) == (5, 5, 0, 0, 0)
    after = await sides.assistants()
    assert len(after) == len(before) + 5
    assert {key: after[key] for key in before} == before


# 7: what is healed


@pytest.mark.parametrize("wrong", [None, "", "0" * 32, str(OTHER), str(AGENT).upper()])
async def test_the_write_back_heals_also_when_nothing_else_changed(
    one: Callable[[str], Sides], wrong: str | None
) -> None:
    sides = one("healthy")
    await sides.sync()
    before = await sides.assistants()
    for heal in (sides.sync, sides.single, lambda: sides.lazy(fresh_for=timedelta())):
        await sides.supabase("UPDATE public.agents SET langgraph_assistant_id = %s WHERE id = %s", wrong, AGENT)
        await heal()
        assert (await sides.write_backs())[str(AGENT)] == str(AGENT)
    assert (await sides.assistants()).keys() == before.keys()


async def test_text_arrives_whatever_encoding_each_client_has(pair: Callable[[str], tuple[str, str]]) -> None:
    supabase, langgraph = pair("healthy")
    for name, encodings in (("Köln 漢", ("utf8", "latin1")), ("Bünde 字", ("latin1", "utf8"))):
        here, there = (
            connections(each, autocommit=True, client_encoding=encoding)
            for each, encoding in zip((supabase, langgraph), encodings, strict=True)
        )
        sides = Sides(here, there, supabase, langgraph)
        await sides.supabase("UPDATE public.agents SET name = %s", name)
        await sides.langgraph("DELETE FROM langgraph_server.assistants WHERE id = %s", str(AGENT))
        assert counts(await sides.sync()) == (5, 1, 4, 0, 0)
        assert {row["name"] for row in (await sides.assistants()).values()} == {name}


async def test_a_caller_syncs_many_times_in_transactions_of_its_own(pair: Callable[[str], tuple[str, str]]) -> None:
    conninfos = pair("healthy")
    await _execute(conninfos[1], "DELETE FROM langgraph_server.assistants", ())
    async with (
        await psycopg.AsyncConnection.connect(conninfos[0]) as supabase,
        await psycopg.AsyncConnection.connect(conninfos[1]) as langgraph,
        supabase.transaction(),
        langgraph.transaction(),
    ):
        sides = Sides(lambda: nullcontext(supabase), lambda: nullcontext(langgraph), *conninfos)
        await sides.single()
        await sides.single(OTHER)
        assert counts(await sides.sync()) == (5, 3, 0, 2, 0)
    assert len(await sides.assistants()) == 5


async def test_a_write_back_heals_across_two_databases(make_sides: Callable[[str], Sides]) -> None:
    sides = make_sides("healthy")
    await sides.sync()
    before = await sides.assistants()
    await sides.supabase("UPDATE public.agents SET langgraph_assistant_id = NULL WHERE id = %s", AGENT)
    summary = await sides.sync()
    assert counts(summary) == (5, 0, 0, 5, 0)
    assert summary["write_backs"] == 1
    assert (await sides.write_backs())[str(AGENT)] == str(AGENT)
    assert await sides.assistants() == before


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE public.agents SET name = 'Neu' WHERE id = %s",
        "UPDATE public.agents SET graph_id = 'other' WHERE id = %s",
        "UPDATE public.agents SET system_prompt = 'Neu' WHERE id = %s",
        "UPDATE public.agents SET temperature = 0 WHERE id = %s",
        "UPDATE public.agents SET organization_id = '22222222-2222-4222-8222-222222222222' WHERE id = %s",
        "DELETE FROM public.agent_mcp_tools WHERE agent_id = %s",
    ],
)
async def test_a_change_of_any_content_is_an_update(one: Callable[[str], Sides], change: str) -> None:
    sides = one("healthy")
    await sides.sync()
    before = await sides.assistants()
    await sides.supabase(change, AGENT)
    assert counts(await sides.sync()) == (5, 0, 1, 4, 0)
    after = await sides.assistants()
    assert after[str(AGENT)]["version"] == before[str(AGENT)]["version"] + 1
    assert after[str(AGENT)]["created_at"] == before[str(AGENT)]["created_at"]
    desired = await fetch_active_agent_by_id(sides.get_supabase, AGENT)
    assert desired is not None
    assert after[str(AGENT)]["config"] == desired.config
    assert {key: after[key] for key in after if key != str(AGENT)} == {
        key: before[key] for key in before if key != str(AGENT)
    }


async def test_an_update_keeps_what_the_sync_does_not_write(one: Callable[[str], Sides]) -> None:
    sides = one("healthy")
    await sides.langgraph(
        'UPDATE langgraph_server.assistants SET metadata = metadata || \'{"note": '
        "1}', description = 'D', context = '{\"a\": 1}'"
    )
    await sides.sync()
    row = (await sides.assistants())[str(AGENT)]
    assert (row["metadata"]["note"], row["description"], row["context"]) == (1, "D", {"a": 1})


async def test_a_lazy_sync_that_finds_nothing_to_do_counts_as_fresh(make_sides: Callable[[str], Sides]) -> None:
    sides = make_sides("healthy")
    await sides.sync()
    old = "2020-01-01T00:00:00+00:00"
    await sides.langgraph(
        "UPDATE langgraph_server.assistants SET metadata = metadata || jsonb_build_object('synced_at', %s::text)", old
    )
    before = (await sides.assistants())[str(AGENT)]
    assert (await sides.lazy()).outcome == "skipped"
    after = (await sides.assistants())[str(AGENT)]
    assert after["metadata"]["synced_at"] > old
    assert (after["version"], after["updated_at"]) == (before["version"], before["updated_at"])
    await sides.supabase("UPDATE public.agents SET name = 'Neu' WHERE id = %s", AGENT)
    assert (await sides.lazy()).outcome == "skipped"
    assert (await sides.lazy(fresh_for=timedelta())).outcome == "updated"


async def test_a_lazy_sync_waits_for_no_row_that_it_would_only_stamp(make_sides: Callable[[str], Sides]) -> None:
    sides = make_sides("healthy")
    await sides.sync()
    async with await psycopg.AsyncConnection.connect(sides.langgraph_conninfo) as holder:
        await holder.execute("SELECT FROM langgraph_server.assistants FOR UPDATE")
        synced = await asyncio.wait_for(sides.lazy(fresh_for=timedelta()), 10)
        assert synced.outcome == "skipped"


async def test_a_transaction_that_the_caller_began_gets_its_settings_back(one: Callable[[str], Sides]) -> None:
    async with await psycopg.AsyncConnection.connect(one("broken").supabase_conninfo) as connection:

        @asynccontextmanager
        async def get_connection() -> AsyncIterator[psycopg.AsyncConnection[Any]]:
            yield connection

        async def settings() -> list[Any]:
            found = await connection.execute("SELECT name, setting FROM pg_settings ORDER BY name")
            return await found.fetchall()

        async with connection.transaction(force_rollback=True):
            await connection.execute("SET LOCAL search_path = public; SET LOCAL lock_timeout = '7s'")
            before = await settings()
            assert (await startup_agent_sync(get_connection, scope="all"))["created"] == 5
            await lazy_sync_agent(get_connection, agent_id=AGENT, fresh_for=timedelta())
            assert await settings() == before


@pytest.mark.parametrize("agent_id", [None, "nope", 5])
async def test_what_is_no_uuid_is_no_agent(one: Callable[[str], Sides], agent_id: Any) -> None:
    sides = one("broken")
    assert await fetch_active_agent_by_id(sides.get_supabase, agent_id) is None
    for sync in (sides.single, sides.lazy):
        with pytest.raises(AgentNotActiveError, match=f"got agent {agent_id!r}"):
            await sync(agent_id)


@pytest.mark.parametrize("unreadable", ["", "yesterday", "2999-01-01T00:00:00+00:00", "2026-01-01T00:00:00"])
async def test_a_synced_at_that_says_nothing_is_not_fresh(one: Callable[[str], Sides], unreadable: str) -> None:
    sides = one("healthy")
    await sides.sync()
    await sides.supabase("UPDATE public.agents SET name = 'Neu' WHERE id = %s", AGENT)
    await sides.langgraph(
        "UPDATE langgraph_server.assistants SET metadata = metadata || jsonb_build_object('synced_at', %s::text)",
        unreadable,
    )
    assert (await sides.lazy()).outcome == "updated"


# 1, 10: at the same time


async def test_concurrent_syncs_of_one_agent_make_one_row_of_one_version(make_sides: Callable[[str], Sides]) -> None:
    sides = make_sides("healthy")
    await sides.langgraph("DELETE FROM langgraph_server.assistants")
    outcomes = await asyncio.gather(*(sides.single() for _ in range(4)))
    assert sorted(each.outcome for each in outcomes) == ["created", "skipped", "skipped", "skipped"]
    assert (await sides.assistants())[str(AGENT)]["version"] == 1


async def test_servers_that_start_together_make_every_row_once(make_sides: Callable[[str], Sides]) -> None:
    sides = make_sides("healthy")
    await sides.langgraph("DELETE FROM langgraph_server.assistants")
    summaries = await asyncio.gather(*(sides.sync() for _ in range(3)), sides.single(), sides.lazy(OTHER))
    assert sum(summary["created"] for summary in summaries[:3]) + sum(
        each.outcome == "created" for each in summaries[3:]
    ) == 5  # fmt: skip
    assert [row["version"] for row in (await sides.assistants()).values()] == [1] * 5


# 8, 9: whose they are


async def test_a_lazily_synced_assistant_belongs_to_the_system(make_sides: Callable[[str], Sides]) -> None:
    sides = make_sides("healthy")
    await sides.langgraph("DELETE FROM langgraph_server.assistants")
    await sides.lazy()
    assert (await sides.assistants())[str(AGENT)]["metadata"]["owner"] == "system"
    assert await sides.store.get(AGENT, "user-1") is not None
    assert await sides.store.get(AGENT, "user-2") is not None


async def test_a_squatters_row_is_a_conflict_by_name_and_stays(make_sides: Callable[[str], Sides]) -> None:
    sides = make_sides("healthy")
    await sides.langgraph("DELETE FROM langgraph_server.assistants")
    await sides.supabase("UPDATE public.agents SET langgraph_assistant_id = NULL")
    evil = {
        "assistant_id": str(AGENT),
        "graph_id": "evil",
        "metadata": {"owner": "system", "supabase_agent_id": str(AGENT)},
    }
    theirs = await sides.store.create(evil, "user-1")
    summary = await sides.sync()
    assert counts(summary) == (5, 4, 0, 0, 1)
    assert [(each.agent_id, each.name) for each in summary["conflicts"]] == [(AGENT, "Dokumenten-Assistent")]
    with pytest.raises(AssistantConflictError, match=f"{AGENT}.*Dokumenten-Assistent.*repair --allow conflict:"):
        await sides.single()
    with pytest.raises(AssistantConflictError):
        await sides.lazy()
    assert await sides.store.get(AGENT, "user-1") == theirs
    assert (await sides.write_backs())[str(AGENT)] is None


async def test_a_system_row_that_names_another_agent_is_a_conflict(one: Callable[[str], Sides]) -> None:
    sides = one("healthy")
    await sides.langgraph(
        "UPDATE langgraph_server.assistants SET metadata = metadata || jsonb_build_object('supabase_agent_id', "
        "%s::text) WHERE id = %s",
        str(OTHER),
        str(AGENT),
    )
    before = (await sides.assistants())[str(AGENT)]
    summary = await sides.sync()
    assert [each.agent_id for each in summary["conflicts"]] == [AGENT]
    assert str(OTHER) in summary["conflicts"][0].reason
    assert (await sides.assistants())[str(AGENT)] == before


async def test_another_spelling_of_the_agent_in_the_metadata_is_corrected(one: Callable[[str], Sides]) -> None:
    sides = one("healthy")
    await sides.langgraph(
        "UPDATE langgraph_server.assistants SET metadata = metadata || jsonb_build_object('supabase_agent_id', "
        "%s::text) WHERE id = %s",
        AGENT.hex.upper(),
        str(AGENT),
    )
    assert (await sides.sync())["conflicts"] == []
    assert (await sides.assistants())[str(AGENT)]["metadata"]["supabase_agent_id"] == str(AGENT)


# 12: orphans


async def test_assistants_of_agents_not_in_use_are_counted_and_left(make_sides: Callable[[str], Sides]) -> None:
    sides = make_sides("healthy")
    assert (await sides.sync())["orphans"] == 0
    await sides.supabase("UPDATE public.agents SET status = 'disabled' WHERE id = %s", AGENTS[0])
    await sides.supabase("UPDATE public.agents SET deleted_at = now() WHERE id = %s", AGENTS[1])
    await sides.supabase("DELETE FROM public.agents WHERE id = %s", AGENTS[2])
    summary = await sides.sync(Scope.parse(f"org:{ORGANIZATION}"))
    assert (summary["total"], summary["orphans"]) == (1, 3)
    assert len(await sides.assistants()) == 5


# one bad agent


async def test_a_value_that_json_cannot_hold_fails_that_agent_alone(make_sides: Callable[[str], Sides]) -> None:
    sides = make_sides("healthy")
    await sides.langgraph("DELETE FROM langgraph_server.assistants")
    await sides.supabase("UPDATE public.agents SET temperature = 'NaN' WHERE id = %s", AGENT)
    await sides.supabase("UPDATE public.agents SET temperature = '-Infinity' WHERE id = %s", OTHER)
    summary = await sides.sync()
    assert counts(summary) == (5, 3, 0, 0, 2)
    assert [(each.agent_id, each.reason) for each in summary["failures"]] == [
        (AGENT, "temperature is NaN, which JSON cannot hold"),
        (OTHER, "temperature is -Infinity, which JSON cannot hold"),
    ]
    with pytest.raises(AgentNotSyncedError, match="NaN"):
        await sides.single()
    assert str(AGENT) not in await sides.assistants()


@pytest.mark.parametrize("place", ["langgraph_server.assistants", "public.agents"])
async def test_an_agent_that_makes_the_database_refuse_fails_alone(
    make_sides: Callable[[str], Sides], place: str
) -> None:
    sides = make_sides("healthy")
    await sides.langgraph("DELETE FROM langgraph_server.assistants")
    await sides.supabase("UPDATE public.agents SET langgraph_assistant_id = NULL")
    side = sides.supabase if place == "public.agents" else sides.langgraph
    await side(f"ALTER TABLE {place} ADD CONSTRAINT no_lawyers CHECK (name <> 'Rechts-Assistent') NOT VALID")
    summary = await sides.sync()
    assert (summary["total"], summary["failed"]) == (5, 1)
    assert (
        summary["created"] + summary["skipped"] == 4
    )  # across two, an attempt may have made them before its write-back failed
    assert [each.agent_id for each in summary["failures"]] == [OTHER]
    assert "no_lawyers" in summary["failures"][0].reason
    assert {key for key, value in (await sides.write_backs()).items() if value} == {
        str(each) for each in AGENTS if each != OTHER
    }


async def test_a_row_that_somebody_holds_locked_fails_alone(
    one: Callable[[str], Sides], monkeypatch: pytest.MonkeyPatch
) -> None:
    # It waits once for all agents, and again for each half.
    monkeypatch.setattr(toolkit.sync.sides, "_FOR_ALL", (*toolkit.sync.sides._FOR_ALL, "LOCAL lock_timeout = '200ms'"))
    sides = one("healthy")
    await sides.supabase("UPDATE public.agents SET langgraph_assistant_id = NULL")
    async with await psycopg.AsyncConnection.connect(sides.supabase_conninfo) as holder:
        await holder.execute("SELECT FROM public.agents WHERE id = %s FOR UPDATE", [AGENT])
        summary = await sides.sync()
    assert [each.agent_id for each in summary["failures"]] == [AGENT]
    assert summary["updated"] == 4


async def test_a_database_that_refuses_altogether_is_an_error(one: Callable[[str], Sides]) -> None:
    sides = one("healthy")
    await sides.supabase("DROP TABLE langgraph_server.assistants")
    with pytest.raises(psycopg.errors.UndefinedTable):
        await sides.sync()


async def test_a_table_that_is_locked_is_an_error_without_agents_too(one: Callable[[str], Sides]) -> None:
    sides = one("empty")
    async with await psycopg.AsyncConnection.connect(sides.supabase_conninfo) as holder:
        await holder.execute("LOCK TABLE langgraph_server.assistants IN ACCESS EXCLUSIVE MODE")
        for sync in (sides.sync, sides.lazy):
            with pytest.raises(psycopg.errors.LockNotAvailable):
                await asyncio.wait_for(sync(), 10)


async def test_a_database_that_refuses_every_agent_is_an_error(
    one: Callable[[str], Sides], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(startup, "_MOST_FAULTS", 10)
    sides = one("empty")
    await sides.supabase("INSERT INTO public.organizations (id, name) VALUES (%s, 'A')", uuid.UUID(ORGANIZATION))
    await sides.supabase(
        "INSERT INTO public.agents (organization_id, name) SELECT %s, 'A' FROM generate_series(1, 15)",
        uuid.UUID(ORGANIZATION),
    )
    await sides.supabase("ALTER TABLE langgraph_server.assistants ADD CHECK (false)")
    with pytest.raises(psycopg.errors.CheckViolation):
        await sides.sync()


# both generations of agents


async def test_the_newer_columns_are_read_where_they_are(one: Callable[[str], Sides]) -> None:
    sides = one("healthy")
    await sides.supabase("ALTER TABLE public.agents DROP COLUMN temperature, DROP COLUMN max_tokens")
    await sides.supabase(
        "ALTER TABLE public.agents ADD sampling_params jsonb NOT NULL DEFAULT '{}', ADD assistant_tool_ids uuid[] NOT "
        "NULL DEFAULT '{}',"
        " ADD is_global boolean NOT NULL DEFAULT true"
    )
    await sides.supabase(
        """UPDATE public.agents SET
           sampling_params = '{"temperature": 0.7, "top_p": null, "system_prompt": "x", "format": {"a": null}}',
           assistant_tool_ids = %s WHERE id = %s""",
        [[OTHER], [None]],
        AGENTS[3],
    )
    await sides.supabase("UPDATE public.agents SET is_global = false WHERE id = %s", AGENT)
    for unfit in ("[1]", '{"seed": 1e5000}', '{"seed": [-1e309]}', f'{{"a": {"[" * 1500}{"]" * 1500}}}'):
        await sides.supabase("UPDATE public.agents SET sampling_params = %s WHERE id = %s", unfit, OTHER)
        await sides.langgraph("DELETE FROM langgraph_server.assistants")
        summary = await sides.sync()
        assert counts(summary) == (4, 3, 0, 0, 1)
        assert summary["failures"][0].reason.startswith("sampling_params ")
        assert len(await sides.store.list("user-1")) == 3
        assert len(await fetch_active_agents(sides.get_supabase, EVERYBODY)) == 5
    assistants = await sides.assistants()
    assert assistants[str(AGENTS[3])]["config"]["configurable"] == {
        "supabase_organization_id": "22222222-2222-4222-8222-222222222222",
        "model_name": "openai:gpt-4o",
        "temperature": 0.7,
        "format": {"a": None},
        "agent_tools": [str(OTHER)],
    }
    assert str(AGENT) not in assistants
    assert (await sides.single()).outcome == "created"


async def test_rows_without_a_value_leave_none_in_the_config(one: Callable[[str], Sides]) -> None:
    sides = one("healthy")
    await sides.supabase(
        "ALTER TABLE public.mcp_tools ALTER tool_name DROP NOT NULL, ALTER auth_required DROP NOT NULL"
    )
    await sides.supabase("UPDATE public.mcp_tools SET auth_required = NULL")
    await sides.supabase(
        "WITH made AS (INSERT INTO public.mcp_tools (tool_name, endpoint_url) VALUES (NULL, 'http://a'), ('', 'http://b')"
        " RETURNING id) INSERT INTO public.agent_mcp_tools (agent_id, mcp_tool_id) SELECT %s, id FROM made",
        AGENT,
    )
    await sides.supabase("UPDATE public.ai_models SET runtime_model_name = ''")
    await sides.sync()
    configured = (await sides.assistants())[str(AGENT)]["config"]["configurable"]
    assert configured["model_name"] == "openai:gpt-4o"
    assert [(each["name"], each["auth_required"]) for each in configured["mcp_config"]["servers"]] == [
        ("document-mcp", False)
    ]


# single agents


@pytest.mark.parametrize("agent", [DRAFT, DELETED, uuid.UUID(int=7)])
async def test_an_agent_that_is_not_active_is_not_synced(one: Callable[[str], Sides], agent: uuid.UUID) -> None:
    sides = one("healthy")
    before = await sides.assistants()
    with pytest.raises(AgentNotActiveError, match=str(agent)):
        await sides.single(agent)
    assert await fetch_active_agent_by_id(sides.get_supabase, agent) is None
    assert await sides.assistants() == before


# the scope


async def test_a_scope_of_one_organization_leaves_the_others(make_sides: Callable[[str], Sides]) -> None:
    sides = make_sides("healthy")
    await sides.langgraph("DELETE FROM langgraph_server.assistants")
    summary = await sides.sync(Scope.parse(f"org:{ORGANIZATION}"))
    assert counts(summary) == (3, 3, 0, 0, 0)
    assert {row["metadata"]["supabase_organization_id"] for row in (await sides.assistants()).values()} == {
        ORGANIZATION
    }


async def test_the_scope_comes_from_the_environment(
    one: Callable[[str], Sides], monkeypatch: pytest.MonkeyPatch
) -> None:
    sides = one("healthy")
    for text, total in {
        "": 0,
        "None": 0,
        " ALL ": 5,
        f"org:{ORGANIZATION},org:{uuid.UUID(int=1)}": 3,
        f" Org: {ORGANIZATION.upper()} , ": 3,
    }.items():
        monkeypatch.setenv("AGENT_SYNC_SCOPE", text)
        assert (await startup_agent_sync(sides.get_supabase))["total"] == total
        assert (await plan_sync(sides.get_supabase, scope=text)).summary["total"] == total
    monkeypatch.delenv("AGENT_SYNC_SCOPE")
    assert scope_of(None).organizations == ()


@pytest.mark.parametrize("text", ["every", "all,none", "org:", "org:x", f"org:{ORGANIZATION},user:1"])
def test_another_scope_is_refused_and_named(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("AGENT_SYNC_SCOPE", text)
    with pytest.raises(ParameterError) as refusal:
        scope_of(None)
    assert repr(text.split(",")[-1]) in str(refusal.value) or repr(text.split(",")[0]) in str(refusal.value)


# the plan


async def test_the_plan_says_what_the_sync_then_does(make_sides: Callable[[str], Sides]) -> None:
    sides = make_sides("healthy")
    await sides.langgraph("DELETE FROM langgraph_server.assistants WHERE id = %s", str(AGENTS[0]))
    await sides.langgraph(
        'UPDATE langgraph_server.assistants SET metadata = \'{"owner": "user-1"}\' WHERE id = %s', str(AGENTS[1])
    )
    await sides.supabase("UPDATE public.agents SET temperature = 'NaN' WHERE id = %s", AGENTS[2])
    await sides.supabase("UPDATE public.agents SET langgraph_assistant_id = NULL WHERE id = %s", AGENTS[3])
    before = await sides.assistants()
    plan = await sides.plan()
    assert await sides.assistants() == before
    assert [(change.agent_id, change.outcome, change.writes_back) for change in plan.changes] == [
        (AGENTS[1], "conflict", False),
        (AGENTS[0], "created", False),
        (AGENTS[2], "failed", False),
        (AGENTS[3], "updated", True),
        (AGENTS[4], "updated", False),
    ]
    assert await sides.sync() == plan.summary
    after = await sides.plan()
    assert [change.outcome for change in after.changes] == ["conflict", "failed"]


async def test_the_plan_writes_nothing_even_where_it_could_not(one: Callable[[str], Sides]) -> None:
    sides = one("broken")
    reading = connections(sides.supabase_conninfo + " options='-c default_transaction_read_only=on'", autocommit=True)
    plan = await plan_sync(reading, scope=EVERYBODY, shown=2)
    assert plan.summary["created"] == 5
    assert len(plan.changes) == 2
