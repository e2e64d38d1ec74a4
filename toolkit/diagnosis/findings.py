"""Findings: one mismatch each, with its evidence, and the diagnosis that holds them."""

import json
import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from pydantic import BaseModel

from toolkit.catalog.kinds import KINDS, Kind
from toolkit.database.spool import Spool
from toolkit.scope import Scope


class Finding(BaseModel, frozen=True):
    """A mismatch of one kind."""

    kind: Kind
    is_open: bool
    """Whether somebody has to act. Else it is noted: history, without evidence, or the operator's choice."""
    agent_id: str | None
    organization_id: str | None
    agent_name: str | None
    assistant_id: str | None
    count: int = 1
    """The number of rows, references or conversations that it stands for."""
    evidence: dict[str, Any]
    step: str | None = None
    """Kind of the step that answers it; None: no step, or the diagnosis is not for a plan."""
    expects: str | None = None
    """What the step expects: hashes of rows, or the write-back."""


class Reference(BaseModel, frozen=True):
    """An id that is not the right one, and how often one place holds it."""

    place: str
    assistant_id: str
    agent_id: str | None
    agent_name: str | None
    organization_id: str | None
    rows: int
    since: datetime | None
    is_dangling: bool
    in_scope: bool


def _moment(text: str) -> str:
    """Return a time as JSON has it: `2026-11-20T08:00:00+00:00`, where COPY writes `2026-11-20 08:00:00+00`."""
    return text.replace(" ", "T", 1).replace("+00", "+00:00")


_EVIDENCE: dict[str, Callable[[str], Any]] = {
    "link": int,
    "owner": str,
    "since": _moment,
    "columns": json.loads,
    "differs": json.loads,
    "kept_id": str,
    "problem": str,
    "agent_is": str,
    "is_empty": "t".__eq__,
    "write_back": str,
    "names_agent": str,
    "canonical_id": str,
    "startup_sync": str,
}
"""The columns of evidence of the statement `findings`, each with what reads its text."""

_ESCAPES = dict(zip("bfnrtv", "\b\f\n\r\t\v", strict=True))


def _plain(text: str) -> str | None:
    """Return the value of a column that COPY wrote with a backslash."""
    return None if text == "\\N" else re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), text)


def has(line: bytes, name: str) -> bool:
    """Return whether a row of the statement `findings` has this evidence."""
    behind = len(_EVIDENCE) - list(_EVIDENCE).index(name)
    return line.rstrip(b"\n").rsplit(b"\t", behind)[1] != b"\\N"


class Findings(Spool[Finding]):
    """Findings by kind, those of each kind in the order they were added."""

    def __init__(self) -> None:
        super().__init__(Finding, groups=KINDS)
        self._counted: Counter[tuple[Kind, bool]] = Counter()

    def count(self, kind: Kind, is_open: bool) -> int:
        """Return the number of one kind that is open, or noted."""
        return self._counted[kind, is_open]

    def add(self, findings: Iterable[Finding]) -> None:
        """Add findings of any kind."""
        for finding in findings:
            self.add_counted(finding.kind, finding.model_dump_json().encode(), finding.is_open, finding.count)

    def add_counted(self, kind: Kind, line: bytes, is_open: bool, count: int = 1) -> None:
        """Add one finding as a line that `read` understands."""
        self.add_line(kind, line)
        self._counted[kind, is_open] += count

    def but(
        self, kind: Kind, column: Literal["agent_id", "assistant_id"], ids: Container[str | None]
    ) -> Iterator[Finding]:
        """Yield the findings of a kind without those about one of `ids`, which are not even read."""
        number = {"agent_id": 2, "assistant_id": 5}[column]
        for line in self._lines_of(kind):
            if not line.startswith(b"{") and line.split(b"\t", number + 1)[number].decode() in ids:
                continue
            if getattr(finding := self.read(line), column) not in ids:
                yield finding

    def read(self, line: bytes) -> Finding:
        """Return the finding of a line: JSON, or a row of the statement `findings` as COPY writes it."""
        if line.startswith(b"{"):
            return super().read(line)
        texts = [_plain(text) if "\\" in text else text for text in line.decode().split("\t")]
        kind, is_open, agent_id, organization_id, agent_name, assistant_id, step, expects, *rest = texts
        columns = zip(_EVIDENCE.items(), rest, strict=True)
        evidence = {name: typed(text) for (name, typed), text in columns if text is not None}
        if kind == "not_written_back":
            evidence = {"write_back": None} | evidence
        return Finding(
            kind=cast(Kind, kind),
            is_open=is_open == "t",
            agent_id=agent_id,
            organization_id=organization_id,
            agent_name=agent_name,
            assistant_id=assistant_id,
            evidence=evidence,
            step=step,
            expects=expects,
        )


LINKS = {
    1: "its id is the agent's",
    2: "its id is the agent's in another spelling",
    3: "its metadata names the agent",
    4: "an earlier repair replaced it",
    5: "the agent's write-back names it",
}
"""The evidence for an assistant's agent, strongest first; the statement `matching` has the numbers."""


@dataclass(frozen=True)
class Diagnosis:
    """The mismatches between the two databases, in one snapshot of each."""

    scope: Scope
    agents: int
    assistants: int
    findings: Findings
    references: Spool[Reference]
    """The blast radius: references to assistants under ids that are not the right ones."""
    unknown: tuple[str, ...]
    """Places that cannot be read; their part of the blast radius is unknown, not zero."""
    supabase_fingerprint: str
    langgraph_fingerprint: str
    undecided: int = 0
    """Agents without an assistant that is missing only if the server has a startup sync, which no row shows."""
    contradicted: int = 0
    """Conversations, and crons on users' rows, whose evidence contradicts: it decides nothing."""
    unplaced: int = 0
    """Users' rows of which nothing says the organization: they count in every scope."""
    is_for_plan: bool = False
    """Whether its findings have the steps that answer them."""
    read: tuple[str, ...] = ()
    """A sentence for each database that is no practice: its reference, address and encryption."""
    unread: tuple[str, ...] = ()
    """A sentence for each table that this role does not read as a whole, and why."""

    @property
    def counts(self) -> dict[Kind, int]:
        """The number of every kind, zero where there is none."""
        return {kind: self.findings.count(kind, True) + self.findings.count(kind, False) for kind in KINDS}

    @property
    def open(self) -> int:
        """The number on which somebody has to act."""
        return sum(self.findings.count(kind, True) for kind in KINDS)

    @property
    def noted(self) -> int:
        """The number on which nobody has to act."""
        return sum(self.findings.count(kind, False) for kind in KINDS)

    def of(self, kind: Kind) -> Iterator[Finding]:
        """Yield the findings of one kind, by agent."""
        return self.findings.of(kind)
