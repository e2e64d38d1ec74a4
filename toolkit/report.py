"""What does a notebook say at its end, to people and to machines?"""

import csv
import html
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import pandas
from IPython.display import HTML
from pydantic import Field
from tqdm import tqdm

from toolkit.cause import Cause
from toolkit.diagnosis import LINKS, Diagnosis, meaning
from toolkit.errors import MismatchError
from toolkit.journal import Run
from toolkit.plan import Plan
from toolkit.preflight import Fact
from toolkit.records import KINDS, Check, Finding, Kind, Record
from toolkit.repair import Outcome
from toolkit.settings import DiagnoseSettings, Settings, UndoSettings
from toolkit.undo import Restoration

VerdictWord = Literal["clean", "mismatched", "repaired", "partial", "refused", "broken", "undone"]
GOOD = frozenset({"clean", "repaired", "undone"})
EXIT_STATUS: dict[VerdictWord, int] = {
    "clean": 0, "repaired": 0, "undone": 0, "mismatched": 2, "partial": 2, "refused": 3, "broken": 1,
}  # fmt: skip

BLUE, VERMILION = "#0072B2", "#D55E00"
"""Okabe and Ito's pair that people with any colour vision tell apart; good and bad are always written, too."""
_SHOWN_ROWS = 10


class PlanSummary(Record):
    """The plan, as `report.json` names it."""

    digest: str
    steps: dict[str, int]


class Report(Record):
    """`report.json`: what a run found or did, for machines. Kept stable."""

    schema_: Literal[1] = Field(1, serialization_alias="schema")
    notebook: str
    verdict: VerdictWord
    exit_status: int
    scope: str
    agents: int = 0
    assistants: int = 0
    findings: dict[Kind, int] = {}
    open: int = 0
    noted: int = 0
    plan: PlanSummary | None = None
    run_id: str | None = None
    checks: tuple[Check, ...] = ()
    seconds: float = 0.0
    message: str = ""
    """The verdict in one sentence, and the next step."""

    def to_json(self) -> str:
        """Return the file's text."""
        return self.model_dump_json(by_alias=True, indent=1) + "\n"

    def _repr_html_(self) -> str:
        return _banner(self.verdict, self.message)

    def __repr__(self) -> str:
        return f"{self.verdict.upper()}: {self.message}"

    def __str__(self) -> str:
        return repr(self)

    def enforce(self) -> None:
        """Raise when the verdict is bad, so that papermill and CI stop with a status other than 0.

        Raises:
            MismatchError: on any verdict but clean, repaired and undone.
        """
        if self.verdict not in GOOD:
            raise MismatchError(self.verdict)


def _banner(verdict: VerdictWord, message: str) -> str:
    colour, mark = (BLUE, "✓") if verdict in GOOD else (VERMILION, "✗")
    style = f"border-left:8px solid {colour};padding:.6em 1em;margin:.4em 0;background:#f6f6f6;color:#111;font-size:1.1em"
    return f'<div role="status" style="{style}"><b style="color:{colour}">{mark} {verdict.upper()}</b><br>{html.escape(message)}</div>'


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
    failing = diagnosis.open or cause.deploy_first or any(count for kind, count in counts.items() if kind in settings.fail_on)
    of = f"{diagnosis.agents} agents and {diagnosis.assistants} assistants"
    if not failing:
        history = f" Noted: {noted}." if noted else ""
        return _described(settings, diagnosis, "clean", f"Every agent's id leads to its assistant ({of}).{history}", checks=checks)
    history = f"; noted besides: {noted}" if noted else ""
    practice = "Practice database. " if settings.supabase.startswith("sandbox:") else ""
    message = (
        f"{practice}{diagnosis.open} open findings in {of}: {opened or 'none'}{history}. {cause.advice}"
        f" Next: {settings.command_line('repair')} (shows a plan and changes nothing; what it does can be undone)"
    )
    return _described(settings, diagnosis, "mismatched", message, checks=checks)


