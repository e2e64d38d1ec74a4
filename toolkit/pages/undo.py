"""The undo page: the repairs that were made, what is restored, and what is refused."""

from collections.abc import Sequence
from itertools import chain, islice

from toolkit import phrases
from toolkit.database.connection import Pair
from toolkit.diagnosis.diagnose import diagnose
from toolkit.diagnosis.findings import Diagnosis
from toolkit.pages import html, verdicts
from toolkit.pages.html import HTML
from toolkit.pages.result import Result, section
from toolkit.progress import progress
from toolkit.repair import journal, undo
from toolkit.repair.journal import Run
from toolkit.repair.undo import Restoration
from toolkit.settings import UndoSettings


def taken_back(pair: Pair, settings: UndoSettings) -> "UndoPage":
    """List the repairs, and do what is asked: show what an undo restores, restore it, or give up what undo needs.

    Raises:
        UnknownRunError: if there is no such run
        ForgottenRunError: if it cannot be taken back any more.
        BusyError: if another repair or undo of these databases is running.
        UntrustedJournalError: if another role than this one and `journal_owner` owns the journal.
    """
    if settings.forget:
        undo.forget(pair, settings.forget, progress)
    runs, found = journal.runs(pair), None
    if settings.run:
        found = undo.undo(pair, settings.run, progress) if settings.apply else undo.restoration(pair, settings.run)
    return UndoPage(settings, diagnose(pair, settings.agents_in_scope), runs, found)


class UndoPage(Result[UndoSettings]):
    """An undo, or what it would restore."""

    def __init__(
        self, settings: UndoSettings, diagnosis: Diagnosis, runs: Sequence[Run], restoration: Restoration | None
    ) -> None:
        super().__init__(settings, diagnosis)
        self._runs, self._restoration = runs, restoration
        self.report = verdicts.undone(settings, diagnosis, runs, restoration)

    @section
    def runs(self) -> HTML:
        """List the repairs that were made, oldest first."""
        rows = [
            {
                "run": run.run_id,
                "scope": run.scope,
                "agents": run.agents,
                "rows": run.rows,
                "references": run.moves,
                "state": run.state,
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
        first = islice(chain(refused, (agent for agent in found.agents if agent.refused is None)), phrases.SHOWN_ROWS)
        did = "what was restored" if self.settings.apply else "what undo restores"
        title = (
            f"{found.run.run_id}, a repair of scope {found.run.scope}: {did}."
            f" Refused: {len(refused):,} of {total:,} agents."
        )
        return html.shown([agent.model_dump() for agent in first], title, total)
