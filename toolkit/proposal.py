"""What must somebody know who approves a repair?"""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
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
from toolkit.forecast import Forecast, Statement, forecast, statements
from toolkit.kinds import explained
from toolkit.plan import AgentPlan, Plan
from toolkit.preflight import Fact
from toolkit.progress import progress
from toolkit.records import StepKind
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
_LISTED = 3
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
    return Proposal(settings, facts, diagnosis, cause.explain(pair, diagnosis), plan, *told)


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
    ) -> None:
        self.plan = plan
        self._settings, self._facts, self._before, self._cause = settings, facts, diagnosis, cause
        self._forecast, self._statements = forecast, statements
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
        undo = self._settings.command_line("undo")
        return tables.answers(
            {
                "Which rows change?": self._changes(),
                "Which rows disappear?": self._disappears(),
                "What moves along?": self._moves(),
                "What is left as it is, and why?": self._left(),
                "What must come first?": self._first(),
                "What else will it set off, and what does it cost?": [*self._set_off(), *self._cost()],
                "Will users notice?": (
                    "Not while it runs: short transactions, which wait half a second for a lock and then leave that agent alone. An"
                    " agent's id answers from the first phase on, before anything is removed; from then on with the prompt, model and tools of its newest copy."
                    " It takes seconds for a thousand agents, minutes for a hundred thousand; a quiet hour leaves fewer agents"
                    " alone, and the way back open for longer."
                ),
                "What if rows changed meanwhile, or it is interrupted?": (
                    "Every row is compared with this plan under lock; an agent that changed since is left alone and reported. A crash"
                    " leaves a row too many, never one too few; the next `repair --apply` finishes it first. For an agent that was left"
                    " alone, make a new plan."
                ),
                "What if it is wrong?": (
                    f"`{undo}` lists the runs and takes one back, every row as it was: what changes or goes is in the schema"
                    " assistant_repair first, in the same transaction, and stays there until `--forget`. Undo refuses, and names, agents whose"
                    " rows changed since or that have conversations which began after the repair. So the way back closes, agent by agent, once"
                    " people talk again, and once the server starts and its sync writes what drifted: look at the result, with verify, before."
                ),
                "Is it this plan that will run?": self._identity(),
            }
        )

    @cached_property
    def _counts(self) -> Counter[StepKind]:
        return Counter(step.kind for step in self.plan.steps)

    def _changes(self) -> list[str]:
        touched = sum(1 for _ in self.plan.agents())
        named = ", ".join(agent.agent_name for agent in islice(self.plan.agents(), _LISTED))
        more = f" and {touched - _LISTED:,} more" if touched > _LISTED else ""
        agents = f"{touched:,} of {self._before.agents:,} agents are touched: {named}{more}."
        lines = [
            f"{self._counts[kind]:,} {_DOES[kind][self._counts[kind] != 1]}."
            for kind in (*_MAKES, "write_back")
            if self._counts[kind]
        ]
        return [agents, *lines] if lines else ["None."]

    def _disappears(self) -> str:
        gone = self._counts["rekey"] + self._counts["remove"]
        if not gone:
            return "None."
        return (
            f"{counted(gone, 'row')} of langgraph_server.assistants: {counted(self._counts['rekey'], 'old row')} under random ids, and"
            f" {counted(self._counts['remove'], 'further copy', 'further copies')}; their ids are below, agent by agent. Each goes only when"
            " nothing names it any more, and is kept whole in the journal."
        )

    def _moves(self) -> list[str]:
        by_place: Counter[str] = Counter()
        for move in self.plan.moves:
            by_place[move.place] += move.rows
        conversations = by_place.pop("conversations", 0)
        lines = [f"{place}: {counted(rows, 'row')}, to the agent's own id." for place, rows in by_place.most_common()]
        if conversations:
            lines.append(
                f"{counted(conversations, 'conversation')} that ran on users' own assistants, to the agent that their session or runs name; the user's row stays."
            )
        return lines or ["Nothing names an old id."]

    def _left(self) -> list[str]:
        reasons = Counter((each.finding, each.reason) for each in self.plan.left)
        example = next((each.agent_id for each in self.plan.left if each.finding == "conflict"), "")
        told = [f"{finding}, {count:,}: {reason}.{explained(finding).consequence}" for (finding, reason), count in reasons.items()]
        return [each.replace("<agent id>", example or "<agent id>") for each in told] or ["Nothing."]

    def _first(self) -> list[str]:
        if not self._cause.deploy_first:
            return ["Nothing: the server stores agents under their own ids by now."]
        anew = "What its start syncs makes this plan out of date, agent by agent: so make it anew after that."
        return [self._cause.advice, *DEPLOYING, *([anew] if self._cause.makes_copies else [])]

    def _set_off(self) -> list[str]:
        warned = [
            f"{fact.side}: {fact.name}: {fact.value}."
            for fact in self._facts
            if fact.is_warning or fact.name == "publication"
        ]
        return warned or ["Nothing: there is no trigger and no publication on the tables that it writes to."]

    def _cost(self) -> list[str]:
        told = self._forecast
        sizes = {"WAL": told.wal_bytes, "the journal": told.journal_bytes, "disk until VACUUM": told.disk_bytes}
        listed = ", ".join(f"{name} {_megabytes(size)}" for name, size in sizes.items())
        return [
            f"Roughly: {listed}. A full disk turns Supabase read-only: look at the free space first.",
            *(f"Backup: {backup}." for backup in told.backups),
        ]

    def _identity(self) -> list[str]:
        return [
            "Its digest says so. You approve the plan whose digest begins as the head of this page shows it. Whoever applies it compares"
            " that with `head -c 24 plan.json`; the command, its page and report.json name it again. A file that was edited since, or made"
            " for other databases, is refused.",
            *preflight.read_from(self._facts),
        ]

    def steps(self) -> HTML:
        """Show what the plan does to every agent: before, after, and how many rows go along."""
        rows = [_row(agent) for agent in islice(self.plan.agents(), tables.SHOWN_ROWS)]
        return tables.shown(
            rows,
            "What changes, agent by agent; all of it, and the hashes it is compared with, is in <code>plan.json</code>.",
            sum(1 for _ in self.plan.agents()),
        )

    def left(self) -> HTML:
        """Show what the plan leaves, and why."""
        return tables.shown(_left(self.plan), "Findings that are left as they are, and why.", len(self.plan.left))

    def outcome(self) -> HTML:
        """Show what the application did, what it left alone, and how to take it back."""
        if self._outcome is None:
            return HTML("<p>The plan was not applied: <code>apply</code> is False. Nothing was changed.</p>")
        made = self._outcome
        done = ", ".join(f"{kind} {count:,}" for kind, count in made.counts.items()) or "nothing"
        table = tables.shown(
            _left(made), f"Run {made.run_id}: {done}. Agents that were left alone:", len(made.left)
        ).data
        undo = f"{self._settings.command_line('undo')} --run {made.run_id}"
        resumed = (
            f"<p>{made.resumed}, which had been interrupted, was finished{'' if made.resumed == made.run_id else ' first'}.</p>"
            if made.resumed
            else ""
        )
        return HTML(
            f"{resumed}{table}{tables.command(undo, 'To see what taking it back would restore (--apply besides restores it):').data}"
        )

    def next_command(self) -> HTML:
        """Show the command that comes next, to copy."""
        if self._outcome is not None:
            return tables.command(
                report.verify_command(self._settings),
                "To prove that it holds:",
            )
        if not self.plan.steps and not self.plan.moves:
            return HTML("<p>There is nothing to apply.</p>")
        parts = [
            tables.command(report.apply_command(self._settings), "Once it is approved:"),
            tables.command(report.verify_command(self._settings), "Then, to ask for every agent as a user does:"),
        ]
        if self._cause.makes_copies:
            anew = "Once the fixed store is deployed and the server has started, make the plan anew, since what that start syncs makes this one out of date:"
            parts.insert(0, tables.command(self._settings.command_line("repair"), anew))
        elif self._cause.deploy_first:
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
        "rows moved": sum(move.rows for move in agent.moves),
    }


def _ids(removed: Sequence[str]) -> str:
    more = f" and {len(removed) - _LISTED:,} more" if len(removed) > _LISTED else ""
    return f"{len(removed):,}: {', '.join(removed[:_LISTED])}{more}" if removed else "0"


def _left(left: Plan | Outcome) -> Iterator[dict[str, Any]]:
    for each in islice(left.left, tables.SHOWN_ROWS):
        why = each.reason.replace("<agent id>", each.agent_id or "")  # to copy; counted, they are one reason
        yield {"finding": each.finding, "agent": each.agent_name, "assistant": each.assistant_id, "why": why}
