"""What does a diagnosis tell somebody who has never seen this project?"""

import html
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

import pandas
from IPython.display import HTML, Image

from toolkit import cause, exposure, pictures, preflight, report, sql, tables, verification
from toolkit.arrivals import LOST, fallen
from toolkit.cause import DEPLOYING, Cause
from toolkit.database import Pair
from toolkit.diagnosis import Diagnosis, diagnose
from toolkit.errors import ParameterError
from toolkit.identifiers import parse_uuid
from toolkit.kinds import explained
from toolkit.preflight import Fact
from toolkit.progress import progress
from toolkit.records import KINDS, Check, Finding, Kind, Reference
from toolkit.report import Report
from toolkit.settings import DiagnoseSettings

_LISTED = 5
_ROW_TO_LOOK_AT = (
    "SELECT id, metadata->>'owner' AS owner, name, graph_id, created_at, (SELECT count(*) FROM langgraph_server.runs WHERE assistant_id ="
    " assistants.id) AS runs FROM langgraph_server.assistants WHERE id = '{id}'"
)
"""For a person to paste; the toolkit never runs it."""
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
    drifted = verification.differing_settings(pair, diagnosis, tables.SHOWN_ROWS)
    why, exposed = cause.explain(pair, diagnosis, checks), exposure.exposures(pair, diagnosis)
    return Overview(settings, facts, diagnosis, why, checks, hit, organization_names(pair, list(hit)), drifted, exposed)


