"""The pictures: any times, and any settings of the user's matplotlib."""

import warnings
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import matplotlib
import pytest

from toolkit.catalog.kinds import Kind
from toolkit.database.spool import Spool
from toolkit.diagnosis.findings import Diagnosis, Finding, Findings, Reference
from toolkit.diagnosis.verification import ASKS, Check
from toolkit.pages import charts
from toolkit.pages.html import GREEN, GREY, VERMILION
from toolkit.scope import Scope

ORGANIZATION = "0f000000-0000-4000-8000-000000000001"
START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

HOSTILE_SETTINGS = {
    "text.usetex": True,
    "figure.facecolor": "black",
    "text.color": "white",
    "font.family": ["No Such Font"],
    "font.size": 40,
    "savefig.transparent": True,
    "savefig.bbox": "tight",
    "timezone": "Asia/Kathmandu",
    "axes.formatter.use_locale": True,
}


def diagnosis(*since: datetime) -> Diagnosis:
    """Make the diagnosis of an agent with copies of these times."""
    kind: Kind = "duplicate"
    findings = Findings()
    findings.add(
        Finding(
            kind=kind,
            is_open=True,
            evidence={"since": each.isoformat()},
            agent_id=ORGANIZATION,
            agent_name="$a",
            organization_id=ORGANIZATION,
            assistant_id=f"{number:032}",
        )
        for number, each in enumerate(since)
    )
    return Diagnosis(Scope(organizations=None), 1, 1, findings, Spool(Reference, []), (), "", "")


@pytest.mark.parametrize("apart", [timedelta(), timedelta(microseconds=3), timedelta(days=90_000)])
def test_any_times_are_drawn_without_a_word_of_the_library(apart: timedelta, capfd: pytest.CaptureFixture[str]) -> None:
    for now in (START - apart, START, START + timedelta(days=2)):
        assert charts.timeline(diagnosis(START, START - apart), now) is not None
    assert capfd.readouterr() == ("", "")


def test_a_picture_counts_the_whole_days_until_now() -> None:
    drawn = charts.timeline(diagnosis(START, START - timedelta(days=4)), START + timedelta(days=6.7))
    assert drawn
    assert drawn.alt.endswith("; now is 6 days later")


def test_settings_of_the_users_change_no_picture_and_stay_as_they_are() -> None:
    found = diagnosis(START, START - timedelta(days=3))

    def pictures() -> list[tuple[str, bytes]]:
        drawn = charts.round_trip(found), charts.timeline(found, START + timedelta(days=2))
        return [(each.svg, each.png) for each in drawn if each is not None]

    ours = pictures()
    with matplotlib.rc_context(HOSTILE_SETTINGS), warnings.catch_warnings():
        warnings.filterwarnings("always", "of the user")
        before = dict(matplotlib.rcParams), list(warnings.filters)
        assert pictures() == ours
        assert (dict(matplotlib.rcParams), list(warnings.filters)) == before


@pytest.mark.parametrize(
    ("apart", "mark"),
    [(timedelta(seconds=4), "now: 9 days later →"), (timedelta(days=3), "now ")],
    ids=["beside what would be too narrow", "in its place"],
)
def test_the_timeline_marks_the_present(apart: timedelta, mark: str) -> None:
    drawn = charts.timeline(diagnosis(START, START - apart), START + timedelta(days=9))
    assert drawn is not None
    assert f">{mark}</text>" in drawn.svg
    assert drawn.alt.endswith("UTC; now is 9 days later")


@pytest.mark.parametrize(
    ("check", "colour", "note"),
    [
        ({"passed": None}, GREY, "as the tables say; not asked"),
        ({"passed": True, "asked": 1}, GREEN, "✓  asked as a user"),
        ({"passed": True, "asked": 1, "agents": 2}, GREY, "1 asked; the others not asked"),
        ({"passed": False, "asked": 1, "troubles": {"hidden": 1}}, VERMILION, "✗  hidden 1"),
    ],
)
def test_only_what_was_asked_is_green(check: dict[str, Any], colour: str, note: str) -> None:
    found = replace(diagnosis(), agents=check.pop("agents", 1))
    *_, users = charts.stations(found, [Check(name=ASKS, detail="", **check)])
    assert (users.colour, users.note) == (colour, note)
    assert users.arrived == found.agents - len(check.get("troubles", ()))
    assert users.proven == (1 if found.agents > 1 else 0), "of two, the one that was asked for is green"


def test_a_long_text_takes_two_lines_and_no_room_from_the_bars() -> None:
    wrong: dict[Any, int] = {"not reachable": 1, "token refused": 1, "other answer": 1, "hidden": 2}
    check = Check(name=ASKS, passed=False, detail="", asked=5, troubles=wrong)
    assert ">other answer 1, hidden 2</text>" in charts.round_trip(replace(diagnosis(), agents=5), [check]).svg
