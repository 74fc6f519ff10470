import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { celeryPython } from '../../support/python.js';

export interface Question {
  readonly schedule: Readonly<Record<string, unknown>>;
  readonly zone: string;
  readonly last: number;
  readonly now: number;
  readonly deadline?: number;
}

export interface Answer {
  readonly error?: string;
  readonly message?: string;
  /** Milliseconds. */
  readonly remaining: number;
  readonly due: boolean;
  readonly then: number;
}

const script = fileURLToPath(new URL('./schedules.py', import.meta.url));

/** What Python's Celery answers, in one process. */
export function askPython(questions: readonly Question[]): readonly Answer[] {
  const input = questions.map((question) => JSON.stringify(question)).join('\n');
  const out = execFileSync(celeryPython() ?? 'python3', [script], { input, maxBuffer: 1 << 28 });
  return out
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}
