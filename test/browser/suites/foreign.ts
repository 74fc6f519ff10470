import { describe, expect, it } from 'vitest';
import { XSS } from '../support/shown-system.js';
import type { Stage } from '../support/stage.js';
import { Visit } from '../support/visit.js';

export function foreignTests(stage: Stage): void {
  describe('foreign text', () => {
    it('is shown as it is and does nothing, wherever it stands', async () => {
      const visit = await Visit.open(stage.browser, stage.system.url);
      const { page } = visit;
      const { foreign } = stage.system.ids;
      for (const path of [
        `/task/${foreign}?tab=arguments`,
        `/task/${foreign}?tab=result`,
        '/quarantine',
        '/quarantine/1',
        `/tasks?q=${encodeURIComponent(`"${XSS[1]}"`)}`,
        `/queue/${encodeURIComponent(XSS[0])}`,
        `/type/${encodeURIComponent(XSS[3])}`,
      ]) {
        await page.goto(`${stage.system.url}${path}`);
        await page.locator('main .fresh:not(.waiting), main .empty').first().waitFor();
        expect(await page.evaluate('window.hacked'), path).toBeUndefined();
        expect(await page.locator('main script, main img, main svg[onload]').count(), path).toBe(0);
      }
      await visit.go(`/task/${foreign}?tab=arguments`);
      const text = await page.locator('.value').first().innerText();
      for (const sample of XSS.slice(0, 5)) expect(text).toContain(sample);
      expect(visit.complaints.filter((line) => /refused|violates/i.test(line))).toEqual([]);
      await visit.close();
    });

    it('shows characters that turn or hide text by their names', async () => {
      const visit = await Visit.open(stage.browser, stage.system.url);
      await visit.go(`/task/${stage.system.ids.foreign}?tab=arguments`);
      const marks = await visit.page.locator('.unseen').allInnerTexts();
      expect(marks).toEqual(expect.arrayContaining(['RLO', 'PDF', 'LRI', 'PDI']));
      const shown = await visit.page.locator('main').innerText();
      expect(shown).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
      await visit.close();
    });

    it('is copied as JSON, as Python and as a command', async () => {
      const visit = await Visit.open(stage.browser, stage.system.url);
      const { page } = visit;
      await visit.go(`/task/${stage.system.ids.failed}?tab=arguments`);
      const copied = async (name: string): Promise<string> => {
        await page.getByRole('button', { name, exact: true }).click();
        return page.evaluate('navigator.clipboard.readText()');
      };
      expect(JSON.parse(await copied('JSON'))).toEqual({ args: ['acme-survey'], kwargs: {} });
      expect(await copied('Python')).toBe(
        "app.signature('geo.simplify', args=['acme-survey'], kwargs=dict()).delay()",
      );
      expect(await copied('Command')).toBe(`workertoolbox call geo.simplify --args '["acme-survey"]'`);
      await visit.close();
    });
  });
}