def _listed(diagnosis: Diagnosis, is_open: bool) -> str:
    return ", ".join(f"{kind} {count}" for kind in KINDS if (count := diagnosis.findings.count(kind, is_open)))


def repaired(
    settings: Settings, before: Diagnosis, plan: Plan, outcome: Outcome | None = None, after: Diagnosis | None = None
) -> Report:
    """Conclude a repair: a plan to be approved, or what its application left."""
    if outcome is None or after is None:
        if not plan.steps and not plan.moves:
            verdict: VerdictWord = "mismatched" if before.open else "clean"
            return _described(settings, before, verdict, "There is nothing this repair may do; see what is left, and why.", plan=plan)
        steps = ", ".join(f"{kind} {count}" for kind, count in plan.counts.items())
        file = settings.report_folder / "plan.json" if settings.report_folder else "plan.json"
        message = f"Nothing was changed. The plan: {steps}. Next: {settings.command_line('repair')} --apply --plan '{file}'"
        return _described(settings, before, "mismatched", message, plan=plan)
    undo = settings.command_line("undo")
    if after.open or outcome.left:
        message = f"Run {outcome.run_id} left {after.open} open findings and {len(outcome.left)} agents alone; undo with {undo} --run {outcome.run_id}"
        return _described(settings, after, "partial", message, plan=plan, run_id=outcome.run_id)
    message = f"Run {outcome.run_id} is done, nothing open is left. To take it back: {undo} --run {outcome.run_id} --apply"
    return _described(settings, after, "repaired", message, plan=plan, run_id=outcome.run_id)


def verified(settings: Settings, diagnosis: Diagnosis, checks: Sequence[Check]) -> Report:
    """Conclude a verification: clean when no check failed; one that could not be made is no success and no failure."""
    failed = [check for check in checks if check.passed is False]
    skipped = sum(check.passed is None for check in checks)
    note = f" {skipped} checks were not made." if skipped else ""
    if failed:
        listed = "; ".join(f"{check.name}: {check.detail}" for check in failed)
        return _described(settings, diagnosis, "mismatched", f"{len(failed)} checks failed: {listed}.{note}", checks=checks)
    return _described(settings, diagnosis, "clean", f"{len(checks) - skipped} checks passed.{note}", checks=checks)


def undone(settings: UndoSettings, diagnosis: Diagnosis, restoration: Restoration | None) -> Report:
    """Conclude an undo: what would be restored, or what was."""
    if restoration is None:
        return _described(settings, diagnosis, "clean", "No run was named; the runs are listed above. Nothing was changed.")
    run_id, refused = restoration.run.run_id, restoration.refused
    if not settings.apply:
        message = f"Nothing was changed. Next: {settings.command_line('undo')} --run {run_id} --apply"
        return _described(settings, diagnosis, "partial" if refused else "clean", message, run_id=run_id)
    if refused:
        return _described(settings, diagnosis, "partial", f"{len(refused)} agents were refused, see above.", run_id=run_id)
    return _described(settings, diagnosis, "undone", f"Run {run_id} is taken back: every row is as it was before.", run_id=run_id)


def write(settings: Settings, report: Report, diagnosis: Diagnosis | None = None, plan: Plan | None = None) -> Report:
    """Write `report.json`, `findings.csv` and `plan.json` into the report folder, if there is one; return the report."""
    if folder := settings.report_folder:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "report.json").write_text(report.to_json(), encoding="utf-8")
        if diagnosis:
            _write_findings(folder / "findings.csv", diagnosis.findings)
        if plan:
            plan.save(folder / "plan.json")
    return report


def summary(diagnosis: Diagnosis) -> HTML:
    """Count the findings: one line for each kind there is, with what it means for users."""
    rows = [
        {"kind": kind, "open": opened, "noted": noted, "what it means": meaning(kind)}
        for kind in KINDS
        if (opened := diagnosis.findings.count(kind, True)) + (noted := diagnosis.findings.count(kind, False))
    ]
    return shown(pandas.DataFrame(rows), f"In {diagnosis.agents} agents and {diagnosis.assistants} assistants.")


