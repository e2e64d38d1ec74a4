"""Facts for the ten answers that an approver of a repair needs."""

import shlex
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from toolkit import phrases
from toolkit.catalog import preflight
from toolkit.catalog.kinds import Kind, explained
from toolkit.catalog.places import CATALOG, CONTENTS, CONVERSATIONS
from toolkit.catalog.preflight import Fact
from toolkit.diagnosis.cause import Cause
from toolkit.diagnosis.drift import Drift
from toolkit.diagnosis.exposure import Exposure
from toolkit.diagnosis.findings import Diagnosis
from toolkit.pages import verdicts, words
from toolkit.repair.cost import Forecast
from toolkit.repair.plan import MAKES, Plan
from toolkit.settings import RepairSettings

_LISTED = 5
_LARGE = 100_000_000
"""Bytes from which on a repair's size matters to a disk."""

_QUICK = 1000
"""Agents that a repair works off within seconds."""


@dataclass(frozen=True)
class RepairAnswers:
    """A plan, with all that is known before it is applied."""

    settings: RepairSettings
    plan: Plan
    facts: Sequence[Fact]
    diagnosis: Diagnosis
    cause: Cause
    forecast: Forecast
    drift: Drift
    exposed: Sequence[Exposure]

    def answers(self) -> dict[str, list[str]]:
        """Answer ten questions of somebody who must approve the repair."""
        counts = Counter(self.plan.counts)  # zero where there is no such step
        moved: Counter[str] = Counter()
        for move in self.plan.moves:
            moved[move.place] += move.rows
        conflicts = [row for row in self.plan.left if row.finding == "conflict"]
        example = conflicts[0].agent_id if conflicts else None
        left_open: Counter[Kind] = Counter()
        for row in self.plan.left:
            left_open[row.finding] += row.count if row.is_open else 0
        drifting = {row.agent_id for row in self.plan.left if row.finding == "drift"}
        facts = {
            "counts": counts,
            "moved": moved,
            "off_users_rows": self._off_users_rows(),
            "unmoved_memories": self._unmoved_memories(moved),
            "left": Counter(
                (row.finding, row.reason.replace("<agent id>", example or "<agent id>")) for row in self.plan.left
            ),
            "left_open": +left_open,
            "conflict_names": [row.agent_name or "" for row in conflicts],
            "is_large": max(self.forecast.wal_bytes, self.forecast.journal_bytes, self.forecast.disk_bytes) >= _LARGE,
            "is_quick": self.plan.touched <= _QUICK,
            "makes": any(counts[kind] for kind in MAKES),
            "drifting": len(drifting),
            "drifting_agents": (
                f"{row.agent_name} ({self.drift.parts(row)})"
                for row in self.diagnosis.of("drift")
                if row.agent_id in drifting
            ),
            "plan_file": self._plan_file(),
            "databases_read": preflight.databases_read(self.facts),
        }
        constants = {"explained": explained, "CONVERSATIONS": CONVERSATIONS, "listed": _LISTED}
        return words.answers("repair", vars(self) | facts | constants)

    def _off_users_rows(self) -> str:
        """Return how many conversations go to which agent from which user's row: `Research 2 from 1111…`."""
        total = sum(1 for move in self.plan.moves if move.assistant_id)
        moves = (
            f"{move.agent_name} {move.rows:,} from {move.assistant_id}" for move in self.plan.moves if move.assistant_id
        )
        return phrases.named(moves, total, _LISTED)

    def _unmoved_memories(self, moved: Counter[str]) -> list[str]:
        """Return the places of memories, where no memory moves."""
        if any(CONTENTS.get(place) == "memories" for place in moved):
            return []
        return list(dict.fromkeys(place.table.shown for place in CATALOG if place.table.contents == "memories"))

    def _plan_file(self) -> str | None:
        """Return the file whose digest is compared before it is applied; None where no file is written."""
        if not (self.settings.report_folder or self.settings.plan):
            return None
        return shlex.quote(self.settings.plan) if self.settings.plan else verdicts.plan_file(self.settings)
