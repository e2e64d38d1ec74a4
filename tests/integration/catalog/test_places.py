"""The catalog of places matches the server's own tables."""

from collections.abc import Iterator

import pytest

from tests.integration.conftest import run
from toolkit.catalog.places import CATALOG, Place
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


@pytest.mark.parametrize("place", [pytest.param(place, id=place.name) for place in CATALOG])
def test_every_column_of_the_place_is_there_with_its_type_and_its_key_is_the_tables(
    place: Place, conninfo: str
) -> None:
    columns = {row["name"]: row for row in run(conninfo, COLUMNS.format(place.relation))}
    assert {name: columns[name]["type"] for name in place.columns} == place.columns
    assert {name for name, row in columns.items() if row["is_key"]} == set(place.key)