def _write_findings(file: Path, findings: Iterable[Finding]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        table = csv.writer(opened, lineterminator="\n")
        table.writerow(["kind", "state", "agent", "agent_id", "organization_id", "assistant_id", "count", "evidence"])
        for finding in findings:
            evidence = json.dumps(finding.evidence, ensure_ascii=False, sort_keys=True)
            state = "open" if finding.is_open else "noted"
            agent = (finding.agent_name, finding.agent_id, finding.organization_id)
            table.writerow([finding.kind, state, *agent, finding.assistant_id, finding.count, evidence])


def findings(diagnosis: Diagnosis, kind: Kind) -> HTML:
    """Show one kind of finding: what it means, and its first rows; all of them are in findings.csv."""
    rows = [
        {
            "agent": finding.agent_name,
            "agent id": finding.agent_id,
            **({"organization": finding.organization_id} if kind != "duplicate" else {}),
            "assistant id": finding.assistant_id,
            "state": "open" if finding.is_open else "noted",
            **({"count": finding.count} if finding.count > 1 else {}),
            **{name.replace("_", " "): _readable(name, value) for name, value in finding.evidence.items() if name != "canonical_id"},
        }
        for finding in islice(diagnosis.of(kind), _SHOWN_ROWS)
    ]
    table = pandas.DataFrame(rows).dropna(axis="columns", how="all")
    return shown(table, f"<b>{kind}</b>: {meaning(kind)}.", diagnosis.findings.rows(kind))


def _readable(name: str, value: Any) -> Any:
    if name == "since" and value:
        return f"{datetime.fromisoformat(value).astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    if name == "link":
        return LINKS[value]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "no"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {count}" for key, count in value.items())
    return value


def shown(table: pandas.DataFrame, title: str, total: int | None = None) -> HTML:
    """Show a table's first rows under a title (HTML), and say how many there are: `total`, where it is not the whole table."""
    if table.empty:
        return HTML(f"<p>{title} None.</p>")
    total = total or len(table)
    rest = total - _SHOWN_ROWS
    more = f"<p>… and {rest} more, {total} in all.</p>" if rest > 0 else ""
    blank = table.head(_SHOWN_ROWS).astype(object).where(table.head(_SHOWN_ROWS).notna(), "")
    with pandas.option_context("display.max_colwidth", None):
        body = blank.to_html(index=False, border=0, justify="left")
    left = body.replace("<td>", '<td style="text-align:left">').replace("<th>", '<th style="text-align:left">')
    return HTML(f'<p>{title}</p><div style="overflow-x:auto">{left}</div>{more}')


def plan_steps(plan: Plan) -> HTML:
    """Show what the plan does to every agent: before, after, and how many rows and references go along."""
    moved: dict[str, int] = {}
    for move in plan.moves:
        moved[move.agent_id] = moved.get(move.agent_id, 0) + move.rows
    names = {step.agent_id: step.agent_name for step in plan.steps} | {move.agent_id: move.agent_name for move in plan.moves}
    rows = []
    for agent_id, name in sorted(names.items()):
        steps = [step for step in plan.steps if step.agent_id == agent_id]
        kept = next((step for step in steps if step.kind in ("rekey", "create", "adopt", "update")), None)
        rows.append(
            {
                "agent": name,
                "assistant now": kept.assistant_id or "none" if kept else agent_id,
                "assistant then": agent_id,
                "how": ", ".join(dict.fromkeys(step.kind for step in steps if step.kind != "remove")),
                "copies removed": sum(step.kind == "remove" for step in steps),
                "references moved": moved.get(agent_id, 0),
            }
        )
    return shown(pandas.DataFrame(rows), "What changes, agent by agent. Every removed row goes whole into the journal first.")


def plan_left(plan: Plan) -> HTML:
    """Show what the plan leaves, and why."""
    rows = [{"finding": each.finding, "agent": each.agent_name, "assistant": each.assistant_id, "why": each.reason} for each in plan.left]
    return shown(pandas.DataFrame(rows), "What is left as it is, and why.")


def outcome(result: Outcome | None) -> HTML:
    """Show what the application did."""
    if result is None:
        return HTML("<p>The plan was not applied: <code>apply</code> is False.</p>")
    done = ", ".join(f"{kind} {count}" for kind, count in result.counts.items()) or "nothing"
    rows = [{"agent": each.agent_name, "assistant": each.assistant_id, "why": each.reason} for each in result.left]
    return shown(pandas.DataFrame(rows), f"Run {result.run_id}: {done}. Agents that were left alone:")


def why(cause: Cause) -> HTML:
    """Tell the root cause in words."""
    sentences = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in cause.sentences)
    return HTML(f"<ul>{sentences}</ul><p><b>{html.escape(cause.advice)}</b></p>")


