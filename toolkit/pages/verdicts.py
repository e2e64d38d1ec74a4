"""Verdicts: what a run concludes, in one sentence with the next step."""

import shlex
from collections import Counter
from collections.abc import Sequence
from typing import Any

from toolkit.catalog.kinds import KINDS, LOST
from toolkit.diagnosis.cause import Cause
from toolkit.diagnosis.drift import Drift
from toolkit.diagnosis.findings import Diagnosis
from toolkit.diagnosis.verification import Check, silence, troubles, users_reach
from toolkit.pages import words
from toolkit.pages.agents import UNFINISHED, by_agent
from toolkit.pages.report import EXIT_STATUS, MARK, PRACTICE, PlanSummary, Report, VerdictWord
from toolkit.repair.apply import Outcome
from toolkit.repair.journal import Run
from toolkit.repair.plan import Changes, Plan
from toolkit.repair.undo import Restoration
from toolkit.settings import DiagnoseSettings, RepairSettings, Settings, UndoSettings


def _report(
    settings: Settings,
    diagnosis: Diagnosis,
    verdict: VerdictWord,
    facts: dict[str, Any],
    *,
    plan: Plan | None = None,
    run: Run | None = None,
    checks: Sequence[Check] = (),
    changes: Changes = Changes(),  # noqa: B008 - frozen
    said: str = "",
) -> Report:
    opened, noted = (
        [(kind, count) for kind in KINDS if (count := diagnosis.findings.count(kind, is_open))]
        for is_open in (True, False)
    )
    run_id, users = run.run_id if run else None, users_reach(diagnosis, checks)
    facts |= {"settings": settings, "diagnosis": diagnosis, "verdict": verdict}
    facts |= {"plan": plan, "run": run, "run_id": run_id, "opened": opened, "noted": noted, "practice": PRACTICE}
    facts |= {"unopened": diagnosis.findings.count("missing", False)}
    facts |= {"verify_command": verify_command, "apply_command": apply_command}
    lost = sum(rows[0].is_open for rows in by_agent(diagnosis, LOST)) if users == "unreachable" else 0
    facts |= {"changes": changes, "users": users, "lost": lost, **answered(checks)}
    (message,) = words.lines(f"verdicts/{settings.command}", facts)
    return Report(
        notebook=settings.command,
        verdict=verdict,
        said=said,
        exit_status=EXIT_STATUS[verdict],
        scope=settings.scope,
        databases=(diagnosis.supabase_fingerprint, diagnosis.langgraph_fingerprint),
        read=diagnosis.read,
        agents=diagnosis.agents,
        assistants=diagnosis.assistants,
        findings=diagnosis.counts,
        open=diagnosis.open,
        noted=diagnosis.noted,
        opened=dict(opened),
        plan=PlanSummary(digest=plan.digest, steps=plan.counts) if plan else None,
        run_id=run_id,
        run=run,
        changes=changes.before,
        made=changes.made,
        checks=tuple(checks),
        users=users,
        lost=lost,
        seconds=settings.seconds,
        message=message,
    )


def answered(checks: Sequence[Check]) -> dict[str, Any]:
    """Return what every page and verdict may say of the server's answers."""
    asked = sum(check.asked for check in checks)
    return {"asked": asked, "troubles": troubles(checks), "silence": silence(checks)}


def diagnosed(
    settings: DiagnoseSettings,
    diagnosis: Diagnosis,
    cause: Cause,
    checks: Sequence[Check] = (),
    unlike: Sequence[str] = (),
    unfinished: Sequence[tuple[Run, str]] = (),
) -> Report:
    """Conclude a diagnosis: mismatched where a finding is open or of `fail_on`, the server hides rows, or a run waits.

    `unfinished` are the repairs and undos that were begun, each with the command that finishes it.
    """
    is_bad = (
        diagnosis.open
        or unfinished
        or cause.deploy_first
        or any(check.passed is False for check in checks)
        or any(count for kind, count in diagnosis.counts.items() if kind in settings.fail_on)
    )
    left_over = is_left_over(diagnosis, cause, checks)
    facts = {"cause": cause, "unlike": unlike, "is_left_over": left_over}
    facts |= {"unfinished": unfinished, "guard_command": guard_command(settings)}
    said = "to clean up" if left_over else ""
    return _report(settings, diagnosis, "mismatched" if is_bad else "clean", facts, checks=checks, said=said)


