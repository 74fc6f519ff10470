import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const bundled = fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));

/**
 * The Python that has Celery, or undefined. `npm run python-peer` makes it in `.venv`; `WORKERTOOLBOX_PYTHON` names
 * another.
 */
export function celeryPython(): string | undefined {
  return process.env.WORKERTOOLBOX_PYTHON ?? (existsSync(bundled) ? bundled : undefined);
}

/** The reason a test without the Python peer is skipped with. In CI this is a failure. */
export const NO_PYTHON = 'needs a Python with Celery: run `npm run python-peer`';
