"""A repair: nothing stays open, nothing else changes, and what changed since the plan is left."""

import json
import threading
from pathlib import Path

import pytest

from tests.constants import AGENTS, HAS_JOURNAL, ONE, TWO
from tests.databases import Databases, MakeDatabases
from tests.integration.repair.rows import OLD, copy_of, held, rows_of, run_on, talk
from toolkit.errors import RefusedError
from toolkit.repair import apply, planfile
from toolkit.repair.planning import UnusablePlanError


def test_repair_leaves_nothing_open_on_the_real_dump(databases: MakeDatabases) -> None:
    broken = databases("broken")

    found = broken.diagnose()
    counts = {kind: count for kind, count in found.counts.items() if count}
    assert counts == {"wrong_id": 5, "duplicate": 10, "drift": 5}
    assert (found.agents, found.assistants, found.open, found.noted) == (5, 15, 15, 5)

    outcome = broken.apply(broken.plan())
    assert outcome.counts == {"rekey": 5, "remove": 10}
    assert outcome.left == ()

    healed = broken.diagnose()
    assert {kind: count for kind, count in healed.counts.items() if count} == {"drift": 5}
    assert (healed.assistants, healed.open) == (5, 0)


def test_a_plan_has_names_ids_and_write_backs_of_any_characters(databases: MakeDatabases) -> None:
    broken, odd = databases("broken"), 'a\tb\\N\n"ü'
    spelled = "E'" + odd.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n") + "'"
    broken.on_supabase(
        f"UPDATE public.agents SET name = {spelled}, langgraph_assistant_id = {spelled} WHERE id = '{ONE}'"
    )
    broken.on_supabase(f"UPDATE public.agents SET langgraph_assistant_id = '' WHERE id = '{TWO}'")
    broken.on_langgraph(
        f"UPDATE langgraph_server.assistants SET id = {spelled} WHERE id ="
        f" (SELECT min(id) FROM langgraph_server.assistants WHERE metadata->>'supabase_agent_id' = '{ONE}')"
    )
    plan = broken.plan()
    steps = [step for step in plan.steps if step.agent_id == ONE]
    assert {step.agent_name for step in steps} == {odd}
    assert odd in {step.assistant_id for step in steps}
    assert {step.expects for step in plan.steps if step.kind == "write_back"} == {odd, ""}
    assert broken.apply(plan).left == ()
    assert broken.diagnose().open == 0


def test_kept_row_is_the_newest_and_only_its_id_changes(databases: MakeDatabases) -> None:
    broken = databases("broken")
    newest = (
        "SELECT DISTINCT ON (metadata->>'supabase_agent_id') to_jsonb(a) - 'id' AS row"
        " FROM langgraph_server.assistants AS a ORDER BY metadata->>'supabase_agent_id', created_at DESC"
    )
    kept = broken.on_langgraph(newest)

    broken.apply(broken.plan())

    assert broken.on_langgraph(newest) == kept
    ids = broken.on_langgraph("SELECT id FROM langgraph_server.assistants ORDER BY id")
    assert ids == [{"id": id} for id in AGENTS]


def test_plan_of_the_same_state_has_the_same_bytes(databases: MakeDatabases, tmp_path: Path) -> None:
    broken = databases("broken")
    for name in ("first", "second"):
        planfile.save(broken.plan(), tmp_path / name)
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


def test_planning_writes_nothing(databases: MakeDatabases) -> None:
    broken = databases("broken")
    before = broken.rows()
    broken.plan()
    assert broken.rows() == before
    assert broken.on_supabase(HAS_JOURNAL) == broken.on_langgraph(HAS_JOURNAL) == []


@pytest.mark.parametrize("side", ["supabase", "langgraph"])
def test_plan_for_another_database_is_refused_and_nothing_done(databases: MakeDatabases, side: str) -> None:
    broken, other = databases("broken"), databases("broken")
    before = other.rows()
    foreign = other.plan().model_copy(update={f"{side}_fingerprint": getattr(broken.plan(), f"{side}_fingerprint")})

    with pytest.raises(UnusablePlanError, match=f"for another {side} database") as refusal:
        other.apply(foreign)

    assert refusal.value.exit_status == 3
    assert isinstance(refusal.value, RefusedError)
    assert other.rows() == before
    assert other.on_supabase(HAS_JOURNAL) == other.on_langgraph(HAS_JOURNAL) == []


def test_saved_plan_is_applied_like_the_plan_itself(databases: MakeDatabases, tmp_path: Path) -> None:
    broken = databases("broken")
    planfile.save(broken.plan(), tmp_path / "plan.json")
    assert broken.apply(planfile.load(tmp_path / "plan.json")).counts == {"rekey": 5, "remove": 10}


