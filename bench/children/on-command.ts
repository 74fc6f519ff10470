import { createInterface } from 'node:readline';

/** Tells the harness that all is open, waits for its word, works, tells it is done, and stays until ended. */
export async function onCommand(work: () => Promise<void>): Promise<void> {
  const input = createInterface({ input: process.stdin });
  const go = new Promise<void>((resolve) => {
    input.once('line', () => resolve());
  });
  console.log('ready');
  await go;
  await work();
  console.log('done');
}

/** Calls `send` `count` times with at most `window` of them unfinished. */
export async function windowed(count: number, window: number, send: () => Promise<unknown>): Promise<void> {
  let left = count;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await send();
    }
  };
  await Promise.all(Array.from({ length: Math.min(window, count) }, lane));
}
