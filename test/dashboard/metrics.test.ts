import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/index.js';
import { FlowerMetrics } from '../../src/dashboard/metrics/flower-metrics.js';
import type { ReceivedEvent } from '../../src/remote/index.js';
import { PrometheusText } from '../../src/toolbox/index.js';
import { runDashboard } from './support/dashboard.js';

const example = (name: string): string =>
  readFileSync(new URL(`../../examples/monitoring/${name}`, import.meta.url), 'utf8');
const event = (fields: object): ReceivedEvent => fields as ReceivedEvent;

describe('metrics', async () => {
  const board = await runDashboard({ metricsToken: 'scrape' });
  const { text } = await board.ask('/metrics', { headers: { authorization: 'Bearer scrape' } });
  const names = new Set([...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name));

  it.each(['alerts.yml', 'grafana-board.json'])('have every name of %s', (file) => {
    const used = [...example(file).matchAll(/\b(?:wt|flower)_[a-z_]+/g)].map(([name]) =>
      name.replace(/_bucket$/, ''),
    );
    expect(used.length).toBeGreaterThan(8);
    expect(used.filter((name) => !names.has(name))).toEqual([]);
  });

  it('need their token where one is set', async () => {
    const refused = await board.ask('/metrics', {
      headers: { authorization: 'Bearer guess', host: 'localhost' },
    });
    expect(refused.status).toBe(401);
  });

  it('keep below five thousand series with fifty workers and a hundred kinds of tasks', () => {
    const metrics = new FlowerMetrics(systemClock, () => true);
    for (let worker = 0; worker < 50; worker += 1) {
      metrics.hear(event({ type: 'worker-heartbeat', hostname: `w${worker}`, active: 1, timestamp: 1 }));
      for (let task = 0; task < 100; task += 1) {
        const about = { hostname: `w${worker}`, uuid: `${worker}-${task}` };
        metrics.hear(event({ ...about, type: 'task-received', name: `t${task}`, timestamp: 1 }));
        metrics.hear(event({ ...about, type: 'task-started', timestamp: 2 }));
        metrics.hear(event({ ...about, type: 'task-succeeded', runtime: 0.3, timestamp: 3 }));
      }
    }
    const text = new PrometheusText();
    metrics.write(text);
    const series = text
      .toString()
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(series.length).toBeLessThanOrEqual(5000);
    const started = series
      .filter((line) => line.includes('type="task-started"'))
      .map((line) => Number(line.split(' ').at(-1)));
    expect(started.reduce((sum, count) => sum + count, 0)).toBe(5000);
    expect(series.some((line) => line.includes('task="other"'))).toBe(true);
  });
});
