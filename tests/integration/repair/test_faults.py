"""One agent's fault stays its own: it is left and named with its cause, and the others go on; undo does the same."""

from pathlib import Path

import pytest

from tests.constants import ONE, TWO
from tests.databases import Databases, MakeDatabases
from tests.integration.repair.rows import OLD, OLDER, run_on
from toolkit.repair import planfile


def trigger(event: str, table: str, does: str = "RAISE EXCEPTION 'frozen'", when: str = "BEFORE") -> str:
    """Make a trigger that does something for the first agent only."""
    deferred = ("CONSTRAINT", "DEFERRABLE INITIALLY DEFERRED") if when == "AFTER" else ("", "")
    return (
        "CREATE FUNCTION public.fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF concat(OLD::text, NEW::text) ~ '{ONE}|{OLD}' THEN {does}; END IF; RETURN COALESCE(NEW, OLD); END $$;"
        f"CREATE {deferred[0]} TRIGGER failing {when} {event} ON {table} {deferred[1]} FOR EACH ROW"
        " EXECUTE FUNCTION public.fails()"
    )


def check(table: str, column: str, *ids: str) -> str:
    values = ", ".join(f"'{id}'" for id in ids)
    return f"ALTER TABLE {table} ADD CONSTRAINT lacking CHECK ({column} NOT IN ({values})) NOT VALID"


NO_TRIGGER, NO_CHECK = "DROP FUNCTION public.fails CASCADE", "ALTER TABLE {} DROP CONSTRAINT lacking"

# what happens, by name: the table, how it begins, how it ends, and what is said
FAULTS: dict[str, tuple[str, str, str, str]] = {
    **{
        f"a trigger on {event} of {table}": (table, trigger(event, table), NO_TRIGGER, f"failing on {table}: frozen")
        for event, table in [
            ("UPDATE", "public.agents"),
            ("UPDATE", "langgraph_server.runs"),
            ("INSERT OR DELETE", "langgraph_server.assistants"),
        ]
    },
    "a deferred trigger": (
        "langgraph_server.assistants",
        trigger("INSERT OR DELETE", "langgraph_server.assistants", when="AFTER"),
        NO_TRIGGER,
        "failing on langgraph_server.assistants: frozen",
    ),
    "a trigger that relies on search_path": (
        "langgraph_server.runs",
        "CREATE TABLE public.audit (id int);"
        + trigger("UPDATE", "langgraph_server.runs", "INSERT INTO audit VALUES (1)"),
        NO_TRIGGER + "; DROP TABLE public.audit",
        'failing on langgraph_server.runs: relation "audit" does not exist; its function has to name schemas',
    ),
    "a trigger that keeps write-backs": (
        "public.agents",
        trigger("UPDATE", "public.agents", "NEW.langgraph_assistant_id = OLD.langgraph_assistant_id"),
        NO_TRIGGER,
        "on public.agents suppressed",
    ),
    "a trigger that keeps references": (
        "langgraph_server.runs",
        trigger("UPDATE", "langgraph_server.runs", "NEW.assistant_id = OLD.assistant_id"),
        NO_TRIGGER,
        "a trigger or rule ",
    ),
    "a check": (
        "langgraph_server.assistants",
        check("langgraph_server.assistants", "id", ONE, OLD),
        NO_CHECK.format("langgraph_server.assistants"),
        'violates check constraint "lacking"',
    ),
    "a check on references": (
        "langgraph_server.runs",
        check("langgraph_server.runs", "assistant_id", ONE, OLD),
        NO_CHECK.format("langgraph_server.runs"),
        'violates check constraint "lacking"',
    ),
    "a domain": (
        "public.agents",
        "CREATE DOMAIN public.lacking AS text;"
        "ALTER TABLE public.agents ALTER langgraph_assistant_id TYPE public.lacking;"
        f"ALTER DOMAIN public.lacking ADD CONSTRAINT lacking CHECK (VALUE NOT IN ('{ONE}', '{OLD}')) NOT VALID",
        "ALTER TABLE public.agents ALTER langgraph_assistant_id TYPE text; DROP DOMAIN public.lacking",
        'violates check constraint "lacking"',
    ),
}  # fmt: skip


def damaged(made: Databases) -> Databases:
    """Damage two agents: their assistants under other ids, with a run and the write-back on these."""
    for agent_id, old in ((ONE, OLD), (TWO, OLDER)):
        made.on_langgraph(
            f"UPDATE langgraph_server.assistants SET id = '{old}' WHERE id = '{agent_id}';" + run_on(old, f"r-{old}")
        )
        made.on_supabase(f"UPDATE public.agents SET langgraph_assistant_id = '{old}' WHERE id = '{agent_id}'")
    return made


def on_side_of(made: Databases, table: str, statement: str) -> None:
    (made.on_supabase if table == "public.agents" else made.on_langgraph)(statement)


def open_agents(made: Databases) -> set[str | None]:
    return {finding.agent_id for finding in made.diagnose().findings if finding.is_open}


@pytest.mark.parametrize("what", FAULTS)
def test_fault_of_one_agent_leaves_that_agent_in_a_repair_and_in_its_undo(
    databases: MakeDatabases, what: str, tmp_path: Path
) -> None:
    table, begins, ends, said = FAULTS[what]
    made = damaged(databases("healthy"))
    before = made.rows()
    plan = made.plan()
    planfile.save(plan, tmp_path / "plan.json")
    on_side_of(made, table, begins)

    first = made.apply(plan)

    assert [left.agent_id for left in first.left] == [ONE]
    assert said in first.left[0].reason
    assert open_agents(made) == {ONE}
    on_side_of(made, table, ends)
    again = made.apply(planfile.load(tmp_path / "plan.json"))
    assert (again.run_id, again.left, again.counts) == (first.run_id, (), plan.counts)
    assert open_agents(made) == set()

    repaired = made.rows()
    on_side_of(made, table, begins)
    (refused,) = made.undo("run-1").refused
    assert refused.agent_id == ONE
    assert said in str(refused.refused)
    assert open_agents(made) == {TWO}
    kept = {name: [text for text in texts if ONE in text or OLD in text] for name, texts in repaired.items()}
    assert all(set(kept[name]) <= set(texts) for name, texts in made.rows().items() if name in kept)
    on_side_of(made, table, ends)
    assert made.undo("run-1").refused == ()
    assert made.rows() == before


