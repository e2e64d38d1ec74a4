"""The journal: nobody else's, and it gives back what stood there."""

import re
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.constants import AGENTS, ONE
from tests.databases import AsRole, Databases, MakeDatabases
from tests.integration.repair.rows import OLD, copy_of, run_on
from toolkit.pages import verdicts
from toolkit.pages.undo import UndoPage
from toolkit.repair import apply, journal, undo
from toolkit.repair.apply import StoppedRunError
from toolkit.repair.journal import ForeignJournalError, UntrustedJournalError
from toolkit.settings import UndoSettings

MAY_REPAIR = (
    "ALTER ROLE {role} BYPASSRLS; GRANT USAGE ON SCHEMA public, langgraph_server TO {role};"
    "GRANT ALL ON ALL TABLES IN SCHEMA public, langgraph_server TO {role};"
    "DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO {role}', current_database()); END $$"
)

GRANTED = """
SELECT DISTINCT pg_get_userbyid(entry.grantee)::text AS role, entry.privilege_type AS privilege
FROM   pg_namespace AS schema
       LEFT JOIN pg_class AS stored ON stored.relnamespace = schema.oid
       LEFT JOIN pg_attribute AS attribute ON attribute.attrelid = stored.oid
       CROSS JOIN LATERAL (VALUES (schema.nspacl), (stored.relacl), (attribute.attacl)) AS list (acl)
       CROSS JOIN LATERAL aclexplode(list.acl) AS entry
WHERE  schema.nspname = 'assistant_repair' AND entry.grantee <> schema.nspowner
ORDER  BY 1, 2
"""
"""What others than the owner may do with anything in the journal; everybody is `unknown (OID=0)`."""


def on_both(databases: Databases, statement: str) -> list[list[dict]]:
    """Run the statement once in each database."""
    return [run(statement) for run in (databases.on_langgraph, databases.on_supabase)[: 1 if databases.is_one else 2]]


def role_of(databases: Databases) -> str:
    return str(conninfo_to_dict(databases.langgraph.conninfo.get_secret_value())["user"])


def repairer_on(databases: Databases, as_role: AsRole) -> Databases:
    supabase_only = MAY_REPAIR if databases.is_one else MAY_REPAIR.replace(", langgraph_server", "")
    return as_role(databases, supabase_only, MAY_REPAIR)


def with_write_backs(databases: Databases) -> Databases:
    """Both sides have images: of rows, and of write-backs."""
    databases.on_supabase("UPDATE public.agents SET langgraph_assistant_id = NULL")
    return databases


def test_nobody_else_may_touch_the_journal_whatever_default_privileges_say(
    databases: MakeDatabases, as_role: AsRole
) -> None:
    broken = with_write_backs(databases("broken"))
    by_default = "; ".join(
        f"ALTER DEFAULT PRIVILEGES GRANT ALL ON {kind} TO {{role}}, PUBLIC"
        for kind in ("SCHEMAS", "TABLES", "SEQUENCES")
    )
    other, reader = as_role(broken, by_default, by_default), as_role(broken)
    run_id = broken.apply(broken.plan()).run_id
    assert on_both(broken, GRANTED) == [[]] * (1 if broken.is_one else 2)
    for attempt in (other.on_supabase, other.on_langgraph):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            attempt("SELECT FROM assistant_repair.images")

    on_both(
        broken,
        f"GRANT ALL ON SCHEMA assistant_repair TO {role_of(other)} WITH GRANT OPTION;"
        f"GRANT UPDATE (before, hash) ON assistant_repair.images TO {role_of(other)} WITH GRANT OPTION;"
        f"SET ROLE {role_of(other)}; GRANT UPDATE (before) ON assistant_repair.images TO PUBLIC; RESET ROLE;"
        f"INSERT INTO assistant_repair.readers VALUES ('{role_of(reader)}'), ('gone'), ('PUBLIC'), ('x; DROP TABLE y')",
    )
    assert broken.undo(run_id).refused == ()
    for granted in on_both(broken, GRANTED):
        assert granted == [{"role": role_of(reader), "privilege": name} for name in ("SELECT", "USAGE")]
    assert reader.on_langgraph("SELECT count(*) AS n FROM assistant_repair.runs") == [{"n": 1}]


