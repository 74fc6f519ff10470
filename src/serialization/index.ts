export type { Codec, DecodeBudget, Encoded } from './codec.js';
