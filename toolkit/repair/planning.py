"""The planner: findings become steps, each with the hash of what it expects."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import cast

from toolkit import __version__, sql
from toolkit.catalog import foreign_keys
from toolkit.catalog.kinds import HELD, KINDS, UNREACHED, WAITS, Kind, explained
from toolkit.catalog.places import CATALOG, CONVERSATIONS, CRONS, refuse_unread
from toolkit.database.connection import Pair
from toolkit.database.shapes import refuse_writes
from toolkit.database.spool import Spool
from toolkit.diagnosis.findings import Diagnosis, Finding, Reference
from toolkit.errors import ParameterError, RefusedError
from toolkit.repair import changes, confirmation, journal, planfile
from toolkit.repair.plan import ANSWERS, Left, Move, Plan, Step, StepKind, merged
from toolkit.repair.planfile import UnusablePlanError
from toolkit.settings import RepairSettings

NOT_NAMED = "not named by --only"
"""Why a finding is left that the plan is not about."""

_MOVED = frozenset(place.name for place in CATALOG if place.moves)


def plan_for(pair: Pair, diagnosis: Diagnosis, settings: RepairSettings) -> Plan:
    """Load the plan that the settings name, or make one.

    Raises:
        UnusablePlanError: if the named plan cannot be used, or was made for another scope.
        ParameterError: if `only` or `allow` names an agent that is neither in scope nor in a finding.
    """
    if settings.plan:
        plan = planfile.load(Path(settings.plan))
        for name in ("scope", "startup_sync"):
            if (planned := getattr(plan, name)) != (given := getattr(settings, name)):
                raise UnusablePlanError(f"the plan is for {name} {planned!r}, got {name} {given!r}")
        return confirmed(pair, diagnosis, plan)
    _refuse_unknown(
        pair, diagnosis, {entry.rpartition(":")[2] for entry in (*settings.only, *settings.allow)} - {*KINDS}
    )
    return make_plan(pair, diagnosis, settings.scope, settings.only, settings.allow)


def _refuse_unknown(pair: Pair, diagnosis: Diagnosis, agent_ids: set[str]) -> None:
    parameters = {**diagnosis.scope.parameters, "agent_ids": sorted(agent_ids)}
    rows = pair.supabase.execute(sql.statement("desired_configs"), parameters).fetchall() if agent_ids else ()
    unknown = agent_ids - {row["assistant_id"] for row in rows if row["in_scope"]}
    if unknown and (unknown := unknown - {finding.agent_id for finding in diagnosis.findings}):
        raise ParameterError(f"no agent in scope has the id {min(unknown)}")


def confirmed(pair: Pair, diagnosis: Diagnosis, plan: Plan) -> Plan:
    """Return the rest of a saved plan: the steps that a diagnosis of now makes itself; leave and name the others.

    Raises:
        UnusablePlanError: if the plan is for other databases, its run was undone, or a step could never be made.
        UnbelievableReadError, ShapeError, ForeignKeyError: as `make_plan`.
    """
    confirmation.refuse_foreign(pair, plan)
    confirmation.refuse_undone(pair, plan)
    if sum(1 for _ in chosen(plan.steps, plan.only, plan.allow)) < len(plan.steps):
        raise UnusablePlanError("the plan has a step that its own only and allow leave out")
    now = make_plan(pair, diagnosis, plan.scope, plan.only, plan.allow)
    rest = confirmation.confirmed(pair, plan, now)
    is_whole = rest.steps == now.steps and rest.moves == now.moves
    found = now.changes if is_whole else changes.planned(pair, diagnosis, rest.steps, rest.moves)
    return rest.model_copy(update={"changes": found}).confirmed(plan.digest)


def make_plan(
    pair: Pair, diagnosis: Diagnosis, scope: str, only: Sequence[str] = (), allow: Sequence[str] = ()
) -> Plan:
    """Turn findings into steps, each with the hash of what it expects; write nothing.

    Args:
        pair: both sides, for the hashes of their rows.
        diagnosis: the findings of a diagnosis that is for a plan.
        scope: the scope as it was named, such as `all`.
        only: agent ids and kinds of findings to repair; all others are left. Empty: all are repaired.
        allow: what is repaired only when named: `drift`, `orphan`, `conflict:<agent id>`.

    Raises:
        ValueError: if the diagnosis is not for a plan.
        UnbelievableReadError: if a place with assistant ids cannot be read. Its rows may name a row that
            the plan removes.
        ShapeError: if a table cannot be written as it is.
        ForeignKeyError: if a foreign key would change further rows, or stop the repair halfway.
        UnfinishedUndoError: if a run is being undone.
    """
    if not diagnosis.is_for_plan:
        raise ValueError("got a diagnosis without steps, expected diagnose(…, for_plan=True)")
    refuse_writes(pair.supabase, pair.langgraph)
    refuse_unread(pair.langgraph)
    steps = Spool(Step, chosen(_possible(diagnosis), only, allow))
    moves = Spool(Move, _moves(pair, diagnosis, steps, only))
    plan = Plan(
        toolkit_version=__version__,
        supabase_fingerprint=pair.supabase_fingerprint,
        langgraph_fingerprint=pair.langgraph_fingerprint,
        supabase_origin=pair.supabase_origin,
        langgraph_origin=pair.langgraph_origin,
        scope=scope,
        startup_sync=diagnosis.scope.startup_sync,
        only=tuple(only),
        allow=tuple(allow),
        undone=_undone(pair),
        changes=changes.planned(pair, diagnosis, steps, moves),
        steps=steps,
        moves=moves,
        left=Spool(Left, _left(diagnosis, steps, moves, only, allow)),
    )
    foreign_keys.refuse(pair, plan.counts, plan.places)
    return plan.confirmed()


def _possible(diagnosis: Diagnosis) -> Iterator[Step]:
    """Yield the steps that answer the findings, by agent, whatever is asked for or allowed."""
    kinds = {kind for kinds in ANSWERS.values() for kind in kinds}
    streams = [filter(lambda row: row.agent_id, diagnosis.of(kind)) for kind in kinds]
    unknown = filter(lambda row: not row.agent_id, diagnosis.of("orphan"))
    for agent_id, rows in merged(*streams, unknown, key=_whose):
        steps = [_answer(agent_id, row) for row in rows if row.step]
        yield from sorted(steps, key=lambda step: (step.kind, step.assistant_id or ""))


def _whose(finding: Finding) -> str:
    return finding.agent_id or str(finding.evidence["names_agent"])


def _answer(agent_id: str, finding: Finding) -> Step:
    has_row = finding.step not in ("create", "write_back")
    return Step(
        kind=cast(StepKind, finding.step),
        finding=finding.kind,
        agent_id=agent_id,
        agent_name=finding.agent_name or "",
        assistant_id=finding.assistant_id or finding.evidence.get("kept_id") if has_row else None,
        canonical_id=None if finding.kind == "orphan" else agent_id,
        expects=finding.expects,
    )


def _undone(pair: Pair) -> tuple[str, ...]:
    runs: tuple[journal.Run, ...] = ()
    with suppress(RefusedError):  # a journal that is not believed stops the repair, not the plan
        runs = journal.runs(pair)
    confirmation.refuse_unfinished_undo(runs)
    return tuple(run.run_id for run in runs if run.undoing_since)


def chosen(candidates: Iterable[Step], only: Sequence[str], allow: Sequence[str]) -> Iterator[Step]:
    """Yield the steps that are allowed and asked for, out of candidates in the order of their agents.

    Where an agent's assistant must be made first, pick no step without the one that makes it. Pick no write-back
    without the steps about the row that it names.
    """
    for agent_id, steps in merged(candidates, key=lambda step: step.agent_id):
        picked, kept = list[Step](), set[str | None]()
        for step in steps:
            if _needed(step.finding, agent_id) in (None, *allow) and _is_asked_for(step.finding, agent_id, only):
                picked.append(step)
            elif step.replaces:  # a write-back may be all that ties a copy to its agent
                kept.add(step.assistant_id)
        if _makes_canonical(picked) or not _makes_canonical(steps):
            yield from (step for step in picked if step.kind != "write_back" or step.expects not in kept)


def _makes_canonical(steps: Iterable[Step]) -> bool:
    return any(step.makes for step in steps)


def _needed(kind: Kind, agent_id: str | None) -> str | None:
    """Return what `--allow` has to name, `drift` or `conflict:<agent id>`; None: nothing."""
    names = {"unless its kind is allowed": kind, "unless its agent is allowed": f"{kind}:{agent_id}"}
    return names.get(explained(kind).stays or "")


def _is_asked_for(kind: Kind, agent_id: str | None, only: Sequence[str]) -> bool:
    return not only or agent_id in only or kind in only


def _moves(pair: Pair, diagnosis: Diagnosis, steps: Iterable[Step], only: Sequence[str]) -> Iterator[Move]:
    """Yield what moves to each agent's canonical id, by agent; one agent's rows are held at a time."""
    references = (row for row in diagnosis.references if row.place in _MOVED and row.agent_id)
    dangling = (row for row in diagnosis.of("dangling_reference") if row.is_open and row.evidence["place"] in _MOVED)
    may_move = any(map(diagnosis.findings.rows, ("dangling_reference", "stray")))
    unreached = (diagnosis.of(kind) for kind in UNREACHED if may_move)
    streams: tuple[Iterable[Step | Reference | Finding | Move], ...] = (steps, references, dangling, *unreached)
    for agent_id, rows in merged(*streams, _talks(pair, diagnosis), key=lambda row: row.agent_id or ""):
        planned = [row for row in rows if isinstance(row, Step)]
        replaced = {step.assistant_id for step in planned if step.replaces}
        found = {row.kind for row in rows if isinstance(row, Finding)}
        is_reached = _makes_canonical(planned) or found.isdisjoint(UNREACHED)
        moves, references_in = list[Move](), Counter[str]()
        for row in rows:
            if isinstance(row, Reference) and row.assistant_id in replaced:
                references_in[row.place] += row.rows
            elif isinstance(row, Finding) and row.kind == "dangling_reference":
                if replaced or (is_reached and _is_asked_for(row.kind, agent_id, only)):
                    references_in[row.evidence["place"]] += row.count
            elif isinstance(row, Move) and is_reached and _is_asked_for("stray", agent_id, only):
                moves.append(row)
        name = next((row.agent_name for row in rows if row.agent_name), "")
        for place, count in references_in.items():
            moves.append(Move(place=place, agent_id=agent_id, agent_name=name, rows=count))
        yield from sorted(moves, key=lambda move: (move.place, move.assistant_id or ""))


def _talks(pair: Pair, diagnosis: Diagnosis) -> Iterator[Move]:
    """Yield the moves of the conversations and crons that agents have on users' rows, by agent."""
    strays = diagnosis.of("stray")
    talks = sorted((id, str(row.assistant_id), place, n) for row in strays for id, place, n in _talking(row))
    agent_ids = {"agent_ids": sorted({agent_id for agent_id, *_ in talks})}
    names = {row["agent_id"]: row["name"] for row in pair.supabase.execute(sql.statement("agent_names"), agent_ids)}
    for agent_id, assistant_id, place, rows in talks:
        name = names[agent_id]
        yield Move(place=place, agent_id=agent_id, agent_name=name, rows=rows, assistant_id=assistant_id)


