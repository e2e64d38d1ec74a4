"""Saved plans: only what a diagnosis of now would do itself is applied, and the same line again does no harm."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.constants import AGENTS, HAS_JOURNAL, ONE, ORGANIZATION, TWO
from tests.databases import Databases, MakeDatabases
from tests.integration.repair.rows import OLD, copy_of, held, rows_of, run_on, talk
from toolkit.database.spool import Spool
from toolkit.diagnosis.diagnose import diagnose
from toolkit.pages.repair import RepairPage
from toolkit.repair import apply, changes, planfile, planning
from toolkit.repair.apply import Outcome, StoppedRunError
from toolkit.repair.plan import Changes, Move, Plan, Step
from toolkit.repair.planfile import UnusablePlanError
from toolkit.settings import RepairSettings

THREE = AGENTS[2]
"""An agent of another organization."""

USERS_ROW = (
    "INSERT INTO langgraph_server.assistants (id, graph_id, metadata)"
    """ VALUES ('users', 'agent', '{"owner": "u"}'), ('other', 'agent', '{"owner": "u"}');"""
)


def loaded(databases: Databases, plan: Plan, file: Path) -> Plan:
    """Save a plan, whose digest fits, and load it as the command does."""
    planfile.save(plan, file)
    settings = RepairSettings(plan=str(file), scope=plan.scope)
    with databases.connected() as pair:
        return planning.plan_for(pair, diagnose(pair, settings.agents_in_scope, for_plan=True), settings)


def hash_of(databases: Databases, assistant_id: str) -> str:
    """Return the hash that a plan expects of a row."""
    (row,) = databases.on_langgraph(
        "SELECT md5(jsonb_build_array(id, graph_id, config, context, metadata - 'synced_at', name, description,"
        " version, extract(epoch FROM created_at))::text) AS hash"
        f" FROM langgraph_server.assistants WHERE id = '{assistant_id}'"
    )
    return str(row["hash"])


def a_step(databases: Databases, kind: str, finding: str, assistant_id: str | None, **more: Any) -> Step:
    expects = hash_of(databases, assistant_id) if assistant_id else None
    values = {"agent_id": ONE, "agent_name": "A", "canonical_id": ONE, "expects": expects, **more}
    return Step(kind=kind, finding=finding, assistant_id=assistant_id, **values)


def with_steps(plan: Plan, *steps: Step) -> Plan:
    by_agent = sorted([*plan.steps, *steps], key=lambda step: step.agent_id)
    return plan.model_copy(update={"steps": Spool(Step, by_agent)})


def a_row(databases: Databases, agent_id: str) -> str:
    (row,) = databases.on_langgraph(
        f"SELECT max(id) AS id FROM langgraph_server.assistants WHERE metadata->>'supabase_agent_id' = '{agent_id}'"
    )
    return str(row["id"])


LEFT: dict[str, tuple[str, Callable[[Databases], Plan]]] = {
    "another agent's assistant removed": (
        "healthy",
        lambda made: with_steps(made.plan(), a_step(made, "remove", "duplicate", TWO)),
    ),
    "another agent's row given": (
        "broken",
        lambda made: with_steps(made.plan(only=(TWO,)), a_step(made, "rekey", "wrong_id", a_row(made, TWO))),
    ),
    "an older copy kept": (
        "broken",
        lambda made: with_steps(made.plan(only=(TWO,)), a_step(made, "rekey", "wrong_id", a_row(made, ONE))),
    ),
    "a conversation of nobody moved": (
        "healthy",
        lambda made: made.plan().model_copy(
            update={
                "moves": Spool(
                    Move,
                    [Move(place="conversations", agent_id=ONE, agent_name="A", rows=1, assistant_id=TWO)],
                )
            }
        ),
    ),
}


@pytest.mark.parametrize("what", LEFT)
def test_step_that_a_diagnosis_of_now_would_not_make_is_left_and_named(
    databases: MakeDatabases, tmp_path: Path, what: str
) -> None:
    scenario, forge = LEFT[what]
    made = databases(scenario)
    made.on_langgraph(run_on(TWO))
    forged = forge(made).model_copy(update={"only": ()})
    before = rows_of(made, ONE)

    plan = loaded(made, forged, tmp_path / "plan.json")

    assert [
        left.agent_id for left in plan.left if "make a new plan" in left.reason and "changed since" in left.reason
    ] == [ONE]
    assert ONE not in {step.agent_id for step in plan.steps} | {move.agent_id for move in plan.moves}
    assert plan.digest == forged.digest
    for each in (plan, planfile.load(tmp_path / "plan.json")):
        assert [left.agent_id for left in made.apply(each).left] == [ONE]
    assert rows_of(made, ONE) == before
    assert made.on_langgraph("SELECT assistant_id FROM langgraph_server.runs WHERE id = 'r1'") == [
        {"assistant_id": TWO}
    ]


NEVER: dict[str, Callable[[Databases], Step]] = {
    "a user's row removed": lambda made: a_step(made, "remove", "duplicate", "users"),
    "a user's row removed as an orphan": lambda made: a_step(made, "remove", "orphan", "users", canonical_id=None),
    "a user's row given to an agent": lambda made: a_step(made, "rekey", "wrong_id", "users"),
    "another organization's agent": lambda made: a_step(
        made, "remove", "duplicate", THREE, agent_id=THREE, canonical_id=THREE
    ),
    "what was not allowed": lambda made: a_step(made, "update", "drift", ONE),
}


@pytest.mark.parametrize("what", NEVER)
def test_step_that_could_never_be_made_refuses_the_whole_plan(
    databases: MakeDatabases, tmp_path: Path, what: str
) -> None:
    made = databases("healthy")
    made.on_langgraph(USERS_ROW + copy_of(ONE, OLD))
    forged = with_steps(made.plan(f"org:{ORGANIZATION}"), NEVER[what](made))
    before = made.rows()

    with pytest.raises(UnusablePlanError) as refusal:
        loaded(made, forged, tmp_path / "plan.json")
    with pytest.raises(UnusablePlanError):
        made.apply(forged)

    assert refusal.value.exit_status == 3
    assert made.rows() == before
    assert made.on_langgraph(HAS_JOURNAL) == []


@pytest.mark.parametrize("databases", ["one database"], indirect=True)
def test_plan_holds_what_it_is_about_and_is_for_no_other_scope(databases: MakeDatabases, tmp_path: Path) -> None:
    broken = databases("broken")
    plan = broken.plan(f"org:{ORGANIZATION}", (ONE, "drift"), ("drift",), "all")
    found = loaded_text(plan, tmp_path / "plan.json")
    assert (found.scope, found.startup_sync) == (f"org:{ORGANIZATION}", "all")
    assert (found.only, found.allow) == ((ONE, "drift"), ("drift",))
    settings = RepairSettings(plan=str(tmp_path / "plan.json"), scope=f"org:{ORGANIZATION}")
    with (
        broken.connected() as pair,
        pytest.raises(UnusablePlanError, match="for startup_sync 'all', got startup_sync ''"),
    ):
        planning.plan_for(pair, diagnose(pair, settings.agents_in_scope, for_plan=True), settings)


def loaded_text(plan: Plan, file: Path) -> Plan:
    planfile.save(plan, file)
    return planfile.load(file)


def test_page_of_a_plan_has_the_names_and_counts_of_now(databases: MakeDatabases, tmp_path: Path) -> None:
    broken = databases("broken")
    broken.on_langgraph(run_on(a_row(broken, ONE)))
    plan = broken.plan()
    false = [step.model_copy(update={"agent_name": "false"}) for step in plan.steps]
    forged = plan.model_copy(
        update={
            "steps": Spool(Step, false),
            "moves": Spool(Move, [move.model_copy(update={"rows": 7}) for move in plan.moves]),
            "left": Spool(type(next(iter(plan.left))), []),
        }
    )
    found = loaded(broken, forged, tmp_path / "plan.json")
    assert (found.steps, found.moves, found.left) == (plan.steps, plan.moves, plan.left)
    assert found.digest == forged.digest != plan.digest


def test_agent_that_appeared_since_the_plan_is_named_and_not_repaired(databases: MakeDatabases, tmp_path: Path) -> None:
    healthy = databases("healthy")
    healthy.on_langgraph(copy_of(TWO, OLD))
    plan = healthy.plan()
    healthy.on_langgraph(f"DELETE FROM langgraph_server.assistants WHERE id = '{ONE}'")

    found = loaded(healthy, plan, tmp_path / "plan.json")

    assert [left.agent_id for left in found.left if "it appeared since" in left.reason] == [ONE]
    assert healthy.apply(found).counts == {"remove": 1}
    assert healthy.diagnose().counts["missing"] == 1


# --- the same line again


def damaged(databases: Databases) -> Databases:
    """Write-backs are gone, and something runs on every row, and on a user's: every phase has something to do."""
    databases.on_supabase("UPDATE public.agents SET langgraph_assistant_id = NULL")
    databases.on_langgraph(
        "INSERT INTO langgraph_server.runs (id, thread_id, assistant_id)"
        " SELECT id || n, 't', id FROM langgraph_server.assistants, generate_series(1, 4) AS n"
    )
    talk(databases, "bare", {"t-one": ONE, "t-two": TWO})
    return databases


