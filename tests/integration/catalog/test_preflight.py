"""The preflight: an answer that cannot be believed is refused, and never given as "missing"."""

import contextlib
import socket
import traceback
from collections.abc import Callable, Iterator
from typing import LiteralString

import psycopg
import pytest

from tests.databases import READS_LANGGRAPH, READS_SUPABASE, AsRole, Databases, MakeDatabases, as_user
from tests.servers import server
from toolkit.database import addresses, connection, snapshot
from toolkit.database.attempts import ConnectionRefusedByServerError
from toolkit.database.shapes import UnbelievableReadError
from toolkit.diagnosis import diagnose, verification
from toolkit.diagnosis.diagnose import ForeignPairError
from toolkit.errors import ParameterError, ToolkitError
from toolkit.scope import Scope
from toolkit.settings import VerifySettings

PASSWORDS = [
    "p@ss:w/rd", "h4sh#m?rk", "per%cent", "two words", "quo'te\\", "ümläut€", "pa://ss", "lefft@rigght@lasst", "x=y&z",
]  # fmt: skip


def refused(databases: Databases) -> str:
    with pytest.raises(UnbelievableReadError) as refusal:
        databases.diagnose()
    assert refusal.value.exit_status == 3
    return str(refusal.value)


def test_role_that_may_read_everything_gets_the_whole_diagnosis(databases: MakeDatabases, as_role: AsRole) -> None:
    reader = as_role(databases("broken"), READS_SUPABASE, READS_LANGGRAPH)
    assert reader.diagnose().counts["wrong_id"] == 5


def test_role_whose_sessions_are_read_only_by_default_can_verify(databases: MakeDatabases, as_role: AsRole) -> None:
    only_reads = "ALTER ROLE {role} SET default_transaction_read_only = on;"
    reader = as_role(databases("broken"), READS_SUPABASE + only_reads, READS_LANGGRAPH)
    found = reader.diagnose()
    assert found.counts["wrong_id"] == 5
    with reader.connected() as pair:
        checks = verification.verify(pair, found, VerifySettings(), lambda phase, done, total: None)
    assert "created 5" in {check.name: check.detail for check in checks}["the next sync would create nothing"]


def test_agents_hidden_by_row_security_are_not_missing(databases: MakeDatabases, as_role: AsRole) -> None:
    hides = "ALTER TABLE public.agents ENABLE ROW LEVEL SECURITY;"
    reader = as_role(databases("broken"), READS_SUPABASE + hides, READS_LANGGRAPH)
    assert "public.agents: row security hides rows from this role" in refused(reader)


def test_assistants_hidden_by_row_security_are_not_missing(databases: MakeDatabases, as_role: AsRole) -> None:
    hides = "ALTER TABLE langgraph_server.assistants ENABLE ROW LEVEL SECURITY;"
    reader = as_role(databases("broken"), READS_SUPABASE, READS_LANGGRAPH + hides)
    assert "langgraph_server.assistants: row security hides rows from this role" in refused(reader)


def test_owner_under_forced_row_security_is_refused(databases: MakeDatabases, as_role: AsRole) -> None:
    owns = (
        "ALTER TABLE public.agents OWNER TO {role};"
        "ALTER TABLE public.agents ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
    )
    reader = as_role(databases("broken"), READS_SUPABASE + owns, READS_LANGGRAPH)
    assert "public.agents: row security hides rows from this role" in refused(reader)


def test_missing_grant_on_a_table_is_named(databases: MakeDatabases, as_role: AsRole) -> None:
    reader = as_role(databases("broken"), READS_SUPABASE, READS_LANGGRAPH)
    role = psycopg.conninfo.conninfo_to_dict(reader.supabase.conninfo.get_secret_value())["user"]
    broken = Databases(*(as_user(side, "postgres") for side in (reader.supabase, reader.langgraph)))
    broken.on_supabase(f"REVOKE SELECT ON public.agents FROM {role}")
    assert "public.agents: no SELECT on the table" in refused(reader)


@pytest.mark.parametrize("schema", ["public", "langgraph_server"])
def test_missing_grant_on_a_schema_is_named(databases: MakeDatabases, as_role: AsRole, schema: str) -> None:
    takes = f"REVOKE USAGE ON SCHEMA {schema} FROM {{role}}, PUBLIC;"
    both = databases("broken")
    on_supabase = READS_SUPABASE + (takes if schema == "public" else "")
    on_langgraph = READS_LANGGRAPH + (takes if schema == "langgraph_server" else "")
    assert f"{schema}." in refused(as_role(both, on_supabase, on_langgraph))


