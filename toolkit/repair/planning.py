"""The planner: findings become steps, each with the hash of what it expects."""

import heapq
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from toolkit import __version__, sql
from toolkit.catalog import foreign_keys
from toolkit.catalog.kinds import HELD, KINDS, UNREACHED, WAITS, Kind, explained
from toolkit.catalog.places import CATALOG, CONVERSATIONS
from toolkit.database.connection import Pair, UnbelievableReadError
from toolkit.database.snapshot import comparing
from toolkit.database.spool import Spool
from toolkit.diagnosis.findings import Diagnosis, Finding, Reference
from toolkit.errors import RefusedError
from toolkit.repair import planfile
from toolkit.repair.plan import Left, Move, Plan, Step
from toolkit.repair.planfile import UnusablePlanError
from toolkit.settings import RepairSettings

_MOVED = frozenset(place.name for place in CATALOG if place.moves)
_MAKES_CANONICAL = frozenset({"rekey", "create", "adopt"})


class UnapprovedPlanError(RefusedError):
    """A plan that nobody approved, for a database on another machine."""

    remedy = (
        "save the plan (`repair` without --apply writes plan.json), have it approved, and apply it with --apply --plan "
        "FILE"
    )


def plan_for(pair: Pair, diagnosis: Diagnosis, settings: RepairSettings) -> Plan:
    """Load the plan that the settings name, or make one.

    Raises:
        UnusablePlanError: if the named plan cannot be used, or was made for another scope.
        UnapprovedPlanError: if `apply` is asked for without a saved plan, on a database that is not on this machine.
    """
    if settings.plan:
        plan = planfile.load(Path(settings.plan))
        if plan.scope != settings.scope:
            raise UnusablePlanError(f"the plan is for scope {plan.scope!r}, got scope {settings.scope!r}")
        return plan
    if settings.apply and not (pair.supabase_database.is_local and pair.langgraph_database.is_local):
        raise UnapprovedPlanError(
            f"{pair.supabase_database.place} or {pair.langgraph_database.place} is not on this machine"
        )
    return make_plan(pair, diagnosis, settings.scope, settings.only, settings.allow)


def make_plan(
    pair: Pair, diagnosis: Diagnosis, scope: str, only: Sequence[str] = (), allow: Sequence[str] = ()
) -> Plan:
    """Turn findings into steps, each with the hash of what it expects.

    Args:
        pair: both sides, for the rows' hashes; nothing is written.
        diagnosis: what was found.
        scope: the scope as it was named.
        only: agent ids and kinds of findings; others are left. Empty: all.
        allow: `drift`, `orphan`, `conflict:<agent id>`: what is repaired only when named.

    Raises:
        UnbelievableReadError: where a place that may hold assistant ids is hidden from this role, since a row
            that something hidden names must not be removed.
        ForeignKeyError: where a foreign key would take or change further rows, or stop the repair halfway.
    """
    if diagnosis.unknown:
        raise UnbelievableReadError(
            f"a repair has to see every place that holds assistant ids; hidden: {', '.join(diagnosis.unknown)}"
        )
    with comparing(pair, diagnosis.scope) as choices, pair.langgraph.cursor() as cursor:
        rows = cursor.stream(sql.statement("steps", **choices), diagnosis.scope.parameters)
        steps = Spool(Step, chosen((Step(**row) for row in rows), only, allow))
    moves = Spool(Move, _moves(pair, diagnosis, steps, only))
    plan = Plan(
        toolkit_version=__version__,
        supabase_fingerprint=pair.supabase_fingerprint,
        langgraph_fingerprint=pair.langgraph_fingerprint,
        scope=scope,
        steps=steps,
        moves=moves,
        left=Spool(Left, _left(diagnosis, steps, moves, only, allow)),
    )
    foreign_keys.refuse(pair, plan.counts, plan.places)
    return plan


def chosen(candidates: Iterable[Step], only: Sequence[str], allow: Sequence[str]) -> Iterator[Step]:
    """Pick, of steps that come agent by agent, those allowed and asked for whose canonical row is there or will be."""
    for _, group in groupby(candidates, key=lambda step: step.agent_id):
        steps = list(group)
        picked = [step for step in steps if _is_allowed(step, allow) and _is_asked_for(step, only)]
        waits = any(step.kind in _MAKES_CANONICAL for step in steps)
        if not waits or any(step.kind in _MAKES_CANONICAL for step in picked):
            yield from picked


def _is_allowed(step: Step, allow: Sequence[str]) -> bool:
    return _needed(step.finding, step.agent_id) in (None, *allow)


def _needed(kind: Kind, agent_id: str | None) -> str | None:
    """Return what `--allow` has to name, `drift` or `conflict:<agent id>`; None: nothing."""
    return {None: None, "by kind": kind, "by agent": f"{kind}:{agent_id}"}[explained(kind).allow]


def _is_asked_for(step: Step, only: Sequence[str]) -> bool:
    return not only or step.agent_id in only or step.finding in only


def _moves(pair: Pair, diagnosis: Diagnosis, steps: Spool[Step], only: Sequence[str]) -> Iterator[Move]:
    """Tell agent by agent what goes along, so that of a hundred thousand agents only one has to be remembered."""
    settled = _settled(diagnosis)
    references = (row for row in diagnosis.references if row.place in _MOVED and row.agent_id)
    dangling = (
        each for each in diagnosis.of("dangling_reference") if each.is_open and each.evidence["place"] in _MOVED
    )
    rows: Iterator[Step | Reference | Finding | Move] = heapq.merge(
        steps, references, dangling, _talks(pair, diagnosis), key=_agent_id
    )
    for agent_id, group in groupby(rows, key=_agent_id):
        yield from sorted(
            _moves_of(agent_id, list(group), agent_id in settled, only),
            key=lambda move: (move.place, move.assistant_id or ""),
        )


