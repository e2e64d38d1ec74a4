"""The diagnosis page."""

from collections import Counter
from collections.abc import Sequence, Set
from html import escape
from itertools import islice
from typing import Any

from toolkit import phrases
from toolkit.catalog import preflight
from toolkit.catalog.kinds import KINDS, LOST, Kind, explained
from toolkit.database.connection import Pair
from toolkit.diagnosis import cause, verification
from toolkit.diagnosis.diagnose import diagnose
from toolkit.diagnosis.drift import drift
from toolkit.diagnosis.exposure import exposures, organization_names
from toolkit.diagnosis.findings import Finding, Reference
from toolkit.errors import ParameterError
from toolkit.identifiers import parse_uuid
from toolkit.pages import charts, html, verdicts, words
from toolkit.pages.charts import fallen
from toolkit.pages.diagnosis_answers import DiagnosisAnswers
from toolkit.pages.frames import Frames
from toolkit.pages.html import HTML, Image
from toolkit.pages.result import section
from toolkit.progress import progress
from toolkit.settings import DiagnoseSettings


def look(pair: Pair, settings: DiagnoseSettings) -> "DiagnosisPage":
    """Compare every agent in scope with its assistant, and ask the server if one is named. Reads only.

    Raises:
        UnbelievableReadError: if what the role can see is not the whole truth.
        ForeignPairError: if the two databases are hardly a pair.
        ParameterError: if the token's variable is not set.
    """
    facts = preflight.facts(pair)
    diagnosis = diagnose(pair, settings.agents_in_scope)
    checks = verification.over_http(pair, settings, progress, diagnosis)
    unreached = Counter(agent.organization_id for agent in fallen(diagnosis, *LOST))
    grounds = (cause.explain(pair, diagnosis, checks), checks, unreached, organization_names(pair))
    differing = (drift(pair, diagnosis), exposures(pair, diagnosis))
    return DiagnosisPage(DiagnosisAnswers(settings, facts, diagnosis, *grounds, *differing))


