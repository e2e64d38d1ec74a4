"""A rejected password: it is tried once, and every command says so in one line."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import toolkit
from tests.servers import Server, server
from toolkit.database.addresses import resolve
from toolkit.database.attempts import ConnectionRefusedByServerError
from toolkit.database.connection import connect, connections_to
from toolkit.database.engine import engine
from toolkit.sandbox.http import create_app, running


@pytest.fixture(scope="module")
def guarded() -> Iterator[Server]:
    with server("127.0.0.1", "::1") as running_server:
        yield running_server


def through_connect(reference: str) -> None:
    with connect(resolve(reference)):
        pass


def through_the_sync(reference: str) -> None:
    async def opened() -> None:
        async with connections_to(resolve(reference))():
            pass

    asyncio.run(opened())


def through_the_engine(reference: str) -> None:
    engine(reference).connect()


@pytest.mark.parametrize("way", [through_connect, through_the_sync, through_the_engine])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1,[::1],127.0.0.1"])
def test_a_rejected_password_is_tried_on_one_of_the_hosts_addresses(
    guarded: Server, monkeypatch: pytest.MonkeyPatch, way: object, host: str
) -> None:
    url = guarded.url(host, "wr0ng").replace(",", f":{guarded.port},")
    monkeypatch.setenv("SUPABASE_DB_URL", url)
    before = guarded.rejected
    with pytest.raises(ConnectionRefusedByServerError, match="password authentication failed") as refused:
        way("env:SUPABASE_DB_URL")
    assert "wr0ng" not in str(refused.value)
    assert guarded.rejected == before + 1


def test_the_next_address_is_asked_where_nothing_listens(guarded: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPABASE_DB_URL", guarded.url("127.0.0.9:1,127.0.0.1"))
    for way in (through_connect, through_the_sync, through_the_engine):
        way("env:SUPABASE_DB_URL")


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        "verify --supabase",
        "sync --supabase",
        "sync --apply --supabase",
        "serve --langgraph",
        "guard status --langgraph",
    ],
)
def test_every_command_tries_once_and_prints_one_line(guarded: Server, tmp_path: Path, command: str) -> None:
    before = guarded.rejected
    reports = ("--report-dir", str(tmp_path)) if command.startswith("verify") else ()
    ran = toolkit(
        *command.split(), "env:SUPABASE_DB_URL", *reports, SUPABASE_DB_URL=guarded.url("localhost", "wr0ng"),
        SUPABASE_JWT_SECRET="a secret that is long enough for any use",
    )  # fmt: skip
    assert ran.returncode == 3
    said = [line for line in (ran.stdout + ran.stderr).splitlines() if not line.startswith("report ")]
    assert len(said) == 1
    assert "no connection to env:SUPABASE_DB_URL" in said[0]
    assert "wr0ng" not in said[0]
    assert guarded.rejected == before + 1


def test_the_servers_pool_does_not_go_on_with_a_password_that_was_changed(guarded: Server) -> None:
    before = guarded.rejected
    with running(create_app(guarded.url("127.0.0.1", "wr0ng"), "a secret that is long enough for any use")):
        time.sleep(3.6)  # psycopg_pool would try for the third time after 3 s
    assert guarded.rejected <= before + 2
