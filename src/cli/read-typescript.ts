import * as modules from 'node:module';
import { ToolboxError } from '../base/index.js';
import { resolve } from './typescript-hook.js';

/**
 * Makes `import` read TypeScript, with tsx: Node's own reader, from 22.18 on, does not find `./tasks.ts` for
 * `./tasks.js`, which is how TypeScript wants it written. Without tsx that reader has to do; resolves then with the
 * advice for when it does not.
 *
 * @throws DRIVER_MISSING when neither is there.
 */
export async function readTypeScript(): Promise<string | undefined> {
  try {
    // The paths of a tsconfig would give the app another copy of this package than the command line's own.
    (await import('tsx/esm/api')).register({ tsconfig: false });
  } catch (cause) {
    if ('typescript' in process.features && process.features.typescript)
      return 'Node reads this TypeScript by itself; with tsx more is understood: npm install tsx';
    throw new ToolboxError(
      'DRIVER_MISSING',
      'this Node cannot read TypeScript by itself: run `npm install tsx`, or compile the app',
      { cause },
    );
  }
  if ('registerHooks' in modules) {
    const registerHooks = modules.registerHooks as (hooks: { resolve: typeof resolve }) => void;
    registerHooks({ resolve });
  } else {
    modules.register('./typescript-hook.js', import.meta.url);
  }
  return undefined;
}
