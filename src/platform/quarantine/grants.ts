import pg from 'pg';

/** The statements that let a worker's role put messages into quarantine and see what the platform decides. They fail before `migrate` has run. */
export function grantPlatformSql(role: string): string {
  const to = pg.escapeIdentifier(role);
  return [
    `GRANT USAGE ON SCHEMA workertoolbox TO ${to};`,
    `GRANT INSERT, SELECT (id, count, fingerprint), UPDATE (count, last_seen, reason) ON workertoolbox.quarantine TO ${to};`,
    `GRANT SELECT ON workertoolbox.paused_queue, workertoolbox.revoked_task TO ${to};`,
  ].join('\n');
}
