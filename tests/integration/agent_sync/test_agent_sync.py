"""The server's calls of the sync and the store, as it makes them, on a real PostgreSQL."""

import ast
import asyncio
import inspect
import logging
import uuid
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from tests import fractal_server
from tests.fractal_server import Assistant, AssistantConfig, Server, Storage, connections
from toolkit import agent_sync
from toolkit.agent_sync import AgentSyncMcpTool, AgentSyncScope
from toolkit.store import AssistantConflictError

ORGANIZATION = uuid.UUID("11111111-1111-4111-8111-111111111111")

AGENTS = [f"a0000000-0000-4000-a000-00000000000{number}" for number in range(1, 6)]

AGENT = AGENTS[0]

DRAFT = "a0000000-0000-4000-a000-000000000006"

USER, OTHER = "c0de0000-0000-4000-8000-000000000001", "c0de0000-0000-4000-8000-000000000002"


class Made:
    """A server over a database of a test's own, and a short way to look into it."""

    def __init__(self, conninfo: str, given: Any, storage: Storage) -> None:
        self.conninfo = conninfo
        self.given = given
        self.storage = storage
        self.server = Server(given, storage)

    async def run(self, query: str, *values: Any) -> list[dict[str, Any]]:
        async with connections(self.conninfo)() as connection:
            found = await connection.execute(query, values)
            return await found.fetchall() if found.description else []

    async def assistants(self) -> dict[str, dict[str, Any]]:
        return {row["id"]: row for row in await self.run("SELECT * FROM langgraph_server.assistants")}

    async def replica(self) -> dict[str, int] | None:
        return await Server(self.given, Storage(connections(self.conninfo))).start()


@pytest.fixture(params=["a callable", "a pool"])
async def made(
    request: pytest.FixtureRequest, clone: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Made]:
    """Agents without assistants, and the server in each of its forms: with `get_connection`, and with a pool."""
    monkeypatch.setenv("AGENT_SYNC_SCOPE", "all")
    conninfo = clone("healthy")
    async with AsyncConnectionPool(
        conninfo, open=False, min_size=1, max_size=8, kwargs={"autocommit": True, "row_factory": dict_row}
    ) as pool:
        given = pool if request.param == "a pool" else connections(conninfo)
        result = Made(conninfo, given, Storage(connections(conninfo)))
        await result.run("DELETE FROM langgraph_server.assistants")
        await result.run("UPDATE public.agents SET langgraph_assistant_id = NULL")
        yield result


# the start


async def test_the_second_start_changes_nothing(made: Made) -> None:
    assert await made.server.start() == {"total": 5, "created": 5, "updated": 0, "skipped": 0, "failed": 0}
    first = await made.assistants()
    assert sorted(first) == AGENTS
    assert {row["metadata"]["owner"] for row in first.values()} == {"system"}
    assert await made.server.start() == {"total": 5, "created": 0, "updated": 0, "skipped": 5, "failed": 0}
    assert await made.assistants() == first
    named = await made.run("SELECT id::text, langgraph_assistant_id FROM public.agents WHERE id = ANY (%s)", AGENTS)
    assert all(row["id"] == row["langgraph_assistant_id"] for row in named)
    status, body = await made.server.get(AGENT, USER)
    assert (status, body["assistant_id"], body["config"]["recursion_limit"]) == (200, AGENT, 25)


async def test_three_replicas_make_one_assistant_an_agent(made: Made) -> None:
    told = await asyncio.gather(*(made.replica() for _ in range(3)))
    assert sum(each["created"] for each in told if each) == 5
    assert {each["failed"] for each in told if each} == {0}
    assert sorted(await made.assistants()) == AGENTS


async def test_a_server_starts_without_its_tables(made: Made) -> None:
    await made.run("DROP SCHEMA langgraph_server CASCADE")
    told = await made.server.start()
    assert told is not None
    assert told["created"] == 5
    rest = (made.storage.threads, made.storage.runs, made.storage.store, made.storage.crons)
    assert [await each.count() for each in rest] == [0, 0, 0, 0]
    await made.storage.clear_all()
    assert await made.assistants() == {}


async def test_an_agent_that_fails_fails_alone_and_is_logged(made: Made, caplog: pytest.LogCaptureFixture) -> None:
    await made.run("UPDATE public.agents SET temperature = 'NaN' WHERE id = %s", AGENT)
    told = await made.server.start()
    assert told == {"total": 5, "created": 4, "updated": 0, "skipped": 0, "failed": 1}
    assert [each.getMessage() for each in caplog.records if each.name == "toolkit.sync"] == [
        f"agent {AGENT} ('Dokumenten-Assistent') was not synced: temperature is NaN, which JSON cannot hold"
    ]


