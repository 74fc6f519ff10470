import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Stage } from '../support/stage.js';
import { Visit } from '../support/visit.js';

export function taskListTests(stage: Stage): void {
  describe('the list of tasks', () => {
    let visit: Visit;
    beforeAll(async () => {
      visit = await Visit.open(stage.browser, stage.system.url);
    });
    afterAll(() => visit.close());
    const rows = () => visit.page.locator('tr[data-row]');

    it('has its filter in the address, and drops a part of it by one click', async () => {
      const { page } = visit;
      await visit.go('/tasks');
      await page.getByRole('button', { name: /^Failed/ }).click();
      await page.getByRole('button', { name: 'Filters' }).click();
      await page.getByLabel('Task type').fill('geo.*');
      await page.getByRole('button', { name: 'Apply' }).click();
      await page.locator('tr[data-row]').first().waitFor();
      expect(new URL(page.url()).search).toBe('?state=failed&type=geo.*');
      await visit.settled();
      const names = await rows().locator('th .row-link').allInnerTexts();
      expect(names.length).toBeGreaterThan(1);
      expect(new Set(names.map((name) => name.split('.')[0]))).toEqual(new Set(['geo']));
      await page.getByTitle('Drop this filter').click();
      expect(new URL(page.url()).search).toBe('?state=failed');
    });

    it('says which condition to drop when nothing fits', async () => {
      const { page } = visit;
      await visit.go('/tasks?queue=nowhere');
      await page.getByText('No task fits all of this').waitFor();
      await page.locator('.empty .chip').click();
      await rows().first().waitFor();
      expect(new URL(page.url()).search).toBe('');
    });

    it('pages forwards and back', async () => {
      const { page } = visit;
      await visit.go('/tasks?type=export.page');
      const first = await rows().first().getAttribute('data-row');
      await page.getByRole('button', { name: /Next/ }).click();
      await page.locator(`tr[data-row="${first}"]`).waitFor({ state: 'detached' });
      await page.getByRole('button', { name: /Previous/ }).click();
      await page.locator(`tr[data-row="${first}"]`).waitFor();
    });

    it('sorts by a column and says so', async () => {
      const { page } = visit;
      await visit.go('/tasks');
      await page.getByRole('button', { name: 'Sent' }).click();
      await page.locator('th[aria-sort=ascending]').waitFor();
      expect(new URL(page.url()).search).toBe('?order=asc');
    });

    it('gathers families, and keeps a view under a name', async () => {
      const { page } = visit;
      await visit.go('/tasks?state=failed');
      await page.getByRole('button', { name: 'By family' }).click();
      await page.locator('.group-row').first().waitFor();
      await page.getByRole('button', { name: 'Saved views' }).click();
      await page.getByLabel('Name of this view').fill('Failed, by family');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await visit.go('/tasks');
      await page.getByRole('button', { name: 'Saved views' }).click();
      await page.getByRole('link', { name: 'Failed, by family' }).click();
      await page.locator('.group-row').first().waitFor();
      expect(new URL(page.url()).search).toBe('?state=failed&group=root');
    });

    it('offers the filter as CSV and NDJSON', async () => {
      const { page } = visit;
      await visit.go('/tasks?state=failed');
      await page.getByRole('button', { name: 'Export' }).click();
      const links = await page
        .locator('.menu-panel a')
        .evaluateAll((all) => all.map((link) => link.getAttribute('href')));
      expect(links).toEqual([
        '/api/v1/tasks/export.csv?state=failed',
        '/api/v1/tasks/export.ndjson?state=failed',
      ]);
    });
  });
}
