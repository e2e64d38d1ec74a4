"""The repair page: a plan to be approved, and what its application did."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit import phrases
from toolkit.catalog import preflight
from toolkit.catalog.kinds import Kind, explained
from toolkit.catalog.places import CATALOG, CONVERSATIONS, CRONS
from toolkit.database.connection import Pair
from toolkit.database.spool import Spool
from toolkit.diagnosis import cause
from toolkit.diagnosis.diagnose import diagnose
from toolkit.diagnosis.drift import drift
from toolkit.diagnosis.exposure import exposures, organization_names
from toolkit.errors import ParameterError
from toolkit.pages import agents, html, verdicts
from toolkit.pages.frames import typed
from toolkit.pages.html import HTML
from toolkit.pages.report import write_table
from toolkit.pages.result import Result, frame, made, section
from toolkit.progress import progress
from toolkit.repair import apply as repairs
from toolkit.repair import changes, journal, planfile
from toolkit.repair.apply import Outcome
from toolkit.repair.cost import forecast
from toolkit.repair.plan import MAKES, AgentPlan, Move, Plan, Thread
from toolkit.repair.planning import NOT_NAMED, plan_for
from toolkit.repair.script import ABOUT, statements
from toolkit.settings import RepairSettings

if TYPE_CHECKING:
    import pandas

_MEMORIES = {place.table.relation: place.table.shown for place in CATALOG if place.table.contents == "memories"}
"""Tables of memories, with the names that pages show."""

_LISTED = 5
_LISTED_IDS = 3
_LARGE = 100_000_000
"""Bytes from which on a repair's size matters to a disk."""


