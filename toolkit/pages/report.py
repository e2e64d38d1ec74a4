"""The report of a run: `report.json` and `findings.csv`."""

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field

from toolkit import escaping, phrases
from toolkit.catalog.kinds import Kind
from toolkit.diagnosis.findings import Finding
from toolkit.diagnosis.verification import Check, Users
from toolkit.errors import MismatchError
from toolkit.pages import html
from toolkit.repair.journal import Run

VerdictWord = Literal["clean", "mismatched", "repaired", "partial", "refused", "broken", "undone"]
GOOD: frozenset[VerdictWord] = frozenset({"clean", "repaired", "undone"})
EXIT_STATUS: dict[VerdictWord, int] = {"mismatched": 2, "partial": 2, "refused": 3, "broken": 1}
EXIT_STATUS |= dict.fromkeys(GOOD, 0)

NAMED = 20
"""Agents whose names a report has, and some more where they are nearly all."""

MARK = 16
"""Digits of a digest that people compare, and that a repair wants at least."""

PRACTICE = "Practice database."
"""Said where the toolkit's own sandbox is read."""

FINDING_COLUMNS = ("kind", "state", "agent", "agent_id", "organization_id", "assistant_id", "count", "evidence")
"""The columns of `findings.csv`; the evidence is JSON."""


class PlanSummary(BaseModel, frozen=True):
    """The plan, as `report.json` names it."""

    digest: str
    steps: dict[str, int]

    @property
    def mark(self) -> str:
        """The beginning of the digest, which people compare."""
        return self.digest[:MARK]


class Glance(BaseModel, frozen=True):
    """What one sees first of a run, in plain words."""

    headline: str
    details: tuple[str, ...] = ()
    title: str
    """The verdict in a few words, for the title of a window: `0 of 5 agents`."""
    tone: str
    """`broken`, `proven`, `information` or `not asked`."""
    tiles: dict[str, tuple[str, ...]] = {}
    """Figures by name, each with its notes."""
    began: datetime | None = None
    """The time of the first damage; the tile `Since` has it in words."""
    next: tuple[str, ...] = ()
    """What the next command is for, and the command; empty: there is none."""


class Since(BaseModel, frozen=True):
    """Findings, compared with those of an earlier diagnosis."""

    fixed: int
    still: int
    new: int

    def __str__(self) -> str:
        return f"{self.fixed} fixed, {self.still} still there, {self.new} new"


class Report(BaseModel, frozen=True):
    """`report.json`: what a run found or did, for machines. Kept stable."""

    schema_: Literal[1] = Field(1, serialization_alias="schema")
    notebook: str
    verdict: VerdictWord
    said: str = ""
    """The verdict in another word, where that says more: `shown`, of an undo that changed nothing."""
    exit_status: int
    scope: str
    databases: tuple[str, ...] = ()
    """Fingerprints of the Supabase side and the LangGraph side, once both are connected."""
    read: tuple[str, ...] = ()
    """A sentence for each database that is no practice: its reference, address and encryption."""
    agents: int = 0
    assistants: int = 0
    findings: dict[Kind, int] = {}
    open: int = 0
    noted: int = 0
    opened: dict[Kind, int] = {}
    """Of `findings`, those that are open."""
    affected: int = 0
    """Names of agents with open findings; `first_affected` has the first of them."""
    first_affected: tuple[str, ...] = ()
    since: Since | None = None
    """For `diagnose --since`."""
    plan: PlanSummary | None = None
    run_id: str | None = None
    run: Run | None = None
    """The run as the journal has it: who made it, when, on which databases, how the plan was approved."""
    changes: dict[str, int] = {}
    """Rows of before the repair that differ or are gone after it, by table; of an undo, those that it restores."""
    made: dict[str, int] = {}
    """Rows that the repair makes, by table; of an undo, those that it removes."""
    checks: tuple[Check, ...] = ()
    users: Users = "unasked"
    """Whether users reach their agents: asked as a user, as the tables say, or not all of them."""
    lost: int = 0
    """Agents that users do not reach, as the tables say."""
    seconds: float = 0.0
    glance: Glance | None = None
    message: str = ""
    """The verdict in one sentence, and the next step."""

    def to_json(self) -> str:
        """Return the file's text."""
        return self.model_dump_json(by_alias=True, indent=1) + "\n"

    def save(self, folder: Path) -> None:
        """Write `report.json`: last of a run's files, so that what has one is whole."""
        (folder / "report.json").write_text(self.to_json(), encoding="utf-8")

    @property
    def is_only_planned(self) -> bool:
        """A plan was made, as asked: its findings are still open, but nothing failed."""
        return self.notebook == "repair" and self.run_id is None and self.plan is not None and bool(self.plan.steps)

    @property
    def word(self) -> str:
        """The verdict as people read it."""
        return "planned" if self.is_only_planned else self.said or self.verdict

    @property
    def at_a_glance(self) -> Glance:
        """What one sees first; of a run that stopped early, its message."""
        bad = Glance(headline=self.message, title=self.word, tone="broken")
        return self.glance or (bad if self.verdict not in GOOD else bad.model_copy(update={"tone": "information"}))

    @property
    def headline(self) -> str:
        """The headline, with the word that all of it is practice."""
        is_practice = self.databases and not self.read
        return f"{PRACTICE} {self.at_a_glance.headline}" if is_practice else self.at_a_glance.headline

    def head(self, made: datetime | None = None, source: Sequence[str] = ()) -> str:
        """Return the head of a page as HTML, with what was read, and how long ago it began when it was made."""
        seen = self.at_a_glance
        ago = {}
        if made and seen.began:
            first, *rest = seen.tiles["Since"]
            ago = {"Since": (first, f"{phrases.elapsed(made - seen.began)} ago", *rest)}
        headline = seen.headline if source else self.headline  # the source says what is practice
        return html.head(seen.tone, self.word, (headline, *seen.details), seen.tiles | ago, seen.next, source)

    def _repr_html_(self) -> str:
        return self.head()

    def __repr__(self) -> str:
        return escaping.terminal(f"{self.word.upper()}: {self.message}")

    __str__ = __repr__

    def enforce(self) -> None:
        """Raise when the verdict is bad, so that papermill and CI stop with a status other than 0.

        Raises:
            MismatchError: on any verdict but clean, repaired and undone.
        """
        if self.verdict not in GOOD:
            raise MismatchError(self.verdict)


def write_findings(folder: Path, findings: Iterable[Finding]) -> dict[str, None]:
    """Write `findings.csv`; return the names of the agents with open findings, in its order."""
    affected: dict[str, None] = {}
    write_table(folder / "findings.csv", FINDING_COLUMNS, (_row(finding, affected) for finding in findings))
    return affected


def _row(finding: Finding, affected: dict[str, None]) -> tuple[str | int | None, ...]:
    if finding.is_open and finding.agent_name:
        affected[finding.agent_name] = None
    evidence = json.dumps(finding.evidence, ensure_ascii=False, sort_keys=True)
    state = "open" if finding.is_open else "noted"
    agent = (finding.agent_name, finding.agent_id, finding.organization_id)
    return finding.kind, state, *agent, finding.assistant_id, finding.count, evidence


def write_table(file: Path, columns: Sequence[str], rows: Iterable[Iterable[str | int | None]]) -> None:
    """Write rows as CSV, in which a spreadsheet takes no name for a formula."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        table = csv.writer(opened, lineterminator="\n")
        table.writerow(columns)
        for row in rows:
            table.writerow([escaping.csv(cell) if isinstance(cell, str) else cell for cell in row])
