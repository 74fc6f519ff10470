import { OpaqueObject } from '../../base/index.js';
import { decodeFailed } from '../failures.js';
import { PickledException } from '../pickled-exception.js';
import { setMember } from '../set-member.js';
import { decodeUtf8 } from '../text.js';
import type { NodeReader } from './construction.js';
import { CONSTRUCTORS, isException } from './constructors.js';
import { type Identity, identify } from './identify.js';
import { LegacyText, type Node, type PyCall, type PyDict, type PyGlobal } from './nodes.js';
import { ZoneOffsets } from './zone-offsets.js';

/** Stands in for a value while its own parts are read. */
const BUSY = Symbol('busy');

/** Turns what a pickle describes into JavaScript values. Builds only what `CONSTRUCTORS` lists; all else is inert. */
export class Converter implements NodeReader {
  readonly zones = new ZoneOffsets();

  read(node: Node): unknown {
    if (typeof node !== 'object' || node === null || node instanceof Uint8Array) return node;
    if (node instanceof LegacyText) return decodeUtf8(node.bytes) ?? new Uint8Array(node.bytes);
    if (node.value === BUSY)
      throw decodeFailed('pickle', 'a value that contains itself where Python allows none');
    if (node.value !== undefined) return node.value;
    switch (node.kind) {
      case 'list':
      case 'tuple':
        return this.#fill((node.value = []), node.items);
      case 'dict':
        return this.#dict(node);
      case 'set':
        node.value = new Set();
        for (const item of node.items) node.value.add(this.read(item));
        return node.value;
      case 'global':
        return (node.value = globalName(node));
      case 'call':
        return this.#call(node);
    }
  }

  readPairs(pairs: readonly Node[], target: object = pairsTarget(pairs)): object {
    for (let at = 0; at < pairs.length; at += 2) {
      const key = this.read(pairs[at] ?? null);
      const value = this.read(pairs[at + 1] ?? null);
      if (target instanceof Map) target.set(key, value);
      else setMember(target, String(key), value);
    }
    return target;
  }

  #dict(node: PyDict): object {
    const target = pairsTarget(node.pairs);
    node.value = target;
    return this.readPairs(node.pairs, target);
  }

  #fill(target: unknown[], items: readonly Node[]): unknown[] {
    for (const item of items) target.push(this.read(item));
    return target;
  }

  #call(node: PyCall): unknown {
    const identity = identify(node);
    node.value = BUSY;
    const construct = CONSTRUCTORS.get(`${identity.module}.${identity.qualname}`);
    const built = construct?.({ ...identity, state: node.state, items: node.items, pairs: node.pairs }, this);
    node.value = built ?? this.#shell(node, identity);
    return node.value;
  }

  /** An object that is only named. It is in place before its parts are read: they may refer back to it. */
  #shell(node: PyCall, identity: Identity): unknown {
    const { module, qualname, args, bound } = identity;
    const read: unknown[] = [];
    const shell = isException(module, qualname)
      ? new PickledException(module, qualname, read)
      : new OpaqueObject(module, qualname, read);
    node.value = shell;
    if (bound) read.push(this.read(bound));
    this.#fill(read, args);
    if (node.kwargs !== null) read.push(this.read(node.kwargs));
    const state = this.read(node.state);
    // Readonly for users; still being built here.
    (shell as { state: unknown }).state =
      node.items || node.pairs
        ? { state, items: this.#fill([], node.items ?? []), entries: this.readPairs(node.pairs ?? []) }
        : state;
    return shell;
  }
}

function globalName(node: PyGlobal): OpaqueObject {
  return new OpaqueObject(node.module, node.qualname);
}

function pairsTarget(pairs: readonly Node[]): object {
  for (let at = 0; at < pairs.length; at += 2) if (!isTextKey(pairs[at])) return new Map();
  return {};
}

const isTextKey = (key: Node | undefined): boolean =>
  typeof key === 'string' || (key instanceof LegacyText && decodeUtf8(key.bytes) !== undefined);
