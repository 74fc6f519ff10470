import type { LazyCodec } from '../codec.js';

/** `application/x-msgpack`; the package that reads and writes it is loaded when it is first used. */
export const lazyMsgpackCodec: LazyCodec = {
  name: 'msgpack',
  contentType: 'application/x-msgpack',
  load: async () => (await import('./msgpack-codec.js')).msgpackCodec,
};
