export { type Packed, pack } from './pack.js';
export { unpack } from './unpack.js';
