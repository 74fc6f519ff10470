import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { FORMS, type Form } from './forms.js';
import { type Broker, type Results, site } from './place.js';
import { type Language, type Queue, System } from './system.js';
import type { Ran } from './tasks.js';

/** Who sends, and to which queue. */
const FLOWS: readonly { readonly from: Language; readonly queue: Queue }[] = [
  { from: 'python', queue: 'ts' },
  { from: 'typescript', queue: 'py' },
  { from: 'python', queue: 'both' },
  { from: 'typescript', queue: 'both' },
  { from: 'python', queue: 'twice' },
  { from: 'typescript', queue: 'twice' },
];

/** Every form in every flow on one broker and one result store; all of them at once. */
export async function exercise(broker: Broker, results: Results, missing?: string): Promise<void> {
  const reason = missing ?? (celeryPython() === undefined ? NO_PYTHON : undefined);
  if (reason !== undefined) {
    describe.skip(`${broker} and ${results} (${reason})`, () => it('runs forms', () => {}));
    return;
  }
  const place = await site(broker, results);
  describe(`workflows over ${broker}, results in ${results}`, () => {
    const cases = FLOWS.flatMap((flow) =>
      FORMS.filter((form) => possible(form, results, flow.queue)).map((form) => ({ ...flow, form })),
    );
    const tags = new Map<(typeof cases)[number], string>();
    let system: System;
    let close: () => Promise<void>;
    beforeAll(async () => {
      const opened = await place.open();
      close = () => opened.close();
      system = await System.start(opened);
      for (const one of cases) tags.set(one, await system.send(one.from, one.queue, one.form));
    }, 120_000);
    afterAll(async () => {
      await system.close();
      await close();
    });

    it.concurrent.each(cases.map((one) => ({ ...one, one, called: one.form.name })))(
      '$called, from $from to $queue',
      async ({ one, from, form }) => {
        const tag = tags.get(one) ?? '';
        const { value, before } = await system.outcome(from, tag);
        expect(form.unordered ? sorted(value) : value).toEqual(
          form.unordered ? sorted(form.value) : form.value,
        );
        if (form.before) expect(before).toEqual(form.before);
        checkRuns(form, await system.runs(tag, runCount(form)));
      },
      60_000,
    );

    it(`nothing ran more often than it should, in ${cases.length} cases: ${new Set(cases.map(({ form }) => form)).size} forms in ${FLOWS.length} flows`, async () => {
      await system.stopWorkers();
      for (const [{ form }, tag] of tags) checkRuns(form, await system.runs(tag));
    }, 60_000);
  });
}

/**
 * Chords need a store that workers can look into; only stores that count know how to add to them, in both languages. What
 * Python's worker falls short of, only ours is asked for.
 */
function possible(form: Form, results: Results, queue: Queue): boolean {
  const { chord = false, counted = false, hangsInPython = false, replaces = false } = form;
  if (results === 'redis') return isOurs(queue) || !hangsInPython;
  if (results === 'postgres') return !counted;
  return !chord && !counted && (isOurs(queue) || !replaces);
}

/** No Python worker has a part in it. */
const isOurs = (queue: Queue): boolean => queue === 'ts' || queue === 'twice';

const sorted = (value: unknown): unknown => (Array.isArray(value) ? [...(value as number[])].sort() : value);
const timesOf = ({ times = {} }: Form, label: string): number => times[label] ?? 1;
const runCount = (form: Form): number =>
  Object.keys(form.runs).reduce((sum, label) => sum + timesOf(form, label), 0);

/** Each label as often as it should, below the parent it should have, and in its family. */
function checkRuns(form: Form, ran: readonly Ran[]): void {
  const counts: Record<string, number> = {};
  for (const { label } of ran) counts[label] = (counts[label] ?? 0) + 1;
  expect(counts).toEqual(
    Object.fromEntries(Object.keys(form.runs).map((label) => [label, timesOf(form, label)])),
  );
  const idsOf = (label: string): readonly (string | null)[] =>
    ran.filter((one) => one.label === label).map(({ id }) => id);
  for (const one of ran) {
    const parent = form.runs[one.label];
    const known = ran.find(({ id }) => id === one.parent);
    const at = `${one.label} of ${JSON.stringify(ran)}`;
    if (parent === null) expect(one.parent === null || one.parent === one.id, at).toBe(true);
    else if (typeof parent === 'string') expect(idsOf(parent), at).toContain(one.parent);
    // Python's parent of a body is, over a database, the task that watched the chord.
    else if (known !== undefined) expect(parent?.flatMap(idsOf), at).toContain(one.parent);
    if (typeof parent === 'string' && known?.root !== undefined && one.root !== undefined)
      expect(one.root, at).toBe(known.root);
    const stamps = form.stamps?.[one.label];
    if (stamps) expect(one.stamps).toEqual(stamps);
  }
}
