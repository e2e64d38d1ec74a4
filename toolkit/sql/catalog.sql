-- unknown_columns (langgraph): columns named assistant_id in tables that the catalog of places does not know
SELECT schema.nspname || '.' || stored.relname || '.' || attribute.attname AS place
FROM   pg_catalog.pg_attribute AS attribute
       JOIN pg_catalog.pg_class AS stored ON stored.oid = attribute.attrelid AND stored.relkind IN ('r', 'p', 'f', 'm')
       JOIN pg_catalog.pg_namespace AS schema ON schema.oid = stored.relnamespace
WHERE  attribute.attname = 'assistant_id' AND NOT attribute.attisdropped
AND    schema.nspname NOT IN ('pg_catalog', 'information_schema', 'assistant_repair') AND schema.nspname !~ '^pg_(toast|temp)'
AND    schema.nspname || '.' || stored.relname <> ALL (%(known)s)
ORDER  BY place

-- triggers_in_context (either): the triggers of some tables whose functions an error's context names
SELECT DISTINCT format('%%s on %%s', trigger.tgname, trigger.tgrelid::regclass) AS name
FROM   pg_catalog.pg_trigger AS trigger JOIN unnest(%(tables)s::text[]) AS tables (place) ON trigger.tgrelid = to_regclass(tables.place)
WHERE  NOT trigger.tgisinternal AND strpos(%(context)s, trigger.tgfoid::regprocedure::text) > 0
ORDER  BY name

-- stamping_tables (fragment): the tables with a trigger that may change a row before it is written
SELECT trigger.tgrelid FROM pg_catalog.pg_trigger AS trigger
WHERE  NOT trigger.tgisinternal AND trigger.tgenabled <> 'D' AND trigger.tgtype & 3 = 3

-- stamped (fragment): the columns that a trigger changed in the rows `written`, which have table_id, before and after
SELECT DISTINCT written.table_id::regclass::text || '.' || old.key AS stamped
FROM   written CROSS JOIN LATERAL jsonb_each(written.before) AS old
WHERE  written.after->old.key IS DISTINCT FROM old.value
AND   (SELECT attribute.attgenerated FROM pg_catalog.pg_attribute AS attribute
       WHERE  attribute.attrelid = written.table_id AND attribute.attname = old.key) = ''

-- agent_before (fragment): an agent without its write-back, where a trigger may change it
CASE WHEN agent.tableoid IN (/* include: stamping_tables */) THEN to_jsonb(agent.*) - 'langgraph_assistant_id' END AS before

-- foreign_keys (either): the foreign keys onto a column, with what they do when its row is deleted or its value changes; not those of partitions
SELECT constrained.conname AS name, holder_schema.nspname || '.' || holder.relname AS "table",
       ARRAY(SELECT attribute.attname::text
             FROM   unnest(constrained.conkey) WITH ORDINALITY AS key (number, position)
                    JOIN pg_catalog.pg_attribute AS attribute ON attribute.attrelid = holder.oid AND attribute.attnum = key.number
             ORDER  BY key.position) AS columns,
       %(table)s::text AS target,
       constrained.confdeltype::text AS on_delete, constrained.confupdtype::text AS on_update
FROM   pg_catalog.pg_namespace AS schema
       JOIN pg_catalog.pg_class AS target ON target.relnamespace = schema.oid
       JOIN pg_catalog.pg_attribute AS aimed ON aimed.attrelid = target.oid AND aimed.attname = %(column)s
       JOIN pg_catalog.pg_constraint AS constrained ON constrained.contype = 'f' AND constrained.confrelid = target.oid
                                                   AND aimed.attnum = ANY (constrained.confkey) AND constrained.conparentid = 0
       JOIN pg_catalog.pg_class AS holder ON holder.oid = constrained.conrelid
       JOIN pg_catalog.pg_namespace AS holder_schema ON holder_schema.oid = holder.relnamespace
WHERE  schema.nspname || '.' || target.relname = %(table)s
ORDER  BY holder_schema.nspname, holder.relname, constrained.conname
