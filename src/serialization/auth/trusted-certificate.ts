import { verify, X509Certificate } from 'node:crypto';
import { ToolboxError } from '../../base/index.js';
import { digestName, pss } from './pss.js';

/** A certificate whose holder may sign messages. */
export class TrustedCertificate {
  /** The values of the issuer's name and the serial number, as Celery names signers. */
  readonly id: string;
  readonly #certificate: X509Certificate;

  /** Reads a PEM text. Throws CONFIG_INVALID for one that cannot be read, and for keys that are not RSA. */
  constructor(pem: string, origin: string) {
    this.#certificate = parse(pem, origin);
    if (this.#certificate.publicKey.asymmetricKeyType !== 'rsa') throw invalid(origin, 'expected an RSA key');
    this.id = `${issuerValues(this.#certificate.issuer).join(' ')} ${BigInt(`0x${this.#certificate.serialNumber}`)}`;
  }

  /** Bytes of a signature. */
  get signatureLength(): number {
    return (this.#certificate.publicKey.asymmetricKeyDetails?.modulusLength ?? 0) >> 3;
  }

  isExpired(now: number): boolean {
    return now >= Date.parse(this.#certificate.validTo);
  }

  verifies(body: Uint8Array, signature: Uint8Array, digest: string): boolean {
    const name = digestName(digest);
    return verify(name, body, pss(this.#certificate.publicKey, name), signature);
  }
}

function parse(pem: string, origin: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw invalid(origin, 'expected a certificate in PEM form', cause);
  }
}

const invalid = (origin: string, expected: string, cause?: unknown): ToolboxError =>
  new ToolboxError('CONFIG_INVALID', `${origin}: ${expected}`, { cause, fields: { origin } });

/** `CN=My CA` in lines, several values of one line joined by ` + `, escaped as RFC 2253 says. */
const issuerValues = (issuer: string): string[] =>
  issuer
    .split('\n')
    .flatMap((line) => line.split(/ \+ (?=[\w.]+=)/))
    .map((part) => part.slice(part.indexOf('=') + 1))
    .map((value) =>
      value.replace(/\\([0-9A-Fa-f]{2})|\\(.)/g, (_, code: string | undefined, unit: string | undefined) =>
        code === undefined ? (unit ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
      ),
    );
