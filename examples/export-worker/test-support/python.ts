import { execFile } from 'node:child_process';
import { describe } from 'vitest';
import { celeryPython, NO_PYTHON } from '../../../test/support/python.js';

const python = celeryPython();

/** A group of tests that reads with Python; without one it is skipped, and says why. */
export function describeWithPython(name: string, tests: () => void): void {
  if (python === undefined) describe.skip(`${name} (${NO_PYTHON})`, tests);
  else describe(name, tests);
}

/** What the readers of others see: runs Python `code`, which prints JSON; `argument` is `sys.argv[1]`. */
export function readWithPython<T>(code: string, argument: string): Promise<T> {
  if (python === undefined) return Promise.reject(new Error(NO_PYTHON));
  return new Promise((resolve, reject) => {
    execFile(python, ['-c', code, argument], { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (error === null) resolve(JSON.parse(stdout) as T);
      else reject(new Error(`${error.message}\n${stderr}`));
    });
  });
}
