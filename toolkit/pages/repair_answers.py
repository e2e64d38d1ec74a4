"""The ten answers that an approver of a repair needs."""

import shlex
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from toolkit import phrases
from toolkit.catalog import preflight
from toolkit.catalog.kinds import Kind, explained
from toolkit.catalog.places import CATALOG, CONTENTS, CONVERSATIONS
from toolkit.catalog.preflight import Fact
from toolkit.diagnosis.cause import DEPLOYING, Cause
from toolkit.diagnosis.drift import Drift
from toolkit.diagnosis.exposure import Exposure
from toolkit.diagnosis.findings import Diagnosis
from toolkit.pages import verdicts
from toolkit.phrases import counted
from toolkit.repair.cost import Forecast
from toolkit.repair.plan import MAKES, Plan, StepKind
from toolkit.settings import RepairSettings

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

_NAMED = 5
_WORTH_A_LOOK = 100_000_000
"""From so many bytes on a repair's size matters to a disk."""

_SECONDS_FOR = 1000
"""A repair of so many agents takes seconds."""


@dataclass(frozen=True)
class RepairAnswers:
    """A plan, with all that is known before it is applied."""

    settings: RepairSettings
    plan: Plan
    facts: Sequence[Fact]
    diagnosis: Diagnosis
    cause: Cause
    forecast: Forecast
    drift: Drift
    exposed: Sequence[Exposure]

    def answers(self) -> dict[str, str | list[str]]:
        """Answer ten questions of somebody who must approve the repair."""
        return {
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

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(self.plan.counts)  # of what there is none, there are 0

    def _changes(self) -> list[str]:
        touched = self.plan.touched
        named = phrases.named((agent.agent_name for agent in self.plan.agents()), touched, _NAMED)
        agents = f"{touched:,} of {self.diagnosis.agents:,} agents are touched: {named}."
        lines = [
            f"{self._counts[kind]:,} {_DOES[kind][self._counts[kind] != 1]}."
            for kind in (*MAKES, "write_back")
            if self._counts[kind]
        ]
        lines = lines or ["No assistant is made or changed: each of these has its own already."]
        if self._moved:
            listed = ", ".join(f"{place} {rows:,}" for place, rows in sorted(self._moved.items()))
            lines.append(
                f"What names another assistant than the agent's gets the agent's id, and no other change: {listed}."
            )
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
        conversations = by_place.pop(CONVERSATIONS, 0)
        lines = [f"{place}: {counted(rows, 'row')}, to the agents' own ids." for place, rows in by_place.most_common()]
        if conversations:
            lines.append(
                f"{counted(conversations, 'conversation')} off users' own rows, which stay: {self._off_users_rows()}."
            )
        if not any(CONTENTS[place] == "memories" for place in by_place):
            where = ", ".join(dict.fromkeys(each.table.shown for each in CATALOG if each.table.contents == "memories"))
            lines.append(f"Memories ({where}): none is under an agent's old id.")
        if conversations:
            lines.append(
                "A user's memories under that user's own row go along only where all conversations on it are with one agent."
            )
        return lines

    def _off_users_rows(self) -> str:
        """Tell how many conversations go to which agent, and from which user's row."""
        total = sum(1 for move in self.plan.moves if move.assistant_id)
        told = (
            f"{move.agent_name} {move.rows:,} from {move.assistant_id}" for move in self.plan.moves if move.assistant_id
        )
        return phrases.named(told, total, _NAMED)

    def _left(self) -> list[str]:
        reasons = Counter((each.finding, each.reason) for each in self.plan.left)
        conflicts = [each for each in self.plan.left if each.finding == "conflict"]
        example = conflicts[0].agent_id if conflicts else ""
        whose = phrases.named((each.agent_name or "" for each in conflicts), len(conflicts), _NAMED)
        told = [
            f"{finding}, {count:,}{f' ({whose})' if finding == 'conflict' else ''}: {reason}.{explained(finding).consequence}"
            for (finding, reason), count in reasons.items()
        ]
        lines = [each.replace("<agent id>", example or "<agent id>") for each in told] or ["Nothing."]
        return [self._open_then(), *lines] if self.diagnosis.open else lines

    def _open_then(self) -> str:
        """Tell how many findings are open, and how many of them this plan leaves open."""
        left: Counter[Kind] = Counter()
        for each in self.plan.left:
            left[each.finding] += each.count if each.is_open else 0
        listed = ", ".join(f"{kind} {count:,}" for kind, count in left.items() if count)
        stay = f"{sum(left.values()):,} stay open ({listed})" if listed else "none stays open"
        return f"Of {counted(self.diagnosis.open, 'open finding')} {stay} after this plan; what is left besides is noted, and no one has to act."

    def _first(self) -> list[str]:
        rows = counted(len(self.exposed), "row")
        save = f"Still to do: save what the diagnosis's page shows under Possible exposure ({rows}), and tell whoever answers for data protection."
        return [*self._deployed(), *([save] if self.exposed else [])]

    def _deployed(self) -> list[str]:
        if not self.cause.deploy_first:
            return [
                "Done, as far as the tables tell: the fixed store is deployed, since no copy is younger than the assistants under their agents' ids."
            ]
        hides = "the server hides the repaired rows from users"
        if not self.cause.makes_copies:
            return [
                f"Not done yet. {self.cause.advice}",
                *DEPLOYING,
                f"If it is applied before, nothing is lost: {hides} until then.",
            ]
        return [
            f"Not done yet: {self.cause.advice[0].lower()}{self.cause.advice[1:]}",
            *DEPLOYING,
            "What that start syncs makes this plan out of date, agent by agent. Was it deployed already, with AGENT_SYNC_SCOPE unset? Then its start"
            " synced none, no row can tell, and this plan holds: add `--apply --plan` and its file to the command below.",
            f"If it is applied before, nothing is lost: {hides}, and its next start adds copies.",
        ]

    def _noticed(self) -> list[str]:
        newest = ", from then on with the prompt, model and tools of its newest copy" if self._counts["rekey"] else ""
        makes = any(self._counts[kind] for kind in MAKES)
        first = f"An agent's id answers from the first phase on, before anything is removed{newest}."
        answers = first if makes else "What answers under an agent's id stays as it is."
        takes = (
            "It takes seconds"
            if self.plan.touched <= _SECONDS_FOR
            else "It takes minutes for a hundred thousand agents"
        )
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
        told = (
            f"{each.agent_name} ({self.drift.parts(each)})"
            for each in self.diagnosis.of("drift")
            if each.agent_id in left
        )
        return [
            f"Afterwards these differ from Supabase until the server's next sync: {phrases.named(told, len(left), _NAMED)}. Better plan with"
            " `--allow drift`: it writes that now, and the sync, which would close these agents' way back, has nothing left to write."
        ]

    def _way_back(self) -> list[str]:
        undo = self.settings.command_line("undo")
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
            for fact in self.facts
            if fact.is_warning or fact.name == "publication"
        ]
        return [
            journal_made,
            *(warned or ["Nothing else: there is no trigger and no publication on the tables that it writes to."]),
        ]

    def _cost(self) -> list[str]:
        told = self.forecast
        sizes = {"WAL": told.wal_bytes, "the journal": told.journal_bytes, "disk until VACUUM": told.disk_bytes}
        listed = ", ".join(f"{name} {_megabytes(size)}" for name, size in sizes.items())
        disk = (
            " A full disk turns Supabase read-only: look at the free space first."
            if max(sizes.values()) >= _WORTH_A_LOOK
            else ""
        )
        return [f"Roughly: {listed}.{disk}", *told.backups]

    def _identity(self) -> list[str]:
        return [
            "Its digest says so, of which the head of this page shows the beginning. A file that was edited since, or made for other databases, is refused.",
            *self._to_compare(),
            *preflight.databases_read(self.facts),
        ]

    def _to_compare(self) -> list[str]:
        """Show what whoever applies the plan compares; not without a folder, where there is no file."""
        if not (self.settings.report_folder or self.settings.plan):
            return []
        file = shlex.quote(self.settings.plan) if self.settings.plan else verdicts.plan_file(self.settings)
        return [
            f'Before it is applied: `head -c 24 {file}` prints `{{"digest": "{self.plan.digest[:12]}`; the page of what was applied shows that again.'
        ]


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB" if size >= 1e6 else "under 1 MB"
