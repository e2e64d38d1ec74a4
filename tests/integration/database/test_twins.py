"""Two servers made from one data directory: they share system identifier and OID, and are two databases."""

import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.databases import Databases, every_row
from tests.pgbouncer import transaction_pooler
from tests.servers import PASSWORD, Server, server, twin
from toolkit.database.addresses import database_called
from toolkit.repair import planfile, planning
from toolkit.repair.planfile import UnusablePlanError

_DUMP = resources.files("toolkit.sandbox") / "dumps" / "broken_after_three_restarts.sql"


@pytest.fixture(scope="module")
def twins() -> Iterator[tuple[Server, Server]]:
    with server("127.0.0.1") as original:
        with psycopg.connect(original.url("127.0.0.1"), autocommit=True) as connection:
            connection.execute("CREATE ROLE postgres SUPERUSER")
            connection.execute(re.sub(r"^(CREATE|COMMENT ON) EXTENSION.*", "", _DUMP.read_text(), flags=re.M).encode())
        with twin(original, "127.0.0.1") as copy:
            yield original, copy


def conninfo(of: Server, **options: str) -> str:
    return make_conninfo(of.url("127.0.0.1"), **options)


def sides(first: str, second: str) -> Databases:
    return Databases(database_called("env:FIRST", first), database_called("env:SECOND", second))


def test_a_repair_writes_assistants_on_the_langgraph_side_only(twins: tuple[Server, Server]) -> None:
    original, copy = twins
    both = sides(conninfo(original), conninfo(copy))
    before = every_row(conninfo(original))
    with both.connected() as pair:
        assert not pair.is_one_database
        assert pair.supabase_fingerprint == pair.langgraph_fingerprint
    outcome = both.apply(both.plan())
    after = every_row(conninfo(original))
    assert {name for name in after if after[name] != before[name]} == set()
    assert not both.diagnose().open
    both.undo(str(outcome.run_id))


def test_two_ways_to_one_server_are_one_database(twins: tuple[Server, Server]) -> None:
    original, copy = twins
    for options in ({}, {"application_name": "another"}, {"host": str(original.folder)}):
        with sides(conninfo(original), conninfo(original, **options)).connected() as pair:
            assert pair.is_one_database
    with sides(conninfo(copy), conninfo(copy, host=str(copy.folder))).connected() as pair:
        assert pair.is_one_database


@pytest.mark.pooler
def test_a_pooler_before_one_of_the_servers_is_that_server(twins: tuple[Server, Server]) -> None:
    original, copy = twins
    socket = make_conninfo("", host=str(original.folder), port=original.port, user="reader", password=PASSWORD)
    with transaction_pooler(make_conninfo(socket, dbname="postgres")) as pooled:
        with sides(pooled, conninfo(original)).connected() as pair:
            assert pair.is_one_database
        with sides(pooled, conninfo(copy)).connected() as pair:
            assert not pair.is_one_database


def test_a_plan_is_not_applied_to_a_copy_of_its_server(twins: tuple[Server, Server], tmp_path: Path) -> None:
    original, copy = twins
    made = sides(conninfo(original), conninfo(original))
    planfile.save(made.plan(), tmp_path / "plan.json")
    saved = planfile.load(tmp_path / "plan.json")

    def confirmed(databases: Databases) -> int:
        with databases.connected() as pair:
            return len(planning.confirmed(pair, databases.diagnose(for_plan=True), saved).steps)

    assert confirmed(made) == confirmed(sides(*[conninfo(original, host=str(original.folder))] * 2)) == len(saved.steps)
    for elsewhere in (sides(*[conninfo(copy)] * 2), sides(conninfo(original), conninfo(copy))):
        with pytest.raises(UnusablePlanError, match="may be a copy of that server"):
            confirmed(elsewhere)
    restarted = saved.model_copy(update={"supabase_origin": (saved.supabase_origin[0], "2001-02-03 04:05:06+00")})
    with made.connected() as pair:
        assert len(planning.confirmed(pair, made.diagnose(for_plan=True), restarted).steps) == len(saved.steps)