CHECKPOINTS, STORE = "public.checkpoints.metadata.assistant_id", "public.store.prefix"


@pytest.mark.parametrize(
    ("hides", "unknown", "why"),
    [
        (
            "",
            (CHECKPOINTS, STORE),
            ("row security hides rows from this role", "BYPASSRLS", "owner"),
        ),  # as LangGraph has it
        (
            "ALTER ROLE {role} BYPASSRLS; REVOKE SELECT ON public.checkpoints FROM {role};",
            (CHECKPOINTS,),
            ("no SELECT on the table", "grants reader"),
        ),
    ],
    ids=["row security", "no grant"],
)
def test_hidden_checkpoints_are_unknown_and_stop_a_repair(
    databases: MakeDatabases, as_role: AsRole, hides: str, unknown: tuple[str, ...], why: tuple[str, ...]
) -> None:
    reader = as_role(databases("broken"), READS_SUPABASE, READS_LANGGRAPH + hides)

    assert reader.diagnose().unknown == unknown
    with pytest.raises(UnbelievableReadError) as refusal:
        reader.plan()
    assert f"public.checkpoints: {why[0]}" in str(refusal.value)
    assert all(cure in str(refusal.value) for cure in why)


def test_hidden_journal_is_unknown_and_stops_a_repair(databases: MakeDatabases, as_role: AsRole) -> None:
    broken = databases("broken")
    broken.apply(broken.plan())
    reader = as_role(broken, READS_SUPABASE, READS_LANGGRAPH + "ALTER ROLE {role} BYPASSRLS;")

    assert reader.diagnose().unknown == ("assistant_repair.id_map",)
    with pytest.raises(UnbelievableReadError, match=r"assistant_repair\.id_map"):
        reader.plan()


def test_databases_that_do_not_belong_together_are_refused(databases: MakeDatabases) -> None:
    foreign = databases("empty")
    foreign.on_supabase(
        "INSERT INTO public.organizations (id, name) VALUES ('11111111-1111-4111-8111-111111111111', 'a');"
        "INSERT INTO public.agents (organization_id, name)"
        " SELECT '11111111-1111-4111-8111-111111111111', 'a' FROM generate_series(1, 30)"
    )
    foreign.on_langgraph(
        "INSERT INTO langgraph_server.assistants (id, graph_id, metadata)"
        " SELECT n::text, 'agent', jsonb_build_object('owner', 'system', 'supabase_agent_id', gen_random_uuid())"
        " FROM generate_series(1, 30) AS n"
    )
    with pytest.raises(ForeignPairError) as refusal:
        foreign.diagnose()
    assert refusal.value.exit_status == 3


@pytest.mark.parametrize("databases", ["one database"], indirect=True)
def test_diagnosis_of_one_database_assigns_no_transaction_id(
    databases: MakeDatabases, monkeypatch: pytest.MonkeyPatch
) -> None:
    assigned = []

    @contextlib.contextmanager
    def watched(pair: connection.Pair, scope: Scope) -> Iterator[dict[str, LiteralString]]:
        with snapshot.comparing(pair, scope) as includes:
            yield includes
            assigned.extend(pair.langgraph.execute("SELECT pg_current_xact_id_if_assigned()::text AS id").fetchall())

    monkeypatch.setattr(diagnose, "comparing", watched)
    assert databases("broken").diagnose().counts["wrong_id"] == 5
    assert assigned == [{"id": None}]


def test_role_that_may_not_make_temporary_tables_is_told_so(
    pair: Callable[[str], tuple[str, str]], as_role: AsRole
) -> None:
    broken = Databases(*(addresses.database_called("env:ADMIN", conninfo) for conninfo in pair("broken")))
    name = psycopg.conninfo.conninfo_to_dict(broken.langgraph.conninfo.get_secret_value())["dbname"]
    takes = f'REVOKE TEMPORARY ON DATABASE "{name}" FROM PUBLIC;'
    reader = as_role(broken, READS_SUPABASE, READS_LANGGRAPH + takes)
    assert "permission denied to create temporary tables" in refused(reader)
    broken.on_langgraph(
        "CREATE FUNCTION public.refuse() RETURNS event_trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE 'migrations only'; END $$;"
        "CREATE EVENT TRIGGER refuse ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION public.refuse()"
    )
    assert "migrations only" in refused(broken)


