import type { App } from '../../app/index.js';
import type { Clock, Logger } from '../../base/index.js';
import type { EventDispatcher } from '../../remote/index.js';
import type { Neighbours } from '../neighbours/neighbours.js';
import type { Worker } from '../worker.js';

/** What a command may ask and do. */
export interface CommandContext {
  readonly app: App;
  readonly worker: Worker;
  readonly events: EventDispatcher | undefined;
  readonly neighbours: Neighbours;
  readonly logger: Logger;
  readonly clock: Clock;
}

export type CommandArguments = Readonly<Record<string, unknown>>;

/** A command of remote control, under Celery's name. */
export interface Command {
  readonly name: string;
  /** An older name that is still answered. */
  readonly alias?: string;
  /** `inspect` asks, `control` changes something and is logged. */
  readonly kind: 'inspect' | 'control';
  readonly help: string;
  /** Arguments as the command line takes them. */
  readonly signature?: string;
  /** Their names and types, in order; the last may take all the rest. */
  readonly args?: readonly (readonly [name: string, read: (text: string) => unknown])[];
  readonly variadic?: string;
  /** Not offered on the command line. */
  readonly hidden?: boolean;
  readonly run: (args: CommandArguments, context: CommandContext) => unknown;
}

export const ok = (text: string): { readonly ok: string } => ({ ok: text });
export const nok = (text: string): { readonly error: string } => ({ error: text });

/** An error that is answered as Python's of that type. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly excModule = 'builtins';
  readonly excType: 'ValueError' | 'TypeError' | 'KeyError';
  readonly excArgs: readonly unknown[];

  constructor(excType: CommandError['excType'], message: string) {
    super(message);
    this.excType = excType;
    this.excArgs = [message];
  }
}
