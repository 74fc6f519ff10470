import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Paths of a certificate and its key. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** An authority of a test's own. */
export interface Authority {
  /** Path of its certificate. */
  readonly ca: string;
  /** A certificate for `names` (as subjectAltName has them, `DNS:localhost`, `IP:127.0.0.1`); `expired` ended yesterday. */
  issue(
    names: readonly string[],
    how?: { readonly expired?: boolean; readonly commonName?: string },
  ): Certificate;
  /** One that nobody has signed but itself. */
  selfSigned(names: readonly string[]): Certificate;
  remove(): void;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

export function createAuthority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  let count = 0;
  const fresh = (): Certificate & { readonly request: string } => {
    count += 1;
    const path = join(folder, String(count));
    return { cert: `${path}.pem`, key: `${path}.key`, request: `${path}.csr` };
  };
  const openssl = (...args: readonly string[]): void => {
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  };
  const sign = (to: Certificate, subject: string, ...further: readonly string[]): void =>
    openssl(
      'req',
      '-x509',
      ...KEY,
      '-keyout',
      to.key,
      '-out',
      to.cert,
      '-subj',
      subject,
      '-days',
      '2',
      ...further,
    );
  const root = fresh();
  sign(root, '/CN=authority of a test');
  return {
    ca: root.cert,
    issue: (names, { expired = false, commonName = 'test' } = {}) => {
      const made = fresh();
      const wanted = ['-addext', `subjectAltName=${names.join(',')}`];
      openssl(
        'req',
        ...KEY,
        '-keyout',
        made.key,
        '-out',
        made.request,
        '-subj',
        `/CN=${commonName}`,
        ...wanted,
      );
      const days = ['-days', expired ? '-1' : '2', '-copy_extensions', 'copyall'];
      const by = ['-CA', root.cert, '-CAkey', root.key];
      openssl('x509', '-req', '-in', made.request, ...by, ...days, '-out', made.cert);
      return made;
    },
    selfSigned: (names) => {
      const made = fresh();
      sign(made, '/CN=test', '-addext', `subjectAltName=${names.join(',')}`);
      return made;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
