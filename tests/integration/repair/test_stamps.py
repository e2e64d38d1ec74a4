"""What a trigger stamps on a row, no undo gives back: it is named, and nothing says that every row is as it was."""

import pytest

from tests.constants import ONE, TWO
from tests.databases import Databases, MakeDatabases
from tests.integration.repair.rows import OLD, OLDER, run_on
from toolkit.pages import verdicts
from toolkit.repair import undo
from toolkit.settings import UndoSettings

STAMPS = {
    "public.agents": "updated_at",
    "langgraph_server.runs": "updated_at",
    "public.store": "value",
}
"""Which column of which table a trigger changes."""


def stamping(table: str, event: str = "UPDATE") -> str:
    column = STAMPS.get(table, "updated_at")
    value = "'\"stamped\"'" if column == "value" else "clock_timestamp()"
    return (
        "CREATE FUNCTION public.stamp() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN NEW.{column} = {value}; RETURN NEW; END $$;"
        f"CREATE TRIGGER stamping BEFORE {event} ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION public.stamp()"
    )


def damaged(made: Databases) -> Databases:
    """Damage two agents, with a run, a memory and a write-back on the old ids."""
    for agent_id, old in ((ONE, OLD), (TWO, OLDER)):
        made.on_langgraph(
            f"UPDATE langgraph_server.assistants SET id = '{old}' WHERE id = '{agent_id}';{run_on(old, old)}"
            f"INSERT INTO public.store (prefix, key, value) VALUES ('o.u.{old}.facts', 'k', '{{}}')"
        )
        made.on_supabase(f"UPDATE public.agents SET langgraph_assistant_id = '{old}' WHERE id = '{agent_id}'")
    return made


def differing(made: Databases, before: dict[str, list[str]]) -> set[str]:
    return {name.split()[1] for name, texts in made.rows().items() if texts != before[name]}


def said(made: Databases, done: undo.Restoration, apply: bool = True) -> str:
    return verdicts.undone(UndoSettings(run="run-1", apply=apply), made.diagnose(), [done.run], done).message


@pytest.mark.parametrize("while_undone", [True, False], ids=["and undo", "alone"])
@pytest.mark.parametrize("table", STAMPS)
def test_column_that_a_trigger_stamps_during_a_repair_is_named_by_undo(
    databases: MakeDatabases, table: str, while_undone: bool
) -> None:
    made = damaged(databases("healthy"))
    on_side = made.on_supabase if table == "public.agents" else made.on_langgraph
    on_side(stamping(table))
    before = made.rows()
    outcome = made.apply(made.plan())
    assert (outcome.left, set(outcome.counts)) == ((), {"rekey", "write_back", "move"})
    if not while_undone:
        on_side("DROP FUNCTION public.stamp CASCADE")
    with made.connected() as pair:
        told = undo.restoration(pair, "run-1")

    done = made.undo("run-1")

    assert done.refused == ()
    assert differing(made, before) == {table}
    column = f"{table}.{STAMPS[table]}"
    assert told.run.stamped == done.run.stamped == (column,)
    for message in (said(made, told, apply=False), said(made, done)):
        assert column in message
        assert "every row is as it was" not in message


@pytest.mark.parametrize("table", ["public.agents", "langgraph_server.runs", "langgraph_server.assistants"])
def test_column_that_a_trigger_stamps_during_an_undo_is_named(databases: MakeDatabases, table: str) -> None:
    made = damaged(databases("healthy"))
    on_side = made.on_supabase if table == "public.agents" else made.on_langgraph
    before = made.rows()
    made.apply(made.plan())
    on_side(stamping(table, "INSERT OR UPDATE"))

    done = made.undo("run-1")

    assert (done.refused, done.run.stamped) == ((), (f"{table}.updated_at",))
    assert differing(made, before) == {table}
    assert f"{table}.updated_at" in said(made, done)


def test_trigger_that_changes_no_column_and_generated_columns_are_not_named(databases: MakeDatabases) -> None:
    made = damaged(databases("healthy"))
    for on_side, table, column in (
        (made.on_supabase, "public.agents", "langgraph_assistant_id"),
        (made.on_langgraph, "langgraph_server.runs", "assistant_id"),
    ):
        on_side(
            "CREATE OR REPLACE FUNCTION public.idle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
            f"CREATE TRIGGER idle BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION public.idle();"
            f"ALTER TABLE {table} ADD short text GENERATED ALWAYS AS (left({column}, 3)) STORED,"
            " ADD agent text, ADD stored text"  # named like the tables in statements
        )
    before = made.rows()
    made.apply(made.plan())

    done = made.undo("run-1")

    assert made.rows() == before
    assert done.run.stamped == ()
    assert "every row is as it was before" in said(made, done)


def test_trigger_that_changes_the_moved_column_beside_the_id_is_named(one: MakeDatabases) -> None:
    made = damaged(one("healthy"))
    made.on_langgraph(
        f"INSERT INTO langgraph_server.threads (id, metadata) VALUES ('t1', '{{\"assistant_id\": \"{OLD}\"}}');"
        "CREATE FUNCTION public.stamp() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN NEW.metadata = NEW.metadata || '{\"seen\": true}'; RETURN NEW; END $$;"
        "CREATE TRIGGER stamp BEFORE UPDATE ON langgraph_server.threads FOR EACH ROW EXECUTE FUNCTION public.stamp()"
    )
    made.apply(made.plan())
    made.on_langgraph("DROP FUNCTION public.stamp CASCADE")
    assert made.undo("run-1").run.stamped == ("langgraph_server.threads.metadata",)
