import { describe, expect, it } from 'vitest';
import type { Stage } from '../support/stage.js';
import { Visit } from '../support/visit.js';

export function keyboardTests(stage: Stage): void {
  describe('by keyboard only', () => {
    it('goes everywhere, walks a list, selects, opens, acts and comes back', async () => {
      const visit = await Visit.open(stage.browser, stage.system.url);
      const { page } = visit;
      const press = (...keys: string[]) =>
        keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
      const focusedRow = (): Promise<string | undefined> =>
        page.evaluate("document.activeElement.closest('[data-row]')?.dataset.row");
      await visit.go('/');
      for (const [key, heading] of [
        ['q', 'Queues'],
        ['w', 'Workers'],
        ['s', 'Schedules'],
        ['d', 'Quarantine'],
        ['o', 'Overview'],
        ['t', 'Tasks'],
      ] as const) {
        await press('g', key);
        await page.getByRole('heading', { level: 1, name: heading }).waitFor();
      }
      await visit.settled();
      const ids = await page
        .locator('tr[data-row]')
        .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-row')));
      await press('j', 'j', 'j', 'k');
      expect(await focusedRow()).toBe(ids[1]);
      await press('x', 'j', 'j', 'Shift+X');
      await page.getByText('3 selected').waitFor();
      await press('r');
      await page.getByRole('dialog', { name: 'Send again' }).waitFor();
      await press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await press('v');
      await page.getByRole('dialog', { name: 'Revoke' }).waitFor();
      await press('Escape');
      await press(']');
      await page.waitForURL(/cursor=/);
      await press('[');
      await press('/');
      await page.keyboard.type('simplify');
      await press('Enter');
      await page.waitForURL(/q=simplify/);
      await press('Escape', 'j', 'Enter');
      await page.waitForURL(/\/task\//);
      await page.getByRole('tab', { name: 'Timeline' }).focus();
      await press('ArrowRight');
      await page.waitForURL(/tab=arguments/);
      await visit.close();
    });

    it('reaches the content by the first stop, and every stop can be seen', async () => {
      const visit = await Visit.open(stage.browser, stage.system.url);
      const { page } = visit;
      await visit.go('/queues');
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
      const unseen: string[] = [];
      for (let stop = 0; stop < 25; stop++) {
        await page.keyboard.press('Tab');
        const outline = await page.evaluate<string>(
          "getComputedStyle(document.activeElement).outlineStyle + ' ' + document.activeElement.outerHTML.slice(0, 80)",
        );
        if (outline.startsWith('none') && !outline.includes('<body')) unseen.push(outline);
      }
      expect(unseen).toEqual([]);
      await visit.close();
    });

    it('shows its keys, and can be switched off', async () => {
      const visit = await Visit.open(stage.browser, stage.system.url);
      const { page } = visit;
      await visit.go('/queues');
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
      expect(await visit.violations()).toEqual([]);
      await visit.shot('keys');
      await page.getByLabel('Single-key shortcuts are on').uncheck();
      await page.keyboard.press('Escape');
      await page.keyboard.press('g');
      await page.keyboard.press('t');
      expect(new URL(page.url()).pathname).toBe('/queues');
      await visit.close();
    });
  });
}
