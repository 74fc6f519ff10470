import { Decimal, OpaqueObject, TimeDelta, Uuid } from '../../base/index.js';
import { PickledException } from '../pickled-exception.js';
import { isDecimalText, uuidText } from '../python-number.js';
import { ResultReference } from '../result-reference.js';
import type { Construction, Constructor, NodeReader } from './construction.js';
import { readDate, readDateTime, readTime } from './date-bytes.js';
import { text } from './identify.js';
import { LegacyText, type Node, PyCall, PyDict, PyList, PySet, PyTuple } from './nodes.js';

/** The allow-list: everything a pickle can make us build, by Python 3's names. None of it runs code from the data. */
export const CONSTRUCTORS: ReadonlyMap<string, Constructor> = new Map<string, Constructor>([
  ['datetime.datetime', readDateTime],
  ['datetime.date', readDate],
  ['datetime.time', readTime],
  ['datetime.timedelta', timeDelta],
  ['decimal.Decimal', decimal],
  ['uuid.UUID', uuid],
  ['builtins.set', (made, from) => sequence(made.args[0], from, (items) => new Set(items))],
  ['builtins.frozenset', (made, from) => sequence(made.args[0], from, (items) => new Set(items))],
  ['builtins.bytearray', (made) => latin1(made.args[0])],
  ['builtins.bytes', (made) => latin1(made.args[0])],
  ['_codecs.encode', (made) => (text(made.args[1]) === 'latin1' ? latin1(made.args[0]) : undefined)],
  ['collections.OrderedDict', dictionary],
  ['collections.Counter', dictionary],
  ['collections.defaultdict', (made, from) => from.readPairs(made.pairs ?? [])],
  ['collections.deque', deque],
  [
    'celery.canvas.signature',
    (made, from) => (made.args[0] instanceof PyDict ? from.read(made.args[0]) : undefined),
  ],
  ['celery.utils.serialization.UnpickleableExceptionWrapper', wrappedException],
  ['celery.app.base._unpickle_appattr', appAttribute],
  ['celery.result.AsyncResult', (made, from) => taskResult(made.args, from)],
  ['celery.result.GroupResult', (made, from) => groupResult(made.args, from)],
  // Its arguments are the URL of the result store, password included: dropped.
  ['celery.backends.base.unpickle_backend', (made) => new OpaqueObject(made.module, made.qualname)],
]);

const BUILTIN_EXCEPTION = /(?:Error|Exception|Warning|Iteration|Exit|Interrupt|Group)$/;
const EXCEPTION_MODULES: ReadonlySet<string> = new Set([
  'celery.exceptions',
  'billiard.exceptions',
  'kombu.exceptions',
]);

/** True for the exception classes of Python, Celery, kombu and billiard. */
export const isException = (module: string, qualname: string): boolean =>
  EXCEPTION_MODULES.has(module) || (module === 'builtins' && BUILTIN_EXCEPTION.test(qualname));

function timeDelta({ args }: Construction): TimeDelta | undefined {
  const [days = 0, seconds = 0, microseconds = 0] = args;
  if (typeof days !== 'number' || typeof seconds !== 'number' || typeof microseconds !== 'number')
    return undefined;
  return new TimeDelta(days, seconds, microseconds);
}

function decimal({ args }: Construction): Decimal | undefined {
  const digits = text(args[0]);
  return digits !== undefined && isDecimalText(digits) ? new Decimal(digits) : undefined;
}

function uuid({ args, state }: Construction): Uuid | undefined {
  let hex = text(args[0]);
  if (state instanceof PyDict) {
    const at = state.pairs.findIndex((key, index) => index % 2 === 0 && text(key) === 'int');
    const value = state.pairs[at + 1];
    if (typeof value === 'number' || typeof value === 'bigint') hex = value.toString(16).padStart(32, '0');
  }
  const dashed = hex === undefined ? undefined : uuidText(hex);
  return dashed === undefined ? undefined : new Uuid(dashed);
}

function sequence<T>(node: Node | undefined, from: NodeReader, make: (items: unknown[]) => T): T | undefined {
  if (node === undefined) return make([]);
  if (!(node instanceof PyList || node instanceof PyTuple || node instanceof PySet)) return undefined;
  return make(node.items.map((item) => from.read(item)));
}

/** Bytes as protocols 0 to 2 write them: text whose characters are the bytes. */
function latin1(node: Node | undefined): Uint8Array | undefined {
  if (node === undefined) return new Uint8Array();
  if (node instanceof Uint8Array) return node;
  if (node instanceof LegacyText) return new Uint8Array(node.bytes);
  if (node instanceof PyCall && node.callee.kind === 'global' && node.callee.module === '_codecs')
    return latin1(node.args[0]);
  if (typeof node !== 'string' || /[^\u0000-\u00ff]/.test(node)) return undefined;
  return new Uint8Array(Buffer.from(node, 'latin1'));
}

/** OrderedDict() with entries added, or the older OrderedDict([[key, value], ...]); Counter({...}). */
function dictionary({ args, pairs = [] }: Construction, from: NodeReader): unknown {
  const [given] = args;
  if (given instanceof PyDict) return from.readPairs([...given.pairs, ...pairs]);
  if (!(given instanceof PyList)) return from.readPairs(pairs);
  const flat = given.items.flatMap((item) =>
    (item instanceof PyList || item instanceof PyTuple) && item.items.length === 2 ? item.items : [],
  );
  return flat.length === given.items.length * 2 ? from.readPairs([...flat, ...pairs]) : undefined;
}

/** (module, class, args, text): what Celery pickles in place of an exception that does not pickle. */
function wrappedException({ args }: Construction, from: NodeReader): PickledException | undefined {
  const [module, qualname] = [text(args[0]), text(args[1])];
  const given = from.read(args[2] ?? null);
  if (module === undefined || qualname === undefined || !Array.isArray(given)) return undefined;
  return new PickledException(module, qualname, given);
}

function deque({ args, items = [] }: Construction, from: NodeReader): unknown[] | undefined {
  return sequence(args[0], from, (first) => [...first, ...items.map((item) => from.read(item))]);
}

/** How Celery pickles its result objects: the name of an attribute of the app, and arguments for it. */
function appAttribute({ args }: Construction, from: NodeReader): ResultReference | OpaqueObject | undefined {
  const [name, given] = args;
  const inner = given instanceof PyTuple ? given.items : [];
  if (text(name) === 'AsyncResult') return taskResult(inner, from);
  if (text(name) === 'GroupResult') return groupResult(inner, from);
  // Arguments of others may hold the result store's URL as well.
  return new OpaqueObject('celery.app.base', '_unpickle_appattr', [text(name) ?? null]);
}

/** (id, backend, task name, app, parent). */
function taskResult(args: readonly Node[], from: NodeReader): ResultReference | undefined {
  const id = text(args[0]);
  const parent = args[4] === undefined ? null : from.read(args[4]);
  if (id === undefined) return undefined;
  return new ResultReference('AsyncResult', id, [], parent instanceof ResultReference ? parent : null);
}

/** (id, members). */
function groupResult(args: readonly Node[], from: NodeReader): ResultReference | undefined {
  const id = text(args[0]);
  const members = args[1] === undefined ? undefined : from.read(args[1]);
  if (id === undefined || !Array.isArray(members)) return undefined;
  const children = members.filter((member) => member instanceof ResultReference);
  return new ResultReference('GroupResult', id, children);
}
