"""Verdicts of a diagnosis where no assistant was made yet."""

from typing import Any

import pytest

from toolkit.catalog.kinds import KINDS
from toolkit.database.spool import Spool
from toolkit.diagnosis.cause import Cause
from toolkit.diagnosis.findings import Diagnosis, Finding, Findings, Reference
from toolkit.pages import verdicts
from toolkit.scope import Scope
from toolkit.settings import DiagnoseSettings

NOTHING = Cause(dict.fromkeys(KINDS, 0), 0, 0, 0, None, None, None, (), *[False] * 3)
RIGHT_ONLY = "That is right only on a server without startup sync; else name --startup-sync all."


def concluded(agents: int, undecided: int, missing: tuple[bool, ...], **parameters: Any) -> tuple[str, str]:
    """Return verdict and message for agents without an assistant, of which some are open."""
    findings = Findings()
    row = dict.fromkeys(("organization_id", "agent_name", "assistant_id"))
    findings.add(
        Finding(kind="missing", is_open=is_open, agent_id=f"{number}", evidence={}, **row)
        for number, is_open in enumerate(missing)
    )
    scope = Scope(organizations=None)
    diagnosis = Diagnosis(scope, agents, 0, findings, Spool(Reference), (), "", "", undecided=undecided)
    report = verdicts.diagnosed(DiagnoseSettings(**parameters), diagnosis, NOTHING)
    return report.verdict, report.message


def test_evidence_alone_is_said_in_the_first_line() -> None:
    verdict, message = concluded(5, 5, (False,) * 5)
    assert verdict == "clean"
    assert message.startswith(f"No assistants yet. {RIGHT_ONLY}")
    assert "leads to its assistant" not in message


def test_some_that_were_not_opened_yet_are_counted() -> None:
    verdict, message = concluded(5, 2, (False,) * 2)
    assert verdict == "clean"
    assert message.startswith(f"2 agents have no assistant yet. {RIGHT_ONLY}")


def test_what_the_operator_named_needs_no_warning() -> None:
    verdict, message = concluded(5, 0, (False,) * 2, startup_sync="none")
    assert verdict == "clean"
    assert message.startswith("Every agent's id leads to its assistant, or to none until the agent is first opened (")


def test_agents_without_assistant_after_a_startup_sync_are_open() -> None:
    verdict, message = concluded(5, 0, (True,) * 2, startup_sync="all")
    assert verdict == "mismatched"
    assert "missing 2" in message
    assert RIGHT_ONLY not in message


@pytest.mark.parametrize("fail_on", [[], ["missing"]])
def test_warning_stands_before_a_bad_verdict_too(fail_on: list[str]) -> None:
    _, message = concluded(5, 1, (False, True), fail_on=fail_on)
    assert message.startswith(f"1 agent has no assistant yet. {RIGHT_ONLY}")
