import { decodeFailed } from '../failures.js';
import { type Container, type Node, PyCall, PyDict, PyList, PySet, PyTuple } from './nodes.js';
import type { Opcode, OpcodeTable } from './opcode-table.js';
import { OP } from './opcodes.js';
import type { PickleStack } from './stack.js';

/** Opcodes that make containers, and those that fill them. */
export const CONTAINERS: OpcodeTable = {
  [OP.EMPTY_LIST]: made(() => new PyList()),
  [OP.EMPTY_TUPLE]: made(() => new PyTuple([])),
  [OP.EMPTY_DICT]: made(() => new PyDict()),
  [OP.EMPTY_SET]: made(() => new PySet()),
  [OP.LIST]: made((stack) => addItems(new PyList(), stack.popMark())),
  [OP.TUPLE]: made((stack) => new PyTuple(stack.popMark())),
  [OP.TUPLE1]: made((stack) => new PyTuple(taken(stack, 1))),
  [OP.TUPLE2]: made((stack) => new PyTuple(taken(stack, 2))),
  [OP.TUPLE3]: made((stack) => new PyTuple(taken(stack, 3))),
  [OP.DICT]: made((stack) => addPairs(new PyDict(), stack.popMark())),
  [OP.FROZENSET]: made((stack) => addItems(new PySet(), stack.popMark())),
  [OP.APPEND]: (_, stack) => fill(taken(stack, 1), stack, addItems),
  [OP.APPENDS]: (_, stack) => fill(stack.popMark(), stack, addItems),
  [OP.ADDITEMS]: (_, stack) => fill(stack.popMark(), stack, addItems),
  [OP.SETITEM]: (_, stack) => fill(taken(stack, 2), stack, addPairs),
  [OP.SETITEMS]: (_, stack) => fill(stack.popMark(), stack, addPairs),
};

function made(make: (stack: PickleStack) => Container): Opcode {
  return (_, stack) => stack.add(make(stack));
}

/** The topmost values, in the order in which they were pushed. */
function taken(stack: PickleStack, count: number): Node[] {
  const nodes: Node[] = [];
  while (nodes.length < count) nodes.push(stack.pop());
  return nodes.reverse();
}

type Adder = (target: Node, nodes: readonly Node[]) => unknown;

function fill(nodes: readonly Node[], stack: PickleStack, add: Adder): void {
  add(stack.top(), nodes);
}

function addItems<T extends Node>(target: T, items: readonly Node[]): T {
  if (target instanceof PyList || target instanceof PySet) pushAll(target.items, items);
  else if (target instanceof PyCall) pushAll((target.items ??= []), items);
  else throw decodeFailed('pickle', 'items added to something that is no list or set');
  return target;
}

function addPairs<T extends Node>(target: T, pairs: readonly Node[]): T {
  if (pairs.length % 2 !== 0) throw decodeFailed('pickle', 'a dict key without value');
  if (target instanceof PyDict) pushAll(target.pairs, pairs);
  else if (target instanceof PyCall) pushAll((target.pairs ??= []), pairs);
  else throw decodeFailed('pickle', 'entries added to something that is no dict');
  return target;
}

/** Not `push(...items)`: a million arguments would overflow the call stack. */
function pushAll(target: Node[], items: readonly Node[]): void {
  for (const item of items) target.push(item);
}
