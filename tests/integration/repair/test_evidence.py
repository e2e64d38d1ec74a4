"""Whose a conversation, a memory or a cron is: only its own author says so, in whatever order repairs come."""

import html

import pytest

from tests import damage
from tests.constants import AGENTS, ONE, TWO, USER
from tests.databases import Databases, MakeDatabases
from tests.integration.repair.rows import OLD
from toolkit.pages.diagnosis import DiagnosisPage
from toolkit.settings import DiagnoseSettings

OTHER_USER = "b1b2c3d4-e5f6-7890-abcd-ef1234567890"


def thread(id: str, row: str, owner: str | None, agent_id: str | None) -> str:
    said = {"assistant_id": row, "owner": owner, "agent_id": agent_id}
    return damage.thread(id, {name: value for name, value in said.items() if value})


def memories(databases: Databases) -> list[str]:
    """Return whose memories stand under which assistant, as both stores say."""
    items = databases.on_langgraph("SELECT namespace AS said FROM langgraph_server.store_items ORDER BY 1")
    store = databases.on_langgraph("SELECT replace(prefix, '.', '/') AS said FROM public.store ORDER BY 1")
    assert items == store
    return [row["said"].split("/")[2] for row in items]


@pytest.fixture
def healthy(databases: MakeDatabases) -> Databases:
    made = databases("healthy")
    made.on_langgraph(damage.NAMES.read_text(encoding="utf-8") + damage.stray("bare") + damage.memory("bare", USER))
    return made


@pytest.mark.parametrize("owner", [OTHER_USER, None], ids=["of another user", "of nobody"])
def test_only_a_users_own_threads_say_where_their_memories_go(healthy: Databases, owner: str | None) -> None:
    healthy.on_langgraph(thread("foreign", "bare", owner, TWO))
    healthy.apply(healthy.plan())
    assert memories(healthy) == ["bare"]

    healthy.on_langgraph(thread("foreign-2", "bare", owner, TWO) + thread("own", "bare", USER, ONE))
    before = healthy.rows()
    outcome = healthy.apply(healthy.plan())
    assert memories(healthy) == [ONE]
    assert healthy.undo(outcome.run_id).refused == ()
    assert healthy.rows() == before


def test_memories_of_two_users_on_one_row_go_each_where_their_own_threads_say(healthy: Databases) -> None:
    healthy.on_langgraph(
        damage.memory("bare", OTHER_USER) + thread("one", "bare", USER, ONE) + thread("two", "bare", OTHER_USER, TWO)
    )
    healthy.apply(healthy.plan())
    assert memories(healthy) == [ONE, TWO]


def test_conversations_moved_by_an_earlier_repair_still_count_as_held_on_the_row(healthy: Databases) -> None:
    healthy.on_langgraph(
        thread("one", "bare", USER, ONE) + thread("two", "bare", USER, TWO) + damage.cron("c", "bare", USER)
    )
    healthy.apply(healthy.plan(only=(ONE,)))
    healthy.apply(healthy.plan())
    assert memories(healthy) == ["bare"]
    assert healthy.on_langgraph("SELECT assistant_id FROM langgraph_server.crons") == [{"assistant_id": "bare"}]


def test_cron_on_a_users_row_follows_all_that_users_conversations(healthy: Databases) -> None:
    healthy.on_langgraph(thread("one", "bare", USER, ONE) + damage.cron("c", "bare", USER))
    before = healthy.rows()
    outcome = healthy.apply(healthy.plan())
    assert outcome.counts == {"move": 2}
    assert healthy.on_langgraph("SELECT assistant_id FROM langgraph_server.crons") == [{"assistant_id": ONE}]
    assert healthy.undo(outcome.run_id).refused == ()
    assert healthy.rows() == before


def test_cron_that_came_after_the_conversations_moved_is_open_and_follows_them(healthy: Databases) -> None:
    healthy.on_langgraph(thread("one", "bare", USER, ONE))
    healthy.apply(healthy.plan())
    healthy.on_langgraph(damage.cron("late", "bare", USER))
    assert healthy.diagnose().open == 1
    assert healthy.apply(healthy.plan()).counts == {"move": 1}
    assert healthy.on_langgraph("SELECT assistant_id FROM langgraph_server.crons") == [{"assistant_id": ONE}]


def test_threads_named_like_the_journals_entries_move_nothing_else(healthy: Databases) -> None:
    healthy.on_langgraph(damage.cron("c", "bare", USER))
    for id in ("cron c", f"user {USER}"):
        healthy.on_langgraph(thread(id, "bare", OTHER_USER, ONE))
    assert healthy.apply(healthy.plan()).counts == {}
    assert memories(healthy) == ["bare"]


def test_user_whose_organizations_are_unknown_contradicts_nothing(healthy: Databases) -> None:
    healthy.on_langgraph(thread("one", "bare", "somebody", ONE) + thread("two", "bare", OTHER_USER, AGENTS[2]))
    assert healthy.diagnose().contradicted == 1
    healthy.on_supabase("ALTER TABLE public.organization_members RENAME TO members_elsewhere")
    assert healthy.diagnose().contradicted == 0
    assert healthy.apply(healthy.plan()).counts == {"move": 2}


def test_page_counts_crons_without_evidence_and_evidence_that_contradicts(healthy: Databases) -> None:
    healthy.on_langgraph(
        damage.cron("silent", "bare", OTHER_USER)
        + damage.cron("foreign", "bare", USER, AGENTS[2])
        + damage.cron("two", "bare", USER, TWO)
        + thread("foreign", "bare", USER, AGENTS[2])
    )
    with healthy.connected() as pair:
        said = DiagnosisPage(pair, DiagnoseSettings()).in_short().data
    for words in (
        "2 crons outside of conversations run on bare assistants of users, without the agent's prompt, model and",
        "1 moves with a repair. 1 stays: no row says which agent it belongs to.",
        "For 2 conversations or crons the evidence names two agents or two organizations.",
    ):
        assert words in html.unescape(said)


def test_write_back_that_alone_ties_a_copy_to_its_agent_waits_for_the_copy(healthy: Databases) -> None:
    healthy.on_langgraph(damage.copy(ONE, OLD, "2026-11-20") + damage.only_system(OLD) + damage.run(OLD, "r"))
    healthy.on_supabase(damage.write_back(ONE, OLD))
    plan = healthy.plan(only=("not_written_back",))
    assert plan.counts == {}
    assert "the copy that it names is repaired" in {left.finding: left.reason for left in plan.left}["not_written_back"]
    healthy.apply(plan)
    assert healthy.apply(healthy.plan()).counts == {"move": 1, "remove": 1, "write_back": 1}
