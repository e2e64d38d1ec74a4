"""The SQL that `grants` prints: enough for each command, and no more."""

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg
import pytest

from tests import damage
from tests.constants import EVERYBODY, ORGANIZATION, USER
from tests.databases import Databases, MakeDatabases, as_user
from toolkit import guard, sql
from toolkit.catalog import grants
from toolkit.catalog.places import CATALOG
from toolkit.database.connection import connect, connections_to
from toolkit.database.shapes import WrongDatabaseError
from toolkit.diagnosis import verification
from toolkit.diagnosis.exposure import organization_names
from toolkit.repair import journal, undo
from toolkit.repair.apply import UnwritableError
from toolkit.settings import VerifySettings
from toolkit.sync import startup

_ROLES = ("toolkit_reader", "toolkit_repairer", "toolkit_syncer")


@dataclass(frozen=True)
class Granted:
    """Databases with the roles of `grants`, named apart from those of other tests."""

    databases: Databases
    suffix: str

    def as_(self, role: str) -> Databases:
        return Databases(
            *(as_user(side, role + self.suffix) for side in (self.databases.supabase, self.databases.langgraph))
        )

    def run(self, role: grants.Role) -> None:
        """Run what `grants` prints, but for the roles' names."""
        blocks = grants.script(role, self.databases.supabase, self.databases.langgraph).split("\n\n")
        assert len(blocks) == (1 if self.databases.is_one else 2)
        for side, block in zip((self.databases.on_supabase, self.databases.on_langgraph), blocks, strict=False):
            side(re.sub(rf"\b({'|'.join(_ROLES)})\b", rf"\1{self.suffix}", block))


@pytest.fixture
def granted(databases: MakeDatabases) -> Iterator[Callable[[str], Granted]]:
    made: list[Granted] = []

    def make(scenario: str) -> Granted:
        made.append(Granted(databases(scenario), f"_{uuid.uuid4().hex[:12]}"))
        for role in grants.ROLES:
            made[-1].run(role)
        return made[-1]

    yield make
    for each in made:
        for role in reversed(_ROLES):
            for run in (each.databases.on_langgraph, each.databases.on_supabase):
                run(f"DROP OWNED BY {role}{each.suffix} CASCADE")
            each.databases.on_supabase(f"DROP ROLE {role}{each.suffix}")


async def test_a_reader_diagnoses_plans_verifies_and_sees_what_a_sync_would_do(
    granted: Callable[[str], Granted],
) -> None:
    made = granted("broken")
    before = made.databases.rows()
    reader = made.as_("toolkit_reader")
    told = reader.diagnose()
    assert (told.counts["wrong_id"], told.unknown) == (5, ())
    assert reader.plan().counts == {"rekey": 5, "remove": 10}
    with reader.connected() as pair:
        checks = verification.verify(pair, told, VerifySettings.checked({}), lambda phase, done, total: None)
        assert journal.runs(pair) == ()
        assert organization_names(pair, [ORGANIZATION]) == {ORGANIZATION: "ImmoFlow"}
        asked = pair.supabase.execute(
            sql.statement("reachable_agents"), {**EVERYBODY.parameters, "user_id": USER}
        ).fetchall()
        assert sum(agent["reachable"] for agent in asked) == 3
    assert {check.passed for check in checks} == {False, None}  # no agent has an assistant to be judged
    sides = (
        connections_to(reader.supabase),
        None if reader.is_one else connections_to(reader.langgraph),
    )
    assert (await startup.plan_sync(*sides, scope=EVERYBODY)).summary["created"] == 5
    assert made.databases.rows() == before


def test_a_reader_changes_nothing(granted: Callable[[str], Granted]) -> None:
    made = granted("broken")
    before = made.databases.rows()
    reader = made.as_("toolkit_reader")
    with pytest.raises(UnwritableError, match=r"has no UPDATE on public\.agents"):
        reader.apply(reader.plan())
    with connect(reader.langgraph) as connection, pytest.raises(guard.GuardNotAllowedError):
        guard.install(connection)
    assert made.databases.rows() == before


def test_a_repairer_repairs_and_takes_it_back(granted: Callable[[str], Granted]) -> None:
    made = granted("used")
    (copy, *_) = made.databases.on_langgraph(
        "SELECT id FROM langgraph_server.assistants WHERE metadata->>'owner' = 'system' ORDER BY created_at LIMIT 1"
    )
    for number, place in enumerate(place for place in CATALOG if place.moves):
        made.databases.on_langgraph(damage.reference(place.name, copy["id"], f"key-{number}"))
    before = made.databases.rows()
    repairer = made.as_("toolkit_repairer")
    plan = repairer.plan()
    outcome = repairer.apply(plan)
    after = repairer.diagnose().counts
    assert (after["wrong_id"], after["duplicate"], after["missing"]) == (0, 0, 0)
    made.run("reader")
    told = made.as_("toolkit_reader").diagnose()
    assert (told.unknown, told.counts) == ((), after)
    assert outcome.counts["move"] == sum(move.rows for move in plan.moves)
    assert {move.place for move in plan.moves} >= {place.name for place in CATALOG if place.moves}
    with made.as_("toolkit_reader").connected() as pair:
        assert undo.restoration(pair, outcome.run_id).refused == ()
    repairer.undo(outcome.run_id)
    assert made.databases.rows() == before
    assert made.as_("toolkit_reader").diagnose().unknown == ()  # the undo left the reader its rights


