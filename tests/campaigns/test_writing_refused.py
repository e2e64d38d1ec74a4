"""A repair that may not write any more, from the middle on.

TOOLKIT_KILLS says at how many points of the run; a few when it is not set.
"""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
import pytest

from tests.campaigns import children
from tests.campaigns.children import Work, evenly, finish, forked, told
from tests.campaigns.conftest import Copy
from tests.constants import CUT
from tests.databases import Databases, Rows, as_user, name_of
from toolkit.repair import journal
from toolkit.repair.plan import Plan

KILLS = int(os.environ.get("TOOLKIT_KILLS", "1"))

MAY_ALL = """GRANT ALL ON SCHEMA {schema} TO {role}; GRANT ALL ON ALL TABLES IN SCHEMA {schema} TO {role};
             GRANT CREATE ON DATABASE "{database}" TO {role}"""


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


@contextmanager
def a_role(databases: Databases) -> Iterator[str]:
    """Make a role that may do everything, as long as it is let."""
    role = f"repairer_{uuid.uuid4().hex[:12]}"
    databases.on_supabase(f"CREATE ROLE {role} LOGIN BYPASSRLS")
    databases.on_supabase(MAY_ALL.format(schema="public", role=role, database=name_of(databases.supabase)))
    databases.on_langgraph(
        MAY_ALL.format(schema="public, langgraph_server", role=role, database=name_of(databases.langgraph))
    )
    yield role
    for run in (databases.on_langgraph, databases.on_supabase):
        run(f"DROP OWNED BY {role} CASCADE")
    databases.on_supabase(f"DROP ROLE {role}")


@pytest.fixture(scope="module")
def start(damaged: Databases) -> Rows:
    return damaged.rows()


@pytest.fixture(scope="module")
def total(copy: Copy) -> int:
    """How many exchanges it takes to apply the plan undisturbed."""
    databases = copy()
    return children.exchanges(applying(databases.plan()), databases)


def applying(plan: Plan) -> Work:
    """Apply a plan that is made already: most exchanges of a repair are those of its planning, which writes nothing."""

    def apply(databases: Databases) -> None:
        for left in databases.apply(plan).left:
            print(left.reason, flush=True)

    return apply


def _repaired_while(refusal: Refusal, number: int, databases: Databases, role: str, as_role: bool) -> int:
    """Repair in a child, and let Supabase refuse from this exchange on, or from the next that no lock hinders."""
    names = {"role": role, "database": name_of(databases.supabase)}
    refuses = False

    def disturb(done: int) -> None:
        nonlocal refuses
        if done >= number and not refuses:
            refuses = True  # at once: what follows is an exchange, too
            try:
                databases.on_supabase(f"SET lock_timeout = '5ms'; {refusal.begin.format(**names)}")
            except psycopg.errors.LockNotAvailable:
                refuses = False  # what the repair's own transaction holds, until it ends

    _, status = os.waitpid(
        forked(applying(databases.plan()), _as(role, databases) if as_role else databases, disturb), 0
    )
    return os.waitstatus_to_exitcode(status)


def _as(role: str, databases: Databases) -> Databases:
    return Databases(*(as_user(side, role) for side in (databases.supabase, databases.langgraph)))


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
            _proves(start, databases, _as(role, databases) if as_role else databases)


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
