"""Undo: it restores every row, and refuses by name what it would spoil."""

import threading
from collections.abc import Callable, Iterator

import psycopg
import pytest

from tests.constants import ONE, ORGANIZATION, TWO, USER
from tests.databases import Databases, MakeDatabases, name_of, run
from tests.integration.repair.rows import OLD, OLDER, copy_of, held, rows_of, run_on
from tests.pgbouncer import pooled
from toolkit.database.addresses import database_called
from toolkit.pages import verdicts
from toolkit.repair import apply, undo
from toolkit.repair.journal import DividedRunError, UnknownRunError
from toolkit.repair.undo import ForgottenRunError
from toolkit.settings import UndoSettings


def memory(assistant_id: str, key: str = "k") -> str:
    return (
        "INSERT INTO langgraph_server.store_items (namespace, key, value, owner_id)"
        f" VALUES ('{ORGANIZATION}/{USER}/{assistant_id}/facts', '{key}', '1', '{USER}');"
    )


def open_run(databases: Databases, run_id: str) -> bool:
    with databases.connected() as pair:
        return undo.restoration(pair, run_id).run.undone_at is None


def test_undo_gives_back_the_real_dump_byte_for_byte(databases: MakeDatabases) -> None:
    broken = databases("broken")
    before = broken.rows()
    first = broken.plan()

    outcome = broken.apply(first)
    assert broken.rows() != before

    assert broken.undo(outcome.run_id).refused == ()
    assert broken.rows() == before
    assert (second := broken.plan()).digest != first.digest, "an approval holds for one repair"
    assert second.model_copy(update={"undone": ()}).digest == first.digest
    assert not open_run(broken, outcome.run_id)


@pytest.mark.parametrize("databases", [pooled("two through a pooler")], indirect=True)
def test_repair_and_undo_work_through_a_transaction_pooler(databases: MakeDatabases) -> None:
    broken = databases("broken")
    before = broken.rows()
    outcome = broken.apply(broken.plan())
    assert outcome.counts == {"rekey": 5, "remove": 10}
    assert broken.undo(outcome.run_id).refused == ()
    assert broken.rows() == before


def test_autovacuum_on_the_journal_stops_neither_a_repair_nor_its_undo(databases: MakeDatabases) -> None:
    broken = databases("broken")
    broken.undo(broken.apply(broken.plan()).run_id)
    before = broken.rows()
    with psycopg.connect(broken.langgraph.conninfo.get_secret_value()) as autovacuum:
        autovacuum.execute(
            "LOCK TABLE assistant_repair.steps, assistant_repair.images, assistant_repair.moves, "
            "assistant_repair.known, assistant_repair.id_map"
            " IN SHARE UPDATE EXCLUSIVE MODE"  # what autovacuum takes
        )
        assert broken.undo(broken.apply(broken.plan()).run_id).refused == ()
    assert broken.rows() == before


def test_undo_twice_changes_nothing_more(databases: MakeDatabases) -> None:
    broken = databases("broken")
    outcome = broken.apply(broken.plan())
    broken.undo(outcome.run_id)
    before = broken.rows()
    assert len(broken.undo(outcome.run_id).agents) == 0
    assert broken.rows() == before


def test_restoration_tells_and_changes_nothing(databases: MakeDatabases) -> None:
    broken = databases("broken")
    broken.on_supabase(f"UPDATE public.agents SET langgraph_assistant_id = NULL WHERE id = '{ONE}'")
    plan = broken.plan()
    old = next(step.assistant_id for step in plan.steps if step.agent_id == ONE and step.kind == "remove")
    broken.on_langgraph(run_on(old))
    outcome = broken.apply(broken.plan())
    before = broken.rows()

    with broken.connected() as pair:
        told = undo.restoration(pair, outcome.run_id)

    assert (len(told.agents), ONE in told.agents, told.refused) == (5, True, ())
    changed = {each.table: (each.changed, each.made, each.removed) for each in told.changes.tables}
    assert (changed["public.agents"], changed["langgraph_server.assistants"]) == ((1, 0, 0), (0, 5, 15))
    assert broken.rows() == before


