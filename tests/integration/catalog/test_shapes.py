"""Tables as they are: what cannot be read or written as relied on is refused by name, before anything is changed."""

from collections.abc import Callable

import psycopg
import pytest
from click.testing import CliRunner, Result

from tests.constants import COPY, ORGANIZATION
from tests.databases import Databases, MakeDatabases
from toolkit import guard
from toolkit.catalog import preflight
from toolkit.cli import main
from toolkit.database import addresses
from toolkit.database.connection import Pair, connect
from toolkit.database.shapes import LANGGRAPH, SUPABASE, ShapeError, WrongDatabaseError, problems
from toolkit.pages.diagnosis import DiagnosisPage
from toolkit.repair import apply, journal
from toolkit.settings import DiagnoseSettings

FIRST = "a0000000-0000-4000-a000-000000000001"

ARCHIVE = "CREATE TABLE langgraph_server.runs_archive () INHERITS (langgraph_server.runs)"
PARTITIONED = (
    "ALTER TABLE {0} RENAME TO plain;"
    "CREATE TABLE {0} (LIKE {1}.plain INCLUDING DEFAULTS, PRIMARY KEY ({2})) PARTITION BY HASH ({2});"
    "CREATE TABLE {0}_part PARTITION OF {0} FOR VALUES WITH (MODULUS 1, REMAINDER 0);"
    "INSERT INTO {0} SELECT * FROM {1}.plain"
)
VIEW = "ALTER TABLE {0} RENAME TO plain; CREATE {3} {0} AS SELECT * FROM {1}.plain WHERE {2}"


def refused(act: Callable[[], object], error: type[Exception] = ShapeError) -> str:
    with pytest.raises(error) as refusal:
        act()
    assert getattr(refusal.value, "exit_status", None) == 3
    return str(refusal.value)


def command(databases: Databases, *arguments: str) -> Result:
    """Run a command on these databases."""
    one, other = databases.conninfos
    names = ["env:ONE", "env:ONE" if one == other else "env:OTHER"]
    sides = ["--langgraph", names[1]] if arguments[0] == "guard" else ["--supabase", names[0], "--langgraph", names[1]]
    ran = CliRunner().invoke(main, [*arguments, *sides], env={"ONE": one, "OTHER": other})
    assert ran.exception is None or isinstance(ran.exception, SystemExit), repr(ran.exception)
    return ran


def line(databases: Databases, *arguments: str) -> str:
    """Return the one line with which a command is refused."""
    ran = command(databases, *arguments)
    (said,) = ran.stderr.splitlines()
    assert ran.exit_code == 3
    return said


@pytest.fixture
def two(reference: Callable[[str], str]) -> Databases:
    name = reference("broken")
    return Databases(*(addresses.resolve(f"{name}/{side}") for side in ("supabase", "langgraph")))


def warnings(databases: Databases) -> list[str]:
    with databases.connected() as pair:
        return [fact.value for fact in preflight.facts(pair) if fact.is_warning]


@pytest.mark.parametrize("scenario", ["used", "repaired"])
def test_nothing_stands_against_the_tables_as_the_servers_make_them(databases: MakeDatabases, scenario: str) -> None:
    with databases(scenario).connected() as pair:
        found = [*problems(pair.supabase, SUPABASE), *problems(pair.langgraph, LANGGRAPH)]
    assert [str(each) for each in found if each.table != "assistant_repair.id_map"] == []


