import { BEAT_TABLES_SQL } from '../../beat/index.js';
import { BUS_TABLES_SQL } from '../../bus/index.js';
import { COORDINATION_TABLES_SQL } from '../../coordination/index.js';
import { CHORD_KEEPER_TABLE_SQL, CHORD_TABLE_SQL } from '../../results/index.js';
import { ACTION_TABLES_SQL } from '../actions/tables.js';
import { AUDIT_TABLES_SQL } from '../audit/tables.js';
import { MESSAGE_TABLES_SQL } from '../messages/tables.js';
import { MONITORING_TABLES_SQL } from '../monitoring/tables.js';
import { OUTBOX_TABLES_SQL } from '../outbox/tables.js';
import { QUARANTINE_TABLES_SQL } from '../quarantine/tables.js';
import { RECONCILER_TABLES_SQL } from '../reconciler/tables.js';
import { LEDGER_TABLES_SQL } from '../tracking/ledger-tables.js';
import { DASHBOARD_TABLES_SQL } from './dashboard-tables.js';

/** One step of the schema. Once released, its SQL never changes: a checksum keeps it honest. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/**
 * The tables of the platform side. `tasks_backgroundtask` has the columns of the Cadasta platform's own table, without
 * foreign keys: a child may be recorded before its parent. Where that table already exists it is left as it is.
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    name: '0001_tracked_tasks',
    sql: `
CREATE TABLE IF NOT EXISTS tasks_backgroundtask (
  id varchar(24) PRIMARY KEY,
  task_id varchar(155) NOT NULL UNIQUE,
  type varchar(128) NOT NULL,
  created_date timestamptz NOT NULL DEFAULT now(),
  last_updated timestamptz NOT NULL DEFAULT now(),
  input jsonb NOT NULL,
  options jsonb NOT NULL,
  related_object_id varchar(24),
  immutable boolean,
  creator_id integer,
  parent_id varchar(155),
  related_content_type_id integer,
  root_id varchar(155) NOT NULL
);
CREATE INDEX IF NOT EXISTS workertoolbox_task_family ON tasks_backgroundtask (root_id) INCLUDE (task_id, type);
CREATE INDEX IF NOT EXISTS workertoolbox_task_parent ON tasks_backgroundtask (parent_id);`,
  },
  {
    name: '0002_quarantine',
    sql: `
CREATE TABLE workertoolbox.quarantine (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  received timestamptz NOT NULL DEFAULT now(),
  queue text NOT NULL,
  code text NOT NULL,
  reason text NOT NULL,
  task_id text,
  task_name text,
  content_type text NOT NULL,
  content_encoding text NOT NULL,
  headers jsonb NOT NULL,
  properties jsonb NOT NULL,
  body bytea NOT NULL,
  truncated boolean NOT NULL DEFAULT false
);
CREATE INDEX quarantine_task ON workertoolbox.quarantine (task_id);`,
  },
  { name: '0003_bus', sql: BUS_TABLES_SQL },
  { name: '0004_beat', sql: BEAT_TABLES_SQL },
  { name: '0005_coordination', sql: COORDINATION_TABLES_SQL },
  { name: '0006_chords', sql: CHORD_TABLE_SQL },
  { name: '0007_chord_keepers', sql: CHORD_KEEPER_TABLE_SQL },
  { name: '0007_ledger', sql: LEDGER_TABLES_SQL },
  {
    name: '0008_steering',
    sql: [
      QUARANTINE_TABLES_SQL,
      MESSAGE_TABLES_SQL,
      OUTBOX_TABLES_SQL,
      AUDIT_TABLES_SQL,
      ACTION_TABLES_SQL,
      RECONCILER_TABLES_SQL,
    ].join('\n'),
  },
  { name: '0009_monitoring', sql: MONITORING_TABLES_SQL },
  { name: '0010_dashboard', sql: DASHBOARD_TABLES_SQL },
];
