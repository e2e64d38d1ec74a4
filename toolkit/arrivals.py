"""Which agents' ids arrive at every station of the round trip, and where do the others fall out?"""

from collections.abc import Iterator
from heapq import merge
from itertools import groupby
from typing import NamedTuple

from toolkit.diagnosis import Diagnosis
from toolkit.records import Kind

LOST: tuple[Kind, ...] = ("conflict", "hidden", "wrong_id", "missing", "not_written_back")
"""The kinds whose agents do not get to `GET /assistants/{id}`, as the tables say."""


class Fallen(NamedTuple):
    """An agent that falls out."""

    agent_id: str
    name: str
    organization_id: str


class Station(NamedTuple):
    """One station of the round trip."""

    name: str
    arrived: int
    lost: str
    """Which kinds keep the others away, with their figures."""


def fallen(diagnosis: Diagnosis, *kinds: Kind) -> Iterator[Fallen]:
    """Tell the agents of these kinds of findings, each once, by id; nothing is remembered, however many there are."""
    found = ((Fallen(each.agent_id, each.agent_name or "", each.organization_id or "") for each in diagnosis.of(kind) if each.agent_id)
             for kind in kinds)  # fmt: skip
    for _, same in groupby(merge(*found), key=lambda each: each.agent_id):
        yield next(same)


def stations(diagnosis: Diagnosis) -> tuple[Station, ...]:
    """Tell how many agents arrive at every station, in the order of the round trip."""
    total = diagnosis.agents

    def station(name: str, *kinds: Kind) -> Station:
        listed = ", ".join(f"{kind} {found}" for kind in kinds if (found := diagnosis.findings.rows(kind)))
        return Station(name, total - sum(1 for _ in fallen(diagnosis, *kinds)), listed)

    unreadable = sum("problem" in each.evidence for kind in LOST[:4] for each in diagnosis.of(kind))
    return (
        Station("agent in Supabase", total, ""),
        Station("sync's payload", total - unreadable, f"content no JSON can hold {unreadable}" if unreadable else ""),
        station("stored under that id", "conflict", "wrong_id", "missing"),
        station("written back", "not_written_back"),
        station("GET /assistants/{id}", *LOST),
    )
