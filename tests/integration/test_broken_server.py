"""The model of the broken server, compared with what the real one left."""

from collections.abc import Callable

import psycopg
import pytest

from tests import broken_server
from tests.broken_server import BrokenStore, FrontEnd, IdFixedStore, UpsertingStore
from tests.constants import AGENTS, USER
from tests.databases import Databases, MakeDatabases, emptied
from toolkit.database.connection import connections_to
from toolkit.scope import Scope
from toolkit.sync import startup

_SHAPES = """
SELECT assistant.metadata->>'supabase_agent_id' AS agent_id, assistant.graph_id, assistant.config, assistant.context,
       assistant.metadata - 'synced_at' AS metadata, assistant.name, assistant.description, assistant.version,
       length(assistant.id) AS length, assistant.id ~ '^[0-9a-f]{32}$' AS is_hex
FROM   langgraph_server.assistants AS assistant ORDER BY 1
"""

_WRITE_BACKS = "SELECT id::text, langgraph_assistant_id FROM public.agents ORDER BY id"


@pytest.fixture
def before(databases: MakeDatabases) -> Databases:
    """The agents before the server ever started, as one database and as two."""
    return emptied(databases)


@pytest.fixture
def alone(one: MakeDatabases) -> Databases:
    """The same, as one database only."""
    return emptied(one)


def test_three_restarts_leave_what_the_real_server_left(before: Databases, clone: Callable[[str], str]) -> None:
    told = [broken_server.restart(*before.conninfos) for _ in range(3)]
    assert told == [{"created": 5, "updated": 0, "skipped": 0, "failed": 0}] * 3
    real = clone("broken")
    with psycopg.connect(real, row_factory=psycopg.rows.dict_row) as connection:
        shapes = connection.execute(_SHAPES.encode()).fetchall()
        write_backs = connection.execute(_WRITE_BACKS.encode()).fetchall()
    assert before.on_langgraph(_SHAPES) == shapes
    assert before.on_supabase(_WRITE_BACKS) == write_backs
    assert before.found() == {"wrong_id": 5, "duplicate": 10, "drift": 5}


def test_three_replicas_at_once_leave_a_copy_each(alone: Databases) -> None:
    broken_server.replicas(*alone.conninfos, 3)
    assert alone.found() == {"wrong_id": 5, "duplicate": 10, "drift": 5}


def test_an_ordinary_user_gets_404_and_one_bare_assistant_for_several_agents(alone: Databases) -> None:
    broken_server.restart(*alone.conninfos)
    with broken_server.server(*alone.conninfos) as running:
        user = FrontEnd(running, USER)
        assert running.store.get(AGENTS[0], USER) is None
        assert user.assistant_for(AGENTS[0]) == user.assistant_for(AGENTS[1])
        (bare,) = running.store.list(USER, "agent")
    assert (bare["config"], bare["name"]) == ({}, None)


def test_a_week_of_use_leaves_strays_that_hold_everybodys_conversations(before: Databases) -> None:
    broken_server.a_week_of_use(*before.conninfos)
    told = before.diagnose()
    counts = told.counts
    assert (counts["wrong_id"], counts["duplicate"], counts["drift"], counts["dangling_reference"]) == (5, 10, 5, 0)
    strays = list(told.of("stray"))
    assert all(stray.is_open and stray.evidence["is_empty"] for stray in strays)
    held = [stray.evidence["conversations_of"] for stray in strays]
    assert sum(sum(each.values()) for each in held) == 7 * 20, "each conversation has left its trace"
    assert any(len(each) > 1 for each in held), "one bare row serves several agents"
    assert counts["stray"] == 10 + 2 * 10, "one for each graph of the user's organization"
    memories = (
        "SELECT DISTINCT translate(namespace, '0123456789abcdef-', '') AS spelling FROM langgraph_server.store_items"
    )
    # what is no hex digit of "facts" is left of it: t and s
    assert {row["spelling"] for row in before.on_langgraph(memories)} == {"///ts", "{,,,ts}", "{///ts}", "{...ts}"}


def test_the_sandbox_has_such_a_week_to_practise_on(one: MakeDatabases, alone: Databases) -> None:
    broken_server.a_week_of_use(*alone.conninfos)
    assert {name: len(rows) for name, rows in one("used").rows().items()} == {
        name: len(rows) for name, rows in alone.rows().items()
    }
    assert one("used").found() == alone.found()


async def test_the_fixed_code_over_the_damage_adds_the_right_rows_and_leaves_the_old_ones(before: Databases) -> None:
    for _ in range(3):
        broken_server.restart(*before.conninfos)
    sides = (connections_to(before.supabase), None if before.is_one else connections_to(before.langgraph))
    summary = await startup.startup_agent_sync(*sides, scope=Scope.parse("all"))
    assert summary["created"] == 5
    assert before.found() == {"duplicate": 15}


def test_the_half_fixed_code_over_the_damage_does_so_too(alone: Databases) -> None:
    broken_server.restart(*alone.conninfos)
    broken_server.restart(*alone.conninfos, IdFixedStore)
    assert alone.found() == {"duplicate": 5, "drift": 5}
    assert broken_server.restart(*alone.conninfos)["created"] == 0, (
        "once the right rows are there, the old code finds them"
    )


@pytest.mark.parametrize(
    ("store", "expected"), [(BrokenStore, {"missing": 5, "stray": 1}), (IdFixedStore, {"missing": 4, "hidden": 1})]
)
def test_a_lazy_sync_by_a_user_makes_the_row_the_users(
    alone: Databases, store: type[BrokenStore], expected: dict[str, int]
) -> None:
    with broken_server.server(*alone.conninfos, store) as running:
        running.lazy_sync(AGENTS[0], USER)
    assert alone.found() == {**expected, "not_written_back": 4}


def test_a_squatter_stands_where_the_id_fixed_server_would_put_the_agents_row(alone: Databases) -> None:
    with broken_server.server(*alone.conninfos, IdFixedStore) as running:
        running.store.create(
            {"assistant_id": AGENTS[0], "graph_id": "agent", "config": {"configurable": {"model_name": "mine"}}}, USER
        )
        assert running.start() == {"created": 4, "updated": 0, "skipped": 0, "failed": 1}
    assert alone.found() == {"conflict": 1, "drift": 4, "not_written_back": 1}


def test_without_an_owner_check_anybody_takes_the_systems_row(alone: Databases) -> None:
    with broken_server.server(*alone.conninfos, UpsertingStore) as running:
        running.start()
        running.store.create(
            {"assistant_id": AGENTS[0], "graph_id": "agent", "config": {"configurable": {"model_name": "mine"}}}, USER
        )
    (row,) = alone.on_langgraph(f"SELECT metadata, config FROM langgraph_server.assistants WHERE id = '{AGENTS[0]}'")
    assert row == {"metadata": {"owner": USER}, "config": {"configurable": {"model_name": "mine"}}}
    assert alone.found()["conflict"] == 1
