"""The guard: what it cures, what it leaves alone, and its removal without a trace."""

import json
import re
import threading
import time
from collections.abc import Callable

import nbformat
import psycopg
import pytest
from click.testing import CliRunner
from psycopg.types.json import Jsonb

from tests import broken_server
from tests.broken_server import BrokenStore, FrontEnd, IdFixedStore, UpsertingStore
from tests.constants import AGENTS, ROOT, USER
from tests.databases import READS_LANGGRAPH, AsRole, Databases, MakeDatabases, emptied
from tests.pgbouncer import transaction_pooler
from toolkit import guard
from toolkit.cli import main
from toolkit.database.addresses import database_called, resolve
from toolkit.database.connection import connect, connections_to
from toolkit.database.shapes import ShapeError
from toolkit.database.transactions import writing
from toolkit.guard import GuardChangedError, GuardLockError, GuardNotAllowedError
from toolkit.scope import Scope
from toolkit.sync import startup

_IDS = "SELECT id, metadata->>'supabase_agent_id' AS agent_id FROM langgraph_server.assistants ORDER BY created_at, id"

_WRONG_WRITE_BACKS = """
SELECT id FROM public.agents
WHERE  status = 'active' AND deleted_at IS NULL AND langgraph_assistant_id IS DISTINCT FROM id::text
"""

_TRACES = """
SELECT 'function' AS what, proname::text AS name FROM pg_proc WHERE pronamespace = 'langgraph_server'::regnamespace
UNION ALL SELECT 'trigger', tgname FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'comment', description FROM pg_description WHERE objoid >= 16384
UNION ALL SELECT 'schema', nspname::text || COALESCE(nspacl::text, '') FROM pg_namespace
UNION ALL SELECT 'table', relname::text || COALESCE(relacl::text, '')
          FROM pg_class WHERE relnamespace = 'langgraph_server'::regnamespace
UNION ALL SELECT 'setting', setconfig::text FROM pg_db_role_setting
ORDER BY 1, 2
"""


def install(databases: Databases) -> bool:
    with connect(databases.langgraph) as connection:
        return guard.install(connection)


def remove(databases: Databases) -> bool:
    with connect(databases.langgraph) as connection:
        return guard.remove(connection)


def state(databases: Databases) -> str:
    with connect(databases.langgraph) as connection:
        return guard.status(connection).state


def ids(databases: Databases) -> list[str]:
    return [row["id"] for row in databases.on_langgraph(_IDS)]


def insert(databases: Databases, assistant_id: str, metadata: object) -> None:
    """Insert one row as a client does, with a connection that exempts itself from nothing."""
    with psycopg.connect(databases.conninfos[1]) as connection:
        connection.execute(
            "INSERT INTO langgraph_server.assistants (id, graph_id, metadata) VALUES (%s, 'agent', %s)",
            (assistant_id, Jsonb(metadata)),
        )


def of_system(agent_id: str) -> dict[str, str]:
    return {"owner": "system", "supabase_agent_id": agent_id}


@pytest.fixture
def guarded(one: MakeDatabases) -> Databases:
    """The agents before the server ever started, and the guard."""
    return with_guard(one)


def with_guard(make: MakeDatabases) -> Databases:
    made = emptied(make)
    assert install(made)
    return made


# --- what it cures


@pytest.mark.parametrize("restarts", [1, 3])
def test_restarts_leave_one_row_for_each_agent_under_its_own_id(databases: MakeDatabases, restarts: int) -> None:
    guarded = with_guard(databases)
    told = [broken_server.restart(*guarded.conninfos) for _ in range(restarts)]
    assert [each["created"] for each in told] == [5, 0, 0][:restarts]
    assert sorted(ids(guarded)) == sorted(AGENTS)
    assert guarded.on_supabase(_WRONG_WRITE_BACKS) == []
    assert guarded.found() == {"drift": 5}, "the names that the old code never stored"


def test_three_replicas_at_once_leave_one_row_with_each_agents_id(guarded: Databases) -> None:
    told = broken_server.replicas(*guarded.conninfos, 3)
    stored = guarded.on_langgraph(_IDS)
    assert sorted(row["id"] for row in stored if row["id"] == row["agent_id"]) == sorted(AGENTS)
    assert guarded.on_supabase(_WRONG_WRITE_BACKS) == []
    assert {sum(each.values()) for each in told} == {5}, "each replica came to its end"
    # One that looked before and wrote after another leaves a copy, as it always did; what is promised is no more.
    assert guarded.found().keys() <= {"drift", "duplicate"}
    assert broken_server.restart(*guarded.conninfos)["created"] == 0, "and from now on none is added"


