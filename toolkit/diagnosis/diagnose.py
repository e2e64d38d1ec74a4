"""The comparison of every agent with its assistants, in one snapshot of each side."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, LiteralString, cast

from toolkit import sql
from toolkit.catalog.kinds import Kind
from toolkit.catalog.places import over_places, visible_places
from toolkit.database.connection import Connection, Pair
from toolkit.database.copy import unbroken
from toolkit.database.snapshot import comparing
from toolkit.database.spool import Spool
from toolkit.diagnosis.findings import Diagnosis, Finding, Findings, Reference
from toolkit.errors import RefusedError
from toolkit.scope import Scope


class ForeignPairError(RefusedError):
    """Two databases that share hardly any agent."""

    remedy = "the two databases do not seem to belong together (staging against production?): check both references"


_SEPARATOR = b"\x1f"
_FOREIGN_SHARE = 0.02
_FOREIGN_FROM = 20


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
    with comparing(pair, scope) as choices:
        choices["places"] = over_places(places)

        def rows(name: LiteralString, **slots: str) -> Iterator[dict[str, Any]]:
            with pair.langgraph.cursor() as cursor:
                yield from cursor.stream(sql.statement(name, **{**choices, **slots}), scope.parameters)

        (totals,) = rows("totals")
        conversations = list(rows("conversations"))
        _agents_and_rows(pair.langgraph, sql.statement("findings", **choices), scope, conversations, findings)
        dangling: list[Reference] = []
        references = map(Reference.model_validate, rows("references", agent_links="agent_links_read"))
        used = Spool(Reference, _but_dangling(references, dangling))
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


def _refuse_a_foreign_pair(totals: dict[str, Any], unknown: int) -> None:
    agents, assistants = totals["agents"], totals["assistants"]
    if min(agents, assistants) >= _FOREIGN_FROM and agents - unknown < _FOREIGN_SHARE * agents:
        raise ForeignPairError(f"of {agents} agents only {agents - unknown} are known among {assistants} assistants")


def _agents_and_rows(
    connection: Connection,
    statement: LiteralString,
    scope: Scope,
    conversations: list[dict[str, Any]],
    findings: Findings,
) -> None:
    """Add what the statement finds, line by line as it comes, and to every stray the conversations on it."""
    on_stray: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in conversations:
        if row["kind"] == "stray":
            on_stray[row["assistant_id"]].append(row)
    with unbroken(), connection.cursor() as cursor, cursor.copy(statement, scope.parameters) as copied:
        for record in copied:
            kind, is_open, line = bytes(record).split(_SEPARATOR, 2)
            if kind == b"stray":
                findings.add([_stray(json.loads(line), on_stray)])
            else:
                found = cast(Kind, kind.decode())  # the statement writes kinds alone
                findings.add_counted(found, line, is_open == b"t")


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
