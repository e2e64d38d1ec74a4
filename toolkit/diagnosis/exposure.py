"""Rows on which people of one organization may have seen what belongs to another."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

from psycopg import sql as compose
from pydantic import BaseModel

from toolkit import phrases, sql
from toolkit.catalog.kinds import OF_USERS
from toolkit.database.connection import Pair
from toolkit.diagnosis.findings import Diagnosis, Finding

_LISTED = 5
_SYSTEM = "system"


class Exposure(BaseModel, frozen=True):
    """A row on which that may have happened."""

    assistant_id: str
    owner: str | None
    """None: the row names nobody."""
    said: tuple[str, ...]
    """What tells it, with the organizations' names."""

    def __str__(self) -> str:
        fits = phrases.fit(len(self.said), _LISTED)
        more = f"; and {len(self.said) - fits:,} more" if len(self.said) > fits else ""
        return f"{self.assistant_id}, owner {self.owner or 'unknown'}: {'; '.join(self.said[:fits])}{more}."


class Whose(BaseModel, frozen=True):
    """An agent, and whose it is."""

    name: str
    organization_id: str
    organization: str
    """Its name, or its id where that is not known."""


def exposures(pair: Pair, diagnosis: Diagnosis) -> tuple[Exposure, ...]:
    """Tell on which rows conversations of several organizations met, or one's people got what another's row says.

    Whose conversation it is, the evidence says; to which organizations a row's owner belongs is not asked.
    """
    conflicts, crossed = list(diagnosis.of("conflict")), list(diagnosis.of("misrouted"))
    shared = [each for each in diagnosis.of("stray") if len(each.evidence["conversations_of"]) > 1]
    whose = _whose(pair, _agents_named((*conflicts, *crossed, *shared)))
    said: dict[str, list[str]] = defaultdict(list)
    for tell, found in ((_held, conflicts), (_crossed, crossed), (_shared, shared)):
        for each in found:
            said[each.assistant_id or ""] += tell(each, whose)
    rows = {id: tuple(dict.fromkeys(told)) for id, told in said.items() if id and told}
    owners = _owners(diagnosis, rows) if rows else {}
    return tuple(Exposure(assistant_id=id, owner=owners.get(id, _SYSTEM), said=told) for id, told in rows.items())


def _owners(diagnosis: Diagnosis, assistant_ids: Container[str | None]) -> dict[str | None, str | None]:
    """Tell whose these rows are, of those that are not the system's."""
    found = (each for kind in OF_USERS for each in diagnosis.of(kind) if each.assistant_id in assistant_ids)
    return {each.assistant_id: each.evidence.get("owner") for each in found}


def _agents_named(found: Iterable[Finding]) -> set[str]:
    named = (
        (
            each.agent_id,
            each.evidence.get("ran_on_agent"),
            each.evidence.get("names_agent"),
            *each.evidence.get("conversations_of", ()),
        )
        for each in found
    )
    return {agent_id for each in named for agent_id in each if agent_id}


def _whose(pair: Pair, agent_ids: Iterable[str]) -> dict[str, Whose]:
    wanted = sorted(agent_ids)
    rows = pair.supabase.execute(sql.statement("agent_names"), {"agent_ids": wanted}).fetchall()
    names = organization_names(pair, {row["organization_id"] for row in rows})
    unknown = {id: Whose(name=id, organization_id="", organization="an unknown organization") for id in wanted}
    known = {row["agent_id"]: _named(row["name"], row["organization_id"], names) for row in rows}
    return {**unknown, **known}


def _named(name: str, organization_id: str, names: Mapping[str, str]) -> Whose:
    return Whose(name=name, organization_id=organization_id, organization=names.get(organization_id, organization_id))


