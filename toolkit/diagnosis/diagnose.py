"""The comparison of every agent with its assistants, in one snapshot of each side."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, LiteralString, cast

from toolkit import sql
from toolkit.catalog import preflight
from toolkit.catalog.kinds import Kind
from toolkit.catalog.places import over_places, visible
from toolkit.database import shapes
from toolkit.database.connection import Pair
from toolkit.database.copy import unbroken
from toolkit.database.snapshot import comparing
from toolkit.database.spool import Spool
from toolkit.diagnosis.findings import Diagnosis, Finding, Findings, Reference, has
from toolkit.errors import RefusedError
from toolkit.scope import Scope


class ForeignPairError(RefusedError):
    """Two databases that share hardly any agent."""

    remedy = "the two databases do not seem to belong together (staging against production?): check both references"


_FOREIGN_SHARE = 0.02
_FOREIGN_FROM = 20


def diagnose(pair: Pair, scope: Scope, *, for_plan: bool = False) -> Diagnosis:
    """Compare every agent in scope with its assistants.

    Read only, in one repeatable-read snapshot of each side. Return one finding for each mismatch, by kind, then
    agent id.

    Args:
        pair: both sides.
        scope: which agents.
        for_plan: whether `make_plan` gets it. Each finding has the step that answers it, with a hash of its row.

    Raises:
        UnbelievableReadError: if the role cannot see everything.
        ForeignPairError: if both sides are well filled and share hardly any agent.
    """
    problems = shapes.problems(pair.langgraph, shapes.LANGGRAPH)
    places, unknown = visible(problems)
    findings = Findings()
    with comparing(pair, scope) as choices:
        choices["places"] = over_places(places, but_own=True)

        def rows(name: LiteralString, **slots: str) -> Iterator[dict[str, Any]]:
            with pair.langgraph.cursor() as cursor:
                yield from cursor.stream(sql.statement(name, **{**choices, **slots}), scope.parameters)

        (totals,) = rows("totals")
        on_stray: dict[str, list[dict[str, Any]]] = defaultdict(list)
        contradicted = unplaced = 0
        for row in rows("conversations"):
            if row["kind"] == "misrouted":
                findings.add([_misrouted(row)])
            else:
                on_stray[row["assistant_id"]].append(row)
            contradicted += row["conversations"] if row["kind"] == "contradicted" and row["agent_id"] else 0
        answer: LiteralString = "answer" if for_plan else "unanswered"
        statement, undecided = sql.statement("findings", **choices, answer=answer), 0
        with unbroken(), pair.langgraph.cursor() as cursor, cursor.copy(statement, scope.parameters) as copied:
            for record in copied:
                line = bytes(record)
                kind, is_open, _ = line.split(b"\t", 2)
                if kind == b"stray":
                    stray = findings.read(line.rstrip(b"\n"))
                    held = on_stray.get(stray.assistant_id or "", [])
                    of_scope = {each["kind"] != "elsewhere" for each in held if each["agent_id"]}
                    is_unplaced = is_open == b"\\N" and not of_scope
                    if is_open == b"t" or True in of_scope or is_unplaced:
                        findings.add([_stray(stray, held)])
                        unplaced += is_unplaced
                        crons = (each for each in held if each["kind"] == "contradicted" and not each["agent_id"])
                        contradicted += sum(each["conversations"] for each in crons)
                else:
                    findings.add_counted(cast(Kind, kind.decode()), line, is_open == b"t")  # it writes kinds only
                    undecided += kind == b"missing" and has(line, "startup_sync")
        found = map(Reference.model_validate, rows("references", agent_links="agent_links_read"))
        references = Spool(Reference, _but_dangling(found, findings))
    agents, assistants = totals["agents"], totals["assistants"]
    known = agents - findings.rows("missing")
    if min(agents, assistants) >= _FOREIGN_FROM and known < _FOREIGN_SHARE * agents:
        raise ForeignPairError(f"of {agents} agents only {known} are known among {assistants} assistants")
    return Diagnosis(
        scope=scope,
        agents=agents,
        assistants=assistants,
        findings=findings,
        references=references,
        unknown=unknown,
        unread=preflight.unread(pair, problems),
        supabase_fingerprint=pair.supabase_fingerprint,
        langgraph_fingerprint=pair.langgraph_fingerprint,
        undecided=undecided,
        contradicted=contradicted,
        unplaced=unplaced,
        is_for_plan=for_plan,
        read=preflight.real_databases(pair),
    )


def _stray(row: Finding, found: list[dict[str, Any]]) -> Finding:
    found = sorted(found, key=lambda each: each["agent_id"] or "")
    held, crons = ([each for each in found if each["kind"] == kind] for kind in ("stray", "cron"))
    evidence = row.evidence | {"conversations_of": {each["agent_id"]: each["conversations"] for each in held}}
    if held:
        evidence["first_thread"] = {each["agent_id"]: each["first_thread"] for each in held}
    if crons:
        evidence["crons_of"] = {each["agent_id"]: each["conversations"] for each in crons}
    for kind in ("undecided_cron", "contradicted"):
        if count := sum(each["conversations"] for each in found if each["kind"] == kind):
            evidence[f"{kind}s" if kind == "undecided_cron" else kind] = count
    if users := {user for each in found if each["kind"] == "undecided_cron" for user in each["users"]}:
        evidence["cron_users"] = sorted(user or "unknown" for user in users)
    organizations = {each["organization_id"] for each in found if each["agent_id"]}
    whose = row.organization_id if row.agent_id or len(organizations) != 1 else organizations.pop()
    return row.model_copy(update={"is_open": bool(held or crons), "organization_id": whose, "evidence": evidence})


def _misrouted(row: dict[str, Any]) -> Finding:
    evidence = {"ran_on_agent": row["ran_on_agent"], "first_thread": row["first_thread"]}
    return Finding(**row, is_open=False, count=row["conversations"], evidence=evidence)


def _but_dangling(references: Iterable[Reference], findings: Findings) -> Iterator[Reference]:
    """Yield the references to assistants that exist; add those that dangle to the findings."""
    for each in references:
        if not each.is_dangling:
            yield each
        elif each.in_scope:
            evidence = {"place": each.place, "since": each.since and each.since.isoformat()}
            is_open, count = each.agent_id is not None, each.rows
            dangling = {"kind": "dangling_reference", "is_open": is_open, "count": count, "evidence": evidence}
            findings.add([Finding(**dict(each) | dangling)])