def organization_names(pair: Pair, organization_ids: Sequence[str]) -> dict[str, str]:
    """Tell what organizations are called, as far as this role may know."""
    place: dict[str, Any] = {"names": ["organizations"], "schemas": ["public"], "tables": ["organizations"], "columns": ["name"]}
    there = pair.supabase.execute(sql.statement("present_places"), place).fetchall()
    if not there or pair.supabase.execute(sql.statement("unreadable_places"), place).fetchall():
        return {}
    rows = pair.supabase.execute(sql.statement("organization_names"), {"ids": list(organization_ids)}).fetchall()
    return {row["id"]: row["name"] for row in rows}


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
        drifted: Mapping[str, str],
        exposed: Sequence[str],
    ) -> None:
        self._settings, self._facts, self._found, self._cause, self._hit = settings, facts, diagnosis, cause, hit
        self._checks, self._names, self._drifted, self._exposed = checks, names, drifted, exposed

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
                "What comes next?": self._next(),
                "Can it be undone?": (
                    "This diagnosis changed nothing. A repair journals every row before it changes it, in the same transaction;"
                    f" `{self._settings.command_line('undo')}` takes it back, agent by agent, until `--forget` gives the run up."
                    " It refuses, and names, agents whose rows changed since (a sync writes them, too) or that have conversations which"
                    " began after the repair: so look at the result, with verify, before people go on."
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
        held = {each.agent_id for each in self._found.of("conflict")}
        return sum(each.agent_id in held for each in self._found.of("duplicate")) if held else 0

    def _agents(self) -> str:
        lost = sum(self._hit.values())
        if not lost:
            return f"None of {self._found.agents:,}: every agent's id leads to its assistant."
        named = ", ".join(each.name for each in islice(fallen(self._found, *LOST), _LISTED))
        more = f" and {lost - _LISTED:,} more" if lost > _LISTED else ""
        return f"{lost:,} of {self._found.agents:,} cannot be reached under their ids: {named}{more}."

    def _organization(self, organization_id: str | None) -> str:
        name = self._names.get(organization_id or "")
        return f"{name} ({organization_id})" if name else organization_id or ""

    def _organizations(self) -> list[str]:
        lines = [f"{self._organization(id)}: {tables.counted(count, 'agent')}" for id, count in self._hit.most_common(_LISTED)]
        more = len(self._hit) - _LISTED
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
            lines.append(f"{tables.counted(misrouted, 'conversation')} ran on another agent's assistant; they stay as they are.")
        lines += self._exposed
        if self._found.unknown:
            lines.append(f"Unknown, since hidden from this role: {', '.join(self._found.unknown)}.")
        return lines or ["No conversation, cron or memory names a wrong assistant."]

    def _referenced(self) -> dict[str, int]:
        """Count what names a wrong assistant of an agent, by what people call it, the most first."""
        named: Counter[str] = Counter()
        for each in self._found.references:
            named[_CONTENTS[next(table for table in _CONTENTS if each.place.startswith(f"{table}."))]] += each.rows
        return dict(named.most_common())

    def _next(self) -> list[str]:
        if not self._found.open and not self._cause.deploy_first:
            return ["Nothing."]
        steps = [f"{self._cause.advice} The lines for that are under Why?"] if self._cause.deploy_first else []
        if self._found.open:
            steps += [
                f"`{self._settings.command_line('repair')}` shows the plan of a repair and changes nothing.",
                *self._conflicts(),
                "Have its page approved, then run the command at its end, which applies that plan.",
            ]
        steps.append(
            f"`{report.verify_command(self._settings)}` asks for every agent as a user does. URL is your server's address, USER_JWT an"
            " environment variable that holds one user's token."
        )
        return [f"{number}. {step}" for number, step in enumerate(steps, 1)]

    def _conflicts(self) -> list[str]:
        """Tell how to look at a row that somebody put under an agent's id, and where it is allowed to go."""
        count = self._found.counts["conflict"]
        if not count:
            return []
        first = next(self._found.of("conflict"))
        more = f", and {tables.counted(count - 1, 'more conflict')}" if count > 1 else ""
        return [
            f"{first.agent_name} ({first.agent_id}){more}: somebody else's row stands there. Whether its owner belongs to the agent's"
            " organization, and what people left in it, this page does not know: a possible exposure of data until you have looked, in"
            f" Supabase's SQL editor: `{_ROW_TO_LOOK_AT.format(id=(first.assistant_id or '').replace(chr(39), chr(39) * 2))}`. May it go, add"
            f" `--allow conflict:{first.agent_id}` to the command above, which then plans it, too. Until then verify fails for this agent."
        ]

    def _left(self) -> list[str]:
        left: list[Kind] = [kind for kind in KINDS if self._found.counts[kind] and (kind in ("conflict", "stray") or self._noted(kind))]
        told = {kind: f"{self._found.counts[kind]:,}: {self._remedy(kind)}" for kind in left}
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
        """Tell the root cause, and how its cure is deployed while it is not."""
        told: dict[str, Sequence[str]] = {"Why?": self._cause.sentences or ("There is nothing to explain.",)}
        return tables.answers({**told, "How is the fixed store deployed?": DEPLOYING} if self._cause.deploy_first else told)

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
        return HTML("".join(self._shown(kind) for kind in kinds))

    def _shown(self, kind: Kind) -> str:
        text = explained(kind)
        rows = [self._row(finding) for finding in islice(self._found.of(kind), tables.SHOWN_ROWS)]
        if not rows:
            return tables.shown([], f"<b>{kind}</b>: {text.means}.").data or ""
        users, remedy = html.escape(text.users), html.escape(self._remedy(kind))
        title = f"<b>{kind}</b>: {text.means}.<br>Users: {users}.<br>What repairs it: {remedy}."
        return tables.shown(rows, title, self._found.findings.rows(kind)).data or ""

    def _row(self, finding: Finding) -> dict[str, Any]:
        canonical = finding.evidence.get("canonical_id")
        told = {name: value for name, value in finding.evidence.items() if name != "canonical_id" and (name, value) != ("kept_id", canonical)}
        evidence = {name.replace("_", " "): tables.readable(name, value) for name, value in told.items()}
        return {
            "agent": finding.agent_name,
            "agent id": finding.agent_id,
            "organization": self._names.get(finding.organization_id or "", finding.organization_id),
            "assistant id": finding.assistant_id,
            "state": "open" if finding.is_open else "noted",
            "count": finding.count if finding.count > 1 else None,
            **evidence,
            "settings": self._drifted.get(finding.assistant_id or "") if finding.kind == "drift" else None,
        }

    def timeline(self) -> Image | None:
        """Draw when assistants with wrong ids appeared: every restart of the broken server is a step."""
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
        listed = [{**row, "since": row["since"] and tables.moment(row["since"])} for row in islice(rows.values(), tables.SHOWN_ROWS)]
        table = tables.shown(listed, "Rows that name a wrong assistant of the agent, by the place they stand in.", len(rows)).data
        unknown = f"<p><b>Unknown</b>, hidden from this role: {', '.join(self._found.unknown)}.</p>" if self._found.unknown else ""
        return HTML(f"{table}{unknown}")

    def believed(self) -> HTML:
        """Show what was found before anything was compared: servers, roles, poolers, clocks, triggers."""
        rows = [{"side": fact.side, "what": ("⚠ " if fact.is_warning else "") + fact.name, "found": fact.value} for fact in self._facts]
        return tables.shown(rows, "Every table was read as a whole: no row security, no replica, no missing grant.")

    def next_command(self) -> HTML:
        """Show what comes next, the same list as in short."""
        if not self._found.open and not self._cause.deploy_first:
            return tables.command(self._settings.command_line("verify"), "Nothing is open. To prove that it holds:")
        return tables.answers({"What comes next?": self._next()})

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


def _references(named: Sequence[Reference]) -> HTML:
    rows = [{"place": each.place, "names": each.assistant_id, "rows": each.rows, "since": each.since and tables.moment(each.since)} for each in named]
    return tables.shown(rows, "<b>What names its wrong assistants</b>")