class RepairPage(Result[RepairSettings]):
    """A plan to be approved and applied: the one that is named, or one made now."""

    template = "repair"
    plans = True

    def __init__(self, pair: Pair, settings: RepairSettings) -> None:
        self._facts = preflight.facts(pair)
        super().__init__(pair, settings)
        self._before = diagnosis = self._diagnosis
        self.plan = plan_for(pair, diagnosis, settings)
        self._refuse_unapproved(settings)
        self._cause, self._forecast = cause.explain(pair, diagnosis), forecast(pair, self.plan)
        self._drift, self._exposed = drift(pair, diagnosis), exposures(pair, diagnosis)
        self._statements = statements(pair, self.plan)
        self._threads = Spool(Thread)
        if settings.report_folder:
            self._threads = Spool(Thread, changes.planned_threads(pair, diagnosis, self.plan.steps, self.plan.moves))
        self._outcome: Outcome | None = None
        self._is_old = False
        self._moved: Counter[str] = Counter()
        for move in self.plan.moves:
            self._moved[move.place] += move.rows
        self.report = verdicts.repaired(settings, diagnosis, self._cause, self.plan)
        self._unfinished = verdicts.unfinished(settings, agents.repairs(pair))
        affected = agents.by_organization(diagnosis, self.report.opened)
        names = organization_names(pair, affected)
        self._organizations = [(names.get(id, id), count) for id, count in affected.most_common()]
        self._stays = agents.stays(diagnosis, changes.memories(pair, diagnosis))
        self._glance(self._known)

    @property
    def _known(self) -> dict[str, Any]:
        """What every block of the template may say."""
        changes = self._outcome.changes if self._outcome else self.plan.changes
        return {
            "plan": self.plan,
            "counts": Counter(self.plan.counts),  # zero where there is no such step
            "cause": self._cause,
            "exposed": self._exposed,
            "forecast": self._forecast,
            "moved": self._moved,
            "makes": any(self.plan.counts.get(kind) for kind in MAKES),
            "bare": len({move.assistant_id for move in self.plan.moves} - {None}),
            **self._stays,
            "outcome": self._outcome,
            "unfinished": self._unfinished,
            "guard_command": verdicts.guard_command(self.settings),
            "changes": changes,
            "kept": self.plan.kept,
            "by_content": html.by_content(changes),
            "run_id": self._outcome and self._outcome.run_id,
            "run": self._outcome and self._outcome.run,
            "is_old": self._is_old,
            "is_going_on": self.settings.apply or bool(self.settings.resume),
            "apply_command": verdicts.apply_command(self.settings, self.plan),
            "waits": any("run the repair again" in row.reason for row in (self._outcome.left if self._outcome else ())),
        }

    def _refuse_unapproved(self, settings: RepairSettings) -> None:
        if not self.plan.digest.startswith(settings.digest):
            raise ParameterError(
                f"got digest {settings.digest!r}, which is not this plan's: name the approved file, and its digest"
            )

    @frame
    def moves(self) -> "pandas.DataFrame":
        """Every move of the plan as a row: its place, its agent, how many rows, and off which user's row if any."""
        import pandas

        frame = pandas.DataFrame(map(Move.model_dump, self.plan.moves), columns=list(Move.model_fields))
        return typed(frame.rename(columns={"agent_name": "agent"}))

    @property
    def digest(self) -> str:
        """The digest by which the plan is approved: `toolkit.apply(planned, digest=…)` takes it, or 16 digits of it."""
        return self.plan.digest

    def save(self, folder: Path | str) -> None:
        """Write `report.json` and the files beside it into `folder`.

        `plan.sql` shows what a repair by this plan runs, `threads.csv` the conversations that get another assistant.
        """
        folder = made(folder)
        texts = (f"-- {statement.phase}: {statement.name}\n{statement.text}\n" for statement in self._statements)
        (folder / "plan.sql").write_text("\n".join((ABOUT, *texts)), encoding="utf-8")
        planfile.save(self.plan, folder / "plan.json")
        threads = ((each.conversation, each.user, each.old_id, each.new_id) for each in self._threads)
        write_table(folder / "threads.csv", ("conversation", "user", "from", "to"), threads)
        super().save(folder)

    def apply(self, pair: Pair, settings: RepairSettings) -> None:
        """Apply the plan, or finish the interrupted run that `resume` names; diagnose again. Progress is shown.

        Raises:
            ParameterError: if the plan is outdated, or its digest is not the approved one.
            UnusablePlanError, BusyError: as `repair.apply`.
        """
        if self.outdated and not settings.resume:
            raise ParameterError(f"the plan is outdated: {self.outdated}")
        self._refuse_unapproved(settings)
        self.settings = settings
        if settings.resume:
            self._outcome = repairs.resume(pair, settings.resume, progress)
        else:
            approved = f"digest {settings.digest}" if settings.digest else "none needed: a practice database"
            self._outcome = repairs.apply(pair, self.plan, progress, approved)
        self._diagnosis = diagnose(pair, settings.agents_in_scope)
        self._is_old = self._cause.makes_copies or cause.still_old(pair, self._diagnosis)
        self.report = verdicts.repaired(settings, self._diagnosis, self._cause, self.plan, self._outcome, self._is_old)
        self._stays = agents.stays(self._diagnosis, memories := changes.memories(pair, self._diagnosis))
        self._to_tell = agents.to_tell(self._diagnosis, memories)
        self._glance(self._known)
        if (run_id := self._outcome.run_id) and settings.report_folder:
            rows, columns = journal.replaced_ids(pair, run_id), ("old_id", "new_id", "agent_id")
            ids = (row.values() for row in rows)
            self._write(lambda folder: write_table(folder / "id_map.csv", columns, ids), "id_map.csv")
            self._threads = Spool(Thread, changes.threads_of_run(pair, run_id))

    @section
    def next_steps(self) -> HTML | None:
        """Say what to do with the plan, step by step; None where it is being applied."""
        if (known := self._known)["is_going_on"]:
            return None
        return html.titled("What to do now", html.steps(self._say("steps", **known)[""]))

    @section
    def in_short(self) -> HTML:
        """Answer ten questions of somebody who must approve the repair."""
        known = self._known
        conflicts = [row for row in self.plan.left if row.finding == "conflict"]
        example = conflicts[0].agent_id if conflicts else None
        left_open: Counter[Kind] = Counter()
        for row in self.plan.left:
            left_open[row.finding] += row.count if row.is_open else 0
        written = {step.agent_id for step in self.plan.steps if step.kind in MAKES}
        drifting = {row.agent_id for row in self.plan.left if row.finding == "drift"} & written
        sizes = (self._forecast.wal_bytes, self._forecast.journal_bytes, self._forecast.disk_bytes)
        facts = known | {
            "facts": self._facts,
            "diagnosis": self._before,
            "off_users_rows": self._off_users_rows(),
            "CRONS": CRONS,
            "changes": self.plan.changes,
            "memories": _MEMORIES,
            "left": Counter(
                (row.finding, row.reason.replace("<agent id>", example or "<agent id>")) for row in self.plan.left
            ),
            "left_open": +left_open,
            "strays_after": self._before.findings.rows("stray") - sum(row.finding == "stray" for row in self.plan.left),
            "conflict_names": [row.agent_name or "" for row in conflicts],
            "is_large": max(sizes) >= _LARGE,
            "organizations": self._organizations,
            "NOT_NAMED": NOT_NAMED,
            "drifting": len(drifting),
            "drifting_agents": (
                f"{row.agent_name} ({self._drift.parts(row)})"
                for row in self._before.of("drift")
                if row.agent_id in drifting
            ),
            "plan_file": (self.settings.report_folder or self.settings.plan) and verdicts.plan_file(self.settings),
            "databases_read": preflight.databases_read(self._facts),
            "explained": explained,
            "CONVERSATIONS": CONVERSATIONS,
            "listed": _LISTED,
        }
        return html.answers(self._say("answers", **facts), self._say("folded", **facts))

    def _off_users_rows(self) -> str:
        """Return how many conversations go to which agent off how many users' rows: `Research 28 off 10 rows`."""
        moves = (move for move in self.plan.moves if move.place == CONVERSATIONS)
        agents = [f"{name} {_off(list(rows))}" for name, rows in groupby(moves, key=lambda move: move.agent_name)]
        return phrases.named(agents, len(agents), _LISTED)

    @section
    def changes(self) -> HTML:
        """Show how many rows of each table the plan changes, makes and removes; `threads.csv` has the conversations."""
        return html.changed(self.plan.changes, "")

    @section
    def steps(self) -> HTML:
        """Show what the plan does to every agent: before, after, and how many rows go along."""
        title = " ".join(self._say("steps_title", **self._known)[""])
        return html.shown(map(_row, self.plan.agents()), title, self.plan.touched)

    @section
    def left(self) -> HTML:
        """Show what the plan leaves, and why."""
        stays = html.paragraphs(self._say("stays", **self._known).get("", [])).data
        if not self.plan.left:
            return HTML(stays)
        title = "Findings, by the ids that their rows have after the repair."
        return HTML(_left(self.plan, _ids_after(self.plan), title).data + stays)

    @section
    def outcome(self) -> HTML | None:
        """Show what the application did, what it left alone, and how to undo it; None where nothing was applied."""
        if (outcome := self._outcome) is None:
            return None
        parts = [html.paragraphs(self._say("done", **self._known)[""])]
        if outcome.run_id:
            parts.append(html.changed(outcome.changes, outcome.run_id))
        if outcome.left:
            parts.append(_left(outcome, {}, "Left alone."))
        if outcome.run_id:
            parts.append(html.answers(self._say("record", **self._known)))
        return html.titled("What was done", html.stacked(parts))


