import { CHANNEL } from './notifications.js';

/** Every statement of the bus. Those that add a row announce it in the same breath. */
const insert = (table: string, columns: string, values: string, payload: string): string =>
  `WITH added AS (INSERT INTO workertoolbox.${table} (${columns}) VALUES (${values}) RETURNING id)
   SELECT pg_notify('${CHANNEL}', ${payload}) FROM added`;

const after = (table: string, columns: string, where = ''): string =>
  `SELECT id, ${columns} FROM workertoolbox.${table}
   WHERE (id > $1 OR id = ANY($2::bigint[])) AND expires > now() ${where} ORDER BY id LIMIT 1000`;

const seconds = (place: string): string => `now() + make_interval(secs => ${place})`;

export const STATEMENTS = {
  send: insert(
    'control_command',
    'expires, kept, origin, namespace, clock, request',
    `${seconds('$1')}, $2, $3, $4, $5, $6`,
    `'command'`,
  ),
  reply: insert(
    'control_reply',
    'expires, reply_to, ticket, clock, reply',
    `${seconds('$1')}, $2, $3, $4, $5`,
    `'reply:' || $2`,
  ),
  publish: insert(
    'event',
    'expires, namespace, routing_key, hostname, events',
    `${seconds('$1')}, $2, $3, $4, $5`,
    `'event'`,
  ),
  commands: after('control_command', 'sender, origin, namespace, clock, request'),
  remembered: `SELECT sender, origin, namespace, clock, request FROM workertoolbox.control_command
   WHERE kept AND namespace = $1 AND expires > now() ORDER BY id`,
  replies: after('control_reply', 'ticket, clock, reply', 'AND reply_to = $3'),
  events: after('event', 'namespace, routing_key, events'),
  last: (table: BusTable): string => `SELECT coalesce(max(id), 0) AS last FROM workertoolbox.${table}`,
  /** Some at a time: nobody waits for a long deletion. */
  purge: (table: BusTable): string =>
    `DELETE FROM workertoolbox.${table} WHERE id = ANY(ARRAY(
       SELECT id FROM workertoolbox.${table} WHERE expires < now() ORDER BY expires LIMIT 5000))`,
} as const;

export const BUS_TABLES = ['control_command', 'control_reply', 'event'] as const;
export type BusTable = (typeof BUS_TABLES)[number];