OF_ONE = f"FROM langgraph_server.assistants WHERE metadata->>'supabase_agent_id' = '{ONE}'"

TAKEN = f"INSERT INTO langgraph_server.assistants (id, graph_id) VALUES ('{ONE}', 'agent')"

WRITE_BACK = f"UPDATE public.agents SET langgraph_assistant_id = {{}} WHERE id = '{ONE}'"

STALE = {
    "a copy changed": (
        "langgraph",
        f"UPDATE langgraph_server.assistants SET version = 2 WHERE metadata->>'supabase_agent_id' = '{ONE}'",
    ),
    "a copy was removed": (
        "langgraph",
        f"DELETE FROM langgraph_server.assistants WHERE id = (SELECT max(id) {OF_ONE})",
    ),
    "its id was taken": ("langgraph", TAKEN),
    "its write-back changed": ("supabase", WRITE_BACK.format("'third'")),
    "its write-back was set": ("supabase", WRITE_BACK.format("id::text")),
    "the agent was deleted": (
        "supabase",
        f"DELETE FROM public.agent_mcp_tools; DELETE FROM public.agents WHERE id = '{ONE}'",
    ),
}


@pytest.mark.parametrize("what", STALE)
def test_agent_that_changed_since_the_plan_is_left_alone_and_the_others_go_on(
    databases: MakeDatabases, what: str
) -> None:
    broken = databases("broken")
    broken.on_supabase(f"UPDATE public.agents SET langgraph_assistant_id = NULL WHERE id = '{ONE}'")
    plan = broken.plan()
    side, statement = STALE[what]
    getattr(broken, f"on_{side}")(statement)
    before = rows_of(broken, ONE)

    outcome = broken.apply(plan)

    assert [left.agent_id for left in outcome.left] == [ONE]
    assert outcome.counts == {"rekey": 4, "remove": 8}
    assert rows_of(broken, ONE) == before
    assert {finding.agent_id for finding in broken.diagnose().findings if finding.is_open} <= {ONE}


@pytest.mark.parametrize(("damage", "allow"), [("DELETE FROM langgraph_server.assistants WHERE id = '{}'", ()),
    ("UPDATE langgraph_server.assistants SET name = NULL WHERE id = '{}'", ("drift",)),
    ("UPDATE langgraph_server.assistants SET metadata = '{{\"owner\": \"u\"}}' WHERE id = '{}'", ()),
    ("UPDATE langgraph_server.assistants SET metadata = '{{}}', graph_id = 'x' WHERE id = '{}'",
     (f"conflict:{ONE}", f"conflict:{TWO}")),
], ids=["create", "update", "adopt hidden", "adopt conflict"])  # fmt: skip
@pytest.mark.parametrize("change", ["system_prompt = 'new'", "status = 'disabled'"])
def test_content_that_changed_in_supabase_since_the_plan_is_not_written(
    databases: MakeDatabases, damage: str, allow: tuple[str, ...], change: str
) -> None:
    healthy = databases("healthy")
    for agent_id in (ONE, TWO):
        healthy.on_langgraph(damage.format(agent_id))
    plan = healthy.plan(only=(ONE, TWO), allow=allow)
    assert sum(plan.counts.values()) == 2
    healthy.on_supabase(f"UPDATE public.agents SET {change} WHERE id = '{ONE}'")
    before = rows_of(healthy, ONE)

    outcome = healthy.apply(plan)

    assert [left.agent_id for left in outcome.left] == [ONE]
    assert sum(outcome.counts.values()) == 1
    assert rows_of(healthy, ONE) == before


def test_sync_that_only_refreshed_its_stamp_does_not_make_a_plan_stale(databases: MakeDatabases) -> None:
    broken = databases("broken")
    plan = broken.plan()
    broken.on_langgraph(
        'UPDATE langgraph_server.assistants SET metadata = metadata || \'{"synced_at": "later"}\', updated_at = now()'
    )
    assert broken.apply(plan).left == ()


LOCKS = {
    "a copy": ("langgraph", f"SELECT {OF_ONE} LIMIT 1 FOR UPDATE"),
    "a reference": ("langgraph", "SELECT FROM langgraph_server.runs FOR UPDATE"),
    "its id": ("langgraph", TAKEN),
    "the agent": ("supabase", f"SELECT FROM public.agents WHERE id = '{ONE}' FOR UPDATE"),
}


