import { compressionHeader } from '../../serialization/index.js';
import type { App } from '../app.js';
import { bodyEncryption } from './body-encryption.js';
import type { DecodeContext } from './decode.js';

/** What an app's settings let in. What a program compresses itself, it reads. Throws CONFIG_INVALID for unknown names. */
export function decodeContext({ serializers, conf }: Pick<App, 'serializers' | 'conf'>): DecodeContext {
  const { accept_content, accept_compression, task_compression } = conf;
  serializers.acceptedTypes(accept_content);
  if (task_compression) compressionHeader(task_compression);
  for (const name of accept_compression) compressionHeader(name);
  return {
    serializers,
    accept: accept_content,
    encryption: bodyEncryption(conf),
    acceptCompression: task_compression ? [...accept_compression, task_compression] : accept_compression,
  };
}
