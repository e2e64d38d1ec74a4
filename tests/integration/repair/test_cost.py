"""The statements and the costs that a plan announces, compared with the real ones."""

import pytest

from tests.constants import ONE
from tests.databases import MakeDatabases
from tests.integration.repair.rows import OLD, copy_of, run_on, talk
from toolkit.repair import journal
from toolkit.repair.cost import forecast
from toolkit.repair.script import statements

PARAMETERS = {
    "run_id": "run-9",
    "first": 0,
    "last": 1000,
    "first_row": "(0,0)",
    "last_row": "(9,0)",
    "organizations": None,
    "left_alone": [],
    "only": None,
    "is_last": False,
    "part": 0,
    "parts": 1,
    "named_ids": [],
    "named_in": [],
}


@pytest.mark.parametrize("databases", ["one database"], indirect=True)
def test_statements_of_a_plan_are_those_of_its_steps_and_the_server_takes_them(databases: MakeDatabases) -> None:
    healthy = databases("healthy")
    healthy.on_langgraph(copy_of(ONE, OLD) + run_on(OLD))
    talk(healthy, "bare", {"t-one": ONE})
    with healthy.connected() as pair:
        journal.prepare(pair)  # the statements read it
        told = statements(pair, healthy.plan())
        for each in told:
            pair.langgraph.execute(f"EXPLAIN {each.text}", PARAMETERS)  # type: ignore[arg-type]
    assert [each.name for each in told if each.phase != "move"] == ["leave_stale", "still_named", "remove"]
    assert sum(each.name == "runs.assistant_id" for each in told) == 2  # what names the copy, and the conversation
    assert not any("INSERT INTO langgraph_server.assistants" in each.text for each in told)


def test_forecast_names_both_databases_and_says_how(databases: MakeDatabases) -> None:
    broken = databases("broken")
    before = broken.rows()
    with broken.connected() as pair:
        told = forecast(pair, broken.plan())
    assert told.wal_bytes > told.disk_bytes > told.journal_bytes > 15 * 400
    assert len(told.backups) == (1 if broken.is_one else 2)
    assert all("archives no WAL" in each for each in told.backups)
    assert broken.rows() == before
