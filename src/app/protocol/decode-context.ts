import type { App } from '../app.js';
import type { DecodeContext } from './decode.js';

/** What an app's settings let in. What a program writes itself, it reads. */
export function decodeContext({ serializers, conf }: Pick<App, 'serializers' | 'conf'>): DecodeContext {
  const { accept_content, accept_compression, task_compression } = conf;
  return {
    serializers,
    accept: accept_content,
    acceptCompression: task_compression ? [...accept_compression, task_compression] : accept_compression,
  };
}