def is_left_over(diagnosis: Diagnosis, cause: Cause, checks: Sequence[Check]) -> bool:
    """Return whether every agent's id leads to its assistant, and what is open only wants cleaning up."""
    lost = any(diagnosis.findings.count(kind, True) for kind in LOST)
    return bool(diagnosis.open) and not lost and not cause.deploy_first and not troubles(checks)


def concentrated(cause: Cause, drift: Drift) -> str:
    """Return where the damage concentrates: restarts, users, parts of the content; empty where it does not."""
    return " ".join(words.lines("concentration", {"cause": cause, "drift": drift}))


def repaired(
    settings: RepairSettings,
    diagnosis: Diagnosis,
    cause: Cause,
    plan: Plan,
    outcome: Outcome | None = None,
    is_old: bool = False,
) -> Report:
    """Conclude a repair: a plan to be approved, or what its application left; `is_old`: the old server still runs."""
    facts = {"cause": cause, "outcome": outcome, "is_old": is_old}
    verdict: VerdictWord = "mismatched" if plan.steps or plan.moves or diagnosis.open else "clean"
    if outcome:
        verdict = "partial" if diagnosis.open or outcome.left else "repaired" if outcome.run_id else "clean"
    run, changes = (outcome.run, outcome.changes) if outcome else (None, plan.changes)
    said = "not applied" if outcome and outcome.left and not outcome.run_id else ""
    return _report(settings, diagnosis, verdict, facts, plan=plan, run=run, changes=changes, said=said)


def unfinished(settings: Settings, runs: Sequence[Run]) -> list[tuple[Run, str]]:
    """Return the repairs and undos that were begun and did not end, each with the command that finishes it."""
    open_runs = [run for run in runs if run.state in UNFINISHED]
    return [
        (run, f"{settings.command_line('undo')} --run {run.run_id} --apply")
        if run.undoing_since
        else (run, f"{settings.command_line('repair')} --resume {run.run_id}")
        for run in open_runs
    ]


def plan_file(settings: Settings) -> str:
    """Return the plan's file, quoted for a shell: the one that was named, else this run's."""
    if named := getattr(settings, "plan", ""):
        return shlex.quote(named)
    return shlex.quote(str(settings.report_folder / "plan.json" if settings.report_folder else "plan.json"))


def apply_command(settings: Settings, plan: Plan) -> str:
    """Return the command that applies the plan of this run; a practice database needs no digest."""
    approved = "" if settings.is_practice else f" --digest {plan.digest[:MARK]}"
    return f"{settings.command_line('repair')} --apply --plan {plan_file(settings)}{approved}"


def verify_command(settings: Settings) -> str:
    """Return the command that asks the server for every agent as a user does; `YOUR-SERVER` is to be filled in."""
    server = "" if getattr(settings, "api_url", "") else " --api-url https://YOUR-SERVER"
    token = "" if getattr(settings, "api_token", "") else " --api-token env:USER_JWT"
    return f"{settings.command_line('verify')}{server}{token}"


def guard_command(settings: Settings) -> str:
    """Return the command that removes the guard."""
    return f"assistant-toolkit guard remove --langgraph {shlex.quote(settings.langgraph or settings.supabase)} --apply"


def verified(settings: Settings, diagnosis: Diagnosis, checks: Sequence[Check], is_old: bool = False) -> Report:
    """Conclude a verification: clean where no check failed; a check that was not made counts neither way."""
    failed = [check for check in checks if check.passed is False]
    results = Counter(check.passed for check in checks)
    facts = {"failed": failed, "is_old": is_old, "skipped": results[None], "passed": results[True]}
    return _report(settings, diagnosis, "mismatched" if failed else "clean", facts, checks=checks)


def undone(
    settings: UndoSettings, diagnosis: Diagnosis, runs: Sequence[Run], restoration: Restoration | None
) -> Report:
    """Conclude an undo: what would be restored, or what was."""
    offered = next((run.run_id for run in reversed(runs) if run.state not in ("undone", "forgotten")), None)
    facts: dict[str, Any] = {"runs": runs, "offered": offered, "found": restoration, "refused": (), "is_stuck": False}
    if settings.forget or restoration is None:
        return _report(settings, diagnosis, "clean", facts, said="forgotten" if settings.forget else "listed")
    run, refused = restoration.run, restoration.refused
    facts |= {"refused": refused, "is_stuck": 0 < len(refused) == len(restoration.agents)}
    verdict: VerdictWord = "partial" if refused else "undone" if settings.apply else "clean"
    said = "" if verdict != "clean" else "undone" if run.state == "undone" else "shown"
    return _report(settings, diagnosis, verdict, facts, said=said, run=run, changes=restoration.changes)
