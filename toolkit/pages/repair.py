"""The repair page: a plan to be approved, and what its application did."""

import shlex
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from toolkit import phrases
from toolkit.catalog import preflight
from toolkit.catalog.kinds import Kind, explained
from toolkit.catalog.places import CATALOG, CONTENTS, CONVERSATIONS
from toolkit.database.connection import Pair
from toolkit.diagnosis import cause
from toolkit.diagnosis.diagnose import diagnose
from toolkit.diagnosis.drift import drift
from toolkit.diagnosis.exposure import exposures
from toolkit.errors import ParameterError
from toolkit.pages import html, verdicts, words
from toolkit.pages.html import HTML
from toolkit.pages.report import Report, write_table
from toolkit.pages.result import Result, frame, section
from toolkit.progress import progress
from toolkit.repair import apply as repairs
from toolkit.repair import journal, planfile
from toolkit.repair.apply import Outcome
from toolkit.repair.cost import forecast
from toolkit.repair.plan import MAKES, AgentPlan, Move, Plan
from toolkit.repair.planning import plan_for
from toolkit.repair.script import statements
from toolkit.settings import RepairSettings

if TYPE_CHECKING:
    import pandas

_LISTED = 5
_LISTED_IDS = 3
_LARGE = 100_000_000
"""Bytes from which on a repair's size matters to a disk."""

_QUICK = 1000
"""Agents that a repair works off within seconds."""


class RepairPage(Result[RepairSettings]):
    """A plan to be approved and applied: the one that is named, or one made now."""

    def __init__(self, pair: Pair, settings: RepairSettings) -> None:
        self._facts = preflight.facts(pair)
        super().__init__(pair, settings)
        self._before = diagnosis = self._diagnosis
        self.plan = plan_for(pair, diagnosis, settings)
        self._refuse_unapproved(settings)
        self._cause, self._forecast = cause.explain(pair, diagnosis), forecast(pair, self.plan)
        self._drift, self._exposed = drift(pair, diagnosis), exposures(pair, diagnosis)
        self._statements = statements(pair, self.plan)
        self._outcome: Outcome | None = None
        self.report = verdicts.repaired(settings, diagnosis, self._cause, self.plan)

    def _refuse_unapproved(self, settings: RepairSettings) -> None:
        if not self.plan.digest.startswith(settings.digest):
            given = f"got digest {settings.digest!r}, but this plan's is {self.plan.digest}"
            raise ParameterError(f"{given}: name the approved plan's file with its own digest")

    @frame
    def moves(self) -> "pandas.DataFrame":
        """Every move of the plan as a row: its place, its agent, how many rows, and off which user's row if any."""
        import pandas

        frame = pandas.DataFrame(map(Move.model_dump, self.plan.moves), columns=list(Move.model_fields))
        return frame.rename(columns={"agent_name": "agent"})

    def write(self) -> Report:
        """Write `report.json`, `findings.csv`, `plan.json` and `plan.sql` into the report folder, if there is one.

        `plan.sql` shows what a repair by this plan runs. Return the verdict.
        """
        if folder := self._folder():
            texts = (f"-- {statement.phase}: {statement.name}\n{statement.text}\n" for statement in self._statements)
            (folder / "plan.sql").write_text("\n".join(texts), encoding="utf-8")
            planfile.save(self.plan, folder / "plan.json")
        return super().write()

    def apply(self, pair: Pair, settings: RepairSettings) -> None:
        """Apply the plan, or finish the interrupted run that `resume` names; diagnose again. Progress is shown.

        Raises:
            ParameterError: if the plan is outdated, or its digest is not the approved one.
            UnusablePlanError, BusyError: as `repair.apply`.
        """
        if self.outdated and not settings.resume:
            raise ParameterError(f"the plan is outdated: {self.outdated}")
        self._refuse_unapproved(settings)
        self.settings, run_id = settings, settings.resume
        self._outcome = repairs.resume(pair, run_id, progress) if run_id else repairs.apply(pair, self.plan, progress)
        before, self._diagnosis = self._diagnosis, diagnose(pair, settings.agents_in_scope)
        self.report = verdicts.repaired(settings, before, self._cause, self.plan, self._outcome, self._diagnosis)
        self._write_id_map(pair, self._outcome.run_id or "")

    def _write_id_map(self, pair: Pair, run_id: str) -> None:
        """Write `id_map.csv`, which maps old ids to new ones for front ends and bookmarks."""
        if folder := self._folder():
            rows = (row.values() for row in journal.replaced_ids(pair, run_id))
            write_table(folder / "id_map.csv", ("old_id", "new_id", "agent_id"), rows)

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

    @section
    def steps(self) -> HTML:
        """Show what the plan does to every agent: before, after, and how many rows go along."""
        title = "All of it, and the hashes it is compared with, is in <code>plan.json</code>."
        return html.shown(map(_row, self.plan.agents()), title, self.plan.touched)

    @section
    def left(self) -> HTML:
        """Show what the plan leaves, and why."""
        title = "Findings, by the ids that their rows have after the repair."
        return html.shown(_left(self.plan, _ids_after(self.plan)), title, len(self.plan.left))

    @section
    def outcome(self) -> HTML | None:
        """Show what the application did, what it left alone, and how to undo it; None where nothing was applied."""
        if (outcome := self._outcome) is None:
            return None
        done = ", ".join(f"{kind} {count:,}" for kind, count in outcome.counts.items()) or "nothing"
        run = f"Run {outcome.run_id}" if outcome.run_id else "No run was made"
        table = html.shown(_left(outcome, {}), f"{run}: {done}. Agents that were left alone:", len(outcome.left))
        if outcome.run_id is None:
            return HTML(f"<h2>What was done</h2>{self.report._repr_html_()}{table.data}")
        first = "" if outcome.resumed == outcome.run_id else " first"
        resumed = (
            f"<p>{outcome.resumed}, which had been interrupted, was finished{first}.</p>" if outcome.resumed else ""
        )
        undo = f"{self.settings.command_line('undo')} --run {outcome.run_id}"
        back = html.command(undo, "To see what taking it back would restore (--apply besides restores it):")
        return HTML(f"<h2>What was done</h2>{self.report._repr_html_()}{resumed}{table.data}{back.data}")

    @section
    def next_command(self) -> HTML:
        """Show the command that comes next, to copy."""
        verify = verdicts.verify_command(self.settings)
        if self._outcome is not None:
            return html.command(verify, "To prove that it holds:")
        if not self.plan.steps and not self.plan.moves:
            return HTML("<p>There is nothing to apply.</p>")
        if self._cause.makes_copies:
            again = "Once the fixed store is deployed and the server has started, make the plan anew:"
            return html.command(self.settings.command_line("repair"), again)
        first = "<p>First deploy the fixed store, as said above.</p>" if self._cause.deploy_first else ""
        also = ", and what is still to do is done" if self._exposed else ""
        apply = html.command(verdicts.apply_command(self.settings, self.plan), f"Once it is approved{also}:")
        return HTML(f"{first}{apply.data}{html.command(verify, 'Then, before people go on:').data}")


