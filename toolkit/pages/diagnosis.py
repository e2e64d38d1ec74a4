"""The diagnosis page."""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from html import escape
from itertools import islice
from typing import Any

import pandas
from IPython.display import HTML, Image

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
from toolkit.pages import charts, html, report, verdicts
from toolkit.pages.charts import fallen
from toolkit.pages.diagnosis_answers import DiagnosisAnswers
from toolkit.pages.report import Report
from toolkit.progress import progress
from toolkit.settings import DiagnoseSettings


def look(pair: Pair, settings: DiagnoseSettings) -> "DiagnosisPage":
    """Compare every agent in scope with its assistant, ask why, and ask the server if one is named. Reads only.

    Raises:
        UnbelievableReadError: if what the role can see is not the whole truth.
        ForeignPairError: if the two databases are hardly a pair.
        ParameterError: if the token's variable is not set.
    """
    facts = preflight.facts(pair)
    diagnosis = diagnose(pair, settings.agents_in_scope)
    checks = verification.over_http(pair, settings, progress)
    hit = Counter(each.organization_id for each in fallen(diagnosis, *LOST))
    why, names = cause.explain(pair, diagnosis, checks), organization_names(pair, hit)
    return DiagnosisPage(
        DiagnosisAnswers(
            settings, facts, diagnosis, why, checks, hit, names, drift(pair, diagnosis), exposures(pair, diagnosis)
        )
    )