async def test_a_start_that_syncs_says_so_in_the_log(made: Made, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "toolkit.sync")
    await made.server.start()
    assert "synced agents: total 5, created 5, updated 0, skipped 0, failed 0" in caplog.text


@pytest.mark.parametrize("text", [None, "", " None ", ","])
async def test_a_start_without_a_scope_warns_that_nothing_was_synced(
    made: Made, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, text: str | None
) -> None:
    if text is None:
        monkeypatch.delenv("AGENT_SYNC_SCOPE")
    else:
        monkeypatch.setenv("AGENT_SYNC_SCOPE", text)
    assert await made.server.start() is None
    told = await agent_sync.startup_agent_sync(made.given, made.storage, scope=text, owner_id="system")
    assert told == {"total": 0, "created": 0, "updated": 0, "skipped": 0, "failed": 0}
    assert await made.assistants() == {}
    records = [each for each in caplog.records if each.name == "toolkit.sync"]
    assert [each.levelname for each in records] == ["WARNING", "WARNING"]
    assert all("AGENT_SYNC_SCOPE is unset or none" in each.getMessage() for each in records)


# the scope


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, AgentSyncScope.none()),
        ("NONE", AgentSyncScope.none()),
        (" All", AgentSyncScope.all()),
        (f"ORG: {str(ORGANIZATION).upper()} ,, org:{ORGANIZATION},", AgentSyncScope.orgs([ORGANIZATION])),
    ],
)
def test_the_scope_is_read_as_the_server_reads_it(text: str | None, expected: AgentSyncScope) -> None:
    assert agent_sync.parse_agent_sync_scope(text) == expected


@pytest.mark.parametrize("text", ["some", "org:", "org:x", "all,none"])
def test_another_scope_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"^AGENT_SYNC_SCOPE: got scope entry .* a server also takes none$"):
        agent_sync.parse_agent_sync_scope(text)


async def test_a_scope_of_one_organization_syncs_its_agents(made: Made) -> None:
    told = await agent_sync.startup_agent_sync(
        made.given, made.storage, scope=AgentSyncScope.orgs([ORGANIZATION]), owner_id="system"
    )
    assert (told["total"], told["created"]) == (3, 3)
    told = await agent_sync.startup_agent_sync(made.given, made.storage, scope=f"org:{ORGANIZATION}", owner_id="system")
    assert (told["total"], told["skipped"]) == (3, 3)
    assert len(await agent_sync.fetch_active_agents(made.given, "ALL")) == 5


# on demand


async def test_two_users_open_one_agent(made: Made) -> None:
    body = {"assistant_id": AGENT, "graph_id": "agent", "metadata": {"supabase_agent_id": AGENT}}
    answers = [await made.server.post({**body, "if_exists": "do_nothing"}, user) for user in (USER, OTHER)]
    assert [status for status, _ in answers] == [200, 200]
    assert answers[0] == answers[1] == await made.server.get(AGENT, USER)
    (row,) = (await made.assistants()).values()
    assert (row["id"], row["metadata"]["owner"], row["version"]) == (AGENT, "system", 1)


@pytest.mark.parametrize("agent_id", [DRAFT, str(uuid.UUID(int=7))])
async def test_no_active_agent_is_none(made: Made, agent_id: str) -> None:
    synced = await agent_sync.lazy_sync_agent(
        made.given, made.storage, agent_id=uuid.UUID(agent_id), owner_id=USER, cache_ttl=timedelta(0)
    )
    assert synced is None
    assert await agent_sync.fetch_active_agent_by_id(made.given, uuid.UUID(agent_id)) is None
    assert await made.assistants() == {}


@pytest.mark.parametrize("text", ["zzz", "", "a\0b", AGENT[:-1]])
async def test_an_id_that_is_no_uuid_is_no_agents(made: Made, text: str) -> None:
    assert await agent_sync.lazy_sync_agent(made.given, made.storage, agent_id=text, owner_id=USER) is None
    assert await agent_sync.fetch_active_agent_by_id(made.given, text) is None


async def test_an_id_may_be_text_in_any_spelling(made: Made) -> None:
    spelled = AGENT.upper().replace("-", "")
    assert await agent_sync.lazy_sync_agent(made.given, made.storage, agent_id=spelled, owner_id=USER) == AGENT


