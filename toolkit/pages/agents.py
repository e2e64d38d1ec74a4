"""Counts by agent: what is wrong with it, and what hangs on the wrong rows."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import suppress
from itertools import islice
from typing import Any

from toolkit import phrases
from toolkit.catalog.kinds import KINDS, LOST, Kind
from toolkit.catalog.places import CONTENTS
from toolkit.database.connection import Pair
from toolkit.diagnosis.findings import Diagnosis, Finding
from toolkit.errors import RefusedError
from toolkit.pages.charts import agent_of
from toolkit.repair import journal
from toolkit.repair.journal import Run
from toolkit.repair.plan import merged


def worst(diagnosis: Diagnosis, lost: int) -> tuple[list[list[Finding]], int]:
    """Return the findings of the first agents that are lost, else of those with copies, by agent, and their number.

    `lost` is how many are lost.
    """
    kinds, wanted = (*LOST, "duplicate", "drift"), set[Kind](LOST if lost else ("duplicate",))
    found = (filter(agent_of, diagnosis.of(kind)) for kind in kinds)
    wrong = (rows for _, rows in merged(*found, key=agent_of) if wanted & {row.kind for row in rows})
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


def on_bare_rows(diagnosis: Diagnosis) -> tuple[Counter[str], list[str]]:
    """Return how many conversations and crons stand on users' rows, and the users whose rows have crons of no agent."""
    held: Counter[str] = Counter()
    users = set[str]()
    for row in diagnosis.of("stray"):
        if row.evidence.get("undecided_crons"):
            users.add(row.evidence.get("owner") or "unknown")
        held["conversations"] += sum(row.evidence["conversations_of"].values())
        held["crons"] += sum(row.evidence.get("crons_of", {}).values())
        held["undecided_crons"] += row.evidence.get("undecided_crons", 0)
    return +held, sorted(users)


def referenced(diagnosis: Diagnosis) -> list[tuple[str, int]]:
    """Return how many `runs`, `crons` and so on name a wrong assistant, the most first."""
    named: Counter[str] = Counter()
    for reference in diagnosis.references:
        named[CONTENTS[reference.place]] += reference.rows
    return named.most_common()


def repairs(pair: Pair) -> list[Run]:
    """Return the repairs that are in force, the oldest first; none where this role may not read the journal."""
    with suppress(RefusedError):
        return [run for run in journal.runs(pair) if run.state in ("done", "not finished")] if pair.has_journal else []
    return []


def counted(found: Counter[Any]) -> str:
    """Return what was counted: `wrong_id, duplicate 2`."""
    return ", ".join(name if count == 1 and name in KINDS else f"{name} {count:,}" for name, count in found.items())
