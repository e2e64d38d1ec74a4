"""Every place of the catalog is described, read, granted and tested."""

import re
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from tests import damage
from tests.constants import UNKNOWN
from toolkit.catalog.places import CATALOG, CONTENTS, CONVERSATIONS, RELATIONS, Place, Table
from toolkit.database.shapes import RELIED, Relied

ROOT = Path(__file__).parents[3]


every_table = pytest.mark.parametrize(
    "table", dict.fromkeys(place.table for place in CATALOG), ids=lambda table: table.relation
)


def test_no_field_of_a_place_or_its_table_has_a_default() -> None:
    described = [*fields(Place), *fields(Table), *fields(Relied)]
    assert all(each.default is MISSING and each.default_factory is MISSING for each in described)


def test_no_two_places_have_one_name() -> None:
    assert len({place.name for place in CATALOG}) == len(CATALOG)


@every_table
def test_all_columns_that_are_read_or_moved_are_relied_on(table: Table) -> None:
    relied = RELIED[table.relation]
    typed = [each.split()[0] for columns in (relied.columns, relied.repaired) for each in columns.split(", ") if each]
    places = {place.column for place in CATALOG if place.table == table}
    assert {*places, *table.key, table.since, table.thread, table.newest} - {None} <= set(typed)
    assert len(typed) == len(set(typed))


@every_table
def test_two_rows_that_would_become_one_are_told_apart_by_age(table: Table) -> None:
    is_in_key = any(place.column in table.key for place in CATALOG if place.table == table)
    assert (table.newest is not None) == is_in_key


def test_everything_that_can_be_counted_or_moved_has_a_name_for_people_and_a_table() -> None:
    statements = "".join(file.read_text() for file in sorted((ROOT / "toolkit" / "sql").glob("*.sql")))
    read_by_statements = re.findall(r"SELECT '((?:\w+\.)+\w+)', COALESCE", statements)
    assert list(CONTENTS) == [*(place.name for place in CATALOG), *read_by_statements]
    assert list(RELATIONS) == [*(place.name for place in CATALOG), CONVERSATIONS]
    assert all([*CONTENTS.values(), *RELATIONS.values()])


def test_damage_can_put_an_id_where_it_moves_and_nowhere_else() -> None:
    made = damage.references(UNKNOWN, "key")
    assert set(made) == {place.name for place in CATALOG if place.moves}
    assert all(f"INTO {RELATIONS[name]} " in statement for name, statement in made.items())


@pytest.mark.parametrize("place", [pytest.param(place, id=place.name) for place in CATALOG if not place.moves])
def test_a_test_puts_an_id_where_none_moves(place: Place) -> None:
    path = f"{{{','.join(place.path)}}}"
    assert any(path in file.read_text() for file in (ROOT / "tests" / "integration").rglob("test_*.py"))
