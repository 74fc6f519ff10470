/**
 * A day in the life of the platform, in the tables that the services fill: 2,000 tasks of the last hours with their results
 * and attempts, and a week of samples. `setseed` makes it the same every time.
 */
export const HISTORY = `
SELECT setseed(0.42);
CREATE TEMP TABLE past AS
SELECT n, 'h' || lpad(n::text, 6, '0') || '-0000-4000-8000-000000000000' AS task_id,
  'h' || lpad((n / 5 * 5)::text, 6, '0') || '-0000-4000-8000-000000000000' AS root_id,
  (ARRAY['export.page', 'geo.simplify', 'msg.send', 'export.create_result', 'geo.import_parcels'])[1 + n % 5] AS type,
  now() - interval '2 minutes' - n * interval '11 seconds' AS created,
  random() * 3 AS wait, 0.2 + random() * random() * 20 AS run, random() AS luck
FROM generate_series(0, 1999) n;
INSERT INTO tasks_backgroundtask (id, task_id, type, created_date, input, options, parent_id, root_id, creator_id)
SELECT 'h' || n, task_id, type, created, jsonb_build_object('args', jsonb_build_array('acme-survey', n), 'kwargs', '{"output_type": "shp", "srid": 4326}'::jsonb),
  '{"queue": "export"}', CASE WHEN task_id = root_id THEN NULL ELSE root_id END, root_id, 7 + n % 3 FROM past;
INSERT INTO celery_taskmeta (id, task_id, status, result, date_done, traceback)
SELECT nextval('task_id_sequence'), task_id, CASE WHEN luck < 0.06 THEN 'FAILURE' ELSE 'SUCCESS' END, NULL,
  (created + make_interval(secs => wait + run)) AT TIME ZONE 'UTC',
  CASE WHEN luck < 0.06 THEN E'Traceback (most recent call last):\\n  File "/srv/app/.venv/lib/python3.11/site-packages/celery/app/trace.py", line 453, in trace_task\\n    R = retval = fun(*args, **kwargs)\\n  File "/srv/app/export/storage.py", line 31, in upload\\n    client.put_object(Bucket=bucket, Key=key)\\n'
    || (ARRAY['botocore.exceptions.ClientError: An error occurred (SlowDown): please reduce your request rate', 'ValueError: polygon ring 2 is not closed', 'TimeoutError: smtp.example.org:587 did not answer within 30 s'])[1 + n % 3] END
FROM past;
INSERT INTO workertoolbox.queue_sample (queue, at, waiting, held, delayed, consumers, oldest_seconds, in_rate, out_rate)
SELECT queue, at, greatest(0, (base * (1 + sin(extract(epoch FROM at) / 13000 + base)) + random() * 9))::int, 4, 0, 1, 12 + random() * 20, 3, 3
FROM (VALUES ('export', 120), ('geo', 45), ('msg', 20)) q (queue, base), generate_series(now() - interval '7 days', now() - interval '70 minutes', interval '5 minutes') at
ON CONFLICT DO NOTHING;
INSERT INTO workertoolbox.queue_sample (queue, at, waiting, held, delayed, consumers, oldest_seconds, in_rate, out_rate)
SELECT queue, at, greatest(0, (base * (1 + sin(extract(epoch FROM at) / 600 + base)) + random() * 9))::int, 4, 0, 1, 12 + random() * 20, 3, 3
FROM (VALUES ('export', 120), ('geo', 45), ('msg', 20)) q (queue, base), generate_series(now() - interval '70 minutes', now() - interval '15 seconds', interval '10 seconds') at
ON CONFLICT DO NOTHING;
INSERT INTO workertoolbox.task_rate (step, at, name, state, ended, run, wait)
SELECT step, to_timestamp(floor(extract(epoch FROM at) / step) * step), name, state,
  greatest(0, (rate * step * (1 + 0.5 * sin(extract(epoch FROM at) / 700 + rate)) * (0.7 + random() * 0.6))::int),
  jsonb_build_object((34 + 3 * sin(extract(epoch FROM at) / 500))::int, 55, (45 + 4 * sin(extract(epoch FROM at) / 800) + random())::int, 42, (54 + 2 * sin(extract(epoch FROM at) / 300))::int, 3),
  jsonb_build_object((20 + 6 * sin(extract(epoch FROM at) / 700))::int, 55, (36 + 5 * sin(extract(epoch FROM at) / 900) + random())::int, 42, (45 + 3 * sin(extract(epoch FROM at) / 400))::int, 3)
FROM (VALUES ('export.page', 'SUCCESS', 4.0), ('geo.simplify', 'SUCCESS', 2.2), ('msg.send', 'SUCCESS', 1.4), ('export.page', 'FAILURE', 0.06), ('geo.simplify', 'FAILURE', 0.03)) k (name, state, rate),
  LATERAL (SELECT 10 AS step, at FROM generate_series(now() - interval '70 minutes', now() - interval '20 seconds', interval '10 seconds') at
    UNION ALL SELECT 300, at FROM generate_series(now() - interval '7 days', now() - interval '5 minutes', interval '5 minutes') at) steps
ON CONFLICT DO NOTHING;`;