async def test_a_syncer_syncs_and_can_remove_nothing(granted: Callable[[str], Granted]) -> None:
    made = granted("broken")
    made.databases.on_supabase("UPDATE public.agents SET langgraph_assistant_id = NULL")
    syncer = made.as_("toolkit_syncer")
    sides = (
        connections_to(syncer.supabase),
        None if syncer.is_one else connections_to(syncer.langgraph),
    )
    told = await startup.startup_agent_sync(*sides, scope=EVERYBODY)
    assert (told["created"], told["write_backs"], told["failed"]) == (5, 5, 0)
    made.databases.on_supabase("UPDATE public.agents SET name = name || '!'")
    assert (await startup.startup_agent_sync(*sides, scope=EVERYBODY))["updated"] == 5
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        syncer.on_langgraph("DELETE FROM langgraph_server.assistants")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        syncer.on_supabase("UPDATE public.agents SET name = ''")


def test_the_tables_owner_installs_and_removes_the_guard(granted: Callable[[str], Granted]) -> None:
    made = granted("broken")
    owner = f"toolkit_syncer{made.suffix}"
    made.databases.on_langgraph(
        f"ALTER SCHEMA langgraph_server OWNER TO {owner}; ALTER TABLE langgraph_server.assistants OWNER TO {owner}"
    )
    try:
        with connect(made.as_("toolkit_syncer").langgraph) as connection:
            assert guard.install(connection)
            assert guard.remove(connection)
    finally:
        made.databases.on_langgraph(f"REASSIGN OWNED BY {owner} TO postgres")


@pytest.mark.parametrize("gone", ["public.store", "langgraph_server.crons"])
def test_tables_that_are_not_there_are_left_out_by_name(databases: MakeDatabases, gone: str) -> None:
    made = databases("healthy")
    made.on_langgraph(f"DROP TABLE {gone}")
    for role in ("reader", "repairer"):
        printed = grants.script(role, made.supabase, made.langgraph)
        assert f"-- left out, because there is no such table: {gone}" in printed
        assert f"ON {gone}" not in printed


def test_an_owner_who_may_not_give_bypassrls_gets_all_else_and_is_told(one: MakeDatabases) -> None:
    made, suffix = one("broken"), f"_{uuid.uuid4().hex[:12]}"
    owner, reader = f"owner{suffix}", f"toolkit_reader{suffix}"
    made.on_supabase(
        f"CREATE ROLE {owner} LOGIN CREATEROLE; ALTER SCHEMA langgraph_server OWNER TO {owner};"
        f"GRANT USAGE ON SCHEMA public, langgraph_server TO {owner} WITH GRANT OPTION;"
        f"GRANT SELECT ON ALL TABLES IN SCHEMA public, langgraph_server TO {owner} WITH GRANT OPTION"
    )
    printed = grants.script("reader", made.supabase, made.langgraph).replace("toolkit_reader", reader)
    conninfo = as_user(made.supabase, owner).conninfo.get_secret_value()
    said: list[str] = []
    try:
        for _ in range(2):  # a second project on the same server has the role already
            with psycopg.connect(conninfo) as connection:
                connection.add_notice_handler(
                    lambda notice: said.append(f"{notice.severity}: {notice.message_primary}")
                )
                connection.execute(printed.encode())
        refused, there, _ = said
        assert refused.startswith(f"WARNING: {reader} has no BYPASSRLS")
        assert there.startswith(f"NOTICE: {reader} is there already, with its password")
        as_reader = as_user(made.supabase, reader)
        told = Databases(as_reader, as_reader).diagnose()
        assert told.counts["wrong_id"] == 5
        assert [each.partition(":")[0] for each in told.unread] == ["public.checkpoints", "public.store"]
    finally:
        made.on_supabase(f"REASSIGN OWNED BY {owner} TO postgres; DROP OWNED BY {owner} CASCADE")
        made.on_supabase(f"DROP OWNED BY {reader}; DROP ROLE {reader}, {owner}")


@pytest.mark.parametrize("gone", ["public.agents", "langgraph_server.assistants"])
def test_the_wrong_database_gets_no_grants(databases: MakeDatabases, gone: str) -> None:
    made = databases("healthy")
    (made.on_supabase if gone == "public.agents" else made.on_langgraph)(f"ALTER TABLE {gone} RENAME TO other")
    with pytest.raises(WrongDatabaseError, match=f"has no table {gone}"):
        grants.script("reader", made.supabase, made.langgraph)
