"""Verdicts: what a run concludes, in one sentence with the next step."""

import shlex
from collections.abc import Sequence

from toolkit import phrases
from toolkit.catalog.kinds import KINDS
from toolkit.diagnosis.cause import Cause
from toolkit.diagnosis.findings import Diagnosis
from toolkit.diagnosis.verification import Check
from toolkit.pages.report import EXIT_STATUS, PRACTICE, PlanSummary, Report, VerdictWord
from toolkit.repair.apply import Outcome
from toolkit.repair.journal import Run
from toolkit.repair.plan import Plan
from toolkit.repair.undo import Restoration
from toolkit.settings import DiagnoseSettings, RepairSettings, Settings, UndoSettings

_NEWEST_RUNS = 5
_NAMED_AGENTS = 3


def _described(
    settings: Settings, diagnosis: Diagnosis, verdict: VerdictWord, message: str, *, plan: Plan | None = None, run_id: str | None = None,
    checks: Sequence[Check] = (),
) -> Report:  # fmt: skip
    return Report(
        notebook=settings.command,
        verdict=verdict,
        exit_status=EXIT_STATUS[verdict],
        scope=settings.scope,
        agents=diagnosis.agents,
        assistants=diagnosis.assistants,
        findings=diagnosis.counts,
        open=diagnosis.open,
        noted=diagnosis.noted,
        plan=PlanSummary(digest=plan.digest, steps=plan.counts) if plan else None,
        run_id=run_id,
        checks=tuple(checks),
        seconds=settings.seconds,
        message=message,
    )


def diagnosed(settings: DiagnoseSettings, diagnosis: Diagnosis, cause: Cause, checks: Sequence[Check] = ()) -> Report:
    """Conclude a diagnosis: mismatched while anything is open, the server hides assistants, or a kind of `fail_on` was found."""
    counts = diagnosis.counts
    opened, noted = (_listed(diagnosis, is_open) for is_open in (True, False))
    failing = (
        diagnosis.open or cause.deploy_first or any(count for kind, count in counts.items() if kind in settings.fail_on)
    )
    of = f"{diagnosis.agents} agents and {diagnosis.assistants} assistants"
    if not failing:
        history = f" Noted: {noted}." if noted else ""
        return _described(
            settings, diagnosis, "clean", f"Every agent's id leads to its assistant ({of}).{history}", checks=checks
        )
    history = f"; noted besides: {noted}" if noted else ""
    practice = f"{PRACTICE} " if settings.is_practice else ""
    found = f"{practice}{phrases.counted(diagnosis.open, 'open finding')}{opened and f': {opened}'}{history}; {of} were compared."
    if diagnosis.open and cause.deploy_first:
        then = f"Deploy the fixed store first, then look again: {settings.command_line('diagnose')}"
    elif diagnosis.open:
        then = f"Next: {settings.command_line('repair')} (shows a plan and changes nothing; what it does can be undone)"
    elif cause.deploy_first:
        then = f"Users still get 404: deploy the fixed store, then {verify_command(settings)}"
    else:
        then = f"Asked to fail on: {', '.join(settings.fail_on)}."
    return _described(settings, diagnosis, "mismatched", f"{found} {then}", checks=checks)


def _listed(diagnosis: Diagnosis, is_open: bool) -> str:
    return ", ".join(f"{kind} {count}" for kind in KINDS if (count := diagnosis.findings.count(kind, is_open)))


def repaired(
    settings: RepairSettings,
    before: Diagnosis,
    cause: Cause,
    plan: Plan,
    outcome: Outcome | None = None,
    after: Diagnosis | None = None,
) -> Report:
    """Conclude a repair: a plan to be approved, or what its application left."""
    if outcome is None or after is None:
        if not plan.steps and not plan.moves:
            verdict: VerdictWord = "mismatched" if before.open else "clean"
            return _described(
                settings, before, verdict, "There is nothing this repair may do; see what is left, and why.", plan=plan
            )
        steps = ", ".join(f"{kind} {count}" for kind, count in plan.counts.items())
        gone = plan.counts.get("rekey", 0) + plan.counts.get("remove", 0)
        rows = phrases.counted(gone, "old row")
        practice = f"{PRACTICE} " if settings.is_practice else ""
        stays = f"{phrases.counted(before.open, 'open finding')} as before"
        first, then = _what_to_do_with_it(settings, cause)
        plan_told = f"{practice}Nothing was changed: {stays}. {first}The plan: {steps}; {rows} to go."
        return _described(settings, before, "mismatched", f"{plan_told} {then}", plan=plan)
    undo = settings.command_line("undo")
    if after.open or outcome.left:
        agents = f": {_named([(left.agent_id, left.reason) for left in outcome.left])}" if outcome.left else ""
        message = (
            f"Run {outcome.run_id} is done; still open: {_listed(after, True) or 'none'}; left alone: {len(outcome.left)}{agents}."
            f" If it was wrong: {undo} --run {outcome.run_id}"
        )
        return _described(settings, after, "partial", message, plan=plan, run_id=outcome.run_id)
    message = (
        f"Run {outcome.run_id} is done, nothing open is left. To take it back: {undo} --run {outcome.run_id} --apply"
    )
    return _described(settings, after, "repaired", message, plan=plan, run_id=outcome.run_id)


