"""The undo page: the repairs that were made, what is restored, and what is refused."""

from itertools import islice
from typing import Any

from toolkit import phrases
from toolkit.database.connection import Pair
from toolkit.database.transactions import row
from toolkit.diagnosis.exposure import whose
from toolkit.pages import html, verdicts
from toolkit.pages.html import HTML
from toolkit.pages.report import MARK
from toolkit.pages.result import Result, section
from toolkit.progress import progress
from toolkit.repair import journal, undo
from toolkit.repair.cost import duration
from toolkit.repair.plan import Changes
from toolkit.repair.undo import Restoration
from toolkit.settings import UndoSettings


class UndoPage(Result[UndoSettings]):
    """An undo, what it would restore, or the end of a run's retention."""

    template = "undo"

    def __init__(self, pair: Pair, settings: UndoSettings) -> None:
        if settings.forget:
            undo.forget(pair, settings.forget, progress)
        self._runs, self._restoration = journal.runs(pair), None
        if run := settings.run:
            self._restoration = undo.undo(pair, run, progress) if settings.apply else undo.restoration(pair, run)
        super().__init__(pair, settings)
        self.report = verdicts.undone(settings, self._diagnosis, self._runs, self._restoration)
        found = self._restoration
        changes = found.changes if found else Changes()
        self._known: dict[str, Any] = {
            "runs": self._runs,
            "undoable": [run for run in self._runs if run.state not in ("undone", "forgotten")],
            "run": found and found.run,
            "is_repeated": bool(found and found.is_repeated),
            "agents": len(found.agents) if found else 0,
            "refused": found.refused if found else (),
            "obstacle": found.obstacle if found else "",
            "changes": changes,
            "by_content": html.by_content(changes),
            "returning": _returning(pair, found) if found else {},
        }
        self._glance(self._known)
        self._rows = _rows(pair, found) if found else []

    @section
    def runs(self) -> HTML:
        """List the repairs that were made, oldest first."""
        rows = [
            {
                "run": run.run_id,
                "began": run.started_at,
                "state": f"{run.state} at {phrases.moment(run.undone_at)}" if run.undone_at else run.state,
                "agents": run.agents,
                "rows changed, made or removed": run.rows,
                "by": run.audit and str(run.audit),
                "on": run.audit and " and ".join(run.audit.databases),
                "scope": run.scope,
                "plan": f"{run.digest[:MARK]}…",
            }
            for run in self._runs
        ]
        return html.shown(
            rows,
            "The oldest first. The states are those before this undo." if self.settings.apply else "The oldest first.",
        )

    @section
    def restoration(self) -> HTML | None:
        """Show what undoing the run restores, agent by agent, what is refused first; None where no run is named."""
        if (found := self._restoration) is None:
            return None
        total = len(found.agents)
        title = f"{found.run.run_id}, scope {found.run.scope}. Refused: {len(found.refused):,} of {total:,} agents."
        did = f"What undo {'took' if self.settings.apply else 'takes'} back of {found.run.run_id}"
        agents = html.shown(self._rows, title, total)
        rows = html.changed(
            found.changes, found.run.run_id, changed="changed back", made="removed again", removed="put back"
        )
        said = self._say("answers", **self._known, seconds=duration(found.run.rows))
        return html.titled(did, html.stacked((rows, agents, html.answers(said))))


def _returning(pair: Pair, found: Restoration) -> dict[str, Any]:
    refused = {agent.agent_id for agent in found.refused}
    agents = [agent for agent in found.agents if agent not in refused]
    return row(pair.langgraph, "returning", run_id=found.run.run_id, agents=agents)


def _rows(pair: Pair, found: Restoration) -> list[dict[str, Any]]:
    """Return the first of the run's agents, those that are refused before the others."""
    refused = {agent.agent_id: agent.refused for agent in found.refused}
    first = list(islice(dict.fromkeys((*refused, *found.agents)), phrases.fit(len(found.agents))))
    known = whose(pair, first)
    return [
        {
            "agent": known[agent_id].name if agent_id in known else None,
            "organization": known[agent_id].organization if agent_id in known else None,
            "refused": refused.get(agent_id),
            "agent id": agent_id,
        }
        for agent_id in first
    ]
