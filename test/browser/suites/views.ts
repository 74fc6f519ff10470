import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Stage } from '../support/stage.js';
import { type Theme, Visit } from '../support/visit.js';

type Addresses = (system: Stage['system']) => string;
/** Every view, by the name of its picture. */
export const VIEWS: Readonly<Record<string, Addresses>> = {
  overview: () => '/',
  tasks: () => '/tasks',
  'tasks-grouped': () => '/tasks?group=root&state=failed',
  'tasks-none': () => '/tasks?type=no.such.task&queue=nowhere',
  'task-timeline': ({ ids }) => `/task/${ids.family}`,
  'task-arguments': ({ ids }) => `/task/${ids.family}?tab=arguments`,
  'task-result': ({ ids }) => `/task/${ids.small}?tab=result`,
  'task-error': ({ ids }) => `/task/${ids.failed}?tab=error`,
  'task-family': ({ ids }) => `/task/${ids.family}?tab=family`,
  'task-raw': ({ ids }) => `/task/${ids.family}?tab=raw`,
  'tree-text': ({ ids }) => `/tree/${ids.family}?as=list`,
  queues: () => '/queues',
  queue: () => '/queue/export',
  workers: () => '/workers',
  worker: () => `/worker/${encodeURIComponent('geo@surveyor')}`,
  schedules: () => '/schedules',
  quarantine: () => '/quarantine',
  quarantined: () => '/quarantine/1',
  types: () => '/types?window=1h',
  type: () => '/type/export.page?window=1h',
  audit: () => '/audit',
  system: () => '/system',
  'not-found': () => '/no/such/view',
};

export function viewTests(stage: Stage): void {
  describe.each<Theme>(['light', 'dark'])('in the %s theme', (theme) => {
    let visit: Visit;
    beforeAll(async () => {
      visit = await Visit.open(stage.browser, stage.system.url, { theme });
    });
    afterAll(() => visit.close());

    it.each(Object.keys(VIEWS))('shows %s, to everybody', async (name) => {
      visit.complaints.length = 0;
      await visit.go(VIEWS[name]!(stage.system));
      expect(await visit.violations()).toEqual([]);
      expect(visit.complaints.filter((text) => !/status of (404|503)/.test(text))).toEqual([]);
      await visit.shot(`${name}-${theme}`);
    });

    it('asks nothing of any other host', () => {
      const hosts = new Set(visit.requests.map((address) => new URL(address).host));
      expect([...hosts]).toEqual([new URL(stage.system.url).host]);
    });
  });

  it.each([360, 900])('fits a window of %i pixels', async (width) => {
    const visit = await Visit.open(stage.browser, stage.system.url, { width });
    const wide: string[] = [];
    for (const [name, address] of Object.entries(VIEWS)) {
      if (name.startsWith('task-') && name !== 'task-timeline' && name !== 'task-error') continue;
      await visit.go(address(stage.system));
      if ((await visit.overflow()) > 0) wide.push(name);
      if (['overview', 'tasks', 'task-timeline', 'workers'].includes(name))
        await visit.shot(`${name}-${width}`);
    }
    await visit.close();
    expect(wide).toEqual([]);
  });
}