FORGED = {
    AGENTS[0]: ("langgraph", "before = jsonb_set(before, '{config}', '\"{}\"') WHERE before IS NOT NULL"),
    AGENTS[1]: ("langgraph", 'before = \'{"graph_id": "agent"}\' WHERE before IS NULL'),
    AGENTS[2]: ("langgraph", "hash = NULL WHERE before IS NOT NULL"),
    AGENTS[3]: ("supabase", "before = '{\"langgraph_assistant_id\": \"x\"}' WHERE place = 'public.agents'"),
}
"""One way to change an image each, by the agent on which it is tried."""


def test_agent_with_an_image_that_was_changed_is_refused_by_name(databases: MakeDatabases) -> None:
    broken = with_write_backs(databases("broken"))
    before = broken.rows()
    run_id = broken.apply(broken.plan()).run_id
    repaired = broken.rows()
    for agent_id, (side, change) in FORGED.items():
        getattr(broken, f"on_{side}")(f"UPDATE assistant_repair.images SET {change} AND agent_id = '{agent_id}'")
    with broken.connected() as pair:
        told = undo.restoration(pair, run_id)
    done = broken.undo(run_id)
    for restoration in (told, done):
        assert [agent.agent_id for agent in restoration.refused] == list(FORGED)
        assert all("is not what the run wrote" in str(agent.refused) for agent in restoration.refused)
    for table, texts in broken.rows().items():
        for expected, agents in ((repaired, FORGED), (before, AGENTS[4:])):
            of_agents = [
                [text for text in rows[table] if any(a in text for a in agents)] for rows in (expected, {table: texts})
            ]
            assert of_agents[0] == of_agents[1]


def ways_in(run_id: str, journal_owner: str = "") -> dict[str, Callable[[Databases], object]]:
    """Return whatever writes in a journal, by name."""

    def on(pair_of: Databases, do: Callable[..., object], *values: object) -> object:
        with pair_of.connected(journal_owner) as pair:
            return do(pair, *values)

    return {
        "apply": lambda databases: on(databases, apply.apply, databases.plan()),
        "resume": lambda databases: on(databases, apply.resume, run_id),
        "undo": lambda databases: on(databases, undo.undo, run_id),
        "forget": lambda databases: on(databases, undo.forget, run_id),
    }


