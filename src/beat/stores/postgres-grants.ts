/** What a role needs to run beat on the tables of the entry store. */
export function grantBeatSql(role: string): string {
  const to = `"${role.replaceAll('"', '""')}"`;
  return [
    `GRANT USAGE ON SCHEMA workertoolbox TO ${to};`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON workertoolbox.beat_entry TO ${to};`,
    `GRANT SELECT, INSERT, UPDATE ON workertoolbox.beat_lease TO ${to};`,
  ].join('\n');
}
