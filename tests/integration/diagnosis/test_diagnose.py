"""Every kind of mismatch, alone and mixed: found, planned, repaired and taken back.

A scenario is a folder of tests/scenarios: what is done to a base scenario on each side, and what is expected of the
diagnosis, the plan, and the state after it.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.constants import ONE, ROOT, TWO
from tests.damage import NAMES
from tests.databases import Databases, MakeDatabases
from toolkit.database import snapshot
from toolkit.database.connection import Pair
from toolkit.diagnosis import drift
from toolkit.diagnosis.diagnose import diagnose
from toolkit.diagnosis.findings import Diagnosis
from toolkit.pages.diagnosis import DiagnosisPage
from toolkit.pages.frames import FINDING_COLUMNS
from toolkit.repair import changes, journal, planfile
from toolkit.repair.plan import Changes, Plan
from toolkit.repair.planning import make_plan
from toolkit.scope import Scope, StartupSync
from toolkit.settings import DiagnoseSettings

SCENARIOS = ROOT / "tests" / "scenarios"

Counts = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Scenario:
    """What `expected.json` of a folder says."""

    folder: Path
    base: str
    """A practice database, `broken`; `healthy+names` is `healthy` with the names that make it free of drift."""
    findings: Counts
    """Findings of each kind, counted as `open` and `noted`."""
    steps: dict[str, int]
    """Steps of the plan, and references that move."""
    after: Counts = field(default_factory=dict)
    """Findings when the plan is applied."""
    named: Sequence[dict[str, Any]] = ()
    """Findings of which more is expected: some fields, and some entries of their evidence."""
    applied: dict[str, int] | None = None
    """What is done, where that is less than `steps`."""
    left_by_apply: Sequence[str] = ()
    """Assistants that the repair could not remove."""
    scope: str = "all"
    """This and what follows: parameters of diagnosis and plan."""
    startup_sync: StartupSync = ""
    only: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()

    @classmethod
    def read(cls, folder: Path) -> "Scenario":
        expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
        expected.pop("xfail", None)
        for name in ("only", "allow"):
            expected[name] = tuple(expected.get(name, ()))
        return cls(folder=folder, **expected)

    def make(self, databases: MakeDatabases) -> Databases:
        made = databases(self.base.removesuffix("+names"))
        if self.base.endswith("+names"):  # no drift, which is not what the scenario is about
            made.on_langgraph(self.seed(SCENARIOS / "names.langgraph.sql"))
        made.on_supabase(self.seed(self.folder / "seed.supabase.sql"))
        made.on_langgraph(self.seed(self.folder / "seed.langgraph.sql"))
        if late := self.seed(self.folder / "late.langgraph.sql"):  # the damage goes on after a first repair
            made.apply(made.plan())
            made.on_langgraph(late)
        return made

    def diagnosed_and_planned(self, pair: Pair) -> tuple[Diagnosis, Plan]:
        found = diagnose(pair, Scope.parse(self.scope, self.startup_sync), for_plan=True)
        return found, make_plan(pair, found, self.scope, self.only, self.allow)

    @staticmethod
    def seed(file: Path) -> str:
        return file.read_text(encoding="utf-8") if file.exists() else ""


def counted(diagnosis: Diagnosis) -> Counts:
    tally: dict[str, Counter[str]] = {}
    for finding in diagnosis.findings:
        tally.setdefault(finding.kind, Counter())["open" if finding.is_open else "noted"] += finding.count
    return {kind: dict(counts) for kind, counts in tally.items()}


def folders() -> Iterator[Any]:
    for file in sorted(SCENARIOS.glob("*/expected.json")):
        reason = json.loads(file.read_text(encoding="utf-8")).get("xfail")
        marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
        yield pytest.param(file.parent, id=file.parent.name, marks=marks)


@pytest.mark.parametrize("folder", list(folders()))
def test_scenario_is_found_planned_repaired_and_taken_back(
    folder: Path, databases: MakeDatabases, tmp_path: Path
) -> None:
    scenario = Scenario.read(folder)
    damaged = scenario.make(databases)
    before = damaged.rows()

    with damaged.connected() as pair:
        found, plan = scenario.diagnosed_and_planned(pair)
        if damaged.is_one:
            page = DiagnosisPage(pair, DiagnoseSettings(scope=scenario.scope, startup_sync=scenario.startup_sync))
            for_plan = {"step": None, "expects": None}
            without = [finding.model_copy(update=for_plan) for finding in found.findings]
            assert [*page._diagnosis.findings] == without, "what is not planned is found alike"
            assert all((page.in_short().data, page.why().data, page.by_agent().data, page.next_steps().data))
    assert counted(found) == scenario.findings
    told = {name for finding in found.findings for name in finding.evidence}
    assert told - {"first_thread"} <= set(FINDING_COLUMNS), "a column for each piece of evidence; threads has the first"
    for expected in scenario.named:
        evidence = expected.get("evidence", {})
        assert any(
            all(finding.model_dump()[name] == value for name, value in expected.items() if name != "evidence")
            and evidence.items() <= finding.evidence.items()
            for finding in found.findings
        ), f"none of {[each.model_dump(mode='json') for each in found.findings]} is {expected}"

    assert plan.counts == scenario.steps
    assert damaged.plan(scenario.scope, scenario.only, scenario.allow, scenario.startup_sync).digest == plan.digest

    planfile.save(plan, tmp_path / "plan.json")
    outcome = damaged.apply(planfile.load(tmp_path / "plan.json"))
    assert [left.assistant_id for left in outcome.left] == list(scenario.left_by_apply)
    assert outcome.counts == (plan.counts if scenario.applied is None else scenario.applied)

    with damaged.connected() as pair:
        after, nothing = scenario.diagnosed_and_planned(pair)
        done = changes.of_run(pair, outcome.run_id) if outcome.run_id else Changes()
        if outcome.run_id and not outcome.left:
            touched = {each.agent_id for each in (*plan.steps, *plan.moves)}
            assert journal.run_called(pair, outcome.run_id).agents == len(touched)
    assert counted(after) == scenario.after
    left = {(each.finding, each.agent_id, each.assistant_id) for each in (*plan.left, *outcome.left)}
    assert {(each.kind, each.agent_id, each.assistant_id) for each in after.findings if each.is_open} <= left
    removed = {step.assistant_id for step in plan.steps if step.kind == "remove"}
    assert not removed & {each.assistant_id for each in plan.left}

    repaired = damaged.rows()
    assert done == plan.changes
    differing = {name.split(" ")[1]: (Counter(before[name]), Counter(repaired[name])) for name in before}
    assert done.before == {name: gone for name, (old, new) in differing.items() if (gone := (old - new).total())}
    assert {name: sum(n) for name, *n in ((each.table, each.changed, each.made) for each in done.tables) if sum(n)} == {
        name: come for name, (old, new) in differing.items() if (come := (new - old).total())
    }
    assert damaged.apply(nothing).counts == {}
    assert damaged.rows() == repaired

    assert plan.kept == len(
        removed & {each.assistant_id for each in outcome.left if each.finding in ("duplicate", "orphan")}
    )
    assert (outcome.run_id is None) == (not plan.counts)
    if outcome.run_id:
        assert damaged.undo(outcome.run_id).refused == ()
    assert damaged.rows() == before


HOSTILE = "a tab\t, a line\n, a null \\N, \\\\t and 'quotes\" of 🎨\b"


@pytest.mark.parametrize(("startup_sync", "undecided"), [("", 5), ("none", 0), ("all", 0)])
def test_what_no_row_decides_is_counted(one: MakeDatabases, startup_sync: StartupSync, undecided: int) -> None:
    healthy = one("healthy")
    healthy.on_langgraph("DELETE FROM langgraph_server.assistants")
    with healthy.connected() as pair:
        found = diagnose(pair, Scope.parse("all", startup_sync))
    assert (found.undecided, found.counts["missing"]) == (undecided, 5)


def test_text_of_a_finding_is_as_it_is_stored(databases: MakeDatabases) -> None:
    broken = databases("broken")
    name = HOSTILE.replace("'", "''")
    broken.on_supabase(f"UPDATE public.agents SET name = '{name}', langgraph_assistant_id = '{name}'")
    broken.on_langgraph("UPDATE langgraph_server.assistants SET created_at = '2026-11-20 08:00:00.25+00'")
    found = broken.diagnose()
    (written, *_), (wrong, *_) = found.of("not_written_back"), found.of("wrong_id")
    assert (written.agent_name, written.evidence["write_back"]) == (HOSTILE, HOSTILE)
    assert wrong.evidence["since"] == "2026-11-20T08:00:00.25+00:00"
    assert [*wrong.evidence] == ["link", "since", "canonical_id"]


@pytest.mark.parametrize("databases", ["two databases"], indirect=True)
def test_across_two_servers_only_agents_of_buckets_that_differ_are_copied(
    databases: MakeDatabases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "_FEW", 1)  # of five agents one would be enough to copy all
    healthy = databases("healthy")
    healthy.on_langgraph(NAMES.read_text(encoding="utf-8"))

    def copied() -> set[str]:
        with healthy.connected() as pair, snapshot.comparing(pair, Scope.parse("all")):
            return {row["id"] for row in pair.langgraph.execute("SELECT agent_id::text AS id FROM pg_temp.agents_copy")}

    before = copied()  # those not in use, and those whose config has an older shape
    in_use = {str(row["id"]) for row in healthy.on_supabase("SELECT id FROM public.agents WHERE status = 'active'")}
    agent_id = min(in_use - before)
    changed = "jsonb_set(config, '{configurable,system_prompt}', '\"other\"')"
    healthy.on_langgraph(f"UPDATE langgraph_server.assistants SET config = {changed} WHERE id = '{agent_id}'")
    assert copied() - before == {agent_id}
    assert [(row.agent_id, row.evidence["columns"]) for row in healthy.diagnose().of("drift")] == [
        (agent_id, ["config"])
    ]


def test_json_that_python_cannot_hold_hides_no_other_finding(one: MakeDatabases) -> None:
    healthy = one("healthy")
    for agent_id, value in ((ONE, "(repeat('[', 5000) || repeat(']', 5000))::jsonb"), (TWO, "'1e5000'")):
        healthy.on_langgraph(
            f"UPDATE langgraph_server.assistants SET config = jsonb_set(config, '{{configurable,top_k}}', {value})"
            f" WHERE id = '{agent_id}'"
        )
    with healthy.connected() as pair:
        found = healthy.diagnose()
        told = drift.drift(pair, found)
    assert [told.parts(each) for each in found.of("drift")] == ["name, config"] * 2 + ["name"] * 3
