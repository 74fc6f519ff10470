/**
 * A Python exception out of a pickle, as data: `module.qualname(*args)`. Nothing is imported or constructed by these
 * names. Classes that are not Python's, Celery's or billiard's own come as `OpaqueObject`, with the same three fields.
 */
export class PickledException {
  /** `builtins` for Python's own, whichever Python wrote it. */
  readonly module: string;
  readonly qualname: string;
  readonly args: readonly unknown[];
  /** The instance's further attributes, when it has some. */
  readonly state: unknown;
  constructor(module: string, qualname: string, args: readonly unknown[], state: unknown = null) {
    this.module = module;
    this.qualname = qualname;
    this.args = args;
    this.state = state;
  }
}