class DiagnosisPage:
    """All that a diagnosis tells. Shown, it is the verdict; a dot and Tab say what else there is to look at."""

    def __init__(self, told: DiagnosisAnswers) -> None:
        self._told = told

    def __repr__(self) -> str:
        return repr(self.report)

    def _repr_html_(self) -> str:
        return self.report._repr_html_()

    @cached_property
    def report(self) -> Report:
        """The verdict, as `report.json` has it."""
        return verdicts.diagnosed(self._told.settings, self._told.diagnosis, self._told.cause, self._told.checks)

    @cached_property
    def findings(self) -> pandas.DataFrame:
        """Every finding as a row, to filter, group and sort: a million of them take a gigabyte, so ask only when you look."""
        return pandas.DataFrame(
            list(map(report.finding_row, self._told.diagnosis.findings)), columns=list(report.FINDING_COLUMNS)
        )

    def in_short(self) -> HTML:
        """Answer ten questions: what is broken, for whom, since when, and what now."""
        return html.answers(self._told.answers())

    def write(self) -> Report:
        """Write `report.json` and `findings.csv` into the report folder, if there is one; return the verdict."""
        return report.write(self._told.settings, self.report, self._told.diagnosis)

    def round_trip(self) -> Image:
        """Draw the way of the agents' ids from Supabase to the front end, and where they fall out."""
        return charts.round_trip(self._told.diagnosis)

    def why(self) -> HTML:
        """Tell the root cause."""
        return html.answers({"Why?": self._told.cause.sentences or ("There is nothing to explain.",)})

    def kinds(self) -> HTML:
        """Count the findings, kind by kind."""
        rows = [
            {"kind": kind, "open": self._counted(kind, True), "noted": self._counted(kind, False), "means": explained(kind).means}
            for kind in KINDS if self._told.diagnosis.counts[kind]
        ]  # fmt: skip
        title = (
            f"{self._told.diagnosis.agents:,} agents and {self._told.diagnosis.assistants:,} assistants were compared. Each kind counts what its number says: an"
            " agent whose id is wrong counts once under wrong_id, and each further copy of it once more, as a row, under duplicate."
        )
        return html.shown(rows, title)

    def _counted(self, kind: Kind, is_open: bool) -> str | None:
        count = self._told.diagnosis.findings.count(kind, is_open)
        return phrases.counted(count, explained(kind).unit) if count else None

    def show(self, *kinds: Kind) -> HTML:
        """Show findings of these kinds: what each means for users, the first rows, and what repairs it."""
        unknown = [kind for kind in kinds if kind not in KINDS]
        if unknown:
            raise ParameterError(f"got kind {unknown[0]!r}; kinds are {', '.join(KINDS)}")
        found = [kind for kind in kinds if self._told.diagnosis.findings.rows(kind)]
        none = ", ".join(kind for kind in kinds if kind not in found)
        return HTML("".join(map(self._shown, found)) + (f"<p>{none}: none.</p>" if none else ""))

    def _shown(self, kind: Kind) -> str:
        text, total = explained(kind), self._told.diagnosis.findings.rows(kind)
        rows, same = _without_same(
            [self._row(finding) for finding in islice(self._told.diagnosis.of(kind), phrases.fit(total))],
            "state",
            "link",
        )
        users, remedy = escape(text.users), escape(self._told.remedy(kind))
        each = f"<br>Each of these: {escape(', '.join(same))}." if same else ""
        title = f"<b>{kind}</b>: {text.means}.<br>Users: {users}.<br>What repairs it: {remedy}.{each}"
        return html.shown(rows, title, total).data or ""

    def _row(self, finding: Finding) -> dict[str, Any]:
        canonical = finding.evidence.get("canonical_id")
        told = {
            name: value
            for name, value in finding.evidence.items()
            if name != "canonical_id" and (name, value) != ("kept_id", canonical)
        }
        if "differs" in told:
            differs = told.pop("differs")
            told |= (
                {} if finding.agent_id in self._told.squatted else {"differs_from_the_kept_row": differs}
            )  # no copy is kept there
        evidence = {name.replace("_", " "): html.readable(name, value) for name, value in told.items()}
        return {
            "agent": finding.agent_name,
            "agent id": finding.agent_id,
            "organization": self._told.names.get(finding.organization_id or "", finding.organization_id),
            "assistant id": finding.assistant_id,
            "state": "open" if finding.is_open else "noted",
            "count": finding.count if finding.count > 1 else None,
            **evidence,
            "settings": self._told.drift.settings.get(finding.assistant_id or "") if finding.kind == "drift" else None,
        }

    def timeline(self) -> Image | None:
        """Draw when assistants with wrong ids appeared: every restart of the broken server adds one for each agent."""
        return charts.timeline(self._told.diagnosis)

    def by_organization(self) -> Image | None:
        """Draw how many agents of each organization cannot be reached."""
        return charts.bars(
            {self._told.organization(id): count for id, count in self._told.hit.most_common(phrases.SHOWN_ROWS)},
            len(self._told.hit),
        )

    def blast_radius(self) -> HTML:
        """Show, agent by agent, how many rows of every place name a wrong assistant. What is hidden is unknown, not zero."""
        rows: dict[str, dict[str, Any]] = {}
        for each in self._told.diagnosis.references:
            agent = {
                "agent": each.agent_name,
                "organization": self._told.organization(each.organization_id),
                "since": None,
            }
            row = rows.setdefault(each.agent_id or "", agent)
            row[each.place] = row.get(each.place, 0) + each.rows
            row["since"] = min(filter(None, (row["since"], each.since)), default=None)
        listed = [
            {**row, "since": row["since"] and phrases.moment(row["since"])}
            for row in islice(rows.values(), phrases.fit(len(rows)))
        ]
        table = html.shown(
            listed, "Rows that name a wrong assistant of the agent, by the place they stand in.", len(rows)
        ).data
        unknown = (
            f"<p><b>Unknown</b>, hidden from this role: {', '.join(self._told.diagnosis.unknown)}.</p>"
            if self._told.diagnosis.unknown
            else ""
        )
        return HTML(f"{table}{unknown}")

    def believed(self) -> HTML:
        """Show what was found before anything was compared: servers, roles, poolers, clocks, triggers."""
        rows = [
            {"side": fact.side, "what": ("⚠ " if fact.is_warning else "") + fact.name, "found": fact.value}
            for fact in self._told.facts
        ]
        return html.shown(rows, "Every table was read as a whole: no row security, no replica, no missing grant.")

    def next_command(self) -> HTML:
        """Show the command that comes next, to copy."""
        if not self._told.diagnosis.open and not self._told.cause.deploy_first:
            return html.command(self._told.settings.command_line("verify"), "Nothing is open. To prove that it holds:")
        if not self._told.cause.deploy_first:
            return html.command(self._told.settings.command_line("repair"), "To see the plan of a repair:")
        again = (
            self._told.settings.command_line("diagnose")
            if self._told.diagnosis.open
            else verdicts.verify_command(self._told.settings)
        )
        return html.command(again, "Once the fixed store is deployed:")

    def agent(self, agent: str) -> HTML:
        """Show everything about one agent: findings, what names its wrong assistants, how to repair it alone.

        Args:
            agent: its id in any spelling, or its name.
        """
        wanted = str(parse_uuid(agent) or "") or agent
        found = [each for each in self._told.diagnosis.findings if wanted in (each.agent_id, each.agent_name)]
        named = [each for each in self._told.diagnosis.references if wanted in (each.agent_id, each.agent_name)]
        if not found and not named:
            none = f"No finding names agent {agent!r}: its id leads to its assistant, or it is not in scope."
            return HTML(html.banner(True, "nothing found", none))
        rows: list[Finding | Reference] = [*found, *named]
        ids = sorted({each.agent_id for each in rows if each.agent_id})
        parts = [
            html.shown([{"kind": each.kind, **self._row(each)} for each in found], "<b>Findings</b>"),
            _references(named),
        ]
        parts += [
            html.command(
                f"{self._told.settings.command_line('repair')} --only {id}", "To see the repair of this agent alone:"
            )
            for id in ids
        ]
        return HTML("".join(part.data or "" for part in parts))


def _without_same(rows: list[dict[str, Any]], *columns: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Take away columns that say the same in every row, and tell what they say."""
    values = {column: {row.get(column) for row in rows} for column in columns}
    same = {column: str(*found) for column, found in values.items() if len(found) == 1 and found != {None}}
    return [{name: value for name, value in row.items() if name not in same} for row in rows], list(same.values())


def _references(named: Sequence[Reference]) -> HTML:
    rows = [
        {
            "place": each.place,
            "names": each.assistant_id,
            "rows": each.rows,
            "since": each.since and phrases.moment(each.since),
        }
        for each in named
    ]
    return html.shown(rows, "<b>What names its wrong assistants</b>")