UNWRITABLE = [
    {
        ARCHIVE: "langgraph_server.runs: it has child tables (langgraph_server.runs_archive), and a repair moves rows",
        "ALTER TABLE langgraph_server.assistants DROP CONSTRAINT assistants_pkey CASCADE": (
            "langgraph_server.assistants: no unique index on (id), without NULL, tells its rows apart"
        ),
        "CREATE RULE keep AS ON UPDATE TO langgraph_server.threads DO INSTEAD NOTHING": (
            "langgraph_server.threads: rule keep rewrites what is written to it"
        ),
        "ALTER TABLE public.checkpoints DROP checkpoint_ns": (
            "public.checkpoints: there is no column checkpoint_ns, wanted text"
        ),
        "ALTER TABLE public.store DROP updated_at": "public.store: there is no column updated_at, wanted timestamptz",
        "CREATE PUBLICATION r FOR TABLE langgraph_server.crons WHERE (id <> '' AND schedule <> '')": (
            "langgraph_server.crons: publication r publishes its updates, which fail since its row filter reads a"
            " column outside the replica identity"
        ),
        "CREATE PUBLICATION s FOR TABLE public.store (prefix, value)": (
            "public.store: publication s publishes its updates, which fail since its column list lacks a column of the"
            " replica identity"
        ),
        "ALTER TABLE langgraph_server.store_items ALTER owner_id TYPE bytea USING owner_id::bytea": (
            "langgraph_server.store_items: column owner_id is bytea, wanted text"
        ),
    },
    {
        "CREATE TABLE public.store_cold () INHERITS (public.store)": (
            "public.store: it has child tables (public.store_cold), and a repair moves rows of plain tables only"
        ),
        PARTITIONED.format("langgraph_server.runs", "langgraph_server", "id"): (
            "langgraph_server.runs: it is a partitioned table, and a repair moves rows of plain tables only"
        ),
        "ALTER TABLE langgraph_server.threads REPLICA IDENTITY NOTHING;"
        "CREATE PUBLICATION p FOR TABLE langgraph_server.threads": (
            "langgraph_server.threads: publication p publishes its updates, which fail without a replica identity"
        ),
        "ALTER TABLE public.checkpoints DROP CONSTRAINT checkpoints_pkey,"
        " ADD UNIQUE (thread_id, checkpoint_ns, checkpoint_id);"
        "CREATE PUBLICATION q FOR TABLES IN SCHEMA public WITH (publish = 'update')": (
            "public.checkpoints: publication q publishes its updates, which fail without a replica identity"
        ),
        "ALTER TABLE public.store DROP CONSTRAINT store_pkey, ADD PRIMARY KEY (prefix, key) DEFERRABLE": (
            "public.store: publication q publishes its updates, which fail without a replica identity"
        ),
        "ALTER TABLE langgraph_server.crons RENAME TO all_crons;"
        "CREATE VIEW langgraph_server.crons AS SELECT * FROM langgraph_server.all_crons": (
            "langgraph_server.crons: it is a view, wanted a table; it may hide rows"
        ),
        "ALTER TABLE langgraph_server.store_items RENAME TO items;"
        "CREATE MATERIALIZED VIEW langgraph_server.store_items AS SELECT * FROM langgraph_server.items": (
            "langgraph_server.store_items: it is a materialized view, wanted a table; it may hide rows"
        ),
    },
]
"""What a repair cannot write, and its words; what one database can be at once stands together."""


@pytest.mark.parametrize("changes", UNWRITABLE, ids=["lacking", "of other forms"])
def test_what_a_repair_cannot_write_is_said_by_the_diagnosis_and_refused_by_the_plan(
    one: MakeDatabases, changes: dict[str, str]
) -> None:
    broken = one("broken")
    broken.on_langgraph(";".join(changes))
    assert broken.found() == {"wrong_id": 5, "duplicate": 10, "drift": 5}, "reading goes on"
    said, told = refused(broken.plan), warnings(broken)
    for words in changes.values():
        assert words in said
        assert any(fact.startswith(words) for fact in told)


@pytest.mark.parametrize("leaf", ["runs_archive", "runs_part"])
def test_a_diagnosis_reads_the_rows_of_child_tables_and_partitions(one: MakeDatabases, leaf: str) -> None:
    broken = one("broken")
    is_child = leaf == "runs_archive"
    broken.on_langgraph(ARCHIVE if is_child else PARTITIONED.format("langgraph_server.runs", "langgraph_server", "id"))
    values = f"VALUES ('r-1', 't-1', '{COPY}')"
    broken.on_langgraph(f"INSERT INTO langgraph_server.{leaf} (id, thread_id, assistant_id) {values}")
    assert {row.place: row.rows for row in broken.diagnose().references}["runs.assistant_id"] == 1


@pytest.mark.parametrize(
    "change",
    [ARCHIVE, "ALTER TABLE langgraph_server.threads REPLICA IDENTITY NOTHING; CREATE PUBLICATION p FOR ALL TABLES"],
)
def test_what_became_unwritable_since_the_plan_refuses_apply_and_undo(databases: MakeDatabases, change: str) -> None:
    broken = databases("broken")
    plan, back = broken.plan(), "DROP PUBLICATION IF EXISTS p; DROP TABLE IF EXISTS langgraph_server.runs_archive"
    before = broken.rows()
    broken.on_langgraph(change)
    refused(lambda: broken.apply(plan))
    broken.on_langgraph(back)
    with broken.connected() as pair:
        assert journal.runs(pair) == ()
    run_id = broken.apply(plan).run_id or ""
    broken.on_langgraph(change)
    refused(lambda: broken.undo(run_id))
    broken.on_langgraph(back)
    assert broken.undo(run_id).refused == ()
    assert broken.rows() == before


