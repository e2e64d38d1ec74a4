"""Foreign keys on the assistants: a repair is refused before it changes anything."""

from collections.abc import Callable

import pytest

from tests.constants import COPY, HAS_JOURNAL
from tests.databases import MakeDatabases
from toolkit.catalog import preflight
from toolkit.catalog.foreign_keys import ForeignKeyError
from toolkit.repair import apply

ACTIONS = ["NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT"]


def bill(action: str) -> str:
    """Hang a table on the assistants, with a row for a copy that a repair would take away."""
    return (
        "CREATE SCHEMA billing; CREATE TABLE billing.usage (tokens integer, which text CONSTRAINT usage_of_assistant"
        f" REFERENCES langgraph_server.assistants ON DELETE {action}); INSERT INTO billing.usage VALUES (1, '{COPY}')"
    )


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(ForeignKeyError) as refusal:
        act()
    assert refusal.value.exit_status == 3
    return str(refusal.value)


@pytest.mark.parametrize("action", ACTIONS)
def test_a_table_hung_on_the_assistants_refuses_the_plan_by_the_constraints_name(
    databases: MakeDatabases, action: str
) -> None:
    broken = databases("broken")
    broken.on_langgraph(bill(action))
    told = refused(broken.plan)
    assert f"usage_of_assistant of billing.usage (which), ON DELETE {action}, on langgraph_server.assistants" in told
    assert "drop the constraint" in told


@pytest.mark.parametrize("action", ACTIONS)
def test_one_that_was_hung_there_since_the_plan_stops_its_application_before_anything_is_changed(
    databases: MakeDatabases, action: str
) -> None:
    broken = databases("broken")
    plan = broken.plan()
    broken.on_langgraph(bill(action))
    before = broken.rows()
    assert "usage_of_assistant" in refused(lambda: broken.apply(plan))
    assert broken.rows() == before
    assert broken.on_langgraph(HAS_JOURNAL) == []


def test_an_undo_and_the_rest_of_an_interrupted_run_are_refused_the_same_way(databases: MakeDatabases) -> None:
    broken = databases("broken")
    run_id = broken.apply(broken.plan()).run_id
    broken.on_langgraph(bill("CASCADE").replace(COPY, "a0000000-0000-4000-a000-000000000001"))
    before = broken.rows()
    assert "usage_of_assistant" in refused(lambda: broken.undo(run_id))
    broken.on_langgraph("UPDATE assistant_repair.runs SET finished_at = NULL")
    with broken.connected() as pair:
        assert "usage_of_assistant" in refused(lambda: apply.resume(pair, run_id))
    assert broken.rows() == before


def test_a_key_of_rows_that_the_repair_itself_moves_is_refused_too_for_the_way_back_would_break_on_it(
    databases: MakeDatabases,
) -> None:
    broken = databases("broken")
    broken.on_langgraph(
        "ALTER TABLE langgraph_server.runs ADD CONSTRAINT run_of FOREIGN KEY (assistant_id) REFERENCES "
        "langgraph_server.assistants"
    )
    assert "run_of of langgraph_server.runs (assistant_id), ON DELETE NO ACTION" in refused(broken.plan)


def test_a_plan_that_takes_no_row_away_is_not_refused(databases: MakeDatabases) -> None:
    lacking = databases("healthy")
    lacking.on_langgraph("DELETE FROM langgraph_server.assistants WHERE id = 'a0000000-0000-4000-a000-000000000001'")
    lacking.on_langgraph(bill("CASCADE").split("; INSERT")[0])
    assert lacking.plan().counts == {"create": 1}


def test_a_table_hung_on_the_write_backs_refuses_a_plan_that_writes_one(databases: MakeDatabases) -> None:
    broken = databases("healthy")
    broken.on_supabase(
        "UPDATE public.agents SET langgraph_assistant_id = id || 'x'; "
        "ALTER TABLE public.agents ADD UNIQUE (langgraph_assistant_id);"
        "CREATE TABLE public.bookmarks (which text CONSTRAINT marked REFERENCES public.agents "
        "(langgraph_assistant_id) ON UPDATE CASCADE)"
    )
    assert "marked of public.bookmarks (which), ON UPDATE CASCADE, on public.agents" in refused(broken.plan)


VECTORS = (
    "CREATE TABLE public.store_vectors (prefix text, key text, FOREIGN KEY (prefix, key) REFERENCES public.store "
    "(prefix, key) ON DELETE CASCADE);"
    "INSERT INTO public.store (prefix, key, value) VALUES ('o.u.{id}.facts', 'k', '{{}}'); "
    "INSERT INTO public.store_vectors VALUES ('o.u.{id}.facts', 'k')"
)
"""What LangGraph's store hangs on its memories where it searches them by meaning."""


def test_vectors_of_a_memory_that_would_move_refuse_the_plan(databases: MakeDatabases) -> None:
    broken = databases("broken")
    broken.on_langgraph(VECTORS.format(id=COPY))
    assert "store_vectors_prefix_key_fkey of public.store_vectors (prefix, key), ON UPDATE NO ACTION" in refused(
        broken.plan
    )


def test_vectors_that_follow_their_memory_follow_it_there_and_back(databases: MakeDatabases) -> None:
    broken = databases("broken")
    broken.on_langgraph(VECTORS.format(id=COPY).replace("ON DELETE", "ON UPDATE CASCADE ON DELETE"))
    before = broken.rows()
    run_id = broken.apply(broken.plan()).run_id
    (vector,) = broken.on_langgraph("SELECT prefix FROM public.store_vectors")
    assert vector["prefix"] == "o.u.a0000000-0000-4000-a000-000000000001.facts"
    assert broken.undo(run_id).refused == ()
    assert broken.rows() == before


def test_vectors_of_memories_that_stay_stand_in_nobodys_way(databases: MakeDatabases) -> None:
    broken = databases("broken")
    broken.on_langgraph(VECTORS.format(id="a0000000-0000-4000-a000-000000000001"))
    assert broken.apply(broken.plan()).left == ()


def test_a_diagnosis_names_such_a_key_and_what_it_means(databases: MakeDatabases) -> None:
    broken = databases("broken")
    broken.on_langgraph(bill("CASCADE"))
    with broken.connected() as pair:
        (fact,) = [fact for fact in preflight.facts(pair) if fact.name == "foreign key"]
    assert (fact.side, fact.is_warning) == ("langgraph", True)
    assert fact.value.endswith("on langgraph_server.assistants: while it is there, a repair that meets it is refused")