@pytest.mark.parametrize("what", LOCKS)
def test_lock_that_another_session_holds_leaves_only_its_agent(databases: MakeDatabases, what: str) -> None:
    broken = databases("broken")
    old = broken.on_langgraph(f"SELECT min(id) AS id {OF_ONE}")
    broken.on_langgraph(run_on(old[0]["id"]))
    broken.on_supabase("UPDATE public.agents SET langgraph_assistant_id = NULL")
    before = broken.rows()
    plan = broken.plan()
    side, statement = LOCKS[what]

    with held(getattr(broken, side), statement):
        outcome = broken.apply(plan)

    assert [left.agent_id for left in outcome.left] == [ONE]
    assert "run the repair again" in outcome.left[0].reason
    assert {finding.agent_id for finding in broken.diagnose().findings if finding.is_open} <= {ONE}

    second = broken.apply(broken.plan())
    assert second.left == ()
    assert broken.diagnose().open == 0
    for run_id in (second.run_id, outcome.run_id):
        assert broken.undo(run_id).refused == ()
    assert broken.rows() == before


def test_only_narrows_to_an_agent(databases: MakeDatabases) -> None:
    broken = databases("broken")
    plan = broken.plan(only=(ONE,))
    assert plan.counts == {"rekey": 1, "remove": 2}
    assert {left.reason for left in plan.left if left.agent_id != ONE} == {"not named by --only"}

    broken.apply(plan)

    assert broken.diagnose().counts["wrong_id"] == 4


def test_only_narrows_to_a_kind(databases: MakeDatabases) -> None:
    broken = databases("broken")
    outcome = broken.apply(broken.plan(only=("wrong_id",)))
    assert outcome.counts == {"rekey": 5}
    assert broken.diagnose().counts["duplicate"] == 10


def test_allowed_orphan_that_something_names_stays(databases: MakeDatabases) -> None:
    healthy = databases("healthy")
    healthy.on_langgraph(
        "INSERT INTO langgraph_server.assistants (id, graph_id, metadata) VALUES ('gone', 'agent',"
        ' \'{"owner": "system", "supabase_agent_id": "b0000000-0000-4000-b000-000000000001"}\');' + run_on("gone")
    )

    outcome = healthy.apply(healthy.plan(allow=("orphan",)))

    assert [left.reason for left in outcome.left] == ["runs.assistant_id still names gone"]
    assert healthy.on_langgraph("SELECT id FROM langgraph_server.assistants WHERE id = 'gone'") == [{"id": "gone"}]


def test_id_that_two_repairs_replaced_counts_once(databases: MakeDatabases) -> None:
    healthy = databases("healthy")
    for _ in range(2):
        healthy.on_langgraph(copy_of(ONE, OLD))
        assert healthy.apply(healthy.plan()).counts == {"remove": 1}
    healthy.on_langgraph(run_on(OLD))

    assert healthy.diagnose().counts["dangling_reference"] == 1
    assert healthy.apply(healthy.plan()).counts == {"move": 1}


def test_reference_does_not_move_to_an_assistant_that_went_since_the_plan(databases: MakeDatabases) -> None:
    healthy = databases("healthy")
    healthy.on_langgraph(copy_of(ONE, OLD))
    healthy.apply(healthy.plan())
    healthy.on_langgraph(run_on(OLD))
    plan = healthy.plan()
    assert plan.counts == {"move": 1}
    healthy.on_langgraph(f"DELETE FROM langgraph_server.assistants WHERE id = '{ONE}'")

    assert healthy.apply(plan).counts == {}
    assert healthy.on_langgraph("SELECT assistant_id FROM langgraph_server.runs") == [{"assistant_id": OLD}]


def test_row_that_a_late_writer_names_stays_until_the_next_repair(databases: MakeDatabases) -> None:
    broken = databases("broken")
    before_late = broken.plan()
    old = next(iter(before_late.steps)).assistant_id
    writer = threading.Event()

    def write(phase: str, done: int, total: int) -> None:
        if phase == "removing old copies" and not writer.is_set():
            writer.set()
            broken.on_langgraph(run_on(old))

    with broken.connected() as pair:
        outcome = apply.apply(pair, before_late, write)
    assert [left.reason for left in outcome.left] == [f"runs.assistant_id still names {old}"]

    second = broken.apply(broken.plan())
    assert second.counts == {"move": 1, "remove": 1}
    assert broken.diagnose().open == 0


