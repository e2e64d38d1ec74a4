-- batch (langgraph): the steps of a batch, without those of agents that are left alone
SELECT step.* FROM (/* include: open_steps */) AS step WHERE step.number >= %(first)s AND step.number < %(last)s

-- open_steps (fragment): the steps of a run, without those of agents that are left alone
SELECT step.*
FROM   assistant_repair.steps AS step
WHERE  step.run_id = %(run_id)s
AND    NOT EXISTS (SELECT FROM assistant_repair.left_alone AS left_alone
                   WHERE left_alone.run_id = step.run_id AND left_alone.agent_id = step.agent_id)

-- batch_kinds (langgraph): the kinds of the steps of a batch
SELECT DISTINCT step.kind
FROM   assistant_repair.steps AS step
WHERE  step.run_id = %(run_id)s AND step.number >= %(first)s AND step.number < %(last)s
ORDER  BY step.kind

-- count_done (langgraph): the number of a batch's steps of some kinds, without those of agents that are left alone
SELECT step.kind, count(*)::int AS steps
FROM  (/* include: batch */) AS step
WHERE  step.kind = ANY (%(kinds)s)
GROUP  BY step.kind
ORDER  BY step.kind

-- left_of_batch (langgraph): the agents of a batch that are left alone
SELECT left_alone.agent_id
FROM   assistant_repair.left_alone AS left_alone
WHERE  left_alone.run_id = %(run_id)s AND left_alone.number >= %(first)s AND left_alone.number < %(last)s
ORDER  BY left_alone.agent_id

-- leave_agents (langgraph): leave agents alone, each with its reason
INSERT INTO assistant_repair.left_alone (run_id, agent_id, agent_name, finding, assistant_id, reason, number)
SELECT DISTINCT ON (step.agent_id) step.run_id, step.agent_id, step.agent_name, COALESCE(%(finding)s, step.finding), step.assistant_id,
       refused.reason, step.number
FROM   unnest(%(agent_ids)s::text[], %(reasons)s::text[]) AS refused (agent_id, reason)
       JOIN assistant_repair.steps AS step ON step.run_id = %(run_id)s AND step.agent_id = refused.agent_id
WHERE  NOT EXISTS (SELECT FROM assistant_repair.left_alone AS already
                   WHERE already.run_id = step.run_id AND already.agent_id = step.agent_id)
ORDER  BY step.agent_id, step.kind, step.assistant_id

-- let_held_wait (langgraph): unmark the agents whose rows another transaction holds, to retry them; returns their numbers
DELETE FROM assistant_repair.left_alone AS left_alone
USING  (SELECT DISTINCT held.run_id, held.number FROM assistant_repair.left_alone AS held
        WHERE  held.run_id = %(run_id)s AND held.is_held AND held.number >= %(first)s AND held.number < %(last)s) AS held
WHERE  left_alone.run_id = held.run_id AND left_alone.number = held.number
RETURNING left_alone.number

-- writable_columns (langgraph): what fills the slots for the assistants' writable columns without id; `columns` also without identity columns
--
-- `image` makes a before-image: the text of each column, which tells NULL from JSON's null. `restored_columns` reads one;
-- one without hash has JSON values instead, which are in `kept`. A column that was added since has its default.
SELECT string_agg(one.name, ', ') FILTER (WHERE NOT one.is_number)            AS columns,
       string_agg('kept.' || one.name, ', ') FILTER (WHERE NOT one.is_number) AS kept_columns,
       string_agg(one.name, ', ')                                             AS all_columns,
       string_agg(format('CASE WHEN NOT image.before ? %s THEN (%s)::%s WHEN image.hash IS NULL THEN kept.%s ELSE (image.before->>%s)::%s END',
                         one.quoted, one.preset, one.type, one.name, one.quoted, one.type), ', ') AS restored_columns,
       format('jsonb_object(ARRAY[''id'', %s], ARRAY[stored.id, %s])', string_agg(one.quoted, ', '),
              string_agg('stored.' || one.name || '::text', ', '))            AS image
FROM  (SELECT quote_ident(attribute.attname) AS name, quote_literal(attribute.attname) AS quoted,
              format_type(attribute.atttypid, attribute.atttypmod) AS type, attribute.attidentity <> '' AS is_number,
              COALESCE(pg_get_expr(preset.adbin, preset.adrelid),
                       'nextval(' || quote_literal(pg_get_serial_sequence('langgraph_server.assistants', attribute.attname)) || ')',
                       'NULL') AS preset
       FROM   pg_catalog.pg_attribute AS attribute
              LEFT JOIN pg_catalog.pg_attrdef AS preset ON preset.adrelid = attribute.attrelid AND preset.adnum = attribute.attnum
       WHERE  attribute.attrelid = 'langgraph_server.assistants'::regclass AND attribute.attnum > 0 AND NOT attribute.attisdropped
       AND    attribute.attgenerated = '' AND attribute.attname <> 'id'
       ORDER  BY attribute.attnum) AS one
