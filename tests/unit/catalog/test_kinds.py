"""Every place that describes a kind of finding names every kind."""

import inspect
import json
import re
from pathlib import Path
from typing import get_args

import pytest

import toolkit
from toolkit.catalog.kinds import ALLOWABLE, KINDS, LOST, UNREACHED, Explained, Invariant, Kind, LostAt, explained, such
from toolkit.database.spool import Spool
from toolkit.diagnosis import cause, diagnose
from toolkit.diagnosis.findings import Diagnosis, Finding, Findings, Reference
from toolkit.diagnosis.verification import invariants
from toolkit.errors import ParameterError
from toolkit.pages import words
from toolkit.pages.charts import stations
from toolkit.scope import Scope
from toolkit.settings import RepairSettings

ROOT = Path(__file__).parents[3]

AGENT = "a0000000-0000-4000-a000-000000000001"

SQL = "".join(file.read_text() for file in sorted((Path(toolkit.__file__).parent / "sql").glob("*.sql")))

SEEDED = {
    kind
    for file in (ROOT / "tests" / "scenarios").glob("*/expected.json")
    for kind in json.loads(file.read_text())["findings"]
}
"""Kinds that a scenario expects."""


def diagnosed(kind: Kind) -> Diagnosis:
    """Make the diagnosis of one agent with one finding."""
    findings = Findings()
    evidence = {"conversations_of": {}} if kind == "stray" else {}
    found = {"kind": kind, "is_open": True, "evidence": evidence, "agent_id": AGENT, "agent_name": "A"}
    findings.add([Finding(**found, organization_id=None, assistant_id=None)])
    return Diagnosis(Scope(organizations=None), 1, 1, findings, Spool(Reference, []), (), "", "")


def test_every_kind_has_one_row_in_the_order_of_the_literal() -> None:
    assert such(lambda row: True) == KINDS == get_args(Kind)


def test_no_field_of_a_row_has_a_default_or_is_empty() -> None:
    assert all(field.is_required() for field in Explained.model_fields.values())
    assert all(value != "" for kind in KINDS for value in explained(kind).model_dump().values())


@pytest.mark.parametrize("kind", KINDS)
def test_a_statement_or_the_diagnosis_finds_the_kind(kind: Kind) -> None:
    in_python = f'"kind": "{kind}"' in inspect.getsource(diagnose)
    assert in_python != bool(re.search(rf"\b(SELECT|THEN|ELSE) '{kind}'", SQL))


def test_scenarios_expect_every_kind_and_no_other() -> None:
    assert set(KINDS) == SEEDED


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_its_row_lets_be_allowed_can_be(kind: Kind) -> None:
    entries = {"unless its kind is allowed": kind, "unless its agent is allowed": f"{kind}:{AGENT}"}
    for form, entry in entries.items():
        if form == explained(kind).stays:
            assert RepairSettings(allow=[entry]).allow == [entry]
        else:
            with pytest.raises(ParameterError, match="cannot be allowed"):
                RepairSettings.checked({"allow": [entry]})


def test_help_and_notebook_name_what_can_be_allowed() -> None:
    named = f"{', '.join(ALLOWABLE)}: what is repaired only when named"
    assert RepairSettings.model_fields["allow"].description == named
    assert named in (ROOT / "notebooks" / "20-repair.ipynb").read_text()


@pytest.mark.parametrize("kind", KINDS)
def test_the_invariant_of_its_row_and_no_other_is_broken(kind: Kind) -> None:
    broken = [check.name for check in invariants(diagnosed(kind)) if check.passed is False]
    assert broken == [*filter(None, [explained(kind).breaks]), "no finding is open"]


@pytest.mark.parametrize("kind", KINDS)
def test_agent_falls_out_at_the_station_of_its_row(kind: Kind) -> None:
    falls_out = explained(kind).lost_at
    arrived = [station.arrived for station in stations(diagnosed(kind))]
    assert arrived == [1, int(falls_out != "stored under that id"), int(falls_out is None)]


@pytest.mark.parametrize("kind", LOST)
def test_cause_says_why_the_agent_is_lost(kind: Kind) -> None:
    copies = dict.fromkeys(("oldest_copy", "newest_copy"), cause.datetime(2026, 11, 20, tzinfo=cause.UTC))
    found = cause.reason(diagnosed(kind), {**copies, "newest_canonical": None, "is_behind": True}, [])
    assert words.lines("cause", {"cause": found})


def test_every_invariant_is_broken_by_a_kind_and_every_station_loses_one() -> None:
    assert {explained(kind).breaks for kind in KINDS} == {*get_args(Invariant), None}
    assert {explained(kind).lost_at for kind in KINDS} == {*get_args(LostAt), None}
    assert set(UNREACHED) <= set(LOST)
