import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { ToolboxError } from '../../base/index.js';
import { decodeFailed } from '../failures.js';
import type { EncodedBody, EncodedMessage } from '../registry.js';

/** The content type of encrypted bodies; nobody else has it, so that Python's workers refuse them in as many words. */
export const SEALED_TYPE = 'application/vnd.cadasta.aes-256-gcm';
const KEY_HEADER = 'encrypted_with';
const NONCE = 12;
const TAG = 16;

export interface EncryptionKey {
  /** Travels with each message. */
  readonly id: string;
  /** 32 bytes in base64. */
  readonly key: string;
}

/** What a body belongs to. It cannot be read as the body of another. */
export interface SealContext {
  readonly task: string;
  readonly id: string;
}

type Headers = Readonly<Record<string, unknown>>;

/**
 * Encrypts bodies with AES-256-GCM: a nonce, the ciphertext, the tag. Content type, encoding and compression of the body
 * are inside; key id, task name and task id are authenticated with it. The first key writes, all of them read.
 */
export class Sealer {
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly #writing: string;

  /** Throws CONFIG_INVALID for no keys at all, equal ids, and keys that are not 32 bytes. */
  constructor(keys: readonly EncryptionKey[]) {
    const [first] = keys;
    if (first === undefined) throw invalid('expected at least one key');
    this.#keys = new Map(keys.map(({ id, key }) => [id, bytesOf(id, key)]));
    if (this.#keys.size !== keys.length) throw invalid('two keys have the same id');
    this.#writing = first.id;
  }

  /** The message with its body encrypted. */
  seal(message: EncodedMessage, context: SealContext): EncodedMessage {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv('aes-256-gcm', this.#key(this.#writing), nonce);
    cipher.setAAD(boundTo(this.#writing, context));
    const { contentType, contentEncoding, headers, body } = message;
    const about = `${JSON.stringify([contentType, contentEncoding, headers['compression'] ?? null])}\n`;
    const sealed = [
      nonce,
      cipher.update(about, 'utf8'),
      cipher.update(body),
      cipher.final(),
      cipher.getAuthTag(),
    ];
    return {
      body: Buffer.concat(sealed),
      contentType: SEALED_TYPE,
      contentEncoding: 'binary',
      headers: { [KEY_HEADER]: this.#writing },
    };
  }

  /** What was sealed. Throws SIGNATURE_INVALID for an unknown key, a changed body, and the body of another task. */
  open(
    body: Uint8Array,
    headers: Headers,
    context: SealContext,
  ): EncodedBody & { readonly headers: Headers } {
    const keyId = headers[KEY_HEADER];
    if (typeof keyId !== 'string' || !this.#keys.has(keyId))
      throw refused(`message_encryption_keys has no key ${String(keyId).slice(0, 64)}`);
    if (body.length < NONCE + TAG) throw refused('it is too short');
    const plain = this.#decrypt(keyId, body, context);
    const end = plain.indexOf(0x0a);
    const [contentType, contentEncoding, compression] = aboutOf(plain.subarray(0, Math.max(0, end)));
    return { body: plain.subarray(end + 1), contentType, contentEncoding, headers: { compression } };
  }

  #decrypt(keyId: string, body: Uint8Array, context: SealContext): Buffer {
    const decipher = createDecipheriv('aes-256-gcm', this.#key(keyId), body.subarray(0, NONCE));
    decipher.setAAD(boundTo(keyId, context));
    decipher.setAuthTag(body.subarray(body.length - TAG));
    const plain = decipher.update(body.subarray(NONCE, body.length - TAG));
    try {
      return Buffer.concat([plain, decipher.final()]);
    } catch {
      throw refused(`it was changed, or belongs to another task than ${context.task}[${context.id}]`);
    }
  }

  #key(id: string): Buffer {
    const key = this.#keys.get(id);
    if (key === undefined) throw invalid(`there is no key ${id}`);
    return key;
  }
}

/** What is authenticated beside the body: as JSON, in which no two lists look alike. */
const boundTo = (keyId: string, { task, id }: SealContext): Buffer =>
  Buffer.from(JSON.stringify([SEALED_TYPE, keyId, task, id]), 'utf8');

function aboutOf(bytes: Buffer): readonly [string, string, string | null] {
  const about: unknown = bytes.length > 0 ? JSON.parse(bytes.toString('utf8')) : null;
  if (!Array.isArray(about) || typeof about[0] !== 'string' || typeof about[1] !== 'string')
    throw decodeFailed('encrypted', 'it does not say what it holds');
  return [about[0], about[1], typeof about[2] === 'string' ? about[2] : null];
}

function bytesOf(id: string, key: string): Buffer {
  const bytes = Buffer.from(key, 'base64');
  if (bytes.length === 32) return bytes;
  throw invalid(`key ${id} must be 32 bytes in base64; make one with: openssl rand -base64 32`);
}

const invalid = (why: string): ToolboxError =>
  new ToolboxError('CONFIG_INVALID', `message_encryption_keys: ${why}`, {
    fields: { key: 'message_encryption_keys' },
  });

const refused = (why: string): ToolboxError =>
  new ToolboxError('SIGNATURE_INVALID', `The encrypted body is refused: ${why}`, {
    fields: { format: 'encrypted' },
  });
