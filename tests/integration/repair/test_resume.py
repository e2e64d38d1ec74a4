"""Interrupted repairs, which resume; there is never more than one at a time."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest

from tests.constants import AGENTS, CUT, ONE
from tests.databases import AsRole, Databases, MakeDatabases
from tests.integration.repair.rows import held
from toolkit.database.connection import EndedByServerError
from toolkit.diagnosis.diagnose import diagnose
from toolkit.pages.diagnosis import DiagnosisPage
from toolkit.pages.verification import VerificationPage
from toolkit.repair import apply, changes, lease, moving, phases, undo
from toolkit.repair.apply import NotResumableError, Outcome, StoppedRunError, UnwritableError
from toolkit.repair.confirmation import UnfinishedUndoError
from toolkit.repair.journal import ForeignJournalError, UnknownRunError
from toolkit.repair.lease import BusyError
from toolkit.scope import Scope
from toolkit.settings import DiagnoseSettings, VerifySettings

PHASES = [
    "noting what names them already",
    "making assistants under their agents' ids",
    "writing ids back to Supabase",
    "moving conversations, crons and memories",
    "removing old copies",
]


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phases, "_AGENTS", 2)
    monkeypatch.setattr(phases, "_AGENTS_LOOKED_UP", 2)
    monkeypatch.setattr(moving, "_PAGES", 1)


def damaged(databases: Databases) -> Databases:
    """Write-backs are gone, and something runs on every row: every phase has something to do."""
    databases.on_supabase("UPDATE public.agents SET langgraph_assistant_id = NULL")
    databases.on_langgraph(
        "INSERT INTO langgraph_server.runs (id, thread_id, assistant_id, kwargs, created_at, updated_at)"
        " SELECT id || n, 't', id, jsonb_build_object('long', repeat(md5(id), 20)), '2026-11-20', '2026-11-20'"
        " FROM langgraph_server.assistants, generate_series(1, 4) AS n"
    )
    return databases


def interrupted(databases: Databases, phase: str, at: int = 1) -> str:
    """Apply a plan, and press Ctrl-C in a phase; return the message."""

    def press(told: str, done: int, total: int) -> None:
        if told == phase and done >= at:
            raise KeyboardInterrupt

    with databases.connected() as pair, pytest.raises(StoppedRunError) as stopped:
        apply.apply(pair, databases.plan(), press)
    return str(stopped.value)


def in_full(make: MakeDatabases) -> Databases:
    other = damaged(make("broken"))
    other.apply(other.plan())
    return other


@pytest.mark.parametrize(
    ("databases", "phase"),
    [*(("two databases", phase) for phase in PHASES), ("one database", PHASES[3])],
    indirect=["databases"],
)
def test_interrupted_run_is_finished_by_the_next_repair_as_if_nothing_had_been(
    databases: MakeDatabases, phase: str
) -> None:
    broken = damaged(databases("broken"))
    before = broken.rows()

    assert "run-1 was interrupted: what is done is kept" in interrupted(broken, phase)
    outcome = broken.apply(broken.plan())

    assert (outcome.resumed, outcome.run_id, outcome.left) == ("run-1", "run-1", ())
    assert outcome.counts == {"rekey": 5, "remove": 10, "write_back": 5, "move": 60}
    assert broken.diagnose().open == 0
    if phase == PHASES[3]:
        assert broken.rows() == in_full(databases).rows()
    assert broken.undo("run-1").refused == ()
    assert broken.rows() == before


@pytest.mark.parametrize("databases", ["two databases"], indirect=True)
def test_resume_finishes_a_run_and_nothing_else(databases: MakeDatabases) -> None:
    broken = damaged(databases("broken"))
    with broken.connected() as pair, pytest.raises(UnknownRunError):
        apply.resume(pair, "run-1")
    interrupted(broken, PHASES[2])

    with broken.connected() as pair:
        seen = DiagnosisPage(pair, DiagnoseSettings())
        assert "run-1 was begun at " in (told := " ".join(seen.report.at_a_glance.details))
        assert "repaired" not in told
        finish = "assistant-toolkit repair --supabase sandbox:broken --resume run-1"
        assert seen.report.at_a_glance.next[1] == finish
        assert finish in str(seen.next_steps())
        outcome = apply.resume(pair, "run-1")
        assert "run-1 repaired 5 agents" in repr(DiagnosisPage(pair, DiagnoseSettings()).report.at_a_glance.details)
        counts = {"rekey": 5, "remove": 10, "write_back": 5, "move": 60}
        done = changes.of_run(pair, "run-1")
        assert outcome == Outcome(
            run_id="run-1", counts=counts, changes=done, left=(), run=outcome.run, resumed="run-1"
        )
        with pytest.raises(NotResumableError, match="run-1 is done") as refusal:
            apply.resume(pair, "run-1")
    assert refusal.value.exit_status == 3


@pytest.mark.parametrize("databases", ["one database"], indirect=True)
def test_references_move_in_parts_of_a_tables_rows_each_in_a_transaction_of_its_own(
    databases: MakeDatabases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "_PAGES", 1024)
    monkeypatch.setattr(moving, "_PAGES_AT_ONCE", 1)
    broken = damaged(databases("broken"))
    before = broken.rows()

    assert broken.apply(broken.plan()).counts["move"] == 60

    rows = broken.on_langgraph(
        "SELECT (counts->>'move')::int AS moved, xmin::text AS transaction FROM assistant_repair.batches"
        " WHERE phase LIKE 'move id_map runs.assistant_id%' AND counts ? 'move'"
    )
    assert len({row["transaction"] for row in rows}) == len(rows) > 2
    assert sum(row["moved"] for row in rows) == 60
    assert broken.rows() == in_full(databases).rows()
    assert broken.undo("run-1").refused == ()
    assert broken.rows() == before


@pytest.mark.parametrize("databases", ["two databases"], indirect=True)
def test_next_repair_does_what_the_interrupted_run_was_not_about(databases: MakeDatabases) -> None:
    broken = damaged(databases("broken"))

    def press(phase: str, done: int, total: int) -> None:
        if phase == PHASES[2]:
            raise KeyboardInterrupt

    with broken.connected() as pair, pytest.raises(StoppedRunError):
        apply.apply(pair, broken.plan(only=(ONE,)), press)

    outcome = broken.apply(broken.plan())

    assert (outcome.resumed, outcome.run_id) == ("run-1", "run-2")
    assert outcome.counts == {"rekey": 4, "remove": 8, "write_back": 4, "move": 48}
    assert broken.diagnose().open == 0


@pytest.mark.parametrize(
    ("databases", "phase"), [("one database", PHASES[3]), ("two databases", PHASES[4])], indirect=["databases"]
)
def test_interrupted_run_can_be_taken_back_and_is_not_finished_then(databases: MakeDatabases, phase: str) -> None:
    broken = damaged(databases("broken"))
    before = broken.rows()
    interrupted(broken, phase)

    assert broken.undo("run-1").refused == ()

    assert broken.rows() == before
    with broken.connected() as pair, pytest.raises(NotResumableError, match="run-1 is undone"):
        apply.resume(pair, "run-1")
    assert broken.apply(broken.plan()).resumed is None


@pytest.mark.parametrize("databases", ["two databases"], indirect=True)
def test_interrupted_undo_goes_on_where_it_was(databases: MakeDatabases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo, "_AGENTS", 2)
    broken = damaged(databases("broken"))
    before = broken.rows()
    run_id = broken.apply(plan := broken.plan()).run_id

    def press(at: int) -> Callable[[str, int, int], None]:
        def pressed(phase: str, done: int, total: int) -> None:
            if done >= at:
                raise KeyboardInterrupt

        return pressed

    with broken.connected() as pair:
        for at, lost in ((0, 0), (1, 2)):
            with pytest.raises(StoppedRunError, match="run-1 was interrupted: what is taken back stays so"):
                undo.undo(pair, run_id, press(at))
            seen = DiagnosisPage(pair, DiagnoseSettings()).report
            assert (seen.verdict, seen.exit_status, seen.lost) == ("mismatched", 2, lost)
            begun = "The undo of run-1 was begun at "
            assert any(line.startswith(begun) and "is not finished" in line for line in seen.at_a_glance.details)
            finish = "assistant-toolkit undo --supabase sandbox:broken --run run-1 --apply"
            assert seen.at_a_glance.next[1] == finish
            assert seen.message.endswith(f"To finish it: {finish}")
        with pytest.raises(NotResumableError, match=r"run-1 is being undone: .* an undo goes on with `undo --run RUN"):
            apply.resume(pair, run_id)
        proof = VerificationPage(pair, VerifySettings()).report
        (failed,) = [check for check in proof.checks if check.name == "no repair or undo is unfinished"]
        assert failed.passed is False
        assert failed.detail.startswith(begun)
        for repairing in (lambda: apply.apply(pair, plan), broken.plan):
            with pytest.raises(UnfinishedUndoError, match="the undo of run-1 is not finished: finish it first"):
                repairing()
    assert len(broken.undo(run_id).agents) == 3
    assert broken.rows() == before


@contextmanager
def read_only(databases: Databases) -> Iterator[None]:
    conninfo = databases.supabase.conninfo.get_secret_value()
    name = psycopg.conninfo.conninfo_to_dict(conninfo)["dbname"]
    databases.on_supabase(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    yield
    databases.on_langgraph(
        f'ALTER DATABASE "{name}" RESET default_transaction_read_only'
    )  # each session reads it at its start


@pytest.mark.parametrize("databases", ["two databases"], indirect=True)
def test_side_that_is_read_only_is_refused_and_nothing_done(databases: MakeDatabases) -> None:
    broken = databases("broken")
    before, plan = broken.rows(), broken.plan()
    with read_only(broken), broken.connected() as pair, pytest.raises(UnwritableError, match="read-only"):
        apply.apply(pair, plan)
    assert broken.rows() == before
    assert broken.apply(plan).resumed is None


@pytest.mark.parametrize("databases", ["two databases"], indirect=True)
@pytest.mark.parametrize("side", ["supabase", "langgraph"])
def test_server_that_ends_the_connection_of_a_reader_is_said_as_that(side: str, databases: MakeDatabases) -> None:
    broken = databases("broken")

    def read_and_be_cut() -> None:
        with broken.connected() as pair:
            getattr(broken, f"on_{side}")(CUT)
            diagnose(pair, Scope.parse("all"))

    with pytest.raises(EndedByServerError, match=r"(terminat|clos).*see that it runs"):
        read_and_be_cut()


@pytest.mark.parametrize("databases", ["two databases"], indirect=True)
def test_server_that_ends_the_connection_leaves_a_run_that_resumes(databases: MakeDatabases) -> None:
    broken = damaged(databases("broken"))

    def cut(phase: str, done: int, total: int) -> None:
        if phase == PHASES[2] and done:
            broken.on_supabase(CUT)

    with broken.connected() as pair, pytest.raises(StoppedRunError, match=r"run-1 stopped: .*(terminat|clos)"):
        apply.apply(pair, broken.plan(), cut)
    assert broken.apply(broken.plan()).resumed == "run-1"
    assert broken.diagnose().open == 0


def suppressed(databases: Databases, event: str, table: str) -> Outcome:
    """Repair where a trigger suppresses what is written to a table."""
    broken = damaged(databases)
    broken.on_langgraph(
        "CREATE FUNCTION public.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
        f"CREATE TRIGGER nothing BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION public.nothing()"
    )
    outcome = broken.apply(broken.plan())
    assert [left.agent_id for left in outcome.left] == list(AGENTS)
    return outcome


@pytest.mark.parametrize("databases", ["one database"], indirect=True)
@pytest.mark.parametrize(
    ("event", "table", "what"),
    [
        (
            "UPDATE",
            "public.agents",
            "a trigger, rule or policy on public.agents suppressed the update of its write-back",
        ),
        (
            "INSERT",
            "langgraph_server.assistants",
            "a trigger or rule on langgraph_server.assistants suppressed the write of its assistant",
        ),
        (
            "UPDATE",
            "langgraph_server.runs",
            "a trigger or rule suppressed the update of its rows in runs.assistant_id; "
            "correct it and run the repair again",
        ),
    ],
)
def test_write_that_a_trigger_suppresses_is_said_as_that(
    event: str, table: str, what: str, databases: MakeDatabases
) -> None:
    assert {left.reason for left in suppressed(databases("broken"), event, table).left} == {what}


@pytest.mark.parametrize("databases", ["one database"], indirect=True)
def test_assistants_that_were_not_made_are_not_counted(databases: MakeDatabases) -> None:
    outcome = suppressed(databases("broken"), "INSERT", "langgraph_server.assistants")
    assert outcome.counts == {}


@pytest.mark.parametrize("databases", ["one database"], indirect=True)
def test_row_that_somebody_holds_holds_up_no_other_of_its_page(databases: MakeDatabases) -> None:
    broken = damaged(databases("broken"))
    mine = f"IN (SELECT id FROM langgraph_server.assistants WHERE metadata->>'supabase_agent_id' = '{ONE}')"
    plan = broken.plan()
    with held(broken.langgraph, f"SELECT FROM langgraph_server.runs WHERE assistant_id {mine} LIMIT 1 FOR UPDATE"):
        outcome = broken.apply(plan)
    assert [(left.agent_id, left.finding) for left in outcome.left] == [(ONE, "dangling_reference")]
    assert outcome.counts["move"] == 59


@pytest.mark.parametrize("databases", ["one database"], indirect=True)
def test_of_two_memories_on_different_pages_that_would_become_one_the_newer_moves(databases: MakeDatabases) -> None:
    broken = databases("broken")
    olds = [row["id"] for row in broken.on_langgraph(
        f"SELECT id FROM langgraph_server.assistants WHERE metadata->>'supabase_agent_id' = '{ONE}' ORDER BY id"
    )]  # fmt: skip
    for day, old in enumerate(olds):
        broken.on_langgraph(
            "INSERT INTO langgraph_server.store_items (namespace, key, value, owner_id, updated_at)"
            f" VALUES ('o/u/{old}/facts', 'k', jsonb_build_object('long', repeat(md5('{old}'), 20)), 'u', "
            f"'2026-11-{20 - day % 2}')"
        )
        broken.on_langgraph(
            "INSERT INTO langgraph_server.store_items (namespace, key, value, owner_id)"
            f" SELECT 'other', '{old}' || n, jsonb_build_object('long', repeat(md5('{old}' || n), 20)), 'u' FROM "
            "generate_series(1, 30) AS n"
        )
    outcome = broken.apply(broken.plan())
    moved = broken.on_langgraph(f"SELECT value FROM langgraph_server.store_items WHERE namespace = 'o/u/{ONE}/facts'")
    newest = broken.on_langgraph(f"SELECT repeat(md5('{olds[2]}'), 20) AS long")
    assert moved == [{"value": newest[0]}]  # of the same day as the first, and the last by name
    assert sorted(left.reason for left in outcome.left) == [
        f"store_items.namespace still names {old}" for old in olds[:2]
    ]


# --- one at a time


def hold_lease(databases: Databases, age: float) -> None:
    databases.on_langgraph(
        "UPDATE assistant_repair.lease SET holder = 'x', who = 'process 1 on elsewhere', since = '2026-11-23 "
        "01:02:03+00',"
        f" renewed_at = clock_timestamp() - {age} * interval '1 s'"
    )


@pytest.mark.parametrize("databases", ["two databases"], indirect=True)
def test_repair_beside_a_living_one_is_refused_by_name(databases: MakeDatabases) -> None:
    broken = databases("broken")
    plan = broken.plan()
    run_id = broken.apply(plan).run_id
    stop = threading.Event()

    def live() -> None:
        while not stop.wait(0.1):
            hold_lease(broken, 0)

    hold_lease(broken, 0)
    other = threading.Thread(target=live)
    other.start()
    try:
        for attempt in (lambda: broken.apply(plan), lambda: broken.undo(run_id)):
            with pytest.raises(
                BusyError, match=r"process 1 on elsewhere has held the lease since 2026-11-23 \d\d:02:03"
            ) as refusal:
                attempt()
            assert refusal.value.exit_status == 3
    finally:
        stop.set()
        other.join()


@pytest.mark.parametrize("databases", ["two databases"], indirect=True)
def test_lease_of_which_nothing_is_heard_is_waited_for_visibly(
    databases: MakeDatabases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "SECONDS", 1.0)
    broken = databases("broken")
    broken.apply(broken.plan())
    hold_lease(broken, 0)
    told: list[str] = []
    with broken.connected() as pair:
        apply.apply(pair, broken.plan(), lambda phase, done, total: told.append(phase))
    assert told[0] == "waiting for the lease of a process that may have stopped"


@pytest.mark.parametrize("databases", ["two databases"], indirect=True)
def test_repair_whose_lease_went_to_somebody_else_stops(databases: MakeDatabases) -> None:
    broken = damaged(databases("broken"))

    def lose(phase: str, done: int, total: int) -> None:
        if phase == PHASES[3] and not done:
            hold_lease(broken, 60)

    with broken.connected() as pair, pytest.raises(StoppedRunError, match="another process holds"):
        apply.apply(pair, broken.plan(), lose)
    assert broken.on_langgraph("SELECT count(*) AS n FROM assistant_repair.moves") == [{"n": 0}]
    assert broken.apply(broken.plan()).resumed == "run-1"


FOREIGN = {
    "somebody else's": "CREATE SCHEMA assistant_repair; CREATE TABLE assistant_repair.things (id int)",
    "half made": "CREATE SCHEMA assistant_repair; CREATE TABLE assistant_repair.runs (run_id text)",
    "empty": "CREATE SCHEMA assistant_repair",
}


@pytest.mark.parametrize("databases", ["two databases"], indirect=True)
@pytest.mark.parametrize("side", ["supabase", "langgraph"])
@pytest.mark.parametrize("what", FOREIGN)
def test_schema_that_is_not_our_journal_is_refused(databases: MakeDatabases, side: str, what: str) -> None:
    broken = databases("broken")
    getattr(broken, f"on_{side}")(FOREIGN[what])
    before = broken.rows()
    plan = broken.plan()
    with pytest.raises(ForeignJournalError, match="assistant_repair without ") as refusal:
        broken.apply(plan)
    assert refusal.value.exit_status == 3
    assert broken.rows() == before


@pytest.mark.parametrize("databases", ["two databases"], indirect=True)
def test_role_that_may_not_write_is_refused_before_anything_is_made(databases: MakeDatabases, as_role: AsRole) -> None:
    broken = databases("broken")
    before = broken.rows()
    reader = as_role(broken)
    with pytest.raises(UnwritableError, match=r"has no UPDATE on public\.agents: .*grants repairer") as refusal:
        reader.apply(broken.plan())
    assert refusal.value.exit_status == 3
    assert broken.rows() == before
    assert broken.on_langgraph("SELECT nspname FROM pg_namespace WHERE nspname = 'assistant_repair'") == []


@pytest.mark.parametrize("phase", PHASES)
def test_row_security_that_comes_in_the_middle_stops_the_repair_and_is_not_taken_for_a_change(
    databases: MakeDatabases, as_role: AsRole, phase: str
) -> None:
    broken = damaged(databases("broken"))
    may_all = (
        "GRANT USAGE ON SCHEMA public, langgraph_server TO {role}; "
        "GRANT ALL ON ALL TABLES IN SCHEMA public, langgraph_server TO {role};"
        "DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO {role}', current_database()); END $$"
    )
    supabase_only = may_all if broken.is_one else may_all.replace(", langgraph_server", "")
    repairer, plan = as_role(broken, supabase_only, may_all), broken.plan()
    for table in ("checkpoints", "store"):  # whose rows hidden from the role would refuse the repair at once
        broken.on_langgraph(f"ALTER TABLE public.{table} DISABLE ROW LEVEL SECURITY")

    def hide(told: str, done: int, total: int) -> None:
        if told == phase:
            broken.on_supabase("ALTER TABLE public.agents ENABLE ROW LEVEL SECURITY")

    with (
        repairer.connected() as pair,
        pytest.raises(StoppedRunError, match=r"row-level security policy for table .agents."),
    ):
        apply.apply(pair, plan, hide)

    broken.on_supabase("ALTER TABLE public.agents DISABLE ROW LEVEL SECURITY")
    assert broken.on_langgraph("SELECT reason FROM assistant_repair.left_alone") == []
    with repairer.connected() as pair:
        assert apply.resume(pair, "run-1").left == ()
    assert broken.diagnose().open == 0


@pytest.mark.parametrize("databases", ["one database"], indirect=True)
def test_somebody_elses_id_map_does_not_disturb_the_diagnosis(databases: MakeDatabases) -> None:
    broken = databases("broken")
    broken.on_langgraph("CREATE SCHEMA assistant_repair; CREATE TABLE assistant_repair.id_map (a int)")
    assert broken.diagnose().counts["wrong_id"] == 5