async def test_an_agent_that_is_not_global_is_synced_on_demand_alone(made: Made) -> None:
    await made.run("ALTER TABLE public.agents ADD is_global boolean NOT NULL DEFAULT true")
    await made.run("UPDATE public.agents SET is_global = false WHERE id = %s", AGENT)
    told = await made.server.start()
    assert told is not None
    assert told["total"] == 4
    assert len(await agent_sync.fetch_active_agents(made.given, AgentSyncScope.all())) == 4
    assert (await made.server.get(AGENT, USER))[0] == 404
    assert await agent_sync.lazy_sync_agent(made.given, made.storage, agent_id=uuid.UUID(AGENT), owner_id=USER) == AGENT
    assert (await made.server.get(AGENT, USER))[0] == 200


async def test_an_id_that_a_user_took_stays_the_users_and_is_logged(
    made: Made, caplog: pytest.LogCaptureFixture
) -> None:
    assert (await made.server.post({"assistant_id": AGENT, "graph_id": "agent"}, USER))[0] == 200
    taken = (await made.assistants())[AGENT]
    told = await made.server.start()
    assert told is not None
    assert (told["created"], told["failed"]) == (4, 1)
    assert f"agent {AGENT} ('Dokumenten-Assistent') was not synced: a row that is not" in caplog.text
    caplog.clear()
    body = {"assistant_id": AGENT, "graph_id": "agent", "metadata": {"supabase_agent_id": AGENT}}
    status, detail = await made.server.post(body, OTHER)
    assert status == 422
    assert detail.startswith("assistant_id ")
    assert "was not synced" in caplog.text  # the route swallows it
    assert (await made.assistants())[AGENT] == taken


async def test_a_conflict_is_a_value_error(made: Made) -> None:
    await made.server.post({"assistant_id": AGENT, "graph_id": "agent"}, USER)
    agent = await agent_sync.fetch_active_agent_by_id(made.given, uuid.UUID(AGENT))
    assert agent is not None
    with pytest.raises(AssistantConflictError) as refusal:
        await agent_sync.sync_single_agent(made.given, made.storage, agent=agent, owner_id="system")
    assert isinstance(refusal.value, ValueError)


# one agent


async def test_an_agent_is_read_as_the_server_reads_it(made: Made) -> None:
    agents = await agent_sync.fetch_active_agents(made.given, AgentSyncScope.all())
    assert [str(agent.agent_id) for agent in agents] == [AGENTS[each] for each in (0, 4, 1, 3, 2)]
    lawyer = agents[2]
    assert (lawyer.name, lawyer.organization_id, lawyer.graph_id) == ("Rechts-Assistent", ORGANIZATION, "agent")
    assert lawyer.langgraph_assistant_id is None
    assert lawyer.system_prompt
    assert lawyer.runtime_model_name
    assert [tool.tool_name for tool in lawyer.mcp_tools] == ["legal-mcp", "supabase-mcp"]
    assert lawyer.mcp_tools[0] == AgentSyncMcpTool(
        tool_id=uuid.UUID("70000000-0000-4000-a000-000000000003"),
        tool_name="legal-mcp",
        endpoint_url="http://127.0.0.1:55480/legal",
        is_builtin=False,
        auth_required=False,
    )
    assert await agent_sync.fetch_active_agent_by_id(made.given, lawyer.agent_id) == lawyer
    with pytest.raises(RuntimeError):
        await agent_sync.fetch_active_agents(made.given, AgentSyncScope.none())


async def test_the_newer_columns_are_read(made: Made) -> None:
    await made.run("ALTER TABLE public.agents DROP COLUMN temperature, DROP COLUMN max_tokens")
    await made.run("ALTER TABLE public.agents ADD sampling_params jsonb, ADD assistant_tool_ids uuid[]")
    await made.run(
        """UPDATE public.agents SET sampling_params = '{"temperature": 0.7, "top_p": 0.5, "max_tokens": "many"}',
           assistant_tool_ids = ARRAY[%s::uuid] WHERE id = %s""",
        AGENTS[1],
        AGENT,
    )
    agent = await agent_sync.fetch_active_agent_by_id(made.given, uuid.UUID(AGENT))
    assert agent is not None
    assert (agent.temperature, agent.max_tokens, agent.assistant_tool_ids) == (0.7, None, [uuid.UUID(AGENTS[1])])
    assert agent.sampling_params == {"temperature": 0.7, "top_p": 0.5, "max_tokens": "many"}


