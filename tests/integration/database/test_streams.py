"""Streams that are left half read: they hold psycopg's lock on their connection, and nothing may wait for it."""

from collections.abc import Callable

import psycopg
import pytest

from tests.databases import MakeDatabases
from toolkit.database.connection import connect
from toolkit.database.transactions import Connection, reading

pytestmark = pytest.mark.timeout(30)
NUMBERS = "SELECT number FROM generate_series(1, 100000) AS number"


def in_a_transaction(connection: Connection) -> None:
    with reading(connection):
        for row in connection.cursor().stream(NUMBERS):
            raise LookupError(row["number"])


def alone(connection: Connection) -> None:
    for row in connection.cursor().stream(NUMBERS):
        raise LookupError(row["number"])


def with_another_statement(connection: Connection) -> None:
    rows = connection.cursor().stream(NUMBERS)
    next(rows)
    with pytest.raises(psycopg.ProgrammingError, match="still being read"):
        connection.execute("SELECT 1")
    raise LookupError(next(rows)["number"])


def with_another_transaction(connection: Connection) -> None:
    rows = connection.cursor().stream(NUMBERS)
    next(rows)
    with pytest.raises(psycopg.ProgrammingError, match="still being read"), reading(connection):
        pass
    raise LookupError(next(rows)["number"])


@pytest.mark.parametrize("reads", [in_a_transaction, alone, with_another_statement, with_another_transaction])
def test_an_error_while_a_stream_is_read_reaches_the_caller(
    one: MakeDatabases, reads: Callable[[Connection], None]
) -> None:
    database = one("healthy").supabase
    with pytest.raises(LookupError, match=r"^[12]$"), connect(database) as connection:
        reads(connection)
    with connect(database) as connection:
        assert connection.execute("SELECT 1 AS one").fetchone() == {"one": 1}


def test_a_stream_that_outlives_its_transaction_ends(one: MakeDatabases) -> None:
    with connect(one("healthy").supabase) as connection:
        with reading(connection):
            rows = connection.cursor().stream(NUMBERS)
            assert next(rows) == {"number": 1}
        with pytest.raises(psycopg.OperationalError):
            next(rows)
