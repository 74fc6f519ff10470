export { jsonCodec } from './json-codec.js';
export { readJson } from './read-json.js';
export { type JsonOptions, writeJson } from './write-json.js';
