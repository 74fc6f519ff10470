import { PHASES, type Phase } from '../views/index.js';
import { attemptCondition } from './attempt-condition.js';
import { type Expressions, TYPE } from './expressions.js';
import { likeLiteral } from './parameters.js';

export const isPhase = (text: string): text is Phase => (PHASES as readonly string[]).includes(text);

/** Celery's states and our phases, any of them. */
export function stateCondition(wanted: readonly string[], sql: Expressions): string {
  const states = wanted.filter((one) => !isPhase(one)).map((one) => one.toUpperCase());
  const phases = wanted.filter(isPhase);
  const any = [
    ...(states.length > 0 ? [sql.inStates(states)] : []),
    ...phases.map((phase) => sql.inPhase(phase)),
  ];
  return `(${any.join(' OR ')})`;
}

/** A name, or its beginning (`export.*`). */
export const typeCondition = (type: string, sql: Expressions): string =>
  type.endsWith('*')
    ? `${TYPE} LIKE ${sql.parameters.add(`${likeLiteral(type.slice(0, -1))}%`)}`
    : `${TYPE} = ${sql.parameters.add(type)}`;

export function workerCondition(worker: string, sql: Expressions): Promise<string> {
  const { shape, parameters } = sql;
  if (shape.attempts) return attemptCondition((add) => `w.worker = ${add(worker)}`, sql);
  return Promise.resolve(
    shape.resultColumns.has('worker') ? `r.worker = ${parameters.add(worker)}` : 'false',
  );
}
