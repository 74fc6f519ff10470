import { createHash } from 'node:crypto';

/** A name under which a connection keeps the statement prepared. Another text (another shape of the table) gets another name. */
export const statementName = (what: string, text: string): string =>
  `workertoolbox-${what}-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
