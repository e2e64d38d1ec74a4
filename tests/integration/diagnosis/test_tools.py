"""Wrong ids among an agent's tools, which are ids of other agents."""

from tests.databases import MakeDatabases

COPY = "7854d4e0113843599474d0cab82a7b72"
"""The oldest copy of the first agent in the dump."""
NEWER = "ALTER TABLE public.agents ADD COLUMN assistant_tool_ids uuid[] NOT NULL DEFAULT '{}'"
USES_COPY = (
    f"UPDATE public.agents SET assistant_tool_ids = '{{{COPY}}}' WHERE id = 'a0000000-0000-4000-a000-000000000002'"
)


def test_a_uuid_without_dashes_elsewhere_is_the_same_id(databases: MakeDatabases) -> None:
    base = databases("broken")
    base.on_supabase(f"{NEWER}; {USES_COPY}")
    (reference,) = base.diagnose().references
    assert (reference.place, reference.assistant_id, reference.rows) == ("public.agents.assistant_tool_ids", COPY, 1)
    assert reference.agent_name == "Dokumenten-Assistent"


def test_a_copy_that_is_somebodys_tool_stays_and_is_reported(databases: MakeDatabases) -> None:
    base = databases("broken")
    base.on_supabase(f"{NEWER}; {USES_COPY}")
    plan = base.plan()
    assert not plan.moves
    outcome = base.apply(plan)
    assert [(left.assistant_id, left.reason) for left in outcome.left] == [
        (COPY, f"public.agents.assistant_tool_ids still names {COPY}")
    ]
    assert base.diagnose().counts["duplicate"] == 1


def test_right_tools_are_nothing_to_speak_of_and_an_unknown_one_is_noted(databases: MakeDatabases) -> None:
    base = databases("healthy")
    base.on_supabase(NEWER)
    base.on_supabase("UPDATE public.agents SET assistant_tool_ids = '{a0000000-0000-4000-a000-000000000001}'")
    assert (list(base.diagnose().references), list(base.diagnose().of("dangling_reference"))) == ([], [])
    base.on_supabase(
        "UPDATE public.agents SET assistant_tool_ids = '{dddddddd-0000-4000-a000-000000000001}' WHERE name = "
        "'Recherche'"
    )
    (finding,) = base.diagnose().of("dangling_reference")
    assert (finding.is_open, finding.evidence["place"]) == (False, "public.agents.assistant_tool_ids")
    (left,) = [left for left in base.plan().left if left.finding == "dangling_reference"]
    assert "correct assistant_tool_ids in Supabase" in left.reason


def test_a_tool_in_a_stored_config_is_looked_at_too(databases: MakeDatabases) -> None:
    base = databases("healthy")
    base.on_langgraph("""
        UPDATE langgraph_server.assistants
        SET    config = jsonb_set(config, '{configurable,agent_tools}', '["gone-1", 7]')
        WHERE  graph_id = 'agent'
    """)
    found = {
        (each.evidence["place"], each.assistant_id, each.count) for each in base.diagnose().of("dangling_reference")
    }
    assert found == {("assistants.config.configurable.agent_tools", name, 4) for name in ("gone-1", "7")}
