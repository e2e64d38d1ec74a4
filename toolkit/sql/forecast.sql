-- row_bytes: what a row of this table takes, with all that is stored beside it and its indexes
SELECT CASE WHEN stored.reltuples > 0
            THEN (pg_catalog.pg_total_relation_size(stored.oid) / stored.reltuples)::bigint
            ELSE 1000 END AS bytes
FROM   pg_catalog.pg_class AS stored
WHERE  stored.oid = %(table)s::regclass

-- database_bytes: how large this database is
SELECT pg_catalog.pg_database_size(pg_catalog.current_database()) AS bytes

-- archiving: is WAL archived, and since when has nothing been?
SELECT current_setting('archive_mode') <> 'off' AS is_on, archiver.last_archived_time AS last_archived_time
FROM   pg_catalog.pg_stat_archiver AS archiver
