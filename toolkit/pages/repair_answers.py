"""Ten answers that an approver of a repair needs, and the facts that they rest on."""

import shlex
from collections import Counter

from toolkit import phrases
from toolkit.catalog import preflight
from toolkit.catalog.kinds import Kind, explained
from toolkit.catalog.places import CATALOG, CONTENTS, CONVERSATIONS
from toolkit.database.connection import Pair
from toolkit.diagnosis import cause
from toolkit.diagnosis.drift import drift
from toolkit.diagnosis.exposure import exposures
from toolkit.errors import ParameterError
from toolkit.pages import html, verdicts, words
from toolkit.pages.html import HTML
from toolkit.pages.result import Result, section
from toolkit.repair.cost import forecast
from toolkit.repair.plan import MAKES
from toolkit.repair.planning import plan_for
from toolkit.settings import RepairSettings

_LISTED = 5
_LARGE = 100_000_000
"""Bytes from which on a repair's size matters to a disk."""

_QUICK = 1000
"""Agents that a repair works off within seconds."""


class RepairAnswers(Result[RepairSettings]):
    """A plan, the one that is named or one made now, with all that is known before it is applied."""

    def __init__(self, pair: Pair, settings: RepairSettings) -> None:
        self._facts = preflight.facts(pair)
        super().__init__(pair, settings)
        self._before = diagnosis = self._diagnosis
        self.plan = plan_for(pair, diagnosis, settings)
        self._refuse_unapproved(settings)
        self._cause, self._forecast = cause.explain(pair, diagnosis), forecast(pair, self.plan)
        self._drift, self._exposed = drift(pair, diagnosis), exposures(pair, diagnosis)
        self.report = verdicts.repaired(settings, diagnosis, self._cause, self.plan)

    def _refuse_unapproved(self, settings: RepairSettings) -> None:
        if not self.plan.digest.startswith(settings.digest):
            given = f"got digest {settings.digest!r}, but this plan's is {self.plan.digest}"
            raise ParameterError(f"{given}: name the approved plan's file with its own digest")

    @section
    def in_short(self) -> HTML:
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
        sizes = (self._forecast.wal_bytes, self._forecast.journal_bytes, self._forecast.disk_bytes)
        facts = {
            "settings": self.settings,
            "plan": self.plan,
            "facts": self._facts,
            "diagnosis": self._before,
            "cause": self._cause,
            "forecast": self._forecast,
            "exposed": self._exposed,
            "counts": counts,
            "moved": moved,
            "off_users_rows": self._off_users_rows(),
            "unmoved_memories": self._unmoved_memories(moved),
            "left": Counter(
                (row.finding, row.reason.replace("<agent id>", example or "<agent id>")) for row in self.plan.left
            ),
            "left_open": +left_open,
            "conflict_names": [row.agent_name or "" for row in conflicts],
            "is_large": max(sizes) >= _LARGE,
            "is_quick": self.plan.touched <= _QUICK,
            "makes": any(counts[kind] for kind in MAKES),
            "drifting": len(drifting),
            "drifting_agents": (
                f"{row.agent_name} ({self._drift.parts(row)})"
                for row in self._before.of("drift")
                if row.agent_id in drifting
            ),
            "plan_file": self._plan_file(),
            "databases_read": preflight.databases_read(self._facts),
        }
        constants = {"explained": explained, "CONVERSATIONS": CONVERSATIONS, "listed": _LISTED}
        return html.answers(words.answers("repair", facts | constants))

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