WHOLE = {"rekey": 5, "remove": 10, "write_back": 5, "move": 62}


def runs_of(databases: Databases) -> list[str]:
    return [row["run_id"] for row in databases.on_langgraph("SELECT run_id FROM assistant_repair.runs ORDER BY run_id")]


def again(databases: Databases, file: Path, progress: Callable[[str, int, int], None] = lambda *_: None) -> Outcome:
    """Type the line `repair --apply --plan FILE`."""
    settings = RepairSettings(plan=str(file))
    with databases.connected() as pair:
        plan = planning.plan_for(pair, diagnose(pair, settings.agents_in_scope, for_plan=True), settings)
        outcome = apply.apply(pair, plan, progress)
        assert outcome.changes == (changes.of_run(pair, outcome.run_id) if outcome.run_id else Changes())
        return outcome.model_copy(update={"changes": Changes(), "run": None})


@pytest.mark.parametrize(
    "phase",
    ["making assistants under their agents' ids", "moving conversations, crons and memories"],
)
def test_same_line_after_a_stop_finishes_the_run_and_then_changes_nothing(
    databases: MakeDatabases, tmp_path: Path, phase: str
) -> None:
    broken = damaged(databases("broken"))
    before, plan = broken.rows(), broken.plan()
    planfile.save(plan, tmp_path / "plan.json")

    def press(told: str, done: int, total: int) -> None:
        if told == phase and done:
            raise KeyboardInterrupt

    with pytest.raises(StoppedRunError):
        again(broken, tmp_path / "plan.json", press)
    finished = again(broken, tmp_path / "plan.json")
    repaired = broken.rows()
    repeated = again(broken, tmp_path / "plan.json")

    assert finished == Outcome(run_id="run-1", counts=WHOLE, left=(), resumed="run-1")
    assert repeated == Outcome(run_id="run-1", counts={}, left=(), is_repeated=True)
    assert broken.rows() == repaired
    assert runs_of(broken) == ["run-1"]
    assert broken.undo("run-1").refused == ()
    assert broken.rows() == before
    with pytest.raises(UnusablePlanError, match="run-1 applied this plan, and was undone: make a new plan"):
        again(broken, tmp_path / "plan.json")
    with pytest.raises(UnusablePlanError, match="run-1 applied this plan"):
        broken.apply(plan)
    assert broken.rows() == before
    planfile.save(broken.plan(), tmp_path / "plan.json")
    assert again(broken, tmp_path / "plan.json").run_id == "run-2"
    assert broken.diagnose().open == 0