def test_the_run_begins_with_another_look(one: MakeDatabases, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, prepare = one("broken"), apply.open_journal

    def meanwhile(pair: Pair) -> None:
        prepare(pair)
        broken.on_langgraph(ARCHIVE)

    monkeypatch.setattr(apply, "open_journal", meanwhile)
    plan, before = broken.plan(), broken.rows()
    assert "langgraph_server.runs: it has child tables" in refused(lambda: broken.apply(plan))
    with broken.connected() as pair:
        assert journal.runs(pair) == ()
    broken.on_langgraph("DROP TABLE langgraph_server.runs_archive")
    assert broken.rows() == before


def test_a_child_table_made_under_a_running_repair_keeps_its_rows_as_they_are(databases: MakeDatabases) -> None:
    broken = databases("broken")
    values = "INSERT INTO langgraph_server.{} (id, thread_id, assistant_id) VALUES ('{}', 't', '{}')"
    broken.on_langgraph(values.format("runs", "theirs", COPY))  # its ctid is the other's
    before = broken.rows()

    def archive(phase: str, done: int, total: int) -> None:
        if phase.startswith("moving") and not broken.on_langgraph(
            "SELECT 1 FROM pg_class WHERE relname = 'runs_archive'"
        ):
            broken.on_langgraph(ARCHIVE)
            broken.on_langgraph(values.format("runs_archive", "own", "a-users-own"))

    with broken.connected() as pair:
        run_id = apply.apply(pair, broken.plan(), archive).run_id or ""
    kept = broken.on_langgraph("SELECT assistant_id FROM langgraph_server.runs_archive")
    assert kept == [{"assistant_id": "a-users-own"}]
    refused(lambda: broken.undo(run_id))
    broken.on_langgraph("DROP TABLE langgraph_server.runs_archive")
    assert broken.undo(run_id).refused == ()
    assert broken.rows() == before


@pytest.mark.parametrize("kind", ["VIEW", "MATERIALIZED VIEW"])
def test_agents_in_a_view_are_read_and_never_written(databases: MakeDatabases, kind: str) -> None:
    broken = databases("broken")
    broken.on_supabase(VIEW.format("public.agents", "public", f"organization_id = '{ORGANIZATION}'", kind))
    words = f"public.agents: it is a {kind.lower()}, wanted a table; it may hide agents, so no orphan is believable"
    assert broken.found()["orphan"] > 0
    assert f"{words}; while it is so, a repair is refused" in warnings(broken)
    with broken.connected() as pair:
        page = DiagnosisPage(pair, DiagnoseSettings())
    for shown in (page.in_short().data, page.show("orphan").data):
        assert "--allow orphan" not in shown
        assert "nothing, while public.agents is no table and may hide the agent" in shown
    assert words in refused(lambda: broken.plan(allow=("orphan",)))
    assert words in line(broken, "sync", "--apply")
    planned = command(broken, "sync")
    assert planned.exit_code == 0
    assert f"Nothing was changed; --apply would be refused: {words}" in planned.stdout


def test_a_view_of_a_table_that_is_only_read_is_said_and_stops_nothing(one: MakeDatabases) -> None:
    broken = one("broken")
    broken.on_supabase(VIEW.format("public.ai_models", "public", "true", "VIEW"))
    assert "public.ai_models: it is a view; it may hide rows" in warnings(broken)
    assert broken.apply(broken.plan()).left == ()


def test_the_guard_is_refused_on_a_view_and_installed_on_partitions(one: MakeDatabases) -> None:
    seen, parted = one("broken"), one("broken")
    seen.on_langgraph(VIEW.format("langgraph_server.assistants", "langgraph_server", "true", "VIEW"))
    parted.on_langgraph(PARTITIONED.format("langgraph_server.assistants", "langgraph_server", "id"))
    words = "langgraph_server.assistants: it is a view, wanted a table; it may hide rows"
    assert line(seen, "guard", "install", "--apply").startswith(f"✗ REFUSED: {words}")
    assert words in line(seen, "sync", "--apply")
    with connect(parted.langgraph) as connection:
        assert guard.install(connection)
        assert guard.remove(connection)


FOREIGN = """
CREATE EXTENSION postgres_fdw; CREATE SCHEMA kept; ALTER TABLE public.agents SET SCHEMA kept;
CREATE SERVER itself FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '{host}', port '{port}', dbname '{dbname}');
CREATE USER MAPPING FOR CURRENT_USER SERVER itself OPTIONS (user '{user}', password_required 'false');
IMPORT FOREIGN SCHEMA kept LIMIT TO (agents) FROM SERVER itself INTO public
"""


@pytest.mark.parametrize("form", ["foreign table", "partitioned table"])
def test_agents_in_a_foreign_or_partitioned_table_are_repaired_and_taken_back(
    databases: MakeDatabases, form: str
) -> None:
    broken = databases("healthy")
    broken.on_supabase("UPDATE public.agents SET langgraph_assistant_id = NULL WHERE deleted_at IS NULL")
    place = psycopg.conninfo.conninfo_to_dict(broken.conninfos[0])
    if form == "foreign table":
        for statement in FOREIGN.format(**place).split(";"):
            broken.on_supabase(statement)
    else:
        broken.on_supabase(PARTITIONED.format("public.agents", "public", "id"))
    before = broken.rows()
    outcome = broken.apply(broken.plan())
    assert outcome.counts["write_back"] > 0
    assert not {"not_written_back", "wrong_id"} & broken.found().keys()
    assert broken.undo(outcome.run_id or "").refused == ()
    assert broken.rows() == before


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            "ALTER TABLE public.agents REPLICA IDENTITY NOTHING; CREATE PUBLICATION p FOR TABLE public.agents",
            "without a replica identity",
        ),
        (
            "ALTER TABLE public.agents REPLICA IDENTITY USING INDEX agents_pkey;"
            "ALTER TABLE public.agents DROP CONSTRAINT agents_pkey CASCADE, ADD UNIQUE (id);"
            "CREATE PUBLICATION p FOR ALL TABLES WITH (publish = 'update')",
            "without a replica identity",
        ),
        (
            "CREATE PUBLICATION p FOR TABLE public.agents WHERE (status = 'active')",
            "since its row filter reads a column outside the replica identity",
        ),
        (
            "ALTER TABLE public.agents REPLICA IDENTITY FULL; CREATE PUBLICATION p FOR TABLE public.agents (id, name)",
            "since its column list lacks a column of the replica identity",
        ),
    ],
)
def test_agents_that_take_no_update_refuse_plan_and_sync(one: MakeDatabases, change: str, why: str) -> None:
    broken = one("broken")
    broken.on_supabase(change)
    with pytest.raises(
        psycopg.errors.InvalidColumnReference if "since" in why else psycopg.errors.ObjectNotInPrerequisiteState
    ):
        broken.on_supabase("UPDATE public.agents SET langgraph_assistant_id = NULL")
    words = f"public.agents: publication p publishes its updates, which fail {why}"
    assert words in refused(broken.plan)
    assert words in line(broken, "sync", "--apply")


