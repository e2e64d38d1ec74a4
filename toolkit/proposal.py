"""What must somebody know who approves a repair?"""

import csv
import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

from IPython.display import HTML

from toolkit import cause, journal, preflight, report, tables
from toolkit import plan as plans
from toolkit import repair as repairs
from toolkit.cause import DEPLOYING, Cause
from toolkit.database import Pair
from toolkit.diagnosis import Diagnosis, diagnose
from toolkit.drift import Drift, drift
from toolkit.exposure import Exposure, exposures
from toolkit.forecast import Forecast, Statement, forecast, statements
from toolkit.kinds import explained
from toolkit.plan import AgentPlan, Plan
from toolkit.preflight import Fact
from toolkit.progress import progress
from toolkit.records import Kind, Move, StepKind
from toolkit.repair import Outcome
from toolkit.report import Report
from toolkit.settings import RepairSettings
from toolkit.tables import counted

_DOES: dict[StepKind, tuple[str, str]] = {
    "rekey": ("agent's newest copy is stored under the agent's own id, with its content and age, by the system",
              "agents' newest copies are stored under the agents' own ids, with their content and age, by the system"),
    "create": ("assistant is made, from what Supabase says", "assistants are made, from what Supabase says"),
    "adopt": ("row under an agent's id is taken from its user and given to the system, with what Supabase says",
              "rows under agents' ids are taken from their users and given to the system, with what Supabase says"),
    "update": ("assistant gets name, graph and config from Supabase", "assistants get name, graph and config from Supabase"),
    "write_back": ("agent's langgraph_assistant_id is set to its own id", "agents' langgraph_assistant_id are set to their own ids"),
    "remove": ("further copy is removed", "further copies are removed"),
}  # fmt: skip
_LISTED, _NAMED = 3, 5
_MEMORIES = ("store_items.", "public.store.")
_WORTH_A_LOOK = 100_000_000
"""From so many bytes on a repair's size matters to a disk."""
_SECONDS_FOR = 1000
"""A repair of so many agents takes seconds."""
_MAKES: tuple[StepKind, ...] = ("rekey", "create", "adopt", "update")


def propose(pair: Pair, settings: RepairSettings) -> "Proposal":
    """Diagnose, and load the plan that is named or make one. Reads only.

    Raises:
        UnusablePlanError: if the named plan cannot be used.
        UnapprovedPlanError: if `apply` is asked for without a saved plan, on a database that is not on this machine.
        UnbelievableReadError: if what the role can see is not the whole truth.
    """
    facts = preflight.facts(pair)
    diagnosis = diagnose(pair, settings.agents_in_scope)
    plan = plans.plan_for(pair, diagnosis, settings)
    told = (forecast(pair, plan), statements(pair, plan))
    return Proposal(settings, facts, diagnosis, cause.explain(pair, diagnosis), plan, *told, drift(pair, diagnosis), exposures(pair, diagnosis))