OF_ONE = f"metadata->>'supabase_agent_id' = '{ONE}'"

HELD = {
    "its assistant": ("langgraph", f"SELECT FROM langgraph_server.assistants WHERE {OF_ONE}"),
    "its write-back": ("supabase", f"SELECT FROM public.agents WHERE id = '{ONE}'"),
    "a reference": (
        "langgraph",
        "SELECT FROM langgraph_server.runs WHERE assistant_id ="
        f" (SELECT min(id) FROM langgraph_server.assistants WHERE {OF_ONE})",
    ),
    "a conversation": ("langgraph", "SELECT FROM langgraph_server.threads WHERE id = 't-one'"),
}


@pytest.mark.parametrize("what", HELD)
def test_same_line_after_a_partial_run_tries_what_was_left_within_that_run(
    databases: MakeDatabases, tmp_path: Path, what: str
) -> None:
    broken = damaged(databases("broken"))
    before = broken.rows()
    planfile.save(broken.plan(), tmp_path / "plan.json")
    side, statement = HELD[what]

    with held(getattr(broken, side), statement + " FOR UPDATE"):
        for _ in range(2):
            outcome = again(broken, tmp_path / "plan.json")
            assert (outcome.run_id, [left.agent_id for left in outcome.left]) == ("run-1", [ONE])
    assert again(broken, tmp_path / "plan.json") == Outcome(run_id="run-1", counts=WHOLE, left=())

    assert again(broken, tmp_path / "plan.json").is_repeated
    assert broken.diagnose().open == 0
    assert runs_of(broken) == ["run-1"]
    assert broken.undo("run-1").refused == ()
    assert broken.rows() == before


