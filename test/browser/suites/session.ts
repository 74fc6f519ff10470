import { describe, expect, it } from 'vitest';
import { PASSWORD } from '../../dashboard/support/dashboard.js';
import type { Stage } from '../support/stage.js';
import { Visit } from '../support/visit.js';

export function sessionTests(stage: Stage): void {
  describe('signing in', () => {
    it('is asked of strangers, says when the password is wrong, and is undone by signing out', async () => {
      const visit = await Visit.open(stage.browser, stage.system.url);
      const { page, context } = visit;
      await context.clearCookies();
      await visit.page.goto(`${stage.system.url}/queues`);
      await page.getByLabel('User').fill('operator');
      expect(await visit.violations()).toEqual([]);
      await visit.shot('sign-in');
      await page.getByLabel('Password').fill('wrong');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').waitFor();
      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Queues' }).waitFor();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByLabel('User').waitFor();
      await visit.close();
    });

    it('as a viewer shows actions with the role they need, and does none', async () => {
      const visit = await Visit.open(stage.browser, stage.system.url, { user: 'viewer' });
      await visit.go(`/task/${stage.system.ids.failed}`);
      const retry = visit.page.getByRole('button', { name: 'Retry', exact: true });
      expect(await retry.getAttribute('aria-disabled')).toBe('true');
      expect(await retry.getAttribute('title')).toBe('Needs the role Operator');
      await retry.click({ force: true });
      expect(await visit.page.locator('dialog').count()).toBe(0);
      await visit.page.goto(`${stage.system.url}/audit`);
      await visit.page.getByText('You may not see this').waitFor();
      expect(await visit.violations()).toEqual([]);
      await visit.close();
    });
  });

  describe('choices of the person', () => {
    it('keep theme, language and columns in the browser', async () => {
      const visit = await Visit.open(stage.browser, stage.system.url);
      const { page } = visit;
      await visit.go('/tasks');
      const paper = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
      const light = await paper();
      await page.getByRole('button', { name: 'Dark' }).click();
      expect(await paper()).not.toBe(light);
      await page.getByLabel('Language').selectOption('es');
      await page.getByRole('heading', { name: 'Tareas' }).waitFor();
      await page.getByRole('button', { name: 'Columnas' }).click();
      await page.getByLabel('Creador').check();
      await page.reload();
      await page.getByRole('columnheader', { name: 'Creador' }).waitFor();
      expect(await page.evaluate('document.documentElement.lang')).toBe('es');
      expect(await paper()).not.toBe(light);
      await visit.shot('tasks-es-dark');
      await visit.close();
    });

    it('begin in the language of the browser', async () => {
      const visit = await Visit.open(stage.browser, stage.system.url, { locale: 'es-CO' });
      await visit.go('/workers');
      await visit.page.getByRole('heading', { name: 'Trabajadores' }).waitFor();
      await visit.close();
    });
  });
}
