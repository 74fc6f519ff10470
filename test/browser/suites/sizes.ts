import { describe, expect, it } from 'vitest';
import type { Stage } from '../support/stage.js';
import { Visit } from '../support/visit.js';

/** One JSON line for each figure, as the programs of bench and chaos print them. */
const tell = (figure: string, milliseconds: number, more: object = {}): void =>
  console.log(JSON.stringify({ figure, milliseconds: Math.round(milliseconds), ...more }));

export function sizeTests(stage: Stage): void {
  describe('sizes', () => {
    it('D4: keeps a task with huge arguments and result a small document', async () => {
      const visit = await Visit.open(stage.browser, stage.system.url);
      for (const tab of ['arguments', 'result', 'raw']) {
        const started = performance.now();
        await visit.go(`/task/${stage.system.ids.huge}?tab=${tab}`);
        const elements = await visit.elements();
        tell(`D4 ${tab}`, performance.now() - started, { elements });
        expect(elements).toBeLessThan(5000);
      }
      await visit.close();
    });

    it.each([1000, 10_000])('D5: draws a family of %i tasks', async (size) => {
      const root = `family-${size}`;
      await stage.system.rows(
        `INSERT INTO tasks_backgroundtask (id, task_id, type, created_date, input, options, parent_id, root_id)
         SELECT left(md5($1 || n), 24), CASE n WHEN 0 THEN $1 ELSE $1 || '-' || n END, 'export.step' || (n / 7) % 40, now(), '{"args": [], "kwargs": {}}', '{}',
           CASE WHEN n = 0 THEN NULL WHEN n < 8 THEN $1 ELSE $1 || '-' || (n / 8) END, $1 FROM generate_series(0, $2::int - 1) n`,
        root,
        size,
      );
      const visit = await Visit.open(stage.browser, stage.system.url);
      await visit.go('/');
      const started = performance.now();
      await visit.page.evaluate(
        `history.pushState(null, '', '/tree/${root}'); dispatchEvent(new PopStateEvent('popstate'))`,
      );
      await visit.page.locator('.graph .node').first().waitFor();
      tell(`D5 ${size}`, performance.now() - started, { elements: await visit.elements() });
      expect(await visit.elements()).toBeLessThan(5000);
      expect(await visit.page.locator('.family-progress').innerText()).toContain(size.toLocaleString('en'));
      await visit.shot(`family-${size}`);
      await visit.close();
    });
  });
}
