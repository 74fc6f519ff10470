import { benchApp } from './bench-app.js';

/** The same app in each thread or process of a pool. */
export const openApp = async ({ url, settings }: { readonly url: string; readonly settings?: string }) =>
  benchApp(url, settings);
