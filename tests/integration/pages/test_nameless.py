"""Agents, organizations and tools without a name, from the diagnosis to the undo, with every page."""

import asyncio
from typing import Any

import pytest

from tests import damage
from tests.constants import AGENTS, COPY
from tests.databases import Databases
from tests.integration.pages.reading import BARE, SECOND, text_of
from toolkit.database import addresses
from toolkit.database.connection import connections_to
from toolkit.notebooks import calls
from toolkit.scope import Scope
from toolkit.sync import startup_agent_sync

pytestmark = pytest.mark.timeout(60)

_NAMELESS = """
ALTER TABLE public.agents ALTER name DROP NOT NULL;
ALTER TABLE public.organizations ALTER name DROP NOT NULL;
ALTER TABLE public.mcp_tools ALTER tool_name DROP NOT NULL;
"""
_ONE_AGENT = f"UPDATE public.agents SET name = NULL WHERE id = '{AGENTS[0]}'"
_EVERYTHING = """
UPDATE public.agents SET name = NULL;
UPDATE public.organizations SET name = NULL;
UPDATE public.mcp_tools SET tool_name = NULL;
"""


@pytest.mark.parametrize(
    ("sides", "unnamed"),
    [(("", ""), _ONE_AGENT), (("/supabase", "/langgraph"), _EVERYTHING)],
    ids=["one agent, one database", "everything, two databases"],
)
def test_what_has_no_name_is_diagnosed_repaired_and_undone(
    reference: Any, sides: tuple[str, str], unnamed: str
) -> None:
    name = reference("broken")
    named = {"supabase": name + sides[0], "langgraph": name + sides[1]}
    both = Databases(*(addresses.resolve(each) for each in named.values()))
    both.on_supabase(_NAMELESS + unnamed)
    both.on_supabase(damage.session("bare", SECOND))
    both.on_langgraph(damage.run(COPY, "t") + damage.stray(BARE) + damage.run(BARE, "bare"))
    before = both.rows()

    found = calls.diagnose(**named)
    for shown in (
        found.in_short,
        found.round_trip,
        found.why,
        found.next_steps,
        found.by_agent,
        found.show,
        found.blast_radius,
    ):
        assert shown() is not None
    assert found.agent(AGENTS[0]) is not None
    assert len(found.agents) == len(found.organizations.merge(found.agents, on="organization_id")) == 5
    assert len(found.conversations) == 2
    planned = calls.plan(**named)
    repaired = calls.apply(planned)
    assert AGENTS[0] in text_of(planned.steps())
    for shown in (repaired.in_short, repaired.left, repaired.outcome):
        assert shown() is not None
    assert repaired.report.verdict == "repaired"
    assert calls.verify(**named).report.verdict == "clean"
    undone = calls.undo(run=repaired.report.run_id, apply=True, **named)
    assert undone.restoration() is not None
    assert both.rows() == before
    get_sides = [connections_to(each) for each in (both.supabase, both.langgraph)]
    summary = asyncio.run(
        startup_agent_sync(get_sides[0], None if both.is_one else get_sides[1], scope=Scope.parse("all"))
    )
    assert summary["created"] == 5