def organization_names(pair: Pair, organization_ids: Iterable[str]) -> dict[str, str]:
    """Tell what organizations are called, as far as this role may know."""
    place: dict[str, Any] = {
        "names": ["organizations"],
        "schemas": ["public"],
        "tables": ["organizations"],
        "columns": ["name"],
    }
    there = pair.supabase.execute(sql.statement("present_places"), place).fetchall()
    if not there or pair.supabase.execute(sql.statement("unreadable_places"), place).fetchall():
        return {}
    rows = pair.supabase.execute(sql.statement("organization_names"), {"ids": sorted(organization_ids)}).fetchall()
    return {row["id"]: row["name"] for row in rows}


def _held(conflict: Finding, whose: Mapping[str, Whose]) -> Iterator[str]:
    agent, other = whose[conflict.agent_id or ""], conflict.evidence.get("names_agent")
    if conflict.evidence.get("owner") != _SYSTEM:
        yield from (_under(agent), f"{agent.organization}'s people get its content (conflict)")
    elif other and whose[other].organization_id != agent.organization_id:
        yield from (_under(agent), f"it names an agent of {whose[other].organization} (conflict)")


def _crossed(misrouted: Finding, whose: Mapping[str, Whose]) -> Iterator[str]:
    own, other = whose[misrouted.agent_id or ""], whose[misrouted.evidence["ran_on_agent"]]
    if own.organization_id != other.organization_id:
        talk = _talk(own.organization, misrouted.count, [misrouted.evidence["first_thread"]])
        yield from (_under(other), f"conversations of {talk} ran on it (misrouted)")


def _under(agent: Whose) -> str:
    return f"under the id of {agent.name} of {agent.organization}"


def _shared(stray: Finding, whose: Mapping[str, Whose]) -> Iterator[str]:
    held: dict[str, list[str]] = defaultdict(list)
    for agent_id in stray.evidence["conversations_of"]:
        held[whose[agent_id].organization].append(agent_id)
    if len({whose[agent_id].organization_id for agent_id in stray.evidence["conversations_of"]}) > 1:
        talks = (
            _talk(
                organization,
                sum(stray.evidence["conversations_of"][id] for id in ids),
                [stray.evidence["first_thread"][id] for id in ids],
            )
            for organization, ids in held.items()
        )
        yield f"conversations of {phrases.named(talks, len(held), _LISTED)} ran on it (stray)"


def _talk(organization: str, count: int, threads: Sequence[str | None]) -> str:
    known = [thread for thread in threads if thread][:_LISTED]
    more = ", …" if count > len(known) else ""
    return f"{organization} {count:,}" + (f" ({', '.join(known)}{more})" if known else "")


def told(found: Sequence[Exposure], *, is_one_database: bool) -> list[str]:
    """Tell of possible exposures: the first rows, and the line that shows them."""
    if not found:
        return []
    shown = found[: phrases.fit(len(found), _LISTED)]
    more = [f"And {len(found) - len(shown):,} more rows; findings.csv has all."] if len(found) > len(shown) else []
    owners = Counter(each.owner for each in found if each.owner not in (None, _SYSTEM))
    several = [
        f"{count:,} of these rows are of one owner, {owner}." for owner, count in owners.most_common(1) if count > 1
    ]
    line = query([each.assistant_id for each in shown], is_one_database=is_one_database)
    members = "" if is_one_database else ", by public.organization_members on the Supabase side,"
    there = "" if is_one_database else " of the LangGraph side"
    return [
        f"Possible exposure between organizations, on {phrases.counted(len(found), 'row')}; what to do about it is among the steps:",
        *map(str, shown),
        *more,
        *several,
        f"`{line}`, pasted into an SQL editor{there}, shows them whole, with their threads. A row is harmless only where its owner{members} is a member of every"
        " organization that is named with it.",
    ]


def query(assistant_ids: Sequence[str], *, is_one_database: bool) -> str:
    """Write, for a person to paste, what shows these rows: whole, with their threads and their owner's organizations."""
    text = sql.statement(
        "exposed_rows", members="organizations_of_owner" if is_one_database else "organizations_elsewhere"
    )
    line = " ".join(" ".join(each for each in text.splitlines() if not each.lstrip().startswith("--")).split())
    return line.replace(" , ", ", ").replace("%(ids)s", compose.Literal(list(assistant_ids)).as_string())
