import type { Identity } from './identify.js';
import type { Node } from './nodes.js';
import type { ZoneOffsets } from './zone-offsets.js';

/** A construction the pickle asks for. */
export interface Construction extends Identity {
  readonly state: Node;
  readonly items: readonly Node[] | undefined;
  readonly pairs: readonly Node[] | undefined;
}

/** Reads the parts of a construction. */
export interface NodeReader {
  readonly zones: ZoneOffsets;
  read(node: Node): unknown;
  /** Key, value, key, ...: a plain object when all keys are text, else a Map. */
  readPairs(pairs: readonly Node[]): object;
}

/** Gives undefined when the construction has not the form it should have: it then becomes an OpaqueObject. */
export type Constructor = (made: Construction, from: NodeReader) => unknown;