def _talking(stray: Finding) -> Iterator[tuple[str, str, int]]:
    """Yield the ids of the agents with conversations or crons on a user's row, each with the place and the number."""
    for place, held in ((CONVERSATIONS, "conversations_of"), (CRONS, "crons_of")):
        for agent_id, count in stray.evidence.get(held, {}).items():
            yield agent_id, place, count


def _left(
    diagnosis: Diagnosis, steps: Iterable[Step], moves: Iterable[Move], only: Sequence[str], allow: Sequence[str]
) -> Iterator[Left]:
    """Yield the findings that the plan does not answer, kind by kind."""
    held = {finding.agent_id for kind in HELD for finding in diagnosis.of(kind)}
    answered: dict[Kind, set[str | None]] = defaultdict(set)
    for step in steps:
        answered[step.finding].add(step.assistant_id if explained(step.finding).unit == "row" else step.agent_id)
    for kind in filter(diagnosis.findings.rows, KINDS):
        for finding in _unanswered(diagnosis, kind, answered[kind], moves):
            reason = _why_left(finding, only, allow, held)
            shared = finding.model_dump(include={"agent_id", "agent_name", "assistant_id", "is_open", "count"})
            yield Left(finding=kind, reason=reason, **shared)


def _unanswered(
    diagnosis: Diagnosis, kind: Kind, answered: Container[str | None], moves: Iterable[Move]
) -> Iterator[Finding]:
    """Yield the findings of a kind that neither moves answer nor a step, whose row or agent is in `answered`."""
    if kind == "stray":
        talks = {(move.agent_id, move.assistant_id) for move in moves if move.assistant_id}
        for row in diagnosis.of(kind):
            if not (row.is_open and all((agent, row.assistant_id) in talks for agent, *_ in _talking(row))):
                yield row
    elif kind == "dangling_reference":
        moved = {(move.agent_id, move.place) for move in moves}
        yield from (row for row in diagnosis.of(kind) if (row.agent_id, row.evidence["place"]) not in moved)
    else:
        of_row = explained(kind).unit == "row"
        yield from diagnosis.findings.but(kind, "assistant_id" if of_row else "agent_id", answered)


