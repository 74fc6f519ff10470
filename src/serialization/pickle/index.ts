export type { PickleProtocol } from './emitter.js';
export { pickleGroupResult } from './group-result.js';
export { pickleCodec } from './pickle-codec.js';
export { readPickle } from './read-pickle.js';
export { type PickleOptions, writePickle } from './write-pickle.js';
