import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { ToolboxError } from '../../base/index.js';
import { digestName, pss } from './pss.js';

/** The private RSA key that signs. */
export class SigningKey {
  readonly #key: KeyObject;

  /** Reads a PEM text. Throws CONFIG_INVALID for one that cannot be read, and for keys that are not RSA. */
  constructor(pem: string, password?: string) {
    try {
      this.#key = createPrivateKey({ key: pem, ...(password !== undefined && { passphrase: password }) });
    } catch {
      // The library's error tells nothing more, and has the text in its stack.
      throw invalid(
        'expected a private key in PEM form, and its password in security_key_password if it has one',
      );
    }
    if (this.#key.asymmetricKeyType !== 'rsa') throw invalid('expected an RSA key');
  }

  sign(body: Uint8Array, digest: string): Uint8Array {
    const name = digestName(digest);
    return sign(name, body, pss(this.#key, name));
  }
}

const invalid = (expected: string): ToolboxError =>
  new ToolboxError('CONFIG_INVALID', `security_key: ${expected}`, { fields: { key: 'security_key' } });
