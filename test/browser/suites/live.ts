import { describe, expect, it } from 'vitest';
import type { Stage } from '../support/stage.js';
import { Visit } from '../support/visit.js';

export function liveTests(stage: Stage): void {
  describe('live', () => {
    it('shows a new task by itself, stops when told to, and goes on', async () => {
      const visit = await Visit.open(stage.browser, stage.system.url);
      const { page } = visit;
      await visit.go('/tasks?type=msg.send&state=succeeded');
      await page.getByText('Live', { exact: true }).waitFor();
      const first = await stage.system.send('while you look');
      const started = performance.now();
      await page.locator(`tr[data-row="${first}"]`).waitFor();
      console.log(JSON.stringify({ figure: 'D6', milliseconds: Math.round(performance.now() - started) }));
      await page.keyboard.press('.');
      await page.getByText('Paused', { exact: true }).waitFor();
      const asked = visit.requests.length;
      const second = await stage.system.send('while it pauses');
      await stage.system.ended(second);
      expect(visit.requests.slice(asked)).toEqual([]);
      await page.keyboard.press('.');
      await page.locator(`tr[data-row="${second}"]`).waitFor();
      await visit.close();
    });

    it('keeps what it showed when the server is away, says since when, and recovers', async () => {
      const visit = await Visit.open(stage.browser, stage.system.url);
      const { page, context } = visit;
      await visit.go('/tasks');
      await context.setOffline(true);
      await page.getByRole('alert').filter({ hasText: 'Data from' }).waitFor();
      expect(await page.locator('tr[data-row]').count()).toBeGreaterThan(10);
      expect(await visit.violations()).toEqual([]);
      await visit.shot('stale');
      await context.setOffline(false);
      await page.getByRole('alert').waitFor({ state: 'detached' });
      await visit.close();
    });

    it('asks every five seconds where the stream is refused', async () => {
      const visit = await Visit.open(stage.browser, stage.system.url);
      await visit.page.route('**/api/v1/stream', (route) => route.fulfill({ status: 503 }));
      await visit.go('/tasks');
      await visit.page.getByText('Every 5 s').waitFor();
      const task = await stage.system.send('polled');
      await visit.page.locator(`tr[data-row="${task}"]`).waitFor();
      await visit.close();
    });
  });
}