def test_a_replica_that_looked_before_and_wrote_after_leaves_a_copy_and_no_second_right_row(guarded: Databases) -> None:
    first = guarded.conninfos
    with broken_server.server(*first) as late:
        told = late.start(between=lambda: broken_server.restart(*first))
    assert told["failed"] == 0
    assert guarded.found() == {"drift": 5, "duplicate": 5 - 4}, (
        "only the first agent was looked for before the others' rows were there"
    )


def test_a_replica_that_writes_while_another_has_not_committed_fails_for_that_agent_alone(guarded: Databases) -> None:
    told: list[dict[str, int]] = []
    with psycopg.connect(guarded.conninfos[1]) as first:
        first.execute(
            "INSERT INTO langgraph_server.assistants (id, graph_id, metadata) VALUES ('f', 'agent', %s)",
            (Jsonb(of_system(AGENTS[0])),),
        )
        thread = threading.Thread(target=lambda: told.append(broken_server.restart(*guarded.conninfos)))
        thread.start()
        _await_a_waiting_insert(guarded)
        first.commit()
        thread.join()
    assert told == [{"created": 4, "updated": 0, "skipped": 0, "failed": 1}]
    assert sorted(ids(guarded)) == sorted(AGENTS)


def _await_a_waiting_insert(databases: Databases) -> None:
    deadline = time.monotonic() + 10
    while not databases.on_langgraph(
        "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    ):
        assert time.monotonic() < deadline, "nobody waits"
        time.sleep(0.01)


def test_over_the_damage_the_next_restart_makes_the_right_rows_and_the_copies_stay(one: MakeDatabases) -> None:
    broken = one("broken")
    before = ids(broken)
    install(broken)
    assert broken_server.restart(*broken.conninfos)["created"] == 5
    assert sorted(ids(broken)) == sorted([*before, *AGENTS])
    assert broken.found() == {"duplicate": 15, "drift": 5}


def test_once_the_right_rows_are_there_no_restart_makes_copies_even_without_the_guard(guarded: Databases) -> None:
    broken_server.restart(*guarded.conninfos)
    remove(guarded)
    told = [broken_server.restart(*guarded.conninfos), *broken_server.replicas(*guarded.conninfos, 3)]
    assert {each["created"] for each in told} == {0}
    assert sorted(ids(guarded)) == sorted(AGENTS)


# --- what it does not cure


def test_the_old_server_still_hides_the_right_rows_from_ordinary_users(guarded: Databases) -> None:
    broken_server.restart(*guarded.conninfos)
    with broken_server.server(*guarded.conninfos) as running:
        assert running.store.get(AGENTS[0], "system") is not None
        assert running.store.get(AGENTS[0], USER) is None
        bare = FrontEnd(running, USER).assistant_for(AGENTS[0])
    assert bare not in AGENTS


@pytest.mark.parametrize(
    "claims", [{"owner": USER}, {"owner": USER, "supabase_agent_id": AGENTS[0]}], ids=["bare", "names an agent"]
)
def test_a_users_row_goes_in_as_it_came(guarded: Databases, claims: dict[str, str]) -> None:
    insert(guarded, "f" * 32, claims)
    assert guarded.on_langgraph("SELECT id, metadata FROM langgraph_server.assistants") == [
        {"id": "f" * 32, "metadata": claims}
    ]


@pytest.mark.parametrize("holder", [USER, "system"])
def test_where_a_row_has_the_agents_id_nothing_is_rewritten(guarded: Databases, holder: str) -> None:
    insert(guarded, AGENTS[0], {"owner": holder, "note": "first"})
    before = guarded.rows()["supabase langgraph_server.assistants"]
    insert(guarded, "f" * 32, of_system(AGENTS[0]))
    after = guarded.on_langgraph("SELECT assistant::text AS text, id FROM langgraph_server.assistants AS assistant")
    assert {row["id"] for row in after} == {AGENTS[0], "f" * 32}
    assert set(before) <= {row["text"] for row in after}


def test_a_squatter_keeps_the_id_and_the_old_servers_copies_go_on(guarded: Databases) -> None:
    insert(guarded, AGENTS[0], {"owner": USER})
    for _ in range(2):
        assert broken_server.restart(*guarded.conninfos)["failed"] == 0
    assert guarded.found()["conflict"] == 1
    assert len(ids(guarded)) == 1 + 4 + 2


# --- what may come in


@pytest.mark.parametrize(
    "spelled",
    [
        AGENTS[0], AGENTS[0].upper(), AGENTS[0].replace("-", ""), f"{{{AGENTS[0]}}}", f"urn:uuid:{AGENTS[0]}",
        f"URN:UUID:{{{AGENTS[0].upper()}}}",
    ],
)  # fmt: skip
def test_a_uuid_in_any_spelling_names_its_agent(guarded: Databases, spelled: str) -> None:
    insert(guarded, "f" * 32, of_system(spelled))
    assert ids(guarded) == [AGENTS[0]]


def test_odd_metadata_never_raises_and_changes_nothing(guarded: Databases) -> None:
    megabyte = "a" * (1 << 20)
    odd: list[object] = [
        None, [], {}, "system", 7, True, ["system"],
        {"owner": None}, {"owner": ["system"]}, {"owner": {"system": 1}}, {"owner": "System"},
        *(
            {"owner": "system", "supabase_agent_id": value}
            for value in (
                None, "", " ", 7, 0.5, True, [], [AGENTS[0]], {}, {"id": AGENTS[0]},
                AGENTS[0][:-1], f"{AGENTS[0]}0", f" {AGENTS[0]}", f"{AGENTS[0]}\n",
                AGENTS[0].replace("a", "\uff41"), AGENTS[0].replace("-", "_"), "g" * 32, "'; DROP TABLE x; --",
                megabyte, AGENTS[0] + megabyte, "{" * 48, "%s", "\\", "İ" * 36,
            )
        ),
        {"owner": "system", "note": megabyte}, {megabyte[:100_000]: 1}, json.loads("[" * 500 + "]" * 500),
    ]  # fmt: skip
    for number, metadata in enumerate(odd):
        insert(guarded, f"odd-{number}", metadata)
    stored = guarded.on_langgraph("SELECT id, metadata FROM langgraph_server.assistants")
    assert {row["id"]: row["metadata"] for row in stored} == {
        f"odd-{number}": metadata for number, metadata in enumerate(odd)
    }


def test_a_role_that_may_insert_but_not_read_is_not_stopped(guarded: Databases, as_role: AsRole) -> None:
    writer = as_role(
        guarded,
        "",
        "GRANT USAGE ON SCHEMA langgraph_server TO {role}; GRANT INSERT ON langgraph_server.assistants TO {role};",
    )
    insert(writer, "f" * 32, of_system(AGENTS[0]))
    assert ids(guarded) == ["f" * 32]


@pytest.mark.parametrize("store", [IdFixedStore, UpsertingStore])
def test_half_cured_servers_are_not_disturbed(guarded: Databases, store: type[BrokenStore]) -> None:
    told = [broken_server.restart(*guarded.conninfos, store) for _ in range(2)]
    assert [each["failed"] for each in told] == [0, 0]
    assert sorted(ids(guarded)) == sorted(AGENTS)


async def test_the_fixed_sync_is_not_disturbed(guarded: Databases) -> None:
    sides = (
        connections_to(guarded.supabase),
        None if guarded.is_one else connections_to(guarded.langgraph),
    )
    for created in (5, 0):
        assert (await startup.startup_agent_sync(*sides, scope=Scope.parse("all")))["created"] == created
    assert guarded.found() == {}


def test_an_upsert_with_a_random_id_becomes_the_agents_row_and_then_leaves_it_alone(guarded: Databases) -> None:
    with psycopg.connect(guarded.conninfos[1], autocommit=True) as connection:
        for assistant_id in ("first", "second", "second"):
            connection.execute(
                "INSERT INTO langgraph_server.assistants (id, graph_id, metadata) VALUES (%s, 'agent', %s)"
                " ON CONFLICT (id) DO UPDATE SET version = assistants.version + 1",
                (assistant_id, Jsonb(of_system(AGENTS[0]))),
            )
    versions = guarded.on_langgraph("SELECT id, version FROM langgraph_server.assistants ORDER BY id")
    assert versions == [{"id": AGENTS[0], "version": 1}, {"id": "second", "version": 2}]


def test_of_many_rows_in_one_statement_the_first_of_each_agent_gets_its_id(guarded: Databases) -> None:
    guarded.on_langgraph(f"""
        INSERT INTO langgraph_server.assistants (id, graph_id, metadata)
        SELECT 'row-' || n, 'agent', jsonb_build_object('owner', 'system', 'supabase_agent_id', '{AGENTS[0]}')
        FROM   generate_series(1, 3) AS n
    """)
    assert sorted(ids(guarded)) == [AGENTS[0], "row-2", "row-3"]


# --- repair and undo


def test_what_repair_and_undo_write_is_exempt_and_what_comes_after_is_not(guarded: Databases) -> None:
    with connect(guarded.langgraph) as connection:
        put = "INSERT INTO langgraph_server.assistants (id, graph_id, metadata) VALUES (%s, 'agent', %s)"
        with writing(connection):
            connection.execute(put, ("f" * 32, Jsonb(of_system(AGENTS[0]))))
        with connection.transaction():
            connection.execute(put, ("e" * 32, Jsonb(of_system(AGENTS[1]))))
    assert sorted(ids(guarded)) == [AGENTS[1], "f" * 32]


@pytest.mark.parametrize("restarts", [0, 1])
def test_a_repair_and_its_undo_do_with_the_guard_what_they_do_without(databases: MakeDatabases, restarts: int) -> None:
    broken = databases("broken")
    install(broken)
    for _ in range(restarts):
        broken_server.restart(*broken.conninfos)
    before = broken.rows()
    outcome = broken.apply(broken.plan())
    assert outcome.left == ()
    assert broken.found() == {"drift": 5}
    broken.undo(outcome.run_id)
    assert broken.rows() == before
    assert state(broken) == "installed"


# --- how it comes and goes


def test_removal_leaves_no_trace(one: MakeDatabases) -> None:
    broken = one("broken")
    before = broken.on_langgraph(_TRACES)
    assert install(broken)
    assert broken.on_langgraph(_TRACES) != before
    assert not install(broken), "a second time there is nothing to do"
    assert remove(broken)
    assert broken.on_langgraph(_TRACES) == before
    assert not remove(broken)
    broken_server.restart(*broken.conninfos)
    assert len(ids(broken)) == 20, "and the old server does what it did"


def test_the_sql_that_is_shown_is_the_sql_that_runs(one: MakeDatabases) -> None:
    broken = one("broken")
    broken.on_langgraph(guard.install_sql())
    assert state(broken) == "installed"
    broken.on_langgraph(guard.remove_sql())
    assert state(broken) == "absent"


@pytest.mark.parametrize(
    "rights",
    [
        READS_LANGGRAPH,
        READS_LANGGRAPH + "GRANT TRIGGER, INSERT ON langgraph_server.assistants TO {role};"
        "GRANT CREATE ON SCHEMA langgraph_server TO {role};",
    ],
    ids=["reader", "could not remove it again"],
)
def test_who_may_not_is_refused_and_told_what_to_do(one: MakeDatabases, as_role: AsRole, rights: str) -> None:
    broken = one("broken")
    reader = as_role(broken, on_langgraph=rights)
    for change in (install, remove):
        with pytest.raises(
            GuardNotAllowedError, match=r"connect as the owner of langgraph_server\.assistants"
        ) as refusal:
            change(reader)
        assert refusal.value.exit_status == 3
    assert state(reader) == "absent", "anybody may ask"


def test_where_there_is_no_such_table_that_is_said(pair: Callable[[str], tuple[str, str]]) -> None:
    supabase = database_called("env:TEST", pair("healthy")[0])
    with connect(supabase) as connection, pytest.raises(ShapeError, match="there is no such table"):
        guard.status(connection)


@pytest.mark.parametrize("change", [install, remove])
def test_a_table_in_use_is_not_waited_for(one: MakeDatabases, change: Callable[[Databases], bool]) -> None:
    broken = one("broken")
    if change is remove:
        install(broken)
    before = state(broken)
    with psycopg.connect(broken.conninfos[1]) as busy:
        busy.execute("UPDATE langgraph_server.assistants SET version = version")
        started = time.monotonic()
        with pytest.raises(GuardLockError, match="try again"):
            change(broken)
        assert time.monotonic() - started < 5
    assert state(broken) == before
    assert change(broken)


def test_of_those_who_install_it_at_once_the_others_are_told_to_try_again(one: MakeDatabases) -> None:
    broken = one("broken")
    together = threading.Barrier(6)
    answers: list[bool | type[Exception]] = []

    def attempt() -> None:
        with connect(broken.langgraph) as connection:
            together.wait()
            try:
                answers.append(guard.install(connection))
            except Exception as error:
                answers.append(type(error))

    for _ in range(5):
        remove(broken)
        threads = [threading.Thread(target=attempt) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers.count(True) == 5
    assert set(answers) <= {True, False, GuardLockError}


@pytest.mark.parametrize(
    ("tampering", "expected"),
    [
        ("ALTER TABLE langgraph_server.assistants DISABLE TRIGGER assistant_guard", "disabled"),
        ("DROP TRIGGER assistant_guard ON langgraph_server.assistants", "changed"),
        ("ALTER FUNCTION langgraph_server.assistant_guard() SECURITY DEFINER", "changed"),
        (guard.install_sql().split("CREATE TRIGGER")[0].replace("IF NOT EXISTS", "IF EXISTS") + "COMMIT", "changed"),
        (
            "DROP TRIGGER assistant_guard ON langgraph_server.assistants; "
            "CREATE TRIGGER assistant_guard BEFORE INSERT OR UPDATE"
            " ON langgraph_server.assistants FOR EACH ROW EXECUTE FUNCTION langgraph_server.assistant_guard()",
            "changed",
        ),
    ],
    ids=["disabled", "no trigger", "runs as its owner", "another body", "on updates, too"],
)
def test_status_says_when_the_guard_is_not_ours_any_more(one: MakeDatabases, tampering: str, expected: str) -> None:
    broken = one("broken")
    install(broken)
    broken.on_langgraph(tampering)
    assert state(broken) == expected
    with pytest.raises(GuardChangedError, match=expected):
        install(broken)
    assert remove(broken)
    assert install(broken)


@pytest.mark.pooler
def test_it_comes_works_and_goes_through_a_transaction_pooler(clone: Callable[[str], str]) -> None:
    with transaction_pooler(clone("broken")) as pooled:
        through = Databases(database_called("env:POOLED", pooled), database_called("env:POOLED", pooled))
        assert install(through)
        broken_server.restart(pooled, pooled)
        assert through.found() == {"duplicate": 15, "drift": 5}
        through.apply(through.plan())
        assert through.found() == {"drift": 5}
        assert remove(through)
        assert state(through) == "absent"


# --- the command


def test_the_command_shows_the_sql_and_changes_nothing_until_it_is_told_to(reference: Callable[[str], str]) -> None:
    name = reference("broken")

    def told(*arguments: str, status: int = 0) -> str:
        ran = CliRunner().invoke(main, ["guard", *arguments, "--langgraph", name])
        assert ran.exit_code == status, ran.output
        return ran.output

    shown = told("install")
    assert guard.install_sql() in shown
    assert "Nothing was changed" in shown
    assert told("status") == "guard: absent\n"
    assert re.match(rf".*: installed\n{re.escape(guard.install_sql())}", told("install", "--apply"))
    assert told("status") == "guard: installed\n"
    both = resolve(name)
    Databases(both, both).on_langgraph("ALTER TABLE langgraph_server.assistants DISABLE TRIGGER assistant_guard")
    assert told("status", status=2) == "guard: disabled\n"
    assert "REFUSED: the guard is there, but disabled" in told("install", "--apply", status=3)
    assert re.match(rf".*: removed\n{re.escape(guard.remove_sql())}", told("remove", "--apply"))
    assert told("status") == "guard: absent\n"


def test_help_and_the_first_notebook_say_what_it_cures_and_what_not() -> None:
    shown = CliRunner().invoke(main, ["guard", "--help"]).output
    assert guard.NEEDS in re.sub(r"\s+", " ", shown)
    notebook = nbformat.read(ROOT / "notebooks" / "00-start-here.ipynb", as_version=4)
    said = [shown, "\n".join(cell.source for cell in notebook.cells)]
    for paragraph in guard.EFFECTS.split("\n\n")[1:]:
        for text in said:
            assert " ".join(paragraph.split()) in re.sub(r"\s+", " ", text.replace("`", "").replace("**", ""))
