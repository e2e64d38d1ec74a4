"""Facts for the ten answers that a reader of a diagnosis needs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count

from toolkit import phrases
from toolkit.catalog import preflight
from toolkit.catalog.kinds import HELD, KINDS, LOST, Kind, explained
from toolkit.catalog.places import CONTENTS
from toolkit.catalog.preflight import Fact
from toolkit.diagnosis import exposure
from toolkit.diagnosis.cause import Cause
from toolkit.diagnosis.drift import Drift
from toolkit.diagnosis.exposure import Exposure
from toolkit.diagnosis.findings import Diagnosis
from toolkit.diagnosis.verification import Check
from toolkit.pages import verdicts, words
from toolkit.pages.charts import fallen
from toolkit.settings import DiagnoseSettings

_LISTED = 5


@dataclass(frozen=True)
class DiagnosisAnswers:
    """A diagnosis, with all that is known beside it."""

    settings: DiagnoseSettings
    facts: Sequence[Fact]
    diagnosis: Diagnosis
    cause: Cause
    checks: Sequence[Check]
    unreached: Counter[str]
    """Agents of each organization that cannot be reached."""
    names: Mapping[str, str]
    """Names of organizations, by id."""
    drift: Drift
    exposed: Sequence[Exposure]

    def answers(self) -> dict[str, list[str]]:
        """Answer ten questions: what is broken, for whom, since when, and what now."""
        diagnosis, counts, found = self.diagnosis, self.diagnosis.counts, self.diagnosis.findings.count
        facts = {
            "counts": counts,
            "open_kinds": [kind for kind in KINDS if found(kind, True)],
            "waiting": sum(row.agent_id in self.squatted for row in diagnosis.of("duplicate")) if self.squatted else 0,
            "lost": self.unreached.total(),
            "unopened": found("missing", False),
            "lost_agents": fallen(diagnosis, *LOST),
            "fits": phrases.fit(len(self.unreached), _LISTED),
            "referenced": self._referenced(),
            "on_bare_rows": self._on_bare_rows(),
            "exposure_lines": exposure.told(self.exposed, is_one_database=self._is_one_database),
            "left": [kind for kind in KINDS if (counts[kind] if explained(kind).stays else found(kind, False))],
            "databases_read": preflight.databases_read(self.facts),
            "number": count(1).__next__,
            "held": [kind for kind in HELD if counts[kind]],
            "conflict": next(diagnosis.of("conflict"), None),
            "conflict_query": self._conflict_query(),
        }
        functions = {"explained": explained, "organization": self.organization, "remedy": self.remedy}
        commands = {"command": self.settings.command_line, "verify_command": verdicts.verify_command(self.settings)}
        return words.answers("diagnosis", vars(self) | facts | functions | commands | {"listed": _LISTED})

    @cached_property
    def squatted(self) -> set[str | None]:
        """Agents whose id another owner's row holds; no repair touches their copies before that is settled."""
        return {conflict.agent_id for conflict in self.diagnosis.of("conflict")}

    def organization(self, organization_id: str | None) -> str:
        """Return an organization's name and id, or the id alone."""
        name = self.names.get(organization_id or "")
        return f"{name} ({organization_id})" if name else organization_id or ""

    def remedy(self, kind: Kind) -> str:
        """Return what repairs this kind, with an agent's real id in the command."""
        row = explained(kind)
        first = next(self.diagnosis.of(kind), None) if row.stays == "unless its agent is allowed" else None
        return row.remedy.replace("<agent id>", first.agent_id or "") if first else row.remedy

    def _on_bare_rows(self) -> Counter[str]:
        """Return how many conversations and crons stand on users' rows, by the name of their evidence."""
        held: Counter[str] = Counter()
        for row in self.diagnosis.of("stray"):
            held["conversations"] += sum(row.evidence["conversations_of"].values())
            held["crons"] += sum(row.evidence.get("crons_of", {}).values())
            held["undecided_crons"] += row.evidence.get("undecided_crons", 0)
        return +held

    def _referenced(self) -> list[tuple[str, int]]:
        """Return how many `runs`, `crons` and so on name a wrong assistant, the most first."""
        named: Counter[str] = Counter()
        for reference in self.diagnosis.references:
            named[CONTENTS[reference.place]] += reference.rows
        return named.most_common()

    @property
    def _is_one_database(self) -> bool:
        return any(fact.value == "one database" for fact in self.facts if fact.name == "topology")

    def _conflict_query(self) -> str | None:
        """Return the query of the first conflict's row; None where the query of possible exposure shows that row."""
        first = next(self.diagnosis.of("conflict"), None)
        if first is None:
            return None
        row = first.assistant_id or first.agent_id or ""
        if row in {exposed.assistant_id for exposed in self.exposed}:
            return None
        return exposure.query([row], is_one_database=self._is_one_database)
