"""Does the sandbox give everybody the database asked for, and leave no server behind?"""

from collections.abc import Callable

import psycopg
import pytest

from toolkit import sandbox
from toolkit.errors import ParameterError


def count(conninfo: str, table: str) -> int:
    with psycopg.connect(conninfo) as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


@pytest.mark.parametrize(
    ("scenario", "agents", "assistants"), [("broken", 7, 15), ("healthy", 7, 5), ("empty", 0, 0)]
)
def test_scenario_holds_the_rows_of_its_dump(
    scenario: str, agents: int, assistants: int, clone: Callable[[str], str], pair: Callable[[str], tuple[str, str]]
) -> None:
    supabase, langgraph = pair(scenario)
    both = clone(scenario)
    assert (count(both, "public.agents"), count(both, "langgraph_server.assistants")) == (agents, assistants)
    assert count(supabase, "public.agents") == agents
    assert count(langgraph, "langgraph_server.assistants") == assistants


@pytest.mark.parametrize("name", ["brokn", "", "broken@", "broken@UPPER", "broken/both", "broken@" + "x" * 33])
def test_misspelled_name_is_refused(name: str) -> None:
    with pytest.raises(ParameterError):
        sandbox.resolve(name)
