export { lineOf, lineReader } from './lines.js';
export { type Packed, pack } from './pack.js';
export { unpack } from './unpack.js';
