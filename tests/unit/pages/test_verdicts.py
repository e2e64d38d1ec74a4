"""Verdicts of a diagnosis: no assistant was made yet, and what the server answered a user."""

from typing import Any

import pytest

from toolkit.catalog.kinds import KINDS
from toolkit.database.spool import Spool
from toolkit.diagnosis import cause
from toolkit.diagnosis.cause import Cause
from toolkit.diagnosis.drift import Drift
from toolkit.diagnosis.findings import Diagnosis, Finding, Findings, Reference
from toolkit.diagnosis.verification import ASKS, Check, Trouble
from toolkit.pages import verdicts
from toolkit.scope import Scope
from toolkit.settings import DiagnoseSettings, UndoSettings, VerifySettings

NOTHING = Cause(dict.fromkeys(KINDS, 0), 0, 0, 0, None, None, None, (), *[False] * 3)
RIGHT_ONLY = "That is right only on a server without startup sync; else name --startup-sync all."


def whole() -> Diagnosis:
    """Return the diagnosis of five agents without a finding."""
    return Diagnosis(Scope(organizations=None), 5, 5, Findings(), Spool(Reference), (), "", "")


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


@pytest.mark.parametrize(
    ("trouble", "users", "says", "next_step"),
    [
        ("not reachable", "unreachable", "Not reachable, asked as a user: not reachable 5.", "start the server"),
        ("token refused", "unreachable", "Not reachable, asked as a user: token refused 5.", "Renew the token"),
        ("hidden", "unreachable", "Not reachable, asked as a user: hidden 5.", "deploy the fixed store"),
        ("other answer", "unreachable", "Not reachable, asked as a user: other answer 5.", "may not be the server's"),
        ("old content", "asked", "Reachable: asked as a user; old content 5.", "--allow drift"),
    ],
)
def test_each_trouble_with_the_server_has_its_own_words_and_only_a_hidden_row_says_deploy(
    trouble: Trouble, users: str, says: str, next_step: str
) -> None:
    checks = (Check(name=ASKS, passed=False, detail="", troubles={trouble: 5}),)
    explained = cause.reason(whole(), dict.fromkeys(("oldest_copy", "newest_copy", "newest_canonical")), checks)
    assert explained.deploy_first == (trouble == "hidden")
    report = verdicts.diagnosed(DiagnoseSettings(supabase="env:A", api_token="env:T"), whole(), explained, checks)
    assert (report.users, report.verdict, report.exit_status) == (users, "mismatched", 2)
    assert says in report.message
    assert next_step in report.message


def test_undo_without_a_run_lists_the_repairs_whatever_apply_says() -> None:
    report = verdicts.undone(UndoSettings(apply=True), whole(), [], None)
    assert (report.word, report.message) == ("listed", "Nothing was changed. These databases know no repair.")


@pytest.mark.parametrize("passed", [None, True])
def test_what_was_not_asked_is_said_with_the_command_that_asks(passed: bool | None) -> None:
    checks = (Check(name=ASKS, passed=passed, detail=""),)
    for report in (
        verdicts.diagnosed(DiagnoseSettings(supabase="env:A"), whole(), NOTHING, checks),
        verdicts.verified(VerifySettings(supabase="env:A"), whole(), checks),
    ):
        assert (report.verdict, report.exit_status) == ("clean", 0)
        if passed:
            assert (report.users, report.message.endswith("Reachable: asked as a user.")) == ("asked", True)
        else:
            assert report.users == "unasked"
            assert "Reachable as the tables say; the server was not asked. Ask it: assistant-toolkit verify" in (
                report.message
            )
            assert "--api-url https://YOUR-SERVER --api-token env:USER_JWT" in report.message


def test_damage_that_concentrates_says_where() -> None:
    row = dict.fromkeys(("organization_id", "agent_name", "assistant_id"))
    diagnosis, times = whole(), dict.fromkeys(("oldest_copy", "newest_copy", "newest_canonical"))
    owners = ["ann"] * 9 + ["bob"]
    diagnosis.findings.add(
        Finding(kind="hidden", is_open=True, agent_id=f"{number}", evidence={"owner": owner}, **row)
        for number, owner in enumerate(owners)
    )
    drift = Drift(counts={}, settings={}, compared=30, most=("model_name", 28))
    assert verdicts.concentrated(cause.reason(diagnosis, times, ()), drift) == (
        "9 of 10 hidden rows belong to one user, ann. "
        "Noted only: 28 of 30 assistants that differ from Supabase differ in model_name (93 %)."
    )
    names = {f"{number}": 'name: null instead of "A"' for number in range(3)}
    drift = Drift(counts={}, settings={}, values=names, compared=3, most=("name", 3))
    assert (
        verdicts.concentrated(NOTHING, drift) == "Noted only: all 3 assistants that differ from Supabase have no name."
    )
    assert verdicts.concentrated(NOTHING, Drift(counts={}, settings={})) == ""
