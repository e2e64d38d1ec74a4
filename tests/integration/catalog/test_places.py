"""The catalog of places matches the server's own tables."""

from collections.abc import Iterator

import pytest

from tests.databases import run
from toolkit.catalog.places import CATALOG, Table
from toolkit.sandbox import scenarios

COLUMNS = """
SELECT attribute.attname AS name, type.typname AS type,
       COALESCE(attribute.attnum = ANY (index.indkey), false) AS is_key
FROM   pg_catalog.pg_attribute AS attribute
       JOIN pg_catalog.pg_type AS type ON type.oid = attribute.atttypid
       LEFT JOIN pg_catalog.pg_index AS index ON index.indrelid = attribute.attrelid AND index.indisprimary
WHERE  attribute.attrelid = '{}'::regclass AND attribute.attnum > 0 AND NOT attribute.attisdropped
"""


@pytest.fixture(scope="module")
def conninfo() -> Iterator[str]:
    """Name a database as the server makes it."""
    name = "empty@places"
    yield scenarios.resolve(name)
    scenarios.drop(name)


@pytest.mark.parametrize("table", dict.fromkeys(place.table for place in CATALOG), ids=lambda table: table.name)
def test_every_column_that_is_read_is_there_with_its_type_and_the_key_is_the_tables(
    table: Table, conninfo: str
) -> None:
    columns = {row["name"]: row for row in run(conninfo, COLUMNS.format(table.relation))}
    types = dict(each.split() for each in table.columns.split(", "))
    assert {name: columns[name]["type"] for name in types} == types
    assert {name for name, row in columns.items() if row["is_key"]} == set(table.key)
    if "thread_id" in columns:
        assert table.thread == "thread_id", "its rows move with their conversation"