def test_no_prompt_stands_in_the_plan_and_none_in_the_moves(databases: MakeDatabases, tmp_path: Path) -> None:
    broken = databases("broken")
    broken.on_supabase("UPDATE public.agents SET system_prompt = 'PROMPT-TEXT'")
    broken.on_langgraph(
        "UPDATE langgraph_server.assistants"
        " SET config = jsonb_set(config, '{configurable,system_prompt}', '\"PROMPT-TEXT\"');"
        "INSERT INTO langgraph_server.runs (id, thread_id, assistant_id, kwargs)"
        " SELECT id, 't', id, '{\"token\": \"USER-TOKEN\"}' FROM langgraph_server.assistants"
    )
    plan = broken.plan(allow=("drift",))
    planfile.save(plan, tmp_path / "plan.json")

    broken.apply(plan)

    assert b"PROMPT-TEXT" not in (tmp_path / "plan.json").read_bytes()
    moves = broken.on_langgraph("SELECT to_jsonb(move) AS row FROM assistant_repair.moves AS move")
    assert len(moves) == 15
    assert "PROMPT-TEXT" not in json.dumps(moves)
    journal = broken.on_langgraph("SELECT to_jsonb(image) AS row FROM assistant_repair.images AS image") + moves
    assert "USER-TOKEN" not in json.dumps(journal)


def test_journal_is_closed_to_others(databases: MakeDatabases) -> None:
    broken = databases("broken")
    broken.apply(broken.plan())
    for side in (broken.on_supabase, broken.on_langgraph):
        granted = (
            "SELECT has_schema_privilege(role, 'assistant_repair', 'USAGE') AS uses,"
            " has_table_privilege(role, 'assistant_repair.images', 'SELECT') AS reads FROM (VALUES ('public')) AS r "
            "(role)"
        )
        assert side(granted) == [{"uses": False, "reads": False}]


def named_in(databases: Databases, stray: str) -> dict[str, list[str]]:
    """Tell which conversations each place says were held on this row or on an agent's, and where the memory stands."""
    places = {
        "runs": "SELECT thread_id || ' ' || assistant_id AS said FROM langgraph_server.runs",
        "threads": "SELECT id || ' ' || (metadata->>'assistant_id') AS said FROM langgraph_server.threads",
        "crons": "SELECT thread_id || ' ' || assistant_id AS said FROM langgraph_server.crons",
        "checkpoints": "SELECT thread_id || ' ' || (metadata->>'assistant_id') AS said FROM public.checkpoints",
    }
    found = {place: sorted(row["said"] for row in databases.on_langgraph(select)) for place, select in places.items()}
    assert found["runs"] == found["threads"] == found["crons"] == found["checkpoints"]
    memories = databases.on_langgraph("SELECT namespace AS said FROM langgraph_server.store_items")
    return {"conversations": found["runs"], "memories": [row["said"] for row in memories]}


def test_conversations_on_a_users_row_move_to_the_agents_they_were_with(databases: MakeDatabases) -> None:
    broken = databases("broken")
    talk(broken, "bare", {"t-one": ONE, "t-two": TWO, "t-unknown": None})
    before = broken.rows()
    plan = broken.plan()
    assert plan.counts == {"rekey": 5, "remove": 10, "move": 2}
    assert [(move.agent_name != "", move.assistant_id) for move in plan.moves] == [(True, "bare"), (True, "bare")]
    assert "stray" not in {left.finding for left in plan.left}

    outcome = broken.apply(plan)

    assert outcome.counts == plan.counts
    assert named_in(broken, "bare") == {
        "conversations": [f"t-one {ONE}", f"t-two {TWO}", "t-unknown bare"],
        "memories": ["o/u/bare/facts"],  # whose it is, nothing tells
    }
    assert broken.diagnose().open == 0
    assert broken.undo(outcome.run_id).refused == ()
    assert broken.rows() == before


def test_memories_go_along_where_all_conversations_are_with_one_agent(databases: MakeDatabases) -> None:
    healthy = databases("healthy")
    talk(healthy, "bare", {"t-one": ONE, "t-other": ONE})
    before = healthy.rows()

    outcome = healthy.apply(healthy.plan())

    assert outcome.counts == {"move": 2}
    assert named_in(healthy, "bare") == {
        "conversations": [f"t-one {ONE}", f"t-other {ONE}"], "memories": [f"o/u/{ONE}/facts"]
    }  # fmt: skip
    assert healthy.undo(outcome.run_id).refused == ()
    assert healthy.rows() == before


@pytest.mark.parametrize("databases", ["one database"], indirect=True)
def test_conversations_wait_while_somebody_else_holds_the_agents_id(databases: MakeDatabases) -> None:
    healthy = databases("healthy")
    healthy.on_langgraph(f"UPDATE langgraph_server.assistants SET metadata = '{{}}', graph_id = 'x' WHERE id = '{ONE}'")
    talk(healthy, "bare", {"t-one": ONE})
    plan = healthy.plan()
    assert not plan.moves
    assert {left.reason for left in plan.left if left.finding == "stray"} == {
        "its conversations wait until their agents' ids are free"
    }
