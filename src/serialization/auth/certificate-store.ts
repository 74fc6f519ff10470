import { ToolboxError } from '../../base/index.js';
import type { TrustedCertificate } from './trusted-certificate.js';

/** The certificates whose holders are believed, by the name their signatures carry. */
export class CertificateStore {
  readonly #byId = new Map<string, TrustedCertificate>();

  /** Throws CONFIG_INVALID when two have one issuer and serial number, or one has expired already. */
  constructor(certificates: Iterable<TrustedCertificate>, now: number) {
    for (const certificate of certificates) {
      const { id } = certificate;
      if (this.#byId.has(id)) throw invalid(`two certificates of ${id}`);
      if (certificate.isExpired(now)) throw invalid(`the certificate of ${id} has expired`);
      this.#byId.set(id, certificate);
    }
  }

  get(id: string): TrustedCertificate | undefined {
    return this.#byId.get(id);
  }
}

const invalid = (what: string): ToolboxError =>
  new ToolboxError('CONFIG_INVALID', `security_cert_store: ${what}`, {
    fields: { key: 'security_cert_store' },
  });
