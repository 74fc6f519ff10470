import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { ChaosApp } from './chaos-app.js';

/** The points at which a worker can be made to die: after the result is stored, or after the next link is sent. */
export type DeathPoint = 'before-ack' | 'before-result';

/** Makes the worker kill itself at that point, once for each task. */
export function armDeaths({ app, ledger }: ChaosApp, point: DeathPoint): void {
  const path = `${ledger.path}.deaths`;
  const dieOnce = (id: string): void => {
    if (existsSync(path) && readFileSync(path, 'utf8').includes(id)) return;
    appendFileSync(path, `${id}\n`);
    process.kill(process.pid, 'SIGKILL');
  };
  if (point === 'before-ack') {
    app.signals.on('task_postrun', ({ id, task }) => {
      if (task.startsWith('chaos.')) dieOnce(id);
    });
  } else {
    app.signals.on('after_task_publish', ({ id }) => dieOnce(id));
  }
}
