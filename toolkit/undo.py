"""How is a repair taken back, so that every row is what it was?"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, LiteralString

from toolkit import journal, sql
from toolkit.database import Connection, Pair, writing
from toolkit.diagnosis import visible_places
from toolkit.journal import Run
from toolkit.references import Place
from toolkit.records import Progress, Record


class AgentRestoration(Record):
    """What undoing one agent's repair restores."""

    agent_id: str
    made: int = 0
    """Rows that the run made and that go away."""
    changed: int = 0
    """Rows and write-backs that get their old content."""
    removed: int = 0
    """Rows that come back."""
    references: int = 0
    """References that go back to their old ids."""
    refused: str | None = None
    """Why this agent is left as it is, or None."""


class Restoration(Record):
    """What undoing a run restores, agent by agent."""

    run: Run
    agents: tuple[AgentRestoration, ...]

    @property
    def refused(self) -> tuple[AgentRestoration, ...]:
        """Agents that are left as they are."""
        return tuple(agent for agent in self.agents if agent.refused)


def restoration(pair: Pair, run_id: str) -> Restoration:
    """Tell what undoing a run would restore, and which agents it refuses, by name and with the reason.

    Refused are agents whose rows changed since the repair, and agents whose assistant the repair made and that
    rows name which the journal does not know: a conversation begun since would be stranded. So are those that a newer
    run repaired again.

    Raises:
        UnknownRunError: if these databases have no such run.
    """
    run = journal.run_called(pair, run_id)
    parameters = {"run_id": run_id}
    tally: dict[str, dict[str, Any]] = defaultdict(lambda: {"made": 0, "changed": 0, "removed": 0, "references": 0})
    for connection in journal.sides(pair):
        for row in connection.execute(sql.statement("run_agents"), parameters).fetchall():
            for name in ("made", "changed", "removed"):
                tally[row["agent_id"]][name] += row[name]
    for row in pair.langgraph.execute(sql.statement("run_moves"), parameters).fetchall():
        tally[row["agent_id"]]["references"] += row["rows"]
    for agent_id, reason in _refusals(pair, parameters):
        if agent_id in tally:
            tally[agent_id].setdefault("refused", reason)
    return Restoration(run=run, agents=tuple(AgentRestoration(agent_id=id, **counts) for id, counts in sorted(tally.items())))


def _refusals(pair: Pair, parameters: dict[str, Any]) -> Iterable[tuple[str, str]]:
    def rows(connection: Connection, statement: LiteralString) -> list[dict[str, Any]]:
        return connection.execute(sql.statement(statement), parameters).fetchall()

    for connection in journal.sides(pair):
        for row in rows(connection, "repaired_since"):
            yield row["agent_id"], f"run-{row['number']} repaired it again: undo that first"
    for row in rows(pair.langgraph, "changed_assistants"):
        yield row["agent_id"], f"assistant {row['id']} changed since the repair"
    for row in rows(pair.supabase, "changed_write_backs"):
        yield row["agent_id"], "its write-back changed since the repair"
    for place in _moved_places(pair):
        for row in pair.langgraph.execute(place.filled(sql.statement("used_since")), parameters).fetchall():
            yield row["agent_id"], f"{place.name} names its assistant in rows that are newer than the repair"
        for row in pair.langgraph.execute(place.put_back(sql.statement("taken_since")), parameters).fetchall():
            yield row["agent_id"], f"{place.name} has a newer row where an old one was"


def _moved_places(pair: Pair) -> list[Place]:
    return [place for place in visible_places(pair.langgraph)[0] if place.moves]


def undo(pair: Pair, run_id: str, progress: Progress = lambda phase, done, total: None) -> Restoration:
    """Take a run back, newest change first; what is refused stays as it is, whole.

    Returns what was restored and refused, as `restoration` told it just before.

    Raises:
        UnknownRunError: if these databases have no such run.
    """
    told = restoration(pair, run_id)
    agent_ids = [agent.agent_id for agent in told.agents if not agent.refused]
    parameters = {"run_id": run_id, "agent_ids": agent_ids}
    langgraph = pair.langgraph
    places = _moved_places(pair)
    progress("putting old copies back", 0, 4)
    with writing(langgraph):
        langgraph.execute(sql.statement("put_back_removed"), parameters)
    progress("putting references back", 1, 4)
    for place in reversed(places):  # a later place's key is as the earlier place's move left it
        with writing(langgraph):
            langgraph.execute("SET LOCAL statement_timeout = 0")
            langgraph.execute(place.put_back(sql.statement("put_back_references")), parameters)
    progress("putting write-backs back", 2, 4)
    with writing(pair.supabase):
        pair.supabase.execute(sql.statement("put_back_write_backs"), parameters)
    progress("taking away what the repair made", 3, 4)
    with writing(langgraph):
        langgraph.execute(sql.statement("put_back_changed"), parameters)
        langgraph.execute(sql.statement("put_back_made"), parameters)
        langgraph.execute(sql.statement("forget_ids"), parameters)
    for connection in journal.sides(pair):
        with writing(connection):
            connection.execute(sql.statement("mark_undone"), parameters)
    progress("taking away what the repair made", 4, 4)
    return told
