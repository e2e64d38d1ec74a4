"""A repair under which the schema changes: it finishes, is refused, or goes on once the cause is gone; undo the same.

TOOLKIT_KILLS asks for every change at several points of the run; two of them at one when it is not set. TOOLKIT_SEED
repeats a run.
"""

import os
import random
from dataclasses import dataclass

import pytest

from tests.campaigns.children import a_role, applying, as_user_of, changed_meanwhile, finish, free_the_lease, told
from tests.campaigns.conftest import Copy
from tests.databases import Databases, Rows
from toolkit.errors import RefusedError, exit_status_of
from toolkit.repair import journal
from toolkit.repair.apply import StoppedRunError

POINTS = int(os.environ.get("TOOLKIT_KILLS", "0")) // 20

SEED = int(os.environ.get("TOOLKIT_SEED", random.randrange(10**6)))

TRIGGER = (
    "CREATE FUNCTION public.changed() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN {does}; RETURN COALESCE(NEW, OLD); END $$;"
    "CREATE TRIGGER changing BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION public.changed()"
)

NO_TRIGGER = "DROP FUNCTION IF EXISTS public.changed CASCADE"

RAISES = "IF concat(OLD::text, NEW::text) ~ '7[0-4]' THEN RAISE EXCEPTION 'frozen'; END IF"


@dataclass(frozen=True)
class Change:
    """A change of the schema of one side, and what ends it, whether it came or not."""

    side: str
    begins: str
    ends: str


CHANGES = {
    "a trigger that raises for some agents": Change(
        "supabase", TRIGGER.format(does=RAISES, event="UPDATE", table="public.agents"), NO_TRIGGER
    ),
    "a trigger that raises for some assistants": Change(
        "langgraph",
        TRIGGER.format(does=RAISES, event="INSERT OR DELETE", table="langgraph_server.assistants"),
        NO_TRIGGER,
    ),
    "a trigger that relies on search_path": Change(
        "langgraph",
        TRIGGER.format(does="PERFORM * FROM audit", event="UPDATE", table="langgraph_server.runs"),
        NO_TRIGGER,
    ),
    "a publication": Change(
        "langgraph", "CREATE PUBLICATION changed FOR ALL TABLES", "DROP PUBLICATION IF EXISTS changed"
    ),
    "a publication that takes no updates": Change(
        "langgraph",
        "ALTER TABLE public.store REPLICA IDENTITY NOTHING; CREATE PUBLICATION changed FOR TABLE public.store",
        "DROP PUBLICATION IF EXISTS changed; ALTER TABLE public.store REPLICA IDENTITY DEFAULT",
    ),
    "a column": Change(
        "langgraph",
        "ALTER TABLE langgraph_server.assistants ADD note text DEFAULT 'new'",
        "ALTER TABLE langgraph_server.assistants DROP COLUMN IF EXISTS note",
    ),
    "a column without default": Change(
        "langgraph",
        "ALTER TABLE langgraph_server.assistants ADD note text DEFAULT 'new' NOT NULL;"
        "ALTER TABLE langgraph_server.assistants ALTER note DROP DEFAULT",
        "ALTER TABLE langgraph_server.assistants DROP COLUMN IF EXISTS note",
    ),
    "a child table": Change(
        "langgraph",
        "CREATE TABLE langgraph_server.older_runs () INHERITS (langgraph_server.runs);"
        "INSERT INTO langgraph_server.older_runs SELECT * FROM ONLY langgraph_server.runs ORDER BY id LIMIT 20;"
        "GRANT ALL ON langgraph_server.older_runs TO {role}",
        "DROP TABLE IF EXISTS langgraph_server.older_runs",
    ),
    "row security": Change(
        "supabase",
        "ALTER TABLE public.agents ENABLE ROW LEVEL SECURITY; ALTER ROLE {role} NOBYPASSRLS",
        "ALTER ROLE {role} BYPASSRLS; ALTER TABLE public.agents DISABLE ROW LEVEL SECURITY",
    ),
}


def _repaired_while(change: Change, number: int, databases: Databases, reached: Databases, role: str) -> int:
    """Repair in a child, and change the schema before this exchange, or the next at which no lock hinders that."""
    on_side = getattr(databases, f"on_{change.side}")
    begins = f"SET LOCAL lock_timeout = '5ms'; {change.begins.replace('{role}', role)}"
    return changed_meanwhile(applying(databases.plan()), reached, number, lambda: on_side(begins))


def _undo_all(databases: Databases) -> list[str | None]:
    """Take every run back, newest first; return why agents are refused."""
    free_the_lease(databases)
    with databases.connected() as pair:
        runs = [run for run in journal.runs(pair) if not run.undone_at]
    return [agent.refused for run in reversed(runs) for agent in databases.undo(run.run_id).refused]


def test_a_schema_that_changes_meanwhile_leaves_nothing_stuck(
    topology: str, start: Rows, total: int, copy: Copy, capfd: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(SEED)
    for what in list(CHANGES) * POINTS or chance.sample(list(CHANGES), 2):
        number, is_undone_at_once, change = chance.randrange(total), chance.random() < 0.5, CHANGES[what]
        databases = copy()
        where = f"{what}, before exchange {number} of {total}, undone at once: {is_undone_at_once}, seed {SEED}"
        with told(where), a_role(databases) as role:
            is_pooled = topology.endswith("pooler")  # it connects as a role of its own
            reached = databases if is_pooled else as_user_of(databases, role)
            status = _repaired_while(change, number, databases, reached, role)
            said = capfd.readouterr().out
            if status:
                name = said.strip().splitlines()[-1].split(":")[0]
                assert name == "StoppedRunError" or exit_status_of(name) == RefusedError.exit_status, said
            if is_undone_at_once:
                try:
                    _undo_all(reached)
                except (StoppedRunError, RefusedError) as error:
                    print(error)
            getattr(databases, f"on_{change.side}")(change.ends.replace("{role}", role))
            if not is_undone_at_once:
                finish(reached)
                assert reached.diagnose().open == 0
            assert _undo_all(reached) == []
            assert databases.rows() == start
