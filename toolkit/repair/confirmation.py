"""Confirmation of a saved plan: of its steps, those that a plan of now has, too."""

from collections.abc import Iterable
from itertools import islice, repeat
from typing import Any

from toolkit import sql
from toolkit.database.connection import Pair
from toolkit.database.spool import Spool
from toolkit.errors import RefusedError
from toolkit.repair import journal
from toolkit.repair.journal import Run
from toolkit.repair.plan import SECTIONS, AgentPlan, Left, Move, Plan, Step, merged
from toolkit.repair.planfile import UnusablePlanError

UNCONFIRMED = (
    "a diagnosis of now would not do what the plan says: its rows changed since the plan, or the plan was changed;"
    " make a new plan"
)
"""Why a step of a saved plan is left."""

_NEW = "it is not in the plan: it appeared since; make a new plan for it"

_AT_ONCE = 5000
"""Steps that are looked up at once."""


def refuse_foreign(pair: Pair, plan: Plan) -> None:
    """Refuse a plan that was made for other databases.

    System identifier and OID must be the same; a copy of the data directory has them, too. So the address or the time
    of the server's start must be the same as well. A restart or a failover keeps the address. Another way to the same
    server keeps the time. A copy that took over its original's address is not told from it.

    Raises:
        UnusablePlanError: names the side.
    """
    for side in ("supabase", "langgraph"):
        place = getattr(pair, f"{side}_database").place
        if getattr(plan, f"{side}_fingerprint") != getattr(pair, f"{side}_fingerprint"):
            raise UnusablePlanError(f"the plan was made for another {side} database than {place}")
        planned, present = getattr(plan, f"{side}_origin"), getattr(pair, f"{side}_origin")
        if planned and not {*planned} & {*present}:
            raise UnusablePlanError(
                f"the plan was made on {planned[0]}, and {place} may be a copy of that server: its start differs"
            )


class UnfinishedUndoError(RefusedError):
    """An undo that was begun and did not end: a repair meanwhile would mix with it."""

    remedy = "finish it first, with `undo --run RUN --apply`; nothing was changed"


def refuse_unfinished_undo(runs: Iterable[Run]) -> None:
    """Refuse to plan or repair while one of the runs is being undone.

    Raises:
        UnfinishedUndoError: names the run.
    """
    for run in runs:
        if run.state == "being undone":
            raise UnfinishedUndoError(f"the undo of {run.run_id} is not finished")


def refuse_undone(pair: Pair, plan: Plan) -> None:
    """Refuse a plan whose run was undone since: whoever took it back wants no repetition.

    Raises:
        UnusablePlanError: names the run.
        UnfinishedUndoError: if any run is being undone.
    """
    refuse_unfinished_undo(runs := journal.runs(pair))
    for run in runs:
        if run.undoing_since and run.digest == plan.digest:
            raise UnusablePlanError(f"{run.run_id} applied this plan, and was undone")


def confirmed(pair: Pair, plan: Plan, now: Plan) -> Plan:
    """Return the rest of a saved plan: its steps and moves that the plan of `now` has, too.

    Leave and name an agent with any other step. Take names and counts from `now`, hashes from the saved plan. Do not
    name the agents of an interrupted run, or of an earlier run of this plan: the journal knows them.

    Raises:
        UnusablePlanError: if a step changes a user's row, or is about an agent outside the plan's scope.
    """
    begun = journal.begun_agents(pair, plan.digest)
    kept: dict[str, Spool[Any]] = {name: Spool(model) for name, model in SECTIONS.items()}
    doubtful = Spool(Step)

    def add(spool: Spool[Any], rows: Iterable[Step | Move | Left]) -> None:
        for row in rows:
            spool.add_line("", row.model_dump_json().encode())

    add(kept["left"], now.left)
    streams = zip(repeat("saved"), plan.agents()), zip(repeat("now"), now.agents())
    for agent_id, found in merged(*streams, key=lambda each: each[1].agent_id):
        nothing = AgentPlan(agent_id=agent_id, agent_name=found[0][1].agent_name, steps=(), moves=())
        agents = {"saved": nothing, "now": nothing} | dict(found)
        steps, moves, left = _rest(agents["saved"], agents["now"])
        add(kept["steps"], steps)
        add(kept["moves"], moves)
        if agent_id not in begun:
            add(kept["left"], left)
            add(doubtful, () if steps else agents["saved"].steps)
    _refuse_never_made(pair, plan, doubtful)
    return plan.model_copy(update=kept)


def _rest(saved: AgentPlan, present: AgentPlan) -> tuple[list[Step], list[Move], list[Left]]:
    """Return what is left of one agent's saved plan, and what is not confirmed or not in it."""
    wanted, of_now = ({step.change: step for step in agent.steps} for agent in (saved, present))

    def left(finding: Any, assistant_id: str | None, reason: str) -> Left:
        who = {"agent_id": present.agent_id, "agent_name": present.agent_name, "assistant_id": assistant_id}
        return Left(finding=finding, reason=reason, is_open=True, **who)

    unconfirmed = [step for change, step in wanted.items() if change not in of_now]
    if not any(step.makes for step in saved.steps) and (saved.steps or saved.moves):
        unconfirmed += [step for step in present.steps if step.makes]  # must come first
    if unconfirmed:
        return [], [], [left(step.finding, step.assistant_id, UNCONFIRMED) for step in unconfirmed]
    steps = [of_now[change].model_copy(update={"expects": step.expects}) for change, step in wanted.items()]
    follow = {None} if any(step.replaces for step in steps) else set[None]()  # references of replaced rows move along
    rows = {move.assistant_id for move in saved.moves}
    moves = [move for move in present.moves if move.assistant_id in rows | follow]
    named = [left(step.finding, step.assistant_id, _NEW) for change, step in of_now.items() if change not in wanted]
    for assistant_id in sorted(rows - follow - {move.assistant_id for move in moves}, key=str):
        named.append(left("stray" if assistant_id else "dangling_reference", assistant_id, UNCONFIRMED))
    return steps, moves, named


def _refuse_never_made(pair: Pair, plan: Plan, doubtful: Iterable[Step]) -> None:
    organizations = None if (named := plan.agents_in_scope.organizations) is None else set(map(str, named))
    reading_steps = iter(doubtful)
    while steps := list(islice(reading_steps, _AT_ONCE)):
        ids = [step.assistant_id for step in steps if step.kind in ("rekey", "remove", "update")]
        for row in pair.langgraph.execute(sql.statement("users_rows"), {"ids": ids}):
            raise UnusablePlanError(f"the plan changes {row['id']!r}, an assistant that is not the system's")
        asked = {"agent_ids": [step.agent_id for step in steps]}
        for agent in pair.supabase.execute(sql.statement("agent_names"), asked):
            if organizations is not None and agent["organization_id"] not in organizations:
                raise UnusablePlanError(f"the plan changes agent {agent['agent_id']}, which is outside its scope")
