import type { ResultBackendFactory } from '../result-backend.js';
import { MemoryResultBackend } from './memory-result-backend.js';

export { MemoryResultBackend } from './memory-result-backend.js';

/** For `memory://` (and Celery's `cache+memory://`). */
export const createMemoryResultBackend: ResultBackendFactory = async (context) =>
  new MemoryResultBackend(context);
