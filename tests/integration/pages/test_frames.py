"""The DataFrames of a diagnosis and of a plan, as somebody who knows pandas uses them."""

import subprocess
import sys
from collections.abc import Callable

import pandas
import pytest
from pandas.testing import assert_frame_equal, assert_series_equal

from tests import damage
from tests.constants import AGENTS, COPY, NOT_IN_USE, OTHER_ORGANIZATION, UNKNOWN, USER
from tests.databases import READS_LANGGRAPH, AsRole, MakeDatabases, run
from tests.integration.pages.reading import BARE, FIFTH, FIRST, SECOND, looked, proposed, text_of
from toolkit.database import addresses
from toolkit.database.connection import connected, connections_to
from toolkit.errors import ParameterError
from toolkit.pages.diagnosis import DiagnosisPage
from toolkit.scope import Scope
from toolkit.settings import DiagnoseSettings, RepairSettings
from toolkit.sync import startup

HELD = """
SELECT agent_id::text, count(DISTINCT thread_id)::int AS conversations,
       min(created_at) AS first, max(created_at) AS last
FROM   public.chat_sessions GROUP BY agent_id
"""
"""In the scenario `used` every conversation ran on a user's bare row."""


@pytest.fixture(params=[("", ""), ("/supabase", "/langgraph")], ids=["one database", "two databases"])
def used(request: pytest.FixtureRequest, reference: Callable[[str], str]) -> tuple[str, str]:
    name = reference("used")
    return f"{name}{request.param[0]}", name + request.param[1] if request.param[1] else ""


def test_who_lost_most_conversations_and_when_is_one_groupby(used: tuple[str, str]) -> None:
    lost = (
        looked(*used)
        .conversations.groupby("agent_id")
        .agg(conversations=("thread_id", "size"), first=("began", "min"), last=("latest", "max"))
    )
    expected = pandas.DataFrame(run(addresses.resolve(used[0]).conninfo.get_secret_value(), HELD)).set_index("agent_id")
    assert_frame_equal(lost, expected.sort_index(), check_dtype=False, check_index_type=False)
    assert lost["conversations"].to_dict() == dict(zip(AGENTS, (28, 22, 40, 30, 20), strict=True))


def test_the_figures_of_an_agent_are_what_a_repair_moves_to_it(used: tuple[str, str]) -> None:
    frame = looked(*used).agents.set_index("agent_id")
    assert list(frame["copies"]) == [3] * 5
    assert not frame["reachable"].any()
    assert set(frame["organization"]) == {"ImmoFlow", "DocProc GmbH"}
    moves = proposed(used[0], langgraph=used[1]).moves
    for name, are_these in (
        ("conversations", ~moves["place"].str.startswith("crons")),
        ("crons", moves["place"].str.startswith("crons")),
    ):
        moved = moves[are_these].groupby("agent_id")["rows"].sum().reindex(AGENTS, fill_value=0)
        assert moved.to_dict() == frame[name].to_dict()
    with connected(*RepairSettings(supabase=used[0], langgraph=used[1]).databases()) as pair:
        plan = proposed(used[0], langgraph=used[1], apply=True)
        plan.apply(pair, plan.settings)
    moved = run(
        addresses.resolve(used[1] or used[0]).conninfo.get_secret_value(),
        """SELECT agent.id, (SELECT count(*) FROM public.store WHERE prefix LIKE '%' || agent.id || '%')
                  + (SELECT count(*) FROM langgraph_server.store_items WHERE namespace LIKE '%' || agent.id || '%')
                  AS memories
           FROM langgraph_server.assistants AS agent WHERE agent.metadata->>'owner' = 'system'""",
    )
    assert frame["memories"].to_dict() == {row["id"]: row["memories"] for row in moved}
    assert list(frame["crons"]) == [0, 0, 1, 4, 0], "of 12 crons the rest is on rows that serve several agents"
    after = looked(*used)
    assert after.agents["reachable"].all()
    assert after.agents[["copies", "conversations"]].sum().sum() == 0
    assert set(after.organizations["organization"]) == {"ImmoFlow", "DocProc GmbH"}


