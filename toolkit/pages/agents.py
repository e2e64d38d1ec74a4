"""Counts by agent: what is wrong with it, and what hangs on the wrong rows."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import Any

from toolkit import phrases
from toolkit.catalog.kinds import KINDS, LOST, Kind
from toolkit.catalog.places import CONTENTS
from toolkit.database.connection import Pair
from toolkit.diagnosis.findings import Diagnosis, Finding
from toolkit.errors import RefusedError
from toolkit.pages import words
from toolkit.repair import journal
from toolkit.repair.journal import Run
from toolkit.repair.plan import merged

UNFINISHED = frozenset({"not finished", "being undone"})
"""States of a run in which somebody has to act."""


def by_agent(diagnosis: Diagnosis, kinds: Iterable[Kind]) -> Iterator[list[Finding]]:
    """Yield the findings of these kinds of each agent, by the agents' ids, without collecting them."""
    found = (filter(_agent_id, diagnosis.of(kind)) for kind in kinds)
    return (rows for _, rows in merged(*found, key=_agent_id))


def _agent_id(finding: Finding) -> str:
    return finding.agent_id or ""


def by_organization(diagnosis: Diagnosis, kinds: Iterable[Kind]) -> Counter[str]:
    """Count the agents with a finding of these kinds by organization."""
    return Counter(rows[0].organization_id or "" for rows in by_agent(diagnosis, kinds))


def worst(diagnosis: Diagnosis, lost: int) -> tuple[list[list[Finding]], int]:
    """Return the findings of the first agents that are lost, else of those with copies, by agent, and their number.

    `lost` is how many are lost.
    """
    wanted = set[Kind](LOST if lost else ("duplicate",))
    found = by_agent(diagnosis, (*LOST, "duplicate", "drift"))
    wrong = (rows for rows in found if wanted & {row.kind for row in rows})
    first = list(islice(wrong, phrases.fit(lost or phrases.SHOWN_ROWS + 3)))
    return first, lost or len(first) + sum(1 for _ in wrong)


def hanging(diagnosis: Diagnosis, agents: Iterable[str]) -> tuple[dict[str, Counter[str]], dict[str, Counter[str]]]:
    """Count by agent what names a copy of these agents, and what they have on users' rows."""
    named, held = defaultdict[str, Counter[str]](Counter), defaultdict[str, Counter[str]](Counter)
    wanted = set(agents)
    for reference in diagnosis.references:
        if reference.agent_id in wanted:
            named[reference.agent_id][CONTENTS[reference.place]] += reference.rows
    for stray in diagnosis.of("stray"):
        for name, counts in ("conversations", "conversations_of"), ("crons", "crons_of"):
            for agent in wanted & stray.evidence.get(counts, {}).keys():
                held[agent][name] += stray.evidence[counts][agent]
    return named, held


def on_bare_rows(diagnosis: Diagnosis) -> dict[str, Any]:
    """Count the conversations and crons on users' rows; name the users of the crons that no row gives to an agent."""
    held: Counter[str] = Counter()
    users = set[str]()
    for row in diagnosis.of("stray"):
        users.update(row.evidence.get("cron_users", ()))
        held["conversations"] += sum(row.evidence["conversations_of"].values())
        held["crons"] += sum(row.evidence.get("crons_of", {}).values())
        held["undecided_crons"] += row.evidence.get("undecided_crons", 0)
    return {"on_bare_rows": +held, "cron_users": sorted(users)}


def stays(diagnosis: Diagnosis, memories: Mapping[str, Any] | None) -> dict[str, str]:
    """Return in words what no repair moves off users' rows, why, what users meet, and whom to tell.

    All are empty where `memories` were not counted.
    """
    names = "stays", "reasons", "meets", "telling"
    if not memories:
        return dict.fromkeys(names, "")
    held = on_bare_rows(diagnosis)
    crons, users = held["on_bare_rows"]["undecided_crons"], held["cron_users"]
    said = {name: words.phrase(name, memories, crons, users) for name in names}
    if said["stays"] and diagnosis.unplaced:
        said["reasons"] += f" {words.phrase('unplaced', diagnosis)}"
    return said


def to_tell(diagnosis: Diagnosis, memories: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the users whose memories, or crons, no repair moves off their rows, each with what stays."""
    crons = ((user, "crons") for user in on_bare_rows(diagnosis)["cron_users"])
    return [*((user, "memories") for user in memories.get("user_ids") or ()), *crons]


def referenced(diagnosis: Diagnosis) -> list[tuple[str, int]]:
    """Return how many `runs`, `crons` and so on name a wrong assistant, the most first."""
    named: Counter[str] = Counter()
    for reference in diagnosis.references:
        named[CONTENTS[reference.place]] += reference.rows
    return named.most_common()


def repairs(pair: Pair) -> list[Run]:
    """Return the repairs that are not taken back, the oldest first; none where this role may not read the journal."""
    states = "done", *UNFINISHED
    with suppress(RefusedError):
        return [run for run in journal.runs(pair) if run.state in states] if pair.has_journal else []
    return []


def counted(found: Counter[Any]) -> str:
    """Return what was counted: `wrong_id, duplicate 2`."""
    return ", ".join(name if count == 1 and name in KINDS else f"{name} {count:,}" for name, count in found.items())
