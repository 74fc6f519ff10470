import { randomUUID } from 'node:crypto';

/** A new task id: a random UUID (version 4), as Celery makes them. */
export const newId = (): string => randomUUID();