@pytest.mark.parametrize("table", ["runs", "threads"])
def test_conversations_that_cannot_be_read_are_not_without_evidence(
    databases: MakeDatabases, as_role: AsRole, table: str
) -> None:
    takes = f"REVOKE SELECT ON langgraph_server.{table} FROM {{role}};"
    reader = as_role(databases("broken"), READS_SUPABASE, READS_LANGGRAPH + takes)
    assert f"langgraph_server.{table}: no SELECT" in refused(reader)


def url_forms(password: str, host: str, port: int) -> dict[str, str]:
    quoted = "".join(f"%{byte:02X}" for byte in password.encode())
    escaped = password.replace("\\", "\\\\").replace("'", "\\'")
    return {
        "url": f"postgresql://reader:{password}@{host}:{port}/platform",
        "encoded url": f"postgresql+psycopg://reader:{quoted}@{host}:{port}/platform?pgbouncer=true",
        "in the query": f"postgresql://reader@{host}:{port}/platform?password={quoted}",
        "conninfo": f"host={host} port={port} user=reader dbname=platform password='{escaped}'",
        "broken conninfo": f"host={host} port={port} user=reader password={password} and more",
        "url without a host": f"postgresql://reader:{password}",
        "unknown option": f"postgresql://reader:{quoted}@{host}:{port}/platform?no_such_option=1",
        "slash in the user": f"postgresql://rea/der:{password}@{host}:{port}/platform",
    }


@pytest.mark.parametrize("form", url_forms("", "", 0))
@pytest.mark.parametrize("password", PASSWORDS)
def test_password_stands_in_no_error(monkeypatch: pytest.MonkeyPatch, password: str, form: str) -> None:
    text = url_forms(password, "127.0.0.1", closed_port())[form]
    monkeypatch.setenv("SUPABASE_DB_URL", text)

    def resolve_and_diagnose() -> None:
        side = addresses.resolve("env:SUPABASE_DB_URL")
        assert password not in repr(side) + str(side)
        Databases(side, side).diagnose()

    with pytest.raises((ConnectionRefusedByServerError, ParameterError)) as failure:
        resolve_and_diagnose()

    shown = "".join(traceback.format_exception(failure.value)) + repr(failure.value) + str(failure.value)
    for secret in {password, *password.split("@"), *password.split("/"), *password.split("?")}:
        assert len(secret) < 3 or secret not in shown


def closed_port() -> int:
    with contextlib.closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.mark.parametrize("form", ["encoded url", "conninfo"])
def test_server_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    port = closed_port()
    monkeypatch.setenv("SUPABASE_DB_URL", url_forms("secret", "127.0.0.1", port)[form])
    side = addresses.resolve("env:SUPABASE_DB_URL")

    with pytest.raises(ConnectionRefusedByServerError) as failure:
        Databases(side, side).diagnose()

    for named in ("env:SUPABASE_DB_URL", "127.0.0.1", str(port), "platform"):
        assert named in str(failure.value)
    assert failure.value.exit_status == 3
    assert isinstance(failure.value, ToolkitError)
    assert not isinstance(failure.value, psycopg.Error)


@pytest.mark.parametrize("form", ["encoded url", "in the query", "conninfo"])
@pytest.mark.parametrize("password", PASSWORDS)
def test_password_arrives_as_it_is(monkeypatch: pytest.MonkeyPatch, password: str, form: str) -> None:
    monkeypatch.setenv("SUPABASE_DB_URL", url_forms(password, "127.0.0.1", 5432)[form])
    conninfo = addresses.resolve("env:SUPABASE_DB_URL").conninfo.get_secret_value()
    assert psycopg.conninfo.conninfo_to_dict(conninfo)["password"] == password


def test_rejected_password_is_named_by_place_and_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with server() as protected:
        folder = str(protected.folder)
        place = f"host={folder} port={protected.port} user=reader dbname=postgres"
        monkeypatch.setenv("SUPABASE_DB_URL", f"{place} password='wr0ng'")
        side = addresses.resolve("env:SUPABASE_DB_URL")

        with pytest.raises(ConnectionRefusedByServerError) as failure:
            Databases(side, side).diagnose()

        assert protected.rejected == 1
    for named in ("env:SUPABASE_DB_URL", folder, str(protected.port), "postgres", "password authentication failed"):
        assert named in str(failure.value)
    assert "wr0ng" not in "".join(traceback.format_exception(failure.value))
