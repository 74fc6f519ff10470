import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execute, freshDatabase } from '../../support/postgres.js';
import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { familyCases } from './cases/canvas.js';
import { FLOWS, type Flow } from './cases/flow.js';
import { outcomeCases } from './cases/outcomes.js';
import { sharedCases } from './cases/shared.js';
import { timeCases } from './cases/time.js';
import { valueCases } from './cases/values.js';
import type { Place } from './support/place.js';
import { System, type SystemOptions } from './support/system.js';

/** Cases that hold for each direction. */
export const ALL_CASES = [valueCases, outcomeCases, timeCases, familyCases] as const;

export interface Exercise extends SystemOptions {
  readonly place: () => Promise<Place>;
  /** The broker carries every property of a message, not only AMQP's own. */
  readonly anyProperty: boolean;
  /** Default: every direction, every case, and what both workers do together. */
  readonly flows?: typeof FLOWS;
  readonly cases?: readonly ((flow: Flow) => void)[];
  readonly shared?: boolean;
  /** Why it cannot run here. */
  readonly missing?: string | undefined;
}

/** The cases, in every direction, on one broker. */
export async function exercise(name: string, options: Exercise): Promise<void> {
  const { place, anyProperty, missing, flows = FLOWS, cases = ALL_CASES, shared = true } = options;
  const reason = missing ?? (celeryPython() === undefined ? NO_PYTHON : undefined);
  if (reason !== undefined) {
    describe.skip(`${name} (${reason})`, () => {
      it('runs beside Python', () => {});
    });
    return;
  }
  const database = await freshDatabase();
  describe(name, () => {
    let running: System | undefined;
    const system = (): System => {
      if (running === undefined) throw new Error('the system is started before the cases');
      return running;
    };
    beforeAll(async () => {
      running = await System.start(await place(), database, options);
    });
    afterAll(() => running?.close());

    for (const parts of flows) {
      const flow: Flow = { ...parts, system, anyProperty, older: options.older === true };
      const sender = parts.from === 'python' ? 'Python' : 'TypeScript';
      const worker = { ts: 'a TypeScript worker', py: 'a Python worker', both: 'both workers' }[parts.at];
      describe.concurrent(`${sender} sends to ${worker}`, () => {
        for (const each of cases) each(flow);
      });
    }
    if (shared) sharedCases(system, anyProperty);

    it('leaves nothing behind', async () => {
      expect(await system().stopWorkers()).toBe(0);
      const ids = ['none', ...system().ignored].map((id) => `'${id}'`).join();
      expect(await rowsOf(`SELECT task_id, status FROM celery_taskmeta WHERE task_id IN (${ids})`)).toEqual(
        [],
      );
      expect(await rowsOf('SELECT task_name, reason FROM workertoolbox.quarantine')).toEqual([]);
    });
  });
  const rowsOf = async (query: string): Promise<readonly unknown[]> => (await execute(database, query)).rows;
}
