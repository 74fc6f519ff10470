import pc from 'picocolors';
import type { Environment } from '../toolbox/index.js';

export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** What a command may touch of the process it runs in. */
export interface CliContext {
  readonly out: Output;
  readonly err: Output;
  readonly env: Environment;
}

export type Colours = ReturnType<typeof pc.createColors>;

/** Colours on a terminal only, and not when NO_COLOR is set. */
export const coloursFor = (output: Output, env: Environment): Colours =>
  pc.createColors(output.isTTY === true && !env.NO_COLOR);
