import pg from 'pg';

/** The statements that let a role use locks and lines. They fail before `migrate` has run. */
export function grantCoordinationSql(role: string): string {
  const to = pg.escapeIdentifier(role);
  return [
    `GRANT USAGE ON SCHEMA workertoolbox TO ${to};`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON workertoolbox.lock TO ${to};`,
    `GRANT SELECT, INSERT, UPDATE ON workertoolbox.line TO ${to};`,
  ].join('\n');
}
