"""The undo page: what is restored, and what is refused."""

from collections.abc import Sequence
from itertools import chain, islice

from IPython.display import HTML

from toolkit import phrases
from toolkit.pages import html
from toolkit.repair.journal import Run
from toolkit.repair.undo import Restoration


def runs(found: Sequence[Run]) -> HTML:
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
        for run in found
    ]
    return html.shown(rows, "Repairs of these databases, oldest first.")


def restoration(found: Restoration | None) -> HTML:
    """Show what undoing a run restores, agent by agent: what is refused first."""
    if found is None:
        return HTML("<p>No run was named: set <code>run</code> to one of the list above.</p>")
    refused, total = found.refused, len(found.agents)
    first = islice(chain(refused, (agent for agent in found.agents if agent.refused is None)), phrases.SHOWN_ROWS)
    title = (
        f"{found.run.run_id}, a repair of scope {found.run.scope}: what undo restores."
        f" Refused: {len(refused):,} of {total:,} agents."
    )
    return html.shown([agent.model_dump() for agent in first], title, total)
