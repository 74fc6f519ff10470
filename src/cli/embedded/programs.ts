import { type Deferred, deferred, ToolboxError } from '../../base/index.js';
import { type ProgramEvent, type ProgramOptions, ProgramProcess } from './program-process.js';

export interface ProgramsOptions {
  /** Commands to run: `sync-tasks`, `worker`. */
  readonly names: readonly string[];
  /** The arguments of each. */
  readonly args: (name: string) => readonly string[];
  readonly env: ProgramOptions['env'];
  readonly onLine: (name: string, line: string) => void;
  readonly onEvent: (name: string, event: ProgramEvent) => void;
}

/** The programs that work on an embedded system, side by side. */
export class Programs {
  readonly #processes: readonly ProgramProcess[];
  readonly #ready: ReadonlyMap<string, Deferred<void>>;
  readonly #failed = new AbortController();

  constructor({ names, args, env, onLine, onEvent }: ProgramsOptions) {
    this.#ready = new Map(names.map((name) => [name, deferred<void>()]));
    this.#processes = names.map((name) => {
      let last = '';
      return new ProgramProcess({
        args: args(name),
        env,
        onLine: (line) => {
          last = line;
          onLine(name, line);
        },
        onEvent: (event) => {
          onEvent(name, event);
          if (event.kind === 'ready') this.#ready.get(name)?.resolve();
          if (event.kind === 'given up') this.#failed.abort(cannotRun(name, event.how, last));
        },
      });
    });
  }

  /** Resolves when all of them work. */
  get ready(): Promise<unknown> {
    return Promise.all([...this.#ready.values()].map(({ promise }) => promise));
  }

  /** Aborts with EMBEDDED_FAILED when one of them cannot run and another start would not help. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  /** Ends them all. What is published meanwhile waits in the platform queue for the next start. */
  async stop(signal?: 'SIGTERM' | 'SIGQUIT'): Promise<void> {
    await Promise.all(this.#processes.map((one) => one.stop(signal)));
  }
}

const cannotRun = (name: string, how: string, last: string): ToolboxError =>
  new ToolboxError(
    'EMBEDDED_FAILED',
    `${name} cannot run (${how}): ${last.replace(/^workertoolbox: /, '') || 'it said nothing'}`,
    { fields: { program: name } },
  );