def _row(agent: AgentPlan) -> dict[str, Any]:
    kept = next((step for step in agent.steps if step.kind in MAKES), None)
    by_place = groupby(agent.moves, key=lambda move: move.place)
    removed = [step.assistant_id or "" for step in agent.steps if step.kind in ("rekey", "remove")]
    return {
        "agent": agent.agent_name,
        "how": ", ".join(dict.fromkeys(step.kind for step in agent.steps if step.kind != "remove")) or None,
        "what moves": ", ".join(f"{place} {_off(list(moves))}" for place, moves in by_place) or "nothing",
        "rows removed": f"{len(removed):,}: {phrases.named(removed, len(removed), _LISTED_IDS)}" if removed else "0",
        "assistant before": (kept.assistant_id or "none") if kept and kept.assistant_id != agent.agent_id else None,
        "assistant after": agent.agent_id,
    }


def _off(moves: Sequence[Move]) -> str:
    """Return how many rows move, and off how many rows of users."""
    rows = {move.assistant_id for move in moves} - {None}
    off = f" from {phrases.counted(len(rows), 'assistant')} of users" if rows else ""
    return f"{sum(move.rows for move in moves):,}{off}"


def _ids_after(plan: Plan) -> dict[str | None, str | None]:
    """Return the ids that the plan gives to the rows that are shown as left."""
    shown = {row.assistant_id for row in islice(plan.left, phrases.fit(len(plan.left)))}
    rekeyed = (step for step in plan.steps if step.kind == "rekey" and step.assistant_id in shown)
    return {step.assistant_id: step.canonical_id for step in rekeyed}


def _left(left: Plan | Outcome, ids_after: Mapping[str | None, str | None], title: str) -> HTML:
    """Show what is left; a reason that all rows have stands once, in the title."""
    total = len(left.left)
    rows = [
        {
            "finding": row.finding,
            "agent": row.agent_name,
            "why": row.reason.replace("<agent id>", row.agent_id or ""),  # a command to copy
            "assistant": ids_after.get(row.assistant_id, row.assistant_id),
        }
        for row in islice(left.left, phrases.fit(total))
    ]
    rows, same = html.without_same(rows, "why")
    return html.shown(rows, " ".join((title, *(f"Why: {reason}." for reason in same))), total)
