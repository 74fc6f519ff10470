import type { Command } from 'commander';
import type { GlobalOptions } from './global-options.js';
import { names, seconds } from './values.js';

/** Whom a command is for, and how its answers are printed. */
export interface RemoteFlags extends GlobalOptions {
  readonly destination?: readonly string[];
  readonly timeout: number;
  readonly json?: boolean;
}

export const addRemoteOptions = (command: Command): Command =>
  command
    .option('-d, --destination <nodes>', 'only these nodes, separated by commas', names)
    .option('-t, --timeout <seconds>', 'how long to wait for the next answer', seconds, 1)
    .option('-j, --json', 'print JSON');
