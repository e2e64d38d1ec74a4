"""Every place of the catalog is described, read, granted and tested."""

import re
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from tests import damage
from toolkit.catalog.places import CATALOG, CONTENTS, CONVERSATIONS, RELATIONS, Place

ROOT = Path(__file__).parents[2]

README = (ROOT / "README.md").read_text()

EACH = [pytest.param(place, id=place.name) for place in CATALOG]

MOVING = [pytest.param(place, id=place.name) for place in CATALOG if place.moves]


def test_no_field_of_a_place_has_a_default() -> None:
    assert all(each.default is MISSING and each.default_factory is MISSING for each in fields(Place))


def test_no_two_places_have_one_name() -> None:
    assert len({place.name for place in CATALOG}) == len(CATALOG)


@pytest.mark.parametrize("place", EACH)
def test_all_columns_that_are_read_and_no_others_have_a_type(place: Place) -> None:
    assert set(place.columns) == {place.column, *place.key, place.since, place.thread, place.newest} - {None}
    assert all(place.columns.values())


@pytest.mark.parametrize("place", EACH)
def test_two_rows_that_would_become_one_are_told_apart_by_age(place: Place) -> None:
    assert (place.newest is not None) == (place.column in place.key)


def test_everything_that_can_be_counted_or_moved_has_a_name_for_people_and_a_table() -> None:
    statements = "".join(file.read_text() for file in sorted((ROOT / "toolkit" / "sql").glob("*.sql")))
    read_by_statements = re.findall(r"SELECT '((?:\w+\.)+\w+)', COALESCE", statements)
    assert list(CONTENTS) == [*(place.name for place in CATALOG), *read_by_statements]
    assert list(RELATIONS) == [*(place.name for place in CATALOG), CONVERSATIONS]
    assert all([*CONTENTS.values(), *RELATIONS.values()])


@pytest.mark.parametrize("place", EACH)
def test_readme_grants_what_reads_and_moves_it(place: Place) -> None:
    grants = re.findall(r"GRANT (SELECT|UPDATE) ON ([^;]+) TO toolkit_(?:reader|repairer);", README)
    granted = {right for right, tables in grants if place.relation in re.split(r",\s*", tables)}
    assert granted >= ({"SELECT", "UPDATE"} if place.moves else {"SELECT"})


@pytest.mark.parametrize("place", MOVING)
def test_damage_can_put_an_id_there(place: Place) -> None:
    assert f"INTO {place.relation} " in damage.reference(place.name, damage.UNKNOWN, "key")


@pytest.mark.parametrize("place", [each for each in EACH if each not in MOVING])
def test_a_test_puts_an_id_where_none_moves(place: Place) -> None:
    path = f"{{{','.join(place.path)}}}"
    assert any(path in file.read_text() for file in (ROOT / "tests" / "integration").rglob("test_*.py"))
