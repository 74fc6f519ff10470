import { type Clock, ToolboxError } from '../../base/index.js';
import type { Codec } from '../codec.js';
import { checkBytes } from '../failures.js';
import type { SerializerRegistry } from '../registry.js';
import type { CertificateStore } from './certificate-store.js';
import { openFrame, packFrame } from './frame.js';
import { digestName } from './pss.js';
import type { SigningKey } from './signing-key.js';
import type { TrustedCertificate } from './trusted-certificate.js';

export interface AuthOptions {
  readonly key: SigningKey;
  /** Says whose key it is. */
  readonly certificate: TrustedCertificate;
  readonly store: CertificateStore;
  /** `security_digest`. Default `sha256`. */
  readonly digest?: string | undefined;
  /** Format of what is signed. Default `json`. */
  readonly serializer?: string | undefined;
  /** Further formats that are read when signed. */
  readonly allowedSerializers?: readonly string[] | undefined;
  readonly clock: Clock;
}

/**
 * Registers Celery's signed serializer (`auth`, protocol section 2.4). From then on `application/data` is signed content,
 * as in Celery. The signature covers the body, not the headers of the message. Throws CONFIG_INVALID.
 */
export function registerAuth(registry: SerializerRegistry, options: AuthOptions): void {
  const { serializer = 'json', allowedSerializers = [], digest = 'sha256' } = options;
  digestName(digest);
  registry.register({
    name: 'auth',
    contentType: 'application/data',
    load: async () => {
      const names = [...new Set([serializer, ...allowedSerializers])];
      return new AuthCodec(options, digest, await Promise.all(names.map((name) => registry.codec(name))));
    },
  });
}

class AuthCodec implements Codec {
  readonly name = 'auth';
  readonly contentType = 'application/data';
  readonly contentEncoding = 'utf-8';
  readonly #options: AuthOptions;
  readonly #digest: string;
  /** The first one writes. */
  readonly #inner: readonly Codec[];

  constructor(options: AuthOptions, digest: string, inner: readonly Codec[]) {
    this.#options = options;
    this.#digest = digest;
    this.#inner = inner;
  }

  encode(value: unknown): Uint8Array {
    const { key, certificate } = this.#options;
    const [codec] = this.#inner as readonly [Codec];
    const body = codec.encode(value);
    return packFrame({
      signer: certificate.id,
      signature: key.sign(body, this.#digest),
      contentType: codec.contentType,
      contentEncoding: codec.contentEncoding,
      body,
    });
  }

  decode(bytes: Uint8Array, budget: Parameters<Codec['decode']>[1]): unknown {
    checkBytes('auth', bytes, budget);
    const { store, clock } = this.#options;
    const frame = openFrame(bytes, (signer) => store.get(signer)?.signatureLength);
    const certificate = store.get(frame.signer);
    if (certificate === undefined) throw refused('its signer is not in security_cert_store');
    if (certificate.isExpired(clock.now())) throw refused(`the certificate of ${certificate.id} has expired`);
    if (!certificate.verifies(frame.body, frame.signature, this.#digest))
      throw refused(`it is not what ${certificate.id} has signed`);
    // The signature covers neither of these two.
    const codec = this.#inner.find(
      ({ contentType, contentEncoding }) =>
        contentType === frame.contentType && contentEncoding === frame.contentEncoding,
    );
    if (codec === undefined) throw refused('its format is not among those that are read when signed');
    return codec.decode(frame.body, budget);
  }
}

const refused = (why: string): ToolboxError =>
  new ToolboxError('SIGNATURE_INVALID', `The signed body is refused: ${why}`, { fields: { format: 'auth' } });
