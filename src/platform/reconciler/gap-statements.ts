/** Nobody has heard of it: recorded, due, not expired, not set aside, and not about to be sent. `$1`: seconds. */
export const SILENT = {
  name: 'workertoolbox-silent-tasks',
  text: `SELECT t.task_id AS id, t.type, t.options->'delivery_info'->>'exchange' AS exchange,
    t.options->'delivery_info'->>'routing_key' AS "routingKey", EXISTS (SELECT 1 FROM workertoolbox.task_mark m WHERE m.task_id = t.task_id AND m.mark = 'lost') AS lost
  FROM workertoolbox.task_state s JOIN tasks_backgroundtask t ON t.task_id = s.task_id
  WHERE s.state = 'PENDING' AND s.created < now() - $1::float8 * interval '1 second'
    AND NOT t.options ? 'placeholder'
    AND (jsonb_typeof(t.options->'eta') IS DISTINCT FROM 'string'
      OR (t.options->>'eta')::timestamptz < now() - $1::float8 * interval '1 second')
    AND NOT EXISTS (SELECT 1 FROM celery_taskmeta r WHERE r.task_id = t.task_id)
    AND NOT EXISTS (SELECT 1 FROM workertoolbox.quarantine q WHERE q.task_id = t.task_id)
    AND NOT EXISTS (SELECT 1 FROM workertoolbox.outbox o WHERE o.task_id = t.task_id
      AND coalesce(o.sent, now()) > now() - $1::float8 * interval '1 second')
  ORDER BY s.created LIMIT 2000`,
};

/** Results of tasks that were never recorded. `$1`: seconds since the result. */
export const UNTRACKED = {
  name: 'workertoolbox-untracked',
  text: `SELECT s.task_id AS id, s.state FROM workertoolbox.task_state s JOIN celery_taskmeta r ON r.task_id = s.task_id
  WHERE s.root_id IS NULL
    AND (r.date_done IS NULL OR r.date_done < (now() AT TIME ZONE 'UTC') - $1::float8 * interval '1 second') LIMIT 2000`,
};

/** Children of nobody. `$1`: seconds since they were recorded. Only of late: what is older was told before. */
export const ORPHANS = {
  name: 'workertoolbox-orphans',
  text: `SELECT t.task_id AS id, t.type, t.parent_id AS parent, t.root_id AS root FROM tasks_backgroundtask t
  WHERE t.created_date BETWEEN now() - interval '1 day' AND now() - $1::float8 * interval '1 second'
    AND NOT t.options ? 'placeholder' AND NOT t.options ? 'untracked'
    AND ((t.parent_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM tasks_backgroundtask p WHERE p.task_id = t.parent_id AND NOT p.options ? 'placeholder'))
      OR (t.root_id <> t.task_id AND NOT EXISTS (SELECT 1 FROM tasks_backgroundtask p WHERE p.task_id = t.root_id AND NOT p.options ? 'placeholder')))
  ORDER BY t.created_date DESC LIMIT 1000`,
};

export const MARK_LOST = {
  name: 'workertoolbox-mark-lost',
  text: `INSERT INTO workertoolbox.task_mark (task_id, mark) SELECT s.task_id, 'lost' FROM workertoolbox.task_state s
    WHERE s.task_id = ANY($1) AND s.state = 'PENDING' AND NOT EXISTS (SELECT 1 FROM celery_taskmeta r WHERE r.task_id = s.task_id)
    ON CONFLICT DO NOTHING RETURNING task_id AS id`,
};

/** A row for each, as much as is known. The real message, should it come yet, replaces everything in it. */
export const RECORD_UNTRACKED = {
  name: 'workertoolbox-record-untracked',
  text: `INSERT INTO tasks_backgroundtask (id, task_id, type, created_date, last_updated, input, options, root_id)
  SELECT left(translate(md5(random()::text || task_id), '01', 'xz'), 24), task_id, 'unknown', now(), now(),
    '{"args": [], "kwargs": {}}', '{"untracked": true}', task_id FROM unnest($1::text[]) AS missing (task_id)
  ON CONFLICT (task_id) DO NOTHING RETURNING task_id AS id`,
};

/** What is kept for a while only: messages, sent outbox rows, bulk work, flags. */
export const FORGET = [
  `DELETE FROM workertoolbox.task_mark m WHERE EXISTS (SELECT 1 FROM celery_taskmeta r WHERE r.task_id = m.task_id)`,
  `DELETE FROM workertoolbox.task_message WHERE received < now() - interval '30 days'`,
  `DELETE FROM workertoolbox.outbox WHERE sent < now() - interval '1 day'`,
  `DELETE FROM workertoolbox.bulk WHERE ended < now() - interval '30 days'`,
  `DELETE FROM workertoolbox.revoked_task WHERE at < now() - interval '1 day'`,
  `DELETE FROM workertoolbox.audit WHERE at < now() - interval '1 year'`,
] as const;