class Proposal:
    """A plan, to be approved and applied. Shown, it is the verdict; a dot and Tab say what else there is to look at."""

    def __init__(
        self,
        settings: RepairSettings,
        facts: Sequence[Fact],
        diagnosis: Diagnosis,
        cause: Cause,
        plan: Plan,
        forecast: Forecast,
        statements: Sequence[Statement],
        drift: Drift,
        exposed: Sequence[Exposure],
    ) -> None:
        self.plan = plan
        self._settings, self._facts, self._before, self._cause = settings, facts, diagnosis, cause
        self._forecast, self._statements, self._drift, self._exposed = forecast, statements, drift, exposed
        self._outcome: Outcome | None = None
        self._after: Diagnosis | None = None

    def __repr__(self) -> str:
        return repr(self.report)

    def _repr_html_(self) -> str:
        return self.report._repr_html_()

    @cached_property
    def report(self) -> Report:
        """The verdict, as `report.json` has it: of the plan, and once it is applied, of what that left."""
        return report.repaired(self._settings, self._before, self._cause, self.plan, self._outcome, self._after)

    def write(self) -> Report:
        """Write `report.json`, `findings.csv`, `plan.json` and `plan.sql` into the report folder, if there is one.

        `plan.sql` is what a repair by this plan runs, to be read. Returns the verdict.
        """
        if folder := self._settings.report_folder:
            folder.mkdir(parents=True, exist_ok=True)
            texts = (f"-- {each.phase}: {each.name}\n{each.text}\n" for each in self._statements)
            (folder / "plan.sql").write_text("\n".join(texts), encoding="utf-8")
        return report.write(self._settings, self.report, self._after or self._before, self.plan)

    def apply(self, pair: Pair) -> None:
        """Apply the plan, or finish the run that `resume` names, and look again."""
        run_id = self._settings.resume
        self._outcome = repairs.resume(pair, run_id, progress) if run_id else repairs.apply(pair, self.plan, progress)
        self._after = diagnose(pair, self._settings.agents_in_scope)
        self._write_id_map(pair, self._outcome.run_id)
        self.__dict__.pop("report", None)  # it was of the plan

    def _write_id_map(self, pair: Pair, run_id: str) -> None:
        """Write `id_map.csv` into the report folder: which new id stands for which old one, for front ends and bookmarks."""
        if folder := self._settings.report_folder:
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / "id_map.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, ["old_id", "new_id", "agent_id"])
                writer.writeheader()
                writer.writerows(journal.replaced_ids(pair, run_id))

    def in_short(self) -> HTML:
        """Answer ten questions of somebody who must approve the repair."""
        return tables.answers(
            {
                "Which rows change?": self._changes(),
                "Which rows disappear?": self._disappears(),
                "What moves along?": self._moves(),
                "What is left as it is, and why?": self._left(),
                "What must come first?": self._first(),
                "What else will it set off, and what does it cost?": [*self._set_off(), *self._cost()],
                "Will users notice?": self._noticed(),
                "What if rows changed meanwhile, or it is interrupted?": (
                    "Every row is compared with this plan under lock; an agent that changed since is left alone and reported: make a new plan for"
                    " it. A crash leaves a row too many, never one too few; the next repair that is applied finishes it first."
                ),
                "What if it is wrong?": self._way_back(),
                "Is it this plan that will run?": self._identity(),
            }
        )

    @cached_property
    def _counts(self) -> Counter[StepKind]:
        return Counter(step.kind for step in self.plan.steps)

    def _changes(self) -> list[str]:
        touched = sum(1 for _ in self.plan.agents())
        named = tables.named((agent.agent_name for agent in self.plan.agents()), touched, _NAMED)
        agents = f"{touched:,} of {self._before.agents:,} agents are touched: {named}."
        lines = [
            f"{self._counts[kind]:,} {_DOES[kind][self._counts[kind] != 1]}."
            for kind in (*_MAKES, "write_back")
            if self._counts[kind]
        ]
        lines = lines or ["No assistant is made or changed: each of these has its own already."]
        if self._moved:
            listed = ", ".join(f"{place} {rows:,}" for place, rows in sorted(self._moved.items()))
            lines.append(f"What names another assistant than the agent's gets the agent's id, and no other change: {listed}.")
        return [agents, *lines] if touched else ["None."]

    def _disappears(self) -> str:
        gone = self._counts["rekey"] + self._counts["remove"]
        if not gone:
            return "None."
        rekeyed, removed = self._counts["rekey"], self._counts["remove"]
        old = [counted(rekeyed, "old row") + " under random ids"] if rekeyed else []
        further = [counted(removed, "further copy", "further copies")] if removed else []
        return (
            f"{counted(gone, 'row')} of langgraph_server.assistants: {', and '.join([*old, *further])}; their ids are below, agent by agent. Each goes"
            " only when nothing names it any more, and is kept whole in the journal."
        )

    @cached_property
    def _moved(self) -> Counter[str]:
        """How many references and conversations move, by place."""
        by_place: Counter[str] = Counter()
        for move in self.plan.moves:
            by_place[move.place] += move.rows
        return by_place

    def _moves(self) -> list[str]:
        by_place = Counter(self._moved)
        conversations = by_place.pop("conversations", 0)
        lines = [f"{place}: {counted(rows, 'row')}, to the agents' own ids." for place, rows in by_place.most_common()]
        if conversations:
            lines.append(f"{counted(conversations, 'conversation')} off users' own rows, which stay: {self._off_users_rows()}.")
        if not any(place.startswith(_MEMORIES) for place in by_place):
            lines.append("Memories (store_items, public.store): none is under an agent's old id.")
        if conversations:
            lines.append("A user's memories under that user's own row go along only where all conversations on it are with one agent.")
        return lines

    def _off_users_rows(self) -> str:
        """Tell how many conversations go to which agent, and from which user's row."""
        total = sum(1 for move in self.plan.moves if move.assistant_id)
        told = (f"{move.agent_name} {move.rows:,} from {move.assistant_id}" for move in self.plan.moves if move.assistant_id)
        return tables.named(told, total, _NAMED)

    def _left(self) -> list[str]:
        reasons = Counter((each.finding, each.reason) for each in self.plan.left)
        conflicts = [each for each in self.plan.left if each.finding == "conflict"]
        example = conflicts[0].agent_id if conflicts else ""
        whose = tables.named((each.agent_name or "" for each in conflicts), len(conflicts), _NAMED)
        told = [
            f"{finding}, {count:,}{f' ({whose})' if finding == 'conflict' else ''}: {reason}.{explained(finding).consequence}"
            for (finding, reason), count in reasons.items()
        ]
        lines = [each.replace("<agent id>", example or "<agent id>") for each in told] or ["Nothing."]
        return [self._open_then(), *lines] if self._before.open else lines

    def _open_then(self) -> str:
        """Tell how many findings are open, and how many of them this plan leaves open."""
        left: Counter[Kind] = Counter()
        for each in self.plan.left:
            left[each.finding] += each.count if each.is_open else 0
        listed = ", ".join(f"{kind} {count:,}" for kind, count in left.items() if count)
        stay = f"{sum(left.values()):,} stay open ({listed})" if listed else "none stays open"
        return f"Of {counted(self._before.open, 'open finding')} {stay} after this plan; what is left besides is noted, and no one has to act."

    def _first(self) -> list[str]:
        rows = counted(len(self._exposed), "row")
        save = f"Still to do: save what the diagnosis's page shows under Possible exposure ({rows}), and tell whoever answers for data protection."
        return [*self._deployed(), *([save] if self._exposed else [])]

    def _deployed(self) -> list[str]:
        if not self._cause.deploy_first:
            return ["Done, as far as the tables tell: the fixed store is deployed, since no copy is younger than the assistants under their agents' ids."]
        hides = "the server hides the repaired rows from users"
        if not self._cause.makes_copies:
            return [f"Not done yet. {self._cause.advice}", *DEPLOYING, f"If it is applied before, nothing is lost: {hides} until then."]
        return [
            f"Not done yet: {self._cause.advice[0].lower()}{self._cause.advice[1:]}",
            *DEPLOYING,
            "What that start syncs makes this plan out of date, agent by agent. Was it deployed already, with AGENT_SYNC_SCOPE unset? Then its start"
            " synced none, no row can tell, and this plan holds: add `--apply --plan` and its file to the command below.",
            f"If it is applied before, nothing is lost: {hides}, and its next start adds copies.",
        ]

    def _noticed(self) -> list[str]:
        touched = sum(1 for _ in self.plan.agents())
        newest = ", from then on with the prompt, model and tools of its newest copy" if self._counts["rekey"] else ""
        makes = any(self._counts[kind] for kind in _MAKES)
        first = f"An agent's id answers from the first phase on, before anything is removed{newest}."
        answers = first if makes else "What answers under an agent's id stays as it is."
        takes = "It takes seconds" if touched <= _SECONDS_FOR else "It takes minutes for a hundred thousand agents"
        return [
            "Not while it runs: short transactions, which wait half a second for a lock and then leave that agent alone."
            f" {answers} {takes}; a quiet hour leaves fewer agents alone, and the way back open for longer.",
            *self._differs_after(),
        ]

    def _differs_after(self) -> list[str]:
        """Tell which agents answer with something else than Supabase says even after the repair."""
        left = {each.agent_id for each in self.plan.left if each.finding == "drift"}
        if not left:
            return []
        told = (f"{each.agent_name} ({self._drift.parts(each)})" for each in self._before.of("drift") if each.agent_id in left)
        return [
            f"Afterwards these differ from Supabase until the server's next sync: {tables.named(told, len(left), _NAMED)}. Better plan with"
            " `--allow drift`: it writes that now, and the sync, which would close these agents' way back, has nothing left to write."
        ]

    def _way_back(self) -> list[str]:
        undo = self._settings.command_line("undo")
        return [
            f"`{undo}` lists the runs; `--run run-…` besides shows what one's undo restores, and `--apply` besides restores it, every row as it was:"
            " what changes or goes is first in the journal (the schema assistant_repair), in the same transaction. `--forget run-…` gives up what"
            " the journal keeps of a run: there is no way back from then on.",
            "Undo refuses, and names, agents whose rows changed since or that have conversations which began after the repair. So the way back"
            " closes, agent by agent, once people talk again, and once a sync writes what drifted: look at the result before, with verify, which only"
            " reads, and closes nothing.",
        ]

    def _set_off(self) -> list[str]:
        journal_made = "It makes the journal, the schema assistant_repair, where that is not there yet."
        warned = [
            f"{fact.side}: {fact.name}: {fact.value}."
            for fact in self._facts
            if fact.is_warning or fact.name == "publication"
        ]
        return [journal_made, *(warned or ["Nothing else: there is no trigger and no publication on the tables that it writes to."])]

    def _cost(self) -> list[str]:
        told = self._forecast
        sizes = {"WAL": told.wal_bytes, "the journal": told.journal_bytes, "disk until VACUUM": told.disk_bytes}
        listed = ", ".join(f"{name} {_megabytes(size)}" for name, size in sizes.items())
        disk = " A full disk turns Supabase read-only: look at the free space first." if max(sizes.values()) >= _WORTH_A_LOOK else ""
        return [f"Roughly: {listed}.{disk}", *told.backups]

    def _identity(self) -> list[str]:
        return [
            "Its digest says so, of which the head of this page shows the beginning. A file that was edited since, or made for other databases, is refused.",
            *self._to_compare(),
            *preflight.read_from(self._facts),
        ]

    def _to_compare(self) -> list[str]:
        """Show what whoever applies the plan compares; not without a folder, where there is no file."""
        if not (self._settings.report_folder or self._settings.plan):
            return []
        file = shlex.quote(self._settings.plan) if self._settings.plan else report.plan_file(self._settings)
        return [f"Before it is applied: `head -c 24 {file}` prints `{{\"digest\": \"{self.plan.digest[:12]}`; the page of what was applied shows that again."]

    def steps(self) -> HTML:
        """Show what the plan does to every agent: before, after, and how many rows go along."""
        total = sum(1 for _ in self.plan.agents())
        rows = [_row(agent) for agent in islice(self.plan.agents(), tables.fit(total))]
        return tables.shown(rows, "All of it, and the hashes it is compared with, is in <code>plan.json</code>.", total)

    def left(self) -> HTML:
        """Show what the plan leaves, and why."""
        return tables.shown(_left(self.plan, _ids_after(self.plan)), "Findings, by the ids that their rows have after the repair.", len(self.plan.left))

    def outcome(self) -> HTML | None:
        """Show what the application did, what it left alone, and how to take it back; None where nothing was applied."""
        if self._outcome is None:
            return None
        made = self._outcome
        done = ", ".join(f"{kind} {count:,}" for kind, count in made.counts.items()) or "nothing"
        table = tables.shown(
            _left(made, {}), f"Run {made.run_id}: {done}. Agents that were left alone:", len(made.left)
        ).data
        undo = f"{self._settings.command_line('undo')} --run {made.run_id}"
        resumed = (
            f"<p>{made.resumed}, which had been interrupted, was finished{'' if made.resumed == made.run_id else ' first'}.</p>"
            if made.resumed
            else ""
        )
        back = tables.command(undo, "To see what taking it back would restore (--apply besides restores it):").data
        return HTML(f"<h2>What was done</h2>{self.report._repr_html_()}{resumed}{table}{back}")

    def next_command(self) -> HTML:
        """Show the command that comes next, to copy."""
        if self._outcome is not None:
            return tables.command(
                report.verify_command(self._settings),
                "To prove that it holds:",
            )
        if not self.plan.steps and not self.plan.moves:
            return HTML("<p>There is nothing to apply.</p>")
        if self._cause.makes_copies:
            return tables.command(self._settings.command_line("repair"), "Once the fixed store is deployed and the server has started, make the plan anew:")
        parts = [
            tables.command(report.apply_command(self._settings), f"Once it is approved{', and what is still to do is done' if self._exposed else ''}:"),
            tables.command(report.verify_command(self._settings), "Then, before people go on:"),
        ]
        if self._cause.deploy_first:
            parts.insert(0, HTML("<p>First deploy the fixed store, as said above.</p>"))
        return HTML("".join(part.data or "" for part in parts))


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB" if size >= 1e6 else "under 1 MB"


