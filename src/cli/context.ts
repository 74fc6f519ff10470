import pc from 'picocolors';
import type { Environment } from '../toolbox/index.js';

/** What a command may touch of the process it runs in. */
export interface CliContext {
  readonly out: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly env: Environment;
}

export type Colours = ReturnType<typeof pc.createColors>;

/** Colours on a terminal only, and not when NO_COLOR is set. */
export const coloursFor = ({ out, env }: CliContext): Colours =>
  pc.createColors(out.isTTY === true && !env.NO_COLOR);
