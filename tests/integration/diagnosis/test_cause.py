"""The root cause, and what has to be done first."""

from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
import pytest

from tests.constants import EVERYBODY
from tests.pgbouncer import transaction_pooler
from toolkit.catalog import preflight
from toolkit.database import addresses, connection
from toolkit.database.connection import connections_to
from toolkit.diagnosis import cause, diagnose
from toolkit.diagnosis.drift import Drift
from toolkit.diagnosis.findings import Diagnosis, Finding, Findings
from toolkit.diagnosis.verification import Check
from toolkit.pages import verdicts, words
from toolkit.sync import startup


def explained_of(conninfo: str, *checks: Check) -> cause.Cause:
    base = addresses.database_called("env:TEST", conninfo)
    with connection.connected(base, base) as pair:
        return cause.explain(pair, diagnose.diagnose(pair, EVERYBODY), checks)


def sentences(explained: cause.Cause) -> list[str]:
    return words.lines("cause", {"cause": explained})


def test_without_one_right_row_the_server_is_to_be_mended_first(clone: Callable[[str], str]) -> None:
    explained = explained_of(clone("broken"))
    assert explained.deploy_first
    assert sentences(explained) == [
        "No assistant is stored under its agent's id. 15 have other ids, made from 2026-11-22 19:00:55 UTC"
        " to 2026-11-22 19:00:59 UTC. So the server seems to ignore the id that its sync passes in, and to add a"
        " copy of every agent at each restart."
    ]
    nothing = Drift(counts={}, settings={})
    assert verdicts.concentrated(explained, nothing) == "All 15 copies appeared in 3 restarts within 4 seconds."
    assert explained.makes_copies


async def test_after_the_fixed_server_started_the_copies_are_left_over(clone: Callable[[str], str]) -> None:
    conninfo = clone("broken")
    await startup.startup_agent_sync(connections_to(addresses.database_called("env:TEST", conninfo)), scope=EVERYBODY)
    explained = explained_of(conninfo)
    assert not explained.deploy_first
    assert sentences(explained)[0].startswith(
        "The copies are left over, made from 2026-11-22 19:00:55 UTC to 2026-11-22 19:00:59 UTC. The server then"
    )


async def test_a_copy_that_is_younger_than_the_right_rows_says_that_it_goes_on(clone: Callable[[str], str]) -> None:
    conninfo = clone("broken")
    await startup.startup_agent_sync(connections_to(addresses.database_called("env:TEST", conninfo)), scope=EVERYBODY)
    with psycopg.connect(conninfo) as connection:
        connection.execute(
            "UPDATE langgraph_server.assistants SET created_at = now() + interval '1 minute' WHERE id = "
            "'475ee6a8c60f46b885e1079bec764fbd'"
        )
    explained = explained_of(conninfo)
    assert explained.deploy_first
    assert sentences(explained)[0].startswith(
        "The server still makes copies, by the rows' times. The newest was made at "
    )
    assert explained.makes_copies


def test_a_server_that_hides_assistants_is_to_be_mended_first_though_the_tables_are_right(
    clone: Callable[[str], str],
) -> None:
    refused = Check(name="GET", passed=False, detail="status 404", troubles={"hidden": 5})
    explained = explained_of(clone("healthy"), refused)
    assert explained.deploy_first
    assert not explained.makes_copies
    assert sentences(explained) == ["The server hides assistants from an ordinary user who may see them."]


def test_healthy_databases_have_no_cause_and_nothing_to_do(clone: Callable[[str], str]) -> None:
    explained = explained_of(clone("healthy"))
    assert (sentences(explained), explained.deploy_first) == ([], False)


def test_every_open_kind_is_spoken_of() -> None:
    found = Findings()
    found.add(
        Finding(
            kind=kind, is_open=True, agent_id="a", organization_id=None, agent_name="A", assistant_id=None, evidence={}
        )
        for kind in ("conflict", "hidden", "missing", "not_written_back")
    )
    explained = cause.reason(
        Diagnosis(EVERYBODY, 4, 2, found, (), (), "1:1", "1:1"),
        {"oldest_copy": None, "newest_copy": None, "newest_canonical": datetime.now(UTC)},
        (),
    )
    assert len(sentences(explained)) == 4
    assert not explained.deploy_first


def facts(supabase: str, langgraph: str) -> dict[tuple[str, str], list[str]]:
    sides = [addresses.database_called("env:TEST", conninfo) for conninfo in (supabase, langgraph)]
    found: dict[tuple[str, str], list[str]] = {}
    with connection.connected(*sides) as pair:
        for fact in preflight.facts(pair):
            found.setdefault((fact.side, fact.name), []).append(fact.value)
    return found


def test_one_database_and_two_are_told_apart(
    clone: Callable[[str], str], pair: Callable[[str], tuple[str, str]]
) -> None:
    one = clone("broken")
    assert facts(one, one)["both", "topology"] == ["one database"]
    assert facts(*pair("broken"))["both", "topology"] == ["two databases"]


@pytest.mark.pooler
def test_a_pooler_is_told_from_a_direct_connection(clone: Callable[[str], str]) -> None:
    conninfo = clone("broken")
    with transaction_pooler(conninfo) as pooled:
        found = facts(pooled, conninfo)
    assert found["supabase", "connection"] == ["through a pooler"]
    assert found["both", "topology"] == ["one database"], "two ways to one database are one database"


def test_a_direct_connection_is_not_taken_for_a_pooler(clone: Callable[[str], str]) -> None:
    conninfo = clone("broken")
    assert facts(conninfo, conninfo)["supabase", "connection"] == ["direct"]


def test_what_a_repair_would_set_off_and_an_unknown_place_are_named(clone: Callable[[str], str]) -> None:
    conninfo = clone("broken")
    with psycopg.connect(conninfo) as connection:
        connection.execute("""
            CREATE FUNCTION public.notify() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
            CREATE TRIGGER webhook AFTER UPDATE ON public.agents FOR EACH ROW EXECUTE FUNCTION public.notify();
            CREATE TRIGGER switched_off AFTER UPDATE ON public.agents FOR EACH ROW EXECUTE FUNCTION public.notify();
            ALTER TABLE public.agents DISABLE TRIGGER switched_off;
            ALTER TABLE langgraph_server.runs ADD COLUMN length integer GENERATED ALWAYS AS (length(id)) STORED;
            CREATE PUBLICATION realtime FOR TABLE langgraph_server.threads;
            CREATE SCHEMA "Billing"; CREATE TABLE "Billing"."Usage" (assistant_id text);
        """)
    found = facts(conninfo, conninfo)
    assert found["supabase", "trigger"] == ["webhook on public.agents"]
    assert found["langgraph", "generated column"] == ["length on langgraph_server.runs"]
    assert found["langgraph", "publication"] == ["realtime on langgraph_server.threads"]
    (unknown,) = found["langgraph", "unknown place of assistant ids"]
    assert unknown.startswith("Billing.Usage.assistant_id is named like one")
