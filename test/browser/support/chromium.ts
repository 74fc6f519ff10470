import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const path = process.env.WORKERTOOLBOX_CHROMIUM ?? PATHS.find((each) => existsSync(each));

/** Why there is no browser on this machine; undefined when there is one. */
export const NO_CHROMIUM =
  path === undefined
    ? 'needs Chromium: install the package chromium, or name one by WORKERTOOLBOX_CHROMIUM'
    : undefined;

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: path ?? '', args: ['--no-sandbox', '--disable-dev-shm-usage'] });