def interrupted(databases: Databases) -> str:
    def press(phase: str, done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with databases.connected() as pair, pytest.raises(StoppedRunError):
        apply.apply(pair, databases.plan(), press)
    return "run-1"


def test_another_roles_journal_is_refused_until_its_owner_is_named(databases: MakeDatabases, as_role: AsRole) -> None:
    broken = databases("broken")
    before = broken.rows()
    repairer, other = repairer_on(broken, as_role), repairer_on(broken, as_role)
    run_id = interrupted(repairer)
    stopped = broken.rows()
    for name, attempt in ways_in(run_id).items():
        if name != "forget":  # an unfinished run is not forgotten
            with pytest.raises(
                UntrustedJournalError, match=rf"of role '{role_of(repairer)}'.*--journal-owner"
            ) as refusal:
                attempt(broken)
            assert refusal.value.exit_status == 3
    with pytest.raises(UntrustedJournalError, match="is not one of its readers"):
        ways_in(run_id, journal_owner=role_of(repairer))["undo"](other)
    broken.on_langgraph(
        f"GRANT USAGE ON SCHEMA assistant_repair TO {role_of(other)};"
        f"GRANT SELECT ON ALL TABLES IN SCHEMA assistant_repair TO {role_of(other)}"
    )
    with pytest.raises(UntrustedJournalError, match="is n"):
        ways_in(run_id, journal_owner=role_of(repairer))["undo"](other)
    assert broken.rows() == stopped

    named = ways_in(run_id, journal_owner=role_of(repairer))
    named["resume"](broken)
    with broken.connected(role_of(repairer)) as pair:
        asked = UndoSettings(run=run_id, apply=True)
        assert UndoPage(pair, asked).report.verdict == "undone"
    assert broken.rows() == before
    repairer.apply(repairer.plan())  # the superuser has made nothing its own
    repairer.undo("run-2")


ODD = {
    "CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
    "CREATE TRIGGER t BEFORE INSERT ON assistant_repair.images FOR EACH ROW EXECUTE FUNCTION public.f()": (
        "images has the trigger t",
        "DROP FUNCTION public.f CASCADE",
    ),
    "CREATE TABLE public.mine (run_id text REFERENCES assistant_repair.runs)": (
        "runs has the trigger RI_",
        "DROP TABLE public.mine",
    ),
    "CREATE RULE r AS ON UPDATE TO assistant_repair.moves DO ALSO NOTHING": (
        "moves has the rule r",
        "DROP RULE r ON assistant_repair.moves",
    ),
    "ALTER TABLE assistant_repair.moves ENABLE ROW LEVEL SECURITY": (
        "moves is no table, has row security",
        "ALTER TABLE assistant_repair.moves DISABLE ROW LEVEL SECURITY",
    ),
    "CREATE VIEW assistant_repair.v AS SELECT 1 AS one": ("v has the rule", "DROP VIEW assistant_repair.v"),
    "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;"
    "CREATE FOREIGN TABLE assistant_repair.f (a int) SERVER s": (
        "f is no table",
        "DROP FOREIGN DATA WRAPPER w CASCADE",
    ),
    "CREATE TABLE public.child () INHERITS (assistant_repair.images)": (
        "images is inherited",
        "DROP TABLE public.child",
    ),
    "CREATE TABLE assistant_repair.t (a int); ALTER TABLE assistant_repair.t OWNER TO pg_monitor": (
        "t is no table, .* or belongs to another role",
        "DROP TABLE assistant_repair.t",
    ),
}
"""What no journal has: what is said about it, and how it goes."""


@pytest.mark.parametrize("databases", ["two databases"], indirect=True)
def test_journal_with_what_no_journal_has_is_refused_before_anything_is_believed(databases: MakeDatabases) -> None:
    broken = with_write_backs(databases("broken"))
    run_id = interrupted(broken)
    plan, stopped = broken.plan(), broken.rows()
    with broken.connected() as pair:
        attempts = {
            "apply": lambda: apply.apply(pair, plan),
            "resume": lambda: apply.resume(pair, run_id),
            "undo": lambda: undo.undo(pair, run_id),
            "restoration": lambda: undo.restoration(pair, run_id),
        }
        for number, (made, (said, gone)) in enumerate(ODD.items()):
            on_side = (broken.on_langgraph, broken.on_supabase)[number % 2]
            on_side(made)
            for attempt in attempts.values():
                with pytest.raises(ForeignJournalError, match=f"a schema assistant_repair whose {said}") as refusal:
                    attempt()
                assert refusal.value.exit_status == 3
                assert "do not drop it, undo needs the journal" in str(refusal.value)
            on_side(gone)
        assert broken.rows() == stopped
        assert undo.undo(pair, run_id).refused == ()


@pytest.mark.parametrize("may_repair", [True, False])
def test_diagnosis_believes_the_id_map_of_who_may_repair_only(
    one: MakeDatabases, as_role: AsRole, may_repair: bool
) -> None:
    healthy = one("healthy")
    author = repairer_on(healthy, as_role)
    healthy.on_langgraph(copy_of(ONE, OLD))
    author.apply(author.plan())
    healthy.on_langgraph(run_on(OLD))
    if not may_repair:
        healthy.on_langgraph(f"REVOKE UPDATE ON langgraph_server.assistants FROM {role_of(author)}")
    assert [finding.is_open for finding in healthy.diagnose().of("dangling_reference")] == [may_repair]
    with healthy.connected() as pair:
        if may_repair:
            assert [run.run_id for run in journal.runs(pair)] == ["run-1"]
        else:
            with pytest.raises(UntrustedJournalError):
                journal.runs(pair)
    with healthy.connected(role_of(author)) as pair:
        assert [run.run_id for run in journal.runs(pair)] == ["run-1"]


_DUMP = re.split(
    r"^-- on (\w+): (\w+)\n", Path(__file__).with_name("journal_of_c4bd351.sql").read_text(), flags=re.MULTILINE
)[1:]


def run_dump(databases: Databases, moment: str) -> None:
    """Run what the first version's dump has of this moment, `before` or `after` the repair."""
    for side, when, of_two in zip(_DUMP[::3], _DUMP[1::3], _DUMP[2::3], strict=True):
        statements = re.sub(r"('\d+:\d+'), '\d+:\d+'", r"\1, \1", of_two) if databases.is_one else of_two
        if when == moment and side == "both":
            on_both(databases, statements)
        elif when == moment and side == "supabase" and databases.is_one and moment == "after":  # one journal for both
            image = re.findall(r"^INSERT INTO assistant_repair.images.*?;$", statements, re.MULTILINE)
            rest = re.findall(r"^UPDATE .*;$", statements, re.MULTILINE)
            databases.on_supabase("".join([*image, *rest]).replace("VALUES (1,", "VALUES (99,"))
        elif when == moment:
            getattr(databases, f"on_{side}")(statements)


SHAPE = """
SELECT stored.relname || '.' || attribute.attname AS name, attribute.atttypid::regtype::text AS type,
       attribute.attnotnull, attribute.attidentity, pg_get_userbyid(stored.relowner)::text AS owner
FROM   pg_class AS stored JOIN pg_attribute AS attribute ON attribute.attrelid = stored.oid
WHERE  stored.relnamespace = 'assistant_repair'::regnamespace AND attribute.attnum > 0 AND stored.relkind IN ('r', 'i')
ORDER  BY 1
"""


def test_journal_of_the_first_version_is_upgraded_and_its_run_undone(databases: MakeDatabases) -> None:
    broken = databases("broken")
    run_dump(broken, "before")
    before = broken.rows()
    run_dump(broken, "after")
    assert broken.rows() != before
    with broken.connected() as pair:
        told = undo.restoration(pair, "run-1")
    assert (len(told.agents), told.refused, told.run.hashed) == (2, (), False)
    said = verdicts.undone(UndoSettings(run="run-1"), broken.diagnose(), [told.run], told).message
    assert (
        "An earlier version made run-1, without hashes: whether its before-images were changed cannot be seen." in said
    )

    second = broken.apply(broken.plan(only=(AGENTS[2],))).run_id
    assert broken.undo(second).refused == ()
    done = broken.undo("run-1")
    assert (done.refused, done.run.hashed) == ((), False)
    assert broken.rows() == before

    fresh = databases("broken")
    fresh.apply(fresh.plan())
    assert on_both(broken, SHAPE) == on_both(fresh, SHAPE)


def test_first_versions_journal_is_undone_at_once_and_stays_its_owners(one: MakeDatabases, as_role: AsRole) -> None:
    broken = one("broken")
    owner = role_of(repairer_on(broken, as_role))
    run_dump(broken, "before")
    before = broken.rows()
    run_dump(broken, "after")
    tables = re.findall(r"^CREATE TABLE (\S+)", _DUMP[8], re.MULTILINE)
    broken.on_langgraph(
        "GRANT ALL ON SCHEMA assistant_repair TO PUBLIC; GRANT ALL ON assistant_repair.images TO PUBLIC;"
        f"ALTER SCHEMA assistant_repair OWNER TO {owner};"
        + "".join(f"ALTER TABLE {table} OWNER TO {owner};" for table in tables)
    )
    with broken.connected() as pair, pytest.raises(UntrustedJournalError):
        undo.undo(pair, "run-1")
    with broken.connected(owner) as pair:
        assert undo.undo(pair, "run-1").refused == ()
    assert broken.rows() == before
    assert broken.on_langgraph(GRANTED) == []
    assert {row["owner"] for row in broken.on_langgraph(SHAPE)} == {owner}


def test_publication_of_all_tables_stops_neither_a_repair_nor_its_undo(databases: MakeDatabases) -> None:
    used = databases("used")
    before = used.rows()
    on_both(used, "CREATE PUBLICATION before FOR ALL TABLES")
    run_id = used.apply(used.plan()).run_id
    keyless = (
        "SELECT stored.relname FROM pg_class AS stored WHERE stored.relnamespace = 'assistant_repair'::regnamespace"
        " AND stored.relkind = 'r' AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = stored.oid AND indisprimary)"
    )
    assert not any(on_both(used, keyless))
    on_both(used, "DROP PUBLICATION before; CREATE PUBLICATION after FOR ALL TABLES WITH (publish = 'update, delete')")
    assert used.undo(run_id).refused == ()
    with used.connected() as pair:
        undo.forget(pair, run_id)
    assert used.rows() == before


def test_journal_is_made_where_an_event_trigger_enables_row_security_on_new_tables(one: MakeDatabases) -> None:
    broken = one("broken")
    broken.on_langgraph(
        "CREATE FUNCTION public.secure() RETURNS event_trigger LANGUAGE plpgsql AS $$ DECLARE made record; BEGIN"
        " FOR made IN SELECT * FROM pg_event_trigger_ddl_commands() WHERE object_type = 'table' LOOP"
        " EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', made.object_identity); END LOOP; END $$;"
        "CREATE EVENT TRIGGER secure ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION public.secure()"
    )
    with broken.connected() as pair:
        apply.open_journal(pair)
        assert journal.runs(pair) == ()


SHAPES = [
    "'null'",
    "'[1, \"synced_at\"]'",
    "'\"text\"'",
    "'1e400'",
    "'true'",
    "'[]'",
    '\'{"a": null, "a ": [null, 1.10, -0, 1e-400], "": "\\u20ac"}\'',
    "to_jsonb(repeat('wörter ', 1500000))",
]

FURTHER_COLUMNS = """
ALTER TABLE langgraph_server.assistants ADD note json, ADD notes jsonb[], ADD numbers int[], ADD worth float8,
    ADD since timestamptz, ADD "odd %name" text;
UPDATE langgraph_server.assistants
SET    note = '{"b":1,  "a":2, "a":null}', notes = ARRAY['null', NULL]::jsonb[], numbers = '[0:1]={1,2}',
       worth = 0.1::float8 + 0.2, since = '-infinity', "odd %name" = E'a\\tb';
UPDATE langgraph_server.assistants SET note = 'null' WHERE id < '8';
"""


def test_rows_come_back_byte_for_byte_whatever_json_they_hold(databases: MakeDatabases) -> None:
    broken = databases("broken")
    broken.on_langgraph(FURTHER_COLUMNS)
    for number, shape in enumerate(SHAPES):
        broken.on_langgraph(
            f"UPDATE langgraph_server.assistants SET config = {shape} WHERE id ="
            f" (SELECT id FROM langgraph_server.assistants ORDER BY id LIMIT 1 OFFSET {number})"
        )
    for agent_id, shape in zip(AGENTS[1:], SHAPES[:4], strict=True):
        broken.on_langgraph(
            "INSERT INTO langgraph_server.assistants (id, graph_id, metadata, config)"
            f" VALUES ('{agent_id}', 'agent', {shape}, {shape})"
        )
    before = broken.rows()
    plan = broken.plan(allow=("drift", *(f"conflict:{agent_id}" for agent_id in AGENTS)))
    assert {"adopt", "update", "remove", "rekey"} <= plan.counts.keys()
    outcome = broken.apply(plan)
    assert outcome.left == ()
    assert broken.undo(outcome.run_id).refused == ()
    assert broken.rows() == before