def test_agent_of_whom_a_trigger_stores_another_reference_is_left(one: MakeDatabases) -> None:
    made = damaged(one("healthy"))
    made.on_langgraph(trigger("UPDATE", "langgraph_server.runs", "NEW.assistant_id = upper(NEW.assistant_id)"))
    before = made.rows()

    outcome = made.apply(made.plan())

    said = "a trigger on langgraph_server.runs stored another value in runs.assistant_id"
    assert [(left.agent_id, said in left.reason) for left in outcome.left] == [(ONE, True)]
    assert made.undo("run-1").refused == ()
    assert made.rows() == before


REFUSING = {
    "a column without default": (
        "ALTER TABLE langgraph_server.assistants ADD tenant text; UPDATE langgraph_server.assistants SET tenant = 'a';"
        "ALTER TABLE langgraph_server.assistants ALTER tenant SET NOT NULL",
        TWO,
        'null value in column "tenant" of relation "assistants"',
    ),
    "a default that fails": (
        "ALTER TABLE langgraph_server.assistants ADD tenant text DEFAULT 'a';"
        "ALTER TABLE langgraph_server.assistants ALTER tenant SET DEFAULT current_setting('app.tenant')",
        TWO,
        'unrecognized configuration parameter "app.tenant"',
    ),
    "a unique index": (
        "CREATE UNIQUE INDEX one_each ON langgraph_server.assistants ((metadata->>'supabase_agent_id'))",
        ONE,
        'unique constraint "one_each"',
    ),
}


@pytest.mark.parametrize("what", REFUSING)
def test_agent_whose_assistant_cannot_be_stored_is_left_and_the_others_go_on(
    databases: MakeDatabases, what: str
) -> None:
    statement, whose, said = REFUSING[what]
    made = databases("healthy")
    made.on_langgraph(
        f"UPDATE langgraph_server.assistants SET id = '{OLD}' WHERE id = '{ONE}';"
        f"DELETE FROM langgraph_server.assistants WHERE id = '{TWO}'; {statement}"
    )
    before = made.rows()

    outcome = made.apply(made.plan(startup_sync="all"))

    assert [(left.agent_id, said in left.reason) for left in outcome.left] == [(whose, True)]
    assert "taken" not in outcome.left[0].reason
    assert sum(outcome.counts.values()) == 1
    assert made.undo("run-1").refused == ()
    assert made.rows() == before


def test_generated_write_backs_are_left_and_the_assistants_go_on(databases: MakeDatabases) -> None:
    made = databases("healthy")
    made.on_langgraph(f"UPDATE langgraph_server.assistants SET id = '{OLD}' WHERE id = '{ONE}'")
    made.on_supabase(
        "ALTER TABLE public.agents DROP langgraph_assistant_id, ADD langgraph_assistant_id text"
        f" GENERATED ALWAYS AS (CASE WHEN id = '{TWO}' THEN 'else' ELSE id::text END) STORED"
    )
    before = made.rows()

    outcome = made.apply(made.plan())

    assert [left.agent_id for left in outcome.left] == [TWO]
    assert 'column "langgraph_assistant_id" can only be updated to DEFAULT' in outcome.left[0].reason
    assert outcome.counts == {"rekey": 1}
    assert made.undo("run-1").refused == ()
    assert made.rows() == before


SWAPPED = {
    "two": {ONE: TWO, TWO: ONE},
    "three": {ONE: TWO, TWO: "a0000000-0000-4000-a000-000000000003", "a0000000-0000-4000-a000-000000000003": ONE},
}


@pytest.mark.parametrize("how_many", SWAPPED)
def test_swapped_write_backs_change_places_under_a_unique_key(
    databases: MakeDatabases, how_many: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toolkit.repair.phases._AGENTS", 1)
    made = databases("healthy")
    made.on_supabase("UPDATE public.agents SET langgraph_assistant_id = NULL")
    made.on_supabase("UPDATE public.agents SET langgraph_assistant_id = id::text WHERE status = 'active'")
    for agent_id, value in SWAPPED[how_many].items():
        made.on_supabase(f"UPDATE public.agents SET langgraph_assistant_id = '{value}' WHERE id = '{agent_id}'")
    made.on_supabase("CREATE UNIQUE INDEX one_each ON public.agents (langgraph_assistant_id)")
    before = made.rows()
    plan = made.plan()

    outcome = made.apply(plan)

    assert (outcome.left, outcome.counts) == ((), plan.counts)
    assert made.diagnose().open == 0
    assert made.undo("run-1").refused == ()
    assert made.rows() == before


def test_write_back_that_another_agent_keeps_is_left_with_its_key(databases: MakeDatabases) -> None:
    made = damaged(databases("healthy"))
    made.on_supabase(
        f"UPDATE public.agents SET langgraph_assistant_id = '{ONE}' WHERE status = 'draft';"
        "CREATE UNIQUE INDEX one_each ON public.agents (langgraph_assistant_id)"
    )
    outcome = made.apply(made.plan())
    assert [left.agent_id for left in outcome.left] == [ONE]
    assert 'unique constraint "one_each"' in outcome.left[0].reason