def _moves_of(
    agent_id: str, rows: Sequence[Step | Reference | Finding | Move], is_settled: bool, only: Sequence[str]
) -> Iterator[Move]:
    steps = [row for row in rows if isinstance(row, Step)]
    replaced = {step.assistant_id for step in steps if step.replaces}
    has_assistant = is_settled or any(step.kind in _MAKES_CANONICAL for step in steps)

    def goes_along(kind: Kind) -> bool:
        return has_assistant and (not only or agent_id in only or kind in only)

    counted: Counter[str] = Counter()
    name = ""
    for row in rows:
        if isinstance(row, Reference) and row.assistant_id in replaced:
            counted[row.place] += row.rows
        elif isinstance(row, Finding) and (replaced or goes_along("dangling_reference")):
            counted[row.evidence["place"]] += row.count
        elif isinstance(row, Move) and goes_along("stray"):
            yield row
        name = name or row.agent_name or ""
    for place, count in counted.items():
        yield Move(place=place, agent_id=agent_id, agent_name=name, rows=count)


def _agent_id(row: Step | Reference | Finding | Move) -> str:
    return row.agent_id or ""


def _talks(pair: Pair, diagnosis: Diagnosis) -> list[Move]:
    """Tell which conversations on users' rows are with agents, by agent."""
    held = [
        (agent_id, finding.assistant_id, rows) for finding in diagnosis.of("stray") for agent_id, rows in _held(finding)
    ]
    names = _names(pair, {agent_id for agent_id, *_ in held})
    moves = (
        Move(place=CONVERSATIONS, agent_id=agent_id, agent_name=names[agent_id], rows=rows, assistant_id=assistant_id)
        for agent_id, assistant_id, rows in held
    )
    return sorted(moves, key=_agent_id)


def _held(stray: Finding) -> Iterable[tuple[str, int]]:
    conversations: dict[str, int] = stray.evidence["conversations_of"]
    return conversations.items()


def _names(pair: Pair, agent_ids: Iterable[str]) -> dict[str, str]:
    rows = pair.supabase.execute(sql.statement("agent_names"), {"agent_ids": sorted(agent_ids)}).fetchall()
    return {row["agent_id"]: row["name"] for row in rows}


def _settled(diagnosis: Diagnosis) -> set[str]:
    """Agents whose own assistant is in order, so that what dangles, and their conversations on users' rows, can move at once."""
    settled = {finding.agent_id for finding in diagnosis.of("dangling_reference") if finding.agent_id}
    settled.update(agent_id for finding in diagnosis.of("stray") for agent_id, _ in _held(finding))
    for kind in UNREACHED if settled else ():
        settled.difference_update(finding.agent_id for finding in diagnosis.of(kind) if finding.agent_id)
    return settled


def _left(
    diagnosis: Diagnosis, steps: Spool[Step], moves: Spool[Move], only: Sequence[str], allow: Sequence[str]
) -> Iterator[Left]:
    """Tell what no step answers, kind by kind, so that what has to be remembered meanwhile is one kind's ids."""
    held = {finding.agent_id for kind in HELD for finding in diagnosis.of(kind)}
    for kind in KINDS:
        if not diagnosis.findings.rows(kind):
            continue
        removed, agents = set[str | None](), set[str]()
        for step in steps:
            if step.finding == kind and step.kind == "remove":
                removed.add(step.assistant_id)
            elif step.finding == kind:
                agents.add(step.agent_id)
        moved = {(move.agent_id, move.place) for move in moves} if kind == "dangling_reference" else set()
        talks = (
            {(move.agent_id, move.assistant_id) for move in moves if move.assistant_id} if kind == "stray" else set()
        )
        for finding in diagnosis.of(kind):
            answered = finding.agent_id in agents or finding.assistant_id in removed
            if kind == "stray" and finding.is_open:
                answered = all((agent_id, finding.assistant_id) in talks for agent_id, _ in _held(finding))
            if not answered and (finding.agent_id, finding.evidence.get("place")) not in moved:
                yield Left(
                    finding=kind,
                    agent_id=finding.agent_id,
                    agent_name=finding.agent_name,
                    assistant_id=finding.assistant_id,
                    reason=_why_left(finding, only, allow, held),
                    is_open=finding.is_open,
                    count=finding.count,
                )


def _why_left(finding: Finding, only: Sequence[str], allow: Sequence[str], held: Container[str | None]) -> str:
    """Return why no step answers a finding; `held` has the agents whose ids another's row holds."""
    if problem := finding.evidence.get("problem"):
        return str(problem)
    if only and finding.agent_id not in only and finding.kind not in only:
        return "not named by --only"
    if finding.kind == "stray" and finding.is_open:
        is_held = any(agent_id in held for agent_id, _ in _held(finding))
        until = "their agents' ids are free" if is_held else "their agents have assistants under their ids"
        return f"its conversations wait until {until}"
    if finding.kind == "dangling_reference" and finding.evidence["place"] not in _MOVED:
        return "it is an agent's tool: correct assistant_tool_ids in Supabase, the sync writes the rest"
    is_named = _needed(finding.kind, finding.agent_id) in allow
    waits = is_named or (finding.kind == "dangling_reference" and finding.is_open)
    reason = WAITS if waits else explained(finding.kind).left
    is_held = reason == WAITS and finding.agent_id in held and finding.kind not in HELD
    return "waits until the agent's id is free" if is_held else reason
