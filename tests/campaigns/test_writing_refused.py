"""A repair that may not write any more, from the middle on.

TOOLKIT_KILLS says at how many points of the run; a few when it is not set.
"""

import os
from dataclasses import dataclass

import pytest

from tests.campaigns.children import a_role, applying, as_user_of, changed_meanwhile, evenly, finish, told
from tests.campaigns.conftest import Copy
from tests.constants import CUT
from tests.databases import Databases, Rows, name_of
from toolkit.repair import journal

KILLS = int(os.environ.get("TOOLKIT_KILLS", "1"))


@dataclass(frozen=True)
class Refusal:
    """How the Supabase side comes to refuse, how it stops to, and what the repair then says."""

    begin: str
    end: str
    said: str


REFUSALS = {
    "read-only": Refusal(
        f'ALTER DATABASE "{{database}}" SET default_transaction_read_only = on; {CUT}',
        'BEGIN READ WRITE; ALTER DATABASE "{database}" RESET default_transaction_read_only; COMMIT',
        "read-only|terminat|clos|server conn crashed|the connection ended in a COPY",
    ),
    "a grant that is gone": Refusal(
        "REVOKE UPDATE ON public.agents FROM {role}",
        "GRANT UPDATE ON public.agents TO {role}",
        "permission denied for table agents|no UPDATE on public.agents",
    ),
    "a policy": Refusal(
        "ALTER TABLE public.agents ENABLE ROW LEVEL SECURITY; ALTER ROLE {role} NOBYPASSRLS",
        "ALTER ROLE {role} BYPASSRLS; ALTER TABLE public.agents DISABLE ROW LEVEL SECURITY",
        "row-level security|row security",
    ),
}

SUPPRESSED = Refusal(
    "CREATE FUNCTION public.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
    "CREATE TRIGGER nothing BEFORE UPDATE ON public.agents FOR EACH ROW EXECUTE FUNCTION public.nothing()",
    "DROP FUNCTION public.nothing CASCADE",
    "suppressed the update",
)


def _repaired_while(refusal: Refusal, number: int, databases: Databases, role: str, as_role: bool) -> int:
    """Repair in a child, and let Supabase refuse from this exchange on, or from the next that no lock hinders."""
    begin = f"SET LOCAL lock_timeout = '5ms'; {refusal.begin}".format(role=role, database=name_of(databases.supabase))
    reached = as_user_of(databases, role) if as_role else databases
    return changed_meanwhile(applying(databases.plan()), reached, number, lambda: databases.on_supabase(begin))


def _proves(start: Rows, databases: Databases, reached: Databases) -> None:
    """Finish the repair and take it back, as the role whose journal it is."""
    finish(reached)
    assert databases.diagnose().open == 0
    with reached.connected() as pair:
        runs = journal.runs(pair)
    assert {run.state for run in runs} == {"done"}
    for run in reversed(runs):
        assert reached.undo(run.run_id).refused == ()
    assert databases.rows() == start


@pytest.mark.parametrize("what", REFUSALS)
def test_a_repair_that_may_not_write_any_more_says_so_and_can_be_finished(
    what: str, topology: str, start: Rows, total: int, copy: Copy, capfd: pytest.CaptureFixture[str]
) -> None:
    if what != "read-only" and topology == "two through a pooler":
        pytest.skip("the pooler connects as a role of its own")
    refusal = REFUSALS[what]
    for number in evenly(KILLS + 2, total)[1:-1]:
        databases = copy()
        with told(f"{what}, before exchange {number} of {total}"), a_role(databases) as role:
            as_role = what != "read-only"
            status = _repaired_while(refusal, number, databases, role, as_role=as_role)
            said = capfd.readouterr().out
            databases.on_supabase(refusal.end.format(role=role, database=name_of(databases.supabase)))
            assert status == 0 or any(word in said for word in refusal.said.split("|")), said
            assert "changed since the plan" not in said
            _proves(start, databases, as_user_of(databases, role) if as_role else databases)


def test_write_backs_that_are_suppressed_from_the_middle_on_are_said_as_that(
    start: Rows, total: int, copy: Copy, capfd: pytest.CaptureFixture[str]
) -> None:
    for number in evenly(KILLS + 2, total)[1:-1]:
        databases = copy()
        with told(f"before exchange {number} of {total}"):
            assert _repaired_while(SUPPRESSED, number, databases, "nobody", as_role=False) == 0
            reasons = capfd.readouterr().out.splitlines()
            databases.on_supabase(SUPPRESSED.end)
            assert all(
                SUPPRESSED.said in reason
                for reason in reasons
                if "agents.langgraph_assistant_id still names" not in reason
            )
            _proves(start, databases, databases)