def _what_to_do_with_it(settings: RepairSettings, cause: Cause) -> tuple[str, str]:
    """Say what comes before a plan is approved, and what after."""
    if settings.apply or settings.resume:
        return "", "What became of it is told below."
    if cause.makes_copies:
        return (
            "Do not approve this one: by the rows' times the server is still making copies. Deploy the fixed store, do not restart the server"
            " before, then make the plan anew. ",
            f"The new one, once it is deployed: {settings.command_line('repair')}",
        )
    return f"{cause.advice} " if cause.deploy_first else "", f"Once it is approved: {apply_command(settings)}"


def plan_file(settings: Settings) -> str:
    """Name the plan's file, fit for a shell."""
    return shlex.quote(str(settings.report_folder / "plan.json" if settings.report_folder else "plan.json"))


def apply_command(settings: Settings) -> str:
    """Spell the command that applies the plan of this run."""
    return f"{settings.command_line('repair')} --apply --plan {plan_file(settings)}"


def verify_command(settings: Settings) -> str:
    """Spell the command that asks the server for every agent as a user does; where there is none, that checks the tables."""
    asking = "" if settings.is_practice else " --api-url URL --api-token env:USER_JWT"
    return f"{settings.command_line('verify')}{asking}"


def verified(settings: Settings, diagnosis: Diagnosis, checks: Sequence[Check]) -> Report:
    """Conclude a verification: clean when no check failed; one that could not be made is no success and no failure."""
    failed = [check for check in checks if check.passed is False]
    skipped = sum(check.passed is None for check in checks)
    note = f" Not made: {phrases.counted(skipped, 'check')}." if skipped else ""
    if failed:
        listed = "; ".join(f"{check.name}: {check.detail}" for check in failed)
        return _described(
            settings,
            diagnosis,
            "mismatched",
            f"Failed: {phrases.counted(len(failed), 'check')}: {listed}.{note}",
            checks=checks,
        )
    return _described(
        settings, diagnosis, "clean", f"Passed: {phrases.counted(len(checks) - skipped, 'check')}.{note}", checks=checks
    )


def undone(
    settings: UndoSettings, diagnosis: Diagnosis, made: Sequence[Run], restoration: Restoration | None
) -> Report:
    """Conclude an undo: what would be restored, or what was."""
    if settings.forget:
        return _described(
            settings,
            diagnosis,
            "clean",
            f"{settings.forget} is given up: what undo needs of it is gone. Nothing else was changed.",
        )
    if restoration is None:
        return _described(settings, diagnosis, "clean", f"Nothing was changed. {_runs(settings, made)}")
    run_id, refused = restoration.run.run_id, restoration.refused
    kept = _named([(agent.agent_id, agent.refused) for agent in refused])
    if not settings.apply:
        but = f"Refused: {kept}. " if refused else ""
        message = f"Nothing was changed. {but}Next: {settings.command_line('undo')} --run {run_id} --apply"
        return _described(settings, diagnosis, "partial" if refused else "clean", message, run_id=run_id)
    if refused:
        return _described(settings, diagnosis, "partial", f"Refused, and left as they are: {kept}.", run_id=run_id)
    return _described(
        settings, diagnosis, "undone", f"Run {run_id} is taken back: every row is as it was before.", run_id=run_id
    )


def _named(reasons: Sequence[tuple[str | None, str | None]]) -> str:
    """List the first agents, each with its reason."""
    more = (
        "" if len(reasons) <= _NAMED_AGENTS else f"; and {phrases.counted(len(reasons) - _NAMED_AGENTS, 'agent')} more"
    )
    return "; ".join(f"{agent_id} ({reason})" for agent_id, reason in reasons[:_NAMED_AGENTS]) + more


def _runs(settings: UndoSettings, made: Sequence[Run]) -> str:
    if not made:
        return "These databases know no repair."
    newest = [f"{run.run_id} ({phrases.counted(run.agents, 'agent')}, {run.state})" for run in reversed(made)][
        :_NEWEST_RUNS
    ]
    more = "" if len(made) <= _NEWEST_RUNS else f", and {len(made) - _NEWEST_RUNS:,} older"
    return f"Repairs, newest first: {', '.join(newest)}{more}. Next: {settings.command_line('undo')} --run {made[-1].run_id}"