def _row(agent: AgentPlan) -> dict[str, Any]:
    kept = next((step for step in agent.steps if step.kind in MAKES), None)
    removed = [step.assistant_id or "" for step in agent.steps if step.kind in ("rekey", "remove")]
    return {
        "agent": agent.agent_name,
        "assistant before": (kept.assistant_id or "none") if kept else agent.agent_id,
        "assistant after": agent.agent_id,
        "how": ", ".join(dict.fromkeys(step.kind for step in agent.steps if step.kind != "remove")) or None,
        "rows removed": f"{len(removed):,}: {phrases.named(removed, len(removed), _LISTED_IDS)}" if removed else "0",
        "what moves": ", ".join(map(_moved, agent.moves)) or "nothing",
    }


def _moved(move: Move) -> str:
    return f"{move.place} {move.rows:,}" + (f" from {move.assistant_id}" if move.assistant_id else "")


def _ids_after(plan: Plan) -> dict[str | None, str | None]:
    """Return the ids that the plan gives to the rows that are shown as left."""
    shown = {row.assistant_id for row in islice(plan.left, phrases.fit(len(plan.left)))}
    rekeyed = (step for step in plan.steps if step.kind == "rekey" and step.assistant_id in shown)
    return {step.assistant_id: step.canonical_id for step in rekeyed}


def _left(left: Plan | Outcome, ids_after: Mapping[str | None, str | None]) -> Iterator[dict[str, Any]]:
    for row in left.left:
        yield {
            "finding": row.finding,
            "agent": row.agent_name,
            "assistant": ids_after.get(row.assistant_id, row.assistant_id),
            "why": row.reason.replace("<agent id>", row.agent_id or ""),  # a command to copy
        }