def _why_left(finding: Finding, only: Sequence[str], allow: Sequence[str], held: Container[str | None]) -> str:
    """Return why the plan leaves a finding; `held` has the agents whose ids are taken by other rows."""
    is_dangling = finding.kind == "dangling_reference"
    if problem := finding.evidence.get("problem"):
        return str(problem)
    if not _is_asked_for(finding.kind, finding.agent_id, only):
        return NOT_NAMED
    if finding.kind == "stray" and finding.is_open:
        is_held = any(agent_id in held for agent_id, *_ in _talking(finding))
        until = "their agents' ids are free" if is_held else "their agents have assistants under their ids"
        return f"its conversations wait until {until}"
    if finding.kind == "not_written_back" and only and finding.evidence["write_back"]:
        return f"{WAITS}, and the copy that it names is repaired"
    if is_dangling and finding.evidence["place"] not in _MOVED:
        return "it is an agent's tool: correct assistant_tool_ids in Supabase, the sync writes the rest"
    waits = _needed(finding.kind, finding.agent_id) in allow or (is_dangling and finding.is_open)
    reason = WAITS if waits else explained(finding.kind).left
    is_held = reason == WAITS and finding.agent_id in held and finding.kind not in HELD
    return "waits until the agent's id is free" if is_held else reason
