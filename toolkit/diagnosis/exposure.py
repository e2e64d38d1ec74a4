"""Rows on which people of one organization may have seen what belongs to another."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pydantic import BaseModel

from toolkit import escaping, phrases, sql
from toolkit.catalog.kinds import OF_USERS
from toolkit.database.connection import Pair
from toolkit.database.shapes import readable
from toolkit.diagnosis.findings import Diagnosis, Finding

_LISTED = 5
_SYSTEM = "system"


class Exposure(BaseModel, frozen=True):
    """A row that may have shown one organization's content to another's people."""

    assistant_id: str
    owner: str | None
    """None: the row names nobody."""
    said: tuple[str, ...]
    """The evidence, with the organizations' names."""

    def __str__(self) -> str:
        fits = phrases.fit(len(self.said), _LISTED)
        more = f"; and {len(self.said) - fits:,} more" if len(self.said) > fits else ""
        return f"{self.assistant_id}, owner {self.owner or 'unknown'}: {'; '.join(self.said[:fits])}{more}."


class Whose(NamedTuple):
    """An agent's name and organization."""

    name: str
    organization_id: str
    organization: str
    """Its name, or its id where that is not known."""


def whose(pair: Pair, agent_ids: Iterable[str]) -> dict[str, Whose]:
    """Return the names of these agents and of their organizations, by id; agents that Supabase lacks are left out."""
    rows = pair.supabase.execute(sql.statement("agent_names"), {"agent_ids": sorted(agent_ids)}).fetchall()
    ids = {row["organization_id"]: row["organization_id"] for row in rows}
    names = ids | organization_names(pair, ids)
    return {row["agent_id"]: Whose(row["name"], row["organization_id"], names[row["organization_id"]]) for row in rows}


def exposures(pair: Pair, diagnosis: Diagnosis) -> tuple[Exposure, ...]:
    """Return the rows of conflicts, misrouted conversations and strays that concern several organizations.

    The evidence says whose a conversation is. The owner's memberships are not looked at.
    """
    conflicts, crossed = list(diagnosis.of("conflict")), list(diagnosis.of("misrouted"))
    shared = [each for each in diagnosis.of("stray") if len(each.evidence["conversations_of"]) > 1]
    agents = _agents_of(pair, (*conflicts, *crossed, *shared))
    said: dict[str, list[str]] = defaultdict(list)
    for tell, found in ((_held, conflicts), (_crossed, crossed), (_shared, shared)):
        for each in found:
            said[each.assistant_id or ""] += tell(each, agents)
    rows = {id: tuple(dict.fromkeys(told)) for id, told in said.items() if id and told}
    of_users = (each for kind in OF_USERS if rows for each in diagnosis.of(kind) if each.assistant_id in rows)
    owners = {each.assistant_id: each.evidence.get("owner") for each in of_users}
    return tuple(Exposure(assistant_id=id, owner=owners.get(id, _SYSTEM), said=told) for id, told in rows.items())


def _agents_of(pair: Pair, found: Iterable[Finding]) -> dict[str, Whose]:
    """Return the agents that these findings name, by id."""
    named: set[str | None] = set()
    for each in found:
        told = each.evidence
        named |= {each.agent_id, told.get("ran_on_agent"), told.get("names_agent"), *told.get("conversations_of", ())}
    ids = list(filter(None, named))
    return {id: Whose(id, "", "an unknown organization") for id in ids} | whose(pair, ids)


def organization_names(pair: Pair, organization_ids: Iterable[str] | None = None) -> dict[str, str]:
    """Return the names of these organizations, or of all, by id; none where this role may not read them."""
    seen = readable(pair.supabase, "public.organizations")
    ids = {"ids": None if organization_ids is None else sorted(organization_ids)}
    rows = pair.supabase.execute(sql.statement("organization_names"), ids) if seen else ()
    return {row["id"]: row["name"] for row in rows}


def _held(conflict: Finding, agents: Mapping[str, Whose]) -> Iterator[str]:
    agent, other = agents[conflict.agent_id or ""], conflict.evidence.get("names_agent")
    if conflict.evidence.get("owner") != _SYSTEM:
        yield from (_under(agent), f"{agent.organization}'s people get its content (conflict)")
    elif other and agents[other].organization_id != agent.organization_id:
        yield from (_under(agent), f"it names an agent of {agents[other].organization} (conflict)")


def _crossed(misrouted: Finding, agents: Mapping[str, Whose]) -> Iterator[str]:
    own, other = agents[misrouted.agent_id or ""], agents[misrouted.evidence["ran_on_agent"]]
    if own.organization_id != other.organization_id:
        talk = _talk(own.organization, misrouted.count, [misrouted.evidence["first_thread"]])
        yield from (_under(other), f"conversations of {talk} ran on it (misrouted)")


def _under(agent: Whose) -> str:
    return f"under the id of {agent.name} of {agent.organization}"


def _shared(stray: Finding, agents: Mapping[str, Whose]) -> Iterator[str]:
    counts, threads = stray.evidence["conversations_of"], stray.evidence["first_thread"]
    held: dict[str, list[str]] = defaultdict(list)
    for agent_id in counts:
        held[agents[agent_id].organization].append(agent_id)
    if len({agents[agent_id].organization_id for agent_id in counts}) > 1:
        talks = (_talk(name, sum(counts[id] for id in ids), [threads[id] for id in ids]) for name, ids in held.items())
        yield f"conversations of {phrases.named(talks, len(held), _LISTED)} ran on it (stray)"


def _talk(organization: str, count: int, threads: Sequence[str | None]) -> str:
    known = [thread for thread in threads if thread][:_LISTED]
    more = ", …" if count > len(known) else ""
    return f"{organization} {count:,}" + (f" ({', '.join(known)}{more})" if known else "")


def told(found: Sequence[Exposure], everything: str, *, is_one_database: bool) -> tuple[list[str], str]:
    """Return lines about possible exposures with the first rows, and the query that shows these whole.

    `everything` says where all findings are, as in `findings.csv`.
    """
    if not found:
        return [], ""
    shown = found[: phrases.fit(len(found), _LISTED)]
    more = [f"And {len(found) - len(shown):,} more rows; {everything} has all."] if len(found) > len(shown) else []
    most = Counter(each.owner for each in found if each.owner not in (None, _SYSTEM)).most_common(1)
    several = [f"{count:,} of these rows are of one owner, {owner}." for owner, count in most if count > 1]
    lines = [
        f"Possible exposure between organizations, on {phrases.counted(len(found), 'row')};"
        " what to do about it is among the steps:",
        *map(str, shown),
        *more,
        *several,
    ]
    return lines, query([each.assistant_id for each in shown], is_one_database=is_one_database)


def query(assistant_ids: Sequence[str], *, is_one_database: bool) -> str:
    """Return one line of SQL to paste, which shows these rows with their threads and their owner's organizations."""
    members = "organizations_of_owner" if is_one_database else "organizations_elsewhere"
    lines = sql.statement("exposed_rows", members=members).splitlines()
    line = " ".join(word for each in lines if not each.lstrip().startswith("--") for word in each.split())
    return line.replace(" , ", ", ").replace("%(ids)s", f"ARRAY[{', '.join(map(escaping.sql, assistant_ids))}]")