async def test_a_single_sync_says_what_it_did(made: Made) -> None:
    agent = SimpleNamespace(agent_id=uuid.UUID(AGENT))
    told = []
    for owner_id, writes_back in (("system", False), (USER, True), (OTHER, True)):
        result = await agent_sync.sync_single_agent(
            made.given, made.storage, agent=agent, owner_id=owner_id, write_back_assistant_id=writes_back
        )
        (row,) = await made.run("SELECT langgraph_assistant_id FROM public.agents WHERE id = %s", AGENT)
        told.append((result.assistant_id, result.action, result.wrote_back_assistant_id, row["langgraph_assistant_id"]))
    assert told == [
        (AGENT, "created", False, None),
        (AGENT, "skipped", True, AGENT),
        (AGENT, "skipped", False, AGENT),
    ]
    assert (await made.assistants())[AGENT]["metadata"]["owner"] == "system"


async def test_an_agent_whose_database_is_away_fails_the_call(made: Made) -> None:
    await made.run("ALTER TABLE public.agents RENAME TO elsewhere")
    assert await made.server.start() is None  # logged, and not fatal
    with pytest.raises(psycopg.errors.UndefinedTable):
        await agent_sync.lazy_sync_agent(
            made.given, made.storage, agent_id=uuid.UUID(AGENT), owner_id=USER, cache_ttl=timedelta(0)
        )


# the routes


async def test_ten_parallel_posts_of_one_id_are_one_row(made: Made) -> None:
    body = {"assistant_id": AGENT, "graph_id": "agent", "config": {"configurable": {"model_name": "m"}}}
    answers = await asyncio.gather(*(made.server.post(body, USER) for _ in range(10)))
    statuses = [status for status, _ in answers]
    assert statuses.count(200) >= 1
    assert set(statuses) <= {200, 409}  # 409: the row was there when the route looked
    assert {body["version"] for status, body in answers if status == 200} == {1}
    assert list(await made.assistants()) == [AGENT]


async def test_twenty_patches_lose_nothing(made: Made) -> None:
    await made.server.post({"assistant_id": AGENT, "graph_id": "agent"}, USER)
    answers = await asyncio.gather(
        *(made.server.patch(AGENT, {"metadata": {str(number): number}}, USER) for number in range(20))
    )
    assert sorted(body["version"] for _, body in answers) == list(range(2, 22))
    _, body = await made.server.get(AGENT, USER)
    assert body["metadata"] == {"owner": USER, **{str(number): number for number in range(20)}}


async def test_a_refused_value_names_its_field(made: Made) -> None:
    assert (await made.server.post({}, USER))[1].startswith("graph_id is required")
    status, detail = await made.server.post({"graph_id": "agent", "config": {"a": float("nan")}}, USER)
    assert (status, detail.split(" ", 1)[0]) == (422, "config.a")


async def test_the_storage_lists_and_counts_by_any_attribute(made: Made) -> None:
    await made.server.start()
    store = made.storage.assistants
    for filters, number in (
        ({"name": "Recherche"}, 1),
        ({"name": "recherche"}, 0),
        ({"graph_id": "agent", "version": 1}, 4),
        ({"assistant_id": AGENT}, 1),
        ({"description": "none has one"}, 0),
        ({"metadata": {"supabase_organization_id": str(ORGANIZATION)}}, 3),
    ):
        assert len(await store.list(USER, **filters)) == await store.count(USER, **filters) == number


async def test_rows_come_back_as_the_servers_own_model(made: Made) -> None:
    await made.server.post({"assistant_id": AGENT, "graph_id": "agent", "config": {"tags": ["x"]}}, USER)
    found = await made.storage.assistants.get(AGENT, USER)
    assert isinstance(found, Assistant)
    assert found.config == AssistantConfig(tags=["x"])
    ours = await Storage(connections(made.conninfo), model=None).assistants.get(AGENT, USER)
    assert (ours.config.tags, ours.config.recursion_limit, ours.config.configurable) == (["x"], 25, {})
    assert (await made.assistants())[AGENT]["config"] == {"tags": ["x"]}


# what is written about it


def test_the_table_names_every_function() -> None:
    functions = [name for name, each in vars(agent_sync).items() if inspect.isfunction(each) and name[0] != "_"]
    assert functions
    own = [name for name in functions if getattr(agent_sync, name).__module__ == agent_sync.__name__]
    rows = [line.split("`")[1] for line in (agent_sync.__doc__ or "").splitlines() if line.startswith("| `")]
    assert rows == own


def test_the_stand_in_imports_two_things_of_ours() -> None:
    tree = ast.parse(Path(fractal_server.__file__).read_text())
    imported = {
        (node.module, name.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("toolkit")
        for name in node.names
    }
    assert imported - {("toolkit.store", "PostgresStorage")} == {  # its own tables
        ("toolkit", "agent_sync"),
        ("toolkit.store", "PostgresAssistantStore"),
    }