def test_publications_that_take_every_update_stop_nothing(one: MakeDatabases) -> None:
    broken = one("broken")
    broken.on_supabase(
        "CREATE PUBLICATION q FOR TABLE langgraph_server.runs (id, thread_id) WHERE (id <> '');"
        "ALTER TABLE public.store REPLICA IDENTITY FULL; CREATE PUBLICATION s FOR TABLE public.store WHERE (key <> '');"
        "ALTER TABLE public.agents REPLICA IDENTITY NOTHING;"
        "CREATE PUBLICATION p FOR TABLE public.agents WITH (publish = 'insert')"
    )
    assert broken.apply(broken.plan()).left == ()


UNLIKE = {
    "ALTER TABLE public.agents ALTER langgraph_assistant_id TYPE uuid USING NULL": (
        "public.agents: column langgraph_assistant_id is uuid, wanted text"
    ),
    "ALTER TABLE public.agents DROP CONSTRAINT agents_organization_id_fkey, ALTER organization_id TYPE text": (
        "public.agents: column organization_id is text, wanted uuid"
    ),
    "ALTER TABLE public.agents ADD sampling_params json": "public.agents: column sampling_params is json, wanted jsonb",
    "ALTER TABLE public.agents DROP CONSTRAINT agents_status_check, ALTER status DROP DEFAULT;"
    "CREATE TYPE public.state AS ENUM ('ON'); ALTER TABLE public.agents ALTER status TYPE public.state USING 'ON'": (
        "public.agents: column status is public.state, wanted text or enum with 'active'"
    ),
    "ALTER TABLE public.agents DROP deleted_at": "public.agents: there is no column deleted_at, wanted timestamptz",
    "ALTER TABLE public.mcp_tools ALTER auth_required DROP DEFAULT, ALTER auth_required TYPE text": (
        "public.mcp_tools: column auth_required is text, wanted boolean"
    ),
    "DROP TABLE public.agent_mcp_tools": "public.agent_mcp_tools: there is no such table",
}
"""What makes a read of the agents unbelievable, and its words."""


