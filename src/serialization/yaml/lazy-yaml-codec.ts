import type { LazyCodec } from '../codec.js';

/** `application/x-yaml`; the package that reads it is loaded when it is first used. */
export const lazyYamlCodec: LazyCodec = {
  name: 'yaml',
  contentType: 'application/x-yaml',
  load: async () => (await import('./yaml-codec.js')).yamlCodec,
};
