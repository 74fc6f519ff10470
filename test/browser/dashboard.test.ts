import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actionTests } from './suites/actions.js';
import { foreignTests } from './suites/foreign.js';
import { keyboardTests } from './suites/keyboard.js';
import { liveTests } from './suites/live.js';
import { sessionTests } from './suites/session.js';
import { sizeTests } from './suites/sizes.js';
import { taskListTests } from './suites/task-list.js';
import { viewTests } from './suites/views.js';
import { type BuiltPage, buildPage } from './support/built-page.js';
import { launchChromium, NO_CHROMIUM } from './support/chromium.js';
import { type ShownSystem, startShownSystem } from './support/shown-system.js';

// One browser, one platform, one built page for everything: each is heavy.
describe.skipIf(NO_CHROMIUM !== undefined)(
  `the page in a browser${NO_CHROMIUM ? ` (${NO_CHROMIUM})` : ''}`,
  () => {
    let page: BuiltPage | undefined;
    let browser: Browser | undefined;
    let system: ShownSystem | undefined;
    beforeAll(async () => {
      page = await buildPage();
      browser = await launchChromium();
      system = await startShownSystem(page.root);
    }, 120_000);
    afterAll(async () => {
      await browser?.close();
      await system?.close();
      page?.remove();
    }, 60_000);

    const stage = {
      get browser(): Browser {
        if (browser === undefined) throw new Error('the browser is started before the tests run');
        return browser;
      },
      get system(): ShownSystem {
        if (system === undefined) throw new Error('the platform is started before the tests run');
        return system;
      },
    };

    it('is at most 120 KB of script, compressed', () => {
      expect(page?.scriptBytes()).toBeLessThan(120 * 1024);
    });
    sessionTests(stage);
    viewTests(stage);
    taskListTests(stage);
    keyboardTests(stage);
    foreignTests(stage);
    sizeTests(stage);
    liveTests(stage);
    actionTests(stage);
  },
);
