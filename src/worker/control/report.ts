import { arch, release, type as systemName } from 'node:os';
import { inspect } from 'node:util';
import type { App } from '../../app/index.js';
import { maskUrl } from '../../base/index.js';
import { SOFTWARE } from '../../remote/index.js';
import { confTable } from './conf-table.js';

/** What a bug report needs, as text in the form of Celery's. */
export function report(app: App): string {
  const { broker_url, broker_transport, result_backend } = app.conf;
  return [
    '',
    `software -> ${SOFTWARE.sw_ident}:${SOFTWARE.sw_ver} node:${process.versions.node}`,
    `platform -> system:${systemName()} arch:${arch()} kernel:${release()} imp:V8 ${process.versions.v8}`,
    `settings -> transport:${maskUrl(String(broker_url ?? broker_transport))} results:${maskUrl(String(result_backend))}`,
    '',
    ...Object.entries(confTable(app.conf, false)).map(
      ([name, value]) => `${name}: ${inspect(value, { depth: 4, breakLength: Infinity })}`,
    ),
    '',
  ].join('\n');
}
