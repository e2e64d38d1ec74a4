"""What does a diagnosis tell somebody who has never seen this project?"""

import html
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

import pandas
from IPython.display import HTML, Image

from toolkit import cause, exposure, pictures, preflight, report, tables, verification
from toolkit.arrivals import LOST, fallen
from toolkit.cause import DEPLOYING, Cause
from toolkit.database import Pair
from toolkit.diagnosis import Diagnosis, diagnose
from toolkit.drift import Drift, drift
from toolkit.errors import ParameterError
from toolkit.exposure import Exposure, exposures, organization_names
from toolkit.identifiers import parse_uuid
from toolkit.kinds import explained
from toolkit.next_steps import next_steps
from toolkit.preflight import Fact
from toolkit.progress import progress
from toolkit.records import KINDS, Check, Finding, Kind, Reference
from toolkit.report import Report
from toolkit.settings import DiagnoseSettings

_LISTED = 5
_CONTENTS = {"threads": "conversations", "runs": "runs", "crons": "crons", "store_items": "memories", "assistants": "agents' tools",
             "public.checkpoints": "checkpoints", "public.store": "memories", "public.agents": "agents' tools"}  # fmt: skip
"""What people call what stands in a table."""


def look(pair: Pair, settings: DiagnoseSettings) -> "Overview":
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
    return Overview(settings, facts, diagnosis, why, checks, hit, names, drift(pair, diagnosis), exposures(pair, diagnosis))


