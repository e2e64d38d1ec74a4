"""Ten answers that a reader of a diagnosis needs, and the facts that they rest on."""

from collections import Counter
from functools import cached_property
from itertools import count

from toolkit import phrases
from toolkit.catalog import preflight
from toolkit.catalog.kinds import HELD, KINDS, LOST, Kind, explained
from toolkit.catalog.places import CONTENTS
from toolkit.database.connection import Pair
from toolkit.diagnosis import cause, exposure, verification
from toolkit.diagnosis.drift import drift
from toolkit.pages import html, verdicts, words
from toolkit.pages.charts import fallen
from toolkit.pages.frames import Frames
from toolkit.pages.html import HTML
from toolkit.pages.result import section
from toolkit.progress import progress
from toolkit.settings import DiagnoseSettings

_LISTED = 5


class DiagnosisAnswers(Frames):
    """A diagnosis, with all that is known beside it."""

    def __init__(self, pair: Pair, settings: DiagnoseSettings) -> None:
        self._facts, self._is_one_database = preflight.facts(pair), pair.is_one_database
        super().__init__(pair, settings)
        diagnosis = self._diagnosis
        self._checks = verification.over_http(pair, settings, progress, diagnosis)
        self._unreached = Counter(agent.organization_id or "" for agent in fallen(diagnosis, *LOST))
        """Agents of each organization that cannot be reached."""
        self._cause = cause.explain(pair, diagnosis, self._checks)
        self._drift, self._exposed = drift(pair, diagnosis), exposure.exposures(pair, diagnosis)
        self.report = verdicts.diagnosed(settings, diagnosis, self._cause, self._checks)

    @section
    def in_short(self) -> HTML:
        """Answer ten questions: what is broken, for whom, since when, and what now."""
        diagnosis, counts, found = self._diagnosis, self._diagnosis.counts, self._diagnosis.findings.count
        copies = diagnosis.of("duplicate") if self._squatted else ()
        facts = {
            "settings": self.settings,
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
            "exposure_lines": exposure.told(self._exposed, is_one_database=self._is_one_database),
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
