import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PAGE = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));
const HEADING = '## Last full run\n\n';

/** Puts the tables of this run in the place of those in docs/performance.md; what follows their section stays. */
export function writeLastRun(tables: string): void {
  const page = readFileSync(PAGE, 'utf8');
  const from = page.indexOf(HEADING);
  if (from < 0) throw new Error(`${PAGE} has no section ${HEADING.trim()}`);
  const rest = page.indexOf('\n## ', from + HEADING.length);
  writeFileSync(PAGE, `${page.slice(0, from)}${HEADING}${tables}${rest < 0 ? '' : page.slice(rest)}`);
}
