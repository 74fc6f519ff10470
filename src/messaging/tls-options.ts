import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { messageOf, ToolboxError } from '../base/index.js';

/** Names of Python's ssl module, as `broker_use_ssl` has them, for files that Node takes by content. */
const FILES: ReadonlyMap<string, string> = new Map([
  ['ca_certs', 'ca'],
  ['certfile', 'cert'],
  ['keyfile', 'key'],
]);
/** The same for what Node has under another name. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['ca_data', 'ca'],
  ['password', 'passphrase'],
  ['ciphers', 'ciphers'],
]);
/** `ssl.CERT_NONE`, as a number and as configuration files and URLs write it. */
const NO_CHECK: readonly unknown[] = [0, '0', 'none', 'CERT_NONE', 'ssl.CERT_NONE'];
const OFF: readonly unknown[] = [false, 0, '0', 'false', 'False'];

/**
 * TLS options from `ssl`: Node's own names, or Python's `ca_certs`, `ca_data`, `certfile`, `keyfile`, `password`, `cert_reqs`,
 * `check_hostname` and `server_hostname` (also with `ssl_` before them). None stands for the default. Certificates are
 * checked unless it says otherwise. Throws CONFIG_INVALID when a file cannot be read.
 */
export function readTlsOptions(given: Readonly<Record<string, unknown>>): ConnectionOptions {
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined) continue;
    const plain = name.replace(/^ssl_/, '');
    const file = FILES.get(plain);
    if (file !== undefined) options[file] = contentOf(plain, value);
    else if (plain === 'cert_reqs') options.rejectUnauthorized = !NO_CHECK.includes(value);
    else if (plain === 'check_hostname') {
      if (OFF.includes(value)) options.checkServerIdentity = () => undefined;
    } else if (plain === 'server_hostname') options.servername = value;
    else options[RENAMED.get(plain) ?? name] = value;
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
