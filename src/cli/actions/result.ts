import { maskUrl } from '../../base/index.js';
import { appFrom } from '../app-from.js';
import type { CliContext } from '../context.js';
import { CommandFailed } from '../failure.js';
import type { GlobalOptions } from '../options/global-options.js';
import { printJson } from '../output.js';
import { failureOf, printState, resultData } from '../show-result.js';

export interface ResultFlags extends GlobalOptions {
  readonly wait?: boolean;
  readonly timeout?: number;
  readonly traceback?: boolean;
  readonly json?: boolean;
}

export async function runResult(id: string, flags: ResultFlags, context: CliContext): Promise<void> {
  const { wait, timeout, traceback, json } = flags;
  const app = await appFrom(flags);
  try {
    const result = app.asyncResult(id);
    if (wait) await result.get({ propagate: false, ...(timeout !== undefined && { timeout }) });
    const meta = await result.result();
    if (json) {
      const { unreadable: _, traceback: raw, ...stored } = meta;
      printJson(context, {
        ...stored,
        result: resultData(meta),
        traceback: raw === null ? null : maskUrl(raw),
      });
    } else {
      printState(context, meta);
      if (traceback && meta.traceback !== null) context.out.write(`${maskUrl(meta.traceback).trimEnd()}\n`);
    }
    if (failureOf(meta) !== undefined) throw new CommandFailed();
  } finally {
    await app.close();
  }
}
