import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { messageOf, ToolboxError } from '../../base/index.js';

/** Names of Python's ssl module, as `broker_use_ssl` has them, for files that Node takes by content. */
const FILES = { ca_certs: 'ca', certfile: 'cert', keyfile: 'key' } as const;
/** `ssl.CERT_NONE`, as a number and as configuration files write it. */
const NO_CHECK: readonly unknown[] = [0, 'none', 'CERT_NONE'];

/**
 * TLS options from `ssl`: Node's own names, or Python's `ca_certs`, `certfile`, `keyfile`, `cert_reqs` and `server_hostname`
 * (also with `ssl_` before them). Throws CONFIG_INVALID when a file cannot be read.
 */
export function readTlsOptions(given: Readonly<Record<string, unknown>>): ConnectionOptions {
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const plain = name.replace(/^ssl_/, '');
    if (plain in FILES) options[FILES[plain as keyof typeof FILES]] = contentOf(plain, value);
    else if (plain === 'cert_reqs') options.rejectUnauthorized = !NO_CHECK.includes(value);
    else if (plain === 'server_hostname') options.servername = value ?? undefined;
    else options[name] = value;
  }
  return options;
}

function contentOf(name: string, path: unknown): Buffer {
  try {
    return readFileSync(String(path));
  } catch (cause) {
    const key = `broker_transport_options.ssl.${name}`;
    throw new ToolboxError('CONFIG_INVALID', `${key}: ${messageOf(cause)}`, { cause, fields: { key } });
  }
}
