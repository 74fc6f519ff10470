import { readFileSync } from 'node:fs';
import { type as systemName } from 'node:os';

/** Who we are to monitors: the fields of worker events that Celery's workers fill with `py-celery`. */
export const SOFTWARE = {
  sw_ident: 'cadasta-workertoolbox',
  sw_ver: version(),
  sw_sys: systemName(),
} as const;

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
