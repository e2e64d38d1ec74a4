"""The undo page: the repairs that were made, what is restored, and what is refused."""

from itertools import chain

from toolkit import escaping, phrases
from toolkit.database.connection import Pair
from toolkit.pages import html, verdicts
from toolkit.pages.html import HTML
from toolkit.pages.report import MARK
from toolkit.pages.result import Result, section
from toolkit.progress import progress
from toolkit.repair import journal, undo
from toolkit.settings import UndoSettings


class UndoPage(Result[UndoSettings]):
    """An undo, what it would restore, or the end of a run's retention."""

    def __init__(self, pair: Pair, settings: UndoSettings) -> None:
        if settings.forget:
            undo.forget(pair, settings.forget, progress)
        self._runs, self._restoration = journal.runs(pair), None
        if run := settings.run:
            self._restoration = undo.undo(pair, run, progress) if settings.apply else undo.restoration(pair, run)
        super().__init__(pair, settings)
        self.report = verdicts.undone(settings, self._diagnosis, self._runs, self._restoration)

    @section
    def runs(self) -> HTML:
        """List the repairs that were made, oldest first."""
        rows = [
            {
                "run": run.run_id,
                "began": run.started_at,
                "state": f"{run.state} at {phrases.moment(run.undone_at)}" if run.undone_at else run.state,
                "plan": run.digest[:MARK],
                "scope": run.scope,
                "agents": run.agents,
                "rows": run.rows,
                "by": run.audit and str(run.audit),
                "on": run.audit and " and ".join(run.audit.databases),
            }
            for run in self._runs
        ]
        return html.shown(rows, "Repairs of these databases, oldest first.")

    @section
    def restoration(self) -> HTML:
        """Show what undoing the run restores, agent by agent: what is refused first."""
        if (found := self._restoration) is None:
            return HTML("<p>No run was named: set <code>run</code> to one of the list above.</p>")
        refused, total = found.refused, len(found.agents)
        rows = chain(refused, (agent for agent in found.agents if agent.refused is None))
        did = "what was restored" if self.settings.apply else "what undo restores"
        title = escaping.html(
            f"{found.run.run_id}, a repair of scope {found.run.scope}: {did}."
            f" Refused: {len(refused):,} of {total:,} agents."
        )
        return html.shown((agent.model_dump() for agent in rows), title, total)
