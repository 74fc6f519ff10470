import { LegacyText, type Node, PyCall, PyGlobal, PyTuple } from './nodes.js';

export interface Identity {
  readonly module: string;
  readonly qualname: string;
  readonly args: readonly Node[];
  /** What is called, when it is itself the outcome of a call that stays unknown. */
  readonly bound?: PyCall;
}

/** Modules that have other names in Python 2. */
const MODULES: ReadonlyMap<string, string> = new Map([
  ['__builtin__', 'builtins'],
  ['exceptions', 'builtins'],
  ['copy_reg', 'copyreg'],
]);

/** What a call makes, under Python 3's names, with the detours taken out that pickle makes to construct objects. */
export function identify(call: PyCall): Identity {
  const { callee, args } = call;
  if (callee instanceof PyCall) return identifyBound(callee, args);
  const { module, qualname } = nameOf(callee);
  const [made, base, value = null] = args;
  if (module === 'copyreg' && qualname === '_reconstructor' && made instanceof PyGlobal) {
    // copyreg._reconstructor(cls, base, value): how protocols 0 and 1 construct. Later ones call cls(*value) or cls(value).
    const fromObject = base instanceof PyGlobal && base.qualname === 'object';
    return { ...nameOf(made), args: fromObject ? [] : value instanceof PyTuple ? value.items : [value] };
  }
  return { module, qualname, args };
}

/** `getattr(ZoneInfo, '_unpickle')(key, from_cache)` is how a ZoneInfo is pickled; any other bound call stays unknown. */
function identifyBound(callee: PyCall, args: readonly Node[]): Identity {
  const inner = identify(callee);
  const [owner, attribute] = inner.args;
  const isGetattr = inner.module === 'builtins' && inner.qualname === 'getattr';
  if (isGetattr && owner instanceof PyGlobal && text(attribute) === '_unpickle')
    return { ...nameOf(owner), args };
  return { module: inner.module, qualname: `${inner.qualname}()`, args, bound: callee };
}

const nameOf = ({ module, qualname }: PyGlobal): { module: string; qualname: string } => ({
  module: MODULES.get(module) ?? module,
  qualname,
});

/** Text of either Python; undefined for anything else. */
export function text(node: Node | undefined): string | undefined {
  if (node instanceof LegacyText) return Buffer.from(node.bytes).toString('latin1');
  return typeof node === 'string' ? node : undefined;
}
