"""A role whose every default is hostile: functions, operators, types and formats are not PostgreSQL's own."""

import re

from toolkit import sql

_TEXT = "\n".join(each.text for each in sql.statements().values() if each.side != "sandbox")
NAMES = sorted(set(re.findall("[a-z_][a-z0-9_]*", _TEXT)) | {"timezone", "date_part", "extract", "overlay", "position"})
"""Every word of every statement, and what the grammar calls: of these, what names a function is shadowed."""

DEFAULTS = {
    "search_path": "evil, pg_catalog",
    "DateStyle": "'SQL, DMY'",
    "IntervalStyle": "sql_standard",
    "TimeZone": "'Asia/Kathmandu'",
    "standard_conforming_strings": "off",
    "backslash_quote": "on",
    "extra_float_digits": "-3",
    "bytea_output": "escape",
    "array_nulls": "off",
    "quote_all_identifiers": "on",
    "transform_null_equals": "on",
    "plan_cache_mode": "force_generic_plan",
    "row_security": "off",
    "jit": "on",
    "jit_above_cost": "0",
    "default_transaction_isolation": "serializable",
    "default_transaction_deferrable": "on",
}

OF_COMMANDS = {
    "client_encoding": "latin1",
    "statement_timeout": "'50ms'",
    "lock_timeout": "'50ms'",
    "idle_in_transaction_session_timeout": "'500ms'",
    "transaction_timeout": "'30ms'",
}
"""Further ones for commands: a server chooses its own."""

PLANT = """
CREATE SCHEMA evil;
GRANT USAGE ON SCHEMA evil TO PUBLIC;
DO $plant$
DECLARE
    shadow record;
BEGIN
    -- internal: the only language whose functions take and return every type; trigger_out() always raises
    FOR shadow IN
        SELECT format('CREATE FUNCTION evil.%I(%s) RETURNS %s LANGUAGE internal AS ''trigger_out''', function.proname,
                      pg_get_function_arguments(function.oid), pg_get_function_result(function.oid)) AS made
        FROM   pg_proc AS function LEFT JOIN pg_aggregate AS aggregate ON aggregate.aggfnoid = function.oid
        WHERE  function.pronamespace = 'pg_catalog'::regnamespace AND function.proname = ANY ('{names}'::text[])
        AND    COALESCE(aggregate.aggkind, 'n') = 'n'
        AND    'internal'::regtype <> ALL (array_append(function.proargtypes::oid[], function.prorettype))
        UNION ALL
        SELECT format('CREATE FUNCTION evil.operator_%s(%s) RETURNS %s LANGUAGE internal AS ''trigger_out'';'
                      'CREATE OPERATOR evil.%s (FUNCTION = evil.operator_%s, %s RIGHTARG = %s)', operator.oid,
                      concat_ws(', ', NULLIF(operator.oprleft, 0)::regtype, operator.oprright::regtype),
                      operator.oprresult::regtype, operator.oprname, operator.oid,
                      'LEFTARG = ' || NULLIF(operator.oprleft, 0)::regtype || ',', operator.oprright::regtype)
        FROM   pg_operator AS operator
        WHERE  operator.oprnamespace = 'pg_catalog'::regnamespace
        UNION ALL
        -- of a literal's type it is assumed to be the other side's: for `jsonb ->> 'key'` this one is the exact match
        SELECT format('CREATE FUNCTION evil.exact_%1$s(%2$s, %2$s) RETURNS text LANGUAGE internal AS ''trigger_out'';'
                      'CREATE OPERATOR evil.%3$s (FUNCTION = evil.exact_%1$s, LEFTARG = %2$s, RIGHTARG = %2$s)',
                      min(operator.oid::bigint), operator.oprleft::regtype, operator.oprname)
        FROM   pg_operator AS operator
        WHERE  operator.oprnamespace = 'pg_catalog'::regnamespace AND operator.oprleft <> 0
        GROUP  BY operator.oprleft, operator.oprname HAVING NOT bool_or(operator.oprright = operator.oprleft)
        UNION ALL
        SELECT format('CREATE DOMAIN evil.%I AS pg_catalog.%I CHECK (false)', type.name, type.name)
        FROM   unnest('{text,uuid,jsonb,timestamptz,bool,int4,int8,float8,name}'::text[]) AS type (name)
    LOOP
        EXECUTE shadow.made;
    END LOOP;
END
$plant$;
""".replace("{names}", "{" + ",".join(NAMES) + "}")
"""Shadows of functions, operators and types in a schema that comes before pg_catalog: whatever calls one, fails."""


def hostile(defaults: dict[str, str]) -> str:
    """Return SQL that gives the role of the fixture `as_role` these defaults, and every right."""
    setting = "BEGIN ALTER ROLE {{role}} SET {} = {}; EXCEPTION WHEN undefined_object THEN END;"  # of a later version
    settings = "".join(setting.format(*each) for each in defaults.items())
    return f"ALTER ROLE {{role}} SUPERUSER; DO $$ BEGIN {settings} END $$"
