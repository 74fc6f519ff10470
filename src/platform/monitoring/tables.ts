/**
 * What the monitor keeps: the workers it has heard, samples of the queues, and how many tasks of a name ended in which state, with
 * histograms of their times (`histogram.ts`). `step` is the length of a period in seconds;
 * `records` marks the platform queue.
 */
export const MONITORING_TABLES_SQL = `
CREATE TABLE workertoolbox.worker (
  name text PRIMARY KEY,
  heard timestamptz NOT NULL,
  freq real NOT NULL,
  offline boolean NOT NULL,
  software text,
  version text,
  pid integer,
  clock_offset real,
  active integer,
  processed bigint,
  details jsonb NOT NULL DEFAULT '{}',
  detailed timestamptz
);
CREATE TABLE workertoolbox.queue_sample (
  queue text NOT NULL,
  at timestamptz NOT NULL,
  waiting integer,
  held integer,
  delayed integer,
  consumers integer,
  oldest_seconds real,
  in_rate real,
  out_rate real,
  problem text,
  records boolean NOT NULL DEFAULT false,
  PRIMARY KEY (queue, at)
);
CREATE INDEX queue_sample_at ON workertoolbox.queue_sample (at);
CREATE TABLE workertoolbox.task_rate (
  step integer NOT NULL,
  at timestamptz NOT NULL,
  name text NOT NULL,
  state text NOT NULL,
  ended integer NOT NULL,
  run jsonb NOT NULL,
  wait jsonb NOT NULL,
  PRIMARY KEY (step, at, name, state)
);`;