def test_what_is_not_as_read_is_refused_in_the_same_words_by_diagnosis_and_sync(databases: MakeDatabases) -> None:
    broken = databases("broken")
    broken.on_supabase(";".join(UNLIKE))
    said = refused(broken.diagnose)
    assert said.startswith(f"{broken.supabase.reference} differs from what is read: public.agents: ")
    for words in UNLIKE.values():
        assert words in said
    words = said.removeprefix(broken.supabase.reference)
    assert line(broken, "sync") == line(broken, "sync", "--apply") == f"✗ REFUSED: env:ONE{words}"


def test_what_is_not_as_read_beside_the_assistants_names_that_side(databases: MakeDatabases) -> None:
    broken = databases("broken")
    broken.on_langgraph(
        "ALTER TABLE langgraph_server.assistants ALTER config DROP DEFAULT, ALTER config TYPE json;"
        "ALTER TABLE langgraph_server.runs DROP created_at"
    )
    said = refused(broken.diagnose)
    config = "langgraph_server.assistants: column config is json, wanted jsonb"
    assert said.startswith(f"{broken.langgraph.reference} differs from what is read: {config}; langgraph_server.runs: ")
    assert "langgraph_server.runs: there is no column created_at, wanted timestamptz" in said
    assert config in line(broken, "sync")
    assert config in line(broken, "guard", "install", "--apply")


def test_what_only_a_diagnosis_reads_leaves_the_sync_alone(one: MakeDatabases) -> None:
    broken = one("broken")
    broken.on_supabase(
        "ALTER TABLE public.chat_sessions ALTER organization_id TYPE text;"
        "ALTER TABLE public.organization_members DROP CONSTRAINT organization_members_organization_id_fkey;"
        "ALTER TABLE public.organization_members ALTER organization_id TYPE text"
    )
    said = refused(broken.diagnose)
    assert "public.chat_sessions: column organization_id is text, wanted uuid" in said
    assert "public.organization_members: column organization_id is text, wanted uuid" in said
    assert command(broken, "sync").exit_code == 0


def test_columns_that_nothing_relies_on_may_be_missing(one: MakeDatabases) -> None:
    broken = one("broken")
    broken.on_supabase("ALTER TABLE public.organizations RENAME name TO title")  # shown by their ids then
    broken.on_langgraph("ALTER TABLE langgraph_server.runs DROP updated_at")
    assert warnings(broken) == []
    assert broken.apply(broken.plan()).left == ()


def test_a_place_of_another_type_is_unknown_and_stops_a_repair(one: MakeDatabases) -> None:
    broken = one("broken")
    broken.on_langgraph("ALTER TABLE langgraph_server.crons ALTER payload DROP DEFAULT, ALTER payload TYPE json")
    assert "crons.payload.assistant_id" in broken.diagnose().unknown
    assert refused(broken.plan).startswith("langgraph_server.crons: column payload is json, wanted jsonb")


