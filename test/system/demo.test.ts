import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { type Ended, startHere } from './support/cli.js';
import { canTrace, NO_TRACE, trace } from './support/processes.js';

/** Redelivery within seconds, so that a killed worker costs the test no half minute. */
const SOON = JSON.stringify({
  queue_name_prefix: 'demo-',
  region: 'us-east-1',
  visibility_timeout: 3,
  wait_time_seconds: 2,
});

const rows = (out: string, table: string): readonly string[] => {
  const [, count = '', body = ''] =
    new RegExp(`^${table} \\((\\d+) rows\\)\\n((?: {2}.*\\n)+)`, 'm').exec(out) ?? [];
  const lines = body.trimEnd().split('\n').slice(1);
  expect(lines).toHaveLength(Number(count));
  return lines;
};

/** What a demo must show when it went well; gives the names in the archive. */
function expectExport({ code, out, err }: Ended, cwd: string): readonly string[] {
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/ {2}export.part (shp|xls|res) +PROGRESS \d+%\n/);
  expect(out).toMatch(/^export.project ✔ SUCCESS \+0.00s → \+\d+.\d\ds .*[0-9a-f-]{36}$/m);
  expect(out.match(/^[├└]─ export.part ✔ SUCCESS \+/gm)).toHaveLength(3);
  // Under the part that ended last: it sent the body of the chord.
  expect(out).toMatch(/^[│ ] {2}└─ export.create_result ✔ SUCCESS \+.* result.* [0-9a-f-]{36}$/m);
  const tasks = rows(out, 'tasks_backgroundtask');
  expect(tasks.filter((row) => !row.includes('celery.chord_unlock'))).toHaveLength(5);
  const results = rows(out, 'celery_taskmeta');
  expect(results).toHaveLength(5);
  for (const row of results) expect(row).toMatch(/^ {2}[0-9a-f]{8} {2}SUCCESS /);
  const zip = out.split(/\s+/).findLast((word) => word.endsWith('.zip')) ?? '';
  expect(out.trimEnd().split('\n').at(-1)).toBe(zip);
  return Object.keys(unzipSync(readFileSync(join(cwd, zip))));
}

describe.skipIf(!canTrace())(`the demo${canTrace() ? '' : ` (${NO_TRACE})`}`, { timeout: 90_000 }, () => {
  test('exports a project and leaves nothing behind but the archive', async () => {
    const { env, folder, expectNothingLeft } = await trace();
    const demo = startHere(['demo'], { env, cwd: folder });
    const files = expectExport(await demo.ended, folder);
    expect(files).toContain('ngara-valley.xlsx');
    expect(files.some((name) => name.endsWith('.shp'))).toBe(true);
    expect(files).toContain('ngara-valley-resources/resources.csv');
    await expectNothingLeft();
  });

  test('finishes when its worker is killed in the middle', async () => {
    const { env, folder, expectNothingLeft } = await trace();
    const slow = { ...env, CELERY_BROKER_TRANSPORT_OPTIONS: SOON };
    const demo = startHere(['demo', '--pace', '60'], { env: slow, cwd: folder });
    const pid = Number(/\d+$/.exec(await demo.line(/ worker started, process \d+$/))?.[0]);
    await demo.line(/export.part \w+ +PROGRESS/);
    process.kill(pid, 'SIGKILL');
    await demo.line(/ worker ended \(SIGKILL\), starting it again/);
    const ended = await demo.ended;
    expect(ended.out.match(/ worker started, process \d+$/gm)).toHaveLength(2);
    expectExport(ended, folder);
    await expectNothingLeft();
  });
});
