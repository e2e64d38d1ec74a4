"""The terminal's lines, in colour and without."""

from pathlib import Path

import click
import pytest

from toolkit.notebooks import terminal
from toolkit.pages.report import Glance, Report

SEEN = Glance(
    headline="No user reaches any of the 5 agents.",
    details=("All 15 copies appeared in 3 restarts within 1 second.",),
    title="0 of 5 agents",
    tone="broken",
    next=("Deploy.", "assistant-toolkit diagnose", "Plan.", "assistant-toolkit repair"),
)


def reported(**facts: object) -> Report:
    return Report.model_validate(
        {"notebook": "diagnose", "verdict": "mismatched", "exit_status": 2, "scope": "all", "glance": SEEN, **facts}
    )


def test_a_run_ends_with_its_verdict_counts_names_and_next_commands(tmp_path: Path) -> None:
    (tmp_path := tmp_path / "my clone").mkdir()
    (tmp_path / "diagnose.html").touch()
    first = [f"Agent {number}" for number in range(20)]
    names = ", ".join(first)
    found = {"findings": {"wrong_id": 30, "missing": 1, "drift": 0}, "opened": {"wrong_id": 30}}
    report = reported(changes={"a.b": 3}, affected=30, first_affected=first, **found)
    assert click.unstyle(terminal.shown(report, tmp_path, None, "")).splitlines() == [
        "✗ MISMATCHED: No user reaches any of the 5 agents.",
        "        All 15 copies appeared in 3 restarts within 1 second.",
        "changes a.b 3",
        "open    wrong_id 30",
        "noted   missing 1",
        f"agents  {names} and 10 more",
        "next    Deploy.",
        "        assistant-toolkit diagnose",
        "then    Plan.",
        "        assistant-toolkit repair",
        f"page    '{tmp_path / 'diagnose.html'}'",
    ]


def test_what_there_is_not_takes_no_line(tmp_path: Path) -> None:
    early = reported(verdict="refused", glance=None, message="parameter 'x'")
    assert click.unstyle(terminal.shown(early, tmp_path, None, "the notebook did not run")).splitlines() == [
        "✗ REFUSED: parameter 'x'",
        f"report  {tmp_path} (no page: the notebook did not run)",
    ]


def test_agents_whose_copies_are_to_be_cleaned_up_are_not_named_as_if_they_were_broken(tmp_path: Path) -> None:
    found = {"findings": {"duplicate": 2}, "opened": {"duplicate": 2}, "affected": 1, "first_affected": ["Fine"]}
    shown = terminal.shown(reported(said="to clean up", **found), tmp_path, None, "")
    assert "duplicate 2" in shown
    assert "Fine" not in shown


@pytest.mark.parametrize(("tone", "code"), [("broken", 31), ("proven", 32), ("information", 34), ("not asked", 90)])
def test_each_tone_has_its_colour(tone: str, code: int, tmp_path: Path) -> None:
    shown = terminal.shown(reported(glance=SEEN.model_copy(update={"tone": tone})), tmp_path, None, "")
    assert shown.startswith(f"\x1b[{code}m\x1b[1m")