def test_types_that_serve_as_well_are_read_and_written(databases: MakeDatabases) -> None:
    broken = databases("broken")
    broken.on_supabase(
        "UPDATE public.chat_sessions SET thread_id = NULL;"
        "ALTER TABLE public.chat_sessions ALTER thread_id TYPE uuid USING thread_id::uuid;"
        "ALTER TABLE public.agents DROP CONSTRAINT agents_status_check, ALTER status DROP DEFAULT;"
        "CREATE TYPE public.state AS ENUM ('active', 'draft', 'disabled');"
        "CREATE DOMAIN public.title AS varchar(200);"
        "ALTER TABLE public.agents ALTER status TYPE public.state USING status::public.state,"
        " ALTER name TYPE public.title, ALTER deleted_at TYPE timestamp, ALTER langgraph_assistant_id TYPE varchar"
    )
    broken.on_langgraph(
        "ALTER TABLE langgraph_server.assistants ALTER version TYPE bigint, ALTER created_at TYPE timestamp"
    )
    before = broken.rows()
    outcome = broken.apply(broken.plan())
    assert (outcome.counts, outcome.left) == ({"rekey": 5, "remove": 10}, ())
    broken.undo(outcome.run_id or "")
    assert broken.rows() == before


def test_an_agent_without_a_status_is_not_in_use_for_diagnosis_plan_and_sync(databases: MakeDatabases) -> None:
    broken = databases("broken")
    broken.on_supabase(
        f"ALTER TABLE public.agents ALTER status DROP NOT NULL;"
        f"UPDATE public.agents SET status = NULL WHERE id = '{FIRST}'"
    )
    assert broken.found() == {"wrong_id": 4, "duplicate": 8, "drift": 4, "orphan": 3}
    assert broken.plan().counts == {"rekey": 4, "remove": 8}
    assert broken.plan(allow=("orphan",)).counts == {"rekey": 4, "remove": 11}
    synced = command(broken, "sync")
    assert "total 4, created 4, updated 0, skipped 0, failed 0, write_backs 0, orphans 3" in synced.stdout


def test_databases_that_are_swapped_look_so(two: Databases) -> None:
    said = refused(Databases(two.langgraph, two.supabase).diagnose, WrongDatabaseError)
    assert f"{two.langgraph.reference} has no public.agents, no public.agent_mcp_tools" in said
    assert "; the two look swapped: name the database with public.agents by --supabase" in said
    assert "the two look swapped" in line(Databases(two.langgraph, two.supabase), "sync")


@pytest.mark.parametrize("side", ["supabase", "langgraph"])
def test_one_side_named_for_both_is_told_that_the_other_may_be_elsewhere(
    two: Databases, side: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGGRAPH_DB_URL", "postgresql://u:hunter2@h/db")
    named = getattr(two, side)
    said = refused(Databases(named, named).diagnose, WrongDatabaseError)
    lacks, other = ("langgraph_server.assistants", "LangGraph") if side == "supabase" else ("public.agents", "Supabase")
    assert said.startswith(f"{named.reference} has no {lacks}, no ")
    unused = (
        "; LANGGRAPH_DB_URL is set, and not used: add --langgraph env:LANGGRAPH_DB_URL" if side == "supabase" else ""
    )
    assert f"; the {other} side may be another database{unused}: name the database with public.agents by" in said
    assert "BYPASSRLS" not in said


def test_the_layout_of_another_server_is_recognized(two: Databases) -> None:
    two.on_langgraph(
        "DROP SCHEMA langgraph_server CASCADE; CREATE TABLE public.assistant (assistant_id uuid);"
        "CREATE TABLE public.assistant_versions (assistant_id uuid)"
    )
    said = refused(two.diagnose, WrongDatabaseError)
    assert "look like Aegra's or LangGraph Platform's layout, which is not read" in said
    two.on_langgraph("DROP TABLE public.assistant_versions")
    assert "layout" not in refused(two.diagnose, WrongDatabaseError)


@pytest.mark.parametrize("databases", ["one database", "two databases"], indirect=True)  # a pool keeps its settings
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            "ALTER DATABASE {} SET default_transaction_read_only = on",
            "in a read-only transaction",
        ),
        (
            "CREATE FUNCTION public.no_space() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION"
            " 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END$$;"
            "CREATE TRIGGER no_space BEFORE INSERT ON langgraph_server.assistants"
            " FOR EACH STATEMENT EXECUTE FUNCTION public.no_space()",
            "No space left on device",
        ),
    ],
)
def test_a_sync_that_the_database_does_not_take_is_refused_in_one_line(
    databases: MakeDatabases, change: str, words: str
) -> None:
    broken = databases("broken")
    name = psycopg.conninfo.conninfo_to_dict(broken.conninfos[1])["dbname"]
    broken.on_langgraph(change.format(f'"{name}"'))
    said = line(broken, "sync", "--apply")
    assert said.startswith("✗ REFUSED: ")
    assert words in said