class DiagnosisPage(Frames):
    """A diagnosis."""

    def __init__(self, facts: DiagnosisAnswers) -> None:
        super().__init__(facts.settings, facts.diagnosis, facts.names)
        self._facts = facts
        unlike = [fact.value for fact in facts.facts if fact.name == "table"]
        self.report = verdicts.diagnosed(facts.settings, facts.diagnosis, facts.cause, facts.checks, unlike)

    @section
    def in_short(self) -> HTML:
        """Answer ten questions: what is broken, for whom, since when, and what now."""
        return html.answers(self._facts.answers())

    @section
    def round_trip(self) -> Image:
        """Draw the way of the agents' ids from Supabase to the front end, and where they fall out."""
        return charts.round_trip(self._diagnosis)

    @section
    def why(self) -> HTML:
        """Show the root cause."""
        sentences = words.lines("cause", {"cause": self._facts.cause})
        return html.answers({"Why?": sentences or "There is nothing to explain."})

    @section
    def kinds(self) -> HTML:
        """Count the findings, kind by kind."""
        rows = [
            {
                "kind": kind,
                "open": self._counted(kind, True),
                "noted": self._counted(kind, False),
                "means": explained(kind).means,
            }
            for kind in KINDS
            if self._diagnosis.counts[kind]
        ]
        (title,) = words.lines("kinds", {"diagnosis": self._diagnosis})
        return html.shown(rows, title)

    def _counted(self, kind: Kind, is_open: bool) -> str | None:
        count = self._diagnosis.findings.count(kind, is_open)
        return phrases.counted(count, explained(kind).unit) if count else None

    @section
    def show(self, *kinds: Kind) -> HTML:
        """Show findings of these kinds: what each means for users, the first rows, and what repairs it."""
        if unknown := [kind for kind in kinds if kind not in KINDS]:
            raise ParameterError(f"got kind {unknown[0]!r}; kinds are {', '.join(KINDS)}")
        found = [kind for kind in kinds if self._diagnosis.findings.rows(kind)]
        none = ", ".join(kind for kind in kinds if kind not in found)
        return HTML("".join(map(self._shown, found)) + (f"<p>{none}: none.</p>" if none else ""))

    def _shown(self, kind: Kind) -> str:
        total = self._diagnosis.findings.rows(kind)
        first = islice(self._diagnosis.of(kind), phrases.fit(total))
        rows, same = _without_same(list(map(self._row, first)), "state", "link")
        users, remedy = escape(explained(kind).users), escape(self._facts.remedy(kind))
        shared = f"<br>Each of these: {escape(', '.join(same))}." if same else ""
        title = f"<b>{kind}</b>: {explained(kind).means}.<br>Users: {users}.<br>What repairs it: {remedy}.{shared}"
        return html.shown(rows, title, total).data

    def _row(self, finding: Finding) -> dict[str, Any]:
        evidence = dict(finding.evidence)
        canonical = evidence.pop("canonical_id", None)
        if "kept_id" in evidence and evidence["kept_id"] == canonical:
            del evidence["kept_id"]
        differs = evidence.pop("differs", None)
        if "differs" in finding.evidence and finding.agent_id not in self._facts.squatted:  # else no copy is kept
            evidence["differs_from_the_kept_row"] = differs
        return {
            "agent": finding.agent_name,
            "agent id": finding.agent_id,
            "organization": self._facts.names.get(finding.organization_id or "", finding.organization_id),
            "assistant id": finding.assistant_id,
            "state": "open" if finding.is_open else "noted",
            "count": finding.count if finding.count > 1 else None,
            **{name.replace("_", " "): html.readable(name, value) for name, value in evidence.items()},
            "settings": self._facts.drift.settings.get(finding.assistant_id or "") if finding.kind == "drift" else None,
        }

    @section
    def timeline(self) -> Image | None:
        """Draw when assistants with wrong ids appeared: every restart of the broken server adds one for each agent."""
        return charts.timeline(self._diagnosis)

    @section
    def by_organization(self) -> Image | None:
        """Draw how many agents of each organization cannot be reached."""
        most = self._facts.unreached.most_common(phrases.SHOWN_ROWS)
        return charts.bars({self._facts.organization(id): count for id, count in most}, len(self._facts.unreached))

    @section
    def blast_radius(self) -> HTML:
        """Show how many rows of each place name a wrong assistant of each agent; a hidden place is unknown."""
        rows: dict[str, dict[str, Any]] = {}
        for reference in self._diagnosis.references:
            organization = self._facts.organization(reference.organization_id)
            agent = {"agent": reference.agent_name, "organization": organization, "since": None}
            row = rows.setdefault(reference.agent_id or "", agent)
            row[reference.place] = row.get(reference.place, 0) + reference.rows
            row["since"] = min(filter(None, (row["since"], reference.since)), default=None)
        listed = [row | {"since": _moment(row["since"])} for row in islice(rows.values(), phrases.fit(len(rows)))]
        title = "Rows that name a wrong assistant of the agent, by the place they stand in."
        table = html.shown(listed, title, len(rows)).data
        unknown = ", ".join(self._diagnosis.unknown)
        return HTML(f"{table}<p><b>Unknown</b>, since they cannot be read: {unknown}.</p>" if unknown else table)

    @section
    def believed(self) -> HTML:
        """Show what was found before anything was compared: servers, roles, poolers, clocks, triggers."""
        rows = [
            {"side": fact.side, "what": ("⚠ " if fact.is_warning else "") + fact.name, "found": fact.value}
            for fact in self._facts.facts
        ]
        return html.shown(rows, "Every table was read as a whole: no row security, no replica, no missing grant.")

    @section
    def next_command(self) -> HTML:
        """Show the command that comes next, to copy."""
        command_line = self.settings.command_line
        if self._facts.cause.deploy_first:
            again = command_line("diagnose") if self._diagnosis.open else verdicts.verify_command(self.settings)
            return html.command(again, "Once the fixed store is deployed:")
        if self._diagnosis.open:
            return html.command(command_line("repair"), "To see the plan of a repair:")
        return html.command(command_line("verify"), "Nothing is open. To prove that it holds:")

    @section
    def agent(self, agent: str) -> HTML:
        """Show everything about one agent: findings, what names its wrong assistants, how to repair it alone.

        Args:
            agent: its id in any spelling, or its name. One without findings is looked for in Supabase now.

        Raises:
            ParameterError: if there is no such agent; it names those that are spelled much like it.
        """
        wanted = str(parse_uuid(agent) or "") or agent
        rows: list[Finding | Reference] = [*self._diagnosis.findings, *self._diagnosis.references]
        in_scope, ids = True, {row.agent_id or "" for row in rows if wanted in (row.agent_id, row.agent_name)}
        if not ids:
            ids, in_scope = self._ids_of(wanted)
        rows = [row for row in rows if row.agent_id in ids or (isinstance(row, Finding) and _talks(row, ids))]
        if not rows:
            none = "its id leads to its assistant" if in_scope else "it is not in scope, so it was not compared"
            return HTML(html.banner(in_scope or None, "nothing found", f"No finding names agent {agent!r}: {none}."))
        findings = [row for row in rows if isinstance(row, Finding)]
        references = [row for row in rows if isinstance(row, Reference)]
        repair = f"{self.settings.command_line('repair')} --only"
        parts = [
            html.shown([{"kind": row.kind, **self._row(row)} for row in findings], "<b>Findings</b>"),
            _references(references),
            *(
                html.command(f"{repair} {id}", "To see the repair of this agent alone:")
                for id in sorted(filter(None, ids))
            ),
        ]
        return HTML("".join(part.data for part in parts))


def _without_same(rows: list[dict[str, Any]], *columns: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Remove those of these columns that have one value in all rows; return the rows and these values."""
    values = {column: {row.get(column) for row in rows} for column in columns}
    same = {column: str(*found) for column, found in values.items() if len(found) == 1 and found != {None}}
    return [{name: value for name, value in row.items() if name not in same} for row in rows], list(same.values())


def _talks(finding: Finding, agent_ids: Set[str]) -> bool:
    """Return whether one of these agents has conversations on the row."""
    return not agent_ids.isdisjoint(finding.evidence.get("conversations_of", ()))


def _moment(time: Any) -> str | None:
    return time and phrases.moment(time)


def _references(references: Sequence[Reference]) -> HTML:
    rows = [
        {"place": row.place, "names": row.assistant_id, "rows": row.rows, "since": _moment(row.since)}
        for row in references
    ]
    return html.shown(rows, "<b>What names its wrong assistants</b>")