def test_a_conversation_has_the_agent_that_its_thread_names_else_the_one_whose_copy_it_is(damaged: str) -> None:
    conninfo = addresses.resolve(damaged).conninfo.get_secret_value()
    run(conninfo, damage.run(COPY, "other") + damage.session("other", FIFTH))  # the others on this row name nobody
    run(conninfo, damage.run(BARE, "both") + damage.session("both", FIRST) + damage.session("both", SECOND))
    run(
        conninfo,
        damage.reference("store_items.namespace", BARE, "m") + damage.reference("public.store.prefix", COPY, "m"),
    )
    waits = damage.thread("waits", {"assistant_id": BARE}) + damage.session("waits", SECOND)
    run(conninfo, waits + "UPDATE langgraph_server.threads SET created_at = '2026-01-01Z', updated_at = '2026-02-03Z'")
    page = looked(damaged)
    talks = page.conversations.set_index("thread_id")
    assert (talks["latest"]["waits"], talks["began"]["waits"]) == (
        pandas.Timestamp("2026-02-03", tz="UTC"),
        pandas.Timestamp("2026-01-01", tz="UTC"),
    ), "no run says when it was used; the thread does"
    agents = talks["agent_id"].drop("waits")
    assert agents.drop("both").to_dict() == {"bare": SECOND, "other": FIFTH, **dict.fromkeys(("t0", "t1", "t2"), FIRST)}
    assert agents.isna()["both"], "it says two things"
    assert set(page.conversations.set_index("thread_id").loc[["bare", "both"], "user"]) == {USER}
    figures = page.agents.set_index("agent_id")[["conversations", "memories", "crons"]]
    assert list(figures.loc[FIRST]) == [3, 1, 1]
    assert list(figures.loc[SECOND]) == [2, 0, 0], "not all conversations on its row are its own"


def test_a_scope_leaves_other_organizations_out(damaged: str) -> None:
    page = looked(damaged, scope=f"org:{OTHER_ORGANIZATION}")
    assert set(page.agents["organization"]) == set(page.organizations["organization"]) == {"DocProc GmbH"}
    assert set(page.conversations["agent_id"].dropna()) <= set(page.agents["agent_id"])


def test_what_is_hidden_from_the_role_is_unknown_and_not_zero(one: MakeDatabases, as_role: AsRole) -> None:
    hiding = READS_LANGGRAPH + "REVOKE SELECT ON langgraph_server.store_items, public.organizations FROM {role};"
    reader = as_role(one("broken"), on_langgraph=hiding)
    settings = DiagnoseSettings(supabase="sandbox:broken")
    with reader.connected() as pair:
        page = DiagnosisPage(pair, settings)
    assert page.agents["memories"].isna().all()
    assert page.organizations["memories"].isna().all()
    assert page.agents["crons"].eq(0).all()
    assert OTHER_ORGANIZATION in set(page.findings["organization"]), "its id, where its name is hidden"


async def test_organizations_have_names_also_after_the_deployment(reference: Callable[[str], str]) -> None:
    name = reference("broken")
    await startup.startup_agent_sync(connections_to(addresses.resolve(name)), scope=Scope.parse("all"))
    page = looked(name)
    assert page.agents["reachable"].all()
    assert set(page.findings["organization"]) == {"ImmoFlow", "DocProc GmbH"}
    assert "ImmoFlow" in text_of(page.show("duplicate"))


@pytest.mark.parametrize("scenario", ["empty", "healthy"])
def test_where_nothing_is_wrong_every_frame_has_its_columns_and_types(
    scenario: str, reference: Callable[[str], str]
) -> None:
    empty, used = looked(reference(scenario)), looked(reference("used"))
    for name in ("agents", "findings", "conversations", "users", "organizations"):
        assert getattr(empty, name).columns.equals(getattr(used, name).columns)
        assert_series_equal(getattr(empty, name).dtypes, getattr(used, name).dtypes)
    assert empty.conversations.empty
    assert empty.agents[["copies", "conversations", "memories", "crons"]].sum().sum() == 0
    assert_series_equal(proposed(reference(scenario)).moves.dtypes, proposed(reference("used")).moves.dtypes)


