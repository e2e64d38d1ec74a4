"""Repair: the plan, its application, the journal and undo. Importing it prepares `sandbox:repaired`."""

from toolkit.database.addresses import database_called
from toolkit.database.connection import connected
from toolkit.sandbox.scenarios import PREPARATIONS
from toolkit.scope import Scope


def repair_sandbox(supabase: str, langgraph: str) -> None:
    """Repair both databases, named by their conninfos, for the scenario `repaired`."""
    from toolkit.diagnosis.diagnose import diagnose  # not for every command that might name this scenario
    from toolkit.repair.apply import apply
    from toolkit.repair.planning import make_plan

    first, second = (database_called("sandbox:repaired", conninfo) for conninfo in (supabase, langgraph))
    with connected(first, second) as pair:
        apply(pair, make_plan(pair, diagnose(pair, Scope.parse("all"), for_plan=True), "all"))


PREPARATIONS["repaired"] = repair_sandbox
