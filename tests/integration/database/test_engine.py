"""Engines for questions of one's own: they read, refuse every write, and hold no password."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pandas
import psycopg
import pytest
import sqlalchemy
from psycopg.conninfo import make_conninfo
from sqlalchemy import Engine, text

from tests.databases import run
from tests.pgbouncer import pooled, transaction_pooler
from toolkit.database.attempts import ConnectionRefusedByServerError
from toolkit.database.engine import engine

DELETES = "DELETE FROM public.agents"


@pytest.fixture(params=["direct", pooled("pooled")])
def asked(
    request: pytest.FixtureRequest, clone: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Engine, str]]:
    """Give an engine, and the conninfo of the same database for whoever may write."""
    with ExitStack() as poolers:
        conninfo = clone("healthy")
        through = poolers.enter_context(transaction_pooler(conninfo)) if request.param == "pooled" else conninfo
        monkeypatch.setenv("PLATFORM_URL", make_conninfo(through, password="s3cret"))
        yield engine("env:PLATFORM_URL"), conninfo


def test_pandas_reads_by_statement_and_by_table(asked: tuple[Engine, str]) -> None:
    reading, _ = asked
    found = pandas.read_sql("SELECT id, name, created_at FROM public.agents ORDER BY id", reading)
    assert len(found) == 7
    assert isinstance(found["created_at"].dtype, pandas.DatetimeTZDtype)
    assert len(pandas.read_sql_table("agents", reading, schema="public")) == 7
    named = text("SELECT name FROM public.agents WHERE status = :status")
    assert len(pandas.read_sql(named, reading, params={"status": "draft"})) == 1


READ_ONLY = "in a read-only transaction"


@pytest.mark.parametrize("options", [{}, {"isolation_level": "AUTOCOMMIT", "postgresql_readonly": False}])
def test_every_write_is_refused_and_the_next_read_goes_on(
    asked: tuple[Engine, str], options: dict[str, object]
) -> None:
    reading, conninfo = asked
    adds = "INSERT INTO public.organizations (name) VALUES (:name)"
    names = {adds: [{"name": "a"}, {"name": "b"}]}
    with reading.connect().execution_options(**options) as connection:
        for write in (DELETES, adds, "CREATE TABLE public.mine ()", "GRANT SELECT ON public.agents TO PUBLIC"):
            with pytest.raises(sqlalchemy.exc.InternalError, match=READ_ONLY):
                connection.execute(text(write), names.get(write))
            if not options:
                connection.rollback()
        for turning in ("SET transaction_read_only = off", "SET TRANSACTION READ WRITE"):
            with pytest.raises(sqlalchemy.exc.InternalError, match="must be set before any query"):
                connection.execute(text(turning))
            if not options:
                connection.rollback()
        assert connection.execute(text("SELECT count(*) FROM public.agents")).scalar() == 7
        with pytest.raises(sqlalchemy.exc.ProgrammingError, match="multiple commands"):
            connection.exec_driver_sql(f"COMMIT; {DELETES}")
    with pytest.raises(sqlalchemy.exc.InternalError, match=READ_ONLY):
        pandas.DataFrame({"name": ["a"]}).to_sql("mine", reading, schema="public")
    assert run(conninfo, "SELECT count(*) AS agents FROM public.agents") == [{"agents": 7}]


def test_a_copy_of_the_drivers_own_is_refused(asked: tuple[Engine, str]) -> None:
    reading, _ = asked
    raw = reading.raw_connection()
    raw.driver_connection.autocommit = True
    with (
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
        raw.driver_connection.cursor().copy("COPY public.organizations (name) FROM STDIN") as copy,
    ):
        copy.write_row(["a"])
    raw.close()


def test_autocommit_leaves_no_transaction_open(asked: tuple[Engine, str]) -> None:
    reading, conninfo = asked
    with reading.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
        open_ones = "SELECT state FROM pg_stat_activity WHERE state LIKE 'idle in%' AND datname = current_database()"
        assert run(conninfo, open_ones) == []


@pytest.mark.parametrize("options", [{}, {"isolation_level": "AUTOCOMMIT"}, {"stream_results": True}])
def test_no_function_that_a_tenant_planted_is_called(asked: tuple[Engine, str], options: dict[str, object]) -> None:
    reading, conninfo = asked
    run(conninfo, "CREATE FUNCTION public.to_jsonb(text) RETURNS jsonb LANGUAGE sql AS $$SELECT '\"planted\"'::jsonb$$")
    with reading.connect().execution_options(**options) as connection:
        for _ in range(2):
            assert connection.execute(text("SELECT to_jsonb('x'::text)")).scalar() == "x"


@pytest.mark.pooler
def test_the_poolers_next_client_finds_the_session_as_it_was(
    clone: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    conninfo = clone("healthy")
    with transaction_pooler(conninfo) as through:
        monkeypatch.setenv("PLATFORM_URL", through)
        for level in ("AUTOCOMMIT", "REPEATABLE READ"):
            with engine("env:PLATFORM_URL").execution_options(isolation_level=level).connect() as connection:
                assert connection.execute(text("SELECT count(*) FROM public.agents")).scalar() == 7
        run(through, "DELETE FROM public.agents WHERE deleted_at IS NOT NULL")
        state = run(
            through, "SELECT current_setting('search_path') AS path, current_setting('transaction_read_only') AS ro"
        )
    assert state == [{"path": '"$user", public', "ro": "off"}]


def test_the_url_holds_no_password_and_neither_does_an_error(asked: tuple[Engine, str]) -> None:
    reading, _ = asked
    assert str(reading.url) == "postgresql+psycopg://"
    with pytest.raises(sqlalchemy.exc.ProgrammingError) as failure, reading.connect() as connection:
        connection.execute(text("SELECT * FROM agents"))
    shown = f"{reading!r} {reading.url!r} {reading.pool!r} {vars(reading)} {failure.value!r} {failure.value}"
    assert "s3cret" not in shown
    assert 'relation "agents" does not exist' in shown


def test_a_server_that_is_not_there_is_named_by_its_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOWHERE", "postgresql://u:s3cret@127.0.0.1:1/x")
    with pytest.raises(ConnectionRefusedByServerError, match=r"env:NOWHERE \(127\.0\.0\.1:1/x\)") as failure:
        pandas.read_sql("SELECT 1", engine("env:NOWHERE"))
    assert "s3cret" not in str(failure.value)
