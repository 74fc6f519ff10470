import { constants, createHash, getHashes, type KeyObject } from 'node:crypto';
import { ToolboxError } from '../../base/index.js';

/** The name that Node has for a digest as Celery names it (`sha256`, `sha3_256`). Throws CONFIG_INVALID. */
export function digestName(name: string): string {
  const digest = name.toLowerCase().replaceAll('_', '-');
  if (getHashes().includes(digest)) return digest;
  throw new ToolboxError(
    'CONFIG_INVALID',
    `security_digest: no digest is named ${name}; use sha256 or sha512`,
    {
      fields: { key: 'security_digest', name },
    },
  );
}

/** RSA-PSS as Celery signs: MGF1 with the same digest, and the longest salt that fits, no other. */
export function pss(key: KeyObject, digest: string): { key: KeyObject; padding: number; saltLength: number } {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  const hash = createHash(digest).digest().length;
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: Math.ceil((bits - 1) / 8) - hash - 2 };
}
