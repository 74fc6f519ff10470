import { benchApp } from './bench-app.js';

/** The same app in each thread or process of a pool. */
export const openApp = async ({ url, settings, turns }: PoolAppData) => benchApp(url, settings, {}, turns);

interface PoolAppData {
  readonly url: string;
  readonly settings?: string;
  readonly turns: number;
}
