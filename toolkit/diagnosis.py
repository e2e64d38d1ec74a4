"""Which assistants do not match their agents?"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg import sql as compose

from toolkit import references, sql
from toolkit.copying import unbroken
from toolkit.database import Connection, ForeignPairError, Pair, comparing
from toolkit.findings import Findings
from toolkit.records import KINDS, Finding, Kind, Reference, Scope
from toolkit.rows import Rows

LINKS = {
    1: "its id is the agent's",
    2: "its id is the agent's in another spelling",
    3: "its metadata names the agent",
    4: "an earlier repair replaced it",
    5: "the agent's write-back names it",
}
"""What ties an assistant to an agent, strongest first; the statement `matching` numbers them."""

REFERENCES: dict[str, LiteralString] = {
    "config_hash": "config_unread", "considered": "considered_by_references", "agent_links": "agent_links_read",
}  # fmt: skip
"""What the statement `references` matches: no contents, only assistants that something names, and agents read once. The other
statements without contents include no more than the first."""
_SEPARATOR = b"\x1f"
_FOREIGN_SHARE = 0.02
_FOREIGN_FROM = 20


@dataclass(frozen=True)
class Diagnosis:
    """What is wrong between the two databases, as one snapshot of each showed it."""

    scope: Scope
    agents: int
    assistants: int
    findings: Findings
    references: Rows[Reference]
    """What still stands under ids that are not the right ones: the blast radius."""
    unknown: tuple[str, ...]
    """Places this role cannot see; their part of the blast radius is unknown, not zero."""
    supabase_fingerprint: str
    langgraph_fingerprint: str

    @property
    def counts(self) -> dict[Kind, int]:
        """How many of every kind, zero when none."""
        return {kind: self.findings.count(kind, True) + self.findings.count(kind, False) for kind in KINDS}

    @property
    def open(self) -> int:
        """How many findings somebody has to act on."""
        return sum(self.findings.count(kind, True) for kind in KINDS)

    @property
    def noted(self) -> int:
        """How many findings are history, without evidence, or the operator's choice."""
        return sum(self.findings.count(kind, False) for kind in KINDS)

    def of(self, kind: Kind) -> Iterator[Finding]:
        """The findings of one kind, by agent."""
        return self.findings.of(kind)


def diagnose(pair: Pair, scope: Scope) -> Diagnosis:
    """Compare every agent in scope with its assistants.

    Reads only, in one repeatable-read snapshot of each side. Returns one finding for each mismatch, ordered by
    kind, then agent id.

    Raises:
        UnbelievableReadError: if what the role can see is not the whole truth.
        ForeignPairError: if hardly any agent is known to the other side while both are well filled.
    """
    places, unknown = visible_places(pair.langgraph)
    findings = Findings()
    with comparing(pair, scope) as includes:

        def rows(name: LiteralString) -> Iterator[dict[str, Any]]:
            with pair.langgraph.cursor() as cursor:
                yield from cursor.stream(over_places(places, sql.statement(name, **{**includes, **REFERENCES})), scope.parameters)

        (totals,) = rows("totals")
        conversations = list(rows("conversations"))
        _agents_and_rows(pair.langgraph, sql.statement("findings", **includes), scope, conversations, findings)
        dangling: list[Reference] = []
        used = Rows(Reference, _but_dangling((Reference(**row) for row in rows("references")), dangling))
    _refuse_a_foreign_pair(totals, findings.count("missing", True) + findings.count("missing", False))
    findings.add(_dangling(dangling))
    findings.add(_misrouted(row for row in conversations if row["kind"] == "misrouted"))
    return Diagnosis(
        scope=scope,
        agents=totals["agents"],
        assistants=totals["assistants"],
        findings=findings,
        references=used,
        unknown=unknown,
        supabase_fingerprint=pair.supabase_fingerprint,
        langgraph_fingerprint=pair.langgraph_fingerprint,
    )