def believed(found: Sequence[Fact]) -> HTML:
    """Show what was found before anything was compared."""
    rows = [{"side": fact.side, "what": ("⚠ " if fact.is_warning else "") + fact.name, "found": fact.value} for fact in found]
    return shown(pandas.DataFrame(rows), "Every table was read as a whole: no row security, no replica, no missing grant.")


def blast_radius(diagnosis: Diagnosis) -> HTML:
    """Show, agent by agent, how many rows of every place name a wrong assistant, and since when.

    What cannot be seen is unknown, not zero.
    """
    places = sorted({each.place for each in diagnosis.references})
    rows: dict[str, dict[str, Any]] = {}
    for each in diagnosis.references:
        row = rows.setdefault(each.agent_id or "", {"agent": each.agent_name, "organization": each.organization_id, "since": None})
        row[each.place] = row.get(each.place, 0) + each.rows
        row["since"] = min(filter(None, (row["since"], each.since)), default=None)
    table = [
        {**{name: row[name] for name in ("agent", "organization")}, **{place: row.get(place, 0) for place in places},
         "since": _readable("since", row["since"] and row["since"].isoformat())}
        for row in rows.values()
    ]  # fmt: skip
    unknown = f"<p><b>Unknown</b>, hidden from this role: {html.escape(', '.join(diagnosis.unknown))}.</p>" if diagnosis.unknown else ""
    shown_table = shown(pandas.DataFrame(table), "Rows that name a wrong assistant of the agent, by the place they stand in.")
    return HTML(f"{shown_table.data}{unknown}")


def runs(made: Sequence[Run]) -> HTML:
    """List the repairs that were made."""
    rows = [
        {"run": run.run_id, "scope": run.scope, "agents": run.agents, "rows": run.rows, "references": run.moves,
         "state": "undone" if run.undone_at else "done" if run.finished_at else "not finished"}
        for run in made
    ]  # fmt: skip
    return shown(pandas.DataFrame(rows), "Repairs of these databases, oldest first.")


def restoration(told: Restoration | None) -> HTML:
    """Show what undoing a run restores, agent by agent."""
    if told is None:
        return HTML("<p>No run was named: set <code>run</code> to one of the list above.</p>")
    table = pandas.DataFrame([agent.model_dump() for agent in told.agents])
    return shown(table, f"{told.run.run_id}, repair of scope {told.run.scope}: what undo restores.")


def checks(made: Sequence[Check]) -> HTML:
    """Show every check with its figure."""
    marks = {True: "✓ passed", False: "✗ failed", None: "– not made"}
    rows = [{"check": check.name, "result": marks[check.passed], "detail": check.detail} for check in made]
    return shown(pandas.DataFrame(rows), "Each invariant with its figure.")


class Progress:
    """Shows how far a phase is, once it has taken two seconds."""

    def __init__(self) -> None:
        self._bar: tqdm[None] | None = None

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Say that `done` of `total` are done in `phase`."""
        if self._bar is None or self._bar.desc != f"{phase}: ":
            self._bar = tqdm(total=total, desc=phase, delay=2, leave=False)
        self._bar.update(done - self._bar.n)
        if done >= total:
            self._bar.close()
            self._bar = None


progress = Progress()
