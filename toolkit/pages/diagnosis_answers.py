"""The ten answers that a reader of a diagnosis needs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from toolkit import phrases
from toolkit.catalog import preflight
from toolkit.catalog.kinds import KINDS, LOST, Kind, explained
from toolkit.catalog.places import CONTENTS
from toolkit.catalog.preflight import Fact
from toolkit.diagnosis import exposure
from toolkit.diagnosis.cause import DEPLOYING, Cause
from toolkit.diagnosis.drift import Drift
from toolkit.diagnosis.exposure import Exposure
from toolkit.diagnosis.findings import Diagnosis
from toolkit.diagnosis.verification import Check
from toolkit.pages.charts import fallen
from toolkit.pages.next_steps import next_steps
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
    hit: Counter[str]
    """How many agents of each organization cannot be reached."""
    names: Mapping[str, str]
    """What organizations are called, by their ids."""
    drift: Drift
    exposed: Sequence[Exposure]

    def answers(self) -> dict[str, str | Sequence[str]]:
        """Answer ten questions: what is broken, for whom, since when, and what now."""
        return {
            "What is broken?": self._broken(),
            "How many agents?": self._agents(),
            "Which organizations?": self._organizations(),
            "Since when?": self.cause.since or "No row tells.",
            "What do users see?": [f"{kind}: {explained(kind).users}." for kind in self._kinds_open()]
            or "Nothing unusual.",
            "What happens to conversations?": self._conversations(),
            "What comes next?": next_steps(
                self.settings, self.diagnosis, self.cause, self.exposed, is_one_database=self._is_one_database
            ),
            **({"How is the fixed store deployed?": DEPLOYING} if self.cause.deploy_first else {}),
            "Can it be undone?": (
                "This diagnosis changed nothing. A repair journals every row before it changes it, in the same transaction;"
                f" `{self.settings.command_line('undo')}` lists the repairs, and says how one is taken back, agent by agent. It refuses, and"
                " names, agents whose rows changed since (a sync writes them, too) or that have conversations which began after the repair:"
                " hence the quiet hour, and the look with verify in it."
            ),
            "What will a repair leave, and why?": self._left(),
            "Can this be believed?": self._believed(),
        }

    def _kinds_open(self) -> list[Kind]:
        return [kind for kind in KINDS if self.diagnosis.findings.count(kind, True)]

    def _broken(self) -> list[str]:
        counts = self.diagnosis.findings.count
        waiting = {"duplicate": f" {self._waiting:,} of them wait for a conflict."} if self._waiting else {}
        listed = [
            f"{kind}, {counts(kind, True):,}: {explained(kind).means}.{waiting.get(kind, '')}"
            for kind in self._kinds_open()
        ]
        return listed or [*(self.cause.sentences if self.cause.deploy_first else ("Nothing.",))]

    @cached_property
    def _waiting(self) -> int:
        """How many copies are of agents whose id somebody else's row holds: no repair touches them before that is settled."""
        held = self.squatted
        return sum(each.agent_id in held for each in self.diagnosis.of("duplicate")) if held else 0

    @cached_property
    def squatted(self) -> set[str | None]:
        """Agents whose id somebody else's row holds."""
        return {each.agent_id for each in self.diagnosis.of("conflict")}

    def _agents(self) -> str:
        lost = sum(self.hit.values())
        if not lost:
            return f"None of {self.diagnosis.agents:,}: every agent's id leads to its assistant."
        named = phrases.named((each.name for each in fallen(self.diagnosis, *LOST)), lost, _LISTED)
        return f"{lost:,} of {self.diagnosis.agents:,} cannot be reached under their ids: {named}."

    def organization(self, organization_id: str | None) -> str:
        name = self.names.get(organization_id or "")
        return f"{name} ({organization_id})" if name else organization_id or ""

    def _organizations(self) -> list[str]:
        fits = phrases.fit(len(self.hit), _LISTED)
        lines = [
            f"{self.organization(id)}: {phrases.counted(count, 'agent')}" for id, count in self.hit.most_common(fits)
        ]
        more = len(self.hit) - fits
        return [*lines, *([f"and {more:,} more organizations"] if more > 0 else [])] or ["None."]

    def _conversations(self) -> list[str]:
        lines = []
        if named := self._referenced():
            listed = ", ".join(f"{what} {rows:,}" for what, rows in named.items())
            lines.append(
                f"These hang on copies of agents' assistants: {listed}. Nothing is lost: a repair moves them to the agent's own."
            )
        if held := sum(sum(each.evidence["conversations_of"].values()) for each in self.diagnosis.of("stray")):
            lines.append(
                f"{phrases.counted(held, 'conversation')} ran on users' own bare assistants, though evidence gives them to an agent:"
                " their texts are there, the answers in them came without the agent's prompt, model and tools. A repair moves them to"
                " the agent, so that they go on with it."
            )
        if misrouted := self.diagnosis.counts["misrouted"]:
            stay = "it stays as it is" if misrouted == 1 else "they stay as they are"
            lines.append(
                f"{phrases.counted(misrouted, 'conversation')} ran under another agent's id, and got what the row there says; {stay}."
            )
        lines += exposure.told(self.exposed, is_one_database=self._is_one_database)
        if self.diagnosis.unknown:
            lines.append(f"Unknown, since hidden from this role: {', '.join(self.diagnosis.unknown)}.")
        return lines or ["No conversation, cron or memory names a wrong assistant."]

    def _referenced(self) -> dict[str, int]:
        """Count what names a wrong assistant of an agent, by what people call it, the most first."""
        named: Counter[str] = Counter()
        for each in self.diagnosis.references:
            named[CONTENTS[each.place]] += each.rows
        return dict(named.most_common())

    @property
    def _is_one_database(self) -> bool:
        return any(fact.value == "one database" for fact in self.facts if fact.name == "topology")

    def _left(self) -> list[str]:
        counts = self.diagnosis.counts
        left = [kind for kind in KINDS if (counts[kind] if explained(kind).stays else self._noted(kind))]
        told = {kind: f"{counts[kind]:,}: {self.remedy(kind)}" for kind in left}
        if "drift" in told:
            told["drift"] = f"{counts['drift']:,} ({self.drift}): {self.remedy('drift')}"
        if "conflict" in told:
            told["conflict"] = f"{counts['conflict']:,}: look at it, as the steps above say"
        lines = [f"{kind}, {what}.{explained(kind).consequence}" for kind, what in told.items()]
        if self._waiting:
            lines.insert(
                1,
                f"duplicate, {self._waiting:,} of {counts['duplicate']:,}: they wait for their agents' conflicts, and go with them.",
            )
        return lines or ["Nothing."]

    def remedy(self, kind: Kind) -> str:
        """Tell what repairs it, with an agent's real id in the command."""
        row = explained(kind)
        first = next(iter(self.diagnosis.of(kind)), None) if row.stays == "unless its agent is allowed" else None
        return row.remedy.replace("<agent id>", first.agent_id or "") if first else row.remedy

    def _noted(self, kind: Kind) -> int:
        return self.diagnosis.findings.count(kind, False)

    def _believed(self) -> list[str]:
        lines = [
            "Yes. Every table that is compared was read as a whole, in one snapshot of each database: no row security, no replica,"
            " no missing grant; else this page would say REFUSED."
        ]
        if self.diagnosis.unknown:
            lines.append(f"But hidden from this role, so unknown: {', '.join(self.diagnosis.unknown)}.")
        lines += preflight.databases_read(self.facts)
        asked = [f"{check.name}: {check.detail}." for check in self.checks if check.passed is not None]
        return [
            *lines,
            *(
                asked
                or ["The server itself was not asked (no --api-url): what users get is concluded from the tables."]
            ),
        ]