def visible_places(connection: Connection) -> tuple[tuple[references.Place, ...], tuple[str, ...]]:
    """Tell which places of the catalog can be read, and the names of those that are there but hidden."""
    catalog = references.CATALOG
    wanted = [(place.name, place.schema, place.table, place.column) for place in catalog]
    wanted.append(("assistant_repair.id_map", "assistant_repair", "id_map", "old_id"))  # it tells whom an old id means
    parameters = dict(zip(("names", "schemas", "tables", "columns"), map(list, zip(*wanted, strict=True)), strict=True))

    def names(statement: LiteralString) -> set[str]:
        return {row["name"] for row in connection.execute(sql.statement(statement), parameters).fetchall()}

    hidden = names("unreadable_places")
    seen = names("present_places") - hidden
    return tuple(place for place in catalog if place.name in seen), tuple(sorted(hidden))


def over_places(places: Iterable[references.Place], statement: LiteralString) -> compose.Composed:
    """Put `(place, id, rows, since)` of every id in `places` where the statement says `-- (places)`."""
    first, *others = statement.split("-- (places)\n")
    composed: list[compose.Composable] = [compose.SQL(first)]
    for other in others:
        composed += [references.union(places), compose.SQL("\n" + other)]
    return compose.SQL("").join(composed)


def _refuse_a_foreign_pair(totals: dict[str, Any], unknown: int) -> None:
    agents, assistants = totals["agents"], totals["assistants"]
    if min(agents, assistants) >= _FOREIGN_FROM and agents - unknown < _FOREIGN_SHARE * agents:
        raise ForeignPairError(f"of {agents} agents only {agents - unknown} are known among {assistants} assistants")


def _agents_and_rows(
    connection: Connection, statement: LiteralString, scope: Scope, conversations: list[dict[str, Any]], findings: Findings
) -> None:
    """Add what the statement finds, line by line as it comes, and to every stray the conversations on it."""
    on_stray: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in conversations:
        if row["kind"] == "stray":
            on_stray[row["assistant_id"]].append(row)
    with unbroken(), connection.cursor() as cursor, cursor.copy(statement, scope.parameters) as copied:
        for row in copied:
            kind, is_open, line = bytes(row).split(_SEPARATOR, 2)
            if kind == b"stray":
                findings.add([_stray(json.loads(line), on_stray)])
            else:
                findings.add_line(kind.decode(), is_open == b"t", line)


def _stray(row: dict[str, Any], on_stray: dict[str, list[dict[str, Any]]]) -> Finding:
    held = sorted(on_stray.get(row["assistant_id"], []), key=lambda each: each["agent_id"])
    told = {"conversations_of": {each["agent_id"]: each["conversations"] for each in held}}
    first = {"first_thread": {each["agent_id"]: each["first_thread"] for each in held}} if held else {}
    return Finding(**{**row, "is_open": bool(held), "evidence": {**row["evidence"], **told, **first}})


def _but_dangling(rows: Iterable[Reference], dangling: list[Reference]) -> Iterator[Reference]:
    """Yield what names an assistant that is there; add the rest to `dangling`."""
    for row in rows:
        if row.is_dangling:
            dangling.append(row)
        else:
            yield row


def _dangling(rows: Iterable[Reference]) -> Iterable[Finding]:
    for row in rows:
        if row.is_dangling and row.in_scope:
            yield Finding(
                kind="dangling_reference",
                is_open=row.agent_id is not None,
                agent_id=row.agent_id,
                organization_id=row.organization_id,
                agent_name=row.agent_name,
                assistant_id=row.assistant_id,
                count=row.rows,
                evidence={"place": row.place, "since": row.since and row.since.isoformat()},
            )


def _misrouted(rows: Iterable[dict[str, Any]]) -> Iterable[Finding]:
    for row in rows:
        yield Finding(
            kind="misrouted",
            is_open=False,
            agent_id=row["agent_id"],
            organization_id=row["organization_id"],
            agent_name=row["agent_name"],
            assistant_id=row["assistant_id"],
            count=row["conversations"],
            evidence={"ran_on_agent": row["ran_on_agent"], "first_thread": row["first_thread"]},
        )
