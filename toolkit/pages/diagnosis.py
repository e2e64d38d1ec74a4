"""The diagnosis page."""

from collections import Counter
from functools import cached_property
from html import escape
from itertools import chain, count, islice
from typing import Any

from toolkit import phrases
from toolkit.catalog import preflight
from toolkit.catalog.kinds import HELD, KINDS, LOST, Kind, explained
from toolkit.catalog.places import CONTENTS
from toolkit.database import shapes
from toolkit.database.connection import Pair
from toolkit.diagnosis import cause, exposure, verification
from toolkit.diagnosis.drift import drift
from toolkit.diagnosis.findings import Finding, Reference
from toolkit.errors import ParameterError
from toolkit.identifiers import parse_uuid
from toolkit.pages import charts, html, verdicts, words
from toolkit.pages.charts import fallen
from toolkit.pages.frames import Frames
from toolkit.pages.html import HTML, Image
from toolkit.pages.result import section
from toolkit.progress import progress
from toolkit.settings import DiagnoseSettings

_LISTED = 5


class DiagnosisPage(Frames):
    """A diagnosis, with the server's answers if it is named."""

    def __init__(self, pair: Pair, settings: DiagnoseSettings) -> None:
        self._facts, self._is_one_database = preflight.facts(pair), pair.is_one_database
        super().__init__(pair, settings)
        diagnosis = self._diagnosis
        self._checks = verification.over_http(pair, settings, progress, diagnosis)
        self._unreached = Counter(agent.organization_id or "" for agent in fallen(diagnosis, *LOST))
        """Agents of each organization that cannot be reached."""
        self._cause = cause.explain(pair, diagnosis, self._checks)
        self._drift, self._exposed = drift(pair, diagnosis), exposure.exposures(pair, diagnosis)
        unlike = [fact.value for fact in self._facts if fact.name == "table"]
        self.report = verdicts.diagnosed(settings, diagnosis, self._cause, self._checks, unlike)

    @section
    def in_short(self) -> HTML:
        """Answer ten questions: what is broken, for whom, since when, and what now."""
        diagnosis, counts, found = self._diagnosis, self._diagnosis.counts, self._diagnosis.findings.count
        copies = diagnosis.of("duplicate") if self._squatted else ()
        exposure_lines, exposure_query = exposure.told(self._exposed, is_one_database=self._is_one_database)
        facts = {
            "settings": self.settings,
            "facts": self._facts,
            "diagnosis": diagnosis,
            "cause": self._cause,
            "checks": self._checks,
            "drift": self._drift,
            "exposed": self._exposed,
            "unreached": self._unreached,
            "counts": counts,
            "open_kinds": [kind for kind in KINDS if found(kind, True)],
            "waiting": sum(row.agent_id in self._squatted for row in copies),
            "lost": self._unreached.total(),
            "unopened": found("missing", False),
            "lost_agents": fallen(diagnosis, *LOST),
            "fits": phrases.fit(len(self._unreached), _LISTED),
            "referenced": self._referenced(),
            "on_bare_rows": self._on_bare_rows(),
            "exposure_lines": exposure_lines,
            "exposure_query": exposure_query,
            "is_one_database": self._is_one_database,
            "left": [kind for kind in KINDS if (counts[kind] if explained(kind).stays else found(kind, False))],
            "databases_read": preflight.databases_read(self._facts),
            "number": count(1).__next__,
            "held": [kind for kind in HELD if counts[kind]],
            "conflict": next(diagnosis.of("conflict"), None),
            "conflict_query": self._conflict_query(),
        }
        functions = {"explained": explained, "organization": self._titled, "remedy": self._remedy}
        commands = {"command": self.settings.command_line, "verify_command": verdicts.verify_command(self.settings)}
        return html.answers(words.answers("diagnosis", facts | functions | commands | {"listed": _LISTED}))

    @section
    def round_trip(self) -> Image:
        """Draw the way of the agents' ids from Supabase to the front end, and where they fall out."""
        return charts.round_trip(self._diagnosis)

    @section
    def why(self) -> HTML:
        """Show the root cause."""
        sentences = words.answers("cause", {"cause": self._cause})
        return html.answers({"Why?": sentences.get("", "There is nothing to explain.")})

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
        """Show findings of these kinds, or all: what each means for users, the first rows, and what repairs it."""
        kinds = kinds or KINDS
        if unknown := [kind for kind in kinds if kind not in KINDS]:
            raise ParameterError(f"got kind {unknown[0]!r}; kinds are {', '.join(KINDS)}")
        found = [kind for kind in kinds if self._diagnosis.findings.rows(kind)]
        none = ", ".join(kind for kind in kinds if kind not in found)
        return HTML("".join(map(self._shown, found)) + (f"<p>{none}: none.</p>" if none else ""))

    def _shown(self, kind: Kind) -> str:
        total = self._diagnosis.findings.rows(kind)
        first = islice(self._diagnosis.of(kind), phrases.fit(total))
        rows, same = _without_same(list(map(self._row, first)), "state", "link")
        users, remedy = escape(explained(kind).users), escape(self._remedy(kind))
        shared = f"<br>Each of these: {escape(', '.join(same))}." if same else ""
        title = f"<b>{kind}</b>: {explained(kind).means}.<br>Users: {users}.<br>What repairs it: {remedy}.{shared}"
        return html.shown(rows, title, total).data

    def _row(self, finding: Finding) -> dict[str, Any]:
        evidence = dict(finding.evidence)
        canonical = evidence.pop("canonical_id", None)
        if "kept_id" in evidence and evidence["kept_id"] == canonical:
            del evidence["kept_id"]
        differs = evidence.pop("differs", None)
        if "differs" in finding.evidence and finding.agent_id not in self._squatted:  # else no copy is kept
            evidence["differs_from_the_kept_row"] = differs
        return {
            "agent": finding.agent_name,
            "agent id": finding.agent_id,
            "organization": self._organization(finding.organization_id),
            "assistant id": finding.assistant_id,
            "state": "open" if finding.is_open else "noted",
            "count": finding.count if finding.count > 1 else None,
            **{name.replace("_", " "): html.readable(name, value) for name, value in evidence.items()},
            "settings": self._drift.settings.get(finding.assistant_id or "") if finding.kind == "drift" else None,
        }

    @section
    def timeline(self) -> Image | None:
        """Draw when assistants with wrong ids appeared: every restart of the broken server adds one for each agent."""
        return charts.timeline(self._diagnosis)

    @section
    def by_organization(self) -> Image | None:
        """Draw how many agents of each organization cannot be reached."""
        most = self._unreached.most_common(phrases.SHOWN_ROWS)
        return charts.bars(dict(most), self._names, len(self._unreached))

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
        title = "Rows that name a wrong assistant of the agent, by the place they stand in."
        table = html.shown(rows.values(), title, len(rows)).data
        unknown = ", ".join(self._diagnosis.unknown)
        return HTML(f"{table}<p><b>Unknown</b>, since they cannot be read: {unknown}.</p>" if unknown else table)

    @section
    def believed(self) -> HTML:
        """Show what was found before anything was compared: servers, roles, poolers, clocks, triggers."""
        rows = [
            {"side": fact.side, "what": ("⚠ " if fact.is_warning else "") + fact.name, "found": fact.value}
            for fact in self._facts
        ]
        return html.shown(rows, "Every table was read as a whole: no row security, no replica, no missing grant.")

    @section
    def next_command(self) -> HTML:
        """Show the command that comes next, to copy."""
        command_line = self.settings.command_line
        if self._cause.deploy_first:
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
            return HTML(html.banner(in_scope or None, "nothing found", f"No finding names agent {agent!r}: {none}."))
        naming = [
            {"place": row.place, "names": row.assistant_id, "rows": row.rows, "since": row.since} for row in references
        ]
        repair = f"{self.settings.command_line('repair')} --only"
        parts = [
            html.shown([{"kind": row.kind, **self._row(row)} for row in findings], "<b>Findings</b>"),
            html.shown(naming, "<b>What names its wrong assistants</b>"),
            *(html.command(f"{repair} {id}", "To see the repair of this agent alone:") for id in sorted(ids - {""})),
        ]
        return HTML("".join(part.data for part in parts))

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

    def _on_bare_rows(self) -> Counter[str]:
        """Return how many conversations and crons stand on users' rows, by the name of their evidence."""
        held: Counter[str] = Counter()
        for row in self._diagnosis.of("stray"):
            held["conversations"] += sum(row.evidence["conversations_of"].values())
            held["crons"] += sum(row.evidence.get("crons_of", {}).values())
            held["undecided_crons"] += row.evidence.get("undecided_crons", 0)
        return +held

    def _referenced(self) -> list[tuple[str, int]]:
        """Return how many `runs`, `crons` and so on name a wrong assistant, the most first."""
        named: Counter[str] = Counter()
        for reference in self._diagnosis.references:
            named[CONTENTS[reference.place]] += reference.rows
        return named.most_common()

    def _conflict_query(self) -> str | None:
        """Return the query of the first conflict's row; None where the query of possible exposure shows that row."""
        first = next(self._diagnosis.of("conflict"), None)
        if first is None:
            return None
        row = first.assistant_id or first.agent_id or ""
        if row in {exposed.assistant_id for exposed in self._exposed}:
            return None
        return exposure.query([row], is_one_database=self._is_one_database)


def _without_same(rows: list[dict[str, Any]], *columns: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Remove those of these columns that have one value in all rows; return the rows and these values."""
    values = {column: {row.get(column) for row in rows} for column in columns}
    same = {column: str(*found) for column, found in values.items() if len(found) == 1 and found != {None}}
    return [{name: value for name, value in row.items() if name not in same} for row in rows], list(same.values())