CHANGES = {
    "its assistant changed": (
        "langgraph",
        f"UPDATE langgraph_server.assistants SET version = 9 WHERE id = '{ONE}'",
        "changed since",
    ),
    "its assistant went": ("langgraph", f"DELETE FROM langgraph_server.assistants WHERE id = '{ONE}'", "changed since"),
    "its write-back changed": (
        "supabase",
        f"UPDATE public.agents SET langgraph_assistant_id = NULL WHERE id = '{ONE}'",
        "write-back changed",
    ),
    "an old id was taken": (
        "langgraph",
        f"INSERT INTO langgraph_server.assistants (id, graph_id) VALUES ('{OLD}', 'agent')",
        "changed since",
    ),
    "a conversation began": ("langgraph", run_on(ONE), "runs.assistant_id names"),
    "a memory was made": ("langgraph", memory(ONE, "new"), "store_items.namespace names"),
    "a checkpoint was made": (
        "langgraph",
        "INSERT INTO public.checkpoints (thread_id, checkpoint_id, checkpoint, metadata)"
        f" VALUES ('t', 'c', '{{}}', '{{\"assistant_id\": \"{ONE}\"}}')",
        "public.checkpoints.metadata.assistant_id names",
    ),
    "a memory took an old place": ("langgraph", memory(OLD), "store_items.namespace has a newer row"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_agent_that_changed_since_is_refused_by_name_and_the_others_come_back(
    databases: MakeDatabases, what: str
) -> None:
    healthy = databases("healthy")
    for agent_id, old in ((ONE, OLD), (TWO, OLDER)):
        healthy.on_langgraph(
            f"UPDATE langgraph_server.assistants SET id = '{old}' WHERE id = '{agent_id}';"
            + run_on(old, f"r-{old}") + memory(old)
        )  # fmt: skip
        healthy.on_supabase(f"UPDATE public.agents SET langgraph_assistant_id = '{old}' WHERE id = '{agent_id}'")
    damaged = healthy.rows()
    outcome = healthy.apply(healthy.plan())
    repaired = healthy.rows()
    side, statement, reason = CHANGES[what]
    getattr(healthy, f"on_{side}")(statement)
    changed = healthy.rows()

    told = healthy.undo(outcome.run_id)

    assert [agent.agent_id for agent in told.refused] == [ONE]
    assert reason in str(told.refused[0].refused)
    assert open_run(healthy, outcome.run_id)
    verdict = verdicts.undone(UndoSettings(run=outcome.run_id, apply=True), healthy.diagnose(), [], told)
    assert f"left as they are: {ONE} ({told.refused[0].refused})" in verdict.message
    after = healthy.rows()
    for table, texts in after.items():
        of_one = {text for text in changed[table] if ONE in text or OLD in text}
        assert of_one <= set(texts)  # whole, as it was left
        of_two = {text for text in damaged[table] if TWO in text or OLDER in text}
        assert of_two <= set(texts)  # whole, as it was before the repair
        assert len(texts) == len(changed[table])
    assert repaired != after


def test_refused_agent_comes_back_when_the_change_is_gone(databases: MakeDatabases) -> None:
    broken = databases("broken")
    before = broken.rows()
    outcome = broken.apply(broken.plan())
    broken.on_langgraph(run_on(ONE))
    assert len(broken.undo(outcome.run_id).refused) == 1
    broken.on_langgraph("DELETE FROM langgraph_server.runs")

    assert broken.undo(outcome.run_id).refused == ()
    assert broken.rows() == before


def test_undo_of_an_older_run_first_is_refused(databases: MakeDatabases) -> None:
    healthy = databases("healthy")
    healthy.on_langgraph(copy_of(ONE, OLD) + memory(OLD))
    first = healthy.apply(healthy.plan())
    healthy.on_langgraph(
        f'UPDATE langgraph_server.store_items SET metadata = \'{{"assistant_id": "{OLDER}"}}\';' + copy_of(ONE, OLDER)
    )
    second = healthy.apply(healthy.plan())
    assert second.counts == {"remove": 1, "move": 1}

    refused = healthy.undo(first.run_id).refused
    assert [agent.refused for agent in refused] == ["run-2 repaired it again: undo that first"]
    assert healthy.undo(second.run_id).refused == ()
    assert healthy.undo(first.run_id).refused == ()

    assert healthy.on_langgraph("SELECT namespace, metadata FROM langgraph_server.store_items") == [
        {"namespace": f"{ORGANIZATION}/{USER}/{OLD}/facts", "metadata": {"assistant_id": OLDER}}
    ]


def test_old_ids_are_forgotten_with_the_run(databases: MakeDatabases) -> None:
    healthy = databases("healthy")
    healthy.on_langgraph(copy_of(ONE, OLD))
    outcome = healthy.apply(healthy.plan())
    healthy.undo(outcome.run_id)
    healthy.on_langgraph(f"DELETE FROM langgraph_server.assistants WHERE id = '{OLD}';" + run_on(OLD))

    found = healthy.diagnose().of("dangling_reference")
    assert [finding.is_open for finding in found] == [False]


@pytest.mark.parametrize("apply_first", [True, False])
def test_unknown_run_is_refused_with_those_there_are(databases: MakeDatabases, apply_first: bool) -> None:
    broken = databases("broken")
    if apply_first:
        broken.apply(broken.plan())
    with pytest.raises(UnknownRunError, match="run-1" if apply_first else "none") as refusal:
        broken.undo("run-7")
    assert refusal.value.exit_status == 3


def test_undone_agents_can_be_repaired_again(databases: MakeDatabases) -> None:
    broken = databases("broken")
    broken.undo(broken.apply(broken.plan()).run_id)
    again = broken.apply(broken.plan())
    assert again.counts == {"rekey": 5, "remove": 10}
    assert rows_of(broken, ONE)[0]["id"] == ONE


def test_agent_whose_id_was_named_before_the_repair_can_be_undone(databases: MakeDatabases) -> None:
    broken = databases("broken")
    broken.on_langgraph(run_on(ONE) + memory(ONE))  # as of a front end that knew the id from Supabase
    before = broken.rows()
    run_id = broken.apply(broken.plan()).run_id
    broken.on_langgraph(run_on(TWO, "r2"))

    assert [agent.agent_id for agent in broken.undo(run_id).refused] == [TWO]
    broken.on_langgraph("DELETE FROM langgraph_server.runs WHERE id = 'r2'")
    assert broken.undo(run_id).refused == ()
    assert broken.rows() == before


@pytest.mark.parametrize("databases", ["one database"], indirect=True)
def test_triggers_generated_and_further_columns_do_not_spoil_what_comes_back(databases: MakeDatabases) -> None:
    healthy = databases("healthy")
    healthy.on_langgraph(
        "ALTER TABLE langgraph_server.assistants ADD owner text GENERATED ALWAYS AS (metadata->>'owner') STORED,"
        " ADD note text, ADD number bigint GENERATED ALWAYS AS IDENTITY;"
        "CREATE FUNCTION langgraph_server.stamp() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN NEW.updated_at = clock_timestamp(); RETURN NEW; END';"
        "CREATE TRIGGER stamp BEFORE UPDATE ON langgraph_server.assistants FOR EACH ROW EXECUTE FUNCTION "
        "langgraph_server.stamp();"
        f"UPDATE langgraph_server.assistants SET note = 'kept', id = CASE id WHEN '{ONE}' THEN '{OLD}' ELSE id END;"
        f"UPDATE langgraph_server.assistants SET name = 'older' WHERE id = '{TWO}'"
    )
    before = healthy.rows()
    outcome = healthy.apply(healthy.plan(only=(ONE, TWO), allow=("drift",)))
    assert outcome.counts == {"rekey": 1, "update": 2}
    assert healthy.on_langgraph(f"SELECT note, owner FROM langgraph_server.assistants WHERE id = '{ONE}'") == [
        {"note": "kept", "owner": "system"}
    ]
    healthy.on_langgraph(
        "ALTER TABLE langgraph_server.assistants ADD late text NOT NULL DEFAULT '100%',"
        " ADD later int NOT NULL GENERATED ALWAYS AS IDENTITY, ADD latest money NOT NULL DEFAULT 12.5"
    )
    assert healthy.undo(outcome.run_id).refused == ()
    late = healthy.on_langgraph("SELECT DISTINCT late FROM langgraph_server.assistants")
    assert late == [{"late": "100%"}], "a column that was added since has its default"
    healthy.on_langgraph("ALTER TABLE langgraph_server.assistants DROP late, DROP later, DROP latest")
    assert healthy.rows() == before


@pytest.mark.parametrize("databases", ["one database"], indirect=True)
def test_row_that_changes_while_undo_waits_for_it_is_refused(databases: MakeDatabases) -> None:
    broken = databases("broken")
    run_id = broken.apply(broken.plan()).run_id
    change = f"UPDATE langgraph_server.assistants SET version = 9 WHERE id = '{ONE}'"
    with psycopg.connect(broken.langgraph.conninfo.get_secret_value()) as other:
        other.execute(change.encode())
        commit = threading.Timer(0.25, other.commit)
        commit.start()
        told = broken.undo(run_id)
        commit.join()
    assert [agent.agent_id for agent in told.refused] == [ONE]
    assert "changed since the repair, by the server's sync or by hand" in str(told.refused[0].refused)
    assert broken.on_langgraph(f"SELECT version FROM langgraph_server.assistants WHERE id = '{ONE}'") == [
        {"version": 9}
    ]


@pytest.mark.parametrize("databases", ["one database"], indirect=True)
def test_row_that_somebody_holds_is_refused_and_the_others_come_back(databases: MakeDatabases) -> None:
    broken = databases("broken")
    run_id = broken.apply(broken.plan()).run_id
    with held(broken.langgraph, f"SELECT FROM langgraph_server.assistants WHERE id = '{ONE}' FOR UPDATE"):
        told = broken.undo(run_id)
    assert [(agent.agent_id, agent.refused) for agent in told.refused] == [
        (ONE, "another transaction holds its rows; undo the run again")
    ]
    assert len(broken.rows()["supabase langgraph_server.assistants"]) == 13


SUPPRESSED = [
    ("UPDATE", "public.agents", "public.agents"),
    ("UPDATE", "langgraph_server.runs", "runs.assistant_id"),
    ("DELETE", "langgraph_server.assistants", "langgraph_server.assistants"),
    ("INSERT", "langgraph_server.assistants", "langgraph_server.assistants"),
]


@pytest.mark.parametrize("databases", ["two databases"], indirect=True)
@pytest.mark.parametrize(("event", "table", "place"), SUPPRESSED)
def test_agent_of_whom_a_trigger_suppresses_something_stays_repaired_whole(
    event: str, table: str, place: str, databases: MakeDatabases
) -> None:
    healthy = databases("healthy")
    for agent_id, old in ((ONE, OLD), (TWO, OLDER)):
        healthy.on_langgraph(
            f"UPDATE langgraph_server.assistants SET id = '{old}' WHERE id = '{agent_id}';" + run_on(old, f"r-{old}")
        )
        healthy.on_supabase(f"UPDATE public.agents SET langgraph_assistant_id = '{old}' WHERE id = '{agent_id}'")
    before = healthy.rows()
    run_id = healthy.apply(healthy.plan()).run_id
    repaired = healthy.rows()
    on_side = healthy.on_supabase if table == "public.agents" else healthy.on_langgraph
    on_side(
        "CREATE FUNCTION public.nothing() RETURNS trigger LANGUAGE plpgsql AS"
        f" 'BEGIN IF COALESCE(NEW, OLD)::text ~ ''{ONE}|{OLD}'' THEN RETURN NULL; END IF; RETURN COALESCE(NEW, OLD); "
        "END';"
        f"CREATE TRIGGER nothing BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION public.nothing()"
    )

    (refused,) = healthy.undo(run_id).refused

    assert refused.agent_id == ONE
    assert str(refused.refused).startswith(f"a trigger or rule on {place} suppressed")
    expected = {
        name: sorted(_about(texts, ONE, OLD) + _about(before[name], TWO, OLDER)) for name, texts in repaired.items()
    }
    assert {name: _about(texts, ONE, OLD, TWO, OLDER) for name, texts in healthy.rows().items()} == expected
    on_side("DROP FUNCTION public.nothing CASCADE")
    assert healthy.undo(run_id).refused == ()
    assert healthy.rows() == before


def _about(texts: list[str], *ids: str) -> list[str]:
    return [text for text in texts if any(each in text for each in ids)]


@pytest.mark.parametrize("databases", ["one database"], indirect=True)
def test_reference_that_was_given_to_somebody_else_since_is_refused(databases: MakeDatabases) -> None:
    healthy = databases("healthy")
    healthy.on_langgraph(copy_of(ONE, OLD) + run_on(OLD))
    run_id = healthy.apply(healthy.plan()).run_id
    healthy.on_langgraph(f"UPDATE langgraph_server.runs SET assistant_id = '{TWO}'")
    assert [agent.refused for agent in healthy.undo(run_id).refused] == [
        "runs.assistant_id has a row that was changed since the repair to name another assistant"
    ]


@pytest.mark.parametrize("databases", ["two databases"], indirect=True)
def test_forgotten_run_keeps_no_content_and_cannot_be_undone(databases: MakeDatabases) -> None:
    healthy = databases("healthy")
    healthy.on_langgraph(copy_of(ONE, OLD) + run_on(OLD))
    healthy.on_supabase("UPDATE public.agents SET langgraph_assistant_id = NULL")
    run_id = healthy.apply(healthy.plan()).run_id

    with healthy.connected() as pair:
        assert undo.forget(pair, run_id).state == "forgotten"
        for attempt in (undo.restoration, undo.undo, undo.forget):
            with pytest.raises(ForgottenRunError, match="run-1 was forgotten") as refusal:
                attempt(pair, run_id)
            assert refusal.value.exit_status == 3

    for side in (healthy.on_supabase, healthy.on_langgraph):
        kept = (
            "SELECT (SELECT count(*) FROM assistant_repair.images) + (SELECT count(*) FROM assistant_repair.moves) AS n"
        )
        assert side(kept) == [{"n": 0}]
    healthy.on_langgraph(run_on(OLD, "late"))
    assert healthy.apply(healthy.plan()).counts == {"move": 1}  # the ids stay: they lead late writers' rows home


@pytest.fixture
def copied(one: MakeDatabases) -> Iterator[tuple[Databases, Callable[[], Databases]]]:
    """Copy a scenario as one database; with a function that copies it once more, as a restored backup does."""
    original = one("broken")
    conninfo = original.conninfos[0]
    server, name = psycopg.conninfo.make_conninfo(conninfo, dbname="postgres"), name_of(original.supabase)

    def copy() -> Databases:
        run(server, f'CREATE DATABASE "{name} copy" TEMPLATE "{name}"')
        both = database_called("env:COPY", psycopg.conninfo.make_conninfo(conninfo, dbname=f"{name} copy"))
        return Databases(both, both)

    yield original, copy
    run(server, f'DROP DATABASE IF EXISTS "{name} copy"')


@pytest.mark.parametrize("was_one", [True, False], ids=["one became two", "two became one"])
def test_run_of_one_database_is_not_taken_back_on_two_nor_the_reverse(
    copied: tuple[Databases, Callable[[], Databases]], was_one: bool
) -> None:
    original, make_copy = copied
    copy = original if was_one else make_copy()
    made_on = Databases(original.supabase, copy.langgraph)
    made_on.on_supabase("UPDATE public.agents SET langgraph_assistant_id = NULL")
    before = made_on.rows()
    run_id = made_on.apply(made_on.plan()).run_id or ""
    made_on.on_langgraph("UPDATE assistant_repair.runs SET finished_at = NULL")
    now = Databases(original.supabase, make_copy().langgraph) if was_one else copy
    rows = now.rows()
    with now.connected() as pair:
        for attempt in (undo.restoration, undo.undo, undo.forget, apply.resume):
            with pytest.raises(DividedRunError, match=f"{run_id} was made on {'one database' if was_one else 'two'}"):
                attempt(pair, run_id)
    with pytest.raises(DividedRunError):
        now.apply(now.plan())
    assert now.rows() == rows
    assert made_on.undo(run_id).refused == ()
    assert made_on.rows() == before


def test_look_at_an_undo_says_why_it_would_be_refused(one: MakeDatabases) -> None:
    broken = one("broken")
    run_id = broken.apply(broken.plan()).run_id or ""
    ways = [
        "",
        "CREATE TABLE public.kept (id text REFERENCES langgraph_server.assistants); INSERT INTO public.kept"
        f" VALUES ('{ONE}')",
        "ALTER TABLE langgraph_server.runs RENAME TO all_runs;"
        "CREATE VIEW langgraph_server.runs AS SELECT * FROM langgraph_server.all_runs",
    ]
    said = []
    for way in ways:
        if way:
            broken.on_langgraph(way)
        with broken.connected() as pair:
            told = undo.restoration(pair, run_id)
        said.append(verdicts.undone(UndoSettings(run=run_id), broken.diagnose(), [told.run], told).message)
    assert [f"--run {run_id} --apply" in each for each in said] == [True, False, False]
    assert "--apply would be refused: foreign key" in said[1]
    assert "--apply would be refused: langgraph_server.runs: it is a view, wanted a table" in said[2]
