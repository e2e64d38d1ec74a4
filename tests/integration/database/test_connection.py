"""Connections that fail, with the reason and the remedy."""

import asyncio
import socket
from collections.abc import Callable

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.databases import Databases
from tests.pgbouncer import transaction_pooler
from toolkit.catalog import preflight
from toolkit.database.addresses import Database, database_called, resolve
from toolkit.database.attempts import ConnectionRefusedByServerError
from toolkit.database.connection import UnfitServerError, connect, connections_to
from toolkit.database.transactions import reading
from toolkit.diagnosis.diagnose import diagnose
from toolkit.scope import Scope
from toolkit.sync import plan_sync


def test_an_ipv6_only_host_that_cannot_be_reached_gets_the_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIRECT", "postgresql://u:hunter2@[::1]:1/x")
    with (
        pytest.raises(
            ConnectionRefusedByServerError, match=r"IPv6 address only.*use the session pooler's URL"
        ) as refused,
        connect(resolve("env:DIRECT")),
    ):
        pass
    assert "hunter2" not in str(refused.value)
    assert "env:DIRECT (::1:1/x)" in str(refused.value)


def test_a_host_with_an_ipv4_address_gets_the_reason_and_no_such_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as reserved:  # bound and not listening: whoever connects is refused
        reserved.bind(("127.0.0.1", 0))
        monkeypatch.setenv("CLOSED", f"postgresql://u@127.0.0.1:{reserved.getsockname()[1]}/x")
        with pytest.raises(ConnectionRefusedByServerError) as refused, connect(resolve("env:CLOSED")):
            pass
    assert "Connection refused: " in str(refused.value)  # the reason, and not libpq's hint below it
    assert "IPv6" not in str(refused.value)


def refused_by_all(database: Database) -> set[str]:
    """Return what a diagnosis, a transaction and a sync say."""
    said = set()
    with pytest.raises(UnfitServerError) as refusal:
        Databases(database, database).diagnose()
    said.add(str(refusal.value))
    with pytest.raises(UnfitServerError) as refusal, connect(database) as connection, reading(connection):
        pass
    said.add(str(refusal.value))
    with pytest.raises(UnfitServerError) as refusal:
        asyncio.run(plan_sync(connections_to(database), scope=Scope.parse("all")))
    assert refusal.value.exit_status == 3
    return said | {str(refusal.value)}


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_another_encoding_than_utf8_is_refused(clone: Callable[[str], str], encoding: str) -> None:
    conninfo = clone("healthy")
    name = f"in_{encoding.lower()}"
    with psycopg.connect(conninfo, autocommit=True) as admin:
        admin.execute(
            f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0".encode()
        )
        try:
            (said,) = refused_by_all(database_called("env:ODD", make_conninfo(conninfo, dbname=name)))
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
    assert f"is in {encoding}, expected UTF8: the toolkit cannot work with it" in said


@pytest.mark.pooler
def test_a_pooler_in_statement_mode_is_refused(clone: Callable[[str], str]) -> None:
    with transaction_pooler(clone("broken"), "pool_mode = statement") as pooled:
        (said,) = refused_by_all(database_called("env:POOLED", pooled))
    assert said.startswith("env:POOLED (")
    assert "is a pooler in statement mode, which holds no transaction; expected transaction or session mode" in said


@pytest.mark.pooler
@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_a_pool_of_one_connection_is_enough_to_diagnose(clone: Callable[[str], str], mode: str) -> None:
    one = f"default_pool_size = 1\npool_mode = {mode}\nquery_wait_timeout = 2"
    with transaction_pooler(clone("broken"), one) as pooled:
        both = [database_called(f"env:{name}", pooled) for name in ("SUPABASE", "LANGGRAPH")]
        with Databases(*both).connected() as pair:
            found = {fact.name: fact.value for fact in preflight.facts(pair)}
            assert diagnose(pair, Scope.parse("all")).open
    assert found["connection"] == "through a pooler"
