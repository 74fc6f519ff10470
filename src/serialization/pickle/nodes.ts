/**
 * What the opcodes of a pickle say, before anything is made of it. Containers keep their identity, so that shared and
 * recursive parts stay shared and recursive.
 */
export type Node = null | boolean | number | bigint | string | Uint8Array | LegacyText | Container;

export type Container = PyList | PyTuple | PyDict | PySet | PyGlobal | PyCall;

/** Size of what a container would be when written out in full. */
export interface Measure {
  /** Levels of nesting, this one included. */
  readonly height: number;
  readonly values: number;
  /** Of texts and bytes. */
  readonly bytes: number;
}

/** A Python 2 `str`: bytes, or text, or both; only its use tells. */
export class LegacyText {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

export class PyList {
  readonly kind = 'list';
  measure: Measure | undefined;
  value: unknown[] | undefined;
  readonly items: Node[] = [];
}

export class PyTuple {
  readonly kind = 'tuple';
  measure: Measure | undefined;
  value: unknown[] | undefined;
  readonly items: readonly Node[];
  constructor(items: readonly Node[]) {
    this.items = items;
  }
}

export class PyDict {
  readonly kind = 'dict';
  measure: Measure | undefined;
  value: object | undefined;
  /** Key, value, key, value, ... */
  readonly pairs: Node[] = [];
}

export class PySet {
  readonly kind = 'set';
  measure: Measure | undefined;
  value: Set<unknown> | undefined;
  readonly items: Node[] = [];
}

/** The name of a class or function. Never looked up. */
export class PyGlobal {
  readonly kind = 'global';
  measure: Measure | undefined;
  value: unknown;
  readonly module: string;
  readonly qualname: string;
  constructor(module: string, qualname: string) {
    this.module = module;
    this.qualname = qualname;
  }
}

/** A call or construction the pickle asks for, with everything it would do to the result. Never carried out. */
export class PyCall {
  readonly kind = 'call';
  measure: Measure | undefined;
  value: unknown;
  readonly callee: PyGlobal | PyCall;
  readonly args: readonly Node[];
  /** Keyword arguments of the construction. */
  readonly kwargs: Node;
  /** Attributes set afterwards. */
  state: Node = null;
  /** Members appended afterwards. */
  items: Node[] | undefined;
  /** Entries set afterwards: key, value, ... */
  pairs: Node[] | undefined;
  constructor(callee: PyGlobal | PyCall, args: readonly Node[], kwargs: Node = null) {
    this.callee = callee;
    this.args = args;
    this.kwargs = kwargs;
  }
}

export const isContainer = (node: Node | undefined): node is Container =>
  typeof node === 'object' && node !== null && 'kind' in node;
