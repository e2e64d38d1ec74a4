"""The undo page: the repairs that were made, what is restored, and what is refused."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from toolkit import phrases, sql
from toolkit.database.connection import Pair
from toolkit.diagnosis.exposure import organization_names
from toolkit.pages import html, verdicts
from toolkit.pages.html import HTML
from toolkit.pages.report import MARK
from toolkit.pages.result import Result, section
from toolkit.phrases import SHOWN_ROWS
from toolkit.progress import progress
from toolkit.repair import journal, undo
from toolkit.repair.cost import duration
from toolkit.repair.plan import Changes
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
            "changes": changes,
            "by_content": html.by_content(changes),
            "returning": self._returning(pair),
        }
        self._glance(self._known)
        first = {"agent_ids": [agent_id for agent_id, _ in islice(self._restored(), SHOWN_ROWS * 2)]}
        rows = pair.supabase.execute(sql.statement("agent_names"), first).fetchall()
        self._names = {row["agent_id"]: row for row in rows}
        self._organizations = organization_names(pair, {row["organization_id"] for row in rows})

    def _returning(self, pair: Pair) -> dict[str, Any]:
        """Count what goes back to users' rows."""
        if not self._restoration:
            return {}
        agents = [agent_id for agent_id, refused in self._restored() if refused is None]
        asked = {"run_id": self._restoration.run.run_id, "agents": agents}
        return pair.langgraph.execute(sql.statement("returning"), asked).fetchone() or {}

    def _restored(self) -> Iterator[tuple[str, str | None]]:
        """Yield the run's agents, those that are refused first, each with the reason."""
        if found := self._restoration:
            refused = {agent.agent_id: agent.refused for agent in found.refused}
            yield from refused.items()
            yield from ((agent_id, None) for agent_id in found.agents if agent_id not in refused)

    def _name(self, agent_id: str, column: str) -> str | None:
        return self._names[agent_id][column] if agent_id in self._names else None

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
        rows = (
            {
                "agent": self._name(agent_id, "name"),
                "organization": self._organizations.get(self._name(agent_id, "organization_id") or ""),
                "refused": refused_for,
                "agent id": agent_id,
            }
            for agent_id, refused_for in self._restored()
        )
        title = f"{found.run.run_id}, scope {found.run.scope}. Refused: {len(found.refused):,} of {total:,} agents."
        did = f"What undo {'took' if self.settings.apply else 'takes'} back of {found.run.run_id}"
        agents = html.shown(rows, title, total)
        said = self._say("answers", **self._known, seconds=duration(found.run.rows))
        return html.titled(did, HTML(html.changed(found.changes).data + agents.data + html.answers(said).data))
