import { expect, it } from 'vitest';
import { execute } from '../../../support/postgres.js';
import { idsOf } from '../support/plan.js';
import { HELD_HERE, type Language, type System } from '../support/system.js';
import { type Flow, failed, succeeded } from './flow.js';

/** What both workers do together; to be run when nothing else runs. */
export function sharedCases(system: () => System, anyProperty: boolean): void {
  const flowFrom = (from: Language): Flow => ({
    from,
    at: 'both',
    other: 'both',
    system,
    anyProperty,
    older: false,
  });

  it('lets both workers share a queue, each task run once', async () => {
    const count = 20;
    const sent = await Promise.all(
      Array.from({ length: count }, (_, n) =>
        system().send(n % 2 === 0 ? 'python' : 'typescript', { task: 'both.hold' }),
      ),
    );
    const ids = sent.flatMap(idsOf);
    let done = 0;
    const results = ids.map(async (id) => {
      const lang = await succeeded<Language>(flowFrom('python'), id);
      done += 1;
      // Ours holds what it has until the other has run everything else.
      if (done === count - HELD_HERE) system().gate.open();
      return lang;
    });
    const langs = await Promise.all(results);
    const ours = langs.filter((lang) => lang === 'typescript').length;
    expect(ours).toBeGreaterThan(0);
    expect(ours).toBeLessThanOrEqual(HELD_HERE);
    const { rows } = await execute(
      system().database,
      `SELECT task_id FROM state_history WHERE status = 'SUCCESS' AND task_id IN (${ids.map((id) => `'${id}'`).join()})`,
    );
    expect(rows).toHaveLength(count);
  });

  it('has chords watched by the Python worker as well', async () => {
    await system().unlockAtPython();
    for (const [header, body] of [
      ['ts', 'ts'],
      ['ts', 'py'],
      ['py', 'ts'],
    ] as const) {
      const result = await system().send('python', {
        header: [
          { task: `${header}.add`, args: [1, 1] },
          { task: `${header}.echo`, args: [3] },
        ],
        body: { task: `${body}.total`, options: { queue: body } },
      });
      const [id = ''] = idsOf(result);
      await system().pythonWorker.said('unlock', { body: id });
      expect(await succeeded(flowFrom('python'), id)).toBe(5);
      expect(system().unlockedHere.has(id)).toBe(false);
    }
  });

  it('lets the Python worker see that a part of ours has failed', async () => {
    const result = await system().send('python', {
      header: [
        { task: 'ts.add', args: [1, 1] },
        { task: 'ts.fail', args: ['KeyError', 'k', 1] },
      ],
      body: { task: 'ts.total', options: { queue: 'ts' } },
    });
    await failed(flowFrom('python'), idsOf(result)[0] ?? '', {
      type: 'ChordError',
      module: 'celery.exceptions',
      args: ["KeyError('k', 1)"],
    });
  });
}