class Overview:
    """All that a diagnosis tells. Shown, it is the verdict; a dot and Tab say what else there is to look at."""

    def __init__(
        self,
        settings: DiagnoseSettings,
        facts: Sequence[Fact],
        diagnosis: Diagnosis,
        cause: Cause,
        checks: Sequence[Check],
        hit: Counter[str],
        names: Mapping[str, str],
        drift: Drift,
        exposed: Sequence[Exposure],
    ) -> None:
        self._settings, self._facts, self._found, self._cause, self._hit = settings, facts, diagnosis, cause, hit
        self._checks, self._names, self._drift, self._exposed = checks, names, drift, exposed

    def __repr__(self) -> str:
        return repr(self.report)

    def _repr_html_(self) -> str:
        return self.report._repr_html_()

    @cached_property
    def report(self) -> Report:
        """The verdict, as `report.json` has it."""
        return report.diagnosed(self._settings, self._found, self._cause, self._checks)

    @cached_property
    def findings(self) -> pandas.DataFrame:
        """Every finding as a row, to filter, group and sort: a million of them take a gigabyte, so ask only when you look."""
        return pandas.DataFrame(list(map(report.finding_row, self._found.findings)), columns=list(report.FINDING_COLUMNS))

    def write(self) -> Report:
        """Write `report.json` and `findings.csv` into the report folder, if there is one; return the verdict."""
        return report.write(self._settings, self.report, self._found)

    def in_short(self) -> HTML:
        """Answer ten questions: what is broken, for whom, since when, and what now."""
        return tables.answers(
            {
                "What is broken?": self._broken(),
                "How many agents?": self._agents(),
                "Which organizations?": self._organizations(),
                "Since when?": self._cause.since or "No row tells.",
                "What do users see?": [f"{kind}: {explained(kind).users}." for kind in self._kinds_open()] or "Nothing unusual.",
                "What happens to conversations?": self._conversations(),
                "What comes next?": next_steps(self._settings, self._found, self._cause, self._exposed, is_one_database=self._is_one_database),
                **({"How is the fixed store deployed?": DEPLOYING} if self._cause.deploy_first else {}),
                "Can it be undone?": (
                    "This diagnosis changed nothing. A repair journals every row before it changes it, in the same transaction;"
                    f" `{self._settings.command_line('undo')}` lists the repairs, and says how one is taken back, agent by agent. It refuses, and"
                    " names, agents whose rows changed since (a sync writes them, too) or that have conversations which began after the repair:"
                    " hence the quiet hour, and the look with verify in it."
                ),
                "What will a repair leave, and why?": self._left(),
                "Can this be believed?": self._believed(),
            }
        )

    def _kinds_open(self) -> list[Kind]:
        return [kind for kind in KINDS if self._found.findings.count(kind, True)]

    def _broken(self) -> list[str]:
        counts = self._found.findings.count
        waiting = {"duplicate": f" {self._waiting:,} of them wait for a conflict."} if self._waiting else {}
        listed = [f"{kind}, {counts(kind, True):,}: {explained(kind).means}.{waiting.get(kind, '')}" for kind in self._kinds_open()]
        return listed or [*(self._cause.sentences if self._cause.deploy_first else ("Nothing.",))]

    @cached_property
    def _waiting(self) -> int:
        """How many copies are of agents whose id somebody else's row holds: no repair touches them before that is settled."""
        held = self._squatted
        return sum(each.agent_id in held for each in self._found.of("duplicate")) if held else 0

    @cached_property
    def _squatted(self) -> set[str | None]:
        """Agents whose id somebody else's row holds."""
        return {each.agent_id for each in self._found.of("conflict")}

    def _agents(self) -> str:
        lost = sum(self._hit.values())
        if not lost:
            return f"None of {self._found.agents:,}: every agent's id leads to its assistant."
        named = tables.named((each.name for each in fallen(self._found, *LOST)), lost, _LISTED)
        return f"{lost:,} of {self._found.agents:,} cannot be reached under their ids: {named}."

    def _organization(self, organization_id: str | None) -> str:
        name = self._names.get(organization_id or "")
        return f"{name} ({organization_id})" if name else organization_id or ""

    def _organizations(self) -> list[str]:
        fits = tables.fit(len(self._hit), _LISTED)
        lines = [f"{self._organization(id)}: {tables.counted(count, 'agent')}" for id, count in self._hit.most_common(fits)]
        more = len(self._hit) - fits
        return [*lines, *([f"and {more:,} more organizations"] if more > 0 else [])] or ["None."]

    def _conversations(self) -> list[str]:
        lines = []
        if named := self._referenced():
            listed = ", ".join(f"{what} {rows:,}" for what, rows in named.items())
            lines.append(f"These hang on copies of agents' assistants: {listed}. Nothing is lost: a repair moves them to the agent's own.")
        if held := sum(sum(each.evidence["conversations_of"].values()) for each in self._found.of("stray")):
            lines.append(
                f"{tables.counted(held, 'conversation')} ran on users' own bare assistants, though evidence gives them to an agent:"
                " their texts are there, the answers in them came without the agent's prompt, model and tools. A repair moves them to"
                " the agent, so that they go on with it."
            )
        if misrouted := self._found.counts["misrouted"]:
            stay = "it stays as it is" if misrouted == 1 else "they stay as they are"
            lines.append(f"{tables.counted(misrouted, 'conversation')} ran under another agent's id, and got what the row there says; {stay}.")
        lines += exposure.told(self._exposed, is_one_database=self._is_one_database)
        if self._found.unknown:
            lines.append(f"Unknown, since hidden from this role: {', '.join(self._found.unknown)}.")
        return lines or ["No conversation, cron or memory names a wrong assistant."]

    def _referenced(self) -> dict[str, int]:
        """Count what names a wrong assistant of an agent, by what people call it, the most first."""
        named: Counter[str] = Counter()
        for each in self._found.references:
            named[_CONTENTS[next(table for table in _CONTENTS if each.place.startswith(f"{table}."))]] += each.rows
        return dict(named.most_common())

    @property
    def _is_one_database(self) -> bool:
        return any(fact.value == "one database" for fact in self._facts if fact.name == "topology")

    def _left(self) -> list[str]:
        left: list[Kind] = [kind for kind in KINDS if self._found.counts[kind] and (kind in ("conflict", "stray") or self._noted(kind))]
        told = {kind: f"{self._found.counts[kind]:,}: {self._remedy(kind)}" for kind in left}
        if "drift" in told:
            told["drift"] = f"{self._found.counts['drift']:,} ({self._drift}): {self._remedy('drift')}"
        if "conflict" in told:
            told["conflict"] = f"{self._found.counts['conflict']:,}: look at it, as the steps above say"
        lines = [f"{kind}, {what}.{explained(kind).consequence}" for kind, what in told.items()]
        if self._waiting:
            lines.insert(1, f"duplicate, {self._waiting:,} of {self._found.counts['duplicate']:,}: they wait for their agents' conflicts, and go with them.")
        return lines or ["Nothing."]

    def _remedy(self, kind: Kind) -> str:
        """Tell what repairs it, with an agent's real id in the command."""
        first = next(iter(self._found.of(kind)), None) if kind == "conflict" else None
        return explained(kind).remedy.replace("<agent id>", first.agent_id or "") if first else explained(kind).remedy

    def _noted(self, kind: Kind) -> int:
        return self._found.findings.count(kind, False)

    def _believed(self) -> list[str]:
        lines = [
            "Yes. Every table that is compared was read as a whole, in one snapshot of each database: no row security, no replica,"
            " no missing grant; else this page would say REFUSED."
        ]
        if self._found.unknown:
            lines.append(f"But hidden from this role, so unknown: {', '.join(self._found.unknown)}.")
        lines += preflight.read_from(self._facts)
        asked = [f"{check.name}: {check.detail}." for check in self._checks if check.passed is not None]
        return [*lines, *(asked or ["The server itself was not asked (no --api-url): what users get is concluded from the tables."])]

    def round_trip(self) -> Image:
        """Draw the way of the agents' ids from Supabase to the front end, and where they fall out."""
        return pictures.round_trip(self._found)

    def why(self) -> HTML:
        """Tell the root cause."""
        return tables.answers({"Why?": self._cause.sentences or ("There is nothing to explain.",)})

    def kinds(self) -> HTML:
        """Count the findings, kind by kind."""
        rows = [
            {"kind": kind, "open": self._counted(kind, True), "noted": self._counted(kind, False), "means": explained(kind).means}
            for kind in KINDS if self._found.counts[kind]
        ]  # fmt: skip
        title = (
            f"{self._found.agents:,} agents and {self._found.assistants:,} assistants were compared. Each kind counts what its number says: an"
            " agent whose id is wrong counts once under wrong_id, and each further copy of it once more, as a row, under duplicate."
        )
        return tables.shown(rows, title)

    def _counted(self, kind: Kind, is_open: bool) -> str | None:
        count = self._found.findings.count(kind, is_open)
        return tables.counted(count, explained(kind).counts) if count else None

    def show(self, *kinds: Kind) -> HTML:
        """Show findings of these kinds: what each means for users, the first rows, and what repairs it."""
        unknown = [kind for kind in kinds if kind not in KINDS]
        if unknown:
            raise ParameterError(f"got kind {unknown[0]!r}; kinds are {', '.join(KINDS)}")
        found = [kind for kind in kinds if self._found.findings.rows(kind)]
        none = ", ".join(kind for kind in kinds if kind not in found)
        return HTML("".join(map(self._shown, found)) + (f"<p>{none}: none.</p>" if none else ""))

    def _shown(self, kind: Kind) -> str:
        text, total = explained(kind), self._found.findings.rows(kind)
        rows, same = _without_same([self._row(finding) for finding in islice(self._found.of(kind), tables.fit(total))], "state", "link")
        users, remedy = html.escape(text.users), html.escape(self._remedy(kind))
        each = f"<br>Each of these: {html.escape(', '.join(same))}." if same else ""
        title = f"<b>{kind}</b>: {text.means}.<br>Users: {users}.<br>What repairs it: {remedy}.{each}"
        return tables.shown(rows, title, total).data or ""

    def _row(self, finding: Finding) -> dict[str, Any]:
        canonical = finding.evidence.get("canonical_id")
        told = {name: value for name, value in finding.evidence.items() if name != "canonical_id" and (name, value) != ("kept_id", canonical)}
        if "differs" in told:
            differs = told.pop("differs")
            told |= {} if finding.agent_id in self._squatted else {"differs_from_the_kept_row": differs}  # no copy is kept there
        evidence = {name.replace("_", " "): tables.readable(name, value) for name, value in told.items()}
        return {
            "agent": finding.agent_name,
            "agent id": finding.agent_id,
            "organization": self._names.get(finding.organization_id or "", finding.organization_id),
            "assistant id": finding.assistant_id,
            "state": "open" if finding.is_open else "noted",
            "count": finding.count if finding.count > 1 else None,
            **evidence,
            "settings": self._drift.settings.get(finding.assistant_id or "") if finding.kind == "drift" else None,
        }

    def timeline(self) -> Image | None:
        """Draw when assistants with wrong ids appeared: every restart of the broken server adds one for each agent."""
        return pictures.timeline(self._found)

    def by_organization(self) -> Image | None:
        """Draw how many agents of each organization cannot be reached."""
        return pictures.bars({self._organization(id): count for id, count in self._hit.most_common(tables.SHOWN_ROWS)}, len(self._hit))

    def blast_radius(self) -> HTML:
        """Show, agent by agent, how many rows of every place name a wrong assistant. What is hidden is unknown, not zero."""
        rows: dict[str, dict[str, Any]] = {}
        for each in self._found.references:
            agent = {"agent": each.agent_name, "organization": self._organization(each.organization_id), "since": None}
            row = rows.setdefault(each.agent_id or "", agent)
            row[each.place] = row.get(each.place, 0) + each.rows
            row["since"] = min(filter(None, (row["since"], each.since)), default=None)
        listed = [{**row, "since": row["since"] and tables.moment(row["since"])} for row in islice(rows.values(), tables.fit(len(rows)))]
        table = tables.shown(listed, "Rows that name a wrong assistant of the agent, by the place they stand in.", len(rows)).data
        unknown = f"<p><b>Unknown</b>, hidden from this role: {', '.join(self._found.unknown)}.</p>" if self._found.unknown else ""
        return HTML(f"{table}{unknown}")

    def believed(self) -> HTML:
        """Show what was found before anything was compared: servers, roles, poolers, clocks, triggers."""
        rows = [{"side": fact.side, "what": ("⚠ " if fact.is_warning else "") + fact.name, "found": fact.value} for fact in self._facts]
        return tables.shown(rows, "Every table was read as a whole: no row security, no replica, no missing grant.")

    def next_command(self) -> HTML:
        """Show the command that comes next, to copy."""
        if not self._found.open and not self._cause.deploy_first:
            return tables.command(self._settings.command_line("verify"), "Nothing is open. To prove that it holds:")
        if not self._cause.deploy_first:
            return tables.command(self._settings.command_line("repair"), "To see the plan of a repair:")
        again = self._settings.command_line("diagnose") if self._found.open else report.verify_command(self._settings)
        return tables.command(again, "Once the fixed store is deployed:")

    def agent(self, agent: str) -> HTML:
        """Show everything about one agent: findings, what names its wrong assistants, how to repair it alone.

        Args:
            agent: its id in any spelling, or its name.
        """
        wanted = str(parse_uuid(agent) or "") or agent
        found = [each for each in self._found.findings if wanted in (each.agent_id, each.agent_name)]
        named = [each for each in self._found.references if wanted in (each.agent_id, each.agent_name)]
        if not found and not named:
            none = f"No finding names agent {agent!r}: its id leads to its assistant, or it is not in scope."
            return HTML(tables.banner(True, "nothing found", none))
        ids = sorted({each.agent_id for each in (*found, *named) if each.agent_id})
        parts = [tables.shown([{"kind": each.kind, **self._row(each)} for each in found], "<b>Findings</b>"), _references(named)]
        parts += [tables.command(f"{self._settings.command_line('repair')} --only {id}", "To see the repair of this agent alone:") for id in ids]
        return HTML("".join(part.data or "" for part in parts))


def _without_same(rows: list[dict[str, Any]], *columns: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Take away columns that say the same in every row, and tell what they say."""
    values = {column: {row.get(column) for row in rows} for column in columns}
    same = {column: str(*found) for column, found in values.items() if len(found) == 1 and found != {None}}
    return [{name: value for name, value in row.items() if name not in same} for row in rows], list(same.values())


def _references(named: Sequence[Reference]) -> HTML:
    rows = [{"place": each.place, "names": each.assistant_id, "rows": each.rows, "since": each.since and tables.moment(each.since)} for each in named]
    return tables.shown(rows, "<b>What names its wrong assistants</b>")