def test_a_column_has_one_type_in_every_frame_and_a_slip_stays_in_the_cell_that_made_it(damaged: str) -> None:
    page = looked(damaged)
    frames = [page.agents, page.findings, page.conversations, page.users, page.organizations, proposed(damaged).moves]
    types = {(name, str(dtype)) for frame in frames for name, dtype in frame.dtypes.items() if name != "reachable"}
    assert len(types) == len({name for name, _ in types}), sorted(types)
    lists = page.findings[["differs", "columns", "conversations_of", "crons_of", "cron_users", "threads"]]
    assert set(map(type, lists.to_numpy().ravel())) == {type(None), dict, list}, "one word for what is not there"
    frames[0]["agent"] = "slip"
    frames[1].loc[:, "kind"] = "slip"
    assert "slip" not in set(page.agents["agent"]) | set(page.findings["kind"])
    assert {"agents", "report", "agent"} <= set(dir(page))
    assert not {"made", "settings", "template"} & set(dir(page)), "Tab lists what there is to look at"


def test_a_page_is_printed_as_text_where_no_browser_shows_it(damaged: str) -> None:
    page = looked(damaged)
    told = str(page.agent(FIRST))
    assert "<" not in told
    assert "duplicate | " in told, "a row of the table is one line"
    assert COPY in told, "no id is cut short"
    assert str(page.next_steps()).count("\n") == page.next_steps().data.count("<li") - 1
    assert page.round_trip().alt == str(page.round_trip())


def test_the_evidence_of_findings_stands_in_columns_of_its_own_type(damaged: str) -> None:
    found = looked(damaged).findings
    assert isinstance(found["since"].dtype, pandas.DatetimeTZDtype)
    stray = found[found["kind"] == "stray"].iloc[0]
    assert (stray["owner"], stray["is_empty"], stray["threads"]) == (USER, True, ["bare"])
    copies = found[(found["kind"] == "duplicate") & (found["agent_id"] == FIRST)]
    assert set(copies["kept_id"]) == {COPY}
    assert set(copies["link"]) == {"its metadata names the agent"}


def test_an_agent_that_nobody_has_is_an_error_with_those_that_are_spelled_alike(damaged: str) -> None:
    page = looked(damaged)
    with pytest.raises(ParameterError, match="got agent 'rechts', but no agent has this name; did you mean 'Rechts-A"):
        page.agent("rechts")
    with pytest.raises(ParameterError, match=r"'Recherchen', but .*; did you mean 'Recherche'\?"):
        page.agent("Recherchen")
    with pytest.raises(ParameterError, match="'xyz', but no agent has this name; agents are 'Dokumenten-Assistent', "):
        page.agent("xyz")
    with pytest.raises(ParameterError, match=f"'{UNKNOWN}', but no agent has this id"):
        page.agent(UNKNOWN.upper())


def test_an_agent_without_a_finding_is_said_to_have_none_and_one_that_was_not_compared_is_not(
    reference: Callable[[str], str],
) -> None:
    name = reference("healthy")
    run(addresses.resolve(name).conninfo.get_secret_value(), damage.NAMES.read_text())
    page = looked(name)
    assert "No finding names agent 'Recherche': its id leads to its assistant." in text_of(page.agent("Recherche"))
    assert "it is not in scope, so it was not compared" in text_of(page.agent(NOT_IN_USE[0]))


def test_an_agent_whose_conversations_stand_on_a_users_row_is_not_without_findings(
    reference: Callable[[str], str],
) -> None:
    name = reference("healthy")
    conninfo = addresses.resolve(name).conninfo.get_secret_value()
    run(conninfo, damage.NAMES.read_text() + damage.stray(BARE) + damage.run(BARE, "t") + damage.session("t", FIRST))
    page = looked(name)
    assert BARE in text_of(page.agent(FIRST))
    assert "What names copies of its assistant: None." in text_of(page.agent(FIRST)), "what names the bare row is above"


def test_a_diagnosis_without_a_frame_needs_neither_pandas_nor_sqlalchemy() -> None:
    loads = (
        "import toolkit.pages.diagnosis, sys; print({'pandas', 'sqlalchemy', 'matplotlib.pyplot'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"
