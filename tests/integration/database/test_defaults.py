"""Defaults of a role: no statement calls what another schema offers, and no result depends on a format."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests import hostile
from tests.constants import EVERYBODY, ONE, ORGANIZATION
from tests.databases import AsRole, Databases, MakeDatabases, connections, run
from toolkit import guard, sql
from toolkit.catalog import preflight
from toolkit.database.connection import connections_to
from toolkit.diagnosis import cause, drift, exposure, verification
from toolkit.repair import cost, journal
from toolkit.repair.script import statements
from toolkit.settings import VerifySettings
from toolkit.store import AssistantConflictError, PostgresStorage
from toolkit.sync import fetch_active_agents, lazy_sync_agent, plan_sync, startup_agent_sync


def outcome_of_every_command(databases: Databases, copied: Databases) -> dict[str, Any]:
    """Run every command, each as a role sees this copy; return what it found or did that does not differ by run."""
    before = copied.rows()
    found = databases.diagnose()
    plan = databases.plan()
    steps = [list(getattr(plan, name).lines()) for name in ("moves", "left", "steps")]
    with databases.connected() as pair:
        explained = [told(pair, found) for told in (cause.explain, drift.drift, exposure.exposures)]
        script = [statement.text for statement in statements(pair, plan)]
        wal = cost.forecast(pair, plan).wal_bytes
    repaired = databases.apply(plan)
    clean = databases.diagnose()
    sides = (connections_to(databases.supabase), None if databases.is_one else connections_to(databases.langgraph))
    with databases.connected() as pair:
        facts = [fact for fact in preflight.facts(pair) if fact.name not in ("database", "encryption", "clock")]
        checks = verification.verify(pair, clean, VerifySettings(), lambda phase, done, total: None)
        installed = [guard.install(pair.langgraph), guard.status(pair.langgraph).state, guard.remove(pair.langgraph)]
        replaced = list(journal.replaced_ids(pair, repaired.run_id))
    undone = databases.undo(repaired.run_id)
    return {
        "findings": list(found.findings.lines()),
        "references": list(found.references.lines()),
        "facts": facts,
        "explained": explained,
        "script": script,
        "forecast": wal,
        "plan": steps,
        "repair": (repaired.counts, repaired.left),
        "checks": checks,
        "replaced": replaced,
        "guard": installed,
        "undo": (undone.agents, undone.refused, undone.changes),
        "is restored": copied.rows() == before,
        "sync, planned": asyncio.run(plan_sync(*sides, scope=EVERYBODY)),
        "sync": asyncio.run(startup_agent_sync(*sides, scope=EVERYBODY)),
        "lazy sync": asyncio.run(lazy_sync_agent(*sides, agent_id=UUID(ONE))),
        "agents": asyncio.run(fetch_active_agents(sides[0], EVERYBODY)),
    }


@pytest.mark.parametrize(
    ("scenario", "defaults"),
    [
        ("broken", hostile.DEFAULTS | hostile.OF_COMMANDS),
        ("used", {"search_path": hostile.DEFAULTS["search_path"]}),
    ],
)
def test_no_command_depends_on_a_default_of_its_role(
    databases: MakeDatabases, as_role: AsRole, scenario: str, defaults: dict[str, str]
) -> None:
    copied = databases(scenario)
    expected = outcome_of_every_command(copied, copied)
    copied = databases(scenario)
    on_langgraph = "" if copied.is_one else hostile.PLANT
    attacked = as_role(copied, hostile.PLANT + hostile.hostile(defaults), on_langgraph)
    found = outcome_of_every_command(attacked, copied)
    for what, value in expected.items():
        assert found[what] == value, what
    assert expected["is restored"]


async def outcome_of_every_method(conninfo: str, *, autocommit: bool) -> dict[str, Any]:
    """Use a server's store as its clients do; return what each method found."""
    storage = PostgresStorage(connections(conninfo, autocommit=autocommit))
    await storage.setup()
    store = storage.assistants
    metadata = {"supabase_organization_id": ORGANIZATION}
    created = await store.create({"assistant_id": ONE, "graph_id": "agent", "metadata": metadata}, "system")
    own = [await store.create({"assistant_id": "own", "graph_id": "agent", "name": name}, "user-1") for name in "aab"]
    kept = await store.create({"assistant_id": "own", "graph_id": "x"}, "user-1", if_exists="do_nothing")
    with pytest.raises(AssistantConflictError):
        await store.create({"assistant_id": ONE, "graph_id": "agent"}, "user-1", if_exists="raise")
    updated = await store.update("own", {"config": {"tags": ["new"]}, "metadata": {"a": 1}}, "user-1")
    listed = await store.list("user-1", limit=9, name_contains="B", metadata={"a": 1}, version=3, graph_id="agent")
    seen = await store.get(ONE.upper(), "user-1", organizations=[ORGANIZATION])
    counted = await store.count("user-1", assistant_id=ONE, name=None)
    return {
        "created": [each.model_dump(exclude={"created_at", "updated_at"}) for each in (created, *own, kept)],
        "is read as created": [seen == created, listed == [updated], kept == own[-1]],
        "is now": abs(datetime.now(UTC) - created.created_at) < timedelta(minutes=1),
        "counted": counted,
        "deleted": [await store.delete("own", "user-1"), await store.delete("own", "user-1")],
    }


@pytest.mark.parametrize("autocommit", [True, False])
async def test_no_method_of_the_store_depends_on_a_default_of_its_role(
    one: MakeDatabases, as_role: AsRole, autocommit: bool
) -> None:
    expected = await outcome_of_every_method(one("empty").conninfos[0], autocommit=autocommit)
    attacked = as_role(one("empty"), hostile.PLANT + hostile.hostile(hostile.DEFAULTS), "")
    assert await outcome_of_every_method(attacked.conninfos[0], autocommit=autocommit) == expected
    assert expected["is read as created"] == [True, True, True]


_FILE = (Path(sql.__file__).parent / "store.sql").read_text(encoding="utf-8")
_NAMES = re.findall(r"^-- (\w+) \((?:langgraph|supabase)\)", _FILE, re.M)
BY_THEMSELVES = [name for name in _NAMES if not re.match("make_|index_", name)]
"""Statements of the store, which run in no transaction of ours: not those of `setup`."""

_CALLED = """
SELECT pg_describe_object(refclassid, refobjid, 0) AS what
FROM   pg_depend CROSS JOIN LATERAL pg_identify_object(refclassid, refobjid, 0) AS named
WHERE  objid = 'public.probe'::regproc AND named.schema = 'evil'
"""


def test_no_statement_outside_our_transactions_calls_what_another_schema_offers(one: MakeDatabases) -> None:
    conninfo = one("empty").conninfos[0]
    run(conninfo, hostile.PLANT)
    pasted = [sql.statement("first_look"), sql.statement("exposed_rows", members="organizations_of_owner")]
    choices = ("raise_if_exists", "do_nothing_if_exists", "update_if_exists")
    created = [sql.statement("create_assistant", if_exists=choice) for choice in choices]
    alone = [*map(sql.statement, BY_THEMSELVES), *created]
    texts = [("evil, pg_catalog", text) for text in alone] + [("evil", text) for text in pasted]
    for search_path, statement in texts:
        text = re.sub(r"%\(\w+\)s", "NULL", statement)
        # PostgreSQL records what such a function calls, also in branches that no row reaches.
        function = "CREATE OR REPLACE FUNCTION public.probe() RETURNS void LANGUAGE sql BEGIN ATOMIC " + text + "; END"
        run(conninfo, f"SET search_path = {search_path}; {function}")
        assert run(conninfo, _CALLED) == [], statement
