-- shapes (either): tables as they are: kind, columns, keys, why this role cannot read all rows, what it may write, and what a write sets off
--
-- No to_regclass(), which raises where the schema is not granted. `keys` are unique, without NULL. A domain counts as
-- the type that it is made of. `unidentified` publications make every update of the table fail, each with the reason.
SELECT schema.nspname || '.' || stored.relname AS name, stored.relkind::text AS kind,
       stored.relpersistence = 'u'             AS is_unlogged,
       ARRAY(SELECT child.inhrelid::regclass::text FROM pg_catalog.pg_inherits AS child
             WHERE  child.inhparent = stored.oid ORDER BY 1 LIMIT 3) AS children,
       array_remove(ARRAY[
           CASE WHEN NOT pg_catalog.has_schema_privilege(schema.oid, 'USAGE') THEN 'no USAGE on its schema' END,
           CASE WHEN NOT pg_catalog.has_table_privilege(stored.oid, 'SELECT') THEN 'no SELECT on the table' END,
           CASE WHEN pg_catalog.row_security_active(stored.oid) THEN 'row security hides rows from this role' END], NULL) AS hidden,
       ARRAY(SELECT privilege.name FROM unnest('{INSERT,UPDATE,DELETE}'::text[]) AS privilege (name)
             WHERE  CASE privilege.name WHEN 'DELETE' THEN pg_catalog.has_table_privilege(stored.oid, 'DELETE')
                    ELSE pg_catalog.has_any_column_privilege(stored.oid, privilege.name) END) AS grants,
      (SELECT jsonb_object_agg(attribute.attname, CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_enum AS label
                                                             WHERE  label.enumtypid = type.oid AND label.enumlabel = 'active')
                               THEN 'enum with ''active'''
                               ELSE pg_catalog.format_type(COALESCE(NULLIF(type.typbasetype, 0), type.oid), NULL) END)
       FROM   pg_catalog.pg_attribute AS attribute JOIN pg_catalog.pg_type AS type ON type.oid = attribute.atttypid
       WHERE  attribute.attrelid = stored.oid AND attribute.attnum > 0 AND NOT attribute.attisdropped) AS columns,
       ARRAY(SELECT columns.names
             FROM   pg_catalog.pg_index AS index
                    CROSS JOIN LATERAL (
                        SELECT string_agg(attribute.attname, ',') AS names, bool_and(attribute.attnotnull) AS are_filled
                        FROM   pg_catalog.pg_attribute AS attribute
                        WHERE  attribute.attrelid = stored.oid
                        AND    attribute.attnum = ANY ((index.indkey::int2[])[0:index.indnkeyatts - 1])) AS columns
             WHERE  index.indrelid = stored.oid AND index.indisunique AND index.indisvalid AND columns.are_filled
             AND    index.indpred IS NULL AND index.indexprs IS NULL) AS keys,
       ARRAY(SELECT ARRAY[publication.pubname::text, fault.why]
             FROM   pg_catalog.pg_publication_tables AS published
                    JOIN pg_catalog.pg_publication AS publication ON publication.pubname = published.pubname
                    LEFT JOIN pg_catalog.pg_publication_rel AS listed
                           ON listed.prpubid = publication.oid AND listed.prrelid = stored.oid
                    LEFT JOIN LATERAL (
                        SELECT (index.indkey::int2[])[0:index.indnkeyatts - 1] AS columns FROM pg_catalog.pg_index AS index
                        WHERE  index.indrelid = stored.oid AND index.indimmediate
                        AND    CASE stored.relreplident WHEN 'd' THEN index.indisprimary
                                                        WHEN 'i' THEN index.indisreplident END) AS identity ON true
                    CROSS JOIN LATERAL (
                        SELECT CASE WHEN stored.relreplident <> 'f' AND identity.columns IS NULL
                                    THEN 'without a replica identity'
                                    WHEN stored.relreplident <> 'f' AND NOT identity.columns @> ARRAY(
                                        SELECT used.number[1]::int2
                                        FROM   regexp_matches(listed.prqual::text, ':varattno (\d+)', 'g') AS used (number))
                                    THEN 'since its row filter reads a column outside the replica identity'
                                    WHEN stored.relreplident = 'f' AND listed.prattrs IS NOT NULL
                                         OR NOT listed.prattrs::int2[] @> identity.columns
                                    THEN 'since its column list lacks a column of the replica identity' END AS why) AS fault
             WHERE  published.schemaname = schema.nspname AND published.tablename = stored.relname
             AND   (publication.pubupdate OR publication.pubdelete) AND fault.why IS NOT NULL
             ORDER  BY 1) AS unidentified,
      (SELECT COALESCE(jsonb_agg(jsonb_build_array(effect.what, effect.name) ORDER BY effect.what, effect.name), '[]')
       FROM  (SELECT 'trigger' AS what, trigger.tgname::text AS name
              FROM   pg_catalog.pg_trigger AS trigger
              WHERE  trigger.tgrelid = stored.oid AND NOT trigger.tgisinternal AND trigger.tgenabled <> 'D'
              UNION ALL
              SELECT 'rule', rule.rulename FROM pg_catalog.pg_rewrite AS rule
              WHERE  rule.ev_class = stored.oid AND rule.ev_type <> '1' AND rule.ev_enabled <> 'D'
              UNION ALL
              SELECT 'generated column', attribute.attname FROM pg_catalog.pg_attribute AS attribute
              WHERE  attribute.attrelid = stored.oid AND attribute.attgenerated <> '' AND NOT attribute.attisdropped
              UNION ALL
              SELECT 'publication', published.pubname FROM pg_catalog.pg_publication_tables AS published
              WHERE  published.schemaname = schema.nspname AND published.tablename = stored.relname) AS effect) AS sets_off
FROM   pg_catalog.pg_class AS stored
       JOIN pg_catalog.pg_namespace AS schema ON schema.oid = stored.relnamespace
WHERE  schema.nspname || '.' || stored.relname = ANY (%(names)s) AND stored.relkind IN ('r', 'p', 'v', 'm', 'f')
ORDER  BY name
