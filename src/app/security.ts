import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Clock, messageOf, ToolboxError } from '../base/index.js';
import {
  CertificateStore,
  registerAuth,
  type SerializerRegistry,
  SigningKey,
  TrustedCertificate,
} from '../serialization/index.js';
import type { Settings } from './settings/index.js';

/** What `setupSecurity` takes beside the settings of the same meaning, which it replaces. Files by their paths. */
export interface SecurityOptions {
  /** Formats that are read when signed, beside `serializer`. */
  readonly allowedSerializers?: readonly string[];
  /** `security_key`. */
  readonly key?: string;
  /** `security_key_password`. */
  readonly keyPassword?: string;
  /** `security_certificate`. */
  readonly cert?: string;
  /** `security_cert_store`: a file, a folder, or a pattern such as `certs/*.pem`. */
  readonly store?: string;
  /** `security_digest`. */
  readonly digest?: string;
  /** Format of what is signed. Default `json`. */
  readonly serializer?: string;
}

/** Registers the serializer `auth` from files (Celery's `setup_security`). Throws CONFIG_INVALID. */
export function registerSecurity(
  registry: SerializerRegistry,
  conf: Settings,
  clock: Clock,
  options: SecurityOptions,
): void {
  if (conf.task_serializer !== 'auth' || conf.accept_content.join() !== 'auth') {
    throw invalid(
      'task_serializer',
      "signed messages need task_serializer: 'auth', and accept_content: ['auth'], else unsigned ones are taken as well",
    );
  }
  const [serializer, allowedSerializers] = [options.serializer, options.allowedSerializers];
  const password = options.keyPassword ?? conf.security_key_password ?? undefined;
  const certificate = fileOf('security_certificate', options.cert ?? conf.security_certificate);
  registerAuth(registry, {
    key: new SigningKey(fileOf('security_key', options.key ?? conf.security_key), password),
    certificate: new TrustedCertificate(certificate, 'security_certificate'),
    store: storeOf(options.store ?? conf.security_cert_store, clock),
    digest: options.digest ?? conf.security_digest,
    serializer,
    allowedSerializers,
    clock,
  });
}

function fileOf(key: string, path: string | null): string {
  if (path === null) {
    throw invalid(
      key,
      'expected the path of a file; security_key, security_certificate and security_cert_store belong together',
    );
  }
  return reading(key, () => readFileSync(path, 'utf8'));
}

function storeOf(path: string | null, clock: Clock): CertificateStore {
  const key = 'security_cert_store';
  if (path === null) throw invalid(key, 'expected the path of a file or folder with certificates');
  const certificates = reading(key, () => filesOf(path)).map(
    (file) =>
      new TrustedCertificate(
        reading(key, () => readFileSync(file, 'utf8')),
        file,
      ),
  );
  if (certificates.length === 0) throw invalid(key, `there are no certificates at ${path}`);
  return new CertificateStore(certificates, clock.now());
}

/** The path itself, the files of a folder, or those whose names fit the path's last part. */
function filesOf(path: string): string[] {
  const pattern = basename(path);
  if (/[*?]/.test(pattern)) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    const fits = new RegExp(`^(?!\\.)${source}$`);
    return namesIn(dirname(path)).filter((name) => fits.test(basename(name)));
  }
  return statSync(path).isDirectory() ? namesIn(path) : [path];
}

const namesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => join(folder, entry.name));

function reading<T>(key: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw invalid(key, messageOf(error), error);
  }
}

const invalid = (key: string, why: string, cause?: unknown): ToolboxError =>
  new ToolboxError('CONFIG_INVALID', `${key}: ${why}`, { cause, fields: { key } });
