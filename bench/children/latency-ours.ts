import { benchApp } from './bench-app.js';
import { onCommand } from './on-command.js';

const [url = '', count = '0', settings] = process.argv.slice(2);

/** Calls a task again and again, each time waiting for its result. */
const { noop } = benchApp(url, settings);

async function call(): Promise<number> {
  const from = performance.now();
  await (await noop.delay(1, 2)).get({ timeout: 60 });
  return performance.now() - from;
}

const WARM_UP = 10;
for (let n = 0; n < WARM_UP; n += 1) await call();
const ms: number[] = [];
await onCommand(async () => {
  for (let n = 0; n < Number(count); n += 1) ms.push(await call());
});
console.log(`ms ${JSON.stringify(ms)}`);
