import pg from 'pg';

/** The statements that let a role, a worker's or an operator's, use the bus. They fail before `migrate` has run. */
export function grantBusSql(role: string): string {
  const to = pg.escapeIdentifier(role);
  const columns = {
    control_command: 'expires, kept, origin, namespace, clock, request',
    control_reply: 'expires, reply_to, ticket, clock, reply',
    event: 'expires, namespace, routing_key, hostname, events',
  };
  return [
    `GRANT USAGE ON SCHEMA workertoolbox TO ${to};`,
    ...Object.entries(columns).map(
      ([table, names]) => `GRANT SELECT, DELETE, INSERT (${names}) ON workertoolbox.${table} TO ${to};`,
    ),
  ].join('\n');
}