@pytest.mark.parametrize("databases", ["two databases"], indirect=True)
def test_retry_that_is_stopped_resumes_and_counts_each_step_once(databases: MakeDatabases, tmp_path: Path) -> None:
    broken = damaged(databases("broken"))
    before = broken.rows()
    planfile.save(broken.plan(), tmp_path / "plan.json")
    with held(broken.langgraph, HELD["a reference"][1] + " FOR UPDATE"):
        again(broken, tmp_path / "plan.json")

    def press(told: str, done: int, total: int) -> None:
        if told == "removing old copies":
            raise KeyboardInterrupt

    with pytest.raises(StoppedRunError, match="run-1 was interrupted"):
        again(broken, tmp_path / "plan.json", press)
    assert again(broken, tmp_path / "plan.json") == Outcome(run_id="run-1", counts=WHOLE, left=(), resumed="run-1")
    assert broken.undo("run-1").refused == ()
    assert broken.rows() == before


def test_damage_that_comes_again_after_a_repair_is_repaired_by_a_run_of_its_own(
    databases: MakeDatabases, tmp_path: Path
) -> None:
    healthy = databases("healthy")
    healthy.on_langgraph(copy_of(ONE, OLD))
    planfile.save(healthy.plan(), tmp_path / "plan.json")
    assert again(healthy, tmp_path / "plan.json").run_id == "run-1"
    healthy.on_langgraph(copy_of(ONE, OLD))
    assert again(healthy, tmp_path / "plan.json") == Outcome(run_id="run-2", counts={"remove": 1}, left=())


@pytest.mark.parametrize("databases", ["one database"], indirect=True)
def test_plan_with_nothing_to_do_makes_no_run_and_no_journal(databases: MakeDatabases) -> None:
    healthy = databases("healthy")
    assert healthy.apply(healthy.plan()) == Outcome(run_id=None, counts={}, left=())
    assert healthy.on_langgraph(HAS_JOURNAL) == []
    healthy.on_langgraph(copy_of(ONE, OLD))
    healthy.apply(healthy.plan())
    assert healthy.apply(healthy.plan()).run_id is None
    assert runs_of(healthy) == ["run-1"]


@pytest.mark.parametrize("databases", ["one database"], indirect=True)
def test_last_line_says_which_run_applied_the_plan_and_how_to_take_it_back(
    databases: MakeDatabases, tmp_path: Path
) -> None:
    broken = databases("broken")
    planfile.save(broken.plan(), tmp_path / "plan.json")
    settings = RepairSettings(plan=str(tmp_path / "plan.json"), apply=True)
    for said in (
        "Run run-1 is done, nothing is left for a repair.",
        "This plan was applied by run-1 before, and nothing was changed now: nothing is left for a repair.",
    ):
        with broken.connected() as pair:
            page = RepairPage(pair, settings)
            page.apply(pair, settings)
        assert (page.report.verdict, page.report.exit_status, page.report.run_id) == ("repaired", 0, "run-1")
        assert page.report.message.startswith(said)
        assert page.report.message.endswith("--run run-1 --apply")
        is_first = said.startswith("Run")
        of_run = "Rows changed or removed" if is_first else "Rows changed or removed before"
        assert page.report.at_a_glance.tiles[of_run][0] == "15"
        assert ("Nothing was done now. What run-1 did before:" in str(page.outcome())) == (not is_first)
        assert page.report.plan.digest == page.plan.digest == planfile.load(tmp_path / "plan.json").digest