def _row(agent: AgentPlan) -> dict[str, Any]:
    kept = next((step for step in agent.steps if step.kind in _MAKES), None)
    return {
        "agent": agent.agent_name,
        "assistant before": (kept.assistant_id or "none") if kept else agent.agent_id,
        "assistant after": agent.agent_id,
        "how": ", ".join(dict.fromkeys(step.kind for step in agent.steps if step.kind != "remove")) or None,
        "rows removed": _ids([step.assistant_id or "" for step in agent.steps if step.kind in ("rekey", "remove")]),
        "what moves": ", ".join(map(_moved, agent.moves)) or "nothing",
    }


def _moved(move: Move) -> str:
    return f"{move.place} {move.rows:,}" + (f" from {move.assistant_id}" if move.assistant_id else "")


def _ids(removed: Sequence[str]) -> str:
    return f"{len(removed):,}: {tables.named(removed, len(removed), _LISTED)}" if removed else "0"


def _ids_after(plan: Plan) -> dict[str | None, str | None]:
    """Tell which ids the rows that are shown as left get by the plan."""
    shown = {each.assistant_id for each in islice(plan.left, tables.fit(len(plan.left)))}
    return {step.assistant_id: step.canonical_id for step in plan.steps if step.kind == "rekey" and step.assistant_id in shown}


def _left(left: Plan | Outcome, ids_after: Mapping[str | None, str | None]) -> Iterator[dict[str, Any]]:
    for each in islice(left.left, tables.fit(len(left.left))):
        why = each.reason.replace("<agent id>", each.agent_id or "")  # to copy; counted, they are one reason
        yield {"finding": each.finding, "agent": each.agent_name, "assistant": ids_after.get(each.assistant_id, each.assistant_id), "why": why}
