"""The diagnosis page."""

from collections import Counter
from functools import cached_property
from itertools import chain, islice
from typing import Any

from toolkit import phrases
from toolkit.catalog import preflight
from toolkit.catalog.kinds import HELD, KINDS, LOST, Kind, explained
from toolkit.database import shapes, transactions
from toolkit.database.connection import Pair, connected
from toolkit.diagnosis import cause, exposure, verification
from toolkit.diagnosis.drift import drift
from toolkit.diagnosis.findings import Finding, Reference
from toolkit.errors import ParameterError
from toolkit.identifiers import parse_uuid
from toolkit.pages import agents, charts, html, verdicts
from toolkit.pages.frames import Frames
from toolkit.pages.html import HTML, Image
from toolkit.pages.result import section
from toolkit.progress import progress
from toolkit.repair import changes
from toolkit.settings import DiagnoseSettings

_LISTED = 5


class DiagnosisPage(Frames):
    """A diagnosis, with the server's answers if it is named."""

    template = "diagnosis"

    def __init__(self, pair: Pair, settings: DiagnoseSettings) -> None:
        self._facts, self._is_one_database = preflight.facts(pair), pair.is_one_database
        self._databases = pair.supabase_database, pair.langgraph_database
        super().__init__(pair, settings)
        diagnosis = self._diagnosis
        checks = verification.over_http(pair, settings, progress, diagnosis)
        self._unreached = agents.by_organization(diagnosis, LOST)
        explained_cause = cause.explain(pair, diagnosis, checks)
        self._drift, self._exposed = drift(pair, diagnosis), exposure.exposures(pair, diagnosis)
        unlike = [*diagnosis.unread, *(fact.value for fact in self._facts if fact.name == "table")]
        unfinished = verdicts.unfinished(settings, repairs := agents.repairs(pair))
        self.report = verdicts.diagnosed(settings, diagnosis, explained_cause, checks, unlike, unfinished)
        times = [explained_cause.oldest_copy, *(first for _, first, _ in explained_cause.users_rows)]
        self._memories = None if diagnosis.open else changes.memories(pair, diagnosis)
        self._to_tell = agents.to_tell(diagnosis, self._memories) if self._memories else ()
        self._known: dict[str, Any] = {
            "cause": explained_cause,
            "counts": diagnosis.counts,
            "exposed": self._exposed,
            "unlike": unlike,
            "affected": self._unreached or agents.by_organization(diagnosis, self.report.opened),
            **agents.on_bare_rows(diagnosis),
            "repairs": repairs,
            "unfinished": unfinished,
            "began": min(filter(None, times), default=None),
            "open_kinds": list(self.report.opened),
            "concentrated": verdicts.concentrated(explained_cause, self._drift),
            "is_left_over": verdicts.is_left_over(diagnosis, explained_cause, checks),
            "name_of": self._organization,
            "guard_command": verdicts.guard_command(settings),
            **agents.stays(diagnosis, self._memories),
        }
        self._glance(self._known)

    @cached_property
    def _details(self) -> dict[str, Any]:
        """What only a page shows. It is read when it is first shown, so it may be newer than the diagnosis."""
        diagnosis = self._diagnosis
        strays = [row.assistant_id for row in diagnosis.of("stray")]
        shown = islice(diagnosis.of("stray"), phrases.fit(len(strays)))
        named = {id for stray in shown for id in stray.evidence["conversations_of"]}
        with connected(*self._databases) as pair:
            memories = self._memories or changes.memories(pair, diagnosis)
            unused = transactions.row(pair.supabase, "unused_agents", **diagnosis.scope.parameters)
            latest = transactions.row(pair.langgraph, "latest_on_rows", ids=strays)
            names = {id: agent.name for id, agent in exposure.whose(pair, named).items()}
        known = {"unused": unused["agents"], "latest": latest["latest"], "agent_names": names, "memories": memories}
        return known | agents.stays(diagnosis, memories)

    @section
    def next_steps(self) -> HTML:
        """Say what to do now, step by step."""
        known = self._known | {name: self._details[name] for name in ("stays", "reasons")}
        known |= {"held": [kind for kind in HELD if self._diagnosis.counts[kind]], "conflict": None}
        if conflict := next(self._diagnosis.of("conflict"), None):
            row = conflict.assistant_id or conflict.agent_id or ""
            query = exposure.query([row], is_one_database=self._is_one_database)
            is_exposed = any(exposed.assistant_id == row for exposed in self._exposed)  # another query shows it
            known |= {"conflict": conflict, "conflict_query": None if is_exposed else query}
        return html.steps(self._say("steps", **known)[""])

    @section
    def in_short(self) -> HTML:
        """Answer ten questions: what is broken, for whom, since when, and what can be done."""
        diagnosis, counts = self._diagnosis, self._diagnosis.counts
        exposure_lines, exposure_query = exposure.told(self._exposed, self._all, is_one_database=self._is_one_database)
        noted = {kind: counts[kind] - self.report.opened.get(kind, 0) for kind in KINDS}
        facts: dict[str, Any] = {
            **self._known,
            **self._details,
            "drift": self._drift,
            "waiting": sum(row.agent_id in self._squatted for row in diagnosis.of("duplicate") if self._squatted),
            "fits": phrases.fit(len(self._known["affected"]), _LISTED),
            "referenced": agents.referenced(diagnosis),
            "exposure_lines": exposure_lines,
            "exposure_query": exposure_query,
            "is_one_database": self._is_one_database,
            "left": [kind for kind in KINDS if (counts if explained(kind).stays else noted)[kind]],
            "databases_read": preflight.databases_read(self._facts),
            "explained": explained,
            "organization": self._titled,
            "remedy": self._remedy,
        }
        return html.answers(self._say("answers", **facts), self._say("folded", **facts))

    @section
    def round_trip(self) -> Image:
        """Draw how many agents users reach, and where the others get lost."""
        return charts.round_trip(self._diagnosis, self.report.checks)

    @section
    def why(self) -> HTML:
        """Show the root cause."""
        return html.answers(self._say("why", **self._known) or {"Why?": ["There is nothing to explain."]})

    @section
    def by_agent(self) -> HTML:
        """Show the agents that users do not reach, else those with copies: what is wrong, and what hangs on it."""
        lost = self._unreached.total()
        first, total = agents.worst(self._diagnosis, lost)
        if not first:
            return html.paragraphs(["No agent: each has its assistant, and none has copies."])
        named, held = agents.hanging(self._diagnosis, {rows[0].agent_id or "" for rows in first})
        shown = (
            {
                "agent": rows[0].agent_name,
                "organization": self._organization(rows[0].organization_id),
                "what is wrong": agents.counted(Counter(row.kind for row in rows)),
                "rows that name a copy": agents.counted(named[rows[0].agent_id or ""]) or None,
                "on bare assistants": agents.counted(held[rows[0].agent_id or ""]) or None,
                "since": html.readable(
                    "since", min(filter(None, (row.evidence.get("since") for row in rows)), default=None)
                ),
                "agent id": rows[0].agent_id,
            }
            for rows in first
        )
        state = "not reachable" if lost else "with copies"
        return html.shown(shown, f"{phrases.counted(total, 'agent')} {state}. All findings are in {self._all}.", total)

    @section
    def show(self, *kinds: Kind) -> HTML:
        """Show findings of these kinds, or all: what each means for users, the first rows, and what repairs it."""
        kinds = kinds or KINDS
        if unknown := [kind for kind in kinds if kind not in KINDS]:
            raise ParameterError(f"got kind {unknown[0]!r}; {phrases.closest(str(unknown[0]), KINDS)}")
        found = [kind for kind in kinds if self._diagnosis.findings.rows(kind)]
        none = ", ".join(kind for kind in kinds if kind not in found)
        return HTML("".join(map(self._shown, found)) + (f"<div>Not found: {none}.</div>" if none else ""))

    def _shown(self, kind: Kind) -> str:
        total = self._diagnosis.findings.rows(kind)
        first = islice(self._diagnosis.of(kind), phrases.fit(total))
        rows, same = html.without_same(list(map(self._row, first)), "state", "link")
        row = explained(kind)
        counts = ((self._diagnosis.findings.count(kind, is_open), is_open) for is_open in (True, False))
        states = [f"{phrases.counted(n, row.unit)} {'open' if is_open else 'noted'}" for n, is_open in counts if n]
        # of an orphan only the remedy knows whether it is believable
        is_open = self._diagnosis.findings.count(kind, True) or not row.stays or kind == "orphan"
        mends = f"What repairs it: {self._remedy(kind)}" if is_open else f"Why it stays: {row.left}"
        # a noted stray is left over
        users = row.users if is_open else "no conversation on these rows is known to be an agent's"
        if kind == "stray" and self._known["stays"]:
            mends = f"{self._known['meets']} No repair changes that. {mends}"
        title = f"Users: {users if kind == 'stray' else row.users}. {mends}."
        title += f" Each row: {'; '.join(same)}." if same else ""
        title += f" All of them are in {self._all}." if total > phrases.fit(total) else ""
        return html.folded(kind, html.shown(rows, title, total), f"{', '.join(states)}: {row.means}.").data

    def _row(self, finding: Finding) -> dict[str, Any]:
        evidence = dict(finding.evidence)
        canonical = evidence.pop("canonical_id", None)
        kept = evidence.pop("kept_id", canonical)
        if kept != canonical:
            evidence["newest_copy"] = kept
        evidence.pop("first_thread", None)  # findings.csv has it
        differs = evidence.pop("differs", None)
        if "differs" in finding.evidence and finding.agent_id not in self._squatted:  # else no copy is kept
            evidence["differs_in_graph_or_settings"] = differs
        names = {"is_empty": "without settings"} | ({"since": "newest copy made"} if finding.kind == "wrong_id" else {})
        shown = {
            names.get(name, name.replace("_", " ")): html.readable(name, value, self._details["agent_names"])
            for name, value in evidence.items()
        }
        drifted = (finding.assistant_id or "") if finding.kind == "drift" else ""
        return {
            "agent": finding.agent_name,
            "organization": self._organization(finding.organization_id),
            "state": "open" if finding.is_open else "noted",
            "count": finding.count if finding.count > 1 else None,
            **shown,
            "settings": self._drift.settings.get(drifted) or None,
            "stored": self._drift.values.get(drifted) or None,
            "assistant id": finding.assistant_id,
            "agent id": finding.agent_id,
        }

    @section
    def timeline(self) -> Image | None:
        """Draw when assistants with wrong ids appeared: every restart of the broken server adds one for each agent."""
        return charts.timeline(self._diagnosis, self.made)

    @section
    def blast_radius(self) -> HTML:
        """Show how many rows of each place name a wrong assistant of each agent; a hidden place is unknown."""
        rows: dict[str, dict[str, Any]] = {}
        for reference in self._diagnosis.references:
            organization = self._titled(reference.organization_id)
            agent = {"agent": reference.agent_name, "organization": organization, "since": None}
            row = rows.setdefault(reference.agent_id or "", agent)
            row[reference.place] = row.get(reference.place, 0) + reference.rows
            row["since"] = min(filter(None, (row["since"], reference.since)), default=None)
        title = "Rows that name a copy of the agent's assistant. What names users' own assistants is under stray."
        if unknown := ", ".join(self._diagnosis.unknown):
            title += f" Unknown, since they cannot be read: {unknown}."
        return html.folded("What names a copy, by place", html.shown(rows.values(), title, len(rows)))

    @section
    def believed(self) -> HTML:
        """Show what was found before anything was compared: servers, roles, poolers, clocks, triggers."""
        rows = [
            {"side": fact.side, "what": ("⚠ " if fact.is_warning else "") + fact.name, "found": fact.value}
            for fact in self._facts
        ]
        whole = (
            "Every table was read as a whole: row security hides nothing from this role, no server is a replica,"
            " and no grant is missing."
            if not self._diagnosis.unread
            else "Not every table was read as a whole: see `not read`."
        )
        return html.folded("What was read", html.shown(rows, whole))

    @section
    def agent(self, agent: str) -> HTML:
        """Show everything about one agent: findings, what names its wrong assistants, how to repair it alone.

        Args:
            agent: its id in any spelling, or its name. One without findings is looked for in Supabase now.

        Raises:
            ParameterError: if there is no such agent; it names those that are spelled much like it.
        """
        wanted = str(parse_uuid(str(agent)) or agent)
        rows = chain[Finding | Reference](self._diagnosis.findings, self._diagnosis.references)
        in_scope, ids = True, {row.agent_id or "" for row in rows if wanted in (row.agent_id, row.agent_name)}
        if not ids:
            ids, in_scope = self._ids_of(wanted)
        # The rows of users, too, on which the agent has conversations.
        talks = "conversations_of"
        findings = [row for row in self._diagnosis.findings if ids & {row.agent_id, *row.evidence.get(talks, ())}]
        references = [row for row in self._diagnosis.references if row.agent_id in ids]
        if not findings and not references:
            none = "its id leads to its assistant" if in_scope else "it is not in scope, so it was not compared"
            return HTML(html.head("information", "nothing found", [f"No finding names agent {agent!r}: {none}."]))
        naming = [
            {"place": row.place, "names": row.assistant_id, "rows": row.rows, "since": row.since} for row in references
        ]
        repair = f"{self.settings.command_line('repair')} --only"
        parts = [
            html.shown([{"kind": row.kind, **self._row(row)} for row in findings], "Findings:"),
            html.shown(naming, "What names copies of its assistant:"),
            *(html.command(f"{repair} {id}", "To see the repair of this agent alone:") for id in sorted(ids - {""})),
        ]
        return HTML("".join(part.data for part in parts))

    @property
    def _all(self) -> str:
        """Where all findings are: on the page of a command in its file, else in the frame."""
        return "findings.csv" if self.settings.report_folder else "diagnosis.findings"

    @cached_property
    def _squatted(self) -> set[str | None]:
        """Agents whose id another owner's row holds; no repair touches their copies before that is settled."""
        return {conflict.agent_id for conflict in self._diagnosis.of("conflict")}

    def _titled(self, organization_id: str | None) -> str:
        """Return an organization's name and id, or the id alone."""
        name = self._names.get(organization_id or "")
        return f"{name} ({organization_id})" if name else organization_id or ""

    def _remedy(self, kind: Kind) -> str:
        """Return what repairs this kind, with an agent's real id in the command."""
        row = explained(kind)
        if kind == "orphan" and any(shapes.NO_ORPHAN in fact.value for fact in self._facts):
            return "nothing, while public.agents is no table and may hide the agent"
        first = next(self._diagnosis.of(kind), None) if row.stays == "unless its agent is allowed" else None
        return row.remedy.replace("<agent id>", first.agent_id or "") if first else row.remedy
