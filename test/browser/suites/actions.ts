import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../system/steering/support/steered-system.js';
import type { Stage } from '../support/stage.js';
import { Visit } from '../support/visit.js';

export function actionTests(stage: Stage): void {
  describe('actions', () => {
    let visit: Visit;
    beforeAll(async () => {
      visit = await Visit.open(stage.browser, stage.system.url);
    });
    afterAll(() => visit.close());
    const button = (name: string | RegExp, exact = true) => visit.page.getByRole('button', { name, exact });
    const dialog = () => visit.page.getByRole('dialog');
    const posts = (): string[] => visit.posts.splice(0);
    const audited = (action: string) =>
      stage.system.rows<{ target: string }>(
        'SELECT target FROM workertoolbox.audit WHERE action = $1',
        action,
      );
    const statusOf = async (id: string): Promise<string | undefined> =>
      (
        await stage.system.rows<{ status: string }>(
          'SELECT status FROM celery_taskmeta WHERE task_id = $1',
          id,
        )
      )[0]?.status;

    it('retries once, however often the button is pressed', async () => {
      const { failed } = stage.system.ids;
      await visit.go(`/task/${failed}?tab=error`);
      await button('Retry').click();
      await visit.page.getByLabel('a new task, linked to this one').check();
      expect(await visit.violations()).toEqual([]);
      await visit.shot('dialog-retry');
      posts();
      await dialog().getByRole('button', { name: 'Retry' }).dblclick();
      await dialog().waitFor({ state: 'detached' });
      expect(posts()).toHaveLength(1);
      expect(await audited('task.retry')).toEqual([{ target: failed }]);
    });

    it('retries with edited arguments, and refuses what is not JSON', async () => {
      await visit.go(`/task/${stage.system.ids.small}`);
      await button('Edit and retry').click();
      const args = dialog().getByLabel('Positional arguments');
      await args.fill('["edited"');
      expect(await dialog().getByRole('button', { name: 'Retry' }).isDisabled()).toBe(true);
      await args.fill('["edited"]');
      await dialog().getByRole('button', { name: 'Retry' }).click();
      await dialog().waitFor({ state: 'detached' });
      await until(
        async () =>
          (await stage.system.rows(`SELECT 1 FROM tasks_backgroundtask WHERE input->'args' = '["edited"]'`))
            .length === 1,
        'the edited task',
      );
    });

    it('revokes what waits', async () => {
      await visit.go(`/task/${stage.system.ids.scheduled}`);
      await button('Revoke').click();
      await dialog().getByRole('button', { name: 'Revoke' }).click();
      await dialog().waitFor({ state: 'detached' });
      expect(await audited('task.revoke')).toEqual([{ target: stage.system.ids.scheduled }]);
    });

    it('terminates a running task only when its short id is typed', async () => {
      const { held } = stage.system.ids;
      await visit.go(`/task/${held}`);
      await button('Terminate').click();
      const confirm = dialog().getByRole('button', { name: 'Terminate' });
      await dialog()
        .getByLabel(/To confirm/)
        .fill(held.slice(0, 7));
      expect(await confirm.isDisabled()).toBe(true);
      await dialog()
        .getByLabel(/To confirm/)
        .fill(held.slice(0, 8));
      await visit.shot('dialog-terminate');
      await confirm.click();
      await until(async () => (await statusOf(held)) === 'REVOKED', 'the end of the task');
    });

    it('pauses and resumes a queue', async () => {
      await visit.go('/queue/msg');
      await button('Pause').click();
      await button('Resume').waitFor();
      await visit.page.locator('.status-line .badge', { hasText: 'Paused' }).waitFor();
      await visit.shot('queue-paused');
      await button('Resume').click();
      await button('Pause').waitFor();
    });

    it('offers a copy before a queue is purged, and wants its name', async () => {
      await visit.go('/queue/msg');
      await button('Purge').click();
      await dialog().getByRole('link', { name: 'First save them as CSV' }).waitFor();
      await dialog()
        .getByLabel(/To confirm/)
        .fill('msg');
      await dialog().getByRole('button', { name: 'Purge' }).click();
      await dialog().waitFor({ state: 'detached' });
      expect(await audited('queue.purge')).toEqual([{ target: 'msg' }]);
    });

    it('adjusts a worker', async () => {
      await visit.go(`/worker/${encodeURIComponent('geo@surveyor')}`);
      await button('Adjust').click();
      await button('Rate limit').click();
      await dialog().getByLabel('Task').fill('msg.send');
      await dialog().getByRole('button', { name: 'Rate limit' }).click();
      await dialog().waitFor({ state: 'detached' });
      expect(await audited('worker.rate-limit')).toEqual([{ target: 'geo@surveyor' }]);
    });

    it('runs a schedule now', async () => {
      await visit.go('/schedules');
      await visit.page.locator('tr[data-row="send-digest"]').getByRole('button', { name: 'Run now' }).click();
      await until(async () => (await audited('schedule.trigger')).length === 1, 'the run');
    });

    it('replays and discards what is in quarantine', async () => {
      await visit.go('/quarantine/1');
      await visit.page.getByRole('button', { name: 'Hex' }).click();
      await visit.page.locator('.hex').waitFor();
      await button('Replay').click();
      await until(
        async () =>
          (await stage.system.rows('SELECT 1 FROM workertoolbox.quarantine WHERE id > 1')).length > 0,
        'it to come back',
      );
      await visit.go('/quarantine');
      await visit.page.locator('tr[data-row] .row-link').first().click();
      await button('Discard').click();
      await dialog().getByLabel('Why is it discarded?').fill('a test');
      await dialog().getByRole('button', { name: 'Discard' }).click();
      await visit.page.getByText('Quarantine is empty').waitFor();
    });

    it('stands in the audit', async () => {
      await visit.go('/audit');
      await visit.page.getByRole('row', { name: /admin.*Purge.*msg/ }).waitFor();
      await visit.page.getByLabel('Action').selectOption('task.revoke');
      await visit.page.waitForURL(/action=task.revoke/);
      await visit.shot('audit-filled');
    });
  });
}
