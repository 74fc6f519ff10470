import { ToolboxError } from '../../base/index.js';
import type { Delivery } from '../../messaging/index.js';
import { SEALED_TYPE, type SealContext, Sealer } from '../../serialization/index.js';
import type { Settings } from '../settings/index.js';

/** How an app's settings have bodies encrypted. */
export interface BodyEncryption {
  /** Undefined without keys. */
  readonly sealer: Sealer | undefined;
  /** `message_encryption_required`. */
  readonly required: boolean;
}

/** Throws CONFIG_INVALID for keys that are none, and where encryption is required without keys. */
export function bodyEncryption(settings: Settings): BodyEncryption {
  const { message_encryption_keys: keys, message_encryption_required: required } = settings;
  if (required && keys === null) {
    throw new ToolboxError(
      'CONFIG_INVALID',
      'message_encryption_required: expected message_encryption_keys to be set as well',
      { fields: { key: 'message_encryption_required' } },
    );
  }
  return { sealer: keys === null ? undefined : new Sealer(keys), required };
}

export const isSealed = ({ contentType }: Pick<Delivery, 'contentType'>): boolean =>
  contentType === SEALED_TYPE;

type Body = Pick<Delivery, 'body' | 'contentType' | 'contentEncoding' | 'headers'>;

/** The body as it was before it was encrypted. Throws CONTENT_DISALLOWED or SIGNATURE_INVALID. */
export function openedBody(delivery: Delivery, context: SealContext, encryption: BodyEncryption): Body {
  if (!isSealed(delivery)) {
    if (encryption.required) throw disallowed('it is not encrypted, and message_encryption_required is set');
    return delivery;
  }
  if (encryption.sealer === undefined)
    throw disallowed('it is encrypted, and message_encryption_keys is not set');
  return encryption.sealer.open(delivery.body, delivery.headers, context);
}

const disallowed = (why: string): ToolboxError => new ToolboxError('CONTENT_DISALLOWED', why);
